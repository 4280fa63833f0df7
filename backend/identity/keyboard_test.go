package identity_test

import (
	"bytes"
	"errors"
	"testing"

	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
)

// TestTwoAtOneKeyboard: of two people who confirm the same words on one laptop each signs with their own act and key
// only, both signatures are needed for both entries, and one who leaves does not lock the other.
func TestTwoAtOneKeyboard(t *testing.T) {
	home := t.TempDir()
	r := &counting{}
	ada, ben := create(t, home, "Ada Lind", r), create(t, home, "Ben Okafor", r)
	ua, ub := unlock(t, home, ada), unlock(t, home, ben)
	shown := []byte("Release the notice to the authority")
	const kind = "note.made"
	adas, bens := entryBytes(t, ada, "we two agree"), entryBytes(t, ben, "we two agree")

	a, b := confirm.New(ua, shown, kind), confirm.New(ub, shown, kind)
	if a.Shown() != b.Shown() {
		t.Error("the same words were shown, the hashes differ")
	}
	for name, try := range map[string]func() ([]byte, error){
		"Ada with Ben's act": func() ([]byte, error) { return ua.Sign(b, kind, adas) },
		"Ben with Ada's act": func() ([]byte, error) { return ub.Sign(a, kind, bens) },
	} {
		if sig, err := try(); !errors.Is(err, identity.ErrNoAct) || sig != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if sig, err := ua.Sign(a, kind, bens); !errors.Is(err, identity.ErrNotOwn) || sig != nil {
		t.Errorf("Ada signs Ben's entry: %v", err)
	}
	siga, err := ua.Sign(a, kind, adas)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ub.Sign(a, kind, bens); !errors.Is(err, identity.ErrNoAct) {
		t.Errorf("Ada's act does not stand for Ben: %v", err)
	}
	sigb, err := ub.Sign(b, kind, bens)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(siga, sigb) || !verify(t, ada, adas, siga) || !verify(t, ben, bens, sigb) || verify(t, ben, adas, siga) || verify(t, ada, bens, sigb) {
		t.Error("the signatures are not one of each")
	}

	ub.Lock()
	if ua.Locked() || !ub.Locked() {
		t.Fatal("locking one locks both, or none")
	}
	if _, err := ua.Sign(confirm.New(ua, shown, kind), kind, adas); err != nil {
		t.Errorf("Ada after Ben left: %v", err)
	}
	if _, err := ub.Sign(confirm.New(ub, shown, kind), kind, bens); !errors.Is(err, identity.ErrLocked) {
		t.Errorf("Ben after he left: %v", err)
	}
	again := unlock(t, home, ben)
	if _, err := again.Sign(confirm.New(again, shown, kind), kind, bens); err != nil {
		t.Errorf("Ben is back: %v", err)
	}
}

// TestTwoDevicesOfOnePerson: an act belongs to a key, not only to a person.
func TestTwoDevicesOfOnePerson(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	r := &counting{}
	ada := create(t, one, "Ada Lind", r)
	u1 := unlock(t, one, ada)
	second, err := identity.Join(two, export(t, u1), pass, r, day, identity.WithWorkFactor(10))
	if err != nil {
		t.Fatal(err)
	}
	u2 := unlock(t, two, second)
	act := confirm.New(u1, []byte("x"), "note.made")
	if _, err := u2.Sign(act, "note.made", entryBytes(t, second, "a")); !errors.Is(err, identity.ErrNoAct) {
		t.Errorf("an act of the other key: %v", err)
	}
	if _, err := u1.Sign(act, "note.made", entryBytes(t, ada, "a")); err != nil {
		t.Errorf("the act's own key: %v", err)
	}
}
