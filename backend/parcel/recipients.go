package parcel

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"strings"

	"adjutant/backend/caserecord"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"
)

// Work factors of scrypt (log2 N, r = 8) for passphrases. 2^18 is 256 MiB and about a second, as for a case's own
// passphrase: a parcel may be lost on a train. The cap keeps a hostile parcel from asking for more than 1 GiB.
const (
	DefaultWorkFactor = 18
	MaxWorkFactor     = 20
)

// MaxRecipients bounds a parcel's header: a header that long is refused by age's own reader soon after.
const MaxRecipients = 200

// ParseRecipient reads one recipient as people write it: an age1… key, or a person's signing key, 64 hexadecimal digits.
// ErrRecipient.
func ParseRecipient(s string) (age.Recipient, error) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "age1") {
		r, err := age.ParseX25519Recipient(s)
		if err != nil {
			return nil, fmt.Errorf("%w: %.80q: %w", ErrRecipient, s, err)
		}
		return r, nil
	}
	return ForPerson(caserecord.Author(strings.ToLower(s)))
}

// ForPerson makes a recipient of a person's signing key, as age does of an SSH key: whoever holds the private half can
// open, and no second key has to be handed round. ErrRecipient.
func ForPerson(key caserecord.Author) (age.Recipient, error) {
	b, err := hex.DecodeString(string(key))
	if err != nil || len(b) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("%w: %.80q is neither an age1… key nor a signing key of 64 hexadecimal digits", ErrRecipient, string(key))
	}
	public, err := ssh.NewPublicKey(ed25519.PublicKey(b))
	if err != nil {
		return nil, fmt.Errorf("%w: key %s: %w", ErrRecipient, key, err)
	}
	r, err := agessh.NewEd25519Recipient(public)
	if err != nil { // 32 bytes that are no point of the curve
		return nil, fmt.Errorf("%w: key %s: %w", ErrRecipient, key, err)
	}
	return r, nil
}

// ForPassphrase makes the recipient of a passphrase; it can only stand alone. workFactor 0 is DefaultWorkFactor. age
// keeps a copy of the passphrase that nothing can wipe. ErrRecipient.
func ForPassphrase(pass []byte, workFactor int) (age.Recipient, error) {
	if workFactor == 0 {
		workFactor = DefaultWorkFactor
	}
	if workFactor < 1 || workFactor > MaxWorkFactor {
		return nil, fmt.Errorf("%w: work factor %d: 1 to %d are allowed", ErrRecipient, workFactor, MaxWorkFactor)
	}
	if len(pass) == 0 {
		return nil, fmt.Errorf("%w: an empty passphrase protects nothing", ErrRecipient)
	}
	r, err := age.NewScryptRecipient(string(pass))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRecipient, err)
	}
	r.SetWorkFactor(workFactor)
	return r, nil
}

// PassphraseIdentity opens parcels that were made for the passphrase. An empty one is ErrPassphrase.
func PassphraseIdentity(pass []byte) (age.Identity, error) {
	if len(pass) == 0 {
		return nil, ErrPassphrase
	}
	id, err := age.NewScryptIdentity(string(pass))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPassphrase, err)
	}
	id.SetMaxWorkFactor(MaxWorkFactor)
	return id, nil
}
