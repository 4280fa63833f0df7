package zeek

import (
	"fmt"
	"strings"
)

// sentence is a compiled message of paths.csv.
type sentence []part

// part is literal text, a column (the first that is there of several), or a group that is left out when a column in it is missing.
type part struct {
	literal string
	columns []string
	group   sentence
}

func parseSentence(s string) (sentence, error) {
	var out, group sentence
	inGroup := false
	for s != "" {
		to := &out
		if inGroup {
			to = &group
		}
		switch i := strings.IndexAny(s, "{[]"); {
		case i < 0:
			*to, s = append(*to, part{literal: s}), ""
		case i > 0:
			*to, s = append(*to, part{literal: s[:i]}), s[i:]
		case s[0] == '{':
			names, rest, ok := strings.Cut(s[1:], "}")
			if !ok {
				return nil, fmt.Errorf("{ without } near %q", s)
			}
			*to, s = append(*to, part{columns: strings.Split(names, "|")}), rest
		case s[0] == '[' && !inGroup:
			inGroup, group, s = true, nil, s[1:]
		case s[0] == ']' && inGroup:
			out, inGroup, s = append(out, part{group: group}), false, s[1:]
		default:
			return nil, fmt.Errorf("unmatched bracket near %q", s)
		}
	}
	if inGroup {
		return nil, fmt.Errorf("[ without ]")
	}
	return out, nil
}

// filled is a part of a sentence whose columns were looked up in a head: -1 is a column that the log does not have.
type filled struct {
	literal string
	columns []int
	group   []filled
}

func (s sentence) bind(index func(column string) int) []filled {
	var out []filled
	for _, p := range s {
		switch {
		case p.group != nil:
			out = append(out, filled{group: p.group.bind(index)})
		case p.columns != nil:
			f := filled{columns: []int{}}
			for _, c := range p.columns {
				if i := index(c); i >= 0 {
					f.columns = append(f.columns, i)
				}
			}
			out = append(out, f)
		default:
			out = append(out, filled{literal: p.literal})
		}
	}
	return out
}

// unknown stands for a value that the row does not hold, outside of groups.
const unknown = "?"

// write appends the sentence with the values of a row; whole is false when a value is missing.
func write(b []byte, parts []filled, r row) (out []byte, whole bool) {
	whole = true
	for i := range parts {
		p := &parts[i]
		switch {
		case p.group != nil:
			if g, ok := write(b, p.group, r); ok {
				b = g
			}
		case p.columns != nil:
			v := ""
			for _, c := range p.columns {
				if v = r.value(c); v != "" {
					break
				}
			}
			if v == "" {
				v, whole = unknown, false
			}
			b = append(b, v...)
		default:
			b = append(b, p.literal...)
		}
	}
	return b, whole
}
