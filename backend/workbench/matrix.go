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

// twoPersonKinds are the acts that can wait for a second person. A report of what happened, an observation, a draft or a
// hold cannot: not counting it until somebody else signs would hide it. A transfer of custody has two parties already.
var twoPersonKinds = []caserecord.Kind{
	caserecord.VerdictGiven, caserecord.SeverityDeclared, caserecord.DecisionMade, caserecord.TriggerDeclared, caserecord.TriggerSubmitted,
	caserecord.DocumentApproved, caserecord.DocumentReleased, caserecord.ModelSwitched, caserecord.MismatchExplained, caserecord.EvidencePurged,
	caserecord.HoldReleased, caserecord.PrivilegeLifted, caserecord.GlassReviewed,
}

// MatrixRow is one row of the authority matrix as it counts now.
type MatrixRow struct {
	Kind      caserecord.Kind  `json:"kind"`
	Class     caserecord.Class `json:"class,omitempty"`
	Members   bool             `json:"members"` // any admitted person
	Roles     []incident.Role  `json:"roles"`
	TwoPerson bool             `json:"two_person"`
	CanTwo    bool             `json:"can_two"` // two persons can be asked for
	Core      bool             `json:"core"`    // fixed
	Why       string           `json:"why"`
	ChangedBy string           `json:"changed_by,omitempty"`
	ChangedAt time.Time        `json:"changed_at,omitzero"`
}

// Matrix lists every row of the authority matrix in the order of the kinds.
func (b *Bench) Matrix() []MatrixRow {
	s := b.State()
	var out []MatrixRow
	for _, k := range caserecord.Kinds {
		classes := authority.Classes(string(k))
		if classes == nil {
			classes = []string{""}
		}
		for _, c := range classes {
			row := s.RowNow(k, caserecord.Class(c))
			x := MatrixRow{
				Kind: k, Class: caserecord.Class(c), Members: row.Members, Roles: orEmpty(row.Roles), TwoPerson: row.TwoPerson,
				CanTwo: slices.Contains(twoPersonKinds, k), Core: authority.Core(string(k)), Why: authority.Why(string(k)),
			}
			for _, r := range s.Rows { // in causal order: the last one tells
				if r.Data.Of == x.Kind && r.Data.Class == x.Class {
					x.Why, x.ChangedBy, x.ChangedAt = r.Data.Why, r.Name, r.Recorded
				}
			}
			out = append(out, x)
		}
	}
	return out
}

// RowChange is a row of the matrix to change.
type RowChange struct {
	Of        string // kind, or kind/class for documents
	Roles     []string
	TwoPerson bool
	Why       string
}

// ProposeRow says what changing a row of the authority matrix would sign.
func (b *Bench) ProposeRow(c RowChange) (ActProposal, error) {
	kind, class, _ := strings.Cut(c.Of, "/")
	k := caserecord.Kind(kind)
	switch {
	case !k.Known():
		return ActProposal{}, fmt.Errorf("%w: there is no kind of entry called %q; `authority show` lists them", ErrUsage, kind)
	case authority.Core(kind):
		return ActProposal{}, fmt.Errorf("%w: the row of %s cannot be changed: %s", ErrUsage, kind, coreWhy)
	case !authority.HasClass(kind, class):
		if all := authority.Classes(kind); all != nil {
			return ActProposal{}, fmt.Errorf("%w: %s has a row for each class; write %s/%s", ErrUsage, kind, kind, strings.Join(all, ", "+kind+"/"))
		}
		return ActProposal{}, fmt.Errorf("%w: %s has no classes", ErrUsage, kind)
	case c.TwoPerson && !slices.Contains(twoPersonKinds, k):
		return ActProposal{}, fmt.Errorf("%w: %s cannot wait for a second person: it reports what happened, protects something, or has two parties already. These can: %s", ErrUsage, kind, strings.Join(texts(twoPersonKinds), ", "))
	}
	if err := filled(map[string]string{"the reason": c.Why}); err != nil {
		return ActProposal{}, err
	}
	var roles []incident.Role
	for _, name := range c.Roles {
		r, err := roleNamed(strings.TrimSpace(name))
		if err != nil {
			return ActProposal{}, err
		}
		roles = append(roles, r)
	}
	slices.Sort(roles)
	if roles = slices.Compact(roles); len(roles) == 0 {
		return ActProposal{}, fmt.Errorf("%w: name at least one role", ErrUsage)
	}
	old := b.State().RowNow(k, caserecord.Class(class))
	lost := slices.DeleteFunc(slices.Clone(old.Roles), func(r incident.Role) bool { return slices.Contains(roles, r) })
	d := &caserecord.AuthorityChangedData{Of: k, Class: caserecord.Class(class), Roles: roles, TwoPerson: c.TwoPerson, Why: strings.TrimSpace(c.Why), ByRole: b.Acting()}
	words := decision.RowChanged(c.Of, titlesOf(roles), titlesOf(lost), old.Members, c.TwoPerson)
	if c.TwoPerson && b.able(roles) < 2 {
		words = append([]string{"Fewer than two persons hold one of these roles now: nothing of this kind can come into force until a second one does."}, words...)
	}
	return b.propose(d, words...), nil
}

// able counts the persons who hold one of the roles in their own right.
func (b *Bench) able(roles []incident.Role) int {
	s := b.State()
	seen := map[caserecord.PersonID]bool{}
	for _, r := range roles {
		for _, p := range s.HoldersOf(r, b.Now()) {
			seen[p] = true
		}
	}
	return len(seen)
}
