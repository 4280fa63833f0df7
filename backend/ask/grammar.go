package ask

import (
	"net/netip"
	"strings"
)

// A pattern is a sentence with
//
//	word        that word
//	(a|b c|d)   one of these
//	[a|b c]     one of these, or nothing
//	<host> <user> <peer> <thing> <topic> <about> <since>   slots, see the match functions
//	<…>         any order of "on HOST", "by USER" and a period, each at most once; always last
type pattern struct {
	text  string
	root  seq
	build func(*Vocabulary, bound) (Reading, bool)
}

type (
	part   interface{}
	seq    []part
	choice []seq
	slot   string
)

// bound is what the slots hold.
type bound struct {
	hosts, users []string // values of the vocabulary that the word means
	hostWord     string
	userWord     string
	peer         string // address or domain
	thing        subject
	about        string
	when         *period
	last         bool   // "last" or "latest" stands where a pattern has "first" and "last"
	unknown      string // why a name did not fit, when lenient
}

func compile(text string) seq {
	c := &compiler{rest: text}
	s := c.seq()
	if c.rest != "" {
		panic("ask: pattern " + text + ": left over " + c.rest) // patterns are constants of this package
	}
	return s
}

type compiler struct{ rest string }

func (c *compiler) seq() seq {
	var out seq
	for {
		c.rest = strings.TrimLeft(c.rest, " ")
		if c.rest == "" {
			return out
		}
		switch c.rest[0] {
		case ')', ']', '|':
			return out
		case '(':
			out = append(out, c.alternatives(')'))
		case '[':
			out = append(out, append(c.alternatives(']'), seq{}))
		case '<':
			end := strings.IndexByte(c.rest, '>')
			out = append(out, slot(c.rest[1:end]))
			c.rest = c.rest[end+1:]
		default:
			end := strings.IndexAny(c.rest, " ()[]|<")
			if end < 0 {
				end = len(c.rest)
			}
			out = append(out, c.rest[:end])
			c.rest = c.rest[end:]
		}
	}
}

// alternatives reads "(a|b)" or "[a|b]" up to its end.
func (c *compiler) alternatives(end byte) choice {
	var out choice
	for c.rest[0] != end {
		c.rest = c.rest[1:] // the opening sign, or the bar between two
		out = append(out, c.seq())
		if c.rest == "" {
			panic("ask: a pattern lacks " + string(end)) // patterns are constants of this package
		}
	}
	c.rest = c.rest[1:]
	return out
}

// matcher tries patterns on one question.
type matcher struct {
	words   []word
	v       Vocabulary
	lenient bool // names that the case does not know are taken, to be able to say so
}

// all returns the ways in which the whole question fits a pattern, at most a few.
func (m *matcher) all(p *pattern) []bound {
	var out []bound
	m.seq(p.root, 0, bound{}, func(i int, b bound) {
		if i == len(m.words) && len(out) < 8 {
			out = append(out, b)
		}
	})
	return out
}

// next is called with every place up to which something fits.
type next func(i int, b bound)

func (m *matcher) seq(s seq, i int, b bound, k next) {
	if len(s) == 0 {
		k(i, b)
		return
	}
	m.part(s[0], i, b, func(j int, b bound) { m.seq(s[1:], j, b, k) })
}

func (m *matcher) part(p part, i int, b bound, k next) {
	switch p := p.(type) {
	case string:
		if i < len(m.words) && !m.words[i].quoted && m.words[i].folded == p {
			b.last = b.last || p == "last" || p == "latest"
			k(i+1, b)
		}
	case choice:
		for _, s := range p {
			m.seq(s, i, b, k)
		}
	case slot:
		m.slot(string(p), i, b, k)
	}
}

func (m *matcher) slot(name string, i int, b bound, k next) {
	if name == "…" {
		m.adjuncts(i, b, k)
		return
	}
	if i >= len(m.words) {
		return
	}
	switch name {
	case "host":
		m.host(i, b, k)
	case "user":
		m.user(i, b, k)
	case "peer":
		if s, ok := peerOf(m.words[i]); ok {
			b.peer = s
			k(i+1, b)
		}
	case "thing":
		m.thing(i, b, k)
	case "topic":
		m.topic(i, b, k)
	case "about":
		var said []string
		for _, w := range m.words[i:] {
			said = append(said, w.text)
		}
		b.about = strings.Join(said, " ")
		k(len(m.words), b)
	case "since":
		m.since(i, b, k)
	}
}

// adjuncts are "on HOST", "by USER" and a period, in any order.
func (m *matcher) adjuncts(i int, b bound, k next) {
	if i == len(m.words) {
		k(i, b)
		return
	}
	if b.when == nil {
		if p, j, ok := m.period(i); ok {
			c := b
			c.when = &p
			m.adjuncts(j, c, k)
		}
	}
	w := m.words[i]
	if w.quoted || i+1 >= len(m.words) {
		return
	}
	switch w.folded {
	case "on", "at", "from", "in", "to":
		if b.hostWord == "" {
			j := i + 1
			if m.words[j].folded == "host" || m.words[j].folded == "the" {
				j++
			}
			if j < len(m.words) {
				m.host(j, b, func(n int, b bound) { m.adjuncts(n, b, k) })
			}
		}
	case "by", "for", "of", "as":
		if b.userWord == "" {
			j := i + 1
			if m.words[j].folded == "user" || m.words[j].folded == "account" {
				j++
			}
			if j < len(m.words) {
				m.user(j, b, func(n int, b bound) { m.adjuncts(n, b, k) })
			}
		}
	}
}

func peerOf(w word) (string, bool) {
	if a, err := netip.ParseAddr(w.text); err == nil {
		return a.Unmap().String(), true
	}
	s := strings.Trim(w.folded, ".")
	if strings.Count(s, ".") < 1 || strings.ContainsAny(s, `/\: @*"`) {
		return "", false
	}
	labels := strings.Split(s, ".")
	last := labels[len(labels)-1]
	letters := strings.IndexFunc(last, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
	for _, l := range labels {
		if l == "" {
			return "", false
		}
	}
	return s, letters && len(last) >= 2
}
