package query

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SyntaxError says where and why a query cannot be read. Text is a plain sentence for the screen.
type SyntaxError struct {
	Pos  int // characters before the place
	Text string
}

// Error gives the place and the sentence.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("query: at character %d: %s", e.Pos+1, e.Text)
}

// Parse reads a query. Empty text matches everything. Every error is a *SyntaxError.
func Parse(text string) (Expr, error) {
	p := &parser{src: text}
	if len(text) > MaxTextBytes {
		return nil, p.fail(0, "The query is longer than %d characters.", MaxTextBytes)
	}
	p.space()
	if p.end() {
		return All{}, nil
	}
	e, err := p.either()
	if err != nil {
		return nil, err
	}
	if !p.end() {
		return nil, p.fail(p.at, "There is a ) without a ( before it.")
	}
	return e, nil
}

type parser struct {
	src   string
	at    int
	depth int
	parts int
	field string // inside field:( … )
}

func (p *parser) fail(at int, format string, args ...any) error {
	at = min(at, len(p.src))
	return &SyntaxError{Pos: utf8.RuneCountInString(p.src[:at]), Text: fmt.Sprintf(format, args...)}
}

func (p *parser) end() bool { return p.at >= len(p.src) }

func (p *parser) peek() byte {
	if p.end() {
		return 0
	}
	return p.src[p.at]
}

func (p *parser) space() {
	for !p.end() {
		r, n := utf8.DecodeRuneInString(p.src[p.at:])
		if !unicode.IsSpace(r) {
			return
		}
		p.at += n
	}
}

// word says whether the keyword stands here, followed by space, a parenthesis, or the end, and steps over it.
func (p *parser) word(keyword string) bool {
	if !strings.HasPrefix(p.src[p.at:], keyword) {
		return false
	}
	next := p.at + len(keyword)
	if next < len(p.src) {
		r, _ := utf8.DecodeRuneInString(p.src[next:])
		if !unicode.IsSpace(r) && r != '(' && r != ')' {
			return false
		}
	}
	p.at = next
	p.space()
	return true
}

// either reads parts joined by OR.
func (p *parser) either() (Expr, error) {
	of, err := p.list("OR", p.both)
	if err != nil {
		return nil, err
	}
	return Either(of...), nil
}

// both reads parts joined by AND, or by nothing.
func (p *parser) both() (Expr, error) {
	var of []Expr
	for {
		e, err := p.unary()
		if err != nil {
			return nil, err
		}
		of = append(of, e)
		start := p.at
		if p.word("AND") {
			if p.end() || p.peek() == ')' {
				return nil, p.fail(start, "AND needs something after it.")
			}
			continue
		}
		if p.end() || p.peek() == ')' || p.ahead("OR") {
			return Both(of...), nil
		}
	}
}

func (p *parser) ahead(keyword string) bool {
	at := p.at
	ok := p.word(keyword)
	p.at = at
	return ok
}

func (p *parser) list(keyword string, item func() (Expr, error)) ([]Expr, error) {
	var of []Expr
	for {
		e, err := item()
		if err != nil {
			return nil, err
		}
		of = append(of, e)
		start := p.at
		if !p.word(keyword) {
			return of, nil
		}
		if p.end() || p.peek() == ')' {
			return nil, p.fail(start, "%s needs something after it.", keyword)
		}
	}
}

func (p *parser) unary() (Expr, error) {
	start := p.at
	if p.depth++; p.depth > MaxDepth {
		return nil, p.fail(start, "The query is nested more than %d deep.", MaxDepth)
	}
	defer func() { p.depth-- }()
	if p.parts++; p.parts > MaxParts {
		return nil, p.fail(start, "The query has more than %d parts.", MaxParts)
	}
	for _, keyword := range []string{"AND", "OR"} {
		if p.ahead(keyword) {
			return nil, p.fail(start, "%s needs something before it. To search for the word itself, put it in quotes.", keyword)
		}
	}
	switch {
	case p.word("NOT"):
		if p.end() || p.peek() == ')' {
			return nil, p.fail(start, "NOT needs something after it.")
		}
		e, err := p.unary()
		if err != nil {
			return nil, err
		}
		return Except(e), nil
	case p.peek() == '(':
		return p.group(p.field)
	}
	return p.clause()
}

