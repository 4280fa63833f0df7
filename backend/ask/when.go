package ask

import (
	"strconv"
	"strings"
	"time"
)

// period is a stretch of time with from <= t < to; a zero bound is open.
type period struct {
	from, to time.Time
	note     string // how a word such as "night" was taken
}

// How parts of a day are taken, in hours of the zone. A night belongs to the day on whose evening it begins.
const (
	morningStarts, morningEnds = 5, 12
	eveningStarts              = 18
	nightStarts, nightEnds     = 18, 6
	aroundMinutes              = 30 // "around 02:06" is this much on either side
)

const nightNote = "A night is taken as 18:00 to 06:00."

// moment is a date, a time of day, or both.
type moment struct {
	date    time.Time // midnight in the zone
	hasDate bool
	at      time.Duration // since midnight
	hasTime bool
	second  bool // written with seconds
	exact   time.Time
	zone    *time.Location
}

// period reads a period that starts at word i.
func (m *matcher) period(i int) (period, int, bool) {
	switch m.at(i) {
	case "between":
		return m.fromTo(i+1, "and")
	case "from":
		return m.fromTo(i+1, "to", "until", "till", "-", "–")
	case "since", "after":
		if a, j, ok := m.moment(i + 1); ok {
			if from, ok := m.start(a, time.Time{}); ok {
				if m.at(i) == "after" && !a.hasTime && a.exact.IsZero() {
					from = from.AddDate(0, 0, 1)
				}
				return period{from: from.UTC()}, j, true
			}
		}
		return period{}, 0, false
	case "before", "until", "till":
		if a, j, ok := m.moment(i + 1); ok {
			if to, ok := m.start(a, time.Time{}); ok {
				if m.at(i) != "before" && !a.hasTime && a.exact.IsZero() {
					to = to.AddDate(0, 0, 1)
				}
				return period{to: to.UTC()}, j, true
			}
		}
		return period{}, 0, false
	case "at", "around", "about":
		return m.around(i)
	}
	j := i
	switch m.at(i) {
	case "on", "in", "during", "for", "over", "within":
		j++
		if m.at(j) == "the" {
			j++
		}
	}
	if p, n, ok := m.ago(j); ok {
		return p, n, true
	}
	if p, n, ok := m.named(j); ok {
		return m.within(p, n)
	}
	a, n, ok := m.moment(j)
	if !ok || a.exact.IsZero() && !a.hasDate {
		return period{}, 0, false
	}
	if a.hasTime || !a.exact.IsZero() { // "on 5 March at 02:06"
		t, width := a.in(a.date), time.Minute
		if !a.exact.IsZero() {
			t = a.exact
		}
		if a.second {
			width = time.Second
		}
		return period{from: t.UTC(), to: t.Add(width).UTC()}, n, true
	}
	if p, n2, ok := m.partOfDay(a, n); ok {
		return p, n2, true
	}
	if w := m.at(n); w == "between" || w == "from" { // "on 5 March between 02:00 and 03:00"
		stop := []string{"and"}
		if w == "from" {
			stop = []string{"to", "until", "till", "-", "–"}
		}
		if p, n2, ok := m.fromToOn(n+1, a, stop); ok {
			return p, n2, true
		}
	}
	return period{from: a.date.UTC(), to: a.date.AddDate(0, 0, 1).UTC()}, n, true
}

func (m *matcher) at(i int) string {
	if i < 0 || i >= len(m.words) || m.words[i].quoted {
		return ""
	}
	return m.words[i].folded
}

func (m *matcher) in(i int, words ...string) bool {
	for _, w := range words {
		if m.at(i) == w {
			return true
		}
	}
	return false
}

// fromTo reads "A and B", with a day behind it when A and B are only times of day.
func (m *matcher) fromTo(i int, stop ...string) (period, int, bool) {
	return m.fromToOn(i, moment{}, stop)
}

func (m *matcher) fromToOn(i int, day moment, stop []string) (period, int, bool) {
	a, j, ok := m.moment(i)
	if !ok || !m.in(j, stop...) {
		return period{}, 0, false
	}
	b, n, ok := m.moment(j + 1)
	if !ok {
		return period{}, 0, false
	}
	if !day.hasDate && !a.hasDate && a.exact.IsZero() && !b.hasDate && b.exact.IsZero() {
		k := n
		if m.at(k) == "on" {
			k++
		}
		if d, k2, ok := m.moment(k); ok && d.hasDate && !d.hasTime && d.exact.IsZero() {
			day, n = d, k2
		}
	}
	if day.hasDate && !a.hasDate && a.exact.IsZero() {
		a.date, a.hasDate = day.date, true
	}
	if !a.hasDate && a.exact.IsZero() && b.hasDate { // "between 02:00 and 03:00 on 5 March": the day belongs to both
		a.date, a.hasDate = b.date, true
	}
	from, ok := m.start(a, time.Time{})
	if !ok {
		return period{}, 0, false
	}
	to, ok := m.start(b, from)
	if !ok {
		return period{}, 0, false
	}
	if !b.hasTime && b.exact.IsZero() { // a day as the end belongs to the period
		to = to.AddDate(0, 0, 1)
	}
	if !to.After(from) {
		return period{}, 0, false
	}
	return period{from: from.UTC(), to: to.UTC()}, n, true
}

