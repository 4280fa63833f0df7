package caserecord

import (
	"testing"
	"time"

	"adjutant/backend/incident"
)

// TestNobodyActsForTwo: one person cannot give what the matrix asks of two, by whatever way round.
func TestNobodyActsForTwo(t *testing.T) {
	x := hash("x")
	awaits := func(w *ruled, want bool, act Entry) {
		w.state = func(s *State) {
			if s.Accepted(act.ID) && s.Awaits(act.ID) != want {
				w.Errorf("%s awaits: %v", act.Header.Kind, s.Awaits(act.ID))
			}
		}
	}
	check(t, []rule{
		{"an act in a role not held, admitted by whoever signed it, does not count", func(w *ruled) {
			w.counts(w.ada, row(HoldReleased, true, counsel, ic))
			h := w.counts(w.cy, hold(x))
			w.sync()
			act := w.aside(w.ada, &HoldReleasedData{Hold: h.ID, Why: because20, Role: counsel}, CodeNotAuthorised)
			w.counts(w.ada, admitEntry(act)) // stands, without effect
		}},
		{"from the other laptop of the same person neither", func(w *ruled) {
			two := w.second(w.ada)
			act := w.aside(w.ada, severity(high, counsel), CodeNotAuthorised)
			two.log.Union(w.ada.log)
			w.counts(two, admitEntry(act))
		}},
		{"somebody else's admission counts beside one's own", func(w *ruled) {
			w.commander()
			act := w.is(w.ada.write(severity(high, counsel)), "")
			w.counts(w.ada, admitEntry(act))
			w.sync()
			by := w.counts(w.ben, admitEntry(act))
			w.state = func(s *State) {
				if s.GroundOf(act.ID) != (Ground{BasisAdmission, by.ID}) {
					w.Errorf("%+v", s.GroundOf(act.ID))
				}
			}
		}},
		{"an own entry of a lost key comes back with an own admission, and awaits its second person as before", func(w *ruled) {
			two := w.second(w.ada)
			w.commander()
			w.counts(w.ada, row(SeverityDeclared, true, ic))
			two.log.Union(w.ada.log)
			w.ben.take(w.ada)
			act := w.is(two.write(severity(high, ic)), "")
			w.counts(w.ada, revoke(two, ic))
			w.ada.log.Union(two.log)
			by := w.counts(w.ada, admitEntry(act))
			w.state = func(s *State) {
				if !s.Awaits(act.ID) || s.GroundOf(act.ID) != (Ground{BasisAdmission, by.ID}) {
					w.Errorf("awaits %v, %+v", s.Awaits(act.ID), s.GroundOf(act.ID))
				}
			}
		}},
		{"a deletion is never taken in afterwards: it is signed anew", func(w *ruled) {
			d := purge(x)
			d.Role = responder
			act := w.aside(w.ben, d, CodeNotAuthorised)
			w.counts(w.cy, hold(x))
			w.sync()
			w.aside(w.ada, admitEntry(act), CodeOutOfPlace)
		}},
		{"a deletion that waits is not confirmed once a hold is known", func(w *ruled) {
			w.counts(w.ada, row(EvidencePurged, true, ic, counsel))
			act := w.counts(w.ada, purge(x))
			w.sync()
			h := w.counts(w.cy, hold(x))
			w.aside(w.cy, cosign(act, counsel), CodeOutOfPlace)
			w.counts(w.cy, &HoldReleasedData{Hold: h.ID, Why: because20, Role: counsel})
			w.counts(w.cy, cosign(act, counsel))
			awaits(w, false, act)
		}},
	})
}

