package stamp

import (
	"math/big"
	"strconv"
	"strings"
	"time"
)

// scanner takes numbers and marks from the front of a text.
type scanner struct {
	s  string
	ok bool
}

// number takes between min and max digits.
func (c *scanner) number(min, max int) int {
	n, i := 0, 0
	for i < len(c.s) && i < max && c.s[i] >= '0' && c.s[i] <= '9' {
		n = n*10 + int(c.s[i]-'0')
		i++
	}
	if i < min {
		c.ok = false
		return 0
	}
	c.s = c.s[i:]
	return n
}

// mark takes one of the given characters and returns it.
func (c *scanner) mark(set string) byte {
	if c.s == "" || strings.IndexByte(set, c.s[0]) < 0 {
		c.ok = false
		return 0
	}
	b := c.s[0]
	c.s = c.s[1:]
	return b
}

func (c *scanner) has(set string) bool { return c.s != "" && strings.IndexByte(set, c.s[0]) >= 0 }

// clock takes hh:mm[:ss[.fraction]] [AM|PM] [zone] to the end of the text.
func (c *scanner) clock(p *parts) {
	p.hour = c.number(1, 2)
	c.mark(":")
	p.min = c.number(2, 2)
	if c.has(":") {
		c.mark(":")
		p.sec = c.number(2, 2)
		if c.has(".,") {
			c.mark(".,")
			p.nsec = c.fraction()
		}
	}
	c.s = strings.TrimLeft(c.s, " ")
	if len(c.s) >= 2 && (c.s[1]|0x20) == 'm' && (c.s[0]|0x20 == 'a' || c.s[0]|0x20 == 'p') {
		pm := c.s[0]|0x20 == 'p'
		if p.hour < 1 || p.hour > 12 {
			c.ok = false
		}
		p.hour %= 12
		if pm {
			p.hour += 12
		}
		c.s = strings.TrimLeft(c.s[2:], " ")
	}
	c.zone(p)
}

// fraction takes digits behind the point; those beyond nanoseconds are dropped.
func (c *scanner) fraction() int {
	n, digits := 0, 0
	for c.s != "" && c.s[0] >= '0' && c.s[0] <= '9' {
		if digits < 9 {
			n = n*10 + int(c.s[0]-'0')
		}
		digits++
		c.s = c.s[1:]
	}
	if digits == 0 {
		c.ok = false
	}
	for ; digits < 9; digits++ {
		n *= 10
	}
	return n
}

// zone takes nothing, Z, UTC, GMT, or an offset, and wants the text to end there.
func (c *scanner) zone(p *parts) {
	switch strings.ToUpper(c.s) {
	case "":
		return
	case "Z", "UTC", "GMT", "+00:00 UTC", "(UTC)":
		p.zoned = true
		return
	}
	sign := c.mark("+-")
	hours := c.number(2, 2)
	minutes, seconds := 0, 0
	if c.s != "" {
		if c.has(":") {
			c.mark(":")
		}
		minutes = c.number(2, 2)
		if c.has(":") {
			c.mark(":")
			seconds = c.number(2, 2)
		}
	}
	if c.s != "" || minutes > 59 || seconds > 59 {
		c.ok = false
	}
	p.zoned = true
	p.offset = hours*3600 + minutes*60 + seconds
	if sign == '-' {
		p.offset = -p.offset
	}
}

// iso reads year-month-day (or with /, or .), then T, a space or _, then the clock.
func iso(s string) (parts, bool) {
	c := scanner{s: s, ok: true}
	var p parts
	p.year = c.number(4, 4)
	sep := c.mark("-/.")
	p.month = c.number(1, 2)
	if c.mark("-/.") != sep {
		return p, false
	}
	p.day = c.number(1, 2)
	c.mark("Tt _")
	c.s = strings.TrimLeft(c.s, " ")
	c.clock(&p)
	return p, c.ok && p.valid()
}

// compact reads yyyyMMdd, T or -, hhmmss, with nothing between.
func compact(s string) (parts, bool) {
	if len(s) < 15 || s[8] != 'T' && s[8] != '-' {
		return parts{}, false
	}
	c := scanner{s: s, ok: true}
	p := parts{year: c.number(4, 4), month: c.number(2, 2), day: c.number(2, 2)}
	c.mark("T-")
	p.hour, p.min, p.sec = c.number(2, 2), c.number(2, 2), c.number(2, 2)
	if c.has(".,") {
		c.mark(".,")
		p.nsec = c.fraction()
	}
	c.zone(&p)
	return p, c.ok && p.valid()
}

