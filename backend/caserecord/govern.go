package caserecord

import (
	"slices"

	"adjutant/backend/caserecord/authority"
	"adjutant/backend/incident"
)

// governing lists the kinds that give, take and change authority. They are judged before all others, among themselves:
// none of them depends on an entry of another kind, or on a row that a case can change.
var governing = map[Kind]bool{
	PersonAdmitted: true, RoleGranted: true, RoleEnded: true, RoleDelegated: true, SuccessionSet: true, RoleAssumed: true,
	GlassBroken: true, AuthorityChanged: true, EntryAdmitted: true, KeyRevoked: true,
}

// govern judges the governing entries in two passes. The first goes by own pasts alone and finds the ends of roles and the
// revocations that stand; the second judges everything with those counting for what is concurrent with them.
func (f *folder) govern() {
	early := newAuthorityView(f.g)
	f.pass(early, true)
	f.view.ends, f.view.revoked = early.ends, early.revoked
	f.view.tried = make(map[Author]bool, len(early.admissions))
	for a := range early.admissions {
		f.view.tried[a] = true
	}
	f.pass(f.view, false)
}

// pass fills a view with the governing entries in causal order. pastOnly is the first pass: only it finds ends and
// revocations; only the second keeps judgements.
func (f *folder) pass(v *authorityView, pastOnly bool) {
	for i := range f.g.entries {
		e := &f.g.entries[i]
		if i == f.root {
			v.open(i, e.content.(*CaseOpenedData))
			continue
		}
		if !governing[e.Header.Kind] || e.content == nil || f.misplaced(i) != "" {
			continue
		}
		p, code := v.personOf(e.Header.Author, i, pastOnly)
		standsByPast := f.standing[i] // an end or a revocation that the first pass found valid
		if code != "" && !standsByPast {
			continue // take names the code
		}
		j := judgement{}
		if !standsByPast {
			j = f.judgeGoverning(v, i, p, e.content, pastOnly)
		}
		if !pastOnly {
			f.governed[i] = j
		}
		if j.err == nil {
			f.enact(v, i, e.content, pastOnly)
		}
	}
}

func (f *folder) judgeGoverning(v *authorityView, i int, p PersonID, c Content, pastOnly bool) judgement {
	full := func(n int) judgement {
		if n < maxGrants {
			return judgement{}
		}
		return refused(CodeTooMany, errNotAuthorised("more of them for one person, key or row than the format allows"))
	}
	var bound judgement
	switch d := c.(type) {
	case *PersonAdmittedData:
		bound = full(max(len(v.admissions[d.Person.Key]), len(v.people[d.Person.ID])))
	case *RoleGrantedData:
		bound = full(len(v.grants[d.Person]))
	case *RoleDelegatedData:
		bound = full(len(v.grants[d.Person]))
	case *RoleAssumedData, *GlassBrokenData:
		bound = full(len(v.grants[p]))
	case *SuccessionSetData:
		bound = full(len(v.orders[d.Role]))
	case *AuthorityChangedData:
		bound = full(len(v.rows[rowKey{d.Of, d.Class}]))
	case *RoleEndedData:
		bound = full(len(v.ends[d.Person]))
	case *KeyRevokedData:
		bound = full(len(v.revoked[d.Key]))
	case *EntryAdmittedData:
		at, ok := f.g.index[d.Entry]
		if !ok || !f.g.before(at, i) || !admissible(f.g.entries[at].Header.Kind) {
			return refused(CodeOutOfPlace, errOutOfPlace("the entry was not known, or gives authority itself or deletes: that is signed anew"))
		}
	}
	if bound.err != nil {
		return bound
	}
	return f.standingGoverning(v, i, p, pastOnly).judge(f.s, c)
}

