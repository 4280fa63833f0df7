package asa

import (
	"fmt"
	"strings"
)

// token is a piece of a pattern: literal text, a capture, or a group that may be absent.
type token struct {
	literal string
	name    string
	any     bool // the capture may hold spaces, or nothing
	group   []token
}

// compile takes a pattern of messages.csv apart. Groups do not nest.
func compile(s string) ([]token, error) {
	var out, group []token
	inGroup := false
	for s != "" {
		to := &out
		if inGroup {
			to = &group
		}
		switch i := strings.IndexAny(s, `{[]\`); {
		case i < 0:
			*to, s = append(*to, token{literal: s}), ""
		case i > 0:
			*to, s = append(*to, token{literal: s[:i]}), s[i:]
		case s[0] == '\\' && len(s) > 1:
			*to, s = append(*to, token{literal: s[1:2]}), s[2:]
		case s[0] == '{':
			name, rest, ok := strings.Cut(s[1:], "}")
			if !ok {
				return nil, fmt.Errorf("{ without } near %q", s)
			}
			t := token{name: name}
			t.name, t.any = strings.CutSuffix(name, "*")
			*to, s = append(*to, t), rest
		case s[0] == '[' && !inGroup:
			inGroup, group, s = true, nil, s[1:]
		case s[0] == ']' && inGroup:
			out, inGroup, s = append(out, token{group: group}), false, s[1:]
		default:
			return nil, fmt.Errorf("unmatched bracket near %q", s)
		}
	}
	if inGroup {
		return nil, fmt.Errorf("[ without ]")
	}
	return out, nil
}

// capture is one value found.
type capture struct{ name, value string }

// matcher tries a pattern on a text. steps bounds the work on hostile text.
type matcher struct {
	found []capture
	steps int
}

const (
	maxSteps = 4000 // real messages take fewer than two hundred
	maxText  = 4096 // no message is longer
)

// list is what is left of a pattern: tokens, then those behind the group that they are in.
type list struct {
	tokens []token
	next   *list
}

func (l *list) head() (*token, *list) {
	for l != nil && len(l.tokens) == 0 {
		l = l.next
	}
	if l == nil {
		return nil, nil
	}
	return &l.tokens[0], &list{l.tokens[1:], l.next}
}

// match says that the pattern fits the front of the text; found holds the values.
func (m *matcher) match(l *list, s string) bool {
	if m.steps--; m.steps < 0 {
		return false
	}
	t, rest := l.head()
	switch {
	case t == nil:
		return true
	case t.group != nil:
		n := len(m.found)
		if m.match(&list{t.group, rest}, s) {
			return true
		}
		m.found = m.found[:n]
		return m.match(rest, s)
	case t.name != "":
		return m.capture(t, rest, s)
	}
	after, ok := strings.CutPrefix(s, t.literal)
	return ok && m.match(rest, after)
}

// capture ends where what follows in the pattern begins, as early as that fits.
func (m *matcher) capture(t *token, rest *list, s string) bool {
	room := len(s)
	if !t.any {
		if i := strings.IndexByte(s, ' '); i >= 0 {
			room = i
		}
	}
	next, after := rest.head()
	n := len(m.found)
	if next == nil {
		v := s[:room]
		if !t.any {
			v = strings.TrimRight(v, ".,")
		}
		if v == "" && !t.any {
			return false
		}
		m.found = append(m.found, capture{t.name, v})
		return true
	}
	follow := rest
	mark := next.literal
	if next.group != nil {
		mark = next.group[0].literal
		follow = &list{next.group, after}
	}
	least := 1
	if t.any {
		least = 0
	}
	for at := 0; mark != ""; {
		i := strings.Index(s[at:], mark)
		if i < 0 || at+i > room || m.steps < 0 {
			break
		}
		if at += i; at >= least {
			m.found = append(m.found[:n], capture{t.name, s[:at]})
			if m.match(follow, s[at:]) {
				return true
			}
		}
		at++
	}
	m.found = m.found[:n]
	return next.group != nil && m.capture(t, after, s)
}
