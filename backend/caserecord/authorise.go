package caserecord

import (
	"slices"
	"time"

	"adjutant/backend/caserecord/authority"
	"adjutant/backend/incident"
)

// authorityView answers who a key belonged to and which roles a person held, as known at an entry. All answers depend
// on causal pasts only, never on the order in which entries arrived.
//
// The rules, from DESIGN §4:
//   - An admission or a grant counts for entries that have it in their past.
//   - An end of a role counts for entries that have it in their past and for those concurrent with it: narrowing wins.
//     It does not touch grants that have seen it (the role was given again), nor what lies in its own past.
//   - Whether an end itself is valid is judged by its own past alone. So two commanders who end each other's role at
//     once both lose it, on every laptop, and no answer depends on itself.
type authorityView struct {
	g          *graph
	admissions map[Author][]admission
	people     map[PersonID][]int // entries that admitted the person
	grants     map[PersonID][]grant
	ends       map[PersonID][]ending
}

type admission struct {
	at     int
	person PersonID
}

type grant struct {
	at       int
	role     incident.Role
	from, to time.Time
}

type ending struct {
	at   int
	role incident.Role
}

// maxGrants bounds grants and ends of one person, so that judging an entry stays cheap.
const maxGrants = 1000

func newAuthorityView(g *graph) *authorityView {
	return &authorityView{g, map[Author][]admission{}, map[PersonID][]int{}, map[PersonID][]grant{}, map[PersonID][]ending{}}
}

func (v *authorityView) admit(at int, p PersonRef) {
	v.admissions[p.Key] = append(v.admissions[p.Key], admission{at, p.ID})
	v.people[p.ID] = append(v.people[p.ID], at)
}

func (v *authorityView) grant(at int, p PersonID, r incident.Role, from, to string) {
	g := grant{at: at, role: r}
	g.from, _ = parseTime(from) // check has admitted both; "" stays zero
	g.to, _ = parseTime(to)
	v.grants[p] = append(v.grants[p], g)
}

// seen reports whether entry a counts for entry i.
func (v *authorityView) seen(a, i int) bool { return a == i || v.g.before(a, i) }

// personOf names the person of an entry's author, if the admission lies in the entry's past.
func (v *authorityView) personOf(a Author, i int) (PersonID, bool) {
	for _, ad := range v.admissions[a] {
		if v.seen(ad.at, i) {
			return ad.person, true
		}
	}
	return "", false
}

// held lists the roles of a person at entry i. pastOnly leaves concurrent ends out.
func (v *authorityView) held(p PersonID, i int, pastOnly bool) []incident.Role {
	var roles []incident.Role
	now := v.g.latest[i]
	for _, gr := range v.grants[p] {
		if !v.seen(gr.at, i) || slices.Contains(roles, gr.role) || now.Before(gr.from) || (!gr.to.IsZero() && !now.Before(gr.to)) {
			continue
		}
		if !slices.ContainsFunc(v.ends[p], func(en ending) bool {
			inForce := v.g.before(en.at, i) || (!pastOnly && en.at != i && !v.g.before(i, en.at))
			return en.role == gr.role && inForce && !v.g.before(en.at, gr.at)
		}) {
			roles = append(roles, gr.role)
		}
	}
	return roles
}

// judge is what MayWrite and the fold have in common: may this person, holding these roles, write this content? known
// says which entries count as known to the writer. It returns the code to list a refusal under.
func (s *State) judge(p PersonID, held []incident.Role, c Content, known func(ID) bool) (Code, error) {
	var acts incident.Role
	if a, ok := c.(acting); ok {
		acts = a.actingRole()
	}
	class, err := s.context(p, held, c, known)
	if err != nil {
		return CodeOutOfPlace, err
	}
	if d, ok := c.(*RoleEndedData); ok && d.Person == p && d.ByRole == d.Role && slices.Contains(held, d.Role) {
		return "", nil // laying down one's own role
	}
	if d, ok := c.(*CorrectionMadeData); ok && !s.mayCorrect(p, held, d) {
		return CodeNotAuthorised, errNotAuthorised("corrects somebody else's words without being Incident Commander")
	}
	if err := authority.Check(string(c.Kind()), string(class), acts, held); err != nil {
		return CodeNotAuthorised, err
	}
	return "", nil
}

// context checks that what an entry refers to was known to its writer, and finds the class of a document.
func (s *State) context(p PersonID, held []incident.Role, c Content, known func(ID) bool) (Class, error) {
	switch d := c.(type) {
	case *CaseOpenedData:
		return "", errOutOfPlace("the case is open already")
	case *PersonAdmittedData:
		if owner, ok := s.byAuthor[d.Person.Key]; ok && owner != d.Person.ID {
			return "", errOutOfPlace("the key belongs to another person")
		}
	case *RoleGrantedData:
		if !slices.ContainsFunc(s.People, func(x *Person) bool { return x.ID == d.Person && known(x.Entry) }) {
			return "", errOutOfPlace("the person was not admitted")
		}
	case *DocumentDraftedData:
		for _, dr := range s.draftsOf(d.Document) {
			if known(dr.Entry) && dr.Data.Class != d.Class {
				return "", errOutOfPlace("the document is of another class")
			}
		}
	case *DocumentApprovedData:
		for _, dr := range s.draftsOf(d.Document) {
			if known(dr.Entry) && dr.Data.ModelSHA256 == d.ModelSHA256 {
				return dr.Data.Class, nil
			}
		}
		return "", errOutOfPlace("no draft with this hash was known")
	case *DocumentReleasedData:
		drafts := s.draftsOf(d.Document)
		for i := len(drafts) - 1; i >= 0; i-- {
			if known(drafts[i].Entry) {
				return drafts[i].Data.Class, nil
			}
		}
		return "", errOutOfPlace("no draft of this document was known")
	case *CorrectionMadeData:
		if _, ok := s.entries[d.Supersedes]; !ok || !known(d.Supersedes) {
			return "", errOutOfPlace("the corrected entry was not known")
		}
	}
	return "", nil
}

func (s *State) draftsOf(document string) []DocumentDraft {
	if d := s.Document(document); d != nil {
		return d.Drafts
	}
	return nil
}

func (s *State) mayCorrect(p PersonID, held []incident.Role, d *CorrectionMadeData) bool {
	if slices.Contains(held, incident.RoleIncidentCommander) {
		return true
	}
	i, ok := s.entries[d.Supersedes]
	return ok && s.byAuthor[s.graph.entries[i].Header.Author] == p
}
