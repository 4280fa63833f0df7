package identity

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"adjutant/backend/caserecord"

	"filippo.io/age"
	"filippo.io/edwards25519"
)

// secret is what the age file holds, as encoding/json writes it. Person and name stand inside so that a changed card
// shows, and so that a card which was lost can be written again.
type secret struct {
	V       int                 `json:"v"`
	ID      caserecord.PersonID `json:"id"`
	Name    string              `json:"name"`
	Seed    string              `json:"seed"`
	Created time.Time           `json:"created,omitzero"` // absent in the first key files
}

func (s secret) seed() ([]byte, error) { return hex.DecodeString(s.Seed) }

// person is what the key file alone says of its owner; Created is zero for the first key files.
func (s secret) person() (Person, error) {
	seed, err := s.seed()
	defer wipe(seed)
	if err != nil {
		return Person{}, err
	}
	return Person{ID: s.ID, Name: s.Name, Key: publicOf(seed), Created: s.Created}, nil
}

// parseSecret reads the one form of a secret.
func parseSecret(plain []byte) (secret, error) {
	var s secret
	if err := json.Unmarshal(plain, &s); err != nil {
		return secret{}, errors.New("not JSON of a key")
	}
	form, err := json.Marshal(s)
	defer wipe(form)
	switch {
	case err != nil || !bytes.Equal(form, plain):
		return secret{}, errors.New("not in its one form")
	case s.V != 1:
		return secret{}, errors.New("not a key of version 1")
	case !isHex(string(s.ID), 32) || checkName(s.Name) != nil || !isHex(s.Seed, 2*ed25519.SeedSize):
		return secret{}, errors.New("person or seed out of form")
	case !s.Created.IsZero() && !wholeUTC(s.Created):
		return secret{}, errors.New("time out of form")
	}
	return s, nil
}

func isHex(s string, digits int) bool {
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return len(s) == digits
}

// wholeUTC reports a time that has one text: UTC, whole seconds, four digits of year.
func wholeUTC(t time.Time) bool {
	return t.Location() == time.UTC && t.Nanosecond() == 0 && t.Year() >= minYear && t.Year() <= maxYear
}

// publicKey is an author as a key: in lower-case hexadecimal, the one encoding of its point (RFC 8032 §5.1.2 leaves
// others to the lenient), and not of the small group for which a signature says nothing because anybody can make it.
func publicKey(a caserecord.Author) (ed25519.PublicKey, error) {
	b, err := hex.DecodeString(string(a))
	if err != nil || !isHex(string(a), 2*ed25519.PublicKeySize) {
		return nil, fmt.Errorf("%w: not 64 lower-case hexadecimal digits", ErrKey)
	}
	p, err := new(edwards25519.Point).SetBytes(b)
	if err != nil || !bytes.Equal(p.Bytes(), b) {
		return nil, fmt.Errorf("%w: not the encoding of a point", ErrKey)
	}
	if new(edwards25519.Point).MultByCofactor(p).Equal(edwards25519.NewIdentityPoint()) == 1 {
		return nil, fmt.Errorf("%w: a point of small order", ErrKey)
	}
	return b, nil
}

func publicOf(seed []byte) caserecord.Author {
	key := ed25519.NewKeyFromSeed(seed)
	defer wipe(key)
	return caserecord.Author(hex.EncodeToString(key.Public().(ed25519.PublicKey)))
}

// sealKey makes the bytes of a key file.
func sealKey(s secret, pass []byte, workFactor int) ([]byte, error) {
	if workFactor < minWorkFactor || workFactor > MaxWorkFactor {
		return nil, fmt.Errorf("identity: work factor %d: not between %d and %d", workFactor, minWorkFactor, MaxWorkFactor)
	}
	r, err := age.NewScryptRecipient(string(pass))
	if err != nil {
		return nil, fmt.Errorf("identity: seal key: %w", err)
	}
	r.SetWorkFactor(workFactor)
	plain, err := json.Marshal(s)
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

// openKey opens the bytes of a key file; who names it in errors. A file that asks for more than 2^maxWork is refused
// before the work. ErrPassphrase, ErrDamaged.
func openKey(b, pass []byte, who string, maxWork int) (secret, error) {
	if len(pass) == 0 {
		pass = []byte{0} // age refuses an empty passphrase at once; let it do the work of a wrong one
	}
	id, err := age.NewScryptIdentity(string(pass))
	if err != nil {
		return secret{}, fmt.Errorf("identity: unlock %s: %w", who, err)
	}
	id.SetMaxWorkFactor(maxWork)
	r, err := age.Decrypt(bytes.NewReader(b), id)
	if errors.Is(err, age.ErrIncorrectIdentity) {
		return secret{}, fmt.Errorf("%w: %s", ErrPassphrase, who)
	}
	if err != nil {
		return secret{}, fmt.Errorf("%w: key of %s: %w", ErrDamaged, who, err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxFileBytes))
	defer wipe(plain)
	if err != nil {
		return secret{}, fmt.Errorf("%w: key of %s: %w", ErrDamaged, who, err)
	}
	s, err := parseSecret(plain)
	if err != nil {
		return secret{}, fmt.Errorf("%w: key of %s: %w", ErrDamaged, who, err)
	}
	return s, nil
}

// readKey opens a person's key file. ErrPassphrase; ErrDamaged, also when the file is missing or another person's.
func readKey(path string, p Person, pass []byte) (secret, error) {
	b, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return secret{}, fmt.Errorf("%w: the key file of %s is missing", ErrDamaged, p.Name)
	}
	if err != nil {
		return secret{}, err
	}
	s, err := openKey(b, pass, p.Name, MaxWorkFactor)
	if err != nil {
		return secret{}, err
	}
	own, err := s.person()
	if err != nil || own.ID != p.ID || own.Name != p.Name || own.Key != p.Key || !own.Created.IsZero() && !own.Created.Equal(p.Created) {
		return secret{}, fmt.Errorf("%w: %s: the public card does not belong to the key", ErrDamaged, p.Name)
	}
	return s, nil
}

// wipe overwrites secret bytes. Copies that the runtime or a library made are out of reach.
func wipe(b []byte) {
	for i := range b {
		b[i] = 0
	}
}
