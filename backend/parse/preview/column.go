package preview

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/mapping"
	"adjutant/backend/parse/stamp"
)

// Column is what the first values of a column show.
type Column struct {
	Name   string
	Kind   string // "time", "number", "address", "hash", "true or false", "text", "empty"
	Filled int    // of the rows shown
	Field  string // the ECS name that the mapping gives it, "" for none
	Time   bool   // the mapping takes it as a time
	Forms  []Fit  // forms in which most of the values can be read as times, the likeliest first

	Ambiguous   string // why day and month cannot be told apart, "" when they can
	MissingYear bool   // the values state no year
	Zone        string // what the zone makes of a time that states none: "… would be … UTC", "" when the values state one
}

// Fit is a form of times with what it makes of the first values.
type Fit struct {
	Form, Title string
	Fits, Of    int
	Readings    []Reading // at most three
}

// Reading is one value as a form reads it.
type Reading struct {
	Original string
	UTC      string // "2026-03-14T00:02:03.0000000Z", "" when a year is missing
	Doubt    string // of the clock: set back, set forward, or only the day
}

// maxReadings is how many values a person is shown for each form.
const maxReadings = 3

// clockOf puts the clock that the mapping names beside the date in a column.
func clockOf(m *mapping.Mapping, column string, names []string, rows [][]string) []string {
	for _, t := range m.Times {
		if t.Column != column || t.Clock == "" {
			continue
		}
		var out []string
		date, clock := -1, -1
		for i, n := range names {
			if n == column {
				date = i
			}
			if n == t.Clock {
				clock = i
			}
		}
		for _, r := range rows {
			if date >= 0 && clock >= 0 && date < len(r) && clock < len(r) && r[date] != "" && r[clock] != "" {
				out = append(out, strings.TrimSpace(r[date])+" "+strings.TrimSpace(r[clock]))
			}
		}
		return out
	}
	return nil
}

// columnOf looks at the filled values of a column. joined are its values with the clock of another column, nil when it has none.
func columnOf(name string, values []string, m *mapping.Mapping, joined []string) Column {
	c := Column{Name: name, Filled: len(values), Field: m.Fields[name], Kind: kindOf(values)}
	chosen := mapping.Time{}
	for _, t := range m.Times {
		if t.Column == name {
			c.Time, chosen = true, t
		}
	}
	if joined != nil {
		values = joined
	}
	if !c.Time && !mayBeTimes(values) {
		return c
	}
	zone := time.UTC
	if m.Zone != "" {
		if l, err := time.LoadLocation(m.Zone); err == nil {
			zone = l
		}
	}
	if chosen.UTC {
		zone = time.UTC
	}
	forms := stamp.Forms()
	if strings.HasPrefix(chosen.Form, stamp.PatternPrefix) {
		if f, err := stamp.FormNamed(chosen.Form); err == nil {
			forms = append([]stamp.Form{f}, forms...)
		}
	}
	ambiguous := ""
	for _, f := range forms {
		fit, local, doubtful := tryForm(f, values, zone, m.Year)
		if f.Name == stamp.Auto && doubtful != "" && (chosen.Form == "" || chosen.Form == stamp.Auto) {
			ambiguous = doubtful
		}
		if f.Name != chosen.Form && (fit.Fits == 0 || fit.Fits*2 < len(values) || !plausible(f, fit, c.Kind)) {
			continue
		}
		c.Forms = append(c.Forms, fit)
		taken := f.Name == chosen.Form || chosen.Form == ""
		if taken && f.Yearless() {
			c.MissingYear = true
		}
		if taken && local && c.Zone == "" && !chosen.UTC && chosen.Zone == "" && len(fit.Readings) > 0 && fit.Readings[0].UTC != "" {
			at, _ := time.Parse(event.TimeLayout, fit.Readings[0].UTC)
			c.Zone = fmt.Sprintf("%q would be %s UTC, read as %s", fit.Readings[0].Original, at.Format("2006-01-02 15:04:05"), zone)
		}
	}
	c.Ambiguous = ambiguous
	if len(c.Forms) > 0 && (c.Time || c.Kind == "text") {
		c.Kind = "time"
	}
	return c
}

