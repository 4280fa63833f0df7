package caserecord

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestPartsOfAState: parts taken of a state are those taken of its entries, and their knowledge is their fold.
func TestPartsOfAState(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newCrowd(t, drawn(rt))
		for range 10 + w.pick(20) {
			w.step()
		}
		l := NewLog(w.all()...)
		s, all := l.State(), l.Entries()
		if w.pick(2) == 0 {
			s = Fold(all)
		}
		at := all[w.pick(len(all))]
		same := func(what string, got, want []Entry) {
			if !slices.EqualFunc(got, want, func(a, b Entry) bool { return a.ID == b.ID }) {
				rt.Fatalf("%s: %d entries, want %d", what, len(got), len(want))
			}
			if a, b := wholeText(Knowledge(got), got), wholeText(Fold(want), want); a != b {
				rt.Fatalf("%s: the states differ\n%s\n%s", what, a, b)
			}
		}
		past, ok := s.Past(at.ID)
		if !ok {
			rt.Fatal("an entry is not here")
		}
		same("past", past, Past(all, at.ID))
		same("until", s.Until(at.Header.Recorded), Until(all, at.Header.Recorded))
		same("known to a key", s.KnownTo([]Author{at.Header.Author}, at.Header.Recorded), KnownTo(all, at.Header.Author, at.Header.Recorded))
		both := []Author{w.signers[1].ref.Key, w.signers[3].ref.Key}
		want := NewLog(KnownTo(all, both[0], at.Header.Recorded)...)
		want.Union(NewLog(KnownTo(all, both[1], at.Header.Recorded)...))
		same("known to a person with two keys", s.KnownTo(both, at.Header.Recorded), want.Entries())
		if of, ok := s.TimeOf(at.ID); !ok || of.Before(at.Header.Recorded) {
			rt.Fatalf("time of the entry: %s", of.Sub(at.Header.Recorded))
		}
	})
	s := Fold(nil)
	if _, ok := s.Past("none"); ok || len(s.Until(time.Now())) > 0 {
		t.Error("an empty record knows something")
	}
}
