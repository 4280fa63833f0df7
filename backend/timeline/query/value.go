package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// value reads one test on a field: quoted, pattern, range, comparison, network, wildcard, or plain.
func (p *parser) value(field string) (Expr, error) {
	start := p.at
	if p.field == "" {
		if r, _ := utf8.DecodeRuneInString(p.src[p.at:]); p.end() || unicode.IsSpace(r) || r == ')' {
			return nil, p.fail(start, "A value is missing after the colon. For the empty value write \"\".")
		}
	}
	exact := false
	switch p.peek() {
	case '=':
		exact = true
		p.at++
	case '<', '>':
		return p.compare(field)
	case '[', '{':
		return p.between(field)
	}
	switch p.peek() {
	case '"':
		text, err := p.quoted()
		if err != nil {
			return nil, err
		}
		return p.plain(start, field, text, exact)
	case '/':
		if field == FieldTime {
			return nil, p.fail(start, "@timestamp takes a range or a time, not a pattern.")
		}
		return p.regex(field, exact)
	case '(', '[', '{', '<', '>':
		return nil, p.fail(p.at, "After = only a word, a quoted text or a pattern can stand.")
	}
	w, err := p.bare(false)
	if err != nil {
		return nil, err
	}
	if w.empty() {
		return nil, p.fail(start, "A value is missing here.")
	}
	if !w.hasWild() {
		if n, ok := asNetwork(w.text()); ok && !exact && !w.escaped && field != FieldTime {
			if err := p.close(); err != nil {
				return nil, err
			}
			return &Value{Field: field, test: n}, nil
		}
		return p.plain(start, field, w.text(), exact)
	}
	if err := p.close(); err != nil {
		return nil, err
	}
	if w.isStar() {
		return Has(field), nil
	}
	if field == FieldTime {
		return nil, p.fail(start, "@timestamp takes a range or a time, not a wildcard.")
	}
	return &Value{Field: field, test: newWild(w.parts, exact)}, nil
}

func (p *parser) plain(start int, field, text string, exact bool) (Expr, error) {
	if err := p.close(); err != nil {
		return nil, err
	}
	if field == FieldTime {
		if _, ok := asTime(text); !ok {
			return nil, p.fail(start, "%q is not a time. Write it as 2020-09-19, 2020-09-19T03:00Z or 2020-09-19T03:00:15Z.", short(text))
		}
	}
	return equal(field, text, exact), nil
}

// compare reads >x, >=x, <x, <=x.
func (p *parser) compare(field string) (Expr, error) {
	start := p.at
	sign := p.peek()
	p.at++
	open := true
	if p.peek() == '=' {
		open = false
		p.at++
	}
	b, err := p.bound(start)
	if err != nil {
		return nil, err
	}
	if b == nil {
		return nil, p.fail(start, "A comparison needs a value, not *.")
	}
	if err := p.close(); err != nil {
		return nil, err
	}
	if sign == '>' {
		return p.ranged(start, field, newBetween(b, nil, open, false))
	}
	return p.ranged(start, field, newBetween(nil, b, false, open))
}

// between reads [a TO b], {a TO b}, and the mixed forms.
func (p *parser) between(field string) (Expr, error) {
	start := p.at
	loOpen := p.peek() == '{'
	p.at++
	p.space()
	lo, err := p.bound(start)
	if err != nil {
		return nil, err
	}
	p.space()
	if !p.word("TO") {
		return nil, p.fail(p.at, "A range is written [from TO to], with * for an open end.")
	}
	hi, err := p.bound(start)
	if err != nil {
		return nil, err
	}
	p.space()
	if c := p.peek(); c != ']' && c != '}' {
		return nil, p.fail(start, "This range has no ] or } after it.")
	}
	hiOpen := p.peek() == '}'
	p.at++
	if err := p.close(); err != nil {
		return nil, err
	}
	if lo == nil && hi == nil {
		return Has(field), nil
	}
	return p.ranged(start, field, newBetween(lo, hi, loOpen && lo != nil, hiOpen && hi != nil))
}

func (p *parser) ranged(start int, field string, r *between) (Expr, error) {
	if field != FieldTime {
		return &Value{Field: field, test: r}, nil
	}
	for _, b := range []*bound{r.lo, r.hi} {
		if b != nil && !b.isT {
			return nil, p.fail(start, "%q is not a time. Write it as 2020-09-19, 2020-09-19T03:00Z or 2020-09-19T03:00:15Z.", short(b.raw))
		}
	}
	w := r.window()
	return newTime(w.From, w.To), nil
}

