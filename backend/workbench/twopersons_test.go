package workbench

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"adjutant/backend/deadline"
	"adjutant/backend/decision"
	"adjutant/backend/document"
	"adjutant/backend/evidence"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
)

// TestTwoPersons: an act for which the matrix asks two persons counts nowhere in the product before the second has
// signed, and everywhere after.
func TestTwoPersons(t *testing.T) {
	ctx := context.Background()
	r := newRoom(t, map[string]string{"Ben": commander, "Cy": lawyer})
	guess := strings.Repeat("Mar  3 21:10:01 web01 sshd[811]: Failed password for deploy from 203.0.113.9 port 4022 ssh2\n", 40) +
		"Mar  3 21:11:00 web01 sshd[811]: Accepted password for deploy from 203.0.113.9 port 4023 ssh2\n"
	take(t, r.b, evidence.KeepSealed, filepath.Join(t.TempDir(), "auth.log"), guess)
	a, err := r.b.Analysis(ctx)
	if err != nil || len(a.Recommendations) == 0 {
		t.Fatalf("no recommendation: %v", err)
	}
	rec, all := a.Recommendations[0], r.b.OpenDecisions()
	for _, k := range []string{"decision.made", "severity.declared", "verdict.given", "trigger.declared", "document.approved/report"} {
		r.do(r.b.ProposeRow(RowChange{Of: k, Roles: []string{commander}, TwoPerson: true, Why: "agreed on Monday"}))
	}
	me := r.me()
	req := DecisionRequest{Recommendation: rec.ID, Outcome: decision.Accept, ReasonCode: "evidence-supports", Reason: "The rows leave no other reading of this."}
	p, err := r.b.ProposeDecision(ctx, req)
	if err != nil || p.Refused != nil || !strings.Contains(strings.Join(p.Consequences, " "), "Two persons sign this") {
		t.Fatalf("%q %v %v", p.Consequences, p.Refused, err)
	}
	decided, err := r.b.Decide(ctx, confirm.New(me, p.Shown, p.Kinds...), req)
	if err != nil {
		t.Fatal(err)
	}
	level := DecisionRequest{Level: incident.SeverityHigh, Outcome: decision.Severity, ReasonCode: "evidence-supports", Reason: "The rows leave no other reading of this."}
	if p, err = r.b.ProposeDecision(ctx, level); err != nil {
		t.Fatal(err)
	}
	if _, err := r.b.Decide(ctx, confirm.New(me, p.Shown, p.Kinds...), level); err != nil {
		t.Fatal(err)
	}
	verdict := VerdictRequest{Group: a.Groups[0].ID, Verdict: incident.VerdictBenign, ReasonCode: "known-activity", Reason: "The test was announced by the owner on Monday."}
	v, _, err := r.b.ProposeVerdict(ctx, verdict)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.b.GiveVerdict(ctx, confirm.New(me, v.Shown, v.Kinds...), verdict); err != nil {
		t.Fatal(err)
	}
	trigger := TriggerRequest{Anchor: "aware", At: "2026-03-04T07:00:00Z", Basis: "the call with the site manager at seven"}
	tp, _, err := r.b.ProposeTrigger(trigger)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.b.DeclareTrigger(ctx, confirm.New(me, tp.Shown, tp.Kinds...), trigger); err != nil {
		t.Fatal(err)
	}
	draft := DraftRequest{Template: "situation-report", Slots: map[string]string{}}
	for _, s := range slotNames(t, draft.Template) {
		draft.Slots[s] = "As shown."
	}
	dp, err := r.b.ProposeDraft(draft)
	if err != nil {
		t.Fatal(err)
	}
	paper, err := r.b.Draft(ctx, confirm.New(me, dp.Shown, dp.Kinds...), draft)
	if err != nil {
		t.Fatal(err)
	}
	if dp, err = r.b.ProposeApproval(ctx, paper.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := r.b.Approve(ctx, confirm.New(me, dp.Shown, dp.Kinds...), paper.ID); err != nil {
		t.Fatal(err)
	}

	running := func() (n int) {
		for _, c := range r.b.Clocks() {
			if c.State == deadline.Running || c.State == deadline.Missed {
				n++
			}
		}
		return n
	}
	check := func(when string, done bool) {
		t.Helper()
		f, err := r.b.facts(ctx, r.b.look)
		if err != nil {
			t.Fatal(err)
		}
		ask, err := r.b.Ask(ctx, "what is the severity?")
		if err != nil {
			t.Fatal(err)
		}
		x, err := r.b.Paper(ctx, paper.ID)
		if err != nil {
			t.Fatal(err)
		}
		line := RecommendationLine(r.b.State(), rec)
		waits := slices.ContainsFunc(f.Open, func(o string) bool { return strings.Contains(o, "awaits its second signature") })
		want := map[string]bool{
			"counted as open":         r.b.OpenDecisions() == all != done,
			"in papers as decided":    len(f.Decisions) == 1 == done,
			"in papers as open":       waits != done,
			"severity in papers":      (f.Severity != nil) == done,
			"severity in the answer":  strings.Contains(ask.Text, "awaits a second signature") != done,
			"verdict dismisses":       len(dismissed(a, r.b.State())) > 0 == done,
			"verdict in papers":       (f.Groups[0].Verdict == incident.VerdictBenign) == done,
			"clock runs":              running() > 0 == done,
			"paper approved":          (x.State == PaperApproved && x.Approval != nil) == done,
			"paper awaits":            (x.State == PaperAwaiting) != done,
			"recommendation decided":  (line["decision"] != nil) == done,
			"recommendation awaiting": (line["awaiting"] != nil) != done,
			"nothing to co-sign":      (len(r.tasks(TaskCosign)) == 0) == done,
		}
		for what, right := range want {
			if !right {
				t.Errorf("%s: %s is wrong (severity %q, open %q)", when, what, ask.Text, f.Open)
			}
		}
	}
	check("after one signature", false)
	if l := r.tasks(TaskCosign); len(l) != 5 || l[0].Mine || !slices.Equal(l[0].May, []string{"Ben"}) {
		t.Errorf("to do: %+v", l)
	}
	r.refused(r.b.ProposeSecond(string(decided.ID)))
	r.as("Cy", "")
	r.refused(r.b.ProposeSecond(string(decided.ID)))
	r.as("Ben", "")
	for _, x := range r.tasks(TaskCosign) {
		if !x.Mine {
			t.Errorf("Ben may sign: %+v", x)
		}
		r.do(r.b.ProposeSecond(string(x.Entry)[:12]))
	}
	r.wrong(ErrUsage, "a third signature")(r.b.ProposeSecond(string(decided.ID)))
	r.as("Ada", "")
	check("after two signatures", true)
}

// TestSecondAtOneKeyboard: the second person unlocks their own key beside the first; oneself is no second person.
func TestSecondAtOneKeyboard(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": commander})
	r.do(r.b.ProposeRow(RowChange{Of: "severity.declared", Roles: []string{commander}, TwoPerson: true, Why: "agreed"}))
	e := r.do(r.severity(incident.SeverityHigh))
	if _, err := r.b.UnlockSecond("Ada", r.pass); !errors.Is(err, ErrUsage) {
		t.Errorf("oneself: %v", err)
	}
	ben, err := r.b.UnlockSecond("Ben", r.pass)
	if err != nil {
		t.Fatal(err)
	}
	defer ben.Lock()
	p, err := r.b.ProposeCosign(e.ID, ben.Person().ID, commander)
	if err != nil || p.Refused != nil {
		t.Fatal(err, p.Refused)
	}
	if _, err := r.b.Cosign(context.Background(), ben, confirm.New(ben, p.Shown, p.Kinds...), p); err != nil {
		t.Fatal(err)
	}
	if s := r.b.State(); !s.InForce(e.ID) || s.CosignedBy(e.ID).Name != "Ben" || r.b.MyName() != "Ada" {
		t.Error("the second signature does not count, or took the keyboard")
	}
}

// TestPurgeByTwoPersons: nothing is deleted on one signature.
func TestPurgeByTwoPersons(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": commander})
	r.do(r.b.ProposeRow(RowChange{Of: "evidence.purged", Roles: []string{commander}, TwoPerson: true, Why: "deleting is final"}))
	take(t, r.b, evidence.KeepSealed, filepath.Join(t.TempDir(), "a.log"), lines("fs01", 4))
	sha := r.b.State().Evidence[0].SHA256
	d, err := incident.ParseDigest(sha)
	if err != nil {
		t.Fatal(err)
	}
	e := r.do(r.b.ProposePurge(sha, "holds private letters, not needed"))
	if !r.b.folder.Vault().Has(d) || r.b.State().PurgeOf(sha) != nil {
		t.Fatal("deleted on one signature")
	}
	r.reopen("Ben")
	if !r.b.folder.Vault().Has(d) {
		t.Fatal("deleted at the next opening")
	}
	r.do(r.b.ProposeSecond(string(e.ID)))
	if r.b.folder.Vault().Has(d) || r.b.State().PurgeOf(sha) == nil {
		t.Error("not deleted on two signatures")
	}
}

// TestToDoTellsWhatIsMissing: roles that nobody holds, checkpoints without a witness, items offered; no more lines than
// a screen.
func TestToDoTellsWhatIsMissing(t *testing.T) {
	ctx := context.Background()
	r := newRoom(t, map[string]string{"Ben": helper, "Cy": ""})
	if l := r.b.ToDo(); len(l) != 0 {
		t.Errorf("an empty case: %+v", l)
	}
	draft := DraftRequest{Template: "gdpr-33"}
	dp, err := r.b.ProposeDraft(draft)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.b.Draft(ctx, confirm.New(r.me(), dp.Shown, dp.Kinds...), draft); err != nil {
		t.Fatal(err)
	}
	if l := r.tasks(TaskNoHolder); len(l) != 1 || !strings.Contains(l[0].Text, "Legal counsel") || !l[0].Mine || l[0].Stage != "settings" {
		t.Errorf("nobody is counsel: %+v", l)
	}
	r.do(r.b.ProposeGrant(Grant{Person: "Cy", Role: lawyer}))
	if l := r.tasks(TaskNoHolder); len(l) != 0 {
		t.Errorf("with counsel: %+v", l)
	}
	take(t, r.b, evidence.KeepSealed, filepath.Join(t.TempDir(), "a.log"), lines("fs01", 4))
	r.do(r.b.ProposeHandover(Handover{To: "Ben", Purpose: "analysis", Place: "harbour office", Condition: "sealed"}))
	if l := r.tasks(TaskCustody); len(l) != 0 {
		t.Errorf("offered to somebody else: %+v", l)
	}
	r.as("Ben", "")
	if l := r.tasks(TaskCustody); len(l) != 1 || !l[0].Mine || l[0].Stage != "evidence" {
		t.Errorf("offered to Ben: %+v", l)
	}
	r.as("Ada", "")
	cp, err := r.b.ProposeCheckpoint()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.b.MakeCheckpoint(ctx, confirm.New(r.me(), cp.Text.Shown, cp.Text.Kinds...), confirm.New(r.me(), cp.Entry.Shown, cp.Entry.Kinds...)); err != nil {
		t.Fatal(err)
	}
	if l := r.tasks(TaskWitness); len(l) != 0 {
		t.Errorf("at once: %+v", l)
	}
	r.now = r.now.Add(25 * time.Hour)
	if l := r.tasks(TaskWitness); len(l) != 1 {
		t.Errorf("after a day: %+v", l)
	}
	r.do(r.b.ProposePaperWitness("", "the harbour master", time.Time{}, "she holds the slip"))
	if l := r.tasks(TaskWitness); len(l) != 0 {
		t.Errorf("with a witness: %+v", l)
	}
	for range maxTasksOfAKind + 5 {
		r.as("Ben", "")
		r.do(r.b.ProposeBreakGlass(commander, because, time.Minute))
	}
	if l := r.tasks(TaskReview); len(l) != maxTasksOfAKind || !strings.Contains(l[len(l)-1].Text, "5 more") {
		t.Errorf("%d reviews, the last: %+v", len(l), l[len(l)-1])
	}
}

func slotNames(t *testing.T, template string) (names []string) {
	t.Helper()
	x, err := document.FindTemplate(template)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range x.SlotList() {
		names = append(names, s.Name)
	}
	return names
}
