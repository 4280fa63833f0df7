// Package identity keeps people and their signing keys on this device, outside every case.
//
// It stands under decision and workbench in the flow: a person is unlocked with a passphrase, and what they confirm is
// signed. It keeps true that no signature over an entry or a checkpoint is made without an Act: the proof that a confirm
// handler of the window or the command line showed something to this person and they agreed (P1). Only the package
// identity/confirm makes Acts, and a test of this package lets only app and backend/cli import it. There is no function
// that signs plain bytes: Sign, SignCheckpoint and SignCosignature read what they sign and refuse all else; ExportCard,
// which needs no Act, signs a person's own card and takes no words from outside. Boxes for people are opened without an
// Act too: that decrypts and signs nothing.
//
// A key file is one age file (age-encryption.org/v1, scrypt recipient) in ADJUTANT_HOME/people; the other file of a
// person holds only public words. All forms are specified in doc/key-format.md. Keys never enter a case. A person may have a key on each of several devices, one on
// each. It deliberately knows no roles and no revocations: those are the record's.
package identity

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"adjutant/backend/caserecord"
)

// Outcomes that callers tell apart.
var (
	ErrPassphrase    = errors.New("identity: the passphrase does not open this key")
	ErrUnknownPerson = errors.New("identity: no such person on this device")
	ErrAmbiguous     = errors.New("identity: several people have this name; use the id")
	ErrExists        = errors.New("identity: this person has a key on this device already")
	ErrNoDefault     = errors.New("identity: no default person on this device")
	ErrName          = errors.New("identity: a name is one line of 1 to 200 bytes")
	ErrEmptyPass     = errors.New("identity: the passphrase is empty")
	ErrDamaged       = errors.New("identity: damaged")
	ErrCard          = errors.New("identity: not a valid card")
	ErrKey           = errors.New("identity: not a usable public key")
	ErrWhole         = errors.New("identity: the card is whole")
)

// Person is the public half of an identity.
type Person struct {
	ID      caserecord.PersonID
	Name    string
	Key     caserecord.Author // Ed25519 public key of this person on this device
	Created time.Time
}

// Ref is the person as case.opened and person.admitted introduce them.
func (p Person) Ref() caserecord.PersonRef {
	return caserecord.PersonRef{ID: p.ID, Name: p.Name, Key: p.Key}
}

// Home is where this device keeps people: ADJUTANT_HOME, else the user's configuration folder.
func Home() (string, error) {
	if h := os.Getenv("ADJUTANT_HOME"); h != "" {
		return h, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("identity: no home for keys: set ADJUTANT_HOME: %w", err)
	}
	return filepath.Join(dir, "adjutant"), nil
}

func checkName(name string) error {
	bad := func(r rune) bool { return r < 0x20 || r == 0x7f }
	if strings.TrimSpace(name) == "" || len(name) > maxNameBytes || !utf8.ValidString(name) || strings.ContainsFunc(name, bad) {
		return ErrName
	}
	return nil
}

// List returns the people of this device, by name, then id. A device without any gives none and no error. A card that
// cannot be read costs nobody else theirs: it is left out, and Damaged tells of it.
func List(home string) ([]Person, error) {
	people, _, err := scan(home)
	return people, err
}

// Damaged tells, a line each, which files of people are not as this package writes them, and what helps.
func Damaged(home string) []string {
	_, damaged, err := scan(home)
	if err != nil {
		return []string{err.Error()}
	}
	return damaged
}

func scan(home string) (people []Person, damaged []string, err error) {
	files, err := os.ReadDir(peopleDir(home))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("identity: list people: %w", err)
	}
	var cards, keys []caserecord.PersonID
	for _, f := range files {
		if id, ok := strings.CutSuffix(f.Name(), cardEnd); ok {
			cards = append(cards, caserecord.PersonID(id))
		}
		if id, ok := strings.CutSuffix(f.Name(), keyEnd); ok {
			keys = append(keys, caserecord.PersonID(id))
		}
	}
	for _, id := range cards {
		p, err := readCard(home, id)
		if err != nil {
			damaged = append(damaged, fmt.Sprintf("%s: the card cannot be read; `identity mend %s` writes it again from the key", cardPath(home, id), id))
			continue
		}
		people = append(people, p)
		if !slices.Contains(keys, id) {
			damaged = append(damaged, fmt.Sprintf("%s: the key file of %s is missing; `identity forget %s` removes what is left", keyPath(home, id), p.Name, id))
		}
	}
	for _, id := range keys {
		if !slices.Contains(cards, id) {
			damaged = append(damaged, fmt.Sprintf("%s: the card of this key is missing; `identity mend %s` writes it again from the key", keyPath(home, id), id))
		}
	}
	slices.SortFunc(people, func(a, b Person) int {
		return strings.Compare(a.Name+"\x00"+string(a.ID), b.Name+"\x00"+string(b.ID))
	})
	slices.Sort(damaged)
	return people, damaged, nil
}

// readCard reads the public file of a person, people/<id>.json.
func readCard(home string, id caserecord.PersonID) (Person, error) {
	path := cardPath(home, id)
	b, err := readFile(path)
	if err != nil {
		return Person{}, err
	}
	c, err := parseCard(b[:max(0, len(b)-1)])
	if err != nil || b[len(b)-1] != '\n' || c.ID != id {
		return Person{}, fmt.Errorf("%w: %s", ErrDamaged, path)
	}
	return c.person(), nil
}

// Find returns the person with this id or, without regard to case, this name. ErrUnknownPerson, ErrAmbiguous.
func Find(home, idOrName string) (Person, error) {
	people, err := List(home)
	if err != nil {
		return Person{}, err
	}
	var found []Person
	for _, p := range people {
		if string(p.ID) == idOrName {
			return p, nil
		}
		if strings.EqualFold(p.Name, idOrName) {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 0:
		return Person{}, fmt.Errorf("%w: %q", ErrUnknownPerson, idOrName)
	case 1:
		return found[0], nil
	}
	return Person{}, fmt.Errorf("%w: %q", ErrAmbiguous, idOrName)
}

// Default returns the person who acts when none is named: the one that SetDefault chose, else the only one.
func Default(home string) (Person, error) {
	b, err := readFile(defaultPath(home))
	if err == nil {
		return Find(home, strings.TrimSpace(string(b)))
	}
	if !errors.Is(err, os.ErrNotExist) {
		return Person{}, err
	}
	people, err := List(home)
	if err != nil {
		return Person{}, err
	}
	if len(people) != 1 {
		return Person{}, ErrNoDefault
	}
	return people[0], nil
}

// SetDefault chooses the default person by id or name.
func SetDefault(home, idOrName string) error {
	p, err := Find(home, idOrName)
	if err != nil {
		return err
	}
	return writeFile(defaultPath(home), []byte(string(p.ID)+"\n"))
}
