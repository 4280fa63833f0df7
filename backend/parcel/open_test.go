package parcel

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"

	"filippo.io/age"
)

// TestReadWhereItLies: what a parcel holds is read to the byte without unpacking it, and no file appears.
func TestReadWhereItLies(t *testing.T) {
	entries, o := sample(t, []byte("first"), bytes.Repeat([]byte("second "), 30_000))
	ben, key := person(t, "Ben Okafor")
	base := t.TempDir()
	path := filepath.Join(base, "x"+Extension)
	if _, err := Write(t.Context(), path, entries, o, ben); err != nil {
		t.Fatal(err)
	}
	p, err := Open(t.Context(), path, []age.Identity{key}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	b, err := bundle.ReadSource(t.Context(), p, nil)
	if err != nil || len(b.Problems) > 0 || len(b.Entries) != len(entries) {
		t.Fatalf("%d of %d entries, %v %v", len(b.Entries), len(entries), b.Problems, err)
	}
	if r := b.Verify(caserecord.Anchors{}); r.ExitCode() != 0 || r.Head != caserecord.NewLog(entries...).Head() {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
	plan, err := bundle.Prepare(t.Context(), entries, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Names()) != len(plan.Files()) || len(b.Files) != len(plan.Files())-2 {
		t.Errorf("%d files, %d sound, want %d", len(p.Names()), len(b.Files), len(plan.Files()))
	}
	for i, f := range plan.Files() {
		var want bytes.Buffer
		if err := plan.Copy(t.Context(), i, &want); err != nil {
			t.Fatal(err)
		}
		r, n, err := p.Open(f.Name)
		if err != nil || n != f.Bytes {
			t.Fatalf("%s: %d bytes, %v", f.Name, n, err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s: %d bytes of %d, %v", f.Name, len(got), want.Len(), err)
		}
	}
	if _, _, err := p.Open("evidence/none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a name that is not there: %v", err)
	}
	if left, err := os.ReadDir(base); err != nil || len(left) != 1 {
		t.Errorf("files appeared: %v", left)
	}
}

// TestFlippedWhereItLies: a flipped bit is refused at opening, or by the read that reaches it.
func TestFlippedWhereItLies(t *testing.T) {
	path, key := big(t)
	good := slurp(t, path)
	bad := filepath.Join(t.TempDir(), "bad"+Extension)
	for i := 0; i < len(good); i++ {
		if i >= 400 && i%(16<<10) != 0 && i != len(good)-1 {
			continue
		}
		b := bytes.Clone(good)
		b[i] ^= 1 << (i % 8)
		spill(t, bad, b)
		p, err := Open(t.Context(), bad, []age.Identity{key}, Limits{})
		if err != nil {
			if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNotForYou) && !errors.Is(err, ErrNotParcel) {
				t.Fatalf("byte %d: %v", i, err)
			}
			continue
		}
		read, err := bundle.ReadSource(t.Context(), p, nil)
		if err != nil || len(read.Problems) == 0 {
			t.Fatalf("byte %d: nothing is wrong (%v)", i, err)
		}
		p.Close()
	}
	for cut := 0; cut < len(good); cut += 32 << 10 {
		spill(t, bad, good[:cut])
		if _, err := Open(t.Context(), bad, []age.Identity{key}, Limits{}); err == nil {
			t.Fatalf("cut to %d bytes: opened", cut)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	path, key := big(t)
	_, other := person(t, "Cy Wren")
	word, err := PassphraseIdentity([]byte("a passphrase"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path string
		ids  []age.Identity
		l    Limits
		want error
	}{
		"another key": {path, []age.Identity{other}, Limits{}, ErrNotForYou}, "a passphrase": {path, []age.Identity{word}, Limits{}, ErrNotForYou},
		"no key": {path, nil, Limits{}, ErrNotForYou}, "too many files": {path, []age.Identity{key}, Limits{Files: 2}, ErrTooBig},
		"too many bytes": {path, []age.Identity{key}, Limits{Bytes: 1000}, ErrTooBig}, "a folder": {filepath.Dir(path), []age.Identity{key}, Limits{}, ErrNotParcel},
		"nothing": {path + "x", nil, Limits{}, os.ErrNotExist},
	} {
		if _, err := Open(t.Context(), c.path, c.ids, c.l); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, path, []age.Identity{key}, Limits{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
