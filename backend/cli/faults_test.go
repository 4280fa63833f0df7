package cli

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"adjutant/backend/evidence"
	"adjutant/backend/parse"
	"adjutant/backend/scenario/evtxwriter"
	"adjutant/backend/workbench"
)

// desk is a person at a laptop: a home, a passphrase file and the program. The program is this test binary, which TestMain
// lets act as adjutant.
type desk struct {
	t   *testing.T
	bin string
	env []string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	bin, err := exec.LookPath("adjutant")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	pass := filepath.Join(dir, "pass")
	if err := os.WriteFile(pass, []byte("fault passphrase\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return &desk{t: t, bin: bin, env: append(os.Environ(), "ADJUTANT_HOME="+filepath.Join(dir, "home"), "ADJUTANT_PASSPHRASE_FILE="+pass, "DISPLAY=", "WAYLAND_DISPLAY=")}
}

func (d *desk) command(args ...string) *exec.Cmd {
	c := exec.Command(d.bin, args...)
	c.Env = d.env
	return c
}

// says runs the program, demands the exit code and returns what it printed.
func (d *desk) says(code int, args ...string) (out, errs string) {
	d.t.Helper()
	var o, e bytes.Buffer
	c := d.command(args...)
	c.Stdout, c.Stderr = &o, &e
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.t.Fatalf("adjutant %s: %v", strings.Join(args, " "), err)
	}
	if got := c.ProcessState.ExitCode(); got != code {
		d.t.Fatalf("adjutant %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, code, tail(o.String()), tail(e.String()))
	}
	return o.String(), e.String()
}

func tail(s string) string { return s[max(0, len(s)-2000):] }

// newCase makes a case at path.
func (d *desk) newCase(path string) string {
	d.t.Helper()
	d.says(0, "case", "create", path, "--name", "Faults", "--person", "A. Ruiz")
	return path
}

// decode reads JSON lines.
func decode[T any](t *testing.T, text string) []T {
	t.Helper()
	var out []T
	for l := range strings.Lines(text) {
		var v T
		if err := json.Unmarshal([]byte(l), &v); err != nil {
			t.Fatalf("%v: %s", err, l)
		}
		out = append(out, v)
	}
	return out
}

// digestOf returns the digest and number of rows of a case's timeline.
func (d *desk) digestOf(dir string) workbench.Digest {
	d.t.Helper()
	out, _ := d.says(0, "timeline", "digest", dir, "--json")
	return decode[workbench.Digest](d.t, out)[0]
}

// recordIsGood verifies the record.
func (d *desk) recordIsGood(dir string) {
	d.t.Helper()
	out, _ := d.says(0, "record", "verify", dir, "--json")
	if !strings.Contains(out, `"verdict":"good"`) {
		d.t.Errorf("record verify: %s", out)
	}
}

func write(t *testing.T, path string, content []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var began = time.Date(2026, 3, 3, 7, 0, 0, 0, time.UTC)

// windowsLog makes an event log of n logons and says where each record lies.
func windowsLog(t *testing.T, n int, computer string) ([]byte, []evtxwriter.Place) {
	t.Helper()
	var b bytes.Buffer
	w := evtxwriter.New(&b, evtxwriter.Options{})
	var places []evtxwriter.Place
	for i := range n {
		p, err := w.Add(evtxwriter.Record{
			Provider: "Microsoft-Windows-Security-Auditing", EventID: 4624, Version: 2, Time: began.Add(time.Duration(i) * time.Second),
			PID: 744, TID: 748, Channel: "Security", Computer: computer,
			Data: []evtxwriter.Pair{{Name: "TargetUserName", Value: fmt.Sprintf("user%04d", i%37)}, {Name: "LogonType", Value: uint32(3)}, {Name: "IpAddress", Value: fmt.Sprintf("192.0.2.%d", i%200)}},
		})
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, p)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), places
}

// authLog makes n lines of a Linux host.
func authLog(n int, host string) []byte {
	var b bytes.Buffer
	for i := range n {
		at := began.Add(time.Duration(i) * time.Second)
		fmt.Fprintf(&b, "%s %s sshd[%d]: Accepted publickey for user%d from 198.51.100.%d port %d ssh2\n", at.Format(time.RFC3339), host, 1000+i, i%23, i%250, 20000+i)
	}
	return b.Bytes()
}

// collection makes a folder of evidence of several kinds and returns the number of records in it.
func collection(t *testing.T, dir string) (records int64) {
	t.Helper()
	security, _ := windowsLog(t, 900, "FS01")
	write(t, filepath.Join(dir, "FS01", "Security.evtx"), security)
	write(t, filepath.Join(dir, "GW01", "auth.log"), authLog(3000, "gw01"))
	records = 900 + 3000
	var table bytes.Buffer
	table.WriteString("timestamp,host,message\n")
	for i := range 1500 {
		fmt.Fprintf(&table, "%s,FW01,deny %d\n", began.Add(time.Duration(i)*time.Second).Format(time.RFC3339), i)
	}
	write(t, filepath.Join(dir, "GW01", "firewall.csv"), table.Bytes())
	records += 1500
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	system, _ := windowsLog(t, 300, "DC01")
	for name, raw := range map[string][]byte{"DC01/Security.evtx": system, "DC01/auth.log": authLog(700, "dc01")} {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write(raw)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "more.zip"), packed.Bytes())
	records += 300 + 700
	for i := range 12 {
		host := fmt.Sprintf("app%02d", i)
		write(t, filepath.Join(dir, "apps", host+".log"), authLog(100+i, host))
		records += int64(100 + i)
	}
	write(t, filepath.Join(dir, "apps", "unknown.bin"), []byte{0x13, 0x37, 0, 1, 2, 3})
	return records
}

// TestCutOffEventLog: of a log that ends in the middle of a record everything before it is kept, and the receipt says so.
func TestCutOffEventLog(t *testing.T) {
	d, dir := newDesk(t), t.TempDir()
	raw, places := windowsLog(t, 700, "FS01")
	for _, cut := range []int{520, 333, 5} {
		c := d.newCase(filepath.Join(dir, fmt.Sprintf("cut%d.case", cut)))
		at := places[cut].Offset + places[cut].Length/2
		log := write(t, filepath.Join(dir, fmt.Sprint(cut), "Security.evtx"), raw[:at])
		out, _ := d.says(3, "evidence", "add", c, log, "--json")
		r := decode[evidence.Receipt](t, out)[0]
		if r.Status != parse.StatusPartial || r.Parsed != int64(cut) || r.Read <= r.Parsed && r.Warnings == 0 {
			t.Errorf("cut in record %d: %s, read %d, parsed %d, skipped %v, %d warnings, %s", cut, r.Status, r.Read, r.Parsed, r.Skipped, r.Warnings, r.Note)
		}
		if got := d.digestOf(c); got.Rows != int64(cut) {
			t.Errorf("cut in record %d: %d rows in the timeline", cut, got.Rows)
		}
		d.recordIsGood(c)
	}
}

// TestTableWithoutTime: a CSV whose time column is not known is registered and asked about; the answer lets it in, also
// when the same bytes were met twice before.
func TestTableWithoutTime(t *testing.T) {
	d, dir := newDesk(t), t.TempDir()
	c := d.newCase(filepath.Join(dir, "a.case"))
	// The column's name says nothing, so nobody can guess it.
	table := []byte("x1,host,message\n2026-03-03 10:00:00,FS01,hello\n2026-03-03 10:00:05,FS01,world\n")
	one, two := write(t, filepath.Join(dir, "e", "one.csv"), table), write(t, filepath.Join(dir, "e", "two.csv"), table)
	out, _ := d.says(3, "evidence", "add", c, one, two, "--json")
	for _, r := range decode[evidence.Receipt](t, out) {
		if r.Status != parse.StatusFailed || !r.NeedsAnswer || r.SHA256 == "" || !strings.Contains(r.Note, "time") {
			t.Errorf("without an answer: %s %s, needs an answer %v, %s", r.Path, r.Status, r.NeedsAnswer, r.Note)
		}
	}
	out, _ = d.says(0, "evidence", "add", c, one, two, "--time-column", "x1", "--zone", "Europe/Copenhagen", "--json")
	rs := decode[evidence.Receipt](t, out)
	if len(rs) != 2 || rs[0].Status != parse.StatusOK || rs[0].Parsed != 2 || rs[1].Status != parse.StatusDuplicate {
		t.Errorf("with the answer: %s", out)
	}
	out, _ = d.says(0, "timeline", "export", c, "--format", "jsonl")
	if strings.Count(out, "\n") != 2 || !strings.Contains(out, "2026-03-03T09:00:00.0000000Z") {
		t.Errorf("export: %s", out)
	}
	d.recordIsGood(c)
}

// TestAddingTwiceIsOnce: the same folder taken in again changes nothing in the timeline and names each item's twin.
func TestAddingTwiceIsOnce(t *testing.T) {
	d, dir := newDesk(t), t.TempDir()
	c := d.newCase(filepath.Join(dir, "a.case"))
	records := collection(t, filepath.Join(dir, "e"))
	out, _ := d.says(0, "evidence", "add", c, filepath.Join(dir, "e"), "--json")
	var parsed int64
	for _, r := range decode[evidence.Receipt](t, out) {
		parsed += r.Parsed
	}
	first := d.digestOf(c)
	if parsed != records || first.Events != records {
		t.Errorf("%d records made, %d parsed, %d events", records, parsed, first.Events)
	}
	out, _ = d.says(0, "evidence", "add", c, filepath.Join(dir, "e"), "--json")
	for _, r := range decode[evidence.Receipt](t, out) {
		if r.Status != parse.StatusDuplicate || r.DuplicateOf != r.Path {
			t.Errorf("again: %s is %s of %q", r.Path, r.Status, r.DuplicateOf)
		}
	}
	if again := d.digestOf(c); again.Digest != first.Digest {
		t.Errorf("digest %s, then %s", first.Digest, again.Digest)
	}
	if out, _ := d.says(0, "evidence", "verify", c, "--json"); strings.Contains(out, `"altered"`) {
		t.Errorf("evidence verify: %s", out)
	}
	d.recordIsGood(c)
}

// TestPortInUse starts the program as it is shipped, without a window, on an address that is taken.
func TestPortInUse(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "adjutant-cli")
	build := exec.Command("go", "build", "-o", bin, "adjutant")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	d := newDesk(t)
	d.bin = bin
	_, errs := d.says(exitInUse, "serve", taken.Addr().String())
	if first, _, _ := strings.Cut(errs, "\n"); !strings.HasPrefix(first, "adjutant: The address is in use: ") || !strings.Contains(errs, "port 0") {
		t.Errorf("says: %s", errs)
	}
	if _, errs := d.says(exitFailed, "serve", "192.0.2.1:0"); !strings.Contains(errs, "loopback") {
		t.Errorf("an address of the network: %s", errs)
	}
}

