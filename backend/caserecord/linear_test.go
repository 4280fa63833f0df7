package caserecord

import (
	"fmt"
	"testing"
	"time"

	"adjutant/backend/incident"
)

// long are records in which one kind of thing is there many thousand times: what a person with a key can sign in a night by a
// program of their own. What is said n times is said to Ada, who commands and is counsel.
var long = map[string]func(w *ruled, say func(Content) Entry, n int){
	"people": func(w *ruled, say func(Content) Entry, n int) {
		for i := range n {
			say(&PersonAdmittedData{PersonRef{PersonID(hash("p", i)[:32]), fmt.Sprint("P ", i), Author(hash("k", i))}})
		}
	},
	"keys of one person": func(w *ruled, say func(Content) Entry, n int) {
		for i := range n {
			say(&PersonAdmittedData{PersonRef{w.ben.ref.ID, "Ben", Author(hash("k", i))}})
		}
	},
	"transfers": func(w *ruled, say func(Content) Entry, n int) {
		for i := range n / 2 {
			g := give(w.ada, hash("x", i))
			g.Role = ic
			say(takes(say(g), true))
		}
	},
	"lanes": func(w *ruled, say func(Content) Entry, n int) {
		for i := range n / 2 {
			l := &LaneOpenedData{Lane: hash("l", i)[:32], Name: "n", Matter: "m", Direction: "d", Members: []PersonID{w.ada.ref.ID}, Role: counsel}
			say(l)
			say(&LaneChangedData{Lane: l.Lane, Members: []PersonID{w.ada.ref.ID, w.ada.ref.ID}[:1], Why: "w", Role: counsel})
		}
	},
	"changes of one lane": func(w *ruled, say func(Content) Entry, n int) {
		say(&LaneOpenedData{Lane: hash("l")[:32], Name: "n", Matter: "m", Direction: "d", Members: []PersonID{w.ada.ref.ID}, Role: counsel})
		for range n / 2 {
			say(&LaneChangedData{Lane: hash("l")[:32], Members: []PersonID{w.ada.ref.ID}, Why: "w", Role: counsel})
			say(&WordsSealedData{Lane: hash("l")[:32], Track: TrackFact, To: []Author{w.ada.ref.Key}, Box: "YQ=="})
		}
	},
	"holds": func(w *ruled, say func(Content) Entry, n int) {
		for i := range n / 3 {
			h := say(hold(hash("x", i)))
			say(&HoldReleasedData{Hold: h.ID, Why: because20, Role: counsel})
			say(purge(hash("y", i)))
		}
	},
	"marks": func(w *ruled, say func(Content) Entry, n int) {
		say(&LaneOpenedData{Lane: hash("l")[:32], Name: "n", Matter: "m", Direction: "d", Members: []PersonID{w.ada.ref.ID}, Role: counsel})
		for i := range n / 2 {
			say(&PrivilegeMarkedData{Of: MarkEvidence, Ref: hash("x", i), Lane: hash("l")[:32], Track: TrackFact, Basis: "b", Role: counsel})
			say(&PrivilegeLiftedData{Of: MarkEvidence, Ref: hash("x", i), Why: because20, Role: counsel})
		}
	},
	"drafts of one document": func(w *ruled, say func(Content) Entry, n int) {
		for i := range n / 3 {
			d := hash("d")[:32]
			say(&DocumentDraftedData{Document: d, Template: "t", Class: ClassReport, Title: "T", ModelSHA256: hash("m", i), AsOf: hash("h"), Slots: map[string]string{}})
			say(&DocumentApprovedData{Document: d, ModelSHA256: hash("m", i), Role: ic})
			say(&DocumentReleasedData{Document: d, Channel: "mail", To: "board", Role: ic})
		}
	},
	"acts for two": func(w *ruled, say func(Content) Entry, n int) {
		say(row(SeverityDeclared, true, ic))
		for range n {
			say(severity(incident.SeverityLow, ic))
		}
	},
	"second signatures": func(w *ruled, say func(Content) Entry, n int) {
		say(row(SeverityDeclared, true, ic))
		w.ada.grant(w.ben, ic)
		var acts []Entry
		for range n / 2 {
			acts = append(acts, say(severity(incident.SeverityLow, ic)))
		}
		w.ben.take(w.ada)
		for _, e := range acts {
			w.ben.write(cosign(e, ic))
		}
		w.ada.take(w.ben)
	},
	"broken glass": func(w *ruled, say func(Content) Entry, n int) {
		for range min(n, 900) {
			say(breakGlass(w.ada, incident.RoleOperations, time.Hour))
		}
		for range max(0, n-900) {
			say(note("n"))
		}
	},
	"changes of a row": func(w *ruled, say func(Content) Entry, n int) {
		for range 990 {
			say(row(NoteMade, false, ic))
		}
		for range n {
			say(note("n"))
		}
	},
	"roles given and ended": func(w *ruled, say func(Content) Entry, n int) {
		for range 480 {
			w.ada.grant(w.ada, responder)
			say(ends(w.ada, responder, ic))
		}
		for range n {
			say(note("n"))
		}
	},
	"a key admitted again and again": func(w *ruled, say func(Content) Entry, n int) {
		for range n / 2 {
			say(&PersonAdmittedData{w.ben.ref})
		}
		say(revoke(w.ben, ic))
		w.ben.take(w.ada)
		for range n / 2 {
			w.ben.write(note("n"))
		}
		w.ada.take(w.ben)
	},
	"resolutions": func(w *ruled, say func(Content) Entry, n int) {
		a, b := say(severity(incident.SeverityLow, ic)), say(severity(incident.SeverityHigh, ic))
		for range n / 2 {
			say(severity(incident.SeverityHigh, ic))
			say(&ConflictResolvedData{Field: "severity", Chosen: a.ID, Over: sorted(a.ID, b.ID), ReasonCode: "other", Reason: because20, Role: ic})
		}
	},
	"tags of one row": func(w *ruled, say func(Content) Entry, n int) {
		for i := range n {
			say(&RowTaggedData{Rows: []string{"r"}, Tag: fmt.Sprint("t", i)})
		}
	},
	"corrections": func(w *ruled, say func(Content) Entry, n int) {
		e := say(note("n"))
		for range n {
			say(&CorrectionMadeData{Supersedes: e.ID, Text: "t"})
		}
	},
}

// TestLongRecordsFoldInTheirLength: before, some of these took minutes at fifty thousand entries, and the rows and roles among them four
// seconds at two thousand.
func TestLongRecordsFoldInTheirLength(t *testing.T) {
	for _, name := range sortedKeys(long) {
		t.Run(name, func(t *testing.T) {
			ada, ben, cy := team(t)
			w := &ruled{T: t, ada: ada, ben: ben, cy: cy}
			ada.grant(ada, counsel)
			ben.take(ada)
			long[name](w, func(c Content) Entry { return ada.write(c) }, 1500)
			all := ada.log.Entries()
			began := time.Now()
			s := Fold(all)
			took := time.Since(began)
			t.Logf("%d entries, %d refused: %v", len(all), len(s.Refused), took)
			if took > 2*time.Second {
				t.Errorf("%d entries took %v", len(all), took)
			}
		})
	}
}
