package xz

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os/exec"
	"runtime"
	"testing"

	oracle "github.com/ulikunitz/xz"
)

func packed(t testing.TB, content []byte, check byte, window int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := oracle.WriterConfig{CheckSum: check, DictCap: window, BlockSize: 40_000}.NewWriter(&b)
	if err == nil {
		_, err = w.Write(content)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(b []byte, most int64) ([]byte, error) {
	r, err := NewReader(bytes.NewReader(b), func(n int64) error {
		if n > most {
			return ErrWindow
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func sample(n int) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = "abcdefgh "[r.IntN(9)]
	}
	return b
}

func TestEveryCheckAndSize(t *testing.T) {
	for _, check := range []byte{oracle.None, oracle.CRC32, oracle.CRC64, oracle.SHA256} {
		for _, n := range []int{0, 1, 39_999, 40_000, 123_457} {
			want := sample(n)
			got, err := open(packed(t, want, check, 1<<20), 1<<20)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("check %d, %d bytes: %d bytes, %v", check, n, len(got), err)
			}
		}
	}
	two := append(packed(t, []byte("one"), oracle.CRC64, 1<<16), 0, 0, 0, 0)
	two = append(two, packed(t, []byte("two"), oracle.CRC32, 1<<16)...)
	if got, err := open(two, 1<<20); err != nil || string(got) != "onetwo" {
		t.Errorf("two streams: %q %v", got, err)
	}
}

// What the xz command writes is read, with every preset's dictionary.
func TestOfTheCommand(t *testing.T) {
	path, err := exec.LookPath("xz")
	if err != nil {
		t.Skip("NOT CHECKED: xz is not installed")
	}
	want := sample(300_000)
	for _, args := range [][]string{{"-0"}, {"-6"}, {"-9", "-T2"}, {"-9e", "-C", "sha256"}, {"--block-size=50000"}} {
		c := exec.Command(path, append(args, "-c")...)
		c.Stdin = bytes.NewReader(want)
		raw, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := open(raw, 64<<20); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%v: %d bytes, %v", args, len(got), err)
		}
	}
}

// Each flipped byte and each cut is an error, or the same content: never other content.
func TestMangled(t *testing.T) {
	want := sample(2000)
	raw := packed(t, want, oracle.CRC64, 1<<16)
	for i := range raw {
		bad := bytes.Clone(raw)
		bad[i] ^= 0x41
		if got, err := open(bad, 1<<20); err == nil && !bytes.Equal(got, want) {
			t.Errorf("byte %d flipped: %d other bytes without an error", i, len(got))
		}
		if got, err := open(raw[:i], 1<<20); err == nil || len(got) > len(want) {
			t.Errorf("cut at %d: %d bytes, %v", i, len(got), err)
		}
	}
}

// A file of a hundred bytes cannot ask for gigabytes.
func TestWindowIsAskedFor(t *testing.T) {
	raw := packed(t, []byte("x"), oracle.CRC32, 1<<16)
	h := raw[12:24] // size, flags, filter, size of its properties, properties, padding, CRC32
	h[4] = 36       // 1 GiB
	binary.LittleEndian.PutUint32(h[8:], crc32.ChecksumIEEE(h[:8]))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := open(raw, 256<<20)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrWindow) || after.TotalAlloc-before.TotalAlloc > 8<<20 {
		t.Errorf("%v, %d bytes allocated", err, after.TotalAlloc-before.TotalAlloc)
	}
	for p, want := range map[byte]int64{0: 4096, 1: 6144, 24: 16 << 20, 39: 3 << 30, 40: 1<<32 - 1} {
		if got := Window(p); got != want {
			t.Errorf("%d: %d, want %d", p, got, want)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add(packed(f, []byte("seed"), oracle.CRC64, 1<<16))
	f.Add([]byte(fmt.Sprintf("%s\x00\x04\xe6\xd6\xb4\x46\x00\x00\x00\x00", magic)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := NewReader(bytes.NewReader(raw), func(n int64) error {
			if n > 1<<20 {
				return ErrWindow
			}
			return nil
		})
		if err == nil {
			io.Copy(io.Discard, io.LimitReader(r, 1<<20)) //nolint:errcheck // damage is what is tried
		}
	})
}
