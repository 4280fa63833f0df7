package sevenz

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

var small = Options{MaxHeader: 1 << 20, Claim: func(n int64) error {
	if n > 64<<20 {
		return errors.New("too large a dictionary")
	}
	return nil
}}

// contents are all members that can be read, and the first error.
func contents(raw []byte, o Options) (out map[string][]byte, err error) {
	a, err := Open(bytes.NewReader(raw), int64(len(raw)), o)
	if err != nil {
		return nil, err
	}
	out = map[string][]byte{}
	werr := a.Walk(func(e *Entry, open func() (io.Reader, error)) error {
		if e.Dir {
			return nil
		}
		r, oerr := open()
		var b []byte
		if oerr == nil {
			b, oerr = io.ReadAll(io.LimitReader(r, 4<<20))
		}
		if oerr != nil {
			if err == nil {
				err = oerr
			}
			return nil
		}
		out[e.Name] = b
		return nil
	})
	if err == nil {
		err = werr
	}
	return out, err
}

// Each archive carries the checksums of what its packer put in, so an archive that reads without an error was read right.
func TestMethods(t *testing.T) {
	for name, want := range map[string]struct {
		members int
		bytes   int
		err     error
	}{
		"copy": {10, 36054, nil}, "lzma": {10, 36054, nil}, "lzma2": {10, 36054, nil}, "deflate": {10, 36054, nil}, "bzip2": {10, 36054, nil},
		"zstd": {10, 36054, nil}, "delta": {10, 36054, nil}, "bcj": {1, 8549, nil}, "t0": {2, 8, nil}, "t1": {2, 8, nil}, "empty": {5, 0, nil},
		"empty2": {0, 0, nil}, "file_and_empty": {2, 21, nil}, "issue87": {3, 4, nil}, "COMPRESS-492": {0, 0, nil},
		"aes7z": {0, 0, ErrLocked}, "t2": {0, 0, ErrLocked}, "t3": {0, 0, ErrLocked}, "t4": {0, 0, ErrLocked}, "t5": {0, 0, ErrLocked},
		"bcj2": {0, 0, ErrMethod}, "arm": {0, 0, ErrMethod},
	} {
		raw, err := os.ReadFile(filepath.Join("testdata", name+".7z"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := contents(raw, small)
		n := 0
		for _, b := range got {
			n += len(b)
		}
		if !errors.Is(err, want.err) || len(got) != want.members || n != want.bytes {
			t.Errorf("%s: %d members, %d bytes, %v", name, len(got), n, err)
		}
	}
}

// header puts a directory into an archive that has only that, with the checksums that fit.
func header(dir []byte) []byte {
	raw := []byte(Magic + "\x00\x04")
	var rest [20]byte
	binary.LittleEndian.PutUint64(rest[8:], uint64(len(dir)))
	binary.LittleEndian.PutUint32(rest[16:], crc32.ChecksumIEEE(dir))
	raw = binary.LittleEndian.AppendUint32(raw, crc32.ChecksumIEEE(rest[:]))
	return append(append(raw, rest[:]...), dir...)
}

// huge is a number of nine bytes.
const huge = "\xff\xff\xff\xff\xff\x0f\x00\x00\x00"

// An archive of fifty bytes that states billions of anything takes no memory for them.
func TestStatedNumbersAreNotBelieved(t *testing.T) {
	for name, dir := range map[string]string{
		"files": "\x01\x05" + huge, "folders": "\x01\x04\x07\x0b" + huge + "\x00", "packs": "\x01\x04\x06\x00" + huge + "\x09",
		"members":     "\x01\x04\x07\x0b\x01\x00\x01\x01\x00\x0c\x05\x00\x08\x0d" + huge,
		"size":        "\x17\x06\x00\x01\x09\x00\x00\x07\x0b\x01\x00\x01\x01\x00\x0c" + huge + "\x00\x00",
		"properties":  "\x01\x04\x07\x0b\x01\x00\x01\x21\x21" + huge,
		"offset":      "\x01\x04\x06" + huge + "\x01\x09\x05\x00\x00",
		"many coders": "\x01\x04\x07\x0b\x01\x00" + huge,
		"streams":     "\x01\x04\x07\x0b\x01\x00\x01\x11\x00" + huge + huge,
		"circle":      "\x17\x06\x00\x01\x09\x01\x00\x07\x0b\x01\x00\x02\x01\x00\x01\x00\x00\x00\x0c\x01\x01\x00\x00x",
		"dictionary":  "\x17\x06\x00\x01\x09\x01\x00\x07\x0b\x01\x00\x01\x21\x21\x01\x28\x0c\xf0\x00\x00\x00\x7f\x00\x00",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := contents(append(header([]byte(dir)), 0), small)
		runtime.ReadMemStats(&after)
		if err == nil || after.TotalAlloc-before.TotalAlloc > 4<<20 {
			t.Errorf("%s: %v, %d bytes allocated", name, err, after.TotalAlloc-before.TotalAlloc)
		}
	}
	if _, err := contents(header([]byte(strings.Repeat("x", 2<<20))), small); !errors.Is(err, ErrHeader) {
		t.Errorf("a large directory: %v", err)
	}
}

// Each flipped byte and each cut is an error, or the same content: never other content of a member with a checksum.
func TestMangled(t *testing.T) {
	for _, name := range []string{"t1.7z", "issue87.7z"} {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		want, err := contents(raw, small)
		if err != nil {
			t.Fatal(err)
		}
		for i := range raw {
			for what, bad := range map[string][]byte{"flipped": bytes.Clone(raw), "cut": raw[:i]} {
				if what == "flipped" {
					bad[i] ^= 0x11
				}
				got, err := contents(bad, small)
				if err == nil && fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s: byte %d %s: %q without an error", name, i, what, got)
				}
			}
		}
	}
}

// Members may be passed over, and what the stream of a folder gives is counted all the same.
func TestPassedOver(t *testing.T) {
	raw, err := os.ReadFile("testdata/lzma2.7z")
	if err != nil {
		t.Fatal(err)
	}
	all, err := contents(raw, small)
	if err != nil {
		t.Fatal(err)
	}
	o := small
	came := 0
	o.Wrap = func(r io.Reader) io.Reader {
		return readerFunc(func(p []byte) (int, error) { n, err := r.Read(p); came += n; return n, err })
	}
	a, err := Open(bytes.NewReader(raw), int64(len(raw)), o)
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	err = a.Walk(func(e *Entry, open func() (io.Reader, error)) error {
		if i++; i != 9 {
			return nil
		}
		r, err := open()
		if err != nil {
			return err
		}
		b, err := io.ReadAll(r)
		if !bytes.Equal(b, all[e.Name]) {
			t.Errorf("%s differs", e.Name)
		}
		return err
	})
	if err != nil || came == 0 {
		t.Errorf("%d bytes, %v", came, err)
	}
	stop := errors.New("enough")
	o.Wrap = func(io.Reader) io.Reader { return readerFunc(func([]byte) (int, error) { return 0, stop }) }
	if a, err = Open(bytes.NewReader(raw), int64(len(raw)), o); err == nil {
		err = a.Walk(func(*Entry, func() (io.Reader, error)) error { return nil })
	}
	if !errors.Is(err, stop) {
		t.Errorf("a guard's error: %v", err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func FuzzOpen(f *testing.F) {
	files, err := filepath.Glob("testdata/*.7z")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range files {
		if b, err := os.ReadFile(p); err == nil && len(b) < 8<<10 {
			f.Add(b)
			if len(b) > 32 {
				f.Add(b[len(b)-min(len(b)-32, 200):])
			}
		}
	}
	o := small
	o.Claim = func(n int64) error {
		if n > 1<<20 {
			return errors.New("too large a dictionary")
		}
		return nil
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		contents(raw, o)         //nolint:errcheck // damage is what is tried
		contents(header(raw), o) //nolint:errcheck // as a directory whose checksums fit
	})
}
