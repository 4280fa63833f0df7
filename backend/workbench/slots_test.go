package workbench

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"adjutant/backend/casefolder"
	"adjutant/backend/identity/confirm"
)

// slots changes what opens the case as the person at the keyboard.
func (r *room) slots(c SlotChange) error {
	r.t.Helper()
	p, err := r.b.ProposeSlots(c)
	if err != nil {
		return err
	}
	_, err = r.b.ChangeSlots(context.Background(), confirm.New(r.me(), p.Shown, p.Kinds...), c)
	return err
}

// opens reports whether a passphrase opens the folder, and closes it again.
func (r *room) opens(pass string) bool {
	r.t.Helper()
	f, err := casefolder.Open(r.dir, []byte(pass))
	if err == nil {
		err = f.Close()
	} else if errors.Is(err, casefolder.ErrPassphrase) {
		return false
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return true
}

// TestSlots: what opens the case is changed with a signed entry each time; the last passphrase stays; an age key opens.
func TestSlots(t *testing.T) {
	r := newRoom(t, nil)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]SlotChange{
		"a short passphrase": {Passphrase: []byte("short")}, "one that opens already": {Passphrase: r.pass}, "the last passphrase": {Remove: 1},
		"a slot that is not there": {Remove: 7}, "the same passphrase": {Old: r.pass, New: r.pass}, "no age key": {Recipient: "age1nonsense"}, "nothing": {},
	} {
		if err := r.slots(c); !errors.Is(err, ErrUsage) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := r.slots(SlotChange{Old: []byte("not this one"), New: []byte("another passphrase")}); !errors.Is(err, casefolder.ErrPassphrase) {
		t.Errorf("a wrong old passphrase: %v", err)
	}
	if n := len(r.b.State().Slots); n != 0 {
		t.Fatalf("%d entries signed by what was refused", n)
	}
	if err := r.slots(SlotChange{Passphrase: []byte("the second passphrase")}); err != nil {
		t.Fatal(err)
	}
	if err := r.slots(SlotChange{Recipient: key.Recipient().String()}); err != nil {
		t.Fatal(err)
	}
	if err := r.slots(SlotChange{Old: []byte("the second passphrase"), New: []byte("the third passphrase")}); err != nil {
		t.Fatal(err)
	}
	if err := r.slots(SlotChange{Remove: 1}); err != nil {
		t.Fatal(err)
	}
	s := r.b.State().Slots
	if len(s) != 4 || s[3].Data.SlotsSHA256 != r.b.folder.SlotsHash().String() || strings.Contains(s[2].Data.What, "third") {
		t.Errorf("signed: %+v", s)
	}
	if l := r.b.Slots(); len(l) != 2 || l[0].Kind != "passphrase" || l[1].Recipient != key.Recipient().String() {
		t.Errorf("%+v", l)
	}
	if err := r.b.Close(); err != nil {
		t.Fatal(err)
	}
	for pass, want := range map[string]bool{string(r.pass): false, "the second passphrase": false, "the third passphrase": true} {
		if r.opens(pass) != want {
			t.Errorf("%q opens: %v", pass, !want)
		}
	}
	b, err := OpenCase(context.Background(), r.env, OpenConfig{Dir: r.dir, Identity: []byte("# mine\n" + key.String() + "\n"), Person: "Ada", Key: r.pass})
	if err != nil || len(b.Problems()) != 0 {
		t.Fatalf("with the age key: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCase(context.Background(), r.env, OpenConfig{Dir: r.dir, Identity: []byte("nonsense"), Person: "Ada", Key: r.pass}); !errors.Is(err, ErrUsage) {
		t.Errorf("no age key: %v", err)
	}
}

// TestSlotsPutBack: a removed passphrase that comes back with an older case.json is told at opening, until somebody signs
// that it is right. A folder in which nobody signed its slots, and one that got the entries by a merge, are fine.
func TestSlotsPutBack(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": helper})
	if err := r.b.Close(); err != nil {
		t.Fatal(err)
	}
	other := r.copyTo("Ben", r.now)
	r.reopen("Ada")
	if err := r.slots(SlotChange{Passphrase: []byte("the second passphrase")}); err != nil {
		t.Fatal(err)
	}
	if err := r.b.Close(); err != nil {
		t.Fatal(err)
	}
	old := map[string][]byte{}
	files, err := filepath.Glob(filepath.Join(r.dir, "case.json*"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		if old[f], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	r.reopen("Ada")
	if err := r.slots(SlotChange{Old: []byte("the second passphrase"), New: []byte("the third passphrase")}); err != nil {
		t.Fatal(err)
	}
	r.reopen("Ada")
	if p := r.b.Problems(); len(p) != 0 {
		t.Errorf("nothing was touched: %+v", p)
	}
	if err := r.b.Close(); err != nil {
		t.Fatal(err)
	}
	for f, b := range old {
		if now, err := os.ReadFile(f); err != nil || bytes.Equal(now, b) {
			t.Fatalf("%s is the same: %v", f, err)
		}
		if err := os.WriteFile(f, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !r.opens("the second passphrase") {
		t.Fatal("the older file does not open; the test proves nothing")
	}
	r.reopen("Ada")
	p := r.b.Problems()
	if len(p) != 1 || p[0].File != "case.json" || p[0].Mended || !strings.Contains(p[0].Text, "put back") {
		t.Fatalf("%+v", p)
	}
	if err := r.slots(SlotChange{Confirm: true}); err != nil {
		t.Fatal(err)
	}
	r.reopen("Ada")
	if p := r.b.Problems(); len(p) != 0 {
		t.Errorf("after it was signed: %+v", p)
	}
	other.takeEntries(r)
	other.reopen("Ben")
	if p := other.b.Problems(); len(p) != 0 || len(other.b.State().Slots) != 3 {
		t.Errorf("another folder that got the entries by a merge: %+v", p)
	}
}
