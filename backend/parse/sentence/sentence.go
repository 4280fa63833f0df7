// Package sentence compiles the one-line messages that the formats keep in their tables: literal text, {name} for a value, {a|b} for
// the first of several that is there, and [ … ] for what is left out when a value in it is missing.
//
// Stage 2 of the flow, below the formats of parse. It keeps true that names are looked up once and not for each record. It knows no
// format.
package sentence

import (
	"fmt"
	"strings"
)

// Sentence is a compiled message.
type Sentence []part

// part is literal text, a value (the first that is there of several), or a group.
type part struct {
	literal string
	names   []string
	group   Sentence
}

// Parse compiles a message. Groups do not nest.
func Parse(s string) (Sentence, error) {
	var out, group Sentence
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
				return nil, fmt.Errorf("sentence: { without } near %q", s)
			}
			*to, s = append(*to, part{names: strings.Split(names, "|")}), rest
		case s[0] == '[' && !inGroup:
			inGroup, group, s = true, nil, s[1:]
		case s[0] == ']' && inGroup:
			out, inGroup, s = append(out, part{group: group}), false, s[1:]
		default:
			return nil, fmt.Errorf("sentence: unmatched bracket near %q", s)
		}
	}
	if inGroup {
		return nil, fmt.Errorf("sentence: [ without ]")
	}
	return out, nil
}

// Words is a sentence of a word and groups of a name with its value, for records that no table knows.
func Words(first string, names []string) Sentence {
	out := Sentence{{literal: first}}
	for _, n := range names {
		out = append(out, part{group: Sentence{{literal: " " + n + " "}, {names: []string{n}}}})
	}
	return out
}

// Bound is a sentence whose names were looked up.
type Bound []bound

type bound struct {
	literal string
	values  []int // nil for literal text; empty when the record cannot have the value
	group   Bound
}

// Bind looks the names up; index gives a number for a name, below 0 when records of this kind do not have it.
func (s Sentence) Bind(index func(name string) int) Bound {
	var out Bound
	for _, p := range s {
		switch {
		case p.group != nil:
			out = append(out, bound{group: p.group.Bind(index)})
		case p.names != nil:
			b := bound{values: []int{}}
			for _, n := range p.names {
				if i := index(n); i >= 0 {
					b.values = append(b.values, i)
				}
			}
			out = append(out, b)
		default:
			out = append(out, bound{literal: p.literal})
		}
	}
	return out
}

// Row gives the values of one record by their numbers, "" for none.
type Row interface{ Value(i int) string }

// unknown stands for a value that the record does not hold, outside of groups.
const unknown = "?"

// Append appends the sentence of a record to b. whole is false when a value outside of groups is missing.
func (s Bound) Append(b []byte, r Row) (out []byte, whole bool) {
	whole = true
	for i := range s {
		p := &s[i]
		switch {
		case p.group != nil:
			if g, ok := p.group.Append(b, r); ok {
				b = g
			}
		case p.values != nil:
			v := ""
			for _, c := range p.values {
				if v = r.Value(c); v != "" {
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
