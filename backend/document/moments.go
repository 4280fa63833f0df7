package document

import (
	"strconv"
	"time"
)

// moment is a time as a sentence says it, possibly without date, year or seconds. Papers say UTC throughout.
type moment struct {
	year, month, day     int // 0 when not said
	hour, minute, second int // -1 when not said
}

var months = map[string]int{
	"Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}

// parseMoment reads the forms that reISO, reMoment and reClock find.
func parseMoment(s string) (moment, bool) {
	m := moment{hour: -1, minute: -1, second: -1}
	num := func(s string, none int) int {
		if n, err := strconv.Atoi(s); err == nil {
			return n
		}
		return none
	}
	if p := reISO.FindStringSubmatch(s); p != nil {
		m.year, m.month, m.day = num(p[1], 0), num(p[2], 0), num(p[3], 0)
		m.hour, m.minute, m.second = num(p[4], -1), num(p[5], -1), num(p[6], -1)
		return m, true
	}
	if p := reMoment.FindStringSubmatch(s); p != nil {
		m.day, m.month, m.year = num(p[1], 0), months[p[2][:3]], num(p[3], 0)
		m.hour, m.minute, m.second = num(p[4], -1), num(p[5], -1), num(p[6], -1)
		return m, true
	}
	if p := reClock.FindStringSubmatch(s); p != nil {
		m.hour, m.minute, m.second = num(p[1], -1), num(p[2], -1), num(p[3], -1)
		return m, true
	}
	return m, false
}

// matches reports whether one of the times is the said one, as far as it says.
func (m moment) matches(times []time.Time) bool {
	for _, t := range times {
		t = t.UTC()
		if (m.year == 0 || m.year == t.Year()) && (m.month == 0 || m.month == int(t.Month())) && (m.day == 0 || m.day == t.Day()) &&
			(m.hour < 0 || m.hour == t.Hour()) && (m.minute < 0 || m.minute == t.Minute()) && (m.second < 0 || m.second == t.Second()) {
			return true
		}
	}
	return false
}
