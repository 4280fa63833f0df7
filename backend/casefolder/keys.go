package casefolder

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"strconv"

	"filippo.io/age"
)

// keys are all secrets of an open case, derived from its age identity by HKDF-SHA-256, one info text for each use.
// Changing an info text makes every existing case unreadable: that is a new format version.
type keys struct {
	identity    *age.X25519Identity
	caseSeal    [32]byte
	entries     [32]byte
	drafts      [32]byte
	vaultNames  [32]byte
	recordStore [2][32]byte // Badger's own key, the seal's key
}

func deriveKeys(identity *age.X25519Identity) (*keys, error) {
	k := &keys{identity: identity}
	for _, d := range []struct {
		to   *[32]byte
		info string
	}{
		{&k.caseSeal, "case.json"}, {&k.entries, "entries.log"}, {&k.drafts, "drafts.log"}, {&k.vaultNames, "vault names"},
		{&k.recordStore[0], "store record badger"}, {&k.recordStore[1], "store record seal"},
	} {
		if err := k.derive(d.to, d.info); err != nil {
			return nil, err
		}
	}
	return k, nil
}

func (k *keys) derive(to *[32]byte, info string) error {
	secret := []byte(k.identity.String())
	defer clear(secret)
	b, err := hkdf.Key(sha256.New, secret, nil, "adjutant case v1 "+info, len(to))
	if err != nil {
		return fmt.Errorf("casefolder: derive key: %w", err)
	}
	copy(to[:], b)
	clear(b)
	return nil
}

// derived returns the two keys of store/derived-n; each generation has its own.
func (k *keys) derived(n int) (badger, seal [32]byte, err error) {
	if err = k.derive(&badger, "store derived "+strconv.Itoa(n)+" badger"); err == nil {
		err = k.derive(&seal, "store derived "+strconv.Itoa(n)+" seal")
	}
	return badger, seal, err
}

// wipe overwrites what can be overwritten; the identity's own copy goes with the garbage collector.
func (k *keys) wipe() {
	k.identity = nil
	for _, b := range []*[32]byte{&k.caseSeal, &k.entries, &k.drafts, &k.vaultNames, &k.recordStore[0], &k.recordStore[1]} {
		clear(b[:])
	}
}
