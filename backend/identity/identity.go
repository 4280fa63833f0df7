// Package identity keeps people and their signing keys on this device, outside every case.
//
// It stands under decision and workbench in the flow: a person is unlocked with a passphrase, and what they confirm is
// signed. It keeps true that no signature is made without an Act: the proof that a confirm handler of the window or the
// command line showed something to this person and they agreed (P1). Only the package identity/confirm makes Acts, and
// a test of this package lets only app and backend/cli import it. There is no function that signs plain bytes, and a
// signer refuses what is not the entry that the Act is about.
//
// A key file is one age file (age-encryption.org/v1, scrypt recipient) in ADJUTANT_HOME/people; the other file of a
// person holds only public words. Keys never enter a case. It deliberately knows no roles: those are the record's.
package identity

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// card is the public file, people/<id>.json.
type card struct {
	V       int                 `json:"v"`
	ID      caserecord.PersonID `json:"id"`
	Name    string              `json:"name"`
	Key     caserecord.Author   `json:"key"`
	Created time.Time           `json:"created"`
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

// Option changes how Create makes a key file.
type Option func(*options)

type options struct{ workFactor int }

// WithWorkFactor sets scrypt's work factor (log2 N) of a new key file, between 10 and MaxWorkFactor. For tests and slow
// devices; the default is DefaultWorkFactor.
func WithWorkFactor(log2N int) Option { return func(o *options) { o.workFactor = log2N } }

// Create makes a person with a fresh key from rand, sealed under the passphrase. The first person of a device becomes
// its default. Nothing is left behind when it fails. ErrName, ErrEmptyPass, ErrExists.
func Create(home, name string, pass []byte, rand io.Reader, now time.Time, opts ...Option) (Person, error) {
	o := options{workFactor: DefaultWorkFactor}
	for _, f := range opts {
		f(&o)
	}
	if err := checkName(name); err != nil {
		return Person{}, err
	}
	if len(pass) == 0 {
		return Person{}, ErrEmptyPass
	}
	people, err := List(home)
	if err != nil {
		return Person{}, err
	}
	if slices.ContainsFunc(people, func(p Person) bool { return strings.EqualFold(p.Name, name) }) {
		return Person{}, fmt.Errorf("%w: %q", ErrExists, name)
	}
	var id [16]byte
	seed := make([]byte, ed25519.SeedSize)
	defer wipe(seed)
	if _, err := io.ReadFull(rand, id[:]); err != nil {
		return Person{}, fmt.Errorf("identity: randomness: %w", err)
	}
	if _, err := io.ReadFull(rand, seed); err != nil {
		return Person{}, fmt.Errorf("identity: randomness: %w", err)
	}
	p := Person{ID: caserecord.PersonID(hex.EncodeToString(id[:])), Name: name, Key: publicOf(seed), Created: now.UTC().Truncate(time.Second)}
	sealed, err := sealKey(p, seed, pass, o.workFactor)
	if err != nil {
		return Person{}, err
	}
	public, err := json.Marshal(card{1, p.ID, p.Name, p.Key, p.Created})
	if err != nil {
		return Person{}, fmt.Errorf("identity: card of %s: %w", p.ID, err)
	}
	// The key first: a person who is listed can be unlocked, whenever the power went.
	if err := writeFile(keyPath(home, p.ID), sealed); err != nil {
		return Person{}, err
	}
	if err := writeFile(cardPath(home, p.ID), append(public, '\n')); err != nil {
		os.Remove(keyPath(home, p.ID)) //nolint:errcheck // the error that counts is the first
		return Person{}, err
	}
	if len(people) == 0 {
		err = SetDefault(home, string(p.ID))
	}
	return p, err
}

func checkName(name string) error {
	bad := func(r rune) bool { return r < 0x20 || r == 0x7f }
	if strings.TrimSpace(name) == "" || len(name) > 200 || !utf8.ValidString(name) || strings.ContainsFunc(name, bad) {
		return ErrName
	}
	return nil
}

// List returns the people of this device, by name, then id. A device without any gives none and no error.
func List(home string) ([]Person, error) {
	files, err := os.ReadDir(peopleDir(home))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("identity: list people: %w", err)
	}
	var out []Person
	for _, f := range files {
		if id, ok := strings.CutSuffix(f.Name(), ".json"); ok && f.Type().IsRegular() {
			p, err := readCard(home, caserecord.PersonID(id))
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Person) int {
		return strings.Compare(a.Name+"\x00"+string(a.ID), b.Name+"\x00"+string(b.ID))
	})
	return out, nil
}

func readCard(home string, id caserecord.PersonID) (Person, error) {
	b, err := readFile(cardPath(home, id))
	if err != nil {
		return Person{}, err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var c card
	if err := dec.Decode(&c); err != nil || c.V != 1 || c.ID != id || checkName(c.Name) != nil || len(c.Key) != 64 {
		return Person{}, fmt.Errorf("%w: %s", ErrDamaged, cardPath(home, id))
	}
	return Person{c.ID, c.Name, c.Key, c.Created}, nil
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
