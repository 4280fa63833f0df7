package workbench

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/deadline"
	"adjutant/backend/incident"
)

// sameKnowledge compares what screens show of two states.
func sameKnowledge(t *testing.T, what string, got, want *caserecord.State) {
	t.Helper()
	text := func(s *caserecord.State) string {
		return fmt.Sprint(s.Head, s.Entries, len(s.Notes), len(s.Evidence), len(s.Verdicts), len(s.Decisions), len(s.Triggers), len(s.Refused), len(s.People), s.Latest)
	}
	if text(got) != text(want) {
		t.Errorf("%s: %s, want %s", what, text(got), text(want))
	}
}

// TestReplayIsTheFoldOfWhatWasKnown compares every kind of moment with the plain fold of the entries known then.
func TestReplayIsTheFoldOfWhatWasKnown(t *testing.T) {
	dir, c := madeUp(t, 900)
	b := reader(t, dir)
	defer b.closed(t)
	all := b.Entries()
	for _, i := range []int{0, 1, 7, 300, 450, 851, 899} {
		e := all[i]
		at := e.Header.Recorded
		then, err := b.At(Moment{At: at})
		if err != nil {
			t.Fatal(err)
		}
		sameKnowledge(t, fmt.Sprint("time of entry ", i), then.State, caserecord.FoldUntil(all, at))
		if n := then.State.Entries + then.Later.Entries; n != 900 || then.Entries != 900 || then.Of != nil {
			t.Errorf("entry %d: %d known and later, of %d", i, n, then.Entries)
		}

		then, err = b.At(Moment{Entry: e.ID[:12]})
		if err != nil {
			t.Fatal(err)
		}
		sameKnowledge(t, fmt.Sprint("entry ", i), then.State, caserecord.Fold(caserecord.Past(all, e.ID)))
		if n := then.State.Entries + then.Later.Entries + 1; n != 900 || then.Of.ID != string(e.ID) || !then.At.Equal(at) {
			t.Errorf("entry %d: %d entries, of %v at %s", i, n, then.Of, then.At)
		}

		for _, w := range c.Writers {
			then, err = b.At(Moment{At: at, Person: w.Ref.Name})
			if err != nil {
				t.Fatal(err)
			}
			sameKnowledge(t, fmt.Sprint("entry ", i, " to ", w.Ref.Name), then.State, caserecord.Fold(caserecord.KnownTo(all, w.Ref.Key, at)))
			if then.Person.ID != w.Ref.ID {
				t.Errorf("known to %s", then.Person.Name)
			}
		}
	}
	for _, m := range []Moment{{}, {Entry: all[3].ID, At: c.Entries[3].Header.Recorded}, {Entry: all[3].ID, Person: "Ada Lind"}, {Entry: "12"}} {
		if _, err := b.At(m); !errors.Is(err, ErrUsage) {
			t.Errorf("%+v: %v", m, err)
		}
	}
	for _, m := range []Moment{{Entry: caserecord.ID(strings.Repeat("0", 64))}, {At: b.Now(), Person: "Nobody"}} {
		if _, err := b.At(m); !errors.Is(err, ErrNotFound) {
			t.Errorf("%+v: %v", m, err)
		}
	}
}

// TestReplayShowsClocksAndRolesAsTheyStood: a clock is not there before its trigger was declared, runs then, and is missed
// later, whatever the time is now; a person has a role from its grant on.
func TestReplayShowsClocksAndRolesAsTheyStood(t *testing.T) {
	dir, _ := madeUp(t, 400)
	b := reader(t, dir)
	defer b.closed(t)
	declared := b.State().Trigger("aware").Current
	states := func(at time.Time) map[deadline.State]int {
		then, err := b.At(Moment{At: at})
		if err != nil {
			t.Fatal(err)
		}
		out := map[deadline.State]int{}
		for _, c := range then.Clocks {
			out[c.State]++
		}
		return out
	}
	before, after, late := states(declared.Recorded.Add(-time.Second)), states(declared.Recorded), states(declared.Recorded.Add(365*24*time.Hour))
	if before[deadline.Running]+before[deadline.Missed] > 0 || after[deadline.Running] == 0 || late[deadline.Missed] == 0 || late[deadline.Running] > 0 {
		t.Errorf("before %v, declared %v, a year later %v", before, after, late)
	}
	then, err := b.At(Moment{Entry: declared.Entry})
	if err != nil {
		t.Fatal(err)
	}
	if then.State.Trigger("aware") != nil || then.Of.Kind != string(caserecord.TriggerDeclared) {
		t.Error("the declaration was known before it was made")
	}
	early, err := b.At(Moment{At: b.Entries()[1].Header.Recorded})
	if err != nil {
		t.Fatal(err)
	}
	if len(early.Roles) != 2 || !slices.Equal(early.Roles[0].Roles, []incident.Role{incident.RoleIncidentCommander}) || len(early.Roles[1].Roles) != 0 {
		t.Errorf("roles after the first admission: %+v", early.Roles)
	}
}

