package caserecord

import (
	"testing"

	"adjutant/backend/incident"
)

func give(to *signer, items ...string) *CustodyGivenData {
	d := &CustodyGivenData{Items: sorted(items...), Receiver: "Laboratory", Purpose: "p", Place: "q", Condition: "c", At: "2026-03-04T06:00:00Z", Role: responder}
	if to != nil {
		d.To, d.Receiver = to.ref.ID, to.ref.Name
	}
	return d
}

func takes(e Entry, accepted bool) *CustodyTakenData {
	return &CustodyTakenData{Transfer: e.ID, Accepted: accepted, Condition: "c", Place: "q", At: "2026-03-04T06:00:00Z"}
}

func hold(items ...string) *HoldPlacedData {
	return &HoldPlacedData{Matter: "m", Why: "w", Items: sorted(items...), Role: counsel}
}

func purge(item string) *EvidencePurgedData {
	return &EvidencePurgedData{SHA256: item, Why: because20, Role: ic}
}

func TestRulesOfCustody(t *testing.T) {
	x := hash("x")
	custodian := func(w *ruled, want string) {
		w.state = func(s *State) {
			if got := s.CustodianOf(x); got != want {
				w.Errorf("custodian %q, want %q", got, want)
			}
		}
	}
	received := func(w *ruled) {
		w.counts(w.ben, &EvidenceReceivedData{SHA256: x, Path: "a", Kept: KeptSealed, Custodian: "Ben Okafor"})
	}
	check(t, []rule{
		{"an offer changes nothing until it is taken", func(w *ruled) {
			received(w)
			w.counts(w.ben, give(w.cy, x))
			custodian(w, "Ben Okafor")
		}},
		{"the person named takes it, nobody else", func(w *ruled) {
			received(w)
			e := w.counts(w.ben, give(w.cy, x))
			w.aside(w.cy, takes(e, true), CodeOutOfPlace) // not seen
			w.sync()
			w.aside(w.ada, takes(e, true), CodeNotAuthorised)
			w.aside(w.ben, takes(e, true), CodeNotAuthorised)
			w.counts(w.cy, takes(e, true))
			custodian(w, "Cy Marsh")
		}},
		{"another key of the person named will do", func(w *ruled) {
			received(w)
			two := w.second(w.cy)
			e := w.counts(w.ben, give(w.cy, x))
			w.sync()
			w.counts(two, takes(e, true))
			custodian(w, "Cy Marsh")
		}},
		{"a refusal leaves it where it was", func(w *ruled) {
			received(w)
			e := w.counts(w.ben, give(w.cy, x))
			w.sync()
			w.counts(w.cy, takes(e, false))
			custodian(w, "Ben Okafor")
		}},
		{"a party without a key here has it from the giving on, and nobody takes it here", func(w *ruled) {
			received(w)
			e := w.counts(w.ben, give(nil, x))
			w.sync()
			w.aside(w.cy, takes(e, true), CodeNotAuthorised)
			custodian(w, "Laboratory")
		}},
		{"what is taken is a transfer", func(w *ruled) {
			e := w.counts(w.ben, note("no transfer"))
			w.sync()
			w.aside(w.cy, takes(e, true), CodeOutOfPlace)
		}},
		{"two givings at once are a conflict, one for each item", func(w *ruled) {
			d := give(w.ada, x, hash("y"))
			d.Role = counsel
			w.counts(w.ben, give(w.cy, x))
			w.counts(w.cy, d)
			w.state = func(s *State) {
				if len(s.Conflicts) != 1 || s.Conflicts[0].Field != "custody "+x {
					w.Errorf("%+v", s.Conflicts)
				}
			}
		}},
		{"a mismatch is explained for a check that found it, in a role that answers for it", func(w *ruled) {
			check := w.counts(w.cy, &EvidenceCheckedData{Items: 2, Same: 1, Altered: []string{x}})
			explain := func(item string, c Entry, as incident.Role) *MismatchExplainedData {
				return &MismatchExplainedData{SHA256: item, Check: c.ID, Text: because20, Role: as}
			}
			w.aside(w.ada, explain(x, check, ic), CodeOutOfPlace) // not seen
			w.sync()
			w.aside(w.ada, explain(hash("y"), check, ic), CodeOutOfPlace)
			w.aside(w.ada, explain(x, w.ada.write(note("no check")), ic), CodeOutOfPlace)
			w.aside(w.ben, explain(x, check, responder), CodeNotAuthorised)
			if len(Fold(w.ada.log.Entries()).Mismatches()) != 1 {
				w.Error("the mismatch is gone already")
			}
			w.counts(w.ada, explain(x, check, ic))
			w.state = func(s *State) {
				if len(s.Mismatches()) != 0 {
					w.Error("still a mismatch")
				}
			}
		}},
	})
}

