package stamp

import (
	"fmt"
	"strings"

	"adjutant/backend/event"
)

// maxPattern bounds a pattern: no way to write a time needs more.
const maxPattern = 64

// pattern is a compiled pattern: letters that stand for parts of a time, and what stands between them.
type pattern []token

// token is a part ("yyyy") or literal text.
type token struct{ part, literal string }

// parts of a pattern. Longer ones first, because they are tried in this order.
var patternParts = []string{"yyyy", "yy", "MMMM", "MMM", "MM", "M", "EEEE", "EEE", "dddd", "ddd", "dd", "d", "HH", "H", "hh", "h", "mm", "m", "ss", "s", "tt", "a", "zzz", "XXX", "Z"}

var syslogPattern = mustPattern("MMM d HH:mm:ss")

func mustPattern(text string) pattern {
	p, err := compilePattern(text)
	if err != nil {
		panic("stamp: " + err.Error()) // a broken build, which the package's tests find
	}
	return p
}

// compilePattern follows a pattern. Text between ' is literal; f, F or S, however many, stand for the fraction.
func compilePattern(text string) (pattern, error) {
	if text == "" || len(text) > maxPattern {
		return nil, fmt.Errorf("%w: a pattern has 1 to %d characters", ErrForm, maxPattern)
	}
	var out pattern
	have := map[byte]bool{}
next:
	for rest := text; rest != ""; {
		if c := rest[0]; c == 'f' || c == 'F' || c == 'S' {
			rest = strings.TrimLeft(rest, string(c))
			out = append(out, token{part: "f"})
			continue
		}
		for _, p := range patternParts {
			if strings.HasPrefix(rest, p) {
				kind := p[0]
				if kind == 'h' {
					kind = 'H'
				}
				if have[kind] && (kind == 'y' || kind == 'M' || kind == 'H' || kind == 'm' || kind == 's') {
					return nil, fmt.Errorf("%w: %q says the same part twice", ErrForm, text)
				}
				have[kind] = have[kind] || p != "ddd" && p != "dddd"
				out, rest = append(out, token{part: p}), rest[len(p):]
				continue next
			}
		}
		if rest[0] == '\'' {
			end := strings.IndexByte(rest[1:], '\'')
			if end < 0 {
				return nil, fmt.Errorf("%w: a quote in %q is not closed", ErrForm, text)
			}
			out, rest = append(out, token{literal: rest[1 : 1+end]}), rest[end+2:]
			continue
		}
		if c := rest[0] | 0x20; c >= 'a' && c <= 'z' && rest[0] != 'T' {
			return nil, fmt.Errorf("%w: %q in %q stands for nothing; put words between '", ErrForm, rest[:1], text)
		}
		out, rest = append(out, token{literal: rest[:1]}), rest[1:]
	}
	if !have['M'] || !have['d'] {
		return nil, fmt.Errorf("%w: %q has no month (MM) or no day (dd)", ErrForm, text)
	}
	return out, nil
}

func (p pattern) has(part string) bool {
	for _, t := range p {
		if t.part != "" && strings.HasPrefix(t.part, part) {
			return true
		}
	}
	return false
}

var monthNames = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// read takes a text apart. The year stays 0 when the pattern has none.
func (p pattern) read(s string) (parts, bool) {
	c := scanner{s: s, ok: true}
	out := parts{}
	pm, twelve := byte(0), false
	for i, t := range p {
		switch t.part {
		case "":
			var cut bool
			if c.s, cut = strings.CutPrefix(c.s, t.literal); !cut {
				return out, false
			}
		case "yyyy":
			out.year = c.number(4, 4)
		case "yy":
			if out.year = 2000 + c.number(2, 2); out.year >= 2070 {
				out.year -= 100
			}
		case "MMMM", "MMM":
			out.month = c.month()
		case "MM":
			out.month = c.number(2, 2)
		case "M":
			out.month = c.number(1, 2)
		case "dd":
			out.day = c.number(2, 2)
		case "d":
			out.day = c.number(1, 2)
		case "EEEE", "EEE", "dddd", "ddd":
			c.letters()
		case "HH":
			out.hour = c.number(2, 2)
		case "H":
			out.hour = c.number(1, 2)
		case "hh", "h":
			out.hour, twelve = c.number(1, 2), true
		case "mm":
			out.min = c.number(2, 2)
		case "m":
			out.min = c.number(1, 2)
		case "ss":
			out.sec = c.number(2, 2)
		case "s":
			out.sec = c.number(1, 2)
		case "f":
			out.nsec = c.fraction()
		case "tt", "a":
			if w := strings.ToLower(c.letters()); w == "am" || w == "pm" {
				pm = w[0]
			} else {
				return out, false
			}
		default: // a zone, which runs to the next blank
			zone, rest, _ := strings.Cut(c.s, " ")
			if i == len(p)-1 {
				zone, rest = c.s, ""
			} else if rest != "" {
				rest = " " + rest
			}
			z := scanner{s: zone, ok: true}
			z.zone(&out)
			if !z.ok || !out.zoned {
				return out, false
			}
			c.s = rest
		}
		if !c.ok {
			return out, false
		}
	}
	if twelve {
		if out.hour < 1 || out.hour > 12 {
			return out, false
		}
		out.hour %= 12
		if pm == 'p' {
			out.hour += 12
		}
	}
	check := out
	if !p.has("y") {
		check.year = 2024 // a leap year has every day
	}
	return out, c.s == "" && check.valid()
}

// letters takes a word.
func (c *scanner) letters() string {
	n := 0
	for n < len(c.s) && (c.s[n]|0x20 >= 'a' && c.s[n]|0x20 <= 'z') {
		n++
	}
	w := c.s[:n]
	c.s = c.s[n:]
	if n == 0 {
		c.ok = false
	}
	return w
}

// month takes the English name of a month, whole or its first three letters.
func (c *scanner) month() int {
	w := strings.ToLower(strings.TrimSuffix(c.letters(), "."))
	for i, m := range monthNames {
		if w == m || len(w) == 3 && w == m[:3] {
			return i + 1
		}
	}
	c.ok = false
	return 0
}

func (p parts) wall() Wall { return Wall{p.year, p.month, p.day, p.hour, p.min, p.sec, p.nsec} }

// patternForm makes a form of a pattern. Without an hour it is a day and says so; without a year somebody else gives it.
func patternForm(text string) (Form, error) {
	p, err := compilePattern(text)
	if err != nil {
		return Form{}, err
	}
	f := Form{Name: PatternPrefix + text, Title: "pattern " + text}
	if !p.has("y") {
		f.wall = func(s string) (Wall, bool) {
			got, ok := p.read(s)
			return got.wall(), ok
		}
		return f, nil
	}
	dayOnly := !p.has("H") && !p.has("h")
	f.read = func(r *Reader, s, original string) (event.Time, error) {
		got, ok := p.read(s)
		if !ok {
			return event.Time{}, ErrNotTime
		}
		t, err := r.fields(got, original)
		if err == nil && dayOnly {
			r.doubts.note("only the day is known")
		}
		return t, err
	}
	return f, nil
}
