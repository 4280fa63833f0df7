package delimited

import (
	"strings"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse/stamp"
	"adjutant/backend/parse/yearless"
)

// clock reads the times of a row.
type clock struct {
	primary []timeColumn // best first: the first that can be read in a row is the event's time
	more    []timeColumn // further times of another meaning
	all     []timeColumn // instead of both, where the maker or a person says what each column means: every one that can be read
	meaning int          // column whose words say what the primary time means, -1 for none

	years    yearless.Years
	zones    map[string]*stamp.Reader // readers of zones that rows name
	meanings map[string][]event.TimeKind
	utc      *stamp.Reader
	scratch  []event.Time
}

// maxCached bounds what is kept of the words and zones that rows name; tables name few.
const maxCached = 256

// timeColumn is a column, or a pair of date and clock, that holds a time.
type timeColumn struct {
	index   int
	with    int // column of the clock that belongs to a date, -1 for none
	zone    int // column that names the zone, -1 for none
	utc     bool
	meaning event.TimeKind
	form    stamp.Form
	formed  bool // form is set
	only    bool // and nothing else is tried
}

// text joins what belongs to one time.
func (c *timeColumn) text(fields []string) string {
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
func (k *clock) read(c *timeColumn, zone *stamp.Reader, fields []string) (event.Time, bool) {
	s := c.text(fields)
	if s == "" {
		return event.Time{}, false
	}
	r := k.reader(c, zone, fields)
	if c.formed {
		t, ok := k.formed(c, r, s)
		if ok || c.only {
			t.Meaning = c.meaning
			return t, ok
		}
	}
	t, err := r.Read(s)
	t.Meaning = c.meaning
	return t, err == nil
}

func (k *clock) formed(c *timeColumn, r *stamp.Reader, s string) (event.Time, bool) {
	if !c.form.Yearless() {
		t, err := c.form.Read(r, s)
		return t, err == nil
	}
	w, ok := c.form.Wall(s)
	if !ok {
		return event.Time{}, false
	}
	t, err := k.years.Read(r, yearless.Civil(w), s)
	return t, err == nil
}

// reader is that of the zone which the row or the header names, else the given one.
func (k *clock) reader(c *timeColumn, zone *stamp.Reader, fields []string) *stamp.Reader {
	if c.zone >= 0 && c.zone < len(fields) {
		name := fields[c.zone]
		r, seen := k.zones[name]
		if !seen {
			if l := stamp.ZoneNamed(name); l != nil {
				r = zone.In(l)
			}
			if k.zones == nil {
				k.zones = map[string]*stamp.Reader{}
			}
			if len(k.zones) < maxCached {
				k.zones[strings.Clone(name)] = r
			}
		}
		if r != nil {
			r.Order = zone.Order
			return r
		}
	}
	if !c.utc {
		return zone
	}
	if k.utc == nil {
		k.utc = zone.In(time.UTC)
	}
	k.utc.Order = zone.Order
	return k.utc
}

// times reads the row's times and returns the column that the first one took, -1 when there is none. The times are valid until
// the next call.
func (k *clock) times(zone *stamp.Reader, fields []string) (times []event.Time, used int) {
	out := k.scratch[:0]
	used = -1
	add := func(cols []timeColumn, one bool) {
		for i := range cols {
			c := &cols[i]
			if used >= 0 && c.index == used {
				continue
			}
			t, ok := k.read(c, zone, fields)
			if !ok {
				continue
			}
			if used < 0 && len(out) == 0 {
				used = c.index
				if words := k.words(fields); len(words) > 0 {
					for _, m := range words {
						t.Meaning = m
						out = append(out, t)
					}
					if one {
						return
					}
					continue
				}
			}
			out = append(out, t)
			if one {
				return
			}
		}
	}
	switch {
	case k.all == nil:
		add(k.primary, true)
		add(k.more, false)
	case k.meaning >= 0: // one time, whose meaning the row says
		add(k.all, true)
	default:
		add(k.all, false)
	}
	k.scratch = out
	return out, used
}

// words is what the row itself says that its time means.
func (k *clock) words(fields []string) []event.TimeKind {
	if k.meaning < 0 || k.meaning >= len(fields) {
		return nil
	}
	w := fields[k.meaning]
	m, seen := k.meanings[w]
	if !seen {
		m = stamp.Meanings(w)
		if k.meanings == nil {
			k.meanings = map[string][]event.TimeKind{}
		}
		if len(k.meanings) < maxCached {
			k.meanings[strings.Clone(w)] = m
		}
	}
	return m
}

// described reads the meaning from a column's name, "" when it says nothing known.
func described(name string) event.TimeKind {
	if m := stamp.Meanings(name); len(m) > 0 {
		return m[0]
	}
	return ""
}
