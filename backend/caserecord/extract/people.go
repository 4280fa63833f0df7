package extract

import (
	"encoding/json"
	"fmt"
	"slices"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/authority"
	"adjutant/backend/incident"
)

// people is what the entries shown say about signers, without regard to time and order: who was admitted by somebody who
// could, and which roles somebody who could has given. Whether that held at a given entry takes the whole record.
type people struct {
	opened  bool
	of      map[caserecord.Author]caserecord.PersonRef
	own     map[caserecord.PersonID][]incident.Role // granted or assumed
	lent    map[caserecord.PersonID][]incident.Role // delegated, or taken in an emergency
	ended   map[caserecord.PersonID][]incident.Role
	revoked map[caserecord.Author]caserecord.ID
	orders  map[incident.Role][]caserecord.PersonID
}

func newPeople(entries []caserecord.Entry) *people {
	p := &people{of: map[caserecord.Author]caserecord.PersonRef{}, own: map[caserecord.PersonID][]incident.Role{},
		lent: map[caserecord.PersonID][]incident.Role{}, ended: map[caserecord.PersonID][]incident.Role{},
		revoked: map[caserecord.Author]caserecord.ID{}, orders: map[incident.Role][]caserecord.PersonID{}}
	// Each round may make a signer known whose entries the next one reads. A round without news ends it; there are at
	// most as many rounds as there are links from the opener to a signer.
	for news := true; news; {
		news = false
		for _, e := range entries {
			news = p.read(e) || news
		}
	}
	return p
}

// read takes one entry in; true when it said something new.
func (p *people) read(e caserecord.Entry) bool {
	if d, ok := e.Content().(*caserecord.CaseOpenedData); ok {
		return p.open(e, d)
	}
	by, known := p.of[e.Header.Author]
	if !known || e.Content() == nil {
		return false
	}
	may := func(acting incident.Role) bool {
		kind := string(e.Header.Kind)
		return authority.Default(kind, "").Check(kind, "", acting, p.own[by.ID]) == nil
	}
	switch d := e.Content().(type) {
	case *caserecord.PersonAdmittedData:
		if _, ok := p.of[d.Person.Key]; !ok && may("") {
			p.of[d.Person.Key] = d.Person
			return true
		}
	case *caserecord.RoleGrantedData:
		return may(d.ByRole) && put(p.own, d.Person, d.Role)
	case *caserecord.SuccessionSetData:
		news := false
		for _, q := range d.Order {
			if may(d.ByRole) && !slices.Contains(p.orders[d.Role], q) {
				p.orders[d.Role], news = append(p.orders[d.Role], q), true
			}
		}
		return news
	case *caserecord.RoleAssumedData:
		return slices.Contains(p.orders[d.Role], by.ID) && put(p.own, by.ID, d.Role)
	case *caserecord.RoleDelegatedData:
		return slices.Contains(p.own[by.ID], d.Role) && put(p.lent, d.Person, d.Role)
	case *caserecord.GlassBrokenData:
		return put(p.lent, by.ID, d.Role)
	case *caserecord.RoleEndedData:
		return put(p.ended, d.Person, d.Role)
	case *caserecord.KeyRevokedData:
		if _, ok := p.revoked[d.Key]; !ok {
			p.revoked[d.Key] = e.ID
			return true
		}
	}
	return false
}

// open takes the first opening: Parse has tied the case id to its key and salt, so there is no other for this case.
func (p *people) open(e caserecord.Entry, d *caserecord.CaseOpenedData) bool {
	if p.opened {
		return false
	}
	p.opened = true
	p.of[e.Header.Author] = d.Person
	put(p.own, d.Person.ID, incident.RoleIncidentCommander)
	return true
}

func put(m map[caserecord.PersonID][]incident.Role, p caserecord.PersonID, r incident.Role) bool {
	if slices.Contains(m[p], r) {
		return false
	}
	m[p] = append(m[p], r)
	return true
}

// actsAs is the role that an entry is signed in, "" for kinds that name none and for withheld bodies.
func actsAs(e caserecord.Entry) incident.Role {
	switch e.Header.Kind {
	case caserecord.RoleAssumed, caserecord.GlassBroken: // they take a role, and act in none
		return ""
	}
	var d struct {
		Role   incident.Role `json:"role"`
		ByRole incident.Role `json:"by_role"`
	}
	if e.Withheld() || json.Unmarshal(e.Data(), &d) != nil {
		return ""
	}
	if d.ByRole != "" {
		return d.ByRole
	}
	return d.Role
}

