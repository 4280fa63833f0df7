package sigma

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Match evaluates a rule. fields gives the values of a field by the rule's name, nil when the event lacks it; the name
// "" asks for every value of the event, for keyword searches. On a match it returns what matched, in the rule's order.
func Match(r *Rule, fields func(name string) []string) (matched []FieldValue, ok bool) {
	var rec Record
	rec.Reset(fields)
	return rec.Match(r)
}

// Record is one event while rules look at it: each field is asked for and folded once. The zero value is ready after
// Reset; a Record is not safe for concurrent use.
type Record struct {
	fields  func(string) []string
	index   map[string]int
	entries []entry
	matched []FieldValue
}

type entry struct {
	raw, low []string
	folded   bool
}

// Reset turns the record to the next event.
func (r *Record) Reset(fields func(name string) []string) {
	r.fields = fields
	if r.index == nil {
		r.index = make(map[string]int, 32)
	}
	clear(r.index)
	r.entries = r.entries[:0]
}

// Match evaluates one rule against the record's event.
func (r *Record) Match(rule *Rule) ([]FieldValue, bool) {
	r.matched = r.matched[:0]
	if !r.eval(rule.Expr) {
		return nil, false
	}
	out := make([]FieldValue, 0, len(r.matched))
	for _, m := range r.matched {
		dup := false
		for _, o := range out {
			dup = dup || o == m
		}
		if !dup {
			out = append(out, m)
		}
	}
	return out, true
}

// eval leaves r.matched as it was when the expression does not hold.
func (r *Record) eval(e Expr) bool {
	mark := len(r.matched)
	switch e := e.(type) {
	case Named:
		return r.eval(e.X)
	case *Item:
		return r.item(e)
	case And:
		for _, x := range e {
			if !r.eval(x) {
				r.matched = r.matched[:mark]
				return false
			}
		}
		return true
	case Or:
		for _, x := range e {
			if r.eval(x) {
				return true
			}
		}
		return false
	case AtLeast:
		n := 0
		for _, x := range e.Parts {
			if r.eval(x) {
				n++
			}
		}
		if n < e.N {
			r.matched = r.matched[:mark]
		}
		return n >= e.N
	case Not:
		hit := r.eval(e.X)
		r.matched = r.matched[:mark]
		return !hit
	}
	return false
}

func (r *Record) item(it *Item) bool {
	mark := len(r.matched)
	i := r.lookup(it.Field)
	for t := range it.Tests {
		hit := r.test(it.Field, i, &it.Tests[t])
		if hit && !it.All {
			return true
		}
		if !hit && it.All {
			r.matched = r.matched[:mark]
			return false
		}
	}
	return it.All
}

func (r *Record) lookup(field string) int {
	if i, ok := r.index[field]; ok {
		return i
	}
	n := len(r.entries)
	if n < cap(r.entries) {
		r.entries = r.entries[:n+1]
		r.entries[n] = entry{raw: r.fields(field), low: r.entries[n].low[:0]}
	} else {
		r.entries = append(r.entries, entry{raw: r.fields(field)})
	}
	r.index[field] = n
	return n
}

func (r *Record) low(i int) []string {
	e := &r.entries[i]
	if !e.folded {
		e.low, e.folded = e.low[:0], true
		for _, v := range e.raw {
			e.low = append(e.low, strings.ToLower(v))
		}
	}
	return e.low
}

func (r *Record) test(field string, i int, t *Test) bool {
	mark := len(r.matched)
	hit := r.plain(field, i, t)
	if t.Not {
		r.matched = r.matched[:mark]
		return !hit
	}
	return hit
}

func (r *Record) plain(field string, i int, t *Test) bool {
	raw := r.entries[i].raw
	switch t.Op {
	case OpNull:
		if empty(raw) {
			r.matched = append(r.matched, FieldValue{Field: field})
			return true
		}
		return false
	case OpExists:
		if empty(raw) == t.exists {
			return false
		}
		v := ""
		if len(raw) > 0 {
			v = raw[0]
		}
		r.note(field, v)
		return true
	case OpText:
		values := raw
		if !t.Cased {
			values = r.low(i)
		}
		for k, v := range values {
			if t.glob.match(v) {
				r.note(field, raw[k])
				return true
			}
		}
		return false
	case OpFieldRef:
		return r.fieldRef(field, i, t)
	}
	for _, v := range raw {
		if t.value(v) {
			r.note(field, v)
			return true
		}
	}
	return false
}

// value tests one raw value for the operations that need no folding.
func (t *Test) value(v string) bool {
	switch t.Op {
	case OpRegexp:
		return t.re.MatchString(v)
	case OpCIDR:
		a, err := netip.ParseAddr(v)
		return err == nil && t.prefix.Contains(a.Unmap())
	case OpNumber:
		if v == t.Text {
			return true
		}
		f, err := numberOf(v)
		return err == nil && f == t.number
	case OpCompare:
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		if err != nil {
			return false
		}
		switch t.compare {
		case "lt":
			return f < t.number
		case "lte":
			return f <= t.number
		case "gt":
			return f > t.number
		}
		return f >= t.number
	}
	return false
}

func (r *Record) fieldRef(field string, i int, t *Test) bool {
	j := r.lookup(t.Text)
	for k, a := range r.entries[i].raw {
		for _, b := range r.entries[j].raw {
			x, y := a, b
			if !t.Cased {
				x, y = strings.ToLower(a), strings.ToLower(b)
			}
			hit := false
			switch t.place {
			case anywhere:
				hit = strings.Contains(x, y)
			case atStart:
				hit = strings.HasPrefix(x, y)
			case atEnd:
				hit = strings.HasSuffix(x, y)
			default:
				hit = x == y
			}
			if hit && b != "" {
				r.note(field, r.entries[i].raw[k])
				return true
			}
		}
	}
	return false
}

func (r *Record) note(field, v string) {
	if len(v) > MaxMatchedBytes {
		cut := MaxMatchedBytes
		for cut > 0 && !utf8.RuneStart(v[cut]) {
			cut--
		}
		v = v[:cut] + "…"
	}
	r.matched = append(r.matched, FieldValue{field, v})
}

func empty(values []string) bool {
	for _, v := range values {
		if v != "" {
			return false
		}
	}
	return true
}