// tryForm reads values in a form. local says that they state no zone; doubtful names one whose day and month could be either.
func tryForm(f stamp.Form, values []string, zone *time.Location, year int) (fit Fit, local bool, doubtful string) {
	fit = Fit{Form: f.Name, Title: f.Title, Of: len(values)}
	r := stamp.New(parse.Assume{Zone: zone, ZoneBy: "preview"})
	unsettled, settled := "", false
	for _, v := range values {
		reading := Reading{Original: clip(v)}
		if f.Yearless() {
			w, ok := f.Wall(v)
			if !ok {
				continue
			}
			if year != 0 {
				if t, err := r.Civil(year, w.Month, w.Day, w.Hour, w.Min, w.Sec, w.Nsec, v); err == nil {
					reading.UTC = event.FormatTime(t.At)
				}
			}
		} else {
			t, err := f.Read(r, v)
			if errors.Is(err, stamp.ErrAmbiguous) {
				if unsettled == "" {
					unsettled = v
				}
				continue
			}
			if err != nil {
				continue
			}
			if stamp.OrderOf(v) != stamp.Unknown {
				settled = true
			}
			reading.UTC = event.FormatTime(t.At)
		}
		var e event.Event
		r.Doubt(&e)
		reading.Doubt = e.Get(stamp.DoubtField)
		fit.Fits++
		if len(fit.Readings) < maxReadings {
			fit.Readings = append(fit.Readings, reading)
		}
	}
	if unsettled != "" && !settled {
		doubtful = orders(unsettled)
	}
	return fit, r.Local > 0, doubtful
}

// orders words the two dates that a text could be.
func orders(text string) string {
	both := make([]string, 0, 2)
	for _, form := range []string{"dmy", "mdy"} {
		f, err := stamp.FormNamed(form)
		if err != nil {
			continue
		}
		if t, err := f.Read(stamp.New(parse.Assume{}), text); err == nil {
			both = append(both, t.At.Format("2 January 2006"))
		}
	}
	if len(both) < 2 {
		if f, err := stamp.FormNamed("date"); err == nil {
			for _, o := range []stamp.Order{stamp.DayFirst, stamp.MonthFirst} {
				r := stamp.New(parse.Assume{})
				r.Order = o
				if t, err := f.Read(r, text); err == nil {
					both = append(both, t.At.Format("2 January 2006"))
				}
			}
		}
	}
	return fmt.Sprintf("%q could be %s; none of the first rows settles it", clip(text), strings.Join(both, " or "))
}

// plausible keeps counts and ids from being offered as times: numbers only where they give years in which computers wrote logs.
func plausible(f stamp.Form, fit Fit, kind string) bool {
	if kind != "number" || f.Yearless() || strings.HasPrefix(f.Name, stamp.PatternPrefix) {
		return true
	}
	for _, r := range fit.Readings {
		year, err := strconv.Atoi(r.UTC[:min(4, len(r.UTC))])
		if err != nil || year < 1990 || year > 2040 {
			return false
		}
	}
	return true
}

func auto(v string) bool {
	f, err := stamp.FormNamed(stamp.Auto)
	if err != nil {
		return false
	}
	_, err = f.Read(stamp.New(parse.Assume{}), v)
	return err == nil || errors.Is(err, stamp.ErrAmbiguous)
}

// mayBeTimes says that half of the values have enough digits and are short enough.
func mayBeTimes(values []string) bool {
	good := 0
	for _, v := range values {
		digits := 0
		for i := 0; i < len(v) && i < 64; i++ {
			if v[i] >= '0' && v[i] <= '9' {
				digits++
			}
		}
		if digits >= 4 && len(v) <= 64 {
			good++
		}
	}
	return good > 0 && good*2 >= len(values)
}

// kindOf guesses what a column holds: the kind that all filled values have.
func kindOf(values []string) string {
	if len(values) == 0 {
		return "empty"
	}
	for _, k := range []struct {
		name string
		is   func(string) bool
	}{{"number", isNumber}, {"address", isAddress}, {"hash", isHash}, {"true or false", isBool}} {
		all := true
		for _, v := range values {
			all = all && k.is(strings.TrimSpace(v))
		}
		if all {
			return k.name
		}
	}
	return "text"
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && len(s) <= 40 && strings.Trim(s, "0123456789.-+eE") == ""
}

func isAddress(s string) bool {
	_, err := netip.ParseAddr(strings.Trim(s, "[]"))
	return err == nil
}

func isHash(s string) bool {
	switch len(s) {
	case 32, 40, 64, 96, 128:
		return strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
	}
	return false
}

func isBool(s string) bool {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no":
		return true
	}
	return false
}
