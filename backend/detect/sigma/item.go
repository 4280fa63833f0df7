package sigma

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"gopkg.in/yaml.v3"
)

// Op is how one value is tested.
type Op uint8

// The operations. Text values with wildcards and contains, startswith, endswith are all OpText.
const (
	OpText Op = iota
	OpNumber
	OpNull
	OpExists
	OpRegexp
	OpCIDR
	OpCompare
	OpFieldRef
)

// Test is one value of an item.
type Test struct {
	Op    Op
	Text  string // the value as written, for OpFieldRef the other field
	Cased bool
	Not   bool // neq

	glob    *glob
	re      *regexp.Regexp
	prefix  netip.Prefix
	number  float64
	compare string // lt, lte, gt, gte
	exists  bool
	place   placement
}

type placement uint8

const (
	whole placement = iota
	anywhere
	atStart
	atEnd
)

var (
	errModifier = errors.New("modifier")
	errValue    = errors.New("value")
)

// modifiers is the chain behind a field, sorted out.
type modifiers struct {
	place     placement
	all       bool
	cased     bool
	not       bool
	windash   bool
	exists    bool
	fieldref  bool
	regexp    bool
	flags     string
	cidr      bool
	compare   string
	encodings []string // utf16le, base64 … in order
}

// parseKey splits "CommandLine|contains|all" and checks that the modifiers go together.
func parseKey(key string) (field string, words []string, m modifiers, err error) {
	parts := strings.Split(key, "|")
	field, words = parts[0], parts[1:]
	for i, w := range words {
		if err := m.add(w); err != nil {
			return field, words, m, fmt.Errorf("field %q: %w", key, err)
		}
		if m.flags != "" && !m.regexp {
			return field, words, m, fmt.Errorf("field %q: %w %q stands before re", key, errModifier, words[i])
		}
	}
	exclusive := 0
	for _, b := range []bool{m.regexp, m.cidr, m.compare != "", m.exists} {
		if b {
			exclusive++
		}
	}
	if exclusive > 1 || exclusive == 1 && (m.place != whole || len(m.encodings) > 0 || m.windash || m.fieldref) {
		return field, words, m, fmt.Errorf("field %q: these modifiers do not go together: %w", key, errModifier)
	}
	return field, words, m, nil
}

func (m *modifiers) add(w string) error {
	place := func(p placement) error {
		if m.place != whole {
			return fmt.Errorf("%w %q beside another of its kind", errModifier, w)
		}
		m.place = p
		return nil
	}
	switch strings.ToLower(w) {
	case "contains":
		return place(anywhere)
	case "startswith":
		return place(atStart)
	case "endswith":
		return place(atEnd)
	case "all":
		m.all = true
	case "cased":
		m.cased = true
	case "neq":
		m.not = true
	case "windash":
		m.windash = true
	case "exists":
		m.exists = true
	case "fieldref":
		m.fieldref = true
	case "re":
		m.regexp = true
	case "i", "m", "s":
		m.flags += strings.ToLower(w)
	case "ignorecase":
		m.flags += "i"
	case "multiline":
		m.flags += "m"
	case "dotall":
		m.flags += "s"
	case "cidr":
		m.cidr = true
	case "lt", "lte", "gt", "gte":
		m.compare = strings.ToLower(w)
	case "base64", "base64offset", "utf16le", "utf16be", "utf16", "wide":
		m.encodings = append(m.encodings, strings.ToLower(w))
	case "expand":
		return fmt.Errorf("%w \"expand\" needs placeholders that this engine does not have", errModifier)
	case "minute", "hour", "day", "week", "month", "year":
		return fmt.Errorf("%w %q (part of a timestamp) is not run", errModifier, w)
	default:
		return fmt.Errorf("unknown %w %q", errModifier, w)
	}
	return nil
}

