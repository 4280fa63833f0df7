package yearless

import (
	"strconv"
	"strings"
	"time"
)

// Civil is a time as a clock on the wall shows it. Year 0 means that the line does not state one; Month 0 that there is none.
type Civil struct{ Year, Month, Day, Hour, Min, Sec, Nsec int }

func (c Civil) dayOfYear() int {
	return time.Date(2024, time.Month(c.Month), c.Day, 0, 0, 0, 0, time.UTC).YearDay() // a leap year has every day
}

// fits says that the date exists in the year and does not lie after limit.
func (c Civil) fits(year int, limit time.Time) bool {
	t := time.Date(year, time.Month(c.Month), c.Day, c.Hour, c.Min, c.Sec, c.Nsec, time.UTC)
	return int(t.Month()) == c.Month && !t.After(limit)
}

const months = "JanFebMarAprMayJunJulAugSepOctNovDec"

// Month is the number of a month by its English abbreviation of three letters, 0 when it is none.
func Month(abbreviation string) int {
	i := strings.Index(months, abbreviation)
	if len(abbreviation) != 3 || i < 0 || i%3 != 0 {
		return 0
	}
	return i/3 + 1
}

// Clock takes "hh:mm:ss" with an optional fraction of up to nine digits and reports whether s is that.
func (c *Civil) Clock(s string) bool {
	if len(s) < 8 || s[2] != ':' || s[5] != ':' {
		return false
	}
	var parts [3]int
	for i := range parts {
		tens, ones := s[3*i]-'0', s[3*i+1]-'0'
		if tens > 9 || ones > 9 {
			return false
		}
		parts[i] = int(tens)*10 + int(ones)
	}
	c.Hour, c.Min, c.Sec = parts[0], parts[1], parts[2]
	if c.Hour > 23 || c.Min > 59 || c.Sec > 60 {
		return false
	}
	if len(s) > 8 {
		digits := s[9:]
		if s[8] != '.' || len(digits) == 0 || len(digits) > 9 {
			return false
		}
		n, err := strconv.ParseUint((digits + "000000000")[:9], 10, 32)
		if err != nil {
			return false
		}
		c.Nsec = int(n)
	}
	return true
}
