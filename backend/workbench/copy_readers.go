package workbench

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/parcel"

	"filippo.io/age"
)

// readers are those for whom a copy is made.
type readers struct {
	keys   []age.Recipient
	names  []string              // as the record tells them; none for a passphrase
	people []caserecord.PersonID // when the copy opens with keys of people of the case and nothing else
	sealed bool                  // sealed words go along as they are: only members of their lane can open them
	notes  []string
}

// readersOf finds everybody for whom a copy is encrypted.
func (b *Bench) readersOf(s *caserecord.State, r CopyRequest) (readers, error) {
	switch {
	case r.Form == FormPlain && (len(r.Recipients) > 0 || len(r.Passphrase) > 0):
		return readers{}, fmt.Errorf("%w: a plain copy has no recipients and no passphrase", ErrUsage)
	case r.Form == FormPlain:
		return readers{names: []string{}}, nil
	case len(r.Recipients) > 0 && len(r.Passphrase) > 0:
		return readers{}, fmt.Errorf("%w: a parcel opens with a passphrase or with keys, not both", ErrUsage)
	case len(r.Passphrase) > 0:
		if err := longEnough(r.Passphrase); err != nil {
			return readers{}, err
		}
		k, err := parcel.ForPassphrase(r.Passphrase, b.env.WorkFactor)
		return readers{keys: []age.Recipient{k}, names: []string{}, sealed: true}, err
	}
	out, outside := readers{names: []string{}}, 0
	seen := map[string]bool{}
	add := func(k age.Recipient, name string) {
		if !seen[name] {
			out.keys, out.names = append(out.keys, k), append(out.names, name)
		}
		seen[name] = true
	}
	for _, given := range r.Recipients {
		given = strings.TrimSpace(given)
		if strings.HasPrefix(given, "age1") {
			k, err := parcel.ParseRecipient(given)
			if err != nil {
				return readers{}, err
			}
			add(k, given)
			outside++
			out.notes = append(out.notes, given+" is a key that the case knows nothing of.")
			continue
		}
		keys, err := b.keysNamed(s, given)
		if err != nil {
			return readers{}, err
		}
		for _, key := range keys {
			k, err := parcel.ForPerson(key)
			if err != nil {
				return readers{}, err
			}
			p := s.Person(s.PersonNow(key))
			if p == nil {
				add(k, "the key "+caserecord.KeyCode(key))
				outside++
				out.notes = append(out.notes, fmt.Sprintf("The key %s belongs to nobody whom the case knows: compare its code with the person.", caserecord.KeyCode(key)))
				continue
			}
			add(k, fmt.Sprintf("%s (%s)", p.Name, caserecord.KeyCode(key)))
			if !slices.Contains(out.people, p.ID) {
				out.people = append(out.people, p.ID)
			}
		}
	}
	switch {
	case len(out.keys) == 0:
		return readers{}, fmt.Errorf("%w: name somebody for whom the parcel is encrypted, or a passphrase", ErrUsage)
	case len(out.keys) > parcel.MaxRecipients:
		return readers{}, fmt.Errorf("%w: at most %d keys", ErrUsage, parcel.MaxRecipients)
	case outside > 0:
		out.people = nil // somebody who is in no lane can read it
	}
	out.sealed = outside == 0
	return out, nil
}

// keysNamed finds signing keys: one written out, that of a card in a file, or those with which a person of the case may
// sign now.
func (b *Bench) keysNamed(s *caserecord.State, given string) ([]caserecord.Author, error) {
	if len(given) == 64 && strings.Trim(strings.ToLower(given), "0123456789abcdef") == "" {
		return []caserecord.Author{caserecord.Author(strings.ToLower(given))}, nil
	}
	p, err := b.inCase(given)
	if errors.Is(err, ErrNotFound) {
		if _, serr := os.Stat(given); serr == nil {
			who, err := ReadCard(given)
			return []caserecord.Author{who.Key}, err
		}
		return nil, fmt.Errorf("%w: %q is no person of the case, no file with a card, and no key (age1…, or 64 hexadecimal digits)", ErrNotFound, given)
	}
	if err != nil {
		return nil, err
	}
	var out []caserecord.Author
	for _, k := range p.Keys {
		if s.PersonNow(k) == p.ID {
			out = append(out, k)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: no key of %s counts in this case any more", ErrNotFound, p.Name)
	}
	return out, nil
}

// parcelKeys are what may open a parcel.
type parcelKeys struct {
	passphrase []byte
	file       []byte             // of an age identity
	person     *identity.Unlocked // nil: nobody
}

// identitiesFor picks those that fit the parcel. A passphrase is asked for only where one opens it.
func (k parcelKeys) identitiesFor(path string) ([]age.Identity, error) {
	locked, err := parcel.ByPassphrase(path)
	if err != nil {
		return nil, err
	}
	if locked {
		id, err := parcel.PassphraseIdentity(k.passphrase)
		return []age.Identity{id}, err
	}
	var out []age.Identity
	if k.file != nil {
		id, err := caseIdentity(k.file)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	if k.person != nil {
		out = append(out, k.person.AgeIdentity())
	}
	return out, nil
}
