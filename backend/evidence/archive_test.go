package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/parse"
)

func TestZipMembersAreItemsOfTheirOwn(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "logs.zip")
	writeZip(t, path,
		member{name: "a/"}, member{name: "a/x.log", content: "log\none\ntwo\n"}, member{name: "same.log", content: "log\none\ntwo\n"},
		member{name: "a/x.log", content: "log\nsecond of that name\n"}, member{name: "y.bin", content: "bin\nbad\nk\n"}, member{name: "empty", content: ""},
		member{name: `win\dir\z.log`, content: "log\nz\n"}, member{name: "Sysmon%4Operational.log", content: "log\nsysmon\n"},
		member{name: "Microsoft-Windows-Admin%4Admin.log", content: "log\nadmin\n"},
	)
	b := newBench(t)
	s := b.take(path)
	want := `ok 2/2 logs.zip!a/x.log
duplicate 0/0 logs.zip!same.log
ok 1/1 logs.zip!a/x.log#2
partial 1/2 logs.zip!y.bin
empty 0/0 logs.zip!empty
ok 1/1 logs.zip!win\dir\z.log
ok 1/1 logs.zip!Sysmon%4Operational.log
ok 1/1 logs.zip!Microsoft-Windows-Admin%4Admin.log
ok 0/0 logs.zip
`
	if got := b.table(dir); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	last := b.receipts[len(b.receipts)-1]
	if last.Format != "zip" || last.Members != 8 || last.Note != "8 members, 7 taken in, 1 known already" || s.Taken != 9 {
		t.Errorf("archive: %+v, taken %d", last, s.Taken)
	}
	for _, it := range b.received {
		if it.Path != path && (it.ModTime.Year() != 2025 || !it.Sealed) {
			t.Errorf("member: %+v", it)
		}
	}
	// Once more: everything is known.
	b.receipts = nil
	b.in.Known = nil
	seen := map[string]bool{}
	b2 := newBench(t)
	b2.take(path, path)
	for _, r := range b2.receipts {
		seen[string(r.Status)] = true
	}
	if len(b2.receipts) != 9 {
		t.Errorf("a file named twice gave %d receipts", len(b2.receipts))
	}
}

func TestZipReferencedSealsItsMembers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logs.zip")
	writeZip(t, path, member{name: "x.log", content: "log\none\n"})
	b := newBench(t)
	b.in.Keep = KeepReferenced
	b.take(path)
	if len(b.received) != 2 || b.received[0].Sealed || !b.received[1].Sealed {
		t.Fatalf("%+v", b.received)
	}
}

func nested(t *testing.T, depth int) []byte {
	t.Helper()
	content := []byte("log\ndeep\n")
	for n := depth; n > 0; n-- {
		var buf bytes.Buffer
		w := zip.NewWriter(&buf)
		name := "inner.zip"
		if n == depth {
			name = "deep.log"
		}
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		content = buf.Bytes()
	}
	return content
}

func TestNestedArchivesEndAtTheLimit(t *testing.T) {
	dir := t.TempDir()
	for depth, want := range map[int]string{
		3: "ok 1/1 3.zip!inner.zip!inner.zip!deep.log\nok 0/0 3.zip!inner.zip!inner.zip\nok 0/0 3.zip!inner.zip\nok 0/0 3.zip\n",
		9: "quarantined 0/0 9.zip" + strings.Repeat("!inner.zip", 5) + "\npartial 0/0 9.zip" + strings.Repeat("!inner.zip", 4),
	} {
		path := filepath.Join(dir, fmt.Sprint(depth, ".zip"))
		if err := os.WriteFile(path, nested(t, depth), 0o644); err != nil {
			t.Fatal(err)
		}
		b := newBench(t)
		b.take(path)
		if got := b.table(dir); !strings.HasPrefix(got, want) {
			t.Errorf("depth %d: got\n%s\nwant\n%s", depth, got, want)
		}
	}
}

