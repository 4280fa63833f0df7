package identity_test

import (
	"crypto/sha256"
	"errors"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
)

// entryBytes lets Seal build an entry and catches what would be signed.
func entryBytes(t *testing.T, p identity.Person, text string) []byte {
	t.Helper()
	var pae []byte
	h := caserecord.Header{Case: "00112233445566778899aabbccddeeff", Mode: "exercise", Author: p.Key, Seq: 1, Recorded: day}
	stop := errors.New("stop")
	_, err := caserecord.Seal(h, &caserecord.NoteMadeData{Text: text}, [16]byte{}, func(b []byte) ([]byte, error) {
		pae = b
		return nil, stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	return pae
}

// TestSignNeedsAnAct is P1 at its narrowest place: every way to a signature without the right act fails.
func TestSignNeedsAnAct(t *testing.T) {
	home := t.TempDir()
	r := &counting{}
	ada, ben := create(t, home, "Ada Lind", r), create(t, home, "Ben Okafor", r)
	ua, ub := unlock(t, home, ada), unlock(t, home, ben)
	adas, bens := entryBytes(t, ada, "a"), entryBytes(t, ben, "b")
	shown := []byte("Note: a")
	const kind = "note.made"

	act := confirm.New(ua, shown, kind)
	if act.Shown() != sha256.Sum256(shown) {
		t.Error("the act does not remember what was shown")
	}
	for name, try := range map[string]func() ([]byte, error){
		"zero act":       func() ([]byte, error) { return ua.Sign(identity.Act{}, kind, adas) },
		"another's act":  func() ([]byte, error) { return ub.Sign(act, kind, bens) },
		"another kind":   func() ([]byte, error) { return ua.Sign(confirm.New(ua, shown, "severity.declared"), kind, adas) },
		"nothing shown":  func() ([]byte, error) { return ua.Sign(confirm.New(ua, nil, kind), kind, adas) },
		"unknown kind":   func() ([]byte, error) { return ua.Sign(confirm.New(ua, shown, kind, "note.lost"), kind, adas) },
		"nobody":         func() ([]byte, error) { return ua.Sign(confirm.New(nil, shown, kind), kind, adas) },
		"batch of notes": func() ([]byte, error) { return ua.Sign(confirm.Batch(ua, shown, kind), kind, adas) },
		"batch and notes": func() ([]byte, error) {
			return ua.Sign(confirm.Batch(ua, shown, "evidence.received", kind), kind, adas)
		},
	} {
		if sig, err := try(); !errors.Is(err, identity.ErrNoAct) || sig != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, try := range map[string]func() ([]byte, error){
		"kind that the bytes are not": func() ([]byte, error) { return ua.Sign(confirm.New(ua, shown, "row.tagged"), "row.tagged", adas) },
		"another's entry":             func() ([]byte, error) { return ua.Sign(act, kind, bens) },
		"raw bytes":                   func() ([]byte, error) { return ua.Sign(act, kind, []byte("pay to the bearer")) },
		"header without encoding":     func() ([]byte, error) { return ua.Sign(act, kind, adas[len("DSSEv1 "):]) },
	} {
		if sig, err := try(); !errors.Is(err, identity.ErrNotOwn) || sig != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if sig, err := ua.Sign(act, kind, adas); err != nil || len(sig) != 64 {
		t.Fatalf("the right act: %v", err)
	}
	if _, err := ua.Sign(act, kind, adas); !errors.Is(err, identity.ErrNoAct) {
		t.Errorf("second use: %v", err)
	}
}

// TestBatch signs many reports of one import until it is over, and nothing else.
func TestBatch(t *testing.T) {
	home := t.TempDir()
	ada := create(t, home, "Ada Lind", &counting{})
	u := unlock(t, home, ada)
	act := confirm.Batch(u, []byte("Import 3 files"), "detection.ran", "evidence.imported")
	var pae []byte
	h := caserecord.Header{Case: "00112233445566778899aabbccddeeff", Mode: "exercise", Author: ada.Key, Seq: 1, Recorded: day}
	_, err := caserecord.Seal(h, &caserecord.DetectionRanData{Pack: "own", PackHash: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"},
		[16]byte{}, func(b []byte) ([]byte, error) { pae = b; return u.Sign(act, "detection.ran", b) })
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := u.Sign(act, "detection.ran", pae); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := u.Sign(act, "note.made", entryBytes(t, ada, "a")); !errors.Is(err, identity.ErrNoAct) {
		t.Errorf("a note in a batch: %v", err)
	}
	act.End()
	if _, err := u.Sign(act, "detection.ran", pae); !errors.Is(err, identity.ErrNoAct) {
		t.Errorf("after the end: %v", err)
	}
}

// TestLock checks that a locked key signs nothing and that acts cannot be made for it.
func TestLock(t *testing.T) {
	home := t.TempDir()
	ada := create(t, home, "Ada Lind", &counting{})
	u := unlock(t, home, ada)
	act := confirm.New(u, []byte("x"), "note.made")
	u.Lock()
	u.Lock()
	if _, err := u.Sign(act, "note.made", entryBytes(t, ada, "a")); !errors.Is(err, identity.ErrLocked) {
		t.Errorf("locked: %v", err)
	}
	again := unlock(t, home, ada)
	if _, err := again.Sign(confirm.New(u, []byte("x"), "note.made"), "note.made", entryBytes(t, ada, "a")); !errors.Is(err, identity.ErrNoAct) {
		t.Errorf("act of a locked person: %v", err)
	}
}

func unlock(t *testing.T, home string, p identity.Person) *identity.Unlocked {
	t.Helper()
	u, err := identity.Unlock(home, string(p.ID), pass)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(u.Lock)
	return u
}
