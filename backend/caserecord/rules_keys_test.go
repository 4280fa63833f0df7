package caserecord

import (
	"slices"
	"strings"
	"testing"

	"adjutant/backend/incident"
)

func TestRulesOfKeys(t *testing.T) {
	check(t, []rule{
		{"the commander revokes any key, a person a key of their own, nobody else", func(w *ruled) {
			two := w.second(w.ben)
			w.aside(w.cy, revoke(w.ben, counsel), CodeNotAuthorised)
			w.aside(w.cy, revoke(w.ben, ""), CodeNotAuthorised)
			w.aside(w.ben, revoke(two, ic), CodeNotAuthorised) // one's own, but in a role not held
			w.counts(w.ben, revoke(two, ""))
			w.sync()
			w.aside(two, note("from the lost laptop"), CodeKeyRevoked)
			w.counts(w.ben, note("from the other"))
			w.counts(w.ada, revoke(w.cy, ic))
			w.sync()
			w.aside(w.cy, note("too late"), CodeKeyRevoked)
		}},
		{"a key that is not known as the person's is not revoked", func(w *ruled) {
			wrong := revoke(w.ben, ic)
			wrong.Person = w.cy.ref.ID
			w.aside(w.ada, wrong, CodeOutOfPlace)
			w.aside(w.ada, revoke(newSigner(w, "Eve"), ic), CodeOutOfPlace)
		}},
		{"nor one whose admission was not seen, whatever the clocks say", func(w *ruled) {
			w.commander()
			eve := newSigner(w, "Eve")
			w.ben.now = w.ben.now.Add(-3600e9)
			w.counts(w.ben, &PersonAdmittedData{eve.ref}) // an hour earlier by Ben's clock
			w.aside(w.ada, revoke(eve, ic), CodeOutOfPlace)
		}},
		{"what was signed before and seen stays", func(w *ruled) {
			before := w.counts(w.ben, note("seen"))
			w.ada.take(w.ben)
			w.counts(w.ada, revoke(w.ben, ic))
			unseen := w.aside(w.ben, note("not seen"), CodeKeyRevoked)
			w.state = func(s *State) {
				if s.KeyRevokedAt(w.ben.ref.Key) == nil || s.PersonNow(w.ben.ref.Key) != "" || s.KeyRevokedAt(w.cy.ref.Key) != nil {
					w.Error("who may sign now")
				}
				if !slices.ContainsFunc(s.Notes, func(n Note) bool { return n.Entry == before.ID }) || slices.ContainsFunc(s.Notes, func(n Note) bool { return n.Entry == unseen.ID }) {
					w.Error("notes")
				}
			}
		}},
		{"a fork from an old place with an old clock is set aside, and named", func(w *ruled) {
			old, err := w.ben.log.Next(w.ben.ref.Key, w.ben.now)
			if err != nil {
				w.Fatal(err)
			}
			honest := w.counts(w.ben, note("honest"))
			w.ada.take(w.ben)
			w.counts(w.ada, revoke(w.ben, ic))
			old.Recorded = start.Add(10e9) // long before the revocation, it says
			forged := w.is(w.ben.seal(old, note("the crane was fine all along")), CodeKeyRevoked)
			l := NewLog(w.ada.log.Entries()...)
			l.Union(w.ben.log)
			r := Verify(l.Entries())
			if r.ExitCode() != 4 || !slices.Contains(codes(r, forged.ID), CodeEquivocation) || !slices.Contains(codes(r, honest.ID), CodeEquivocation) || !slices.Contains(codes(r, forged.ID), CodeKeyRevoked) {
				w.Errorf("%s %v", r.Verdict, r.Problems)
			}
		}},
		{"two commanders who revoke each other at once both lose their keys", func(w *ruled) {
			w.commander()
			w.counts(w.ada, revoke(w.ben, ic))
			w.counts(w.ben, revoke(w.ada, ic))
			w.sync()
			w.aside(w.ada, severity(high, ic), CodeKeyRevoked)
			w.aside(w.ben, severity(low, ic), CodeKeyRevoked)
		}},
		{"a key admitted again after its revocation speaks again, from there on", func(w *ruled) {
			w.counts(w.ada, revoke(w.ben, ic))
			between := w.aside(w.ben, note("between"), CodeKeyRevoked)
			w.counts(w.ada, &PersonAdmittedData{w.ben.ref})
			w.sync()
			w.counts(w.ben, note("after"))
			w.state = func(s *State) {
				if s.PersonNow(w.ben.ref.Key) != w.ben.ref.ID || s.Accepted(between.ID) {
					w.Error("who may sign now")
				}
			}
		}},
		{"an admission concurrent with the revocation does not help", func(w *ruled) {
			w.commander()
			w.counts(w.ada, revoke(w.cy, ic))
			w.counts(w.ben, &PersonAdmittedData{w.cy.ref})
			w.cy.take(w.ben)
			w.aside(w.cy, note("x"), CodeKeyRevoked)
		}},
		{"a revocation by a key that was itself revoked unseen still stands", func(w *ruled) {
			w.commander()
			stands := w.counts(w.ben, revoke(w.cy, ic))
			w.counts(w.ada, revoke(w.ben, ic))
			w.aside(w.cy, note("x"), CodeKeyRevoked)
			_ = stands
		}},
		{"a key belongs to one person", func(w *ruled) {
			stolen := PersonRef{ID: PersonID(hash("other")[:32]), Name: "Other", Key: w.ben.ref.Key}
			w.aside(w.ada, &PersonAdmittedData{stolen}, CodeOutOfPlace)
		}},
		{"only the commander admits", func(w *ruled) {
			w.aside(w.cy, &PersonAdmittedData{newSigner(w, "Eve").ref}, CodeNotAuthorised)
		}},
		{"who signs without having seen the admission was not yet admitted", func(w *ruled) {
			eve := w.guest("Eve")
			w.aside(eve, note("early"), CodeNotYetAdmitted)
			w.counts(w.ada, &PersonAdmittedData{eve.ref})
			w.sync()
			w.counts(eve, note("in time"))
		}},
	})
}

