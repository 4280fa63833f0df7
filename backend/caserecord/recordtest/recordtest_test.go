package recordtest

import (
	"slices"
	"testing"

	"adjutant/backend/caserecord"
)

// TestTheCaseIsSound: what measurements are made on verifies, nothing of it is set aside but what counsel may not write,
// and people have written at once.
func TestTheCaseIsSound(t *testing.T) {
	c := New(3000)
	if len(c.Entries) != 3000 {
		t.Fatalf("%d entries", len(c.Entries))
	}
	if r := caserecord.Verify(c.Entries); r.Verdict != caserecord.VerdictConsistent || r.Entries != 3000 || r.Authors != 3 {
		t.Errorf("%s: %d entries of %d authors: %v", r.Verdict, r.Entries, r.Authors, r.Problems[:min(3, len(r.Problems))])
	}
	s := caserecord.Fold(c.Entries)
	if len(s.Refused) > 300 || len(s.Notes) < 1000 || len(s.Evidence) < 50 || len(s.Verdicts) < 50 || len(s.Decisions) == 0 || s.Severity.Current == nil {
		t.Errorf("%d refused, %d notes, %d items, %d verdicts, %d decisions", len(s.Refused), len(s.Notes), len(s.Evidence), len(s.Verdicts), len(s.Decisions))
	}
	again := New(3000)
	if !slices.EqualFunc(c.Entries, again.Entries, func(a, b caserecord.Entry) bool { return a.ID == b.ID }) {
		t.Error("the same number gave other bytes")
	}
}