// ordered reads dates that begin with day or month. The order is known where one of them is above 12, and where points
// separate them, which only countries that put the day first do. parts come day first.
func ordered(s string) (parts, Order, bool) {
	c := scanner{s: s, ok: true}
	var p parts
	p.day = c.number(1, 2)
	sep := c.mark("/.-")
	p.month = c.number(1, 2)
	if c.mark("/.-") != sep {
		return p, Unknown, false
	}
	digits := len(c.s)
	p.year = c.number(2, 4)
	switch digits - len(c.s) {
	case 2:
		if p.year += 2000; p.year >= 2070 {
			p.year -= 100
		}
	case 3:
		return p, Unknown, false
	}
	if c.has(",") {
		c.mark(",")
	}
	c.mark("T ")
	c.s = strings.TrimLeft(c.s, " ")
	c.clock(&p)
	if !c.ok {
		return p, Unknown, false
	}
	swapped := p
	swapped.day, swapped.month = p.month, p.day
	switch {
	case sep == '.':
		return p, DayFirst, p.valid()
	case p.valid() && !swapped.valid():
		return p, DayFirst, true
	case !p.valid() && swapped.valid():
		return p, MonthFirst, true
	case p.day == p.month && p.valid():
		return p, DayFirst, true // the same either way
	}
	return p, Unknown, p.valid()
}

// OrderOf says which order a text proves, Unknown when it proves none or is not such a date.
func OrderOf(s string) Order {
	p, order, ok := ordered(strings.TrimSpace(s))
	if !ok || p.day == p.month || strings.IndexByte(s, '.') >= 0 && strings.IndexByte(s, '.') < 3 {
		return Unknown
	}
	return order
}

// IsOrdered says that a text is a date of day and month in some order.
func IsOrdered(s string) bool {
	_, _, ok := ordered(strings.TrimSpace(s))
	return ok
}

// epoch reads numbers as time since 1970 UTC by their size: seconds (with or without a fraction), milliseconds,
// microseconds, nanoseconds; 18 digits from 1.16e17 on are Windows FILETIME. Smaller numbers are no times: ids and
// counters would pass for them. PowerShell's "/Date(ms)/" is read too.
func epoch(s string) (time.Time, bool) {
	if ms, ok := strings.CutPrefix(s, "/Date("); ok {
		ms, ok = strings.CutSuffix(ms, ")/")
		n, err := strconv.ParseInt(ms, 10, 64)
		if !ok || err != nil || n < 0 || n > 1e14 {
			return time.Time{}, false
		}
		return time.UnixMilli(n).UTC(), true
	}
	whole, fraction, point := strings.Cut(s, ".")
	if len(whole) < 9 || len(whole) > 19 || len(fraction) > 12 || point && fraction == "" {
		return time.Time{}, false
	}
	for _, part := range []string{whole, fraction} {
		for i := 0; i < len(part); i++ {
			if part[i] < '0' || part[i] > '9' {
				return time.Time{}, false
			}
		}
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	const fileTimeEpoch, fileTimeMax = 116444736000000000, 200000000000000000
	unit := int64(1e9) // nanoseconds in one
	switch {
	case n < 1e8:
		return time.Time{}, false
	case n < 1e11:
	case n < 1e14:
		unit = 1e6
	case n < 1e17:
		unit = 1e3
	case n >= fileTimeEpoch && n < fileTimeMax && !point:
		d := n - fileTimeEpoch
		return time.Unix(d/1e7, d%1e7*100).UTC(), true
	case n < 1e18 || point:
		return time.Time{}, false
	default:
		unit = 1
	}
	perSecond := int64(1e9) / unit
	nsec := n % perSecond * unit
	if point {
		nsec += fractionOf(fraction, unit)
	}
	return time.Unix(n/perSecond, nsec).UTC(), true
}

// fractionOf gives the nanoseconds of 0.digits units.
func fractionOf(digits string, unit int64) int64 {
	f, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		return 0
	}
	f.Mul(f, big.NewInt(unit))
	f.Quo(f, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(digits))), nil))
	return f.Int64()
}
