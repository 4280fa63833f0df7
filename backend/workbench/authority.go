package workbench

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/authority"
	"adjutant/backend/decision"
	"adjutant/backend/incident"
)

// ProposeEnd says what ending a person's role, or laying down one's own, would sign.
func (b *Bench) ProposeEnd(person, role, why string) (ActProposal, error) {
	r, p, err := b.roleAndPerson(role, person)
	if err != nil {
		return ActProposal{}, err
	}
	if err := filled(map[string]string{"the reason": why}); err != nil {
		return ActProposal{}, err
	}
	s := b.State()
	if !slices.ContainsFunc(s.Roles, func(h caserecord.RoleHeld) bool { return h.Person == p.ID && h.Role == r && h.Ended == nil }) {
		return ActProposal{}, fmt.Errorf("%w: %s does not hold the role %s", ErrUsage, p.Name, r.Title())
	}
	var lent []string
	for _, h := range s.Roles {
		if h.Basis == caserecord.BasisDelegation && h.Stamp.Person == p.ID && h.Role == r && h.HeldAt(b.Now()) {
			lent = append(lent, b.names([]caserecord.PersonID{h.Person})...)
		}
	}
	own := p.ID == b.MyID()
	d := &caserecord.RoleEndedData{Person: p.ID, Role: r, Why: strings.TrimSpace(why), ByRole: b.Acting()}
	if own {
		d.ByRole = r
	}
	return b.propose(d, decision.Ended(decision.Ending{
		Name: p.Name, Role: r.Title(), Own: own, Commands: r == incident.RoleIncidentCommander, Lent: lent,
		Left: b.names(without(s.HoldersOf(r, b.Now()), p.ID)), Next: b.names(without(s.Succession(r), p.ID)),
	})...), nil
}

// Delegation is a role to lend.
type Delegation struct {
	Person string
	Role   string
	Only   []string // kinds; empty = all that can be lent
	To     string   // as MomentOf reads it
	Why    string
}

// ProposeDelegation says what lending a role would sign.
func (b *Bench) ProposeDelegation(l Delegation) (ActProposal, error) {
	r, p, err := b.roleAndPerson(l.Role, l.Person)
	if err != nil {
		return ActProposal{}, err
	}
	if err := filled(map[string]string{"the end": l.To, "the reason": l.Why}); err != nil {
		return ActProposal{}, err
	}
	if p.ID == b.MyID() {
		return ActProposal{}, fmt.Errorf("%w: a role is lent to somebody else", ErrUsage)
	}
	from, to, err := b.span("", l.To)
	if err != nil {
		return ActProposal{}, err
	}
	var scope []caserecord.Kind
	for _, name := range l.Only {
		k := caserecord.Kind(strings.TrimSpace(name))
		if !k.Known() {
			return ActProposal{}, fmt.Errorf("%w: there is no kind of entry called %q; `authority show` lists them", ErrUsage, name)
		}
		if !authority.Delegable(string(k)) {
			return ActProposal{}, fmt.Errorf("%w: %s cannot be lent: %s", ErrUsage, k, coreWhy)
		}
		scope = append(scope, k)
	}
	slices.Sort(scope)
	scope = slices.Compact(scope)
	d := &caserecord.RoleDelegatedData{Person: p.ID, Role: r, Scope: scope, From: from, To: to, Why: strings.TrimSpace(l.Why), ByRole: r}
	return b.propose(d, decision.Lent(p.Name, r.Title(), to, strings.Join(texts(scope), ", "))...), nil
}

const coreWhy = "who gives, takes and changes authority is fixed, so that it cannot depend on itself"

// ProposeSuccession says what setting the order of succession in a role would sign. Without people nobody follows.
func (b *Bench) ProposeSuccession(role string, people []string) (ActProposal, error) {
	r, err := roleNamed(role)
	if err != nil {
		return ActProposal{}, err
	}
	order, named := []caserecord.PersonID{}, []string{}
	for _, who := range people {
		p, err := b.inCase(who)
		if err != nil {
			return ActProposal{}, err
		}
		if slices.Contains(order, p.ID) {
			return ActProposal{}, fmt.Errorf("%w: %s stands in the order twice", ErrUsage, p.Name)
		}
		order, named = append(order, p.ID), append(named, p.Name)
	}
	return b.propose(&caserecord.SuccessionSetData{Role: r, Order: order, ByRole: b.Acting()}, decision.Followed(r.Title(), named)...), nil
}

