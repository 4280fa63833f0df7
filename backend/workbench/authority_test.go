package workbench

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
)

const (
	commander = "incident-commander"
	lawyer    = "legal-counsel"
	helper    = "responder"
	chief     = "operations-section-chief"
	because   = "nobody else could be reached in time"
)

func (r *room) me() *identity.Unlocked {
	r.t.Helper()
	me, err := r.b.Me()
	if err != nil {
		r.t.Fatal(err)
	}
	return me
}

// severity proposes a severity in the acting role.
func (r *room) severity(l incident.Severity) (ActProposal, error) {
	return r.b.propose(&caserecord.SeverityDeclaredData{Level: l, ReasonCode: "other", Reason: "the ferry control network is reachable", Role: r.b.Acting()}, "one", "two"), nil
}

// TestWhoMayWhat states who may sign what about people.
func TestWhoMayWhat(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": helper, "Cy": lawyer})
	acts := map[string]func() (ActProposal, error){
		"admit":     func() (ActProposal, error) { return r.b.ProposeAdmission(Newcomer{Who: "Dee"}) },
		"grant":     func() (ActProposal, error) { return r.b.ProposeGrant(Grant{Person: "Cy", Role: chief}) },
		"end other": func() (ActProposal, error) { return r.b.ProposeEnd("Cy", lawyer, "relieved") },
		"lend": func() (ActProposal, error) {
			return r.b.ProposeDelegation(Delegation{Person: "Cy", Role: commander, To: "+1h", Why: "asleep"})
		},
		"succession": func() (ActProposal, error) { return r.b.ProposeSuccession(commander, []string{"Ben", "Cy"}) },
		"row": func() (ActProposal, error) {
			return r.b.ProposeRow(RowChange{Of: "severity.declared", Roles: []string{commander}, Why: "x"})
		},
		"revoke":   func() (ActProposal, error) { return r.b.ProposeRevocation("Cy", "", "laptop lost") },
		"severity": func() (ActProposal, error) { return r.severity(incident.SeverityHigh) },
	}
	for _, c := range []struct {
		who     string
		allowed []string
	}{
		{"Ada", []string{"admit", "grant", "end other", "lend", "succession", "row", "revoke", "severity"}},
		{"Ben", nil},
	} {
		r.as(c.who, "")
		for name, propose := range acts {
			p, err := propose()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got := p.Refused == nil; got != slices.Contains(c.allowed, name) {
				t.Errorf("%s, %s: %v", c.who, name, p.Refused)
			}
		}
	}
	r.refused(r.b.ProposeGrant(Grant{Person: "Ben", Role: commander}))
	r.do(r.b.ProposeEnd("Ben", helper, "going home")) // one's own
	if r.b.Acting() != "" {
		t.Errorf("still acts as %s", r.b.Acting())
	}
	r.as("Ada", "")
	r.wrong(ErrUsage, "an unknown role")(r.b.ProposeGrant(Grant{Person: "Cy", Role: "king"}))
	r.wrong(ErrUsage, "an end in the past")(r.b.ProposeGrant(Grant{Person: "Cy", Role: chief, To: "2026-03-04T08:00:00Z"}))
	r.wrong(ErrUsage, "a role that is not held")(r.b.ProposeEnd("Ben", helper, "again"))
	r.wrong(ErrUsage, "a core kind")(r.b.ProposeRow(RowChange{Of: "role.granted", Roles: []string{lawyer}, Why: "x"}))
	r.wrong(ErrUsage, "an unknown kind")(r.b.ProposeRow(RowChange{Of: "case.closed", Roles: []string{lawyer}, Why: "x"}))
	r.wrong(ErrUsage, "a paper without class")(r.b.ProposeRow(RowChange{Of: "document.approved", Roles: []string{lawyer}, Why: "x"}))
	r.wrong(ErrUsage, "two persons for a note")(r.b.ProposeRow(RowChange{Of: "note.made", Roles: []string{lawyer}, TwoPerson: true, Why: "x"}))
	r.wrong(ErrUsage, "lending what is fixed")(r.b.ProposeDelegation(Delegation{Person: "Cy", Role: commander, Only: []string{"role.granted"}, To: "+1h", Why: "x"}))
	r.wrong(ErrNotFound, "somebody unknown")(r.b.ProposeEnd("Zoe", helper, "x"))
	r.as("Ben", "")
	r.wrong(ErrReason, "a short reason")(r.b.ProposeBreakGlass(commander, "soon", time.Hour))
}