func TestRulesOfAdmittingEntries(t *testing.T) {
	check(t, []rule{
		{"an entry without authority counts once it is admitted", func(w *ruled) {
			e := w.is(w.ben.write(severity(high, responder)), "")
			w.sync()
			by := w.counts(w.ada, admitEntry(e))
			w.state = func(s *State) {
				if s.GroundOf(e.ID) != (Ground{BasisAdmission, by.ID}) || s.Severity.Current.Data.Level != high || s.Severity.Current.Person != w.ben.ref.ID {
					w.Errorf("%+v", s.GroundOf(e.ID))
				}
			}
		}},
		{"it counts at its own place: a later write stays the later", func(w *ruled) {
			e := w.is(w.ben.write(severity(low, responder)), "")
			w.sync()
			w.counts(w.ada, severity(high, ic))
			w.counts(w.ada, admitEntry(e))
			w.state = func(s *State) {
				if s.Severity.Current.Data.Level != high || len(s.Severity.History) != 2 {
					w.Errorf("%+v", s.Severity)
				}
			}
		}},
		{"one of a revoked key, and one of somebody admitted afterwards", func(w *ruled) {
			eve := w.guest("Eve")
			early := w.is(eve.write(note("early")), "")
			w.counts(w.ada, &PersonAdmittedData{eve.ref})
			w.counts(w.ada, revoke(w.ben, ic))
			revoked := w.is(w.ben.write(note("revoked")), "")
			still := w.aside(w.ben, note("not admitted"), CodeKeyRevoked)
			w.sync()
			w.counts(w.ada, admitEntry(early))
			w.counts(w.ada, admitEntry(revoked))
			_ = still
		}},
		{"not one of a key that nobody admitted", func(w *ruled) {
			e := w.aside(w.guest("Eve"), note("x"), CodeUnknownAuthor)
			w.sync()
			w.counts(w.ada, admitEntry(e)) // stands, without effect
		}},
		{"not one that gives authority: that is given anew", func(w *ruled) {
			e := w.aside(w.ben, &RoleGrantedData{Person: w.ben.ref.ID, Role: ic, From: "2026-01-01T00:00:00Z", ByRole: ic}, CodeNotAuthorised)
			revoked := w.aside(w.ben, revoke(w.ada, ic), CodeNotAuthorised)
			w.sync()
			w.aside(w.ada, admitEntry(e), CodeOutOfPlace)
			w.aside(w.ada, admitEntry(revoked), CodeOutOfPlace)
			w.aside(w.ada, admitEntry(w.ada.log.Entries()[0]), CodeOutOfPlace)
		}},
		{"not one that was not seen", func(w *ruled) {
			e := w.aside(w.ben, severity(high, responder), CodeNotAuthorised)
			w.aside(w.ada, admitEntry(e), CodeOutOfPlace)
		}},
		{"not one that refers to what it cannot know", func(w *ruled) {
			e := w.aside(w.ben, &DocumentApprovedData{Document: hash("d")[:32], ModelSHA256: hash("m"), Role: responder}, CodeOutOfPlace)
			w.sync()
			w.counts(w.ada, admitEntry(e)) // stands, without effect
		}},
		{"only by the commander", func(w *ruled) {
			e := w.aside(w.ben, severity(high, responder), CodeNotAuthorised)
			w.sync()
			w.aside(w.cy, &EntryAdmittedData{Entry: e.ID, Why: because20, ByRole: counsel}, CodeNotAuthorised)
		}},
		{"the admission falls with the role of whoever wrote it", func(w *ruled) {
			w.commander()
			e := w.aside(w.cy, severity(high, counsel), CodeNotAuthorised)
			w.sync()
			w.aside(w.ben, admitEntry(e), CodeNotAuthorised)
			w.counts(w.ada, ends(w.ben, ic, ic))
		}},
	})
}

