package identity

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
)

// Option changes how a key file is made.
type Option func(*options)

type options struct {
	workFactor int
	step       func(done string) // told after each step of a change, for the tests that kill it there
}

func optionsOf(opts []Option) options {
	o := options{workFactor: DefaultWorkFactor, step: func(string) {}}
	for _, f := range opts {
		f(&o)
	}
	return o
}

// WithWorkFactor sets scrypt's work factor (log2 N) of a new key file, between 10 and MaxWorkFactor. For tests and slow
// devices; the default is DefaultWorkFactor.
func WithWorkFactor(log2N int) Option { return func(o *options) { o.workFactor = log2N } }

// Create makes a person with a fresh key from rand, sealed under the passphrase. The first person of a device becomes
// its default. Nothing is left behind when it fails. ErrName, ErrEmptyPass, ErrExists.
func Create(home, name string, pass []byte, rand io.Reader, now time.Time, opts ...Option) (Person, error) {
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
	if _, err := io.ReadFull(rand, id[:]); err != nil {
		return Person{}, fmt.Errorf("identity: randomness: %w", err)
	}
	return newKey(home, caserecord.PersonID(hex.EncodeToString(id[:])), name, pass, rand, now, optionsOf(opts))
}

// Join makes a fresh key on this device for the person of an exported card: same id and name, another key. The person
// exports the card of the new key, and a commander of each case admits it there. The old key stays where it is; each
// device keeps its own. ErrCard, ErrEmptyPass; ErrExists when the person has a key here already.
func Join(home string, exported, pass []byte, rand io.Reader, now time.Time, opts ...Option) (Person, error) {
	p, err := ReadCard(exported)
	if err != nil {
		return Person{}, err
	}
	if len(pass) == 0 {
		return Person{}, ErrEmptyPass
	}
	return newKey(home, p.ID, p.Name, pass, rand, now, optionsOf(opts))
}

// newKey makes a key for a person who has none here.
func newKey(home string, id caserecord.PersonID, name string, pass []byte, rand io.Reader, now time.Time, o options) (Person, error) {
	if taken(home, id) {
		return Person{}, fmt.Errorf("%w: %q", ErrExists, name)
	}
	people, err := List(home)
	if err != nil {
		return Person{}, err
	}
	seed := make([]byte, ed25519.SeedSize)
	defer wipe(seed)
	if _, err := io.ReadFull(rand, seed); err != nil {
		return Person{}, fmt.Errorf("identity: randomness: %w", err)
	}
	p := Person{ID: id, Name: name, Key: publicOf(seed), Created: now.UTC().Truncate(time.Second)}
	sealed, err := sealKey(secret{1, p.ID, p.Name, hex.EncodeToString(seed), p.Created}, pass, o.workFactor)
	if err != nil {
		return Person{}, err
	}
	public, err := cardOf(p).encode()
	if err != nil {
		return Person{}, err
	}
	// The key first: a person who is listed can be unlocked, whenever the power went.
	if err := writeFile(keyPath(home, p.ID), sealed); err != nil {
		return Person{}, err
	}
	o.step("key written")
	if err := writeFile(cardPath(home, p.ID), append(public, '\n')); err != nil {
		os.Remove(keyPath(home, p.ID)) //nolint:errcheck // the error that counts is the first
		return Person{}, err
	}
	if len(people) == 0 {
		err = SetDefault(home, string(p.ID))
	}
	return p, err
}