// ProposeAssume says what taking over a role by the order of succession would sign: everybody who comes first is named
// as not reached.
func (b *Bench) ProposeAssume(role, why string) (ActProposal, error) {
	r, err := roleNamed(role)
	if err != nil {
		return ActProposal{}, err
	}
	s, me := b.State(), b.MyID()
	holders := s.HoldersOf(r, b.Now())
	if slices.Contains(holders, me) {
		return ActProposal{}, fmt.Errorf("%w: you hold the role %s already", ErrUsage, r.Title())
	}
	absent := slices.Clone(holders)
	order := s.Succession(r)
	if i := slices.Index(order, me); i > 0 {
		absent = append(absent, order[:i]...)
	}
	slices.Sort(absent)
	absent = without(slices.Compact(absent), me)
	if absent == nil {
		absent = []caserecord.PersonID{}
	}
	d := &caserecord.RoleAssumedData{Role: r, Absent: absent, Why: strings.TrimSpace(why)}
	return b.longWhy(d, why, decision.Assumed(r.Title(), b.names(absent))...)
}

// ProposeBreakGlass says what taking a role in an emergency would sign.
func (b *Bench) ProposeBreakGlass(role, why string, length time.Duration) (ActProposal, error) {
	r, err := roleNamed(role)
	if err != nil {
		return ActProposal{}, err
	}
	if !slices.Contains(authority.BreakGlass(), r) {
		return ActProposal{}, fmt.Errorf("%w: the role %s cannot be taken by breaking the glass; %s can", ErrUsage, r.Title(), strings.Join(titlesOf(authority.BreakGlass()), ", "))
	}
	if length <= 0 || length > caserecord.MaxGlass {
		return ActProposal{}, fmt.Errorf("%w: a break-glass lasts at most %s; who needs longer finds somebody to give the role", ErrUsage, words(caserecord.MaxGlass))
	}
	s := b.State()
	if slices.Contains(s.HoldersOf(r, b.Now()), b.MyID()) {
		return ActProposal{}, fmt.Errorf("%w: you hold the role %s already", ErrUsage, r.Title())
	}
	to := b.Now()
	if s.Latest.After(to) {
		to = s.Latest // the record's latest time counts where this clock lags
	}
	d := &caserecord.GlassBrokenData{Role: r, Why: strings.TrimSpace(why), To: to.Add(length).Truncate(time.Second).Format(time.RFC3339)}
	var reviewers []string
	for _, role := range s.RowNow(caserecord.GlassReviewed, "").Roles {
		for _, n := range b.names(without(s.HoldersOf(role, b.Now()), b.MyID())) {
			if !slices.Contains(reviewers, n) {
				reviewers = append(reviewers, n)
			}
		}
	}
	return b.longWhy(d, why, decision.GlassBroken(r.Title(), d.To, reviewers)...)
}

// ProposeReview says what reviewing a break-glass would sign.
func (b *Bench) ProposeReview(entry, outcome, why string) (ActProposal, error) {
	id, err := entryNamed(b.Entries(), entry)
	if err != nil {
		return ActProposal{}, err
	}
	o := caserecord.Review(outcome)
	if o != caserecord.ReviewUpheld && o != caserecord.ReviewNotUpheld {
		return ActProposal{}, fmt.Errorf("%w: a review is upheld or not-upheld", ErrUsage)
	}
	s := b.State()
	i := slices.IndexFunc(s.Glass, func(g *caserecord.Glass) bool { return g.Entry == id })
	if i < 0 {
		return ActProposal{}, fmt.Errorf("%w: entry %.12s is no break-glass; `record todo` lists those that wait for a review", ErrNotFound, id)
	}
	g := s.Glass[i]
	d := &caserecord.GlassReviewedData{Entry: id, Outcome: o, Why: strings.TrimSpace(why), Role: b.Acting()}
	return b.longWhy(d, why, decision.Reviewed(g.Name, o == caserecord.ReviewUpheld, len(g.Acts))...)
}

