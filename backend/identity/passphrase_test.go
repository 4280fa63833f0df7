package identity_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/identity"
)

var pass2 = []byte("the second harbour light")

func opens(home string, p identity.Person, pass []byte) bool {
	u, err := identity.Unlock(home, string(p.ID), pass)
	if err == nil {
		defer u.Lock()
	}
	return err == nil && u.Person() == p
}

// TestChangePassphrase keeps the key, the card and the entries that it signs.
func TestChangePassphrase(t *testing.T) {
	home := t.TempDir()
	r := &counting{}
	ada, ben := create(t, home, "Ada Lind", r), create(t, home, "Ben Okafor", r)
	quick := identity.WithWorkFactor(10)
	for name, c := range map[string]struct {
		who      string
		old, new []byte
		want     error
	}{
		"wrong old":  {"Ada Lind", pass2, pass2, identity.ErrPassphrase},
		"no old":     {"Ada Lind", nil, pass2, identity.ErrPassphrase},
		"empty new":  {"Ada Lind", pass, nil, identity.ErrEmptyPass},
		"nobody":     {"Cy", pass, pass2, identity.ErrUnknownPerson},
		"bad factor": {"Ada Lind", pass, pass2, nil},
	} {
		o := quick
		if name == "bad factor" {
			o = identity.WithWorkFactor(40)
		}
		if err := identity.ChangePassphrase(home, c.who, c.old, c.new, o); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if !opens(home, ada, pass) {
			t.Fatalf("%s: the old passphrase opens no more", name)
		}
	}
	if err := identity.ChangePassphrase(home, "ada lind", pass, pass2, quick); err != nil {
		t.Fatal(err)
	}
	if opens(home, ada, pass) || !opens(home, ada, pass2) {
		t.Error("not exactly the new passphrase opens")
	}
	if !opens(home, ben, pass) {
		t.Error("somebody else's key changed")
	}
	if files := peopleFiles(t, home); len(files) != 4 {
		t.Errorf("left behind: %q", files)
	}
}

// TestChangeIsChecked spoils the new key file before it takes the old one's place: the change fails, the old one stays.
func TestChangeIsChecked(t *testing.T) {
	home := t.TempDir()
	ada := create(t, home, "Ada Lind", &counting{})
	spoiled := 0
	err := identity.ChangePassphrase(home, "Ada Lind", pass, pass2, identity.WithWorkFactor(10), identity.WithStep(func(done string) {
		if done != "staged" {
			return
		}
		for _, name := range peopleFiles(t, home) {
			if strings.Contains(name, ".new-") {
				path := filepath.Join(home, "people", name)
				b := read(t, path)
				b[len(b)-1] ^= 1
				write(t, path, b)
				spoiled++
			}
		}
	}))
	if !errors.Is(err, identity.ErrDamaged) || spoiled != 1 {
		t.Errorf("%d files spoiled: %v", spoiled, err)
	}
	if files := peopleFiles(t, home); len(files) != 2 || !opens(home, ada, pass) || opens(home, ada, pass2) {
		t.Errorf("after it: %q", files)
	}
}

const (
	killHome = "ADJUTANT_TEST_KILL_HOME"
	killStep = "ADJUTANT_TEST_KILL_STEP"
)

// TestChangeKilled kills a program at each step of a change (kill -9): one of the two passphrases opens the same key,
// the next change works and leaves nothing of the killed one.
func TestChangeKilled(t *testing.T) {
	if home := os.Getenv(killHome); home != "" {
		err := identity.ChangePassphrase(home, "Ada Lind", pass, pass2, identity.WithWorkFactor(10), identity.WithStep(func(done string) {
			if done == os.Getenv(killStep) {
				me, err := os.FindProcess(os.Getpid())
				if err == nil {
					me.Kill() //nolint:errcheck // the parent sees whether it worked
				}
				select {}
			}
		}))
		t.Fatalf("the change ended: %v", err)
	}
	for step, newOpens := range map[string]bool{"opened": false, "staged": false, "checked": false, "renamed": true} {
		t.Run(step, func(t *testing.T) {
			home := t.TempDir()
			ada := create(t, home, "Ada Lind", &counting{})
			cmd := exec.Command(os.Args[0], "-test.run=^TestChangeKilled$")
			cmd.Env = append(os.Environ(), killHome+"="+home, killStep+"="+step)
			out, err := cmd.CombinedOutput()
			if err == nil || strings.Contains(string(out), "the change ended") {
				t.Fatalf("the program was not killed: %v\n%s", err, out)
			}
			if opens(home, ada, pass) == newOpens || opens(home, ada, pass2) != newOpens {
				t.Fatal("not exactly one passphrase opens the key")
			}
			if people, err := identity.List(home); err != nil || len(people) != 1 || len(identity.Damaged(home)) != 0 {
				t.Errorf("list: %v %v %q", people, err, identity.Damaged(home))
			}
			files := peopleFiles(t, home)
			if staged := step == "staged" || step == "checked"; staged != (len(files) == 3) {
				t.Errorf("files after the kill: %q", files)
			}
			now := pass
			if newOpens {
				now = pass2
			}
			if err := identity.ChangePassphrase(home, "Ada Lind", now, []byte("a third one"), identity.WithWorkFactor(10)); err != nil {
				t.Fatal(err)
			}
			if files := peopleFiles(t, home); len(files) != 2 || !opens(home, ada, []byte("a third one")) {
				t.Errorf("after the next change: %q", files)
			}
		})
	}
}

// TestFirstKeyFiles reads a home of the first published version: key without time, escapes in the card.
func TestFirstKeyFiles(t *testing.T) {
	home := t.TempDir()
	copyHome(t, "testdata/home-v1", home)
	people, err := identity.List(home)
	if err != nil || len(people) != 1 || people[0].Name != "Ada Lind & Söhne" || len(identity.Damaged(home)) != 0 {
		t.Fatalf("list: %v %v", people, err)
	}
	ada := people[0]
	if !opens(home, ada, pass) {
		t.Fatal("does not open")
	}
	if err := identity.ChangePassphrase(home, string(ada.ID), pass, pass2, identity.WithWorkFactor(10)); err != nil || !opens(home, ada, pass2) {
		t.Fatalf("change: %v", err)
	}
	card := filepath.Join(home, "people", string(ada.ID)+".json")
	if err := os.Remove(card); err != nil {
		t.Fatal(err)
	}
	mended, err := identity.Mend(home, string(ada.ID), pass2)
	if err != nil || mended.Key != ada.Key || mended.Name != ada.Name || !opens(home, mended, pass2) {
		t.Errorf("mend: %v %v", mended, err)
	}
}

func peopleFiles(t *testing.T, home string) (names []string) {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(home, "people"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}

func copyHome(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}