// TestWhatWasLearnedLater: facts that came after a decision, and when they had happened.
func TestWhatWasLearnedLater(t *testing.T) {
	dir, _ := madeUp(t, 900)
	b := reader(t, dir)
	defer b.closed(t)
	d := b.State().Decisions[0].Current
	then, err := b.At(Moment{Entry: d.Entry})
	if err != nil {
		t.Fatal(err)
	}
	learned, happenedBefore := 0, 0
	for _, f := range then.Later.Facts {
		if caserecord.ID(f.Told.ID) == d.Entry {
			t.Error("the decision itself came later")
		}
		if f.Learned {
			learned++
			if !f.Happened.IsZero() && f.Happened.Before(then.At) {
				happenedBefore++
			}
		}
	}
	if len(then.Later.Facts) == 0 || learned == 0 || happenedBefore == 0 || len(then.Later.Facts) > MaxLater {
		t.Errorf("%d facts, %d learned, %d of them had happened", len(then.Later.Facts), learned, happenedBefore)
	}
	n := 0
	for k, count := range then.Later.Kinds {
		if learnedBy[k] || decidedBy[k] {
			n += count
		}
	}
	if n != len(then.Later.Facts)+then.Later.Left {
		t.Errorf("%d entries of these kinds, %d facts and %d left", n, len(then.Later.Facts), then.Later.Left)
	}
}

// TestTimeAxes: every entry is in an hour, decisions are marked, and what happened stands in order of when it did.
func TestTimeAxes(t *testing.T) {
	dir, _ := madeUp(t, 1500)
	b := reader(t, dir)
	defer b.closed(t)
	a := b.TimeAxes()
	n := 0
	for i, h := range a.Hours {
		n += h.Entries
		if i > 0 && !h.Hour.After(a.Hours[i-1].Hour) {
			t.Error("hours out of order")
		}
	}
	kinds := map[caserecord.Kind]int{}
	for _, m := range a.Marks {
		kinds[m.Kind]++
	}
	s := b.State()
	if n != 1500 || kinds[caserecord.DecisionMade] != len(s.Decisions) || kinds[caserecord.SeverityDeclared] != len(s.Severity.History) || kinds[caserecord.TriggerDeclared] == 0 {
		t.Errorf("%d entries, marks %v", n, kinds)
	}
	if !slices.IsSortedFunc(a.Happened, func(p, q AxisMark) int { return p.At.Compare(q.At) }) || len(a.Happened) < len(s.Promoted) || a.Happened[0].At.Equal(a.Happened[0].Recorded) {
		t.Errorf("%d happened, %d promoted", len(a.Happened), len(s.Promoted))
	}
	if a.First.Format(time.RFC3339) != "2026-03-01T00:00:00Z" || a.Last.Format(time.RFC3339) != "2026-03-03T00:00:00Z" || !a.From.Before(a.To) {
		t.Errorf("evidence %s to %s, record %s to %s", a.First, a.Last, a.From, a.To)
	}
}

// TestReplayKeepsAFewFolds: the same moment is folded once, many moments do not pile up, and an older case is forgotten.
func TestReplayKeepsAFewFolds(t *testing.T) {
	dir, _ := madeUp(t, 300)
	b := reader(t, dir)
	defer b.closed(t)
	all := b.Entries()
	first, err := b.At(Moment{At: all[100].Header.Recorded})
	if err != nil {
		t.Fatal(err)
	}
	again, _ := b.At(Moment{At: all[100].Header.Recorded.Add(time.Second)})
	if first.State != again.State {
		t.Error("folded twice, although nothing was recorded in between")
	}
	for i := 110; i < 150; i++ {
		if _, err := b.At(Moment{At: all[i].Header.Recorded}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(b.replayed.folds); n > MaxFolds {
		t.Errorf("%d folds are kept", n)
	}
}
