package workbench

import (
	"slices"
	"time"

	"adjutant/backend/caserecord"
)

// TimeAxes are the two times of a case, for a slider: when it was recorded, and when it happened.
type TimeAxes struct {
	From, To time.Time  // first and last recorded
	Hours    []HourTick // of the record, in order; hours without an entry are left out
	Marks    []AxisMark // decisions, severity, triggers, merges, in causal order
	Happened []AxisMark // promoted events, triggers and submissions, by when they happened
	Left     int        // marks left out: only the last MaxMarks of each list are kept
	First    time.Time  // of the records in the evidence, as its receipts say; zero when none does
	Last     time.Time
}

// HourTick counts the entries recorded in an hour, UTC.
type HourTick struct {
	Hour    time.Time
	Entries int
}

// AxisMark is an entry that an axis shows by itself.
type AxisMark struct {
	At       time.Time // on this axis
	Recorded time.Time
	Entry    string
	Kind     caserecord.Kind
	Text     string
	Name     string
}

// markedBy are the kinds that the axis of the record marks.
var markedBy = map[caserecord.Kind]bool{
	caserecord.DecisionMade: true, caserecord.SeverityDeclared: true, caserecord.TriggerDeclared: true, caserecord.TriggerSubmitted: true, caserecord.MergeReceived: true,
}

// happenedBy are the kinds that the axis of what happened shows.
var happenedBy = map[caserecord.Kind]bool{caserecord.EventPromoted: true, caserecord.TriggerDeclared: true, caserecord.TriggerSubmitted: true}

// TimeAxes computes both axes over the whole record, as the person at the keyboard may see it.
func (b *Bench) TimeAxes() TimeAxes {
	x := b.look()
	b.replayed.mu.Lock()
	defer b.replayed.mu.Unlock()
	b.replayed.about(x.state)
	if b.replayed.axes == nil {
		axes := x.axes(x.state.All())
		b.replayed.axes = &axes
	}
	return *b.replayed.axes
}

func (x sight) axes(all []caserecord.Entry) TimeAxes {
	var a TimeAxes
	hours := map[time.Time]int{}
	var marks, events []caserecord.Entry
	for _, e := range all {
		at := e.Header.Recorded
		hours[at.Truncate(time.Hour)]++
		if a.From.IsZero() || at.Before(a.From) {
			a.From = at
		}
		if at.After(a.To) {
			a.To = at
		}
		if !x.state.Accepted(e.ID) {
			continue
		}
		if markedBy[e.Header.Kind] {
			marks = append(marks, e)
		}
		if happenedBy[e.Header.Kind] && !happened(e).IsZero() {
			events = append(events, e)
		}
	}
	for h, n := range hours {
		a.Hours = append(a.Hours, HourTick{h, n})
	}
	slices.SortFunc(a.Hours, func(p, q HourTick) int { return p.Hour.Compare(q.Hour) })
	slices.SortStableFunc(events, func(p, q caserecord.Entry) int { return happened(p).Compare(happened(q)) })
	a.Marks = x.marks(marks, func(e caserecord.Entry) time.Time { return e.Header.Recorded }, &a.Left)
	a.Happened = x.marks(events, happened, &a.Left)
	for _, it := range x.state.Evidence {
		for _, im := range it.Imports {
			a.covers(im.Data.First)
			a.covers(im.Data.Last)
		}
	}
	return a
}

func (x sight) marks(entries []caserecord.Entry, at func(caserecord.Entry) time.Time, left *int) []AxisMark {
	if n := len(entries) - MaxMarks; n > 0 {
		*left += n
		entries = entries[n:]
	}
	var out []AxisMark
	for _, e := range entries {
		t := x.tell(e)
		out = append(out, AxisMark{At: at(e), Recorded: t.Recorded, Entry: t.ID, Kind: e.Header.Kind, Text: t.Story, Name: t.Name})
	}
	return out
}

// covers widens the span of the evidence.
func (a *TimeAxes) covers(text string) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return // a receipt of something without times says nothing
	}
	if t = t.UTC(); a.First.IsZero() || t.Before(a.First) {
		a.First = t
	}
	if t.After(a.Last) {
		a.Last = t
	}
}