// group reads ( … ). field is what values inside belong to.
func (p *parser) group(field string) (Expr, error) {
	start := p.at
	outer := p.field
	p.field = field
	p.at++
	p.space()
	if p.peek() == ')' {
		return nil, p.fail(start, "There is nothing between the parentheses.")
	}
	e, err := p.either()
	if err != nil {
		return nil, err
	}
	p.field = outer
	if p.peek() != ')' {
		return nil, p.fail(start, "This ( has no ) after it.")
	}
	p.at++
	p.space()
	return e, nil
}

// clause reads one test: with a field, or on any.
func (p *parser) clause() (Expr, error) {
	if p.field != "" {
		return p.value(p.field)
	}
	start := p.at
	switch p.peek() {
	case '"':
		text, err := p.quoted()
		if err != nil {
			return nil, err
		}
		if err := p.close(); err != nil {
			return nil, err
		}
		return p.words(start, text)
	case '/':
		return p.regex("", false)
	case '[', '{':
		return nil, p.fail(start, "A range needs a field before it, as in event.code:[4624 TO 4634].")
	case ']', '}':
		return nil, p.fail(start, "There is a %c without an opening one before it.", p.peek())
	case ':':
		return nil, p.fail(start, "There is no field name before the colon.")
	case '=', '<', '>':
		return nil, p.fail(start, "%c needs a field and a colon before it, as in event.code:%c4624.", p.peek(), p.peek())
	}
	w, err := p.bare(true)
	if err != nil {
		return nil, err
	}
	if p.peek() == ':' {
		return p.fielded(start, w)
	}
	if err := p.close(); err != nil {
		return nil, err
	}
	if w.isStar() {
		return All{}, nil
	}
	if w.hasWild() {
		return &Value{test: newWild(w.parts, false)}, nil
	}
	return p.words(start, w.text())
}

func (p *parser) words(start int, text string) (Expr, error) {
	tokens := Tokens(text)
	if len(tokens) == 0 {
		return nil, p.fail(start, "A search for words needs a letter or a digit. To find signs inside a value use field:*…* with a backslash before each sign.")
	}
	return &Words{Text: text, tokens: tokens}, nil
}

// fielded reads what follows "field:".
func (p *parser) fielded(start int, w bareWord) (Expr, error) {
	rest := p.src[p.at:]
	if strings.HasPrefix(rest, "://") || isDrive(w, rest) {
		return nil, p.fail(p.at, "The colon would make %q a field name. To search for this text put it in quotes.", w.text())
	}
	if w.hasWild() && !w.isStar() {
		return nil, p.fail(start, "A field name cannot hold * or ?, unless it is * alone for any field.")
	}
	p.at++            // the colon
	field := w.text() // of *: ""
	if field == "_exists_" && !w.escaped {
		return p.exists()
	}
	if p.peek() == '(' {
		if field == FieldTime || field == "" {
			return nil, p.fail(p.at, "Parentheses can follow the name of a field only, and not @timestamp.")
		}
		return p.group(field)
	}
	return p.value(field)
}

// isDrive says whether "C:\Windows" stands here: no value of ours starts with an escaped letter.
func isDrive(w bareWord, rest string) bool {
	name := w.text()
	return len(name) == 1 && InToken(rune(name[0])) && len(rest) > 2 && rest[1] == '\\' && InToken(rune(rest[2]))
}

func (p *parser) exists() (Expr, error) {
	start := p.at
	var name string
	if p.peek() == '"' {
		text, err := p.quoted()
		if err != nil {
			return nil, err
		}
		name = text
	} else {
		w, err := p.bare(false)
		if err != nil {
			return nil, err
		}
		if w.hasWild() {
			return nil, p.fail(start, "A field name cannot hold * or ?.")
		}
		name = w.text()
	}
	if name == "" {
		return nil, p.fail(start, "_exists_: needs the name of a field after it.")
	}
	if err := p.close(); err != nil {
		return nil, err
	}
	return &Exists{Field: name}, nil
}

// close demands that a test ends here, and steps over the space behind it.
func (p *parser) close() error {
	if p.end() || p.peek() == ')' || p.peek() == '(' {
		return nil
	}
	if r, _ := utf8.DecodeRuneInString(p.src[p.at:]); !unicode.IsSpace(r) {
		return p.fail(p.at, "A space is missing here, or the text needs quotes.")
	}
	p.space()
	return nil
}