// ChangePassphrase seals the same key under another passphrase. The old key file stays in place until the new one is on
// disk, was read back and opened with the new passphrase; then one rename takes its place. Whenever the program ends,
// one of the two passphrases opens the key. Copies of the old key file, such as backups, still open with the old one.
// Without WithWorkFactor the new file has DefaultWorkFactor. ErrUnknownPerson, ErrAmbiguous, ErrPassphrase,
// ErrEmptyPass, ErrDamaged.
func ChangePassphrase(home, idOrName string, old, new []byte, opts ...Option) error {
	o := optionsOf(opts)
	if len(new) == 0 {
		return ErrEmptyPass
	}
	p, err := Find(home, idOrName)
	if err != nil {
		return err
	}
	path := keyPath(home, p.ID)
	s, err := readKey(path, p, old)
	if err != nil {
		return err
	}
	o.step("opened")
	if err := sweep(path); err != nil {
		return err
	}
	sealed, err := sealKey(s, new, o.workFactor)
	if err != nil {
		return err
	}
	staged, err := stage(path, sealed)
	if err != nil {
		return err
	}
	o.step("staged")
	if again, err := readKey(staged, p, new); err != nil || again != s {
		os.Remove(staged) //nolint:errcheck // the error that counts is the first
		return fmt.Errorf("identity: change of passphrase: the new key file does not open; the old one stays: %w", err)
	}
	o.step("checked")
	err = commit(staged, path)
	o.step("renamed")
	return err
}

// Forget removes a person's key and card from this device, and what a killed change of passphrase left. A person whose
// card is damaged is named by id. The key comes first: called again it finishes what was cut off. It cannot reach
// backups or what a disk keeps of removed files; those copies open with their passphrase only. ErrUnknownPerson,
// ErrAmbiguous.
func Forget(home, idOrName string) (Person, error) {
	p, err := Find(home, idOrName)
	if errors.Is(err, ErrUnknownPerson) && isHex(idOrName, 32) && taken(home, caserecord.PersonID(idOrName)) {
		p, err = Person{ID: caserecord.PersonID(idOrName), Name: idOrName}, nil
	}
	if err != nil {
		return Person{}, err
	}
	key, public := keyPath(home, p.ID), cardPath(home, p.ID)
	for _, f := range []func() error{
		func() error { return remove(key) },
		func() error { return sweep(key) },
		func() error { return syncDir(peopleDir(home)) },
		func() error { return remove(public) },
		func() error { return sweep(public) },
		func() error { return syncDir(peopleDir(home)) },
	} {
		if err := f(); err != nil {
			return Person{}, err
		}
	}
	chosen, err := readFile(defaultPath(home))
	if err == nil && strings.TrimSpace(string(chosen)) == string(p.ID) {
		return p, remove(defaultPath(home))
	}
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return p, err
}

// Mend writes the card of a key again when it is missing or damaged; the key file has all of it. Of the first key files,
// which do not hold it, the time becomes the file's own. ErrUnknownPerson when there is no such key file, ErrWhole when
// the card needs no mending, ErrPassphrase, ErrDamaged.
func Mend(home, id string, pass []byte) (Person, error) {
	pid := caserecord.PersonID(id)
	if !isHex(id, 32) {
		return Person{}, fmt.Errorf("%w: %q is not the id of a key file", ErrUnknownPerson, id)
	}
	if p, err := readCard(home, pid); err == nil {
		return p, fmt.Errorf("%w: %s", ErrWhole, p.Name)
	}
	info, err := os.Stat(keyPath(home, pid))
	if err != nil {
		return Person{}, fmt.Errorf("%w: no key file of %s", ErrUnknownPerson, id)
	}
	b, err := readFile(keyPath(home, pid))
	if err != nil {
		return Person{}, err
	}
	s, err := openKey(b, pass, id, MaxWorkFactor)
	if err != nil {
		return Person{}, err
	}
	p, err := s.person()
	if err != nil || p.ID != pid {
		return Person{}, fmt.Errorf("%w: key of %s: it is another person's", ErrDamaged, id)
	}
	if p.Created.IsZero() {
		p.Created = info.ModTime().UTC().Truncate(time.Second)
	}
	public, err := cardOf(p).encode()
	if err != nil {
		return Person{}, err
	}
	return p, writeFile(cardPath(home, pid), append(public, '\n'))
}
