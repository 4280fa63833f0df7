package casefolder

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// slot is one way to the case's identity: an age file that holds it, for one passphrase or one person's recipient.
type slot struct {
	Kind      string `json:"kind"`                // "passphrase" or "recipient"
	Recipient string `json:"recipient,omitempty"` // age1…, for kind recipient
	Age       string `json:"age"`                 // the age file in base64
}

const (
	slotPassphrase = "passphrase"
	slotRecipient  = "recipient"
)

// SlotInfo describes a slot to a person.
type SlotInfo struct {
	Kind      string // "passphrase" or "recipient"
	Recipient string
}

func (s slot) check() error {
	if s.Kind != slotPassphrase && s.Kind != slotRecipient {
		return fmt.Errorf("kind %.40q", s.Kind)
	}
	if (s.Kind == slotRecipient) != strings.HasPrefix(s.Recipient, "age1") {
		return fmt.Errorf("recipient %.80q", s.Recipient)
	}
	if _, err := slotBase64.DecodeString(s.Age); err != nil {
		return fmt.Errorf("not base64: %w", err)
	}
	return nil
}

func newSlot(kind string, r age.Recipient, identity *age.X25519Identity) (slot, error) {
	var b bytes.Buffer
	w, err := age.Encrypt(&b, r)
	if err == nil {
		_, err = io.WriteString(w, identity.String())
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return slot{}, fmt.Errorf("casefolder: make key slot: %w", err)
	}
	return slot{Kind: kind, Age: slotBase64.EncodeToString(b.Bytes())}, nil
}

// passphraseSlot makes a slot for a passphrase. age takes passphrases as strings and keeps a copy of its own, which
// nothing can wipe; it is gone with the next garbage collection. The caller wipes pass.
func passphraseSlot(pass []byte, workFactor int, identity *age.X25519Identity) (slot, error) {
	if workFactor == 0 {
		workFactor = DefaultWorkFactor
	}
	if workFactor < 1 || workFactor > maxWorkFactor {
		return slot{}, fmt.Errorf("casefolder: work factor %d: 1 to %d are allowed", workFactor, maxWorkFactor)
	}
	if len(pass) == 0 {
		return slot{}, fmt.Errorf("%w: an empty passphrase protects nothing", ErrPassphrase)
	}
	r, err := age.NewScryptRecipient(string(pass))
	if err != nil {
		return slot{}, fmt.Errorf("casefolder: make key slot: %w", err)
	}
	r.SetWorkFactor(workFactor)
	return newSlot(slotPassphrase, r, identity)
}

func recipientSlot(recipient string, identity *age.X25519Identity) (slot, error) {
	r, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return slot{}, fmt.Errorf("casefolder: recipient: %w", err)
	}
	s, err := newSlot(slotRecipient, r, identity)
	s.Recipient = recipient
	return s, err
}

// unlockPassphrase tries the passphrase on every slot that takes one. All of them are tried even when the first fits,
// so that a wrong passphrase costs the same work as a right one.
func unlockPassphrase(slots []slot, pass []byte) (*age.X25519Identity, error) {
	if len(pass) == 0 {
		return nil, ErrPassphrase
	}
	id, err := age.NewScryptIdentity(string(pass))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPassphrase, err)
	}
	id.SetMaxWorkFactor(maxWorkFactor)
	return unlock(slots, slotPassphrase, id)
}

func unlock(slots []slot, kind string, with age.Identity) (*age.X25519Identity, error) {
	var found *age.X25519Identity
	var damage error
	for i, s := range slots {
		if s.Kind != kind {
			continue
		}
		id, err := s.open(with)
		switch {
		case err == nil && found == nil:
			found = id
		case err != nil && !isWrongKey(err):
			damage = fmt.Errorf("%w: key slot %d: %w", ErrDamaged, i, err)
		}
	}
	switch {
	case found != nil:
		return found, nil
	case damage != nil:
		return nil, damage
	}
	return nil, ErrPassphrase
}

// isWrongKey tells "not for this key" from damage.
func isWrongKey(err error) bool {
	var no *age.NoIdentityMatchError
	return errors.As(err, &no) || errors.Is(err, age.ErrIncorrectIdentity)
}

func (s slot) open(with age.Identity) (*age.X25519Identity, error) {
	file, err := slotBase64.DecodeString(s.Age)
	if err != nil {
		return nil, err
	}
	r, err := age.Decrypt(bytes.NewReader(file), with)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(r, 1<<10))
	if err != nil {
		return nil, err
	}
	defer clear(b)
	return age.ParseX25519Identity(string(b))
}