func TestBombsStop(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "bomb.zip")
	zeros := strings.Repeat("\x00", 40<<20)
	writeZip(t, path, member{name: "good.log", content: "log\none\n"}, member{name: "zeros", content: zeros})
	b := newBench(t)
	b.take(path)
	if got := b.table(dir); got != "ok 1/1 bomb.zip!good.log\nquarantined 0/0 bomb.zip!zeros\npartial 0/0 bomb.zip\n" {
		t.Errorf("got\n%s", got)
	}
	// The directory lies about the size: the reading itself stops.
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	size := []byte{0x00, 0x00, 0x80, 0x02} // 40 MiB, little endian
	if n := bytes.Count(raw, size); n == 0 {
		t.Fatal("the size is not found in the archive")
	}
	liar := filepath.Join(dir, "liar.zip")
	if err := os.WriteFile(liar, bytes.ReplaceAll(raw, size, []byte{16, 0, 0, 0}), 0o644); err != nil {
		t.Fatal(err)
	}
	c := newBench(t)
	c.take(liar)
	for _, r := range c.receipts {
		if strings.HasSuffix(r.Path, "!zeros") && r.Status != parse.StatusFailed && r.Status != parse.StatusQuarantined {
			t.Errorf("%+v", r)
		}
	}
	// Many small members that are large together.
	d := newBench(t)
	d.in.Limits = DefaultLimits()
	d.in.Limits.RatioFreeBytes, d.in.Limits.MaxMembers = 1<<20, 30
	var members []member
	for n := range 40 {
		members = append(members, member{name: fmt.Sprint("m", n), content: zeros[:900<<10] + fmt.Sprint(n)})
	}
	writeZip(t, path, members...)
	d.take(path)
	last := d.receipts[len(d.receipts)-1]
	if last.Status != parse.StatusPartial || last.Members != 31 || !strings.Contains(last.Note, "more than 30 members") {
		t.Errorf("%+v", last)
	}
	stopped := 0
	for _, r := range d.receipts {
		if r.Status == parse.StatusQuarantined {
			stopped++
		}
	}
	if stopped == 0 {
		t.Error("nothing was stopped")
	}
}

// A directory that is longer than the archive states is measured all the same, and one that is too long is not read.
func TestZipDirectoryIsMeasured(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.zip")
	var members []member
	for i := range 9000 {
		members = append(members, member{name: fmt.Sprintf("%s/%d", strings.Repeat("d", 100), i), store: true})
	}
	writeZip(t, path, members...)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	end := len(raw) - 22
	stated := int64(binary.LittleEndian.Uint32(raw[end+12:]))
	if got := directoryBytes(bytes.NewReader(raw), int64(len(raw))); got != stated || got < 9000*140 {
		t.Fatalf("%d bytes, stated are %d", got, stated)
	}
	binary.LittleEndian.PutUint32(raw[end+12:], 100)
	if got := directoryBytes(bytes.NewReader(raw), int64(len(raw))); got != stated {
		t.Errorf("%d bytes of a directory that is stated too short, want %d", got, stated)
	}
	b := newBench(t)
	b.in.Limits = DefaultLimits()
	b.in.Limits.MaxMembers = 1000
	b.take(path)
	if got := b.table(dir); got != "quarantined 0/0 x.zip\n" || !strings.Contains(b.receipts[0].Note, "its directory has") {
		t.Errorf("%s%+v", got, b.receipts[0])
	}
}

