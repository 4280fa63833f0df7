package ask

import (
	"strconv"
	"strings"
	"time"
)

// moment reads a date, a time of day, or both in either order, or one exact timestamp.
func (m *matcher) moment(i int) (moment, int, bool) {
	if m.at(i) == "now" {
		return moment{exact: m.v.Now.UTC()}, i + 1, true
	}
	if t, second, ok := stamp(m.at(i), m.v.Zone); ok {
		return moment{exact: t, second: second}, i + 1, true
	}
	var a moment
	j := i
	for j < len(m.words) {
		k := j
		if j > i && m.in(j, "at", "on") { // joins the two halves, and is nothing by itself
			k++
		}
		if !a.hasDate {
			if d, n, ok := m.date(k); ok {
				a.date, a.hasDate, j = d, true, n
				continue
			}
		}
		if !a.hasTime {
			if d, second, zone, n, ok := m.clock(k); ok {
				a.at, a.hasTime, a.second, a.zone, j = d, true, second, zone, n
				continue
			}
		}
		break
	}
	return a, j, a.hasDate || a.hasTime
}

// stamp reads RFC 3339 and its shorter forms; without a zone it is the reader's.
func stamp(s string, zone *time.Location) (time.Time, bool, bool) {
	s = strings.ToUpper(s)
	for _, layout := range []string{"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, strings.Contains(layout, ":05"), plausible(t)
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, strings.Contains(layout, ":05"), plausible(t)
		}
	}
	return time.Time{}, false, false
}

// plausible keeps dates inside what evidence can hold and arithmetic can bear.
func plausible(t time.Time) bool { return t.Year() >= 1970 && t.Year() <= 2200 }

var months = map[string]time.Month{"january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6, "jun": 6,
	"july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sep": 9, "sept": 9, "october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12}

var weekdays = map[string]time.Weekday{"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 0}

// date reads a day. Dates with slashes are refused: nobody can say which number is the month.
func (m *matcher) date(i int) (time.Time, int, bool) {
	zone := m.v.Zone
	today := midnight(m.v.Now, zone)
	w := m.at(i)
	switch w {
	case "today":
		return today, i + 1, true
	case "yesterday":
		return today.AddDate(0, 0, -1), i + 1, true
	}
	for _, layout := range []string{time.DateOnly, "2.1.2006", "02.01.2006"} {
		if t, err := time.ParseInLocation(layout, w, zone); err == nil && plausible(t) {
			return t, i + 1, true
		}
	}
	if day, ok := weekdays[w]; ok {
		return m.weekday(day), i + 1, true
	}
	if day, ok := weekdays[m.at(i+1)]; ok && w == "last" {
		back := (int(today.Weekday()) - int(day) + 7) % 7
		if back == 0 {
			back = 7
		}
		return today.AddDate(0, 0, -back), i + 2, true
	}
	if day := dayNumber(w); day > 0 { // 4 March, 4th of March 2026
		j := i + 1
		if m.at(j) == "of" {
			j++
		}
		if month, ok := months[m.at(j)]; ok {
			return m.withYear(day, month, j+1)
		}
	}
	if month, ok := months[w]; ok { // March 4, March 4th 2026
		if day := dayNumber(m.at(i + 1)); day > 0 {
			return m.withYear(day, month, i+2)
		}
	}
	return time.Time{}, 0, false
}

// withYear takes the year behind a date, else the one that puts the day inside the timeline, else the last that is past.
func (m *matcher) withYear(day int, month time.Month, i int) (time.Time, int, bool) {
	on := func(year int) (time.Time, bool) {
		t := time.Date(year, month, day, 0, 0, 0, 0, m.v.Zone)
		return t, t.Day() == day && plausible(t)
	}
	if y, err := strconv.Atoi(m.at(i)); err == nil && len(m.at(i)) == 4 {
		t, ok := on(y)
		return t, i + 1, ok
	}
	if !m.v.First.IsZero() {
		for y := m.v.Last.In(m.v.Zone).Year(); y >= m.v.First.In(m.v.Zone).Year() && y > m.v.Last.In(m.v.Zone).Year()-50; y-- {
			if t, ok := on(y); ok && t.AddDate(0, 0, 1).After(m.v.First) && !t.After(m.v.Last) {
				return t, i, true
			}
		}
	}
	for y := m.v.Now.In(m.v.Zone).Year(); y > m.v.Now.In(m.v.Zone).Year()-5; y-- { // five: 29 February
		if t, ok := on(y); ok && !t.After(m.v.Now) {
			return t, i, true
		}
	}
	return time.Time{}, 0, false
}

// weekday is the only such day of the timeline, else the last before now, today included.
func (m *matcher) weekday(day time.Weekday) time.Time {
	if !m.v.First.IsZero() && m.v.Last.Sub(m.v.First) < 7*24*time.Hour {
		last := midnight(m.v.Last, m.v.Zone)
		for t := midnight(m.v.First, m.v.Zone); !t.After(last); t = t.AddDate(0, 0, 1) {
			if t.Weekday() == day {
				return t
			}
		}
	}
	today := midnight(m.v.Now, m.v.Zone)
	return today.AddDate(0, 0, -((int(today.Weekday()) - int(day) + 7) % 7))
}

// clock reads a time of day: 02:00, 02:00:30, 2am, 2:30 pm, noon, midnight, with UTC behind it or not.
func (m *matcher) clock(i int) (at time.Duration, second bool, zone *time.Location, next int, ok bool) {
	w := m.at(i)
	next = i + 1
	switch w {
	case "noon":
		return 12 * time.Hour, false, nil, next, true
	case "midnight":
		return 0, false, nil, next, true
	case "":
		return 0, false, nil, 0, false
	}
	if t, found := strings.CutSuffix(w, "z"); found && strings.Contains(t, ":") {
		w, zone = t, time.UTC
	}
	half := ""
	for _, h := range []string{"am", "pm"} {
		if t, found := strings.CutSuffix(w, h); found {
			w, half = t, h
		} else if half == "" && m.at(i+1) == h {
			half, next = h, i+2
		}
	}
	parts := strings.Split(w, ":")
	if len(parts) > 3 || len(parts) == 1 && half == "" {
		return 0, false, nil, 0, false
	}
	limits := []int{23, 59, 59}
	var n [3]int
	for p, s := range parts {
		v, err := strconv.Atoi(s)
		if err != nil || v < 0 || v > limits[p] || len(s) > 2 || p > 0 && len(s) != 2 {
			return 0, false, nil, 0, false
		}
		n[p] = v
	}
	if half != "" {
		if n[0] < 1 || n[0] > 12 {
			return 0, false, nil, 0, false
		}
		n[0] %= 12
		if half == "pm" {
			n[0] += 12
		}
	}
	if m.at(next) == "utc" {
		zone, next = time.UTC, next+1
	}
	return time.Duration(n[0])*time.Hour + time.Duration(n[1])*time.Minute + time.Duration(n[2])*time.Second, len(parts) == 3, zone, next, true
}