// TestLentRolesEndWithTheLender: nobody lends more than they have.
func TestLentRolesEndWithTheLender(t *testing.T) {
	check(t, []rule{
		{"the end of the lender's role ends what they lent of it", func(w *ruled) {
			w.commander()
			w.counts(w.ben, &RoleDelegatedData{Person: w.cy.ref.ID, Role: ic, Scope: []Kind{}, From: w.ben.after(0), To: w.ben.after(time.Hour), Why: "away", ByRole: ic})
			w.sync()
			w.counts(w.cy, severity(low, ic))
			w.sync()
			w.counts(w.ada, ends(w.ben, ic, ic))
			w.aside(w.cy, severity(high, ic), CodeNotAuthorised) // concurrent
			w.sync()
			w.aside(w.cy, severity(high, ic), CodeNotAuthorised)
			w.state = func(s *State) {
				for _, r := range s.Roles {
					if r.Basis == BasisDelegation && r.Ended == nil {
						w.Errorf("%+v", r)
					}
				}
			}
		}},
		{"of another role it does not", func(w *ruled) {
			w.commander()
			w.counts(w.ben, &RoleDelegatedData{Person: w.cy.ref.ID, Role: ic, Scope: []Kind{}, From: w.ben.after(0), To: w.ben.after(time.Hour), Why: "away", ByRole: ic})
			w.sync()
			w.counts(w.ada, ends(w.ben, responder, ic))
			w.sync()
			w.counts(w.cy, severity(high, ic))
		}},
		{"what is lent anew by whoever has the role anew stands", func(w *ruled) {
			w.commander()
			w.counts(w.ada, ends(w.ben, ic, ic))
			w.commander()
			w.counts(w.ben, &RoleDelegatedData{Person: w.cy.ref.ID, Role: ic, Scope: []Kind{}, From: w.ben.after(0), To: w.ben.after(time.Hour), Why: "away", ByRole: ic})
			w.sync()
			w.counts(w.cy, severity(high, ic))
		}},
	})
}

// TestAnswersStandOnce: who has answered an offer does not answer it again, and what a person settled stays settled.
func TestAnswersStandOnce(t *testing.T) {
	x := hash("x")
	check(t, []rule{
		{"an offer that was taken is not refused afterwards", func(w *ruled) {
			w.counts(w.ben, &EvidenceReceivedData{SHA256: x, Path: "a", Kept: KeptSealed, Custodian: "Ben Okafor"})
			e := w.counts(w.ben, give(w.cy, x))
			w.sync()
			w.counts(w.cy, takes(e, true))
			w.aside(w.cy, takes(e, false), CodeOutOfPlace)
			w.state = func(s *State) {
				if got := s.CustodianOf(x); got != "Cy Marsh" {
					w.Errorf("custodian %q", got)
				}
			}
		}},
		{"what awaits its second person leaves in force what a resolution chose", func(w *ruled) {
			w.commander()
			first := w.counts(w.ada, severity(high, ic))
			w.ben.now = w.ben.now.Add(time.Minute)
			second := w.counts(w.ben, severity(low, ic))
			w.sync()
			over := []ID{first.ID, second.ID}
			if over[0] > over[1] {
				over[0], over[1] = over[1], over[0]
			}
			w.counts(w.ada, &ConflictResolvedData{Field: "severity", Chosen: first.ID, Over: over, ReasonCode: "other", Reason: because20, Role: ic})
			w.counts(w.ada, row(SeverityDeclared, true, ic))
			w.counts(w.ada, severity(incident.SeverityCritical, ic))
			w.state = func(s *State) {
				if got := s.SeverityInForce(); got == nil || got.Entry != first.ID {
					w.Errorf("%+v is in force", got)
				}
			}
		}},
	})
}

// TestPurgeOfWhatIsTakenAnew: a deletion is of what was there; who takes the item in again, knowing of it, has it.
func TestPurgeOfWhatIsTakenAnew(t *testing.T) {
	x := hash("x")
	received := &EvidenceReceivedData{SHA256: x, Path: "a", Kept: KeptSealed, Custodian: "Ben Okafor"}
	stands := func(w *ruled, want bool) {
		w.state = func(s *State) {
			if got := s.PurgeOf(x) != nil; got != want {
				w.Errorf("purged: %v", got)
			}
		}
	}
	check(t, []rule{
		{"taken in before", func(w *ruled) { w.counts(w.ada, received); w.counts(w.ada, purge(x)); stands(w, true) }},
		{"taken in without knowing of the deletion", func(w *ruled) {
			w.counts(w.ada, purge(x))
			w.counts(w.ben, received)
			stands(w, true)
		}},
		{"taken in anew by somebody who knew", func(w *ruled) {
			w.counts(w.ada, purge(x))
			w.sync()
			w.counts(w.ben, received)
			w.sync()
			stands(w, false)
		}},
		{"deleted again", func(w *ruled) {
			w.counts(w.ada, purge(x))
			w.counts(w.ada, received)
			w.counts(w.ada, purge(x))
			stands(w, true)
		}},
	})
}
