package snort

import (
	"strings"
	"time"

	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
	"adjutant/backend/parse/yearless"
)

// order says what the three numbers of a date are.
type order uint8

const (
	yearFirst  order = iota // Snort: yy/mm/dd
	monthFirst              // Suricata: mm/dd/yyyy, and old Snorts mm/dd/yy
	either                  // both fit all lines
)

// date is "mm/dd-", "mm/dd/yyyy-" or three numbers of two digits, with the clock behind it.
type date struct {
	text   [3]string
	parts  int
	clock  yearless.Civil
	length int // of the whole time
}

func readDate(s string) (d date, ok bool) {
	end := strings.IndexByte(s[:min(len(s), 11)], '-')
	if end < 5 {
		return d, false
	}
	for _, p := range strings.Split(s[:end], "/") {
		if d.parts == 3 || strings.Trim(p, "0123456789") != "" || len(p) != 2 && (len(p) != 4 || d.parts != 2) {
			return d, false
		}
		d.text[d.parts] = p
		d.parts++
	}
	rest := s[end+1:]
	space := strings.IndexByte(rest, ' ')
	if d.parts < 2 || space < 0 || !d.clock.Clock(rest[:space]) {
		return d, false
	}
	d.length = end + 1 + space
	return d, true
}

// century puts two digits of a year into 1970 to 2069.
func century(year int) int {
	if year < 70 {
		return 2000 + year
	}
	return 1900 + year
}

// civil is the time under an order; a date of two parts has no year.
func (d date) civil(o order) yearless.Civil {
	n := func(i int) int {
		v := 0
		for _, c := range []byte(d.text[i]) {
			v = v*10 + int(c-'0')
		}
		return v
	}
	c := d.clock
	switch {
	case d.parts == 2:
		c.Month, c.Day = n(0), n(1)
		if c.Month > 12 || c.Day > 31 || c.Day == 0 {
			c.Month = 0
		}
	case len(d.text[2]) == 4:
		c.Month, c.Day, c.Year = n(0), n(1), n(2)
	case o == monthFirst:
		c.Month, c.Day, c.Year = n(0), n(1), century(n(2))
	default:
		c.Year, c.Month, c.Day = century(n(0)), n(1), n(2)
	}
	return c
}

func (c fault) at(d date) (t time.Time, ok bool) {
	v := d.civil(c.order)
	t = time.Date(v.Year, time.Month(v.Month), v.Day, v.Hour, v.Min, v.Sec, v.Nsec, time.UTC)
	return t, int(t.Month()) == v.Month && v.Day > 0
}

// fault counts what speaks against an order.
type fault struct {
	order       order
	wrong, back int // no dates; times far before the line above
	future      int // times after the file's own
	last        time.Time
}

// scoutLines bounds how many lines decide about the order.
const scoutLines = 20000

// scout finds the order of a file's dates.
func scout(in parse.Input) order {
	r := lines.New(in.Reader, in.Size)
	limit := in.Assume.ModTime
	if limit.IsZero() {
		limit = in.Started
	}
	faults := [2]fault{{order: yearFirst}, {order: monthFirst}}
	seen := false
	for n := 0; n < scoutLines; n++ {
		l, err := r.Next()
		if err != nil {
			break // the reading pass meets the same error and reports it
		}
		d, ok := readDate(string(l.Text[:min(len(l.Text), 64)]))
		if !ok || d.parts != 3 || len(d.text[2]) != 2 {
			continue
		}
		seen = true
		for i := range faults {
			f := &faults[i]
			t, ok := f.at(d)
			switch {
			case !ok:
				f.wrong++
				continue
			case t.Before(f.last.AddDate(0, 0, -1)):
				f.back++
			}
			if !limit.IsZero() && t.After(limit.AddDate(0, 0, 1)) {
				f.future++
			}
			f.last = t
		}
	}
	a, b := faults[0], faults[1]
	for _, pair := range [][2]int{{a.wrong, b.wrong}, {a.future, b.future}, {a.back, b.back}} {
		switch {
		case pair[0] < pair[1]:
			return yearFirst
		case pair[0] > pair[1]:
			return monthFirst
		}
	}
	if seen {
		return either
	}
	return yearFirst
}