// TestFilesAreWholeOrAbsent: an export that fails half-way leaves no file that looks like one, and none is overwritten.
func TestFilesAreWholeOrAbsent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	fault := errors.New("fault")
	if err := createNew(path, func(w io.Writer) error { fmt.Fprint(w, "half"); return fault }); !errors.Is(err, fault) {
		t.Errorf("a fault half-way: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the half stays: %v", err)
	}
	if err := writeNew(path, []byte("whole")); err != nil {
		t.Fatal(err)
	}
	if err := writeNew(path, []byte("other")); !errors.Is(err, workbench.ErrUsage) {
		t.Errorf("a second time: %v", err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "whole" {
		t.Errorf("%q: %v", b, err)
	}
}

// TestNothingHiddenOnATerminal: what steers a terminal or hides in a line becomes visible.
func TestNothingHiddenOnATerminal(t *testing.T) {
	for in, want := range map[string]string{
		"a\x1b[2Jb": `a\u{1b}[2Jb`, "a\u009bb": `a\u{9b}b`, "a\u202eb": `a\u{202e}b`, "a\u061cb": `a\u{61c}b`, "a\u2028b": `a\u{2028}b`,
		"a\u00adb": `a\u{ad}b`, "a\tb\nc": "a b c", "å 日本": "å 日本",
	} {
		if got := printable(in); got != want {
			t.Errorf("%q is printed as %q, want %q", in, got, want)
		}
	}
}
