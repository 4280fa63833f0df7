package evidence

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"adjutant/backend/parse"
)

func tarOf(t *testing.T, members map[string]string) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range []string{"a.log", "sub/b.log"} {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(members[name])), ModTime: time.Date(2026, 3, 14, 1, 2, 3, 0, time.UTC)}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, members[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pack(t *testing.T, with func(io.Writer) (io.WriteCloser, error), content []byte) []byte {
	var b bytes.Buffer
	w, err := with(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var packers = map[string]func(io.Writer) (io.WriteCloser, error){
	"gz":  func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil },
	"xz":  func(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) },
	"zst": func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) },
}

// TestOtherArchives: what is packed in any of the ways comes out as items of their own, whatever the file is called.
func TestOtherArchives(t *testing.T) {
	dir := t.TempDir()
	put := func(name string, content []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	members := map[string]string{"a.log": "log\none\n", "sub/b.log": "log\ntwo\nthree\n"}
	plain := tarOf(t, members)
	put("plain.tar", plain)
	want := "ok 1/1 plain.tar!a.log\nok 2/2 plain.tar!sub/b.log\nok 0/0 plain.tar\n"
	for _, ending := range []string{"gz", "xz", "zst"} {
		content := strings.Replace(members["a.log"], "one", ending, 1)
		put("x.log."+ending, pack(t, packers[ending], []byte(content)))
		put("y."+ending+".renamed", pack(t, packers[ending], tarOf(t, map[string]string{"a.log": "log\n" + ending + " a\n", "sub/b.log": "log\n" + ending + " b\n"})))
		want += fmt.Sprintf("ok 1/1 x.log.%s!x.log\nok 0/0 x.log.%s\n", ending, ending)
		want += fmt.Sprintf("ok 1/1 y.%s.renamed!a.log\nok 1/1 y.%s.renamed!sub/b.log\nok 0/0 y.%s.renamed\n", ending, ending, ending)
	}
	if path, err := exec.LookPath("bzip2"); err != nil {
		t.Log("NOT CHECKED: bzip2 is not installed, so no bzip2 file was made")
	} else {
		c := exec.Command(path, "-c")
		c.Stdin = strings.NewReader("log\nbz\n")
		out, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		put("x.log.bz2", out)
		want += "ok 1/1 x.log.bz2!x.log\nok 0/0 x.log.bz2\n"
	}
	b := newBench(t)
	b.take(dir)
	got := strings.Split(strings.TrimSpace(b.table(dir)), "\n")
	for _, line := range strings.Split(strings.TrimSpace(want), "\n") {
		if !contains(got, line) {
			t.Errorf("missing %q in\n%s", line, strings.Join(got, "\n"))
		}
	}
	if len(got) != strings.Count(want, "\n") {
		t.Errorf("%d receipts, want %d", len(got), strings.Count(want, "\n"))
	}
	for _, r := range b.receipts {
		if strings.HasSuffix(r.Path, "y.gz.renamed") && (r.Format != "tar.gzip" || r.Members != 2) {
			t.Errorf("%+v", r)
		}
	}
	// Cut anywhere: what came before stays, and the receipt says that something is missing.
	for name, content := range map[string][]byte{"cut.tar": plain[:1540], "cut.gz": pack(t, packers["gz"], plain)[:100]} {
		put(name, content)
		c := newBench(t)
		c.take(filepath.Join(dir, name))
		own := c.receipts[len(c.receipts)-1]
		if own.Status != parse.StatusPartial && own.Status != parse.StatusFailed || own.SHA256 == "" || !strings.Contains(own.Note, "cut off or damaged") && own.Members == 0 {
			t.Errorf("%s: %+v", name, c.receipts)
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func Test7z(t *testing.T) {
	b := newBench(t)
	b.take("sevenz/testdata/lzma2.7z")
	own := b.receipts[len(b.receipts)-1]
	if own.Format != "7z" || own.Status != parse.StatusOK || own.Members != 10 || len(b.receipts) != 11 {
		t.Errorf("%d receipts, %+v", len(b.receipts), own)
	}
	for _, r := range b.receipts[:len(b.receipts)-1] {
		if r.SHA256 == "" || r.Bytes == 0 {
			t.Errorf("%+v", r)
		}
	}
	c := newBench(t)
	c.take("sevenz/testdata/aes7z.7z")
	locked := 0
	for _, r := range c.receipts {
		if r.Status == parse.StatusQuarantined && strings.Contains(r.Note, "password") {
			locked++
		}
	}
	if locked == 0 {
		t.Errorf("%+v", c.receipts)
	}
}

// TestStreamBombsStop: a bomb is stopped in a compressed stream too, also when its content is passed over.
func TestStreamBombsStop(t *testing.T) {
	zeros := bytes.Repeat([]byte{0}, 48<<20)
	var inTar bytes.Buffer
	w := tar.NewWriter(&inTar)
	for _, h := range []*tar.Header{{Name: "first.log", Size: 8, Mode: 0o644}, {Name: "../escape", Size: int64(len(zeros)), Mode: 0o644}, {Name: "last.log", Size: 8, Mode: 0o644}} {
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		content := []byte("log\none\n")
		if h.Size > 8 {
			content = zeros
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	for ending, with := range packers {
		for name, content := range map[string][]byte{"zeros." + ending: zeros, "skipped.tar." + ending: inTar.Bytes()} {
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, pack(t, with, content), 0o644); err != nil {
				t.Fatal(err)
			}
			b := newBench(t)
			b.take(path)
			var stopped []string
			for _, r := range b.receipts {
				if strings.Contains(r.Note, "believed") || strings.Contains(r.Note, "times its packed size") {
					stopped = append(stopped, r.Path)
				}
				if strings.HasSuffix(r.Path, "last.log") || strings.HasSuffix(r.Path, "!zeros") && r.Status != parse.StatusQuarantined {
					t.Errorf("%s: %+v", name, r)
				}
			}
			if len(stopped) == 0 {
				t.Errorf("%s was not stopped: %+v", name, b.receipts)
			}
		}
	}
}

// FuzzUnpack: any bytes as a compressed file or tar: no panic, and a receipt.
func FuzzUnpack(f *testing.F) {
	for _, seed := range []string{"\x1f\x8b\x08\x00", "\xfd7zXZ\x00\x00\x04", "\x28\xb5\x2f\xfd\x04\x00", "BZh91AY&SY\x00", "7z\xbc\xaf\x27\x1c\x00\x04"} {
		f.Add([]byte(seed))
	}
	if b, err := os.ReadFile("sevenz/testdata/lzma2.7z"); err == nil {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		kind := packingOf(data)
		if kind == nil {
			return
		}
		limits := DefaultLimits()
		limits.MaxArchiveBytes, limits.RatioFreeBytes, limits.MaxWindow = 4<<20, 1<<20, 8<<20
		u := &unpacking{content: bytes.NewReader(data), item: Item{Bytes: int64(len(data)), Name: "x"}, limits: limits, nest: &nest{}}
		members := 0
		unpacked(func() error { //nolint:errcheck // damage is what is tried
			return kind.walk(u, &Receipt{}, func(m *packed) error {
				if members++; members > 100 {
					return errEnough
				}
				r, err := m.open()
				if err != nil {
					return nil
				}
				defer r.Close()
				io.Copy(io.Discard, io.LimitReader(r, 1<<20)) //nolint:errcheck // damage is what is tried
				return nil
			})
		})
	})
}

// What asks for more memory than is given is not opened, and the receipt says so; what shares the memory is counted together.
func TestDictionariesAreBounded(t *testing.T) {
	dir := t.TempDir()
	with := func(window int) func(io.Writer) (io.WriteCloser, error) {
		return func(w io.Writer) (io.WriteCloser, error) { return xz.WriterConfig{DictCap: window}.NewWriter(w) }
	}
	nested := pack(t, with(4<<20), pack(t, with(4<<20), []byte("log\none\n")))
	write(t, filepath.Join(dir, "x.xz.xz"), string(nested))
	write(t, filepath.Join(dir, "long.zst"), string(pack(t, func(w io.Writer) (io.WriteCloser, error) {
		return zstd.NewWriter(w, zstd.WithWindowSize(64<<20))
	}, bytes.Repeat([]byte("\x01\x02long\n"), 1<<20))))
	for limit, want := range map[int64]string{
		64 << 20: "no-parser 0/0 long.zst!long\nok 0/0 long.zst\nok 1/1 x.xz.xz!x.xz!x\nok 0/0 x.xz.xz!x.xz\nok 0/0 x.xz.xz\n",
		8 << 20:  "quarantined 0/0 long.zst\nok 1/1 x.xz.xz!x.xz!x\nok 0/0 x.xz.xz!x.xz\nok 0/0 x.xz.xz\n",
		7 << 20:  "quarantined 0/0 long.zst\nquarantined 0/0 x.xz.xz!x.xz\npartial 0/0 x.xz.xz\n",
	} {
		b := newBench(t)
		b.in.Limits = DefaultLimits()
		b.in.Limits.MaxWindow = limit
		b.take(dir)
		if got := b.table(dir); got != want {
			t.Errorf("%d MiB: got\n%s\nwant\n%s", limit>>20, got, want)
		}
		for _, r := range b.receipts {
			if r.Status == parse.StatusQuarantined && !strings.Contains(r.Note, "dictionaries") {
				t.Errorf("%+v", r)
			}
		}
	}
}

// TestBehindTheEndOfATar: an archive that was appended to another is told, and so is damage of the stream behind the last member.
func TestBehindTheEndOfATar(t *testing.T) {
	one := tarOf(t, map[string]string{"a.log": "log\none\n", "sub/b.log": "log\ntwo\n"})
	two := tarOf(t, map[string]string{"a.log": "log\nthree\n", "sub/b.log": "log\nfour\n"})
	packed := pack(t, packers["gz"], one)
	broken := bytes.Clone(packed)
	broken[len(broken)-6] ^= 1 // of the checksum
	for name, c := range map[string]struct {
		content []byte
		status  parse.Status
	}{
		"filled.tar":   {append(bytes.Clone(one), make([]byte, 20<<10)...), parse.StatusOK},
		"appended.tar": {append(bytes.Clone(one), two...), parse.StatusPartial},
		"whole.tgz":    {packed, parse.StatusOK},
		"appended.tgz": {pack(t, packers["gz"], append(bytes.Clone(one), two...)), parse.StatusPartial},
		"checksum.tgz": {broken, parse.StatusPartial},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), c.content, 0o644); err != nil {
			t.Fatal(err)
		}
		b := newBench(t)
		b.in.Paths = []string{dir}
		if err := Take(ctx, b.in); err != nil {
			t.Fatal(err)
		}
		members := 0
		for _, r := range b.receipts {
			if strings.Contains(r.Path, "!") {
				members++
			} else if r.Status != c.status {
				t.Errorf("%s: %s %s, want %s", name, r.Status, r.Note, c.status)
			}
		}
		if members != 2 {
			t.Errorf("%s: %d members", name, members)
		}
	}
}