func TestDamagedZip(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.zip")
	writeZip(t, path, member{name: "stored.log", content: "log\nabcdef\n", store: true}, member{name: "locked.log", content: "log\nz\n", flags: 1},
		member{name: "lzma.log", content: "log\nq\n"}, member{name: "link", content: "/etc/passwd", mode: os.ModeSymlink | 0o777})
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// A byte of the stored content: the checksum no longer fits, the content is there.
	raw = bytes.Replace(raw, []byte("abcdef"), []byte("abcdEf"), 1)
	// The third member's method, in the directory, becomes LZMA.
	at := bytes.LastIndex(raw, []byte("lzma.log")) - 46
	raw[at+10] = 14
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	b.take(dir)
	want := "partial 1/1 x.zip!stored.log\nquarantined 0/0 x.zip!locked.log\nfailed 0/0 x.zip!lzma.log\nquarantined 0/0 x.zip!link\npartial 0/0 x.zip\n"
	if got := b.table(dir); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if r := b.receipts[0]; !strings.Contains(r.Note, "checksum") {
		t.Errorf("%+v", r)
	}
	// Cut anywhere: a clean receipt, whatever is left.
	for _, n := range []int{4, 30, len(raw) / 2, len(raw) - 1} {
		if err := os.WriteFile(path, raw[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		c := newBench(t)
		c.take(path)
		if r := c.receipts[len(c.receipts)-1]; r.Status != parse.StatusFailed || !strings.Contains(r.Note, "cut off or damaged") || r.SHA256 == "" {
			t.Errorf("cut at %d: %+v", n, r)
		}
	}
}

func TestBadNames(t *testing.T) {
	for name, bad := range map[string]bool{
		"good.txt": false, "a/b/c.log": false, `a\b\c.log`: false, "./a.log": false, "Security%4Operational.evtx": false, "100%.txt": false,
		"2020-01-01T10:00:00.log": false, "config.txt": false, "console.log": false, "übersicht.log": false, "..a/b..c": false, "a b.log": false,
		"con": true, "COM1.txt": true, "dir/NUL": true, "../x": true, "a/../x": true, `..\x`: true, "/x": true, `\x`: true, `C:\x`: true, "c:x": true,
		`\\host\share\x`: true, "//host/x": true, "..": true, "a//../..//x": true, "a\x00b": true, "f.txt:hidden": true, "f.txt. ": true, "a\nb": true,
		"a\x1b[31m": true, "a\u202etxt.exe": true, "%2e%2e/x": true, "..%c0%afx": true, "..\xc0\xafx": true, "": true, "/": true, "a/" + strings.Repeat("x", 256): true,
	} {
		if why := badName(name); (why != "") != bad {
			t.Errorf("%q: %q", name, why)
		}
	}
}

func TestLabelsCanBeShown(t *testing.T) {
	for in, want := range map[string]string{
		"a/b.log": "a/b.log", "a\nb": `a\u000ab`, "\xff.log": `\xff.log`, "x\u202ey": `x\u202ey`, "ü": "ü",
	} {
		if got := label(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := label(strings.Repeat("ab\n", 5000)); len(got) > maxPathBytes || !strings.HasSuffix(got, "…") {
		t.Errorf("%d bytes", len(got))
	}
}

// The archives of ../shared/data/hostile, against what expected.csv says of each.
func TestHostileArchives(t *testing.T) {
	shared := os.Getenv("ADJUTANT_SHARED_DATA")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(shared, "hostile", "archives")
	table, err := os.ReadFile(filepath.Join(dir, "expected.csv"))
	if err != nil {
		t.Skipf("%s is not here: 36 hostile archives are NOT checked", dir)
	}
	before := t.TempDir()
	rows := strings.Split(strings.TrimSpace(string(table)), "\n")[1:]
	if len(rows) != 36 {
		t.Fatalf("%d archives listed", len(rows))
	}
	for _, row := range rows {
		name, rest, _ := strings.Cut(row, ",")
		b := newBench(t)
		b.take(filepath.Join(dir, name))
		status := map[parse.Status][]string{}
		for _, r := range b.receipts {
			status[r.Status] = append(status[r.Status], strings.TrimPrefix(r.Path, filepath.Join(dir, name)))
		}
		own := b.receipts[len(b.receipts)-1]
		switch {
		case strings.HasSuffix(name, ".tar") && strings.Contains(rest, "no link followed"):
			// Each entry of these is a link or a device, or leads through one; what is good beside them is taken.
			entry, _, _ := strings.Cut(rest[strings.Index(rest, ",")+1:], " ")
			if !contains(status[parse.StatusQuarantined], "!"+entry) || own.Status != parse.StatusPartial || len(status[parse.StatusFailed]) > 0 {
				t.Errorf("%s: %v", name, status)
			}
		case strings.Contains(rest, "good.txt readable"):
			good := fmt.Sprint(status[parse.StatusNoParser])
			if good != "[!good.txt]" || len(status[parse.StatusQuarantined]) != 1 || own.Status != parse.StatusPartial {
				t.Errorf("%s: %v", name, status)
			}
		case name == "zip-symlink.zip":
			if fmt.Sprint(status[parse.StatusQuarantined]) != "[!link]" {
				t.Errorf("%s: %v", name, status)
			}
		case name == "zip-bomb-1GB.zip":
			if len(status[parse.StatusQuarantined]) != 1 || !strings.Contains(b.receipts[0].Note, "times") {
				t.Errorf("%s: %v", name, status)
			}
		case name == "zip-nested-12.zip":
			if len(b.receipts) != 6 || len(status[parse.StatusQuarantined]) != 1 {
				t.Errorf("%s: %v", name, status)
			}
		case name == "zip-duplicate-names.zip":
			if fmt.Sprint(status[parse.StatusNoParser]) != "[!a.log !a.log#2]" {
				t.Errorf("%s: %v", name, status)
			}
		case name == "zip-truncated.zip":
			if own.Status != parse.StatusFailed {
				t.Errorf("%s: %v", name, status)
			}
		default:
			t.Errorf("%s: nothing says what is expected", name)
		}
	}
	left, err := os.ReadDir(before)
	if err != nil || len(left) > 0 {
		t.Errorf("files outside: %v %v", left, err)
	}
	for _, p := range []string{"/tmp/escape.txt", "escape.txt", "../escape.txt"} {
		if _, err := os.Lstat(p); err == nil {
			t.Errorf("%s was written", p)
		}
	}
}

// Any bytes as an archive: no panic, and the receipts add up.
func FuzzArchive(f *testing.F) {
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, name := range []string{"a.log", "../b", "a.log"} {
		m, err := w.Create(name)
		if err != nil {
			f.Fatal(err)
		}
		io.WriteString(m, "log\none\n") //nolint:errcheck // into memory
	}
	w.Close() //nolint:errcheck // into memory
	f.Add(buf.Bytes())
	f.Add(buf.Bytes()[:buf.Len()-10])
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(path, append([]byte("PK\x03\x04"), raw...), 0o600); err != nil {
			t.Fatal(err)
		}
		b := newBench(t)
		b.in.Limits = DefaultLimits()
		b.in.Limits.MaxMemberBytes, b.in.Limits.MaxMembers = 1<<20, 50
		b.take(path)
		if own := b.receipts[len(b.receipts)-1]; own.Path != path || own.Status == "" {
			t.Fatalf("%+v", own)
		}
	})
}

// A name from an archive never leaves the reader unlabelled, and a good one is never called bad because of its length in
// runes.
func FuzzNames(f *testing.F) {
	for _, s := range []string{"a/b", "..\\x", "con.txt", "%2e%2e/x", "\xc0\xaf", "a\u202eb", "f.txt:s"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		why := badName(name)
		shown := label(name)
		if strings.ContainsAny(shown, "\n\r\x1b\x00") || len(shown) > maxPathBytes {
			t.Fatalf("%q shown as %q", name, shown)
		}
		if why == "" && (strings.HasPrefix(name, "/") || filepath.Clean("/x/"+strings.ReplaceAll(name, `\`, "/")) != "/x" &&
			!strings.HasPrefix(filepath.Clean("/x/"+strings.ReplaceAll(name, `\`, "/")), "/x/")) {
			t.Fatalf("%q was called good", name)
		}
	})
}
