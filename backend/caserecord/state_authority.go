package caserecord

import (
	"slices"
	"time"

	"adjutant/backend/caserecord/authority"
	"adjutant/backend/incident"
)

// Succession is a succession.set: who follows in a role.
type Succession struct {
	Stamp
	Data SuccessionSetData
}

// Glass is a break-glass with what was signed under it and its review, nil until there is one.
type Glass struct {
	Stamp
	Until  time.Time
	Data   GlassBrokenData
	Acts   []ID // in causal order
	Review *GlassReview
}

// GlassReview is a glass.reviewed.
type GlassReview struct {
	Stamp
	Data GlassReviewedData
}

// RowChange is an authority.changed.
type RowChange struct {
	Stamp
	Data AuthorityChangedData
}

// Awaiting is an act for which the matrix asks a second person who has not signed yet. It is not in force.
type Awaiting struct {
	Stamp
	Kind  Kind
	Class Class
	Roles []incident.Role // any one of these, by another person
}

// Cosignature is an act.cosigned.
type Cosignature struct {
	Stamp
	Data ActCosignedData
}

// Admitted is an entry.admitted: an entry set aside that counts all the same.
type Admitted struct {
	Stamp
	Data EntryAdmittedData
}

// RevokedKey is a key.revoked.
type RevokedKey struct {
	Stamp
	Data KeyRevokedData
}

// Resolution is a conflict.resolved.
type Resolution struct {
	Stamp
	Data ConflictResolvedData
}

// Ground says on what the role rested that an accepted entry needed, when it was not the author's own.
type Ground struct {
	Basis Basis
	Entry ID // the delegation, break-glass or admission
}

// GroundOf returns on what an entry's authority rests; BasisGrant and "" for the usual case.
func (s *State) GroundOf(id ID) Ground { return s.grounds[id] }

// Awaits reports that an entry waits for a second person's signature and so is not in force.
func (s *State) Awaits(id ID) bool {
	return s.find.awaiting[id]
}

// CosignedBy returns the second signature under an act, nil when there is none.
func (s *State) CosignedBy(id ID) *Cosignature { return s.cosignedAs(id, nil) }

// cosignedAs is CosignedBy as far as known says; nil knows all. One's own signature is no second one, also when somebody
// admitted it.
func (s *State) cosignedAs(id ID, known func(ID) bool) *Cosignature {
	for _, i := range s.find.cosigned[id] {
		c := &s.Cosigned[i]
		if c.Person != s.authorOf(id) && (known == nil || known(c.Entry)) {
			return c
		}
	}
	return nil
}

// awaited reports that an act needed a second person who had not signed, as far as known says.
func (s *State) awaited(id ID, known func(ID) bool) bool {
	return s.two[id] && s.cosignedAs(id, known) == nil
}

// authorOf is the person who wrote an accepted entry, "" when it is not known.
func (s *State) authorOf(id ID) PersonID {
	i, ok := s.entries.get(id)
	if !ok {
		return ""
	}
	return s.byAuthor[s.graph.entries[i].Header.Author]
}

// Succession returns who follows in a role, in order.
func (s *State) Succession(r incident.Role) []PersonID {
	for i := len(s.Successions) - 1; i >= 0; i-- {
		if s.Successions[i].Data.Role == r {
			return s.Successions[i].Data.Order
		}
	}
	return nil
}

// HoldersOf lists who holds a role in their own right at a time, ascending by id.
func (s *State) HoldersOf(r incident.Role, at time.Time) []PersonID {
	var out []PersonID
	for _, h := range s.Roles {
		if h.Role == r && h.Basis.full() && h.HeldAt(at) && !slices.Contains(out, h.Person) {
			out = append(out, h.Person)
		}
	}
	slices.Sort(out)
	return out
}

// RowNow is the matrix row that counts for the next entry.
func (s *State) RowNow(k Kind, c Class) authority.Row {
	key := rowKey{k, c}
	return rowOf(key, newestOf(s.graph, s.rows[key], func(int) bool { return true }))
}

// holdings is what a person holds now for a kind, their own roles first.
func (s *State) holdings(p PersonID, at time.Time, k Kind) []holding {
	var own, lent []holding
	for _, r := range s.Roles {
		if r.Person != p || !r.HeldAt(at) || !(grant{basis: r.Basis, kinds: r.Kinds}).reaches(k, authority.Delegable(string(k))) {
			continue
		}
		at, _ := s.entries.get(r.Entry)
		if h := (holding{r.Role, r.Basis, at, r.To}); r.Basis.full() {
			own = append(own, h)
		} else {
			lent = append(lent, h)
		}
	}
	return append(own, lent...)
}

// RolesFor lists the roles in which a person may write a kind now, as far as they hold them for it: their own first.
func (s *State) RolesFor(p PersonID, k Kind, at time.Time) []incident.Role {
	return rolesOf(s.holdings(p, later(s.Latest, at), k))
}

// admissible reports that an entry was set aside for want of authority, so that this authority holder may admit it: nobody
// gives their own words an authority that they did not have.
func (s *State) admissible(id ID, by PersonID) bool {
	i := slices.IndexFunc(s.Refused, func(r Refusal) bool { return r.Entry == id })
	return i >= 0 && s.Refused[i].Admissible() && (s.Refused[i].Code != CodeNotAuthorised || s.byAuthor[s.Refused[i].Author] != by)
}

// admissible reports a kind that can be taken in afterwards. What gives authority is given anew, and a deletion is signed
// anew: a hold may have come since.
func admissible(k Kind) bool { return !governing[k] && k != CaseOpened && k != EvidencePurged }

// Admissible reports that an authority holder may admit the entry. What gives authority itself, or deletes, is signed anew
// instead.
func (r Refusal) Admissible() bool {
	switch r.Code {
	case CodeNotAuthorised, CodeNotYetAdmitted, CodeKeyRevoked:
		return admissible(r.Kind)
	}
	return false
}

// KeyRevokedAt returns the revocation of a key that counts now, nil when it may sign.
func (s *State) KeyRevokedAt(a Author) *RevokedKey {
	if s.PersonNow(a) != "" {
		return nil
	}
	for i := len(s.Revoked) - 1; i >= 0; i-- {
		if s.Revoked[i].Data.Key == a {
			return &s.Revoked[i]
		}
	}
	return nil
}

// PersonNow names the person for whom a key may sign the next entry, "" when it was never admitted or is revoked.
func (s *State) PersonNow(a Author) PersonID {
	if s.revoked[a] {
		return ""
	}
	return s.byAuthor[a]
}
