// Package stamp reads times as logs write them: RFC 3339 and its relatives, epoch numbers, named months, and dates whose
// order of day and month the source does not say.
//
// Stage 2 of the flow, below the text formats of parse. It keeps true that each time names the zone it was read with
// and who assumed it, and that an ambiguous date is refused, never guessed. Resolution is 100 ns.
package stamp

import (
	"errors"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // zone names must work on Windows and on machines without a zone database

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// Order says how dates such as 03/04/2026 are meant.
type Order uint8

// Orders of day and month.
const (
	Unknown Order = iota
	DayFirst
	MonthFirst
)

// Errors that callers tell apart.
var (
	ErrNotTime   = errors.New("not a time")
	ErrAmbiguous = errors.New("day and month could be either way round")
)

// Reader reads times under one set of assumptions.
type Reader struct {
	Zone  *time.Location // for times without a zone
	By    string         // who said so: "default" or an entry id
	Order Order
	Local int64 // how many times without a zone have been read

	doubts doubts
}

// New takes the zone from the answers given; without one it is UTC, assumed by "default".
func New(a parse.Assume) *Reader {
	r := &Reader{Zone: a.Zone, By: a.ZoneBy}
	if r.Zone == nil {
		r.Zone, r.By = time.UTC, "default"
	}
	if r.By == "" {
		r.By = "default"
	}
	return r
}

// Note is what the receipt says about times without a zone and about doubtful ones, "" when there were none.
func (r *Reader) Note() string {
	doubt := r.doubtNote()
	if r.Local == 0 {
		return doubt
	}
	text := fmt.Sprintf("times without a zone were read as %s, as answered in entry %s", r.Zone, r.By)
	if r.By == "default" {
		text = fmt.Sprintf("times without a zone were read as %s; nobody has answered which zone this source used", r.Zone)
	}
	if doubt != "" {
		text += ". " + doubt
	}
	return text
}

// Read reads one time. The result's Meaning is Occurred; the caller changes it where it knows better.
func (r *Reader) Read(s string) (event.Time, error) {
	text := strings.TrimSpace(s)
	if len(text) < 8 || len(text) > 64 {
		return event.Time{}, ErrNotTime
	}
	if t, ok := epoch(text); ok {
		return stated(t, s, "UTC"), nil
	}
	if p, ok := iso(text); ok {
		return r.fields(p, s)
	}
	if p, order, ok := ordered(text); ok {
		if order == Unknown {
			order = r.Order
		}
		if order == Unknown {
			return event.Time{}, ErrAmbiguous
		}
		if order == MonthFirst {
			p.day, p.month = p.month, p.day
		}
		return r.fields(p, s)
	}
	if p, ok := compact(text); ok {
		return r.fields(p, s)
	}
	return r.named(text, s)
}

// local reads a civil time under the assumed zone.
func (r *Reader) local(year int, month time.Month, day, hour, min, sec, nsec int, original string) event.Time {
	r.Local++
	t := r.doubts.civil(year, month, day, hour, min, sec, nsec, r.Zone)
	return event.Time{Meaning: event.Occurred, At: t.UTC().Truncate(100), Original: original, Zone: r.Zone.String(), Assumed: r.By}
}

// Civil is local for formats that read the fields themselves; it refuses dates that do not exist.
func (r *Reader) Civil(year, month, day, hour, min, sec, nsec int, original string) (event.Time, error) {
	p := parts{year: year, month: month, day: day, hour: hour, min: min, sec: sec, nsec: nsec}
	return r.fields(p, original)
}

func stated(t time.Time, original, zone string) event.Time {
	return event.Time{Meaning: event.Occurred, At: t.UTC().Truncate(100), Original: original, Zone: zone}
}

// parts is a time read field by field.
type parts struct {
	year, month, day, hour, min, sec, nsec int
	zoned                                  bool
	offset                                 int // seconds east of UTC
}

func (p parts) valid() bool {
	return p.year >= 1601 && p.year <= 9999 && p.month >= 1 && p.month <= 12 && p.day >= 1 && p.day <= daysIn(p.year, p.month) &&
		p.hour <= 23 && p.min <= 59 && p.sec <= 60 && p.offset > -24*3600 && p.offset < 24*3600
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func (r *Reader) fields(p parts, original string) (event.Time, error) {
	if !p.valid() {
		return event.Time{}, ErrNotTime
	}
	if p.zoned {
		t := time.Date(p.year, time.Month(p.month), p.day, p.hour, p.min, p.sec, p.nsec, time.UTC).Add(-time.Duration(p.offset) * time.Second)
		return stated(t, original, zoneName(p.offset)), nil
	}
	return r.local(p.year, time.Month(p.month), p.day, p.hour, p.min, p.sec, p.nsec, original), nil
}

func zoneName(offset int) string {
	if offset == 0 {
		return "UTC"
	}
	sign := '+'
	if offset < 0 {
		sign, offset = '-', -offset
	}
	return fmt.Sprintf("%c%02d:%02d", sign, offset/3600, offset/60%60)
}

// namedLayouts are forms with the month's name. Those that end in MST are taken only for UTC and GMT: other
// abbreviations do not say one zone.
var namedLayouts = []string{
	"02/Jan/2006:15:04:05 -0700", "02/Jan/2006:15:04:05", "2/Jan/2006 15:04:05",
	"Jan _2 2006 15:04:05", "Jan _2 15:04:05 2006", "Mon Jan _2 15:04:05 2006", "Mon Jan _2 2006 15:04:05", "Mon Jan _2 15:04:05 MST 2006",
	"Mon Jan _2 15:04:05 -0700 2006", "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04:05",
	"2 Jan 2006 15:04:05", "2 Jan 2006 15:04:05 -0700", "2-Jan-2006 15:04:05", "2 January 2006 15:04:05",
	"Jan 2, 2006 3:04:05 PM", "Jan 2, 2006 15:04:05", "Jan 2, 2006 @ 15:04:05", "January 2, 2006 3:04:05 PM",
}

func (r *Reader) named(text, original string) (event.Time, error) {
	letters := strings.IndexFunc(text, func(c rune) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' })
	if letters < 0 || letters > 5 {
		return event.Time{}, ErrNotTime
	}
	for _, layout := range namedLayouts {
		t, err := time.ParseInLocation(layout, text, r.Zone)
		if err != nil || t.Year() < 1601 {
			continue
		}
		switch {
		case strings.Contains(layout, "-0700"):
			_, offset := t.Zone()
			return stated(t, original, zoneName(offset)), nil
		case strings.Contains(layout, "MST"):
			if name, _ := t.Zone(); name != "UTC" && name != "GMT" {
				continue
			}
			t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
			return stated(t, original, "UTC"), nil
		}
		return r.local(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), original), nil
	}
	return event.Time{}, ErrNotTime
}
