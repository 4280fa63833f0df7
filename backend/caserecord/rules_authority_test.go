package caserecord

import (
	"slices"
	"testing"
	"time"

	"adjutant/backend/incident"
)

const high, low, critical = incident.SeverityHigh, incident.SeverityLow, incident.SeverityCritical

func TestRulesOfDelegation(t *testing.T) {
	check(t, []rule{
		{"a role is lent for its scope, and what is signed in it says so", func(w *ruled) {
			lent := w.is(w.ada.delegate(w.ben, ic, time.Hour, SeverityDeclared), "")
			w.sync()
			e := w.counts(w.ben, severity(high, ic))
			w.aside(w.ben, &ModelSwitchedData{On: true}, CodeNotAuthorised)
			w.aside(w.ben, &TriggerDeclaredData{Anchor: "aware", At: "2026-03-04T06:00:00Z", TZ: "UTC", Basis: "b", Role: ic}, CodeNotAuthorised)
			w.state = func(s *State) {
				if s.GroundOf(e.ID) != (Ground{BasisDelegation, lent.ID}) {
					w.Errorf("ground %+v", s.GroundOf(e.ID))
				}
			}
		}},
		{"an empty scope lends all that can be lent, and no core kind", func(w *ruled) {
			w.is(w.ada.delegate(w.ben, ic, time.Hour), "")
			w.sync()
			w.counts(w.ben, severity(high, ic))
			w.counts(w.ben, &ModelSwitchedData{On: true})
			w.aside(w.ben, &RoleGrantedData{Person: w.cy.ref.ID, Role: ic, From: "2026-01-01T00:00:00Z", ByRole: ic}, CodeNotAuthorised)
			w.aside(w.ben, &PersonAdmittedData{newSigner(w, "Eve").ref}, CodeNotAuthorised)
			w.aside(w.ben, row(NoteMade, false, ic), CodeNotAuthorised)
			w.aside(w.ben, revoke(w.cy, ic), CodeNotAuthorised)
			w.aside(w.ben, ends(w.cy, counsel, ic), CodeNotAuthorised)
		}},
		{"before from and from to on nothing is lent", func(w *ruled) {
			w.counts(w.ada, &RoleDelegatedData{Person: w.ben.ref.ID, Role: ic, From: w.ada.after(time.Hour), To: w.ada.after(2 * time.Hour), Why: "later", ByRole: ic})
			w.sync()
			w.aside(w.ben, severity(low, ic), CodeNotAuthorised)
			w.ben.now = w.ben.now.Add(time.Hour)
			w.counts(w.ben, severity(high, ic))
			w.ben.now = w.ben.now.Add(time.Hour)
			w.aside(w.ben, severity(low, ic), CodeNotAuthorised)
		}},
		{"a slow clock does not lengthen it: time is the greatest known", func(w *ruled) {
			w.is(w.ada.delegate(w.ben, ic, time.Hour), "")
			w.ada.now = w.ada.now.Add(2 * time.Hour)
			w.ada.write(note("hours later"))
			now := w.ben.now
			w.ben.take(w.ada)
			w.ben.now = now
			w.aside(w.ben, severity(high, ic), CodeNotAuthorised)
		}},
		{"only a holder in their own right lends", func(w *ruled) {
			w.is(w.ada.delegate(w.ben, ic, time.Hour), "")
			w.sync()
			w.is(w.ben.delegate(w.cy, ic, time.Hour), CodeNotAuthorised)
			w.is(w.cy.delegate(w.ben, incident.RoleOperations, time.Hour), CodeNotAuthorised)
			w.is(w.cy.delegate(w.ben, counsel, time.Hour), "")
		}},
		{"nothing is lent to somebody who was not admitted", func(w *ruled) {
			w.is(w.ada.delegate(newSigner(w, "Eve"), ic, time.Hour), CodeOutOfPlace)
		}},
		{"an end of the role takes the loan as well, also from what is concurrent", func(w *ruled) {
			w.is(w.ada.delegate(w.ben, ic, time.Hour), "")
			w.sync()
			before := w.counts(w.ben, severity(low, ic))
			w.ada.take(w.ben)
			w.counts(w.ada, ends(w.ben, ic, ic))
			w.aside(w.ben, severity(high, ic), CodeNotAuthorised)
			w.sync()
			w.aside(w.ben, severity(critical, ic), CodeNotAuthorised)
			_ = before
		}},
		{"who borrowed a role lays it down", func(w *ruled) {
			w.is(w.ada.delegate(w.ben, ic, time.Hour), "")
			w.sync()
			w.counts(w.ben, ends(w.ben, ic, ic))
			w.aside(w.ben, severity(high, ic), CodeNotAuthorised)
			w.counts(w.ada, severity(low, ic))
		}},
		{"a lent role does not correct other people's words", func(w *ruled) {
			words := w.counts(w.cy, note("mine"))
			w.is(w.ada.delegate(w.ben, ic, time.Hour), "")
			w.sync()
			w.aside(w.ben, &CorrectionMadeData{Supersedes: words.ID, Text: "x"}, CodeNotAuthorised)
			w.counts(w.ada, &CorrectionMadeData{Supersedes: words.ID, Text: "y"})
		}},
	})
}

