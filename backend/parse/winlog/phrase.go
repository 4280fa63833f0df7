package winlog

import "adjutant/backend/event"

// phrase is a part of a sentence with its names resolved to what a plan knows.
type phrase struct {
	literal string
	values  []phraseValue
	group   []phrase
}

// phraseValue is one alternative: what the tables gave for a target, else what the record holds under that name.
type phraseValue struct {
	target  int // -1 when the tables give none
	sources []int
}

func (p *Program) phrases(s sentence, target map[string]int) []phrase {
	var out []phrase
	for _, part := range s {
		switch {
		case part.group != nil:
			out = append(out, phrase{group: p.phrases(part.group, target)})
		case part.fields != nil:
			ph := phrase{values: []phraseValue{}}
			for _, f := range part.fields {
				v := phraseValue{target: -1, sources: p.sources(f)}
				if n, ok := target[f]; ok {
					v.target = n
				}
				ph.values = append(ph.values, v)
			}
			out = append(out, ph)
		default:
			out = append(out, phrase{literal: part.literal})
		}
	}
	return out
}

// message writes the sentence of the present record: from the table, else provider, id and the first values.
func (p *Program) message(l *plan, s *event.Slab, t []string) string {
	p.work = p.work[:0]
	if l.known {
		p.work, _ = l.say(p.work, l.sentence, t)
	} else {
		p.generic(l, t)
	}
	return s.KeepText(append(s.Text(len(p.work)), p.work...))
}

// say appends the phrases; ok is false when a value outside of groups is missing.
func (l *plan) say(b []byte, phrases []phrase, t []string) (_ []byte, ok bool) {
	ok = true
	for i := range phrases {
		ph := &phrases[i]
		switch {
		case ph.group != nil:
			before := len(b)
			var whole bool
			if b, whole = l.say(b, ph.group, t); !whole {
				b = b[:before]
			}
		case ph.values != nil:
			v := ""
			for _, a := range ph.values {
				if v = ""; a.target >= 0 {
					v = l.set[a.target]
				}
				if v == "" {
					v = first(t, a.sources)
				}
				if v != "" && v != "-" {
					break
				}
			}
			if v == "" || v == "-" {
				ok, v = false, unknown
			}
			b = appendClipped(b, v, maxSentence)
		default:
			b = append(b, ph.literal...)
		}
	}
	return b, ok
}

func (p *Program) generic(l *plan, t []string) {
	b := append(p.work, l.provider...)
	b = append(b, " event "...)
	b = append(b, l.id...)
	if cap(p.said) < len(p.data) {
		p.said = make([]bool, len(p.data))
	}
	said := p.said[:len(p.data)]
	some := false
	for i := range p.data {
		d := &p.data[i]
		if said[i] = d.before >= 0 && said[d.before]; said[i] {
			continue
		}
		v := t[d.source]
		if v == "" {
			continue
		}
		said[i] = true
		if len(b) > maxSentence {
			b = append(b, ", …"...)
			break
		}
		if some {
			b = append(b, ", "...)
		} else {
			b = append(b, ": "...)
		}
		some = true
		if d.name != "Data" {
			b = append(b, d.name...)
			b = append(b, " = "...)
		}
		b = appendClipped(b, v, maxSentence/2)
	}
	p.work = b
}

// appendClipped is clip without a copy.
func appendClipped(b []byte, v string, n int) []byte {
	if len(v) <= n {
		return append(b, v...)
	}
	for n > 0 && v[n]&0xc0 == 0x80 {
		n--
	}
	return append(append(b, v[:n]...), "…"...)
}
