package identity

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity/internal/act"

	"filippo.io/age"
)

// Work factors of scrypt (log2 N, r = 8). 2^17 is OWASP's figure: 128 MiB and about half a second on a laptop. The cap
// keeps a hostile key file from asking for gigabytes; 2^20 is 1 GiB.
const (
	DefaultWorkFactor = 17
	MaxWorkFactor     = 20
)

// Act is a person's consent to sign: who, to which kinds of entry, having been shown what. Only identity/confirm makes
// one; the zero Act permits nothing. Copies share their uses.
type Act = act.Act

// Outcomes of Sign.
var (
	ErrNoAct  = errors.New("identity: no person's act permits this signature")
	ErrLocked = errors.New("identity: the key is locked")
	ErrNotOwn = errors.New("identity: this is not an entry by this key")
)

// secret is what the age file holds. Person and name stand inside so that a changed card shows.
type secret struct {
	V    int                 `json:"v"`
	ID   caserecord.PersonID `json:"id"`
	Name string              `json:"name"`
	Seed string              `json:"seed"`
}

// Unlocked is a person whose key is in memory. Lock it as soon as they leave.
type Unlocked struct {
	person Person
	mu     sync.Mutex
	key    ed25519.PrivateKey // nil when locked
}

func publicOf(seed []byte) caserecord.Author {
	key := ed25519.NewKeyFromSeed(seed)
	defer wipe(key)
	return caserecord.Author(hex.EncodeToString(key.Public().(ed25519.PublicKey)))
}

func sealKey(p Person, seed, pass []byte, workFactor int) ([]byte, error) {
	if workFactor < 10 || workFactor > MaxWorkFactor {
		return nil, fmt.Errorf("identity: work factor %d: not between 10 and %d", workFactor, MaxWorkFactor)
	}
	r, err := age.NewScryptRecipient(string(pass))
	if err != nil {
		return nil, fmt.Errorf("identity: seal key: %w", err)
	}
	r.SetWorkFactor(workFactor)
	plain, err := json.Marshal(secret{1, p.ID, p.Name, hex.EncodeToString(seed)})
	if err != nil {
		return nil, fmt.Errorf("identity: seal key: %w", err)
	}
	defer wipe(plain)
	var out bytes.Buffer
	w, err := age.Encrypt(&out, r)
	if err == nil {
		_, err = w.Write(plain)
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("identity: seal key: %w", err)
	}
	return out.Bytes(), nil
}

// Unlock opens the key of a person, found by id or name, with the passphrase. A wrong one gives ErrPassphrase after the
// same scrypt work as the right one. ErrUnknownPerson, ErrAmbiguous, ErrDamaged. The caller locks the result.
func Unlock(home, idOrName string, pass []byte) (*Unlocked, error) {
	p, err := Find(home, idOrName)
	if err != nil {
		return nil, err
	}
	b, err := readFile(keyPath(home, p.ID))
	if err != nil {
		return nil, err
	}
	if len(pass) == 0 {
		pass = []byte{0} // age refuses an empty passphrase at once; let it do the work of a wrong one
	}
	id, err := age.NewScryptIdentity(string(pass))
	if err != nil {
		return nil, fmt.Errorf("identity: unlock %s: %w", p.Name, err)
	}
	id.SetMaxWorkFactor(MaxWorkFactor)
	r, err := age.Decrypt(bytes.NewReader(b), id)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return nil, fmt.Errorf("%w: %s", ErrPassphrase, p.Name)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: key of %s: %w", ErrDamaged, p.Name, err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxFileBytes))
	defer wipe(plain)
	if err != nil {
		return nil, fmt.Errorf("%w: key of %s: %w", ErrDamaged, p.Name, err)
	}
	return unseal(p, plain)
}

func unseal(p Person, plain []byte) (*Unlocked, error) {
	var s secret
	if err := json.Unmarshal(plain, &s); err != nil || s.V != 1 {
		return nil, fmt.Errorf("%w: key of %s: not a key of version 1", ErrDamaged, p.Name)
	}
	seed, err := hex.DecodeString(s.Seed)
	defer wipe(seed)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%w: key of %s: no seed", ErrDamaged, p.Name)
	}
	if s.ID != p.ID || s.Name != p.Name || publicOf(seed) != p.Key {
		return nil, fmt.Errorf("%w: %s: the public card does not belong to the key", ErrDamaged, p.Name)
	}
	return &Unlocked{person: p, key: ed25519.NewKeyFromSeed(seed)}, nil
}

// Person is whose key this is; it stays readable after Lock.
func (u *Unlocked) Person() Person { return u.person }

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
	wipe(u.key)
	u.key = nil
}

// Sign signs one entry, given by its pre-authentication encoding (what caserecord.Seal hands to its sign function).
// The act must be by this person, name this kind and have a use left, else ErrNoAct; the bytes must be an entry of this
// kind by this key, else ErrNotOwn and the act keeps its use. There is no other way to a signature.
func (u *Unlocked) Sign(a Act, kind string, pae []byte) ([]byte, error) {
	h, err := caserecord.HeaderToSign(pae)
	if err != nil || h.Author != u.person.Key || string(h.Kind) != kind {
		return nil, ErrNotOwn
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.key == nil {
		return nil, ErrLocked
	}
	if !a.Use(string(u.person.ID), string(u.person.Key), kind) {
		return nil, fmt.Errorf("%w: %s by %s", ErrNoAct, kind, u.person.Name)
	}
	return ed25519.Sign(u.key, pae), nil
}

// wipe overwrites secret bytes. Copies that the runtime or a library made are out of reach.
func wipe(b []byte) {
	for i := range b {
		b[i] = 0
	}
}