// TestDelegateInScopeOutOfScopeAndLate: a lent role reaches as far as it was lent and ends by itself.
func TestDelegateInScopeOutOfScopeAndLate(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": helper, "Cy": lawyer})
	r.do(r.b.ProposeDelegation(Delegation{Person: "Ben", Role: commander, Only: []string{"severity.declared", "model.switched"}, To: "+3h", Why: "asleep until the tide turns"}))
	r.as("Ben", "")
	if r.b.Acting() != incident.RoleResponder {
		t.Errorf("acts as %q at first, want the own role", r.b.Acting())
	}
	held := r.b.RolesHeld()
	if len(held) != 2 || held[1].Basis != caserecord.BasisDelegation || held[1].Name != "Ada" || held[1].To.IsZero() {
		t.Errorf("roles %+v", held)
	}
	r.as("Ben", commander)
	e := r.do(r.severity(incident.SeverityHigh))
	if g := r.b.State().GroundOf(e.ID); g.Basis != caserecord.BasisDelegation {
		t.Errorf("ground %+v", g)
	}
	r.refused(r.b.propose(&caserecord.TriggerDeclaredData{Anchor: "aware", At: "2026-03-04T08:00:00Z", TZ: "UTC", Basis: "the call with the site manager", Role: r.b.Acting()}, "", ""), nil)
	r.refused(r.b.ProposeGrant(Grant{Person: "Cy", Role: chief}))
	r.refused(r.b.ProposeDelegation(Delegation{Person: "Cy", Role: commander, To: "+1h", Why: "passing it on"}))
	if n := len(r.tasks(TaskExpiring)); n != 0 {
		t.Errorf("%d roles end soon, three hours before", n)
	}
	r.now = r.now.Add(90 * time.Minute)
	if l := r.tasks(TaskExpiring); len(l) != 1 || l[0].Mine || l[0].May[0] != "Ada" || l[0].Due == nil {
		t.Errorf("ends soon: %+v", l)
	}
	r.now = r.now.Add(2 * time.Hour)
	r.refused(r.severity(incident.SeverityLow))
	if held := r.b.RolesHeld(); len(held) != 1 {
		t.Errorf("after the end: %+v", held)
	}
	r.as("Ben", "")
	if r.b.Acting() != incident.RoleResponder {
		t.Errorf("acts as %q after the end", r.b.Acting())
	}
	if got := r.b.State().SeverityInForce().Data.Level; got != incident.SeverityHigh {
		t.Errorf("severity %s", got)
	}
}

// TestMissingCommander: the next in the order takes over in their own right, and says who could not be reached.
func TestMissingCommander(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": helper, "Cy": lawyer, "Dee": ""})
	r.do(r.b.ProposeSuccession(commander, []string{"Ben", "Cy"}))
	r.as("Dee", "")
	r.refused(r.b.ProposeAssume(commander, because))
	r.as("Cy", "")
	p, err := r.b.ProposeAssume(commander, because)
	if err != nil || len(p.Data.(*caserecord.RoleAssumedData).Absent) != 2 || !strings.Contains(strings.Join(p.Consequences, " "), "Ben") || !strings.Contains(p.Sentence, "Ada") {
		t.Errorf("the third in line names %q: %v", p.Sentence, err)
	}
	r.as("Ben", "")
	r.do(r.b.ProposeAssume(commander, because))
	r.as("Ben", commander)
	r.do(r.b.ProposeGrant(Grant{Person: "Dee", Role: chief})) // in their own right: core kinds too
	r.wrong(ErrUsage, "a second time")(r.b.ProposeAssume(commander, because))
	p, err = r.b.ProposeEnd("Ada", commander, "not reached since Tuesday")
	if err != nil || !strings.Contains(strings.Join(p.Consequences, " "), "held by Ben") {
		t.Errorf("%q %v", p.Consequences, err)
	}
	r.do(p, err)
	p, err = r.b.ProposeEnd("Ben", commander, "going home")
	if err != nil || !strings.Contains(strings.Join(p.Consequences, " "), "order of succession follow Cy") {
		t.Errorf("%q %v", p.Consequences, err)
	}
}

