package identity

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"adjutant/backend/caserecord"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"
)

// Outcomes of boxes.
var (
	ErrNotForYou = errors.New("identity: the box is not sealed to this key")
	ErrBox       = errors.New("identity: the box cannot be made")
)

// Recipient is a person's signing key as somebody to encrypt to, with age's ssh-ed25519 recipient type.
//
// One key for both is sound here, and is what age itself does with SSH keys. The Ed25519 point and the X25519 key are
// the same secret scalar on two equivalent curves (RFC 7748 §4.1; filippo.io, "Using Ed25519 signing keys for
// encryption", https://blog.filippo.io/using-ed25519-keys-for-encryption). Ed25519 and a KEM on X25519 with that one key
// pair were proved jointly secure by E. Thormarker, "On using the same key pair for Ed25519 and an X25519 based KEM"
// (IACR ePrint 2021/509), in models for the group and the hash. What an attacker would need to go from one use to the
// other, a raw product with the secret scalar, no function here gives out: age hashes the shared secret with both
// public keys under the label "age-encryption.org/v1/ssh-ed25519", and tweaks it by the SSH form of the key. The
// signatures begin with words of their own ("DSSEv1 ", "adjutant card v1", "adjutant/case/", "cosignature/v1"), none of
// which is the beginning of another. libsodium's manual and age advise distinct keys where one may choose: here one
// fingerprint read aloud must be enough to admit a person and to write to them. Losing the key loses both uses.
func Recipient(to caserecord.Author) (age.Recipient, error) {
	key, err := publicKey(to)
	if err != nil {
		return nil, err
	}
	pk, err := ssh.NewPublicKey(key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	r, err := agessh.NewEd25519Recipient(pk)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	return r, nil
}

// Seal encrypts to the keys of people: an age file, at most MaxBoxPlain bytes of plain text, to 1 to MaxBoxPeople keys.
// Keys named twice count once, and the order does not show. A box tells who can open it (age puts 32 bits of each key's
// hash in the header) and its length, and nothing of who made it: everybody who knows the keys can make one. Randomness
// is the system's, which age takes by itself. ErrBox, ErrKey.
func Seal(to []caserecord.Author, plain []byte) ([]byte, error) {
	to = slices.Clone(to)
	slices.Sort(to)
	to = slices.Compact(to)
	if len(to) == 0 || len(to) > MaxBoxPeople {
		return nil, fmt.Errorf("%w: %d keys, not 1 to %d", ErrBox, len(to), MaxBoxPeople)
	}
	if len(plain) > MaxBoxPlain {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrBox, MaxBoxPlain)
	}
	var all []age.Recipient
	for _, a := range to {
		r, err := Recipient(a)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, all...)
	if err == nil {
		_, err = w.Write(plain)
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBox, err)
	}
	return out.Bytes(), nil
}

// Open decrypts a box that Seal made. The private key does not leave this package. ErrLocked; ErrNotForYou; ErrDamaged
// when the box is for this key but was changed, is cut off, or is larger than Seal makes any.
func (u *Unlocked) Open(box []byte) ([]byte, error) {
	if len(box) > maxBoxBytes {
		return nil, fmt.Errorf("%w: box longer than %d bytes", ErrDamaged, maxBoxBytes)
	}
	r, err := age.Decrypt(bytes.NewReader(box), u.AgeIdentity())
	var other *age.NoIdentityMatchError
	switch {
	case errors.Is(err, ErrLocked):
		return nil, ErrLocked
	case errors.As(err, &other):
		return nil, ErrNotForYou
	case err != nil:
		return nil, fmt.Errorf("%w: box: %w", ErrDamaged, err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, MaxBoxPlain+1))
	if err == nil && len(plain) > MaxBoxPlain {
		err = fmt.Errorf("longer than %d bytes", MaxBoxPlain)
	}
	if err != nil {
		wipe(plain)
		return nil, fmt.Errorf("%w: box: %w", ErrDamaged, err)
	}
	return plain, nil
}

// AgeIdentity lets age decrypt what is encrypted to this key: bundles and key slots, of any length. It holds no key: each
// Unwrap asks the Unlocked, and fails with ErrLocked once that is locked.
func (u *Unlocked) AgeIdentity() age.Identity { return &boxIdentity{u} }

type boxIdentity struct{ u *Unlocked }

// Unwrap opens the file key of a file that is encrypted to the person. The form of the key that age makes for it is
// left to the garbage collector: age gives no way to wipe it.
func (b *boxIdentity) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	b.u.mu.Lock()
	defer b.u.mu.Unlock()
	if b.u.key == nil {
		return nil, ErrLocked
	}
	id, err := agessh.NewEd25519Identity(*b.u.key)
	if err != nil {
		return nil, fmt.Errorf("identity: open: %w", err)
	}
	return id.Unwrap(stanzas)
}