func TestRulesOfSuccession(t *testing.T) {
	check(t, []rule{
		{"the first in the order assumes the role when its holder is named as absent", func(w *ruled) {
			w.counts(w.ada, succession(ic, w.ben, w.cy))
			w.sync()
			w.aside(w.ben, assume(ic), CodeNotAuthorised)
			w.aside(w.ben, assume(ic, w.cy), CodeNotAuthorised)
			w.counts(w.ben, assume(ic, w.ada))
			w.counts(w.ben, severity(high, ic))
			w.counts(w.ben, &RoleGrantedData{Person: w.cy.ref.ID, Role: responder, From: "2026-01-01T00:00:00Z", ByRole: ic}) // their own now
		}},
		{"the second names the first as well", func(w *ruled) {
			w.counts(w.ada, succession(ic, w.ben, w.cy))
			w.sync()
			w.aside(w.cy, assume(ic, w.ada), CodeNotAuthorised)
			w.counts(w.cy, assume(ic, w.ada, w.ben))
		}},
		{"who does not stand in the order assumes nothing", func(w *ruled) {
			w.aside(w.ben, assume(ic, w.ada), CodeNotAuthorised)
			w.counts(w.ada, succession(ic, w.cy))
			w.sync()
			w.aside(w.ben, assume(ic, w.ada, w.cy), CodeNotAuthorised)
		}},
		{"a later list replaces the earlier whole", func(w *ruled) {
			w.counts(w.ada, succession(ic, w.ben))
			w.counts(w.ada, succession(ic, w.cy))
			w.sync()
			w.aside(w.ben, assume(ic, w.ada, w.cy), CodeNotAuthorised)
			w.counts(w.cy, assume(ic, w.ada))
		}},
		{"a list that was not seen does not count", func(w *ruled) {
			w.aside(w.ben, assume(ic, w.ada), CodeNotAuthorised)
			w.counts(w.ada, succession(ic, w.ben))
		}},
		{"only the commander sets it, of people who were admitted", func(w *ruled) {
			w.aside(w.ben, succession(ic, w.ben), CodeNotAuthorised)
			w.aside(w.ada, succession(ic, newSigner(w, "Eve")), CodeOutOfPlace)
		}},
		{"two lists at once are a conflict that the next list settles; the later counts until then", func(w *ruled) {
			w.commander()
			w.counts(w.ada, succession(counsel, w.ada))
			w.ben.now = w.ben.now.Add(time.Minute)
			late := w.counts(w.ben, succession(counsel, w.ben))
			w.sync()
			if c := Fold(w.ada.log.Entries()).Conflicts; len(c) != 1 || c[0].Field != "succession legal-counsel" {
				w.Errorf("%+v", c)
			}
			w.aside(w.ada, &ConflictResolvedData{Field: "succession legal-counsel", Chosen: late.ID, Over: conflictOf(w, w.ada), ReasonCode: "x", Reason: because20, Role: ic}, CodeOutOfPlace)
			w.aside(w.ada, assume(counsel, w.cy), CodeNotAuthorised)
			w.counts(w.ben, assume(counsel, w.cy))
			w.sync()
			w.counts(w.ada, succession(counsel, w.ada))
			w.state = func(s *State) {
				if len(s.Conflicts) != 0 || !slices.Equal(s.Succession(counsel), []PersonID{w.ada.ref.ID}) {
					w.Errorf("%+v", s.Conflicts)
				}
			}
		}},
	})
}