// enact lets an accepted governing entry count.
func (f *folder) enact(v *authorityView, i int, c Content, pastOnly bool) {
	switch d := c.(type) {
	case *PersonAdmittedData:
		v.admit(i, d.Person)
	case *RoleGrantedData:
		v.grants[d.Person] = append(v.grants[d.Person], grant{at: i, role: d.Role, from: mustTime(d.From), to: mustTime(d.To)})
	case *RoleDelegatedData:
		v.grants[d.Person] = append(v.grants[d.Person],
			grant{at: i, role: d.Role, from: mustTime(d.From), to: mustTime(d.To), basis: BasisDelegation, kinds: d.Scope, lender: f.authorAt(v, i)})
	case *RoleAssumedData:
		p := f.authorAt(v, i)
		v.grants[p] = append(v.grants[p], grant{at: i, role: d.Role, basis: BasisSuccession})
	case *GlassBrokenData:
		p := f.authorAt(v, i)
		v.grants[p] = append(v.grants[p], grant{at: i, role: d.Role, to: mustTime(d.To), basis: BasisGlass})
	case *SuccessionSetData:
		v.orders[d.Role] = append(v.orders[d.Role], order{i, d.Order})
	case *AuthorityChangedData:
		key := rowKey{d.Of, d.Class}
		v.rows[key] = append(v.rows[key], change{i, authority.Row{Roles: d.Roles, TwoPerson: d.TwoPerson}})
	case *EntryAdmittedData:
		if at := f.g.index[d.Entry]; !pastOnly {
			f.admitted[at] = append(f.admitted[at], i)
		}
	case *RoleEndedData:
		if pastOnly {
			v.ends[d.Person] = append(v.ends[d.Person], ending{i, d.Role})
			f.standing[i] = true
		}
	case *KeyRevokedData:
		if pastOnly {
			v.revoked[d.Key] = append(v.revoked[d.Key], i)
			f.standing[i] = true
		}
	}
}

// authorAt is the person of an accepted entry's author. An end or a revocation may stand although its key was revoked by
// something concurrent.
func (f *folder) authorAt(v *authorityView, i int) PersonID {
	a := f.g.entries[i].Header.Author
	if p, code := v.personOf(a, i, true); code == "" {
		return p
	}
	if ads := v.admissions[a]; len(ads) > 0 {
		return ads[0].person
	}
	return ""
}

// standingGoverning answers from a view alone, without the state: it does not exist yet.
func (f *folder) standingGoverning(v *authorityView, i int, p PersonID, pastOnly bool) *standing {
	return &standing{
		person:  p,
		now:     f.g.latest[i],
		held:    func(k Kind) []holding { return v.held(p, i, k, pastOnly) },
		row:     func(k Kind, c Class) authority.Row { return authority.Default(string(k), string(c)) }, // all core
		known:   func(id ID) bool { at, ok := f.g.index[id]; return ok && f.g.before(at, i) },
		order:   func(r incident.Role) []PersonID { return v.orderAt(r, i) },
		holders: func(r incident.Role) []PersonID { return v.holdersAt(r, i, pastOnly) },
		admits: func(q PersonID) bool {
			return slices.ContainsFunc(v.people[q], func(at int) bool { return v.seen(at, i) })
		},
		owner: func(a Author) (PersonID, bool) {
			if ads := v.admissions[a]; len(ads) > 0 {
				return ads[0].person, true
			}
			return "", false
		},
		keyOf: func(a Author, q PersonID) bool {
			return slices.ContainsFunc(v.admissions[a], func(ad admission) bool { return ad.person == q && v.seen(ad.at, i) })
		},
	}
}

// standingAt is where the author of entry i stands, once the governing entries are judged.
func (f *folder) standingAt(i int, p PersonID) *standing {
	st := f.standingGoverning(f.view, i, p, false)
	st.row = func(k Kind, c Class) authority.Row { return f.view.rowAt(k, c, i) }
	st.known = func(id ID) bool {
		at, ok := f.s.entries.get(id)
		return ok && f.g.before(at, i)
	}
	st.content = func(id ID) (Content, bool) {
		at, ok := f.s.entries.get(id)
		if !ok || f.g.entries[at].content == nil {
			return nil, false
		}
		return f.g.entries[at].content, true
	}
	st.author = func(id ID) PersonID {
		if at, ok := f.s.entries.get(id); ok {
			return f.authorAt(f.view, at)
		}
		return ""
	}
	return st
}