// start is the moment's first instant. A time of day without a date takes the day of after (the next day when it would
// lie before), or the one day that the timeline covers.
func (m *matcher) start(a moment, after time.Time) (time.Time, bool) {
	if !a.exact.IsZero() {
		return a.exact, true
	}
	if a.hasDate {
		return a.in(a.date), true
	}
	if !after.IsZero() {
		y, mo, d := after.In(m.v.Zone).Date()
		t := a.in(time.Date(y, mo, d, 0, 0, 0, 0, m.v.Zone))
		if !t.After(after) {
			t = a.in(time.Date(y, mo, d+1, 0, 0, 0, 0, m.v.Zone))
		}
		return t, true
	}
	first, last := m.v.First.In(m.v.Zone), m.v.Last.In(m.v.Zone)
	if !m.v.First.IsZero() && first.Format(time.DateOnly) == last.Format(time.DateOnly) {
		return a.in(time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, m.v.Zone)), true
	}
	return time.Time{}, false
}

// in puts the time of day on a date, in the moment's own zone when it names one.
func (a moment) in(date time.Time) time.Time {
	zone := date.Location()
	if a.zone != nil {
		zone = a.zone
	}
	y, mo, d := date.Date()
	h := int(a.at / time.Hour)
	return time.Date(y, mo, d, h, int(a.at/time.Minute)%60, int(a.at/time.Second)%60, 0, zone)
}

// around reads "at 02:06 on 5 March" (that minute) and "around …" (half an hour on either side).
func (m *matcher) around(i int) (period, int, bool) {
	a, j, ok := m.moment(i + 1)
	if !ok || !a.hasTime && a.exact.IsZero() {
		return period{}, 0, false
	}
	t, ok := m.start(a, time.Time{})
	if !ok {
		return period{}, 0, false
	}
	if m.at(i) == "at" {
		width := time.Minute
		if a.second {
			width = time.Second
		}
		return period{from: t.UTC(), to: t.Add(width).UTC()}, j, true
	}
	return period{from: t.Add(-aroundMinutes * time.Minute).UTC(), to: t.Add(aroundMinutes * time.Minute).UTC(),
		note: "“Around” is taken as 30 minutes before and after."}, j, true
}

var units = map[string]time.Duration{"minute": time.Minute, "minutes": time.Minute, "min": time.Minute, "mins": time.Minute, "hour": time.Hour, "hours": time.Hour,
	"h": time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour, "week": 7 * 24 * time.Hour, "weeks": 7 * 24 * time.Hour}

// ago reads "last 2 hours", "past day".
func (m *matcher) ago(i int) (period, int, bool) {
	if !m.in(i, "last", "past", "previous") {
		return period{}, 0, false
	}
	n, j := 1, i+1
	if v, err := strconv.Atoi(m.at(j)); err == nil && v > 0 && v < 10_000 {
		n, j = v, j+1
	} else if v, ok := numbers[m.at(j)]; ok {
		n, j = v, j+1
	}
	unit, ok := units[m.at(j)]
	if !ok {
		return period{}, 0, false
	}
	return period{from: m.v.Now.Add(-time.Duration(n) * unit).UTC(), to: m.v.Now.UTC()}, j + 1, true
}

var numbers = map[string]int{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "twenty-four": 24}