// TestBreakGlassAndReview: it counts at once, is marked, is bounded, and waits for somebody else's review.
func TestBreakGlassAndReview(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": helper, "Cy": lawyer})
	r.as("Ben", "")
	r.wrong(ErrUsage, "counsel's role")(r.b.ProposeBreakGlass(lawyer, because, time.Hour))
	r.wrong(ErrUsage, "too long")(r.b.ProposeBreakGlass(commander, because, 13*time.Hour))
	glass := r.do(r.b.ProposeBreakGlass(commander, because, 4*time.Hour))
	if r.b.Acting() != incident.RoleResponder {
		t.Errorf("acts as %q by itself", r.b.Acting())
	}
	r.as("Ben", commander)
	e := r.do(r.severity(incident.SeverityCritical))
	if g := r.b.State().GroundOf(e.ID); g.Basis != caserecord.BasisGlass || g.Entry != glass.ID || !r.b.State().InForce(e.ID) {
		t.Errorf("ground %+v", g)
	}
	r.refused(r.b.ProposeGrant(Grant{Person: "Ben", Role: commander}))
	l := r.tasks(TaskReview)
	if len(l) != 1 || l[0].Mine || !slices.Equal(l[0].May, []string{"Ada", "Cy"}) || !strings.Contains(l[0].Text, "signed 1 act") {
		t.Errorf("to do: %+v", l)
	}
	r.as("Ben", commander)
	r.refused(r.b.ProposeReview(string(glass.ID)[:12], "upheld", because))
	r.as("Cy", "")
	r.wrong(ErrUsage, "a word outside the list")(r.b.ProposeReview(string(glass.ID), "fine", because))
	r.wrong(ErrNotFound, "an entry that is no break-glass")(r.b.ProposeReview(string(e.ID), "upheld", because))
	r.do(r.b.ProposeReview(string(glass.ID)[:12], "not-upheld", because))
	if n := len(r.tasks(TaskReview)); n != 0 {
		t.Errorf("%d reviews wait after the review", n)
	}
	if got := r.b.State().SeverityInForce().Data.Level; got != incident.SeverityCritical {
		t.Errorf("what was signed under it: %s", got)
	}
	r.now = r.now.Add(4 * time.Hour)
	r.as("Ben", "")
	if held := r.b.RolesHeld(); len(held) != 1 || held[0].Role != incident.RoleResponder {
		t.Errorf("after four hours: %+v", held)
	}
}

// TestMatrixTellsWhoChangedIt reads the matrix before and after a change.
func TestMatrixTellsWhoChangedIt(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": chief})
	row := func(of string) MatrixRow {
		for _, x := range r.b.Matrix() {
			if name := string(x.Kind); name == of || name+"/"+string(x.Class) == of {
				return x
			}
		}
		t.Fatalf("no row %s", of)
		return MatrixRow{}
	}
	if x := row("severity.declared"); x.TwoPerson || x.Core || !x.CanTwo || x.ChangedBy != "" || !slices.Equal(x.Roles, []incident.Role{commander}) {
		t.Errorf("%+v", x)
	}
	if x := row("role.granted"); !x.Core {
		t.Errorf("%+v", x)
	}
	if n := len(r.b.Matrix()); n != len(caserecord.Kinds)+4 { // two kinds of papers with three classes each
		t.Errorf("%d rows", n)
	}
	p, err := r.b.ProposeRow(RowChange{Of: "document.approved/report", Roles: []string{chief}, TwoPerson: true, Why: "the commander is ill"})
	if err != nil || !strings.Contains(strings.Join(p.Consequences, " "), "Incident Commander can no longer") || !strings.Contains(p.Consequences[0], "Fewer than two") {
		t.Errorf("%q %v", p.Consequences, err)
	}
	r.do(p, err)
	if x := row("document.approved/report"); !x.TwoPerson || x.ChangedBy != "Ada" || x.Why != "the commander is ill" || x.ChangedAt.IsZero() || !slices.Equal(x.Roles, []incident.Role{chief}) {
		t.Errorf("%+v", x)
	}
}

