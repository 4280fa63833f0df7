package evidence

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"adjutant/backend/parse"
)

func TestExpectedIsWellFormed(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(expectedCSV)).ReadAll()
	if err != nil || len(rows) < 20 || strings.Join(rows[0], ",") != "rule,folder,files,expected,why" {
		t.Fatal(err, rows)
	}
	for _, r := range rows[1:] {
		_, err := path.Match(r[2], "")
		set := r[0] == "set" && r[1] == strings.ToLower(r[1]) && r[2] == strings.ToLower(r[2]) && r[3] != ""
		rotated := r[0] == "rotated" && r[1] == "" && r[3] == "" && !strings.Contains(strings.TrimPrefix(r[2], "*"), "*")
		if err != nil || r[4] == "" || !set && !rotated {
			t.Errorf("%q", r)
		}
	}
}

func TestAbsentInAFolder(t *testing.T) {
	for _, c := range []struct{ names, want string }{
		{"C/Windows/System32/winevt/Logs/Setup.evtx", "Security.evtx System.evtx Application.evtx"},
		{"a/WINEVT/logs/security.EVTX a/WINEVT/logs/System.evtx a/WINEVT/logs/Application.evtx", ""},
		{"winevt/Logs/System.evtx winevt/Logs/Application.evtx winevt/Logs/readme.txt", "Security.evtx"},
		{"winevt/Logs/readme.txt", ""},
		{"Logs/Setup.evtx", ""},
		{"VSS1/C/Windows/System32/winevt/Logs/System.evtx", ""},
		{"var/log/auth.log var/log/auth.log.2.gz", "auth.log.1"},
		{"var/log/auth.log var/log/auth.log.1 var/log/auth.log.2.gz", ""},
		{"var/log/auth.log.1", "auth.log"},
		{"var/log/auth.log", ""},
		{"syslog.1 syslog.4.xz syslog", "syslog.2.gz syslog.3.gz"},
		{"messages messages-20260101 messages.2", "messages.1"},
		{"x/secure x/secure.1 y/secure.2", "secure secure.1"},
		{"shop.example_access.log shop.example_access.log.2.gz access.log", "shop.example_access.log.1"},
		{"auth.log auth.log.0 auth.log.02 auth.log.99999 auth.log.1a report.2", ""},
	} {
		var got []string
		for _, a := range absences(strings.Fields(c.names)) {
			got = append(got, a.names...)
		}
		want := strings.ReplaceAll(c.want, ".gz", "")
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", c.names, got, want)
		}
	}
}

func TestAbsentListIsBounded(t *testing.T) {
	a := lacking("", []string{"auth.log.9999"})
	list := a.list()
	if a.total != 9999 || len(list) != maxAbsent || list[0] != "auth.log" || list[maxAbsent-1] != "… and 9800 more" {
		t.Fatalf("%d, %q", a.total, list)
	}
	var b absence
	b.add(strings.Repeat("x", 1000) + "\u202e")
	if l := b.list(); len(l) != 1 || len(l[0]) > maxAbsentBytes {
		t.Fatalf("%q", l)
	}
}

const (
	logs       = "uploads/auto/C%3A/Windows/System32/winevt/Logs/"
	uploadList = `{"vfs_path":"C:\\Windows\\System32\\winevt\\Logs\\System.evtx","_Components":["uploads","auto","C:","Windows","System32","winevt","Logs","System.evtx"],"file_size":1,"uploaded_size":1,"Type":""}
not json
{"vfs_path":"C:\\Users\\amy\\NTUSER.DAT","_Components":["clients","C.1","uploads","auto","C:","Users","amy","NTUSER.DAT"],"file_size":9}
{"vfs_path":"C:\\$Extend\\$UsnJrnl:$J","_Components":["uploads","ntfs","\\\\.\\C:","$Extend","$UsnJrnl:$J"],"file_size":1}
{"vfs_path":"idx","_Components":["uploads","ntfs","\\\\.\\C:","gone"],"Type":"idx"}
`
)