// conflictOf are the entries of the one conflict on a copy, ascending.
func conflictOf(w *ruled, s *signer) []ID {
	c := Fold(s.log.Entries()).Conflicts
	if len(c) != 1 {
		w.Fatalf("conflicts %+v", c)
	}
	return sorted(c[0].Entries...)
}

func TestRulesOfBreakGlass(t *testing.T) {
	check(t, []rule{
		{"at most twelve hours, and not over already", func(w *ruled) {
			w.aside(w.ben, breakGlass(w.ben, ic, 12*time.Hour+time.Millisecond), CodeOutOfPlace)
			w.aside(w.ben, breakGlass(w.ben, ic, 0), CodeOutOfPlace)
			w.aside(w.ben, breakGlass(w.ben, ic, -time.Minute), CodeOutOfPlace)
			w.counts(w.ben, breakGlass(w.ben, ic, 12*time.Hour))
		}},
		{"the role is held from then on until the end, core kinds left out", func(w *ruled) {
			w.aside(w.ben, severity(low, ic), CodeNotAuthorised)
			g := w.counts(w.ben, breakGlass(w.ben, ic, time.Hour))
			act := w.counts(w.ben, severity(high, ic))
			w.aside(w.ben, &RoleGrantedData{Person: w.ben.ref.ID, Role: ic, From: "2026-01-01T00:00:00Z", ByRole: ic}, CodeNotAuthorised)
			w.aside(w.ben, revoke(w.ada, ic), CodeNotAuthorised)
			w.aside(w.ben, ends(w.ada, ic, ic), CodeNotAuthorised)
			w.aside(w.ben, admitEntry(act), CodeNotAuthorised)
			w.is(w.ben.delegate(w.cy, ic, time.Hour), CodeNotAuthorised)
			w.ben.now = w.ben.now.Add(time.Hour)
			w.aside(w.ben, severity(low, ic), CodeNotAuthorised)
			w.state = func(s *State) {
				if got := s.Glass[0]; got.Entry != g.ID || !slices.Equal(got.Acts, []ID{act.ID}) || got.Review != nil {
					w.Errorf("%+v", got)
				}
			}
		}},
		{"a slow clock does not move its end: time is the greatest known", func(w *ruled) {
			w.ada.now = w.ada.now.Add(20 * time.Hour)
			w.ada.write(note("hours later"))
			now := w.ben.now
			w.ben.take(w.ada)
			w.ben.now = now
			w.aside(w.ben, breakGlass(w.ben, ic, 12*time.Hour), CodeOutOfPlace)
			w.counts(w.ben, breakGlass(w.ben, ic, 21*time.Hour))
		}},
		{"any admitted person, nobody else", func(w *ruled) {
			w.aside(w.guest("Eve"), breakGlass(w.ada, ic, time.Hour), CodeUnknownAuthor)
		}},
		{"reviewed by the commander or counsel, not by whoever broke it", func(w *ruled) {
			own := w.counts(w.ada, breakGlass(w.ada, incident.RoleOperations, time.Hour))
			g := w.counts(w.ben, breakGlass(w.ben, ic, time.Hour))
			w.aside(w.ben, review(g, ic), CodeNotAuthorised)
			w.aside(w.ada, review(own, ic), CodeNotAuthorised)
			w.aside(w.cy, review(g, counsel), CodeOutOfPlace) // not seen
			w.sync()
			w.aside(w.cy, review(w.cy.write(note("no glass")), counsel), CodeOutOfPlace)
			w.aside(w.ben, review(own, responder), CodeNotAuthorised)
			w.counts(w.cy, review(own, counsel))
			w.counts(w.ada, review(g, ic))
			w.state = func(s *State) {
				for _, g := range s.Glass {
					if g.Review == nil || g.Review.Person == g.Person {
						w.Errorf("%+v", g)
					}
				}
			}
		}},
		{"who broke it with one key does not review it with another", func(w *ruled) {
			w.commander()
			two := w.second(w.ben)
			g := w.counts(w.ben, breakGlass(w.ben, incident.RoleOperations, time.Hour))
			w.sync()
			w.aside(two, review(g, ic), CodeNotAuthorised)
		}},
	})
}

