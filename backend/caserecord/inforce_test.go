package caserecord

import (
	"testing"
	"time"

	"adjutant/backend/incident"
)

// TestInForce follows one act of each kind for which two persons can be asked: it waits, what counted before it goes on
// counting, and the second signature brings it into force.
func TestInForce(t *testing.T) {
	ada, ben, cy := team(t)
	ada.grant(ben, ic)
	ada.grant(cy, ic)
	doc := hash("doc")[:32]
	draft := &DocumentDraftedData{Document: doc, Template: "t", Class: ClassReport, Title: "T", ModelSHA256: hash("m"), AsOf: hash("head"), Slots: map[string]string{}}
	decide := func(o Outcome) *DecisionMadeData {
		return &DecisionMadeData{Recommendation: "r", Subject: "recommendation", Outcome: o, Recommended: "isolate", RecommendedBy: Origin{"rule", "x", "1"}, Action: "isolate-host",
			ReasonCode: "other", Reason: "the rows leave no other reading", ShownSHA256: hash("s"), Role: ic}
	}
	declare := func(at string) *TriggerDeclaredData {
		return &TriggerDeclaredData{Anchor: "aware", At: at, TZ: "UTC", Basis: "the call with the site manager", Role: ic}
	}
	ada.write(severity(incident.SeverityLow, ic))
	ada.write(decide(OutcomeReject))
	ada.write(declare("2026-03-04T01:00:00Z"))
	ada.write(&ModelSwitchedData{On: true, Why: "fit"})
	ada.write(draft)
	for _, k := range []Kind{SeverityDeclared, DecisionMade, TriggerDeclared, TriggerSubmitted, ModelSwitched} {
		ada.write(&AuthorityChangedData{Of: k, Roles: []incident.Role{ic}, TwoPerson: true, Why: "after the first night", ByRole: ic})
	}
	ada.write(&AuthorityChangedData{Of: DocumentApproved, Class: ClassReport, Roles: []incident.Role{ic}, TwoPerson: true, Why: "after the first night", ByRole: ic})
	var waiting []Entry
	for _, c := range []Content{
		severity(incident.SeverityHigh, ic), decide(OutcomeAccept), declare("2026-03-04T02:00:00Z"),
		&TriggerSubmittedData{Regime: "g", Stage: "s", At: "2026-03-04T03:00:00Z", Proof: "7", Role: ic},
		&ModelSwitchedData{On: false, Why: "doubts"}, &DocumentApprovedData{Document: doc, ModelSHA256: hash("m"), Role: ic},
	} {
		waiting = append(waiting, ada.write(c))
	}
	early := ada.write(&DocumentReleasedData{Document: doc, Channel: "mail", To: "board", Role: ic})
	s := Fold(ada.log.Entries())
	if n := len(s.Awaiting); n != 6 {
		t.Fatalf("%d acts await a second person, want 6", n)
	}
	for _, e := range waiting {
		if s.InForce(e.ID) || !s.Accepted(e.ID) {
			t.Errorf("%s is in force after one signature", e.Header.Kind)
		}
	}
	before := func(s *State, when string) {
		if s.SeverityInForce().Data.Level != incident.SeverityLow || s.DecisionInForce("r").Data.Outcome != OutcomeReject ||
			!s.TriggerInForce("aware").At.Equal(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC)) || len(s.SubmissionsInForce()) != 0 || !s.ModelOn("", false) || s.Document(doc).Approved() != nil {
			t.Errorf("%s: what counted before does not count any more", when)
		}
	}
	before(s, "one signature")
	if s.SeverityAwaiting() == nil || s.DecisionAwaiting("r") == nil {
		t.Error("what awaits is not told")
	}
	own := ada.write(&ActCosignedData{Entry: waiting[0].ID, ShownSHA256: hash("s"), Role: ic})
	cy.take(ada)
	for _, e := range waiting {
		cy.write(&ActCosignedData{Entry: e.ID, ShownSHA256: hash("s"), Role: ic})
	}
	late := cy.write(&DocumentReleasedData{Document: doc, Channel: "mail", To: "board", Role: ic})
	before(Fold(ada.log.Entries()), "one's own second signature")
	ada.take(cy)
	s = Fold(ada.log.Entries())
	if refusedFor(s, own) != CodeNotAuthorised || len(s.Awaiting) != 0 {
		t.Errorf("own second signature %q, %d await", refusedFor(s, own), len(s.Awaiting))
	}
	if s.SeverityInForce().Data.Level != incident.SeverityHigh || s.DecisionInForce("r").Data.Outcome != OutcomeAccept || s.TriggerInForce("aware").At.Hour() != 2 ||
		len(s.SubmissionsInForce()) != 1 || s.ModelOn("", true) || s.Document(doc).Approved() == nil || s.SeverityAwaiting() != nil || s.DecisionAwaiting("r") != nil {
		t.Error("two signatures do not bring the acts into force")
	}
	for _, r := range s.Document(doc).Releases {
		if r.Approved != (r.Entry == late.ID) {
			t.Errorf("release %s (early %v): approved %v", r.Entry, r.Entry == early.ID, r.Approved)
		}
	}
}

// TestLentRoleSaysHowFarItReaches: a delegate outside the scope is told why, in the words of the delegation.
func TestLentRoleSaysHowFarItReaches(t *testing.T) {
	ada, ben, _ := team(t)
	to := ada.now.Add(time.Hour).Format(time.RFC3339)
	ada.write(&RoleDelegatedData{Person: ben.ref.ID, Role: ic, Scope: []Kind{SeverityDeclared}, From: ada.now.Format(time.RFC3339), To: to, Why: "asleep", ByRole: ic})
	s := Fold(ada.log.Entries())
	if err := s.MayWrite(ben.ref.ID, severity(incident.SeverityHigh, ic), ada.now); err != nil {
		t.Error(err)
	}
	err := s.MayWrite(ben.ref.ID, &RoleGrantedData{Person: ben.ref.ID, Role: ic, From: to, ByRole: ic}, ada.now)
	if err == nil || plain(err) != "the role Incident Commander is held by delegation or break-glass, which does not reach role.granted" {
		t.Errorf("core kind: %v", err)
	}
	if err := s.MayWrite(ben.ref.ID, severity(incident.SeverityHigh, ic), ada.now.Add(2*time.Hour)); err == nil {
		t.Error("the delegation ran out")
	}
	held := s.RolesNow(ben.ref.ID, ada.now)
	if len(held) != 2 || !held[0].Own() || held[0].Role != responder || held[1].Role != ic || held[1].Basis != BasisDelegation {
		t.Errorf("%+v", held)
	}
}