func TestRulesOfRolesAndRoot(t *testing.T) {
	check(t, []rule{
		{"a role not held, and a role that may not", func(w *ruled) {
			w.aside(w.ben, severity(high, ic), CodeNotAuthorised)
			w.aside(w.ben, severity(high, responder), CodeNotAuthorised)
			w.aside(w.ben, &HoldPlacedData{Matter: "m", Why: "w", Role: responder}, CodeNotAuthorised)
		}},
		{"a grant counts for what has it in its past, from its from on", func(w *ruled) {
			w.counts(w.ada, &RoleGrantedData{Person: w.ben.ref.ID, Role: ic, From: w.ada.after(3600e9), ByRole: ic})
			w.aside(w.ben, severity(low, ic), CodeNotAuthorised)
			w.sync()
			w.aside(w.ben, severity(low, ic), CodeNotAuthorised)
			w.ben.now = w.ben.now.Add(3600e9)
			w.counts(w.ben, severity(high, ic))
		}},
		{"a grant to somebody who was not admitted", func(w *ruled) {
			w.aside(w.ada, &RoleGrantedData{Person: newSigner(w, "Eve").ref.ID, Role: ic, From: "2026-01-01T00:00:00Z", ByRole: ic}, CodeOutOfPlace)
		}},
		{"a second opening by the same key is refused, and nobody else can make one", func(w *ruled) {
			e, err := Seal(Header{Mode: incident.ModeExercise, Author: w.ada.ref.Key, Seq: 1, Recorded: start}, &CaseOpenedData{Name: "Twice", TLP: incident.TLPRed, Zone: "UTC", Person: w.ada.ref}, saltOf(w.T, w.ada), w.ada.sign)
			if err != nil {
				w.Fatal(err)
			}
			w.ada.log.Add(e)
			first := Fold(w.ada.log.Entries()).Case.Entry
			for _, o := range w.ada.log.Entries() {
				if o.Header.Kind == CaseOpened && o.ID != first {
					w.is(o, CodeOpening)
				}
			}
		}},
		{"somebody who knows the case but was never let in", func(w *ruled) {
			w.aside(w.guest("Eve"), note("hello"), CodeUnknownAuthor)
		}},
	})
}

// TestMarksOfRefusal: every refusal reads as a sentence that names no package.
func TestMarksOfRefusal(t *testing.T) {
	w := fullCase2(t)
	ada, _, _ := team(t)
	ada.write(severity(low, counsel))
	for _, s := range []*State{Fold(w.dora.log.Entries()), Fold(ada.log.Entries())} {
		for _, r := range s.Refused {
			if r.Text == "" || strings.HasPrefix(r.Text, "caserecord") || strings.HasPrefix(r.Text, "authority:") {
				t.Errorf("%q", r.Text)
			}
		}
		if len(s.Refused) != 1 {
			t.Errorf("%d set aside", len(s.Refused))
		}
	}
}
