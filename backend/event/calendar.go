package event

import (
	"slices"
	"time"
)

// OutsideCalendar is the field that keeps what stood where a time cannot be one: each value is the time's meaning and its text.
const OutsideCalendar = "event.outside_calendar"

// The years 1 to 9999 in seconds: what RFC 3339 can write, and so receipts, exports and papers.
const (
	FirstSecond = -62135596800
	LastSecond  = 253402300799
)

// KeepToCalendar takes out times outside the years 1 to 9999 and keeps what stood there as a field. It says how many there were.
func (e *Event) KeepToCalendar() int {
	outside := func(t Time) bool { s := t.At.Unix(); return s < FirstSecond || s > LastSecond }
	if !slices.ContainsFunc(e.Times, outside) {
		return 0
	}
	var texts []string
	kept := make([]Time, 0, len(e.Times))
	for _, t := range e.Times {
		if !outside(t) {
			kept = append(kept, t)
			continue
		}
		text := t.Original
		if text == "" {
			text = t.At.UTC().Format(time.RFC3339Nano)
		}
		texts = append(texts, string(t.Meaning)+" "+text)
	}
	e.Times = kept
	e.Fields = slices.Clone(e.Fields) // its memory may be shared with other events
	e.Set(OutsideCalendar, KindString, texts...)
	e.Sort()
	return len(texts)
}