func TestRulesOfTheMatrix(t *testing.T) {
	verdict := func(role incident.Role) *VerdictGivenData {
		return &VerdictGivenData{Group: "g", Verdict: incident.VerdictBenign, Role: role}
	}
	check(t, []rule{
		{"only the commander changes a row", func(w *ruled) {
			w.aside(w.cy, row(HoldPlaced, false, counsel), CodeNotAuthorised)
			w.aside(w.ben, &AuthorityChangedData{Of: SeverityDeclared, Roles: []incident.Role{responder}, Why: "x", ByRole: responder}, CodeNotAuthorised)
		}},
		{"a change replaces the row, the later the earlier", func(w *ruled) {
			w.counts(w.ada, row(SeverityDeclared, false, responder))
			w.aside(w.ada, severity(low, ic), CodeNotAuthorised)
			w.sync()
			w.counts(w.ben, severity(high, responder))
			w.sync()
			w.counts(w.ada, row(SeverityDeclared, false, ic))
			w.counts(w.ada, severity(low, ic))
			w.sync()
			w.aside(w.ben, severity(high, responder), CodeNotAuthorised)
		}},
		{"a narrower row counts for what is concurrent, not for its own past", func(w *ruled) {
			past := w.counts(w.ben, verdict(responder))
			w.ada.take(w.ben)
			w.counts(w.ada, row(VerdictGiven, false, ic))
			w.aside(w.ben, verdict(responder), CodeNotAuthorised)
			_ = past
		}},
		{"a wider row does not count for what is concurrent", func(w *ruled) {
			w.counts(w.ada, row(SeverityDeclared, false, responder, ic))
			w.aside(w.ben, severity(high, responder), CodeNotAuthorised)
			w.counts(w.ada, severity(high, ic))
			w.sync()
			w.counts(w.ben, severity(low, responder))
		}},
		{"of two changes at once counts what both allow", func(w *ruled) {
			w.commander()
			w.counts(w.ada, row(VerdictGiven, false, ic, responder))
			w.counts(w.ben, row(VerdictGiven, false, responder, counsel))
			w.sync()
			w.counts(w.ben, verdict(responder))
			w.aside(w.ada, verdict(ic), CodeNotAuthorised)
			w.aside(w.cy, verdict(counsel), CodeNotAuthorised)
			w.sync()
			w.counts(w.ada, row(VerdictGiven, false, counsel)) // has seen both
			w.sync()
			w.counts(w.cy, verdict(counsel))
		}},
		{"two changes at once that allow nobody in common allow nobody", func(w *ruled) {
			w.commander()
			w.counts(w.ada, row(VerdictGiven, false, ic))
			w.counts(w.ben, row(VerdictGiven, false, counsel))
			w.sync()
			w.aside(w.ada, verdict(ic), CodeNotAuthorised)
			w.aside(w.cy, verdict(counsel), CodeNotAuthorised)
		}},
		{"a row for any admitted person becomes one for some", func(w *ruled) {
			w.counts(w.ada, row(NoteMade, false, counsel))
			w.sync()
			w.aside(w.ben, note("x"), CodeNotAuthorised)
			w.counts(w.cy, note("y"))
		}},
		{"a row of one class leaves the others alone", func(w *ruled) {
			w.counts(w.ada, &AuthorityChangedData{Of: DocumentApproved, Class: ClassNotice, Roles: []incident.Role{ic}, Why: "x", ByRole: ic})
			for _, class := range []Class{ClassNotice, ClassReport} {
				w.counts(w.ada, &DocumentDraftedData{Document: hash(class)[:32], Template: "t", Class: class, Title: "t", ModelSHA256: hash("m"), AsOf: hash("h")})
			}
			w.sync()
			w.aside(w.cy, &DocumentApprovedData{Document: hash(ClassNotice)[:32], ModelSHA256: hash("m"), Role: counsel}, CodeNotAuthorised)
			for _, class := range []Class{ClassNotice, ClassReport} {
				w.counts(w.ada, &DocumentApprovedData{Document: hash(class)[:32], ModelSHA256: hash("m"), Role: ic})
			}
		}},
	})
}

