package query

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"unicode/utf8"
)

// test is what a whole value must pass.
type test interface {
	holds(value string) bool
	text() string // canonical, without the field
}

// term is equality, case-folded unless exact.
type term struct {
	value  string
	folded string
	exact  bool
}

func newTerm(value string, exact bool) *term {
	return &term{value: value, folded: Fold(value), exact: exact}
}

func (t *term) holds(v string) bool {
	if t.exact {
		return v == t.value
	}
	return v == t.value || Fold(v) == t.folded
}

func (t *term) text() string { return mark(t.exact) + quote(t.value) }

// wild is a pattern of literal text, * for any text and ? for one character.
type wild struct {
	parts  []wildPart
	exact  bool
	needle string // longest literal, folded
	inside bool   // *literal*: the needle says it all, unless exact
}

// wildPart is literal text, or one wildcard when kind is '*' or '?'.
type wildPart struct {
	kind    byte
	text    string
	compare string // text as it is compared: folded unless exact
}

func newWild(parts []wildPart, exact bool) *wild {
	w := &wild{exact: exact}
	for _, p := range parts {
		if n := len(w.parts); n > 0 && p.kind == '*' && w.parts[n-1].kind == '*' {
			continue // ** is *
		}
		p.compare = p.text
		if !exact {
			p.compare = Fold(p.text)
		}
		w.parts = append(w.parts, p)
		if f := Fold(p.text); len(f) > len(w.needle) {
			w.needle = f
		}
	}
	w.inside = len(w.parts) == 3 && w.parts[0].kind == '*' && w.parts[1].kind == 0 && w.parts[2].kind == '*'
	return w
}

func (w *wild) holds(v string) bool {
	if !containsFolded(v, w.needle) {
		return false
	}
	if !w.exact {
		if w.inside {
			return true
		}
		v = Fold(v)
	}
	return w.match(v)
}

// match goes back only to the last star, so its cost is bounded by length of value times length of pattern.
func (w *wild) match(v string) bool {
	at, star, resume := 0, -1, 0
	i := 0
	for i < len(v) || at < len(w.parts) {
		if at < len(w.parts) {
			p := w.parts[at]
			if p.kind == '*' {
				star, resume = at, i
				at++
				continue
			}
			if n, ok := p.here(v[i:]); ok {
				i += n
				at++
				continue
			}
		}
		if star < 0 || resume >= len(v) {
			return false
		}
		_, n := utf8.DecodeRuneInString(v[resume:])
		resume += n
		i, at = resume, star+1
	}
	return true
}

// here says whether a literal or ? stands at the start of v, and how long it is.
func (p wildPart) here(v string) (int, bool) {
	if p.kind == '?' {
		if v == "" {
			return 0, false
		}
		_, n := utf8.DecodeRuneInString(v)
		return n, true
	}
	return len(p.compare), strings.HasPrefix(v, p.compare)
}

func (w *wild) text() string {
	var b strings.Builder
	b.WriteString(mark(w.exact))
	for _, p := range w.parts {
		if p.kind != 0 {
			b.WriteByte(p.kind)
			continue
		}
		b.WriteString(escapeSigns(p.text))
	}
	return b.String()
}

// pattern is a regular expression on the whole value; . matches line ends too.
type pattern struct {
	source string
	exact  bool
	needle string
	re     *regexp.Regexp
}

func newPattern(source string, exact bool) (*pattern, error) {
	if len(source) > MaxPattern {
		return nil, fmt.Errorf("the pattern has %d bytes; at most %d are allowed", len(source), MaxPattern)
	}
	source = unslash(source)
	flags := "(?si)"
	if exact {
		flags = "(?s)"
	}
	if _, err := regexp.Compile(source); err != nil { // alone first: "a)(b" must not pass through our brackets
		return nil, fmt.Errorf("the pattern is not a valid regular expression: %s", plainCause(err))
	}
	re, err := regexp.Compile(flags + `\A(?:` + source + `)\z`)
	if err != nil {
		return nil, fmt.Errorf("the pattern is not a valid regular expression: %s", plainCause(err))
	}
	return &pattern{source: source, exact: exact, needle: needleOf(source), re: re}, nil
}

// unslash writes \/ as /, as the parser does, so that a built pattern and its text are the same.
func unslash(source string) string {
	var b strings.Builder
	for i := 0; i < len(source); i++ {
		if source[i] == '\\' && i+1 < len(source) {
			i++
			if source[i] != '/' {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(source[i])
	}
	return b.String()
}

func plainCause(err error) string {
	return strings.TrimPrefix(err.Error(), "error parsing regexp: ")
}

func (p *pattern) holds(v string) bool { return containsFolded(v, p.needle) && p.re.MatchString(v) }

func (p *pattern) text() string {
	var b strings.Builder
	b.WriteString(mark(p.exact))
	b.WriteByte('/')
	for i := 0; i < len(p.source); i++ {
		switch c := p.source[i]; c {
		case '\\':
			b.WriteByte(c)
			if i+1 < len(p.source) {
				i++
				b.WriteByte(p.source[i])
			}
		case '/':
			b.WriteString(`\/`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('/')
	return b.String()
}

// network is an address block; the text itself counts too, for fields that hold blocks.
type network struct {
	prefix netip.Prefix
	folded string
}

func (n *network) holds(v string) bool {
	if a, err := netip.ParseAddr(v); err == nil {
		return n.prefix.Contains(a.Unmap().WithZone(""))
	}
	return Fold(v) == n.folded
}

func (n *network) text() string { return n.prefix.String() }

// asNetwork reads "10.0.0.0/8" or "fe80::/10". Bits below the mask must be zero or are dropped.
func asNetwork(s string) (*network, bool) {
	if !strings.Contains(s, "/") {
		return nil, false
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return nil, false
	}
	p = p.Masked()
	return &network{prefix: p, folded: Fold(p.String())}, true
}

func mark(exact bool) string {
	if exact {
		return "="
	}
	return ""
}
