package delimited

import (
	"strings"

	"adjutant/backend/parse/mapping"
)

// cutter cuts rows into values.
type cutter struct {
	separator string // one character, several, or mapping.Spaces
	noQuotes  bool
}

// split appends the values of a row to fields. open says that a quoted value does not end in it. Two quotes inside of a
// quoted value are one; what stands behind a closing quote is kept. Values are parts of s wherever they stand in it whole.
func (c cutter) split(fields []string, s string) (_ []string, open bool) {
	if c.separator == mapping.Spaces {
		s = strings.TrimLeft(s, " \t")
	}
	for {
		if c.noQuotes || s == "" || s[0] != '"' {
			i, n := c.index(s)
			if i < 0 {
				return append(fields, s), false
			}
			fields, s = append(fields, s[:i]), s[i+n:]
			continue
		}
		s = s[1:]
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return append(fields, s), true
		}
		value, rest := s[:i], s[i+1:]
		if rest != "" && rest[0] == '"' {
			var v strings.Builder
			v.Grow(len(value) + 64)
			for {
				v.WriteString(s[:i])
				s = s[i+1:]
				if s == "" || s[0] != '"' {
					break
				}
				v.WriteByte('"')
				s = s[1:]
				if i = strings.IndexByte(s, '"'); i < 0 {
					return append(fields, v.String()+s), true
				}
			}
			value, rest = v.String(), s
		}
		i, n := c.index(rest)
		if i < 0 {
			return append(fields, joined(value, rest)), false
		}
		fields, s = append(fields, joined(value, rest[:i])), rest[i+n:]
	}
}

func joined(a, b string) string {
	if b == "" {
		return a
	}
	return a + b
}

// index finds the next separator and says how long it is, -1 when there is none.
func (c cutter) index(s string) (at, size int) {
	switch {
	case len(c.separator) == 1:
		return strings.IndexByte(s, c.separator[0]), 1
	case c.separator == mapping.Spaces:
		i := strings.IndexAny(s, " \t")
		if i < 0 {
			return -1, 0
		}
		n := i
		for n < len(s) && (s[n] == ' ' || s[n] == '\t') {
			n++
		}
		return i, n - i
	}
	return strings.Index(s, c.separator), len(c.separator)
}