func TestRulesOfTwoPersons(t *testing.T) {
	awaits := func(w *ruled, want bool, acts ...Entry) {
		w.state = func(s *State) {
			for _, e := range acts {
				if s.Awaits(e.ID) != want {
					w.Errorf("%s awaits: %v", e.Header.Kind, s.Awaits(e.ID))
				}
			}
		}
	}
	check(t, []rule{
		{"an act awaits another person, not another key of the same", func(w *ruled) {
			w.commander()
			two := w.second(w.ben)
			w.counts(w.ada, row(SeverityDeclared, true, ic))
			w.sync()
			act := w.counts(w.ben, severity(high, ic))
			w.sync()
			w.aside(w.ben, cosign(act, ic), CodeNotAuthorised)
			w.aside(two, cosign(act, ic), CodeNotAuthorised)
			w.aside(w.cy, cosign(act, counsel), CodeNotAuthorised)
			awaits(w, true, act)
		}},
		{"another person who may write the act puts it in force", func(w *ruled) {
			w.commander()
			w.counts(w.ada, row(SeverityDeclared, true, ic))
			w.sync()
			act := w.counts(w.ben, severity(high, ic))
			w.aside(w.ada, cosign(act, ic), CodeOutOfPlace) // not seen yet
			w.sync()
			w.counts(w.ada, cosign(act, ic))
			awaits(w, false, act)
		}},
		{"a lent role does not sign as second", func(w *ruled) {
			w.counts(w.ada, row(SeverityDeclared, true, ic))
			act := w.counts(w.ada, severity(high, ic))
			w.is(w.ada.delegate(w.ben, ic, time.Hour), "")
			w.sync()
			w.aside(w.ben, cosign(act, ic), CodeNotAuthorised)
			w.counts(w.cy, breakGlass(w.cy, ic, time.Hour))
			w.aside(w.cy, cosign(act, ic), CodeNotAuthorised)
			awaits(w, true, act)
		}},
		{"an own signature that was admitted later is still the same person's", func(w *ruled) {
			w.counts(w.ada, row(SeverityDeclared, true, ic))
			act := w.counts(w.ada, severity(high, ic))
			own := w.ada.write(cosign(act, ic))
			w.counts(w.ada, admitEntry(own))
			awaits(w, true, act)
		}},
		{"the second person for a correction may correct as well", func(w *ruled) {
			words := w.counts(w.cy, note("mine"))
			w.counts(w.ada, row(CorrectionMade, true, ic, counsel, responder))
			w.sync()
			act := w.counts(w.cy, &CorrectionMadeData{Supersedes: words.ID, Text: "rather"})
			w.sync()
			w.aside(w.ben, cosign(act, responder), CodeNotAuthorised)
			awaits(w, true, act)
		}},
		{"a change that asks for two counts for what is concurrent, whoever else asked for one", func(w *ruled) {
			w.commander()
			act := w.counts(w.cy, &TriggerSubmittedData{Regime: "gdpr", Stage: "s", At: "2026-03-04T06:00:00Z", Role: counsel})
			w.counts(w.ada, row(TriggerSubmitted, true, ic, counsel))
			w.counts(w.ben, row(TriggerSubmitted, false, ic, counsel))
			w.sync()
			after := w.counts(w.cy, &TriggerSubmittedData{Regime: "gdpr", Stage: "t", At: "2026-03-04T06:00:00Z", Role: counsel})
			awaits(w, true, act, after)
		}},
		{"the release of a hold that awaits its second person lifts nothing", func(w *ruled) {
			w.counts(w.ada, row(HoldReleased, true, counsel, ic))
			w.sync()
			hold := w.counts(w.cy, &HoldPlacedData{Matter: "m", Why: "w", Items: []string{}, Role: counsel})
			released := w.counts(w.cy, &HoldReleasedData{Hold: hold.ID, Why: because20, Role: counsel})
			w.sync()
			purge := &EvidencePurgedData{SHA256: hash("x"), Why: because20, Role: ic}
			w.aside(w.ada, purge, CodeOutOfPlace)
			w.counts(w.ada, cosign(released, ic))
			w.counts(w.ada, purge)
		}},
	})
}
