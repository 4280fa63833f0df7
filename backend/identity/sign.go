package identity

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"sync"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity/internal/act"
)

// Act is a person's consent to sign: who, to which kinds of entry, having been shown what. Only identity/confirm makes
// one; the zero Act permits nothing. Copies share their uses.
type Act = act.Act

// Outcomes of signing.
var (
	ErrNoAct    = errors.New("identity: no person's act permits this signature")
	ErrLocked   = errors.New("identity: the key is locked")
	ErrNotOwn   = errors.New("identity: this is not an entry or checkpoint by this key")
	ErrNotOther = errors.New("identity: this is not a checkpoint by another key")
)

// Unlocked is a person whose key is in memory. Lock it as soon as they leave. Several people can be unlocked at once;
// none can sign for, or open the boxes of, another.
type Unlocked struct {
	person Person
	mu     sync.Mutex
	key    *ed25519.PrivateKey // nil when locked; a pointer, since fmt prints the bytes of fields that no method guards
}

// Unlock opens the key of a person, found by id or name, with the passphrase. A wrong one gives ErrPassphrase after the
// same scrypt work as the right one. ErrUnknownPerson, ErrAmbiguous, ErrDamaged. The caller locks the result.
func Unlock(home, idOrName string, pass []byte) (*Unlocked, error) {
	p, err := Find(home, idOrName)
	if err != nil {
		return nil, err
	}
	s, err := readKey(keyPath(home, p.ID), p, pass)
	if err != nil {
		return nil, err
	}
	seed, err := s.seed()
	defer wipe(seed)
	if err != nil {
		return nil, fmt.Errorf("%w: key of %s: no seed", ErrDamaged, p.Name)
	}
	key := ed25519.NewKeyFromSeed(seed)
	return &Unlocked{person: p, key: &key}, nil
}

// Person is whose key this is; it stays readable after Lock.
func (u *Unlocked) Person() Person { return u.person }

// Format prints whose key this is and never the key, whatever the verb: an Unlocked in a log line gives nothing away.
func (u *Unlocked) Format(f fmt.State, _ rune) {
	io.WriteString(f, "identity.Unlocked("+string(u.person.ID)+")") //nolint:errcheck // a Formatter has nowhere to say it
}

// Locked reports whether Lock was called.
func (u *Unlocked) Locked() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.key == nil
}

// Lock wipes the key from memory. Safe to call twice.
func (u *Unlocked) Lock() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.key != nil {
		wipe(*u.key)
	}
	u.key = nil
}

// Sign signs one entry, given by its pre-authentication encoding (what caserecord.Seal hands to its sign function).
// The act must be by this person, name this kind and have a use left, else ErrNoAct; the bytes must be an entry of this
// kind by this key, else ErrNotOwn and the act keeps its use. There is no other way to the signature of an entry.
func (u *Unlocked) Sign(a Act, kind string, pae []byte) ([]byte, error) {
	h, err := caserecord.HeaderToSign(pae)
	if err != nil || h.Author != u.person.Key || string(h.Kind) != kind {
		return nil, ErrNotOwn
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if err := u.spend(a, kind); err != nil {
		return nil, err
	}
	return ed25519.Sign(*u.key, pae), nil
}

// spend uses the act for one signature of this kind. u.mu is held.
func (u *Unlocked) spend(a Act, kind string) error {
	if u.key == nil {
		return ErrLocked
	}
	if !a.Use(string(u.person.ID), string(u.person.Key), kind) {
		return fmt.Errorf("%w: %s by %s", ErrNoAct, kind, u.person.Name)
	}
	return nil
}