// tests builds the tests of one scalar; encodings with an offset give several.
func (m *modifiers) tests(n *yaml.Node, keyword bool) ([]Test, error) {
	if len(n.Value) > MaxValueBytes {
		return nil, fmt.Errorf("%w is longer than %d bytes", errValue, MaxValueBytes)
	}
	t := Test{Text: n.Value, Cased: m.cased, Not: m.not, place: m.place}
	switch {
	case m.exists:
		b, err := strconv.ParseBool(strings.ToLower(n.Value))
		if err != nil {
			return nil, fmt.Errorf("%w of exists is %q, not true or false", errValue, n.Value)
		}
		t.Op, t.exists = OpExists, b
		return []Test{t}, nil
	case m.fieldref:
		t.Op = OpFieldRef
		return []Test{t}, nil
	case m.compare != "":
		f, err := strconv.ParseFloat(n.Value, 64)
		if err != nil {
			return nil, fmt.Errorf("%w of %s is %.40q, not a number", errValue, m.compare, n.Value)
		}
		t.Op, t.number, t.compare = OpCompare, f, m.compare
		return []Test{t}, nil
	case m.cidr:
		p, err := netip.ParsePrefix(n.Value)
		if err != nil {
			return nil, fmt.Errorf("%w of cidr: %w", errValue, err)
		}
		t.Op, t.prefix = OpCIDR, p.Masked()
		return []Test{t}, nil
	case m.regexp:
		src := n.Value
		if m.flags != "" {
			src = "(?" + m.flags + ")" + src
		}
		re, err := regexp.Compile(src)
		if err != nil {
			return nil, fmt.Errorf("%w of re: %w", errValue, err)
		}
		t.Op, t.re = OpRegexp, re
		return []Test{t}, nil
	case n.Tag == "!!null" || n.Value == "" && m.place == whole && len(m.encodings) == 0:
		t.Op = OpNull
		return []Test{t}, nil
	case (n.Tag == "!!int" || n.Tag == "!!float") && m.place == whole && !keyword && len(m.encodings) == 0:
		if f, err := numberOf(n.Value); err == nil {
			t.Op, t.number = OpNumber, f
			return []Test{t}, nil
		}
	}
	return m.textTests(t, keyword)
}

// numberOf reads decimal and 0x numbers.
func numberOf(s string) (float64, error) {
	if hex, ok := strings.CutPrefix(strings.ToLower(s), "0x"); ok {
		i, err := strconv.ParseUint(hex, 16, 64)
		return float64(i), err
	}
	return strconv.ParseFloat(s, 64)
}

func (m *modifiers) textTests(t Test, keyword bool) ([]Test, error) {
	txt := parseText(t.Text)
	variants := []text{txt}
	if len(m.encodings) > 0 {
		lit, ok := txt.literal()
		if !ok {
			return nil, fmt.Errorf("%w with a wildcard cannot be encoded", errValue)
		}
		variants = nil
		for _, v := range encode(lit, m.encodings) {
			variants = append(variants, text{{lit: v}})
		}
	}
	open := m.place
	if keyword && open == whole {
		open = anywhere
	}
	out := make([]Test, 0, len(variants))
	for _, v := range variants {
		if m.windash {
			v = v.withDashes()
		}
		if !t.Cased {
			v = v.fold()
		}
		one := t
		one.glob = v.compile(open == anywhere || open == atEnd, open == anywhere || open == atStart)
		out = append(out, one)
	}
	return out, nil
}

func (t text) fold() text {
	out := make(text, len(t))
	for i, u := range t {
		u.lit = strings.ToLower(u.lit)
		out[i] = u
	}
	return out
}

// encode applies the encodings in order. base64offset gives the three texts that can stand for the value inside a
// longer base64 text, without the characters that depend on its neighbours.
func encode(s string, encodings []string) []string {
	values := []string{s}
	for _, e := range encodings {
		var next []string
		for _, v := range values {
			switch e {
			case "utf16le", "wide":
				next = append(next, wide(v, false))
			case "utf16be":
				next = append(next, wide(v, true))
			case "utf16":
				next = append(next, "\xff\xfe"+wide(v, false))
			case "base64":
				next = append(next, base64.StdEncoding.EncodeToString([]byte(v)))
			case "base64offset":
				next = append(next, offsets(v)...)
			}
		}
		values = next
	}
	return values
}

func wide(s string, big bool) string {
	u := utf16.Encode([]rune(s))
	b := make([]byte, 0, 2*len(u))
	for _, c := range u {
		if big {
			b = append(b, byte(c>>8), byte(c))
		} else {
			b = append(b, byte(c), byte(c>>8))
		}
	}
	return string(b)
}

func offsets(s string) []string {
	skip := [3]int{0, 2, 3} // characters that hold bits of what stands before
	var out []string
	for i := 0; i < 3; i++ {
		enc := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat(" ", i) + s))
		end := len(enc)
		if (len(s)+i)%3 != 0 {
			end-- // holds bits of what stands behind
		}
		if skip[i] < end {
			out = append(out, enc[skip[i]:end])
		}
	}
	return out
}
