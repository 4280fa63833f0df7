package delimited

import (
	"strings"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse/stamp"
)

// clock reads the times of a row.
type clock struct {
	primary []timeColumn // best first: the first that can be read in a row is the event's time
	more    []timeColumn // further times of another meaning
	meaning int          // column whose words say what the primary time means, -1 for none
}

// timeColumn is a column, or a pair of date and clock, that holds a time.
type timeColumn struct {
	index   int
	with    int // column of the clock that belongs to a date, -1 for none
	zone    int // column that names the zone, -1 for none
	utc     bool
	meaning event.TimeKind
}

// text joins what belongs to one time.
func (c timeColumn) text(fields []string) string {
	if c.index >= len(fields) {
		return ""
	}
	s := strings.TrimSpace(fields[c.index])
	if c.with >= 0 {
		if c.with >= len(fields) || s == "" || strings.TrimSpace(fields[c.with]) == "" {
			return ""
		}
		s += " " + strings.TrimSpace(fields[c.with])
	}
	return s
}

// read reads the column's time in the zone that the row or the header states, else as the zone reader assumes.
func (c timeColumn) read(zone *stamp.Reader, fields []string) (event.Time, bool) {
	s := c.text(fields)
	if s == "" {
		return event.Time{}, false
	}
	stated := c.stated(fields)
	if stated == nil {
		t, err := zone.Read(s)
		t.Meaning = c.meaning
		return t, err == nil
	}
	own := &stamp.Reader{Zone: stated, Order: zone.Order}
	t, err := own.Read(s)
	t.Meaning = c.meaning
	return t, err == nil
}

// stated is the zone that the row or the header names, nil when neither does.
func (c timeColumn) stated(fields []string) *time.Location {
	if c.zone >= 0 && c.zone < len(fields) {
		if l := stamp.ZoneNamed(fields[c.zone]); l != nil {
			return l
		}
	}
	if c.utc {
		return time.UTC
	}
	return nil
}

// times sets the row's times and returns the columns that the first one took.
func (c clock) times(zone *stamp.Reader, e *event.Event, fields []string) (used []int) {
	for _, col := range c.primary {
		t, ok := col.read(zone, fields)
		if !ok {
			continue
		}
		if c.meaning >= 0 && c.meaning < len(fields) {
			if m := described(fields[c.meaning]); m != "" {
				t.Meaning = m
			}
		}
		e.Times = append(e.Times, t)
		used = append(used, col.index)
		if col.with >= 0 {
			used = append(used, col.with)
		}
		break
	}
	for _, col := range c.more {
		if len(used) > 0 && col.index == used[0] {
			continue
		}
		if t, ok := col.read(zone, fields); ok {
			e.Times = append(e.Times, t)
		}
	}
	return used
}

// described reads the words with which Plaso and Timesketch say what a time means, "" when they say nothing known.
func described(words string) event.TimeKind {
	w := strings.ToLower(words)
	switch {
	case strings.Contains(w, "modif") || strings.Contains(w, "write") || strings.Contains(w, "change"):
		return event.Modified
	case strings.Contains(w, "creat") || strings.Contains(w, "birth"):
		return event.Created
	case strings.Contains(w, "access") || strings.Contains(w, "visit"):
		return event.Accessed
	}
	return ""
}
