package identity

import (
	"crypto/ed25519"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
)

// What an Act names to permit a signature that is no entry. They are not kinds of the record: Sign refuses them.
const (
	CheckpointSigned    = "checkpoint.signed"    // SignCheckpoint
	CheckpointWitnessed = "checkpoint.witnessed" // SignCosignature
)

// SignCheckpoint signs the text of a checkpoint of this very key's chain (what checkpoint.Sign hands to its sign
// function). The act must name CheckpointSigned, by this person and with a use left, else ErrNoAct; any other text is
// ErrNotOwn and the act keeps its use.
func (u *Unlocked) SignCheckpoint(a Act, text []byte) ([]byte, error) {
	c, err := checkpoint.Parse(text)
	if err != nil || caserecord.Author(c.Author) != u.person.Key {
		return nil, ErrNotOwn
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if err := u.spend(a, CheckpointSigned); err != nil {
		return nil, err
	}
	return ed25519.Sign(*u.key, text), nil
}

// SignCosignature signs a checkpoint of another key's chain as its witness, given by the message of C2SP
// tlog-cosignature with the time (what checkpoint.Cosign hands to its sign function). The act must name
// CheckpointWitnessed, else ErrNoAct; any other bytes, and a checkpoint of one's own key, are ErrNotOther and the act
// keeps its use. Whether the checkpoint agrees with those witnessed before is the caller's to check.
func (u *Unlocked) SignCosignature(a Act, msg []byte) ([]byte, error) {
	c, _, err := checkpoint.ParseToCosign(msg)
	if err != nil || caserecord.Author(c.Author) == u.person.Key {
		return nil, ErrNotOther
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if err := u.spend(a, CheckpointWitnessed); err != nil {
		return nil, err
	}
	return ed25519.Sign(*u.key, msg), nil
}