// What a Velociraptor collection says of its files reaches the items and the archive's receipt, also when a stream has no list
// of names before its members.
func TestVelociraptorCollection(t *testing.T) {
	members := []member{
		{name: "client_info.json", content: `{"Hostname":"FS02"}`}, {name: "collection_context.json", content: "{}"}, {name: "uploads.json", content: uploadList},
		{name: "results/Windows.EventLogs.Evtx.json", content: "{}"}, {name: logs + "System.evtx", content: "log\none\n"},
		{name: "uploads/ntfs/%5C%5C.%5CC%3A/$Extend/$UsnJrnl%3A$J", content: "usn"},
	}
	dir := t.TempDir()
	last := slices.Concat(members[1:], members[:1]) // a zip's directory is read first, wherever client_info.json stands in it
	writeZip(t, filepath.Join(dir, "a.zip"), last...)
	writeTarGz(t, filepath.Join(dir, "b.tar.gz"), members...)
	for _, m := range members {
		write(t, filepath.Join(dir, "c", filepath.FromSlash(m.name)), m.content)
	}
	for _, in := range []string{"a.zip", "b.tar.gz", "c"} {
		b := newBench(t)
		s := b.take(filepath.Join(dir, in))
		if s.ByStatus["quarantined"] != 0 {
			t.Errorf("%s", b.table(dir))
		}
		origins := map[string]string{}
		for _, it := range b.received {
			if it.Original != "" {
				origins[it.Original] = it.Host
			}
		}
		if want := map[string]string{`C:\Windows\System32\winevt\Logs\System.evtx`: "FS02", `C:\$Extend\$UsnJrnl:$J`: "FS02"}; fmt.Sprint(origins) != fmt.Sprint(want) {
			t.Errorf("%s: origins %v", in, origins)
		}
		absent := map[string][]string{}
		for _, r := range b.receipts {
			if r.Absent != nil {
				rel, _ := filepath.Rel(dir, r.Path)
				for _, a := range r.Absent {
					absent[filepath.ToSlash(rel)] = append(absent[filepath.ToSlash(rel)], filepath.ToSlash(strings.TrimPrefix(a, dir+string(filepath.Separator))))
				}
			}
		}
		want := map[string][]string{in: {`C:/Windows/System32/winevt/Logs/Security.evtx`, `C:/Windows/System32/winevt/Logs/Application.evtx`, `C:/Users/amy/NTUSER.DAT`}}
		if in == "c" {
			want = map[string][]string{"c/uploads.json": {`C:/Users/amy/NTUSER.DAT`}, "c/" + logs + "System.evtx": {"c/" + logs + "Security.evtx", "c/" + logs + "Application.evtx"}}
		}
		for _, list := range absent {
			for i := range list {
				list[i] = strings.ReplaceAll(list[i], `\`, "/")
			}
		}
		if fmt.Sprint(absent) != fmt.Sprint(want) {
			t.Errorf("%s: absent\n%q\nwant\n%q", in, absent, want)
		}
	}
}

func TestKapeCollection(t *testing.T) {
	head := "\ufeffCopiedTimestamp,SourceFile,DestinationFile,FileSize,SourceFileSha1,DeferredCopy,CreatedOnUtc,ModifiedOnUtc,LastAccessedOnUtc,CopyDuration\r\n"
	row := func(source, stored string) string {
		return "2025-08-25 20:21:09.9776063," + source + `,C:\cases\FS03\tout\` + stored + ",1,AA,False,,,,\r\n"
	}
	log := head + row(`C:\Windows\System32\winevt\Logs\Security.evtx`, `C\Windows\System32\winevt\Logs\Security.evtx`) +
		row(`C:\$Extend\$UsnJrnl:$J`, `C\$Extend\$J`) + row(`C:\Users\amy\NTUSER.DAT`, `C\Users\amy\NTUSER.DAT`) + "a \"broken\" line\r\n" +
		row(`C:\Windows\System32\config\SAM`, `C\Windows\System32\config\SAM`)
	members := []member{
		{name: "2025-08-25T20_20_59_5246365_CopyLog.csv", content: log}, {name: "2025-08-25T20_20_59_5246365_SkipLog.csv.csv", content: "SourceFile,SourceFileSha1,Reason\r\n"},
		{name: "C/Windows/System32/winevt/Logs/Security.evtx", content: "log\none\n"}, {name: "C/Windows/System32/winevt/Logs/System.evtx", content: "log\ntwo\n"},
		{name: "C/Windows/System32/winevt/Logs/Application.evtx", content: "log\nthree\n"}, {name: "C/$Extend/$J", content: "usn"},
	}
	dir := t.TempDir()
	writeZip(t, filepath.Join(dir, "k.zip"), members...)
	for _, m := range members {
		write(t, filepath.Join(dir, "k", filepath.FromSlash(m.name)), m.content)
	}
	for in, on := range map[string]string{"k.zip": "k.zip", "k": "k/2025-08-25T20_20_59_5246365_CopyLog.csv"} {
		b := newBench(t)
		b.take(filepath.Join(dir, in))
		if len(b.received) < 6 || !slices.ContainsFunc(b.received, func(it Item) bool {
			return it.Original == `C:\Windows\System32\winevt\Logs\Security.evtx` && it.Host == ""
		}) {
			t.Errorf("%s: %+v", in, b.received)
		}
		for _, r := range b.receipts {
			var want []string
			if r.Path == filepath.Join(dir, filepath.FromSlash(on)) {
				want = []string{`C:\Users\amy\NTUSER.DAT`, `C:\Windows\System32\config\SAM`}
			}
			if fmt.Sprint(r.Absent) != fmt.Sprint(want) {
				t.Errorf("%s: %s: absent %q, want %q", in, r.Path, r.Absent, want)
			}
		}
	}
}

// A folder has no receipt: its first file's carries what it lacks. What a person named one by one, a single compressed file, and
// an archive that was not read to its end lack nothing that could be told.
func TestAbsentIsClaimedOnlyWhereItIsKnown(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "log", "auth.log"), "log\none\n")
	write(t, filepath.Join(dir, "log", "boot"), "log\nboot\n")
	var gz bytes.Buffer
	w := gzip.NewWriter(&gz)
	fmt.Fprint(w, "log\nold\n")
	w.Close()
	write(t, filepath.Join(dir, "log", "auth.log.2.gz"), gz.String())
	b := newBench(t)
	b.take(filepath.Join(dir, "log"))
	if len(b.receipts) != 4 || len(b.receipts[0].Absent) != 1 || b.receipts[0].Absent[0] != filepath.Join(dir, "log", "auth.log.1") {
		t.Errorf("%+v", b.receipts)
	}
	for _, r := range b.receipts[1:] {
		if r.Absent != nil {
			t.Errorf("%s: %q", r.Path, r.Absent)
		}
	}
	if line, err := json.Marshal(b.receipts[0]); err != nil || !bytes.Contains(line, []byte(`"absent":["`)) {
		t.Errorf("%s %v", line, err)
	}
	c := newBench(t)
	c.take(filepath.Join(dir, "log", "auth.log"), filepath.Join(dir, "log", "auth.log.2.gz"))
	whole := filepath.Join(dir, "w.tar.gz")
	writeTarGz(t, whole, member{name: "auth.log", content: "log\n1\n"}, member{name: "auth.log.2", content: "log\n2\n"}, member{name: "x", content: noise(64 << 10)})
	bytesOf, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "cut.tar.gz"), string(bytesOf[:len(bytesOf)-200]))
	c.take(filepath.Join(dir, "cut.tar.gz"))
	if r := c.receipts[len(c.receipts)-1]; r.Members != 3 || r.Status != parse.StatusPartial {
		t.Errorf("%+v", r)
	}
	for _, r := range c.receipts {
		if r.Absent != nil {
			t.Errorf("%s: %q", r.Path, r.Absent)
		}
	}
	d := newBench(t)
	d.take(whole)
	if r := d.receipts[len(d.receipts)-1]; fmt.Sprint(r.Absent) != "[auth.log.1]" {
		t.Errorf("%+v", r)
	}
}

func FuzzListing(f *testing.F) {
	f.Add([]byte(uploadList), true)
	f.Add([]byte("SourceFile,DestinationFile\r\nC:\\a,D:\\out\\C\\a\r\n\"\n,"), false)
	f.Fuzz(func(t *testing.T, b []byte, v bool) {
		l := listing{tool: kape}
		if v {
			l.tool = velociraptor
		}
		a := l.missing(bytes.NewReader(b), []string{"C/a", "uploads/auto/C%3A/x"})
		list := a.list()
		if len(list) > maxAbsent || len(a.names) > a.total {
			t.Fatalf("%d names of %d", len(list), a.total)
		}
		for _, n := range list {
			if len(n) > maxAbsentBytes || label(n) != n {
				t.Fatalf("%q", n)
			}
		}
	})
}

// noise does not compress.
func noise(n int) string {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{7}).Read(b) //nolint:errcheck // never fails
	return string(b)
}

func writeTarGz(t *testing.T, path string, members ...member) {
	t.Helper()
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	w := tar.NewWriter(z)
	for _, m := range members {
		if err := w.WriteHeader(&tar.Header{Name: m.name, Mode: 0o644, Size: int64(len(m.content))}); err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, m.content)
	}
	if w.Close() != nil || z.Close() != nil {
		t.Fatal("tar")
	}
	write(t, path, buf.String())
}