func TestRulesOfHolds(t *testing.T) {
	x, y := hash("x"), hash("y")
	check(t, []rule{
		{"only counsel places and releases", func(w *ruled) {
			d := hold(x)
			d.Role = ic
			w.aside(w.ada, d, CodeNotAuthorised)
			h := w.counts(w.cy, hold(x))
			w.sync()
			w.aside(w.ada, &HoldReleasedData{Hold: h.ID, Why: because20, Role: ic}, CodeNotAuthorised)
		}},
		{"a purge is refused while a hold on the item was known, and allowed after its release", func(w *ruled) {
			h := w.counts(w.cy, hold(x))
			w.sync()
			w.aside(w.ada, purge(x), CodeOutOfPlace)
			w.counts(w.ada, purge(y))
			w.counts(w.cy, &HoldReleasedData{Hold: h.ID, Why: because20, Role: counsel})
			w.aside(w.ada, purge(x), CodeOutOfPlace) // the release was not seen
			w.sync()
			w.counts(w.ada, purge(x))
		}},
		{"a hold on the whole case covers every item", func(w *ruled) {
			w.counts(w.cy, hold())
			w.sync()
			w.aside(w.ada, purge(x), CodeOutOfPlace)
		}},
		{"a hold that was not known does not undo a purge; the record shows both", func(w *ruled) {
			w.counts(w.cy, hold(x))
			w.counts(w.ada, purge(x))
			w.state = func(s *State) {
				if s.HoldOn(x, nil) == nil || s.PurgeOf(x) == nil {
					w.Error("one of them is gone")
				}
			}
		}},
		{"of two holds one release leaves the other", func(w *ruled) {
			h := w.counts(w.cy, hold(x))
			w.counts(w.cy, hold(x, y))
			w.counts(w.cy, &HoldReleasedData{Hold: h.ID, Why: because20, Role: counsel})
			w.sync()
			w.aside(w.ada, purge(x), CodeOutOfPlace)
		}},
		{"a release that was known lifts, although another one came at the same time", func(w *ruled) {
			w.ada.grant(w.ada, counsel)
			h := w.counts(w.cy, hold(x))
			w.sync()
			w.counts(w.ada, &HoldReleasedData{Hold: h.ID, Why: because20, Role: counsel})
			w.counts(w.ada, purge(x))
			w.cy.now = w.cy.now.Add(60e9)
			w.counts(w.cy, &HoldReleasedData{Hold: h.ID, Why: because20, Role: counsel})
		}},
		{"what is released is a hold", func(w *ruled) {
			e := w.counts(w.cy, note("no hold"))
			w.aside(w.cy, &HoldReleasedData{Hold: e.ID, Why: because20, Role: counsel}, CodeOutOfPlace)
		}},
		{"in a role that may delete", func(w *ruled) {
			d := purge(x)
			d.Role = responder
			w.aside(w.ben, d, CodeNotAuthorised)
		}},
	})
}

