package workbench

import (
	"fmt"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
	"adjutant/backend/decision"
)

// ProposeRevocation says what revoking a key would sign. key is the code, or the key's hexadecimal digits or their
// beginning; "" means the person's only key, or for oneself the one in use.
func (b *Bench) ProposeRevocation(person, key, why string) (ActProposal, error) {
	s := b.State()
	own := person == "" || person == string(b.MyID())
	p := s.Person(b.MyID())
	if !own {
		var err error
		if p, err = b.inCase(person); err != nil {
			return ActProposal{}, err
		}
		own = p.ID == b.MyID()
	}
	if p == nil {
		return ActProposal{}, fmt.Errorf("%w: the case does not know you", ErrNotFound)
	}
	if err := filled(map[string]string{"the reason": why}); err != nil {
		return ActProposal{}, err
	}
	a, err := b.keyNamed(p, key, own)
	if err != nil {
		return ActProposal{}, err
	}
	if s.KeyRevokedAt(a) != nil {
		return ActProposal{}, fmt.Errorf("%w: the key %s was revoked already", ErrUsage, caserecord.KeyCode(a))
	}
	left := 0
	for _, k := range p.Keys {
		if k != a && s.PersonNow(k) != "" {
			left++
		}
	}
	d := &caserecord.KeyRevokedData{Person: p.ID, Key: a, Why: strings.TrimSpace(why)}
	if !own {
		d.ByRole = b.Acting()
	}
	return b.propose(d, decision.KeyRevoked(p.Name, caserecord.KeyCode(a), own, b.myKey() == a, left)...), nil
}

func (b *Bench) keyNamed(p *caserecord.Person, key string, own bool) (caserecord.Author, error) {
	if key == "" && own && slices.Contains(p.Keys, b.myKey()) {
		return b.myKey(), nil
	}
	var found []caserecord.Author
	for _, k := range p.Keys {
		if key == "" || caserecord.SameKeyCode(key, k) || len(key) >= 6 && strings.HasPrefix(string(k), strings.ToLower(key)) {
			found = append(found, k)
		}
	}
	if len(found) != 1 {
		var all []string
		for _, k := range p.Keys {
			all = append(all, caserecord.KeyCode(k))
		}
		return "", fmt.Errorf("%w: name one key of %s: %s", ErrUsage, p.Name, strings.Join(all, ", "))
	}
	return found[0], nil
}

// myKey is the key at the keyboard, "" when it is locked.
func (b *Bench) myKey() caserecord.Author {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.me == nil {
		return ""
	}
	return b.me.Person().Key
}
