package winlog

import (
	"fmt"
	"strings"
)

// sentence is a compiled message of kinds.csv.
type sentence []part

// part is literal text, a value, or a group that is left out when one of its values is missing.
type part struct {
	literal string
	fields  []string // alternatives
	group   sentence
}

func parseSentence(s string) (sentence, error) {
	out, rest, err := parseParts(s, false)
	if err == nil && rest != "" {
		err = fmt.Errorf("message %q: unmatched ]", s)
	}
	return out, err
}

func parseParts(s string, inGroup bool) (out sentence, rest string, err error) {
	for s != "" {
		i := strings.IndexAny(s, "{[]")
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			out = append(out, part{literal: s[:i]})
			s = s[i:]
			continue
		}
		switch s[0] {
		case '{':
			end := strings.IndexByte(s, '}')
			if end < 2 {
				return nil, "", fmt.Errorf("message: { without } near %q", s)
			}
			out = append(out, part{fields: strings.Split(s[1:end], "|")})
			s = s[end+1:]
		case '[':
			group, after, err := parseParts(s[1:], true)
			if err != nil {
				return nil, "", err
			}
			out = append(out, part{group: group})
			s = after
		case ']':
			if !inGroup {
				return out, s, nil
			}
			return out, s[1:], nil
		}
	}
	if inGroup {
		return nil, "", fmt.Errorf("message: [ without ]")
	}
	return out, "", nil
}

// unknown stands for a value that the record does not hold, outside of groups.
const unknown = "(not recorded)"

// fill writes the sentence with values from get; ok is false when a value outside of groups is missing.
func (s sentence) fill(b *strings.Builder, get func(string) string) (ok bool) {
	ok = true
	for _, p := range s {
		switch {
		case p.group != nil:
			var g strings.Builder
			if p.group.fill(&g, get) {
				b.WriteString(g.String())
			}
		case p.fields != nil:
			v := ""
			for _, f := range p.fields {
				if v = get(f); v != "" && v != "-" {
					break
				}
			}
			if v == "" || v == "-" {
				ok, v = false, unknown
			}
			b.WriteString(v)
		default:
			b.WriteString(p.literal)
		}
	}
	return ok
}