// governing are the entries that people reads. With more keys than a case can have, which is named, none: tracing them
// could take long.
func (v *verifier) governing() []caserecord.Entry {
	authors := map[caserecord.Author]bool{}
	var out []caserecord.Entry
	for _, e := range v.entries {
		authors[e.Header.Author] = true
		switch e.Content().(type) {
		case *caserecord.CaseOpenedData, *caserecord.PersonAdmittedData, *caserecord.RoleGrantedData, *caserecord.SuccessionSetData,
			*caserecord.RoleAssumedData, *caserecord.RoleDelegatedData, *caserecord.GlassBrokenData, *caserecord.RoleEndedData,
			*caserecord.KeyRevokedData:
			out = append(out, e)
		}
	}
	if len(authors) > caserecord.MaxAuthors {
		return nil
	}
	return out
}

// signers traces every key to the opening.
func (v *verifier) signers(given []string) {
	count := map[caserecord.Author]int{}
	opener := caserecord.Author("")
	for _, e := range v.entries {
		count[e.Header.Author]++
		if e.Header.Kind == caserecord.CaseOpened && e.Header.Case == v.caseID && !e.Withheld() && opener == "" {
			opener = e.Header.Author
		}
	}
	if len(count) > caserecord.MaxAuthors {
		v.add(caserecord.CodeTooMany, "", "more than %d keys", caserecord.MaxAuthors)
	}
	if opener == "" {
		v.add(caserecord.CodeNoOpening, "", "the opening of the case is not here, so no signer can be traced to it")
	}
	v.r.Signers = []caserecord.Signer{}
	for _, a := range sortedAuthors(count) {
		s := caserecord.Signer{Key: a, Code: caserecord.KeyCode(a), Entries: count[a]}
		if p, ok := v.people.of[a]; ok {
			s.Person = p.Name
		} else if opener != "" {
			v.add(caserecord.CodeAuthorUnproven, string(a), "no entry here admits the key %s by somebody shown to be allowed to", s.Code)
		}
		if id, ok := v.people.revoked[a]; ok {
			v.add(CodeKeyRevoked, string(a), "the key %s is revoked by entry %s; which entries came before that, only the whole record tells", s.Code, id)
		}
		v.r.Signers = append(v.r.Signers, s)
	}
	v.r.Authors = len(count)
	for _, g := range given {
		v.givenKey(g, opener)
	}
}

// givenKey marks a signer that the verifying person knows.
func (v *verifier) givenKey(given string, opener caserecord.Author) {
	for i := range v.r.Signers {
		s := &v.r.Signers[i]
		if !sameKey(given, s) {
			continue
		}
		s.Given = true
		what := "the key given " + s.Code + " signed entries here as " + s.Person
		if s.Key == opener {
			v.r.Anchored = true
			what += " and opened the case"
		}
		v.r.Checked = append(v.r.Checked, what)
		return
	}
	v.add(caserecord.CodeAnchorKey, "", "the key given (%.80q) signed nothing here", given)
}

// roles tells, for entries signed in a role, when nothing here gives that role, or something takes it away.
func (v *verifier) roles() {
	for _, e := range v.entries {
		role := actsAs(e)
		p, ok := v.people.of[e.Header.Author]
		if role == "" || !ok {
			continue
		}
		switch {
		case !slices.Contains(v.people.own[p.ID], role) && !slices.Contains(v.people.lent[p.ID], role):
			v.add(CodeRoleNotShown, string(e.ID), "%s: signed as %s; no entry here gives that role to %s", e.Header.Kind, role.Title(), p.Name)
		case slices.Contains(v.people.ended[p.ID], role):
			v.add(CodeRoleEnded, string(e.ID), "%s: signed as %s; an end of that role is here, and only the whole record tells which came first", e.Header.Kind, role.Title())
		}
	}
}

func (v *verifier) peopleText() string {
	return fmt.Sprintf("the admission of %d of %d keys by somebody shown to be allowed to, back to the opening", v.known(), len(v.r.Signers))
}

func (v *verifier) known() (n int) {
	for _, s := range v.r.Signers {
		if _, ok := v.people.of[s.Key]; ok {
			n++
		}
	}
	return n
}