// named reads "last night", "this morning", "tonight", "night of 4 March", "night from 4 to 5 March".
func (m *matcher) named(i int) (period, int, bool) {
	today := midnight(m.v.Now, m.v.Zone)
	switch {
	case m.at(i) == "last" && m.at(i+1) == "night":
		return night(today.AddDate(0, 0, -1)), i + 2, true
	case m.at(i) == "tonight":
		return night(today), i + 1, true
	case m.at(i) == "this" && m.in(i+1, "morning", "afternoon", "evening"):
		return m.partOfDay(moment{date: today, hasDate: true}, i+1)
	case m.at(i) == "night" && m.in(i+1, "of", "on", "from", "to", "before", "after"):
		a, j, ok := m.moment(i + 2)
		if !ok && m.in(i+1, "of", "from") { // "night of 4 to 5 March": the month stands behind the second day
			if d := dayNumber(m.at(i + 2)); d > 0 && m.in(i+3, "to", "/", "-") {
				if b, n, ok := m.moment(i + 4); ok && b.hasDate && !b.hasTime && b.date.AddDate(0, 0, -1).Day() == d {
					return night(b.date.AddDate(0, 0, -1)), n, true
				}
			}
			return period{}, 0, false
		}
		if !ok || !a.hasDate || a.hasTime {
			return period{}, 0, false
		}
		if m.in(i+1, "of", "from") && m.in(j, "to") {
			if b, n, ok := m.moment(j + 1); ok && b.hasDate && !b.hasTime && b.date.Equal(a.date.AddDate(0, 0, 1)) {
				return night(a.date), n, true
			}
		}
		if m.in(i+1, "to", "before") {
			a.date = a.date.AddDate(0, 0, -1)
		}
		return night(a.date), j, true
	}
	return period{}, 0, false
}

// within narrows a named period by times of day behind it: "last night between 01:00 and 03:00".
func (m *matcher) within(p period, i int) (period, int, bool) {
	stop := []string{"and"}
	if m.at(i) == "from" {
		stop = []string{"to", "until", "till", "-", "–"}
	} else if m.at(i) != "between" {
		return p, i, true
	}
	a, j, ok := m.moment(i + 1)
	if !ok || a.hasDate || !a.hasTime || !m.in(j, stop...) {
		return p, i, true
	}
	b, n, ok := m.moment(j + 1)
	if !ok || b.hasDate || !b.hasTime {
		return p, i, true
	}
	place := func(x moment) time.Time {
		t := x.in(midnight(p.from, m.v.Zone))
		if t.Before(p.from) {
			t = x.in(midnight(p.from, m.v.Zone).AddDate(0, 0, 1))
		}
		return t.UTC()
	}
	from, to := place(a), place(b)
	if from.Before(p.from) || !to.After(from) || to.After(p.to) {
		return period{}, 0, false
	}
	return period{from: from, to: to}, n, true
}

// partOfDay reads "morning", "afternoon", "evening", "night" behind a date.
func (m *matcher) partOfDay(a moment, i int) (period, int, bool) {
	hours := func(from, to int) period {
		y, mo, d := a.date.Date()
		return period{from: time.Date(y, mo, d, from, 0, 0, 0, a.date.Location()).UTC(), to: time.Date(y, mo, d, to, 0, 0, 0, a.date.Location()).UTC()}
	}
	var p period
	switch m.at(i) {
	case "morning":
		p = hours(morningStarts, morningEnds)
		p.note = "A morning is taken as 05:00 to 12:00."
	case "afternoon":
		p = hours(morningEnds, eveningStarts)
		p.note = "An afternoon is taken as 12:00 to 18:00."
	case "evening":
		p = hours(eveningStarts, 24)
		p.note = "An evening is taken as 18:00 to 24:00."
	case "night":
		p = night(a.date)
	default:
		return period{}, 0, false
	}
	return p, i + 1, true
}

func night(date time.Time) period {
	y, mo, d := date.Date()
	return period{from: time.Date(y, mo, d, nightStarts, 0, 0, 0, date.Location()).UTC(), to: time.Date(y, mo, d+1, nightEnds, 0, 0, 0, date.Location()).UTC(), note: nightNote}
}

func midnight(t time.Time, zone *time.Location) time.Time {
	y, mo, d := t.In(zone).Date()
	return time.Date(y, mo, d, 0, 0, 0, 0, zone)
}

// since reads "since MOMENT", "since my last visit", or a period.
func (m *matcher) since(i int, b bound, k next) {
	if m.at(i) == "since" {
		for _, visit := range [][]string{{"my", "last", "visit"}, {"i", "was", "last", "here"}, {"i", "left"}, {"last", "time"}} {
			j := i + 1
			for _, w := range visit {
				if m.at(j) != w {
					j = -1
					break
				}
				j++
			}
			if j > 0 {
				k(j, b)
			}
		}
	}
	if p, j, ok := m.period(i); ok {
		b.when = &p
		k(j, b)
		return
	}
	if m.at(i) == "since" {
		if p, j, ok := m.named(i + 1); ok { // "since last night"
			p.to = time.Time{}
			b.when = &p
			k(j, b)
		}
	}
}

func dayNumber(s string) int {
	s = strings.TrimSuffix(s, ".")
	for _, end := range []string{"st", "nd", "rd", "th"} {
		if t, ok := strings.CutSuffix(s, end); ok {
			s = t
			break
		}
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 31 || len(s) > 2 {
		return 0
	}
	return n
}
