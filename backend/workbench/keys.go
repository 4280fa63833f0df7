package workbench

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"adjutant/backend/identity"
)

// ChangePassphrase seals a person's key under another passphrase. What is killed half-way leaves one that opens.
func ChangePassphrase(env Env, who string, old, new []byte) (identity.Person, error) {
	p, err := identity.Find(env.Home, who)
	if err != nil {
		return identity.Person{}, keyFault(err)
	}
	if err := longEnough(new); err != nil {
		return identity.Person{}, err
	}
	if bytes.Equal(old, new) {
		return identity.Person{}, fmt.Errorf("%w: the new passphrase is the old one", ErrUsage)
	}
	return p, keyFault(identity.ChangePassphrase(env.Home, string(p.ID), old, new, keyOptions(env)...))
}

// ExportCard makes the card by which other laptops admit this person's key.
func ExportCard(env Env, who string, pass []byte) ([]byte, identity.Person, error) {
	u, err := identity.Unlock(env.Home, who, pass)
	if err != nil {
		return nil, identity.Person{}, keyFault(err)
	}
	defer u.Lock()
	b, err := identity.ExportCard(u)
	return b, u.Person(), err
}

// ReadCard reads a card that somebody handed over. The card proves that its maker holds the key, not who they are.
func ReadCard(path string) (identity.Person, error) {
	b, err := cardBytes(path)
	if err != nil {
		return identity.Person{}, err
	}
	return identity.ReadCard(b)
}

// JoinPerson makes a key on this device for the person of a card, who has one elsewhere.
func JoinPerson(env Env, path string, pass []byte) (identity.Person, error) {
	if err := longEnough(pass); err != nil {
		return identity.Person{}, err
	}
	b, err := cardBytes(path)
	if err != nil {
		return identity.Person{}, err
	}
	p, err := identity.Join(env.Home, b, pass, env.Rand, env.Now(), keyOptions(env)...)
	return p, keyFault(err)
}

// ForgetPerson removes a person's key from this device.
func ForgetPerson(env Env, who string) (identity.Person, error) {
	p, err := identity.Forget(env.Home, who)
	return p, keyFault(err)
}

// MendPerson writes a damaged or missing card again from the key.
func MendPerson(env Env, id string, pass []byte) (identity.Person, error) {
	p, err := identity.Mend(env.Home, id, pass)
	return p, keyFault(err)
}

// DamagedPeople tells which files of people on this device are damaged, a line each.
func DamagedPeople(env Env) []string { return identity.Damaged(env.Home) }

func keyOptions(env Env) []identity.Option {
	if env.WorkFactor == 0 {
		return nil
	}
	return []identity.Option{identity.WithWorkFactor(env.WorkFactor)}
}

func longEnough(pass []byte) error {
	if len(pass) < MinPassphrase {
		return fmt.Errorf("%w: the passphrase needs at least %d characters", ErrUsage, MinPassphrase)
	}
	return nil
}

// cardBytes reads a card's file, never more of it than a card can have: what lies on somebody's stick may be anything.
func cardBytes(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w: no file %s", ErrNotFound, path)
	}
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: %s is not a file", ErrUsage, path)
	}
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, identity.MaxCardBytes+1))
}

// keyFault marks what the person at the keyboard can put right by another word.
func keyFault(err error) error {
	for _, mine := range []error{identity.ErrAmbiguous, identity.ErrExists, identity.ErrWhole, identity.ErrName, identity.ErrEmptyPass} {
		if errors.Is(err, mine) {
			return fmt.Errorf("%w: %w", ErrUsage, err)
		}
	}
	return err
}
