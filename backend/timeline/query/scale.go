package query

import (
	"math/big"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// between is a range on one scale: numbers, times, addresses, or folded text. A value is compared on the first scale on
// which it and both bounds have a meaning; text is the scale of bounds that have no other in common.
type between struct {
	lo, hi         *bound // nil is open
	loOpen, hiOpen bool   // { and }: the bound itself is outside
	scales         []scale
}

type scale byte

const (
	onNumbers scale = iota
	onTimes
	onAddresses
	onText
)

// bound is one end, read on every scale it has a meaning on.
type bound struct {
	raw  string
	num  *number
	time span
	isT  bool
	addr netip.Addr
	fold string
}

func newBound(raw string) *bound {
	b := &bound{raw: raw, fold: Fold(raw)}
	b.num, _ = asNumber(raw)
	b.time, b.isT = asTime(raw)
	if a, err := netip.ParseAddr(raw); err == nil {
		b.addr = a.Unmap().WithZone("")
	}
	return b
}

func newBetween(lo, hi *bound, loOpen, hiOpen bool) *between {
	r := &between{lo: lo, hi: hi, loOpen: loOpen, hiOpen: hiOpen}
	both := func(ok func(*bound) bool) bool { return (lo == nil || ok(lo)) && (hi == nil || ok(hi)) }
	if both(func(b *bound) bool { return b.num != nil }) {
		r.scales = append(r.scales, onNumbers)
	}
	if both(func(b *bound) bool { return b.isT }) {
		r.scales = append(r.scales, onTimes)
	}
	if both(func(b *bound) bool { return b.addr.IsValid() }) {
		r.scales = append(r.scales, onAddresses)
	}
	if len(r.scales) == 0 {
		r.scales = []scale{onText}
	}
	return r
}

func (r *between) holds(v string) bool {
	for _, s := range r.scales {
		switch s {
		case onNumbers:
			if n, ok := asNumber(v); ok {
				return r.inside(func(b *bound) int { return n.compare(b.num) })
			}
		case onTimes:
			if t, ok := asTime(v); ok {
				return within(t.from, r.window())
			}
		case onAddresses:
			if a, err := netip.ParseAddr(v); err == nil {
				a = a.Unmap().WithZone("")
				return r.inside(func(b *bound) int { return a.Compare(b.addr) })
			}
		case onText:
			f := Fold(v)
			return r.inside(func(b *bound) int { return strings.Compare(f, b.fold) })
		}
	}
	return false
}

// inside asks for the order of the value against each bound.
func (r *between) inside(order func(*bound) int) bool {
	if r.lo != nil {
		if c := order(r.lo); c < 0 || c == 0 && r.loOpen {
			return false
		}
	}
	if r.hi != nil {
		if c := order(r.hi); c > 0 || c == 0 && r.hiOpen {
			return false
		}
	}
	return true
}

// window turns time bounds into [From, To). A bound may be a whole day or year: included, it counts to its end; excluded,
// from its end or up to its start.
func (r *between) window() Time {
	var w Time
	if r.lo != nil {
		w.From = r.lo.time.from
		if r.loOpen {
			w.From = r.lo.time.to
		}
	}
	if r.hi != nil {
		w.To = r.hi.time.to
		if r.hiOpen {
			w.To = r.hi.time.from
		}
	}
	return w
}

func within(t time.Time, w Time) bool {
	return (w.From.IsZero() || !t.Before(w.From)) && (w.To.IsZero() || t.Before(w.To))
}

func (r *between) text() string {
	end := func(b *bound) string {
		if b == nil {
			return "*"
		}
		return quote(b.raw)
	}
	open, shut := "[", "]"
	if r.loOpen {
		open = "{"
	}
	if r.hiOpen {
		shut = "}"
	}
	return open + end(r.lo) + " TO " + end(r.hi) + shut
}

// number is an exact decimal number.
type number struct {
	small int64
	isInt bool
	rat   *big.Rat // nil when isInt
}

// asNumber reads a JSON-like decimal number. Long digits and large exponents are not numbers: they would cost memory.
func asNumber(s string) (*number, bool) {
	if s == "" || len(s) > MaxNumberText {
		return nil, false
	}
	c := s[0]
	if (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' {
		return nil, false
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return &number{small: n, isInt: true}, true
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == '.', c == '-', c == '+':
		case c == 'e' || c == 'E':
			if x, err := strconv.Atoi(s[i+1:]); err != nil || x < -400 || x > 400 {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil, false
	}
	return &number{rat: r}, true
}

func (n *number) compare(m *number) int {
	if n.isInt && m.isInt {
		switch {
		case n.small < m.small:
			return -1
		case n.small > m.small:
			return 1
		}
		return 0
	}
	return n.asRat().Cmp(m.asRat())
}

func (n *number) asRat() *big.Rat {
	if n.isInt {
		return new(big.Rat).SetInt64(n.small)
	}
	return n.rat
}

// span is what a time text covers: 2020-09 is the whole month. [from, to).
type span struct{ from, to time.Time }

// timeForms are the accepted forms and how long each unit is; without a zone UTC is meant.
var timeForms = []struct {
	layout string
	next   func(time.Time) time.Time
}{
	{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
	{"2006-01", func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
	{"2006-01-02", func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
	{"2006-01-02T15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{"2006-01-02T15:04Z07:00", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{"2006-01-02T15:04:05", func(t time.Time) time.Time { return t.Add(time.Second) }},
	{"2006-01-02T15:04:05Z07:00", func(t time.Time) time.Time { return t.Add(time.Second) }},
}

// Tick is the resolution of times (event.Time: 100 ns).
const Tick = 100 * time.Nanosecond

// asTime reads the accepted forms; a space may stand for the T. A written fraction means one tick.
func asTime(s string) (span, bool) {
	if len(s) < 4 || len(s) > 40 || s[0] < '0' || s[0] > '9' {
		return span{}, false
	}
	if len(s) > 10 && s[10] == ' ' {
		s = s[:10] + "T" + s[11:]
	}
	for _, f := range timeForms {
		t, err := time.Parse(f.layout, s)
		if err != nil {
			continue
		}
		t = t.UTC()
		if strings.ContainsAny(s, ".,") {
			t = t.Truncate(Tick)
			return span{t, t.Add(Tick)}, true
		}
		return span{t, f.next(t)}, true
	}
	return span{}, false
}