// bound reads one end of a range; nil is *.
func (p *parser) bound(start int) (*bound, error) {
	if p.peek() == '"' {
		text, err := p.quoted()
		if err != nil {
			return nil, err
		}
		return newBound(text), nil
	}
	w, err := p.bare(false)
	if err != nil {
		return nil, err
	}
	switch {
	case w.empty():
		return nil, p.fail(start, "A range is written [from TO to], with * for an open end.")
	case w.isStar():
		return nil, nil
	case w.hasWild():
		return nil, p.fail(start, "The ends of a range cannot hold * or ?.")
	}
	return newBound(w.text()), nil
}

// regex reads /…/; a slash inside is written \/.
func (p *parser) regex(field string, exact bool) (Expr, error) {
	start := p.at
	p.at++
	var b strings.Builder
	for {
		if p.end() {
			return nil, p.fail(start, "This pattern has no / after it. To search for a path put it in quotes.")
		}
		c := p.peek()
		p.at++
		if c == '/' {
			break
		}
		if c == '\\' && !p.end() {
			if p.peek() != '/' {
				b.WriteByte(c)
			}
			c = p.peek()
			p.at++
		}
		b.WriteByte(c)
	}
	if b.Len() == 0 {
		return nil, p.fail(start, "There is nothing between the slashes.")
	}
	re, err := newPattern(b.String(), exact)
	if err != nil {
		return nil, p.fail(start, "%s.", strings.ToUpper(err.Error()[:1])+err.Error()[1:])
	}
	if p.close() != nil {
		return nil, p.fail(p.at, "A pattern between slashes ends here and needs a space after it. To search for a path put it in quotes.")
	}
	return &Value{Field: field, test: re}, nil
}

// quoted reads "…": \" and \\ are escapes, any other backslash is itself, so that Windows paths can be pasted.
func (p *parser) quoted() (string, error) {
	start := p.at
	p.at++
	var b strings.Builder
	for {
		if p.end() {
			return "", p.fail(start, `This quote has no second one. A backslash just before the closing quote is written \\.`)
		}
		c := p.peek()
		p.at++
		if c == '"' {
			return b.String(), nil
		}
		if c == '\\' && !p.end() && (p.peek() == '"' || p.peek() == '\\') {
			c = p.peek()
			p.at++
		}
		b.WriteByte(c)
	}
}

// bareWord is an unquoted word, cut at its wildcards.
type bareWord struct {
	parts   []wildPart
	escaped bool // some character was written with a backslash
}

func (w bareWord) empty() bool { return len(w.parts) == 0 }

func (w bareWord) hasWild() bool {
	for _, p := range w.parts {
		if p.kind != 0 {
			return true
		}
	}
	return false
}

// isStar says whether the word is nothing but stars.
func (w bareWord) isStar() bool {
	for _, p := range w.parts {
		if p.kind != '*' {
			return false
		}
	}
	return len(w.parts) > 0
}

func (w bareWord) text() string {
	var b strings.Builder
	for _, p := range w.parts {
		b.WriteString(p.text)
	}
	return b.String()
}

// bare reads up to space, a bracket, a quote, or (when colon) an unescaped colon. A backslash takes the next character
// as it is.
func (p *parser) bare(colon bool) (bareWord, error) {
	var w bareWord
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			w.parts = append(w.parts, wildPart{text: b.String()})
			b.Reset()
		}
	}
	for !p.end() {
		r, n := utf8.DecodeRuneInString(p.src[p.at:])
		if unicode.IsSpace(r) || strings.ContainsRune(`()[]{}"`, r) || colon && r == ':' {
			break
		}
		piece := p.src[p.at : p.at+n]
		start := p.at
		p.at += n
		switch r {
		case '\\':
			if p.end() {
				return w, p.fail(start, `A backslash at the end has nothing to escape. For the backslash itself write \\.`)
			}
			_, n := utf8.DecodeRuneInString(p.src[p.at:])
			b.WriteString(p.src[p.at : p.at+n])
			p.at += n
			w.escaped = true
		case '*', '?':
			flush()
			w.parts = append(w.parts, wildPart{kind: byte(r)})
		default:
			b.WriteString(piece)
		}
	}
	flush()
	return w, nil
}

// short cuts text for a message.
func short(s string) string {
	if len(s) <= 40 {
		return s
	}
	return s[:40] + "…"
}
