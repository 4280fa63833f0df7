package caserecord

import (
	"fmt"
	"slices"
	"testing"

	"adjutant/backend/incident"
)

func resolve(field string, as incident.Role, chosen Entry, over ...Entry) *ConflictResolvedData {
	d := &ConflictResolvedData{Field: field, Chosen: chosen.ID, ReasonCode: "agreed", Reason: because20, Role: as}
	for _, e := range append(over, chosen) {
		d.Over = append(d.Over, e.ID)
	}
	slices.Sort(d.Over)
	return d
}

// TestEveryFieldConflictsAndResolves: for every field of §5 two writes at once conflict, the later is shown, and a
// resolution puts the earlier in force.
func TestEveryFieldConflictsAndResolves(t *testing.T) {
	doc, lane, item := hash("doc")[:32], hash("lane")[:32], hash("item")
	var words Entry
	draft := func(n int) Content {
		return &DocumentDraftedData{Document: doc, Template: "t", Class: ClassReport, Title: "t", ModelSHA256: hash(n), AsOf: hash("h")}
	}
	for _, c := range []struct {
		field string
		role  incident.Role
		write func(w *ruled, n int) Content
		value func(s *State) string
	}{
		{"severity", ic, func(w *ruled, n int) Content { return severity(incident.Severity(2+n), ic) },
			func(s *State) string { return fmt.Sprint(int(s.Severity.Current.Data.Level) - 2) }},
		{"verdict g 1", ic, func(w *ruled, n int) Content {
			return &VerdictGivenData{Group: "g 1", Verdict: []incident.Verdict{incident.VerdictBenign, incident.VerdictSuspicious}[n], Role: ic}
		}, func(s *State) string {
			return map[incident.Verdict]string{incident.VerdictBenign: "0", incident.VerdictSuspicious: "1"}[s.Verdict("g 1").Current.Data.Verdict]
		}},
		{"decision r1", ic, func(w *ruled, n int) Content {
			return &DecisionMadeData{Recommendation: "r1", Outcome: []Outcome{OutcomeAccept, OutcomeReject}[n], Recommended: "x", RecommendedBy: Origin{"rule", "r", "1"}, ReasonCode: "x", Reason: because20, ShownSHA256: hash("s"), Role: ic}
		}, func(s *State) string {
			return map[Outcome]string{OutcomeAccept: "0", OutcomeReject: "1"}[s.Decision("r1").Current.Data.Outcome]
		}},
		{"trigger aware", ic, func(w *ruled, n int) Content {
			return &TriggerDeclaredData{Anchor: "aware", At: fmt.Sprintf("2026-03-04T0%d:00:00Z", n), TZ: "UTC", Basis: "b", Role: ic}
		}, func(s *State) string { return fmt.Sprint(s.Trigger("aware").Current.At.Hour()) }},
		{"source " + item, ic, func(w *ruled, n int) Content { return &SourceAssumedData{SHA256: item, Year: 2020 + n, Basis: "b"} },
			func(s *State) string { return fmt.Sprint(s.AssumptionFor(item).Data.Year - 2020) }},
		{"limits", ic, func(w *ruled, n int) Content {
			return &LimitsSetData{Limits: map[string]int64{"max_depth": int64(n)}, Why: "w"}
		}, func(s *State) string { return fmt.Sprint(s.LimitsNow().Data.Limits["max_depth"]) }},
		{"mapping m", ic, func(w *ruled, n int) Content { return &MappingSavedData{Name: "m", Mapping: fmt.Sprint("m", n)} },
			func(s *State) string { return s.MappingNamed("m").Data.Mapping[1:] }},
		{"document " + doc, ic, func(w *ruled, n int) Content { return draft(n) },
			func(s *State) string {
				return map[string]string{hash(0): "0", hash(1): "1"}[s.Document(doc).Draft.Data.ModelSHA256]
			}},
		{"model f", ic, func(w *ruled, n int) Content { return &ModelSwitchedData{On: n == 1, Function: "f"} },
			func(s *State) string { return map[bool]string{false: "0", true: "1"}[s.ModelOn("f", opposite(s))] }},
		{"correction", ic, func(w *ruled, n int) Content { return &CorrectionMadeData{Supersedes: words.ID, Text: fmt.Sprint(n)} },
			func(s *State) string { c := s.CorrectionsOf(words.ID); return c[len(c)-1].Data.Text }},
		{"lane " + lane, counsel, func(w *ruled, n int) Content {
			return &LaneChangedData{Lane: lane, Members: []PersonID{[]*signer{w.ada, w.ben}[n].ref.ID}, Why: "w", Role: counsel}
		}, func(s *State) string {
			return map[string]string{"Ada Lind": "0", "Ben Okafor": "1"}[s.nameOf(s.Lane(lane).Members[0])]
		}},
		{"custody " + item, ic, func(w *ruled, n int) Content {
			return &CustodyGivenData{Items: []string{item}, Receiver: fmt.Sprint(n), Purpose: "p", Place: "q", Condition: "c", At: "2026-03-04T06:00:00Z", Role: ic}
		}, func(s *State) string { return s.CustodianOf(item) }},
	} {
		check(t, []rule{{c.field, func(w *ruled) {
			w.ada.grant(w.ben, ic)
			w.ada.grant(w.ada, counsel)
			w.ada.grant(w.ben, counsel)
			words = w.ada.write(note("words"))
			w.ada.write(&LaneOpenedData{Lane: lane, Name: "n", Direction: "d", Members: []PersonID{w.cy.ref.ID}, Role: counsel})
			w.sync()
			field := c.field
			if field == "correction" {
				field += " " + string(words.ID)
			}
			w.ben.now = w.ben.now.Add(60e9) // Ben's is the later
			a, b := w.counts(w.ada, c.write(w, 0)), w.counts(w.ben, c.write(w, 1))
			w.sync()
			s := Fold(w.ada.log.Entries())
			if len(s.Conflicts) != 1 || s.Conflicts[0].Field != field || !slices.Equal(s.Conflicts[0].Entries, []ID{a.ID, b.ID}) || c.value(s) != "1" {
				w.Fatalf("before: %q %+v", c.value(s), s.Conflicts)
			}
			w.aside(w.ada, resolve("severity of nothing", c.role, a, b), CodeOutOfPlace)
			w.counts(w.ada, resolve(field, c.role, a, b))
			w.state = func(s *State) {
				if len(s.Conflicts) != 0 || c.value(s) != "0" {
					w.Errorf("after: %q %+v", c.value(s), s.Conflicts)
				}
			}
		}}})
	}
}