func TestRulesOfLanes(t *testing.T) {
	lane := hash("lane")[:32]
	open := func(members ...*signer) *LaneOpenedData {
		d := &LaneOpenedData{Lane: lane, Name: "n", Direction: "d", Role: counsel}
		for _, m := range members {
			d.Members = append(d.Members, m.ref.ID)
		}
		d.Members = sorted(d.Members...)
		return d
	}
	change := func(members ...*signer) *LaneChangedData {
		return &LaneChangedData{Lane: lane, Members: open(members...).Members, Why: "w", Role: counsel}
	}
	words := func(to *signer) *WordsSealedData {
		return &WordsSealedData{Lane: lane, Track: TrackAdvice, To: []Author{to.ref.Key}, Box: "QUFB"}
	}
	mark := func(ref string) *PrivilegeMarkedData {
		return &PrivilegeMarkedData{Of: MarkEvidence, Ref: ref, Lane: lane, Track: TrackFact, Basis: "b", Role: counsel}
	}
	lift := func(ref string) *PrivilegeLiftedData {
		return &PrivilegeLiftedData{Of: MarkEvidence, Ref: ref, Why: because20, Role: counsel}
	}
	check(t, []rule{
		{"counsel opens it, once, for people who were admitted", func(w *ruled) {
			d := open(w.ada)
			d.Role = ic
			w.aside(w.ada, d, CodeNotAuthorised)
			w.aside(w.cy, open(newSigner(w, "Eve")), CodeOutOfPlace)
			w.counts(w.cy, open(w.cy))
			w.aside(w.cy, open(w.cy, w.ada), CodeOutOfPlace)
		}},
		{"members write into it, nobody else", func(w *ruled) {
			w.aside(w.cy, words(w.cy), CodeOutOfPlace)
			w.counts(w.cy, open(w.cy, w.ada))
			w.aside(w.ada, words(w.cy), CodeOutOfPlace) // not seen
			w.sync()
			w.counts(w.ada, words(w.cy))
			w.aside(w.ben, words(w.cy), CodeNotAuthorised)
		}},
		{"a member who was removed writes no more, once that was seen", func(w *ruled) {
			w.counts(w.cy, open(w.cy, w.ada))
			w.sync()
			w.counts(w.cy, change(w.cy))
			w.counts(w.ada, words(w.cy))
			w.sync()
			w.aside(w.ada, words(w.cy), CodeNotAuthorised)
			w.aside(w.cy, change(newSigner(w, "Eve")), CodeOutOfPlace)
		}},
		{"who became a member by a resolution writes, who lost it so does not", func(w *ruled) {
			w.ada.grant(w.ada, counsel)
			w.counts(w.cy, open(w.cy))
			w.sync()
			w.ada.now = w.ada.now.Add(60e9)
			a, b := w.counts(w.cy, change(w.ben)), w.counts(w.ada, change(w.ada))
			w.sync()
			w.counts(w.cy, resolve("lane "+lane, counsel, a, b))
			w.counts(w.ada, words(w.cy)) // has not seen the resolution
			w.sync()
			w.counts(w.ben, words(w.cy))
			w.aside(w.ada, words(w.cy), CodeNotAuthorised)
		}},
		{"a mark belongs to a lane that was known", func(w *ruled) {
			w.aside(w.cy, mark(hash("x")), CodeOutOfPlace)
			w.counts(w.cy, open(w.cy))
			w.counts(w.cy, mark(hash("x")))
			w.sync()
			d := mark(hash("y"))
			d.Role = ic
			w.aside(w.ada, d, CodeNotAuthorised)
		}},
		{"a lifting takes off the marks it has seen", func(w *ruled) {
			w.ada.grant(w.ada, counsel)
			w.counts(w.cy, open(w.cy))
			w.sync()
			seen := w.counts(w.cy, mark(hash("x")))
			w.sync()
			unseen := w.counts(w.cy, mark(hash("x")))
			w.counts(w.ada, lift(hash("x")))
			w.state = func(s *State) {
				m := s.MarkOn(MarkEvidence, hash("x"))
				if m == nil || m.Entry != unseen.ID || s.Marks[0].Entry != seen.ID || s.Marks[0].Lifted == nil {
					w.Errorf("%+v", m)
				}
			}
		}},
		{"lifting what is not marked takes nothing off", func(w *ruled) {
			w.counts(w.cy, lift(hash("x")))
			d := lift(hash("x"))
			d.Role = ic
			w.aside(w.ada, d, CodeNotAuthorised)
		}},
	})
}
