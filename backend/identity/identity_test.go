package identity_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"adjutant/backend/identity"
)

var (
	pass = []byte("a long walk along the quay")
	day  = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
)

// counting is a reader of bytes that are never the same twice, and the same in every run.
type counting struct{ n byte }

func (c *counting) Read(b []byte) (int, error) {
	for i := range b {
		c.n++
		b[i] = c.n
	}
	return len(b), nil
}

func create(t *testing.T, home, name string, r *counting) identity.Person {
	t.Helper()
	p, err := identity.Create(home, name, pass, r, day, identity.WithWorkFactor(10))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPeople creates, lists, finds and chooses people.
func TestPeople(t *testing.T) {
	home := filepath.Join(t.TempDir(), "home")
	if people, err := identity.List(home); err != nil || len(people) != 0 {
		t.Fatalf("a new device: %v %v", people, err)
	}
	if _, err := identity.Default(home); !errors.Is(err, identity.ErrNoDefault) {
		t.Errorf("default of nobody: %v", err)
	}
	r := &counting{}
	ben, ada := create(t, home, "Ben Okafor", r), create(t, home, "Ada Lind", r)
	people, err := identity.List(home)
	if err != nil || len(people) != 2 || people[0] != ada || people[1] != ben {
		t.Fatalf("list: %v %v", people, err)
	}
	if p, err := identity.Default(home); err != nil || p != ben {
		t.Errorf("the first is the default: %v %v", p, err)
	}
	if err := identity.SetDefault(home, "ADA lind"); err != nil {
		t.Fatal(err)
	}
	if p, err := identity.Default(home); err != nil || p != ada {
		t.Errorf("the chosen is the default: %v %v", p, err)
	}
	if _, err := identity.Find(home, "Cy"); !errors.Is(err, identity.ErrUnknownPerson) {
		t.Errorf("unknown: %v", err)
	}
	if p, err := identity.Find(home, string(ben.ID)); err != nil || p != ben {
		t.Errorf("by id: %v %v", p, err)
	}
	for name, want := range map[string]error{"ada lind": identity.ErrExists, " ": identity.ErrName, "a\nb": identity.ErrName, "\xff": identity.ErrName} {
		if _, err := identity.Create(home, name, pass, r, day, identity.WithWorkFactor(10)); !errors.Is(err, want) {
			t.Errorf("create %q: %v", name, err)
		}
	}
	if _, err := identity.Create(home, "Cy", nil, r, day); !errors.Is(err, identity.ErrEmptyPass) {
		t.Errorf("empty passphrase: %v", err)
	}
}

// TestFilesArePrivate checks modes, and that no file holds the seed or leftovers.
func TestFilesArePrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("file modes mean little on Windows")
	}
	home := t.TempDir()
	create(t, home, "Ada Lind", &counting{})
	seed := make([]byte, 48)
	(&counting{}).Read(seed)
	files := 0
	err := filepath.WalkDir(home, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, seed[16:]) || bytes.Contains(b, []byte(fmt.Sprintf("%x", seed[16:]))) {
			t.Errorf("%s holds the seed", path)
		}
		return err
	})
	if err != nil || files != 3 {
		t.Errorf("%d files, want card, key and default: %v", files, err)
	}
}

// TestUnlock opens with the right passphrase only, and never a key that is not the card's.
func TestUnlock(t *testing.T) {
	home := t.TempDir()
	r := &counting{}
	ada, ben := create(t, home, "Ada Lind", r), create(t, home, "Ben Okafor", r)
	u, err := identity.Unlock(home, "ada lind", pass)
	if err != nil || u.Person() != ada || u.Locked() {
		t.Fatalf("unlock: %v", err)
	}
	for _, wrong := range [][]byte{nil, []byte("a long walk along the quay "), []byte("x")} {
		if _, err := identity.Unlock(home, "ada lind", wrong); !errors.Is(err, identity.ErrPassphrase) {
			t.Errorf("passphrase %q: %v", wrong, err)
		}
	}
	if _, err := identity.Unlock(home, "Cy", pass); !errors.Is(err, identity.ErrUnknownPerson) {
		t.Errorf("unknown person: %v", err)
	}

	path := func(p identity.Person, ext string) string { return filepath.Join(home, "people", string(p.ID)+ext) }
	adasKey, adasCard := read(t, path(ada, ".key.age")), read(t, path(ada, ".json"))
	write(t, path(ada, ".key.age"), read(t, path(ben, ".key.age")))
	if _, err := identity.Unlock(home, string(ada.ID), pass); !errors.Is(err, identity.ErrDamaged) {
		t.Errorf("somebody else's key: %v", err)
	}
	write(t, path(ada, ".key.age"), adasKey)
	write(t, path(ada, ".json"), bytes.Replace(adasCard, []byte("Ada Lind"), []byte("Eve Lind"), 1))
	if _, err := identity.Unlock(home, string(ada.ID), pass); !errors.Is(err, identity.ErrDamaged) {
		t.Errorf("a changed name: %v", err)
	}
	write(t, path(ada, ".json"), adasCard)
	for i := range adasKey {
		bad := bytes.Clone(adasKey)
		bad[i] ^= 1
		write(t, path(ada, ".key.age"), bad)
		if i < 40 || i%16 == 0 { // every byte of the version line, samples of the rest: each costs a scrypt
			if _, err := identity.Unlock(home, string(ada.ID), pass); err == nil {
				t.Fatalf("byte %d of the key file flipped: opened", i)
			}
		}
	}
	write(t, path(ada, ".key.age"), bytes.Replace(adasKey, []byte(" 10\n"), []byte(" 30\n"), 1))
	began := time.Now()
	if _, err := identity.Unlock(home, string(ada.ID), pass); err == nil || time.Since(began) > 5*time.Second {
		t.Errorf("a work factor of 2^30 was tried: %v", err)
	}
}

// TestNothingLeftBehind fails the write of the card: no key may stay.
func TestNothingLeftBehind(t *testing.T) {
	home := t.TempDir()
	r := &counting{}
	var id [16]byte
	(&counting{}).Read(id[:])
	card := filepath.Join(home, "people", fmt.Sprintf("%x.json", id))
	reached := false
	inTheWay := identity.WithStep(func(string) {
		reached = true
		if err := os.MkdirAll(filepath.Join(card, "in the way"), 0o700); err != nil {
			t.Fatal(err)
		}
	})
	if _, err := identity.Create(home, "Ada Lind", pass, r, day, identity.WithWorkFactor(10), inTheWay); err == nil || !reached {
		t.Fatal("created over a folder")
	}
	left, err := os.ReadDir(filepath.Join(home, "people"))
	if err != nil || len(left) != 1 || !strings.HasSuffix(left[0].Name(), ".json") {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
