package vault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"adjutant/backend/incident"
)

var ctx = context.Background()

func newVault(t *testing.T) *Vault {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	v, err := New(filepath.Join(t.TempDir(), "vault"), id, [32]byte{7})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func sample(size int) []byte {
	b := make([]byte, size)
	rand.NewChaCha8([32]byte{byte(size)}).Read(b) //nolint:errcheck // never fails
	return b
}

func TestPutOpenAtAnyOffset(t *testing.T) {
	v := newVault(t)
	for _, size := range []int{0, 1, 65535, 65536, 65537, 300_000} {
		b := sample(size)
		d, n, err := v.Put(ctx, bytes.NewReader(b))
		if err != nil || n != int64(size) || d != incident.Digest(sha256.Sum256(b)) {
			t.Fatalf("size %d: %v %d %v", size, d, n, err)
		}
		it, err := v.Open(d)
		if err != nil || it.Size() != int64(size) {
			t.Fatalf("size %d: %v", size, err)
		}
		for range 50 {
			at := rand.IntN(size + 1)
			length := rand.IntN(size - at + 1)
			got := make([]byte, length)
			if n, err := it.ReadAt(got, int64(at)); n != length || (err != nil && err != io.EOF) || !bytes.Equal(got, b[at:at+length]) {
				t.Fatalf("size %d: read %d at %d: %d %v", size, length, at, n, err)
			}
		}
		if err := it.Close(); err != nil {
			t.Fatal(err)
		}
		if err := v.Verify(ctx, d); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSameItemTwiceIsOneFile(t *testing.T) {
	v := newVault(t)
	for range 2 {
		if _, _, err := v.Put(ctx, strings.NewReader("same")); err != nil {
			t.Fatal(err)
		}
	}
	d, _, err := v.Put(ctx, strings.NewReader("other"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := v.Strangers(nil)
	if err != nil || len(files) != 2 {
		t.Fatalf("%v %v", files, err)
	}
	for _, f := range files {
		if strings.Contains(f, d.String()[:8]) {
			t.Fatalf("the name %s gives the hash away", f)
		}
	}
	if rest, err := v.Strangers([]incident.Digest{d}); err != nil || len(rest) != 1 {
		t.Fatalf("%v %v", rest, err)
	}
	if err := v.Remove(d); err != nil || v.Has(d) {
		t.Fatal(err)
	}
	if _, err := v.Open(d); !errors.Is(err, ErrMissing) {
		t.Fatal(err)
	}
	if err := v.Remove(d); !errors.Is(err, ErrMissing) {
		t.Fatal(err)
	}
}

// Every byte of a sealed file counts, and a good copy replaces a damaged one.
func TestDamageIsNamedAndPutMends(t *testing.T) {
	v := newVault(t)
	b := sample(70_000)
	d, _, err := v.Put(ctx, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	p := v.path(d)
	good, err := os.ReadFile(p)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(good); at += 1 + at/40 {
		bad := bytes.Clone(good)
		bad[at] ^= 0x10
		if err := os.WriteFile(p, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := v.Verify(ctx, d); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d flipped: %v", at, err)
		}
	}
	for _, cut := range []int{0, 10, 200, 65_000, len(good) - 1} {
		if err := os.WriteFile(p, good[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if err := v.Verify(ctx, d); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut to %d: %v", cut, err)
		}
	}
	if _, _, err := v.Put(ctx, bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	if err := v.Verify(ctx, d); err != nil {
		t.Fatalf("after a new Put: %v", err)
	}
	// A whole file under another item's name is not that item.
	e, _, err := v.Put(ctx, strings.NewReader("another"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(v.path(e), p); err != nil {
		t.Fatal(err)
	}
	if err := v.Verify(ctx, d); !errors.Is(err, ErrDamaged) {
		t.Fatalf("swapped item: %v", err)
	}
}

type failing struct{ n int }

func (f *failing) Read(p []byte) (int, error) {
	if f.n -= len(p); f.n < 0 {
		return 0, errors.New("bad sector")
	}
	return len(p), nil
}

func TestFailedPutLeavesNothing(t *testing.T) {
	v := newVault(t)
	var read *ReadError
	if _, _, err := v.Put(ctx, &failing{1 << 20}); !errors.As(err, &read) {
		t.Fatalf("unreadable source: %v", err)
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	if _, _, err := v.Put(stopped, strings.NewReader("x")); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	names, err := os.ReadDir(v.dir)
	if err != nil || len(names) != 0 {
		t.Fatalf("left behind: %v %v", names, err)
	}
	// What a killed Put left is removed at the next opening.
	left := filepath.Join(v.dir, tempPrefix+"1")
	if err := os.WriteFile(left, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(v.dir, v.identity, v.names); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Fatal("an unfinished item stayed")
	}
}

// TestSwappedFilesShowAtOpening: two files of one case that change places are told when a row is looked at, not only when
// all evidence is hashed again.
func TestSwappedFilesShowAtOpening(t *testing.T) {
	v := newVault(t)
	a, _, err := v.Put(ctx, strings.NewReader("one item"))
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := v.Put(ctx, strings.NewReader("the other"))
	if err != nil {
		t.Fatal(err)
	}
	pa, pb := v.path(a), v.path(b)
	for _, m := range [][2]string{{pa, pa + ".x"}, {pb, pa}, {pa + ".x", pb}} {
		if err := os.Rename(m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range []incident.Digest{a, b} {
		if it, err := v.Open(d); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s opens as %v (%v)", d, it, err)
		}
	}
}
