//go:build linux

package evidence

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"adjutant/backend/parse"
)

// Bytes, modification and change time of originals stay; the access time too, because these files are our own. Folders
// that are read count as well.
func TestOriginalsAreOnlyRead(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.log"), "log\none\n")
	write(t, filepath.Join(dir, "sub", "b.bin"), "bin\none\n")
	write(t, filepath.Join(dir, "unknown"), "?")
	writeZip(t, filepath.Join(dir, "c.zip"), member{name: "x", content: "log\nx\n"})
	writeTarGz(t, filepath.Join(dir, "d.tar.gz"), member{name: "y", content: "log\ny\n"})
	write(t, filepath.Join(dir, "k", "client_info.json"), `{"Hostname":"FS02"}`) // lists of collecting tools are read, too
	write(t, filepath.Join(dir, "k", "uploads.json"), uploadList)
	write(t, filepath.Join(dir, "k", "uploads", "auto", "C%3A", "z.log"), "log\nz\n")
	if err := os.Chmod(filepath.Join(dir, "a.log"), 0o444); err != nil {
		t.Fatal(err)
	}
	// An access time long before the modification makes a system with relatime note the next reading.
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	var paths []string
	err := filepath.Walk(dir, func(p string, info os.FileInfo, err error) error {
		paths = append(paths, p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	type state struct{ atime, mtime, ctime unix.Timespec }
	look := func(p string) (s state) {
		var st unix.Stat_t
		if err := unix.Lstat(p, &st); err != nil {
			t.Fatal(err)
		}
		return state{st.Atim, st.Mtim, st.Ctim}
	}
	before := map[string]state{}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(p, old, info.ModTime()); err != nil {
			t.Fatal(err)
		}
	}
	content := map[string]string{}
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
			f, err := openQuietly(p)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(f)
			f.Close()
			if err != nil {
				t.Fatal(err)
			}
			content[p] = string(b)
		}
		before[p] = look(p)
	}
	if len(content) != 8 {
		t.Fatalf("%d files", len(content))
	}
	for _, keep := range []Keep{KeepSealed, KeepReferenced} {
		b := newBench(t)
		b.in.Keep = keep
		b.take(dir)
		if len(b.receipts) != 10 {
			t.Fatalf("%s", b.table(dir))
		}
		if _, _, err := Examine(ctx, []string{dir}, testFormats, DefaultLimits(), b.in.Now); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range paths {
		if got := look(p); got != before[p] {
			t.Errorf("%s: times %v became %v", p, before[p], got)
		}
	}
	for p, want := range content {
		if got, err := os.ReadFile(p); err != nil || string(got) != want {
			t.Errorf("%s changed", p)
		}
	}
}

func TestLinksAndDevices(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret.log")
	write(t, outside, "log\nsecret\n")
	write(t, filepath.Join(dir, "good.log"), "log\none\n")
	for name, make := range map[string]func(string) error{
		"link":   func(p string) error { return os.Symlink(outside, p) },
		"loop":   func(p string) error { return os.Symlink(dir, p) },
		"pipe":   func(p string) error { return unix.Mkfifo(p, 0o600) },
		"broken": func(p string) error { return os.Symlink("/nowhere/at/all", p) },
	} {
		if err := make(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	b := newBench(t)
	b.take(dir, filepath.Join(dir, "missing"), "/dev/null")
	want := "quarantined 0/0 broken\nok 1/1 good.log\nquarantined 0/0 link\nquarantined 0/0 loop\nquarantined 0/0 pipe\nfailed 0/0 missing\nquarantined 0/0 /dev/null\n"
	if got := b.table(dir); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	// A link that a person names is meant.
	c := newBench(t)
	c.take(filepath.Join(dir, "link"))
	if r := c.receipts[0]; r.Status != parse.StatusOK || r.Path != filepath.Join(dir, "link") {
		t.Errorf("%+v", r)
	}
	// The other name of the folder: the same rules inside.
	d := newBench(t)
	d.take(filepath.Join(dir, "loop"))
	if got := d.table(dir); !strings.Contains(got, "ok 1/1 loop/good.log") || !strings.Contains(got, "quarantined 0/0 loop/link") {
		t.Errorf("got\n%s", got)
	}
}

func TestUnreadableFileDoesNotStopTheRest(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.log"), "log\none\n")
	write(t, filepath.Join(dir, "b.log"), "log\ntwo\n")
	// Root reads everything, so the file itself must fail: /proc/self/mem cannot be read at offset 0.
	b := newBench(t)
	b.take(filepath.Join(dir, "a.log"), "/proc/self/mem", filepath.Join(dir, "b.log"))
	want := "ok 1/1 a.log\nfailed 0/0 /proc/self/mem\nok 1/1 b.log\n"
	if got := b.table(dir); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCaseFolderIsNotEvidence(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"case.json", "entries.log", "vault/aa/bb"} {
		write(t, filepath.Join(dir, "harbor.case", name), "x")
	}
	write(t, filepath.Join(dir, "z.log"), "log\none\n")
	b := newBench(t)
	b.take(dir)
	if got := b.table(dir); got != "quarantined 0/0 harbor.case\nok 1/1 z.log\n" {
		t.Errorf("got\n%s", got)
	}
}