// ProposeEntryAdmission says what taking in an entry that was set aside would sign.
func (b *Bench) ProposeEntryAdmission(entry, why string) (ActProposal, error) {
	id, err := entryNamed(b.Entries(), entry)
	if err != nil {
		return ActProposal{}, err
	}
	s := b.State()
	i := slices.IndexFunc(s.Refused, func(r caserecord.Refusal) bool { return r.Entry == id })
	switch {
	case i < 0:
		return ActProposal{}, fmt.Errorf("%w: entry %.12s was not set aside", ErrUsage, id)
	case !s.Refused[i].Admissible():
		return ActProposal{}, fmt.Errorf("%w: entry %.12s cannot be admitted: %s. What gives authority is given anew instead; what is out of place cannot be put in place", ErrUsage, id, s.Refused[i].Text)
	}
	e, _ := b.entry(id)
	d := &caserecord.EntryAdmittedData{Entry: id, Why: strings.TrimSpace(why), ByRole: b.Acting()}
	return b.longWhy(d, why, decision.TakenIn(caserecord.Story(e, s), s.Refused[i].Text)...)
}

// ProposeSecond says what the signature of the person at the keyboard, as second person under an act, would mean. They sign
// in a role that the act asks for: the one they act in, or another that they hold.
func (b *Bench) ProposeSecond(entry string) (ActProposal, error) {
	id, err := entryNamed(b.Entries(), entry)
	if err != nil {
		return ActProposal{}, err
	}
	s := b.State()
	i := slices.IndexFunc(s.Awaiting, func(a caserecord.Awaiting) bool { return a.Entry == id })
	if i < 0 {
		return ActProposal{}, fmt.Errorf("%w: entry %.12s does not wait for a second person", ErrUsage, id)
	}
	a, role := s.Awaiting[i], b.Acting()
	if !slices.Contains(a.Roles, role) {
		for _, r := range s.RolesFor(b.MyID(), caserecord.ActCosigned, b.Now()) {
			if slices.Contains(a.Roles, r) {
				role = r
				break
			}
		}
	}
	p, err := b.ProposeCosign(id, b.MyID(), role)
	if err != nil {
		return p, err
	}
	return b.propose(p.Data, p.Consequences...), nil
}

// longWhy proposes an act whose reason has to say something.
func (b *Bench) longWhy(d caserecord.Content, why string, consequences ...string) (ActProposal, error) {
	if n := len([]rune(strings.TrimSpace(why))); n < caserecord.MinReason {
		return ActProposal{}, fmt.Errorf("%w: say in at least %d characters why; these are %d", ErrReason, caserecord.MinReason, n)
	}
	return b.propose(d, consequences...), nil
}

func (b *Bench) roleAndPerson(role, person string) (incident.Role, *caserecord.Person, error) {
	r, err := roleNamed(role)
	if err != nil {
		return "", nil, err
	}
	p, err := b.inCase(person)
	return r, p, err
}

// entryNamed finds an entry by its id or the beginning of it, at least six digits.
func entryNamed(entries []caserecord.Entry, id string) (caserecord.ID, error) {
	var found []caserecord.ID
	for _, e := range entries {
		if len(id) >= 6 && strings.HasPrefix(string(e.ID), strings.ToLower(id)) {
			found = append(found, e.ID)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", fmt.Errorf("%w: no entry %q; `record list` prints the first twelve digits of each", ErrNotFound, id)
	}
	return "", fmt.Errorf("%w: %q fits %d entries; give more digits", ErrUsage, id, len(found))
}

func titlesOf(roles []incident.Role) []string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = r.Title()
	}
	return out
}

// words is a length of time for people.
func words(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return d.String()
}
