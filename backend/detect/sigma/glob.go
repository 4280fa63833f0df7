package sigma

import (
	"strings"
	"unicode/utf8"
)

// dashes are what windash lets stand for one another: hyphen, slash, en dash, em dash, horizontal bar.
const dashes = "-/–—―"

// unit is one step of a pattern: literal text, one character of any kind, or one dash of any kind.
type unit struct {
	lit  string
	kind unitKind
}

type unitKind uint8

const (
	unitLiteral unitKind = iota
	unitAny              // "?"
	unitDash             // windash
)

// glob is a pattern as segments between stars: {"a"} with both ends open is contains "a".
type glob struct {
	segments           [][]unit
	openStart, openEnd bool
	plain              string // the literal when there is one segment of one literal
	simple             bool   // plain decides, by the open ends
	needle             string // a literal that must occur; "" when there is none
}

// text is a rule's value with its wildcards told apart from escaped ones.
type text []unit // unitLiteral, unitAny, and unitStar

const unitStar unitKind = 255

// parseText reads wildcards and escapes: "\*", "\?" and "\\" stand for the second character, any other "\" for itself.
func parseText(s string) text {
	var out text
	var lit strings.Builder
	flush := func() {
		if lit.Len() > 0 {
			out = append(out, unit{lit: lit.String()})
			lit.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && strings.IndexByte(`\*?`, s[i+1]) >= 0:
			i++
			lit.WriteByte(s[i])
		case c == '*':
			flush()
			out = append(out, unit{kind: unitStar})
		case c == '?':
			flush()
			out = append(out, unit{kind: unitAny})
		default:
			lit.WriteByte(c)
		}
	}
	flush()
	return out
}

// literal returns the text when it holds no wildcard.
func (t text) literal() (string, bool) {
	switch {
	case len(t) == 0:
		return "", true
	case len(t) == 1 && t[0].kind == unitLiteral:
		return t[0].lit, true
	}
	return "", false
}

// withDashes replaces a dash that begins a word by "any dash", as windash asks: "-" or "/" with no word character
// before it and one behind it.
func (t text) withDashes() text {
	var out text
	for _, u := range t {
		if u.kind != unitLiteral {
			out = append(out, u)
			continue
		}
		start := 0
		for i := 0; i < len(u.lit); i++ {
			if (u.lit[i] == '-' || u.lit[i] == '/') && (i == 0 || !wordByte(u.lit[i-1])) && i+1 < len(u.lit) && wordByte(u.lit[i+1]) {
				if i > start {
					out = append(out, unit{lit: u.lit[start:i]})
				}
				out = append(out, unit{kind: unitDash})
				start = i + 1
			}
		}
		if start < len(u.lit) {
			out = append(out, unit{lit: u.lit[start:]})
		}
	}
	return out
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// compile builds the matcher. The caller folds case before.
func (t text) compile(openStart, openEnd bool) *glob {
	g := &glob{openStart: openStart, openEnd: openEnd}
	var seg []unit
	for i, u := range t {
		if u.kind != unitStar {
			seg = append(seg, u)
			continue
		}
		if len(seg) > 0 {
			g.segments = append(g.segments, seg)
			seg = nil
		}
		if i == 0 {
			g.openStart = true
		}
		if i == len(t)-1 {
			g.openEnd = true
		}
	}
	if len(seg) > 0 {
		g.segments = append(g.segments, seg)
	}
	for _, s := range g.segments {
		for _, u := range s {
			if u.kind == unitLiteral && len(u.lit) > len(g.needle) {
				g.needle = u.lit
			}
		}
	}
	switch {
	case len(g.segments) == 0:
		g.simple = true
	case len(g.segments) == 1 && len(g.segments[0]) == 1 && g.segments[0][0].kind == unitLiteral:
		g.simple, g.plain = true, g.segments[0][0].lit
	}
	return g
}

// match says whether the pattern covers the whole of s.
func (g *glob) match(s string) bool {
	if g.simple {
		switch {
		case g.openStart && g.openEnd:
			return strings.Contains(s, g.plain)
		case g.openStart:
			return strings.HasSuffix(s, g.plain)
		case g.openEnd:
			return strings.HasPrefix(s, g.plain)
		}
		return s == g.plain
	}
	if g.needle != "" && !strings.Contains(s, g.needle) {
		return false
	}
	pos := 0
	for i, seg := range g.segments {
		first, last := i == 0, i == len(g.segments)-1
		anchored := first && !g.openStart
		end := -1
		switch {
		case anchored && last && !g.openEnd:
			return matchAt(seg, s, 0) == len(s)
		case anchored:
			end = matchAt(seg, s, 0)
		case last && !g.openEnd:
			for at := pos; at <= len(s); at++ {
				if matchAt(seg, s, at) == len(s) {
					return true
				}
			}
			return false
		default:
			for at := pos; at <= len(s) && end < 0; at++ {
				end = matchAt(seg, s, at)
			}
		}
		if end < 0 {
			return false
		}
		pos = end
	}
	return true
}

// matchAt matches a segment at a byte offset and returns the offset behind it, or -1.
func matchAt(seg []unit, s string, at int) int {
	for _, u := range seg {
		switch u.kind {
		case unitLiteral:
			if !strings.HasPrefix(s[at:], u.lit) {
				return -1
			}
			at += len(u.lit)
		default:
			if at >= len(s) {
				return -1
			}
			r, n := utf8.DecodeRuneInString(s[at:])
			if u.kind == unitDash && !strings.ContainsRune(dashes, r) {
				return -1
			}
			at += n
		}
	}
	return at
}
