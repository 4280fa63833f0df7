package identity_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
)

// TestSecondDevice gives a person a key on a second laptop: the same person, another key, and both sign.
func TestSecondDevice(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	r := &counting{}
	ada := create(t, one, "Ada Lind", r)
	exported := export(t, unlock(t, one, ada))
	quick := identity.WithWorkFactor(10)

	if _, err := identity.Join(one, exported, pass, r, day, quick); !errors.Is(err, identity.ErrExists) {
		t.Errorf("on the first laptop: %v", err)
	}
	if _, err := identity.Join(two, exported, nil, r, day, quick); !errors.Is(err, identity.ErrEmptyPass) {
		t.Errorf("no passphrase: %v", err)
	}
	if _, err := identity.Join(two, exported[1:], pass, r, day, quick); !errors.Is(err, identity.ErrCard) {
		t.Errorf("damaged card: %v", err)
	}
	here, err := identity.Join(two, exported, pass2, r, day.Add(time.Hour), quick)
	if err != nil {
		t.Fatal(err)
	}
	if here.ID != ada.ID || here.Name != ada.Name || here.Key == ada.Key || !here.Created.Equal(day.Add(time.Hour)) {
		t.Errorf("joined as %+v", here)
	}
	if people, err := identity.List(two); err != nil || len(people) != 1 || people[0] != here {
		t.Errorf("list: %v %v", people, err)
	}
	if p, err := identity.Find(two, "ada lind"); err != nil || p != here {
		t.Errorf("find: %v %v", p, err)
	}
	if p, err := identity.Default(two); err != nil || p != here {
		t.Errorf("default: %v %v", p, err)
	}
	if p, err := identity.Find(one, string(ada.ID)); err != nil || p != ada {
		t.Errorf("the first laptop changed: %v %v", p, err)
	}
	u, err := identity.Unlock(two, "Ada Lind", pass2)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Lock()
	if p, err := identity.ReadCard(export(t, u)); err != nil || p != here {
		t.Errorf("the card of the second key: %v %v", p, err)
	}
	if _, err := identity.Join(two, export(t, u), pass, r, day, quick); !errors.Is(err, identity.ErrExists) {
		t.Errorf("join twice: %v", err)
	}

	// A key is never written over, not even one whose card cannot be read.
	card := two + "/people/" + string(ada.ID) + ".json"
	write(t, card, []byte("?"))
	if _, err := identity.Join(two, exported, pass, r, day, quick); !errors.Is(err, identity.ErrExists) {
		t.Errorf("join over a damaged card: %v", err)
	}
	if p, err := identity.Mend(two, string(ada.ID), pass2); err != nil || p != here {
		t.Errorf("mend: %v %v", p, err)
	}

	// A namesake who is somebody else keeps their own id.
	three := t.TempDir()
	other := create(t, three, "Ada Lind", &counting{n: 77})
	if p, err := identity.Join(three, exported, pass, r, day, quick); err != nil || p.ID != ada.ID {
		t.Fatalf("a namesake: %v %v", p, err)
	}
	if _, err := identity.Find(three, "Ada Lind"); !errors.Is(err, identity.ErrAmbiguous) {
		t.Errorf("find a namesake by name: %v", err)
	}
	if p, err := identity.Find(three, string(other.ID)); err != nil || p != other {
		t.Errorf("find a namesake by id: %v %v", p, err)
	}
}

// TestForget removes one person's key and all that is theirs, and nobody else's.
func TestForget(t *testing.T) {
	home := t.TempDir()
	r := &counting{}
	ada, ben := create(t, home, "Ada Lind", r), create(t, home, "Ben Okafor", r)
	staged := home + "/people/." + string(ada.ID) + ".key.age.new-123"
	write(t, staged, []byte("what a killed change left"))
	if _, err := identity.Forget(home, "Cy"); !errors.Is(err, identity.ErrUnknownPerson) {
		t.Errorf("nobody: %v", err)
	}
	for _, id := range []string{"", ".", "..", "../people", string(ada.ID)[:31], "0123456789abcdef0123456789abcdef"} {
		if _, err := identity.Forget(home, id); !errors.Is(err, identity.ErrUnknownPerson) {
			t.Errorf("forget %q: %v", id, err)
		}
	}
	if p, err := identity.Forget(home, "ada lind"); err != nil || p != ada {
		t.Fatalf("forget: %v %v", p, err)
	}
	if files := peopleFiles(t, home); len(files) != 2 {
		t.Errorf("left: %q", files)
	}
	if _, err := os.Stat(home + "/default"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the default still names them: %v", err)
	}
	if p, err := identity.Default(home); err != nil || p != ben {
		t.Errorf("the one who is left is the default: %v %v", p, err)
	}
	if !opens(home, ben, pass) {
		t.Error("Ben's key does not open")
	}

	// Cut off half-way: the key is gone, the card is there. Again it ends well; so it does for a damaged card, by id.
	if err := os.Remove(home + "/people/" + string(ben.ID) + ".key.age"); err != nil {
		t.Fatal(err)
	}
	write(t, home+"/people/"+string(ben.ID)+".json", []byte("?"))
	if p, err := identity.Forget(home, string(ben.ID)); err != nil || p.ID != ben.ID {
		t.Fatalf("forget by id: %v %v", p, err)
	}
	if files := peopleFiles(t, home); len(files) != 0 {
		t.Errorf("left: %q", files)
	}
	if told := identity.Damaged(home); len(told) != 0 {
		t.Errorf("told: %q", told)
	}
}

// TestJoinedKeyCounts: the case takes entries of the second key once a commander admitted it, as the same person.
func TestJoinedKeyCounts(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	r := &counting{}
	ada := create(t, one, "Ada Lind", r)
	second, err := identity.Join(two, export(t, unlock(t, one, ada)), pass, r, day, identity.WithWorkFactor(10))
	if err != nil {
		t.Fatal(err)
	}
	u1, u2 := unlock(t, one, ada), unlock(t, two, second)
	log := caserecord.NewLog()
	add := func(u *identity.Unlocked, data caserecord.Content) {
		t.Helper()
		h := caserecord.Header{Mode: "exercise", Author: u.Person().Key, Seq: 1, Recorded: day}
		if len(log.Entries()) > 0 {
			if h, err = log.Next(u.Person().Key, day); err != nil {
				t.Fatal(err)
			}
		}
		kind := string(data.Kind())
		e, err := caserecord.Seal(h, data, [16]byte{1}, func(pae []byte) ([]byte, error) {
			return u.Sign(newAct(u, "x", kind), kind, pae)
		})
		if err != nil {
			t.Fatal(err)
		}
		log.Add(e)
	}
	add(u1, &caserecord.CaseOpenedData{Name: "Harbour", TLP: "TLP:AMBER", Zone: "UTC", Person: ada.Ref()})
	add(u2, &caserecord.NoteMadeData{Text: "before anybody admitted the second key"})
	add(u1, &caserecord.PersonAdmittedData{Person: second.Ref()})
	add(u2, &caserecord.NoteMadeData{Text: "after it"})
	s := caserecord.Fold(log.Entries())
	if len(s.People) != 1 || s.People[0].ID != ada.ID || len(s.People[0].Keys) != 2 {
		t.Errorf("people: %+v", s.People)
	}
	if len(s.Notes) != 1 || s.Notes[0].Data.Text != "after it" || s.Notes[0].Person != ada.ID {
		t.Errorf("notes: %+v", s.Notes)
	}
}
