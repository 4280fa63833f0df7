package caserecord

import (
	"testing"

	"adjutant/backend/incident"
)

// TestHeadNamesTheOpening: of two openings the one under a head from elsewhere counts, and the other is set aside and named.
// Without a head the record does not tell, and nothing of what it holds is believed over the earlier one.
func TestHeadNamesTheOpening(t *testing.T) {
	ada, _, _, all := small(t)
	head := Head(all)
	second, err := Seal(Header{Mode: incident.ModeExercise, Author: ada.ref.Key, Seq: 1, Recorded: start.AddDate(0, 0, -1)},
		&CaseOpenedData{Name: "Twice", TLP: incident.TLPRed, Zone: "UTC", Person: ada.ref}, [16]byte(saltText(t, all[0])), ada.sign)
	if err != nil {
		t.Fatal(err)
	}
	both := CausalOrder(append(append([]Entry{}, all...), second))
	if both[0].ID != second.ID {
		t.Fatal("the second opening does not sort first")
	}
	report := func(a Anchors) map[string][]Code {
		out := map[string][]Code{}
		r := VerifyAgainst(both, a, nil)
		if r.ExitCode() != 1 {
			t.Errorf("%+v: %s", a, r.Verdict)
		}
		for _, p := range r.Problems {
			out[p.Entry] = append(out[p.Entry], p.Code)
		}
		return out
	}
	earlier := HeadAfter(all, all[6].ID)
	for _, a := range []Anchors{{Head: HeadCode(earlier)}, {Head: earlier}, {Head: HeadAfter(all, all[len(all)-1].ID)}} {
		got := report(a)
		if len(got) != 2 || len(got[string(second.ID)]) != 2 || got[string(second.ID)][1] != CodeOpening || len(got[string(all[0].ID)]) != 1 {
			t.Errorf("head %s: %v", a.Head, got)
		}
	}
	if got := report(Anchors{}); len(got) != len(both) {
		t.Errorf("without a head: %v", got)
	}
	if got := report(Anchors{Head: head}); got[""] == nil { // the head of a record without the second opening, after two that had not seen each other
		t.Errorf("a head that no entry has: %v", got)
	}
}