// opposite is the opposite of what the state says, so that a default cannot pass for an answer.
func opposite(s *State) bool { return !s.Switches[len(s.Switches)-1].Data.On }

func TestRulesOfConflicts(t *testing.T) {
	// twoSeverities leaves Ada and Ben, both commanders, with an open conflict.
	twoSeverities := func(w *ruled) (a, b Entry) {
		w.commander()
		w.ben.now = w.ben.now.Add(60e9)
		a, b = w.counts(w.ada, severity(low, ic)), w.counts(w.ben, severity(high, ic))
		w.sync()
		return a, b
	}
	says := func(w *ruled, level incident.Severity, conflicts int) {
		w.state = func(s *State) {
			if s.Severity.Current.Data.Level != level || len(s.Conflicts) != conflicts {
				w.Errorf("%s, %+v", s.Severity.Current.Data.Level, s.Conflicts)
			}
		}
	}
	check(t, []rule{
		{"by somebody who may write the entry chosen, and nobody else", func(w *ruled) {
			a, b := twoSeverities(w)
			w.aside(w.cy, resolve("severity", counsel, a, b), CodeNotAuthorised)
			w.aside(w.cy, resolve("severity", ic, a, b), CodeNotAuthorised)
			says(w, high, 1)
		}},
		{"a lent role resolves nothing", func(w *ruled) {
			a, b := twoSeverities(w)
			w.is(w.ada.delegate(w.cy, ic, 3600e9), "")
			w.sync()
			w.aside(w.cy, resolve("severity", ic, a, b), CodeNotAuthorised)
			says(w, high, 1)
		}},
		{"an entry that does not set the field, or was not seen", func(w *ruled) {
			a, b := twoSeverities(w)
			other := w.counts(w.ada, note("x"))
			w.aside(w.ada, resolve("severity", ic, other, a), CodeOutOfPlace)
			w.aside(w.ada, resolve("severity", ic, a, other), CodeOutOfPlace)
			w.aside(w.ada, resolve("verdict g", ic, a, b), CodeOutOfPlace)
			unseen := w.counts(w.ben, severity(critical, ic))
			w.aside(w.ada, resolve("severity", ic, a, unseen), CodeOutOfPlace)
			says(w, critical, 0) // Ben had seen both
		}},
		{"an entry that was set aside", func(w *ruled) {
			a, _ := twoSeverities(w)
			aside := w.aside(w.cy, severity(critical, counsel), CodeNotAuthorised)
			w.sync()
			w.aside(w.ada, resolve("severity", ic, aside, a), CodeOutOfPlace)
			says(w, high, 1)
		}},
		{"two resolutions at once that differ conflict again, and a resolution of those settles it", func(w *ruled) {
			a, b := twoSeverities(w)
			x := w.counts(w.ada, resolve("severity", ic, a, b))
			y := w.counts(w.ben, resolve("severity", ic, b, a))
			w.sync()
			if s := Fold(w.ada.log.Entries()); len(s.Conflicts) != 1 || !slices.Equal(sorted(s.Conflicts[0].Entries...), sorted(x.ID, y.ID)) {
				w.Fatalf("%+v", s.Conflicts)
			}
			w.counts(w.ada, resolve("severity", ic, x, y))
			says(w, low, 0)
		}},
		{"two resolutions at once that agree do not", func(w *ruled) {
			a, b := twoSeverities(w)
			w.counts(w.ada, resolve("severity", ic, a, b))
			w.counts(w.ben, resolve("severity", ic, a, b))
			says(w, low, 0)
		}},
		{"a later write that has seen both settles it as well, also after a resolution", func(w *ruled) {
			a, b := twoSeverities(w)
			w.counts(w.ada, resolve("severity", ic, a, b))
			w.sync()
			w.counts(w.ben, severity(critical, ic))
			says(w, critical, 0)
		}},
		{"a write that had not seen the resolution conflicts with it", func(w *ruled) {
			a, b := twoSeverities(w)
			w.counts(w.ada, resolve("severity", ic, a, b))
			w.ben.now = w.ben.now.Add(60e9)
			w.counts(w.ben, severity(critical, ic))
			says(w, critical, 1)
		}},
		{"the same value twice is no conflict", func(w *ruled) {
			w.commander()
			w.counts(w.ada, severity(low, ic))
			w.counts(w.ben, severity(low, ic))
			says(w, low, 0)
		}},
		{"a correction is settled by whose words they are or the commander", func(w *ruled) {
			two := w.second(w.cy)
			words := w.counts(w.cy, note("mine"))
			w.sync()
			a, b := w.counts(w.cy, &CorrectionMadeData{Supersedes: words.ID, Text: "a"}), w.counts(two, &CorrectionMadeData{Supersedes: words.ID, Text: "b"})
			w.sync()
			field := "correction " + string(words.ID)
			w.aside(w.ben, resolve(field, responder, a, b), CodeNotAuthorised)
			w.counts(two, resolve(field, counsel, a, b))
			w.state = func(s *State) {
				if c := s.CorrectionsOf(words.ID); len(s.Conflicts) != 0 || c[len(c)-1].Data.Text != "a" {
					w.Errorf("%+v", c)
				}
			}
		}},
		{"a transfer after the resolution counts again", func(w *ruled) {
			w.commander()
			give := func(to string) Content {
				return &CustodyGivenData{Items: []string{hash("x")}, Receiver: to, Purpose: "p", Place: "q", Condition: "c", At: "2026-03-04T06:00:00Z", Role: ic}
			}
			w.ben.now = w.ben.now.Add(60e9)
			a, b := w.counts(w.ada, give("a")), w.counts(w.ben, give("b"))
			w.sync()
			w.counts(w.ada, resolve("custody "+hash("x"), ic, a, b))
			if got := Fold(w.ada.log.Entries()).CustodianOf(hash("x")); got != "a" {
				w.Errorf("resolved: %q", got)
			}
			w.counts(w.ada, give("c"))
			w.state = func(s *State) {
				if got := s.CustodianOf(hash("x")); got != "c" || len(s.Conflicts) != 0 {
					w.Errorf("%q %+v", got, s.Conflicts)
				}
			}
		}},
	})
}
