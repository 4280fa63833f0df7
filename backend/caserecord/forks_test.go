package caserecord

import (
	"fmt"
	"testing"
	"time"
)

// TestForksPushNobodyOut: a key that signs its first number three hundred times, with an old clock so that all of them stand
// first, does not take the room of those who work.
func TestForksPushNobodyOut(t *testing.T) {
	ada, ben, _, all := small(t)
	for i := range 300 {
		h := Header{Case: all[0].Header.Case, Mode: all[0].Header.Mode, Author: ben.ref.Key, Seq: 1, Seen: map[Author]ID{}, Recorded: start.Add(-time.Hour)}
		e, err := Seal(h, note(fmt.Sprint("again ", i)), ben.nextSalt(), ben.sign)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	s := Fold(all)
	if s.Case.Creator != ada.ref.ID || len(s.People) != 3 || s.Severity.Current == nil {
		t.Fatalf("the case of %q with %d people", s.Case.Name, len(s.People))
	}
	many := 0
	for _, r := range s.Refused {
		if r.Code == CodeTooMany {
			many++
		} else if r.Author != ben.ref.Key {
			t.Errorf("%+v", r)
		}
	}
	if many < 300-MaxForks {
		t.Errorf("%d of 300 forks are too many", many)
	}
}
