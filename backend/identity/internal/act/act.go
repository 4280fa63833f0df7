// Package act holds the type behind identity.Act and its constructor, where only identity and identity/confirm can
// reach it: the compiler keeps every other package from making one.
//
// It keeps true that an act belongs to one person and key, names its kinds, remembers the hash of what was shown, and
// ends: after one use, or when its batch is over.
package act

import (
	"crypto/sha256"
	"sync"
)

// Act is a person's consent to sign. The zero Act permits nothing. Copies share one set of uses.
type Act struct{ p *permit }

type permit struct {
	mu     sync.Mutex
	person string
	key    string
	kinds  map[string]bool
	shown  [sha256.Size]byte
	batch  bool
	over   bool
}

// New makes an act for one use or, with batch, for many until End.
func New(person, key string, shown []byte, batch bool, kinds []string) Act {
	p := &permit{person: person, key: key, kinds: map[string]bool{}, shown: sha256.Sum256(shown), batch: batch}
	for _, k := range kinds {
		p.kinds[k] = true
	}
	return Act{p}
}

// Shown is the SHA-256 of what the person saw when they agreed; all zero for the zero Act.
func (a Act) Shown() (sum [sha256.Size]byte) {
	if a.p != nil {
		sum = a.p.shown
	}
	return sum
}

// Use spends the act on one entry. false means that it does not permit it: nothing is spent then.
func (a Act) Use(person, key, kind string) bool {
	if a.p == nil {
		return false
	}
	a.p.mu.Lock()
	defer a.p.mu.Unlock()
	if a.p.over || a.p.person != person || a.p.key != key || !a.p.kinds[kind] {
		return false
	}
	a.p.over = !a.p.batch
	return true
}

// End takes back what is left of the act. A batch is ended when its import is.
func (a Act) End() {
	if a.p == nil {
		return
	}
	a.p.mu.Lock()
	a.p.over = true
	a.p.mu.Unlock()
}