// TestRevokedColleague: somebody whose key was revoked goes on, on a copy from before, with a clock set back. After a
// merge all of it is set aside and named; what is right can be admitted; the key signs nothing more.
func TestRevokedColleague(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": helper})
	r.do(r.b.ProposeGrant(Grant{Person: "Ben", Role: commander}))
	r.do(r.severity(incident.SeverityLow))
	if err := r.b.Close(); err != nil {
		t.Fatal(err)
	}
	other := r.copyTo("Ben", r.now)
	r.reopen("Ada")
	r.now = r.now.Add(time.Hour)
	p, err := r.b.ProposeRevocation("Ben", "", "left in anger")
	if err != nil || !strings.Contains(strings.Join(p.Consequences, " "), "No key is left with which Ben") {
		t.Errorf("%q %v", p.Consequences, err)
	}
	r.do(p, err)
	r.wrong(ErrUsage, "twice")(r.b.ProposeRevocation("Ben", "", "again"))

	other.as("Ben", commander)
	forged := other.do(other.severity(incident.SeverityCritical))
	note := other.do(other.b.propose(&caserecord.NoteMadeData{About: "case", Text: "the pump log is in the blue folder"}, "", ""), nil)
	if !forged.Header.Recorded.Before(r.b.State().Revoked[0].Recorded) {
		t.Fatal("the forged entry is not backdated")
	}
	r.takeEntries(other)
	s := r.b.State()
	if got := s.SeverityInForce().Data.Level; got != incident.SeverityLow {
		t.Errorf("severity %s", got)
	}
	var codes []caserecord.Code
	for _, x := range s.Refused {
		codes = append(codes, x.Code)
		if !strings.Contains(x.Text, "was revoked") || !strings.Contains(x.Text, caserecord.KeyCode(x.Author)) {
			t.Errorf("%s", x.Text)
		}
	}
	if !slices.Equal(codes, []caserecord.Code{caserecord.CodeKeyRevoked, caserecord.CodeKeyRevoked}) {
		t.Errorf("set aside: %v", codes)
	}
	if l := r.tasks(TaskAdmit); len(l) != 2 || !l[0].Mine || l[0].Entry != forged.ID && l[1].Entry != forged.ID {
		t.Errorf("to do: %+v", l)
	}
	r.wrong(ErrUsage, "an entry that counts")(r.b.ProposeEntryAdmission(string(s.Severity.Current.Entry), because))
	r.do(r.b.ProposeEntryAdmission(string(note.ID)[:12], "the folder was found where the note says"))
	if s := r.b.State(); !s.Accepted(note.ID) || s.Accepted(forged.ID) || len(r.tasks(TaskAdmit)) != 1 {
		t.Error("admitting one entry admits that one")
	}
	for _, x := range r.b.People(false) {
		if x.Name == "Ben" && (x.Keys[0].Revoked == "" || !strings.Contains(x.Keys[0].Revoked, "left in anger")) {
			t.Errorf("keys of Ben: %+v", x.Keys)
		}
	}
	if err := r.b.SwitchPerson("Ben", r.pass); err != nil {
		t.Fatal(err)
	}
	q := r.b.ProposeNote("case", "still here")
	if _, err := r.b.Note(t.Context(), confirm.New(r.me(), q.Shown, q.Kinds...), "case", "still here"); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("a revoked key signs: %v", err)
	}
	r.refused(r.b.ProposeRevocation("Ada", "", "revenge"))
}
