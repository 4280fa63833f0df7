package delimited

import (
	"strings"
)

// message makes a sentence for rows without one: the one of the table's maker, for a connection its ends, else the columns as
// they stand.
func (p *parser) message(fields []string, used, with int) string {
	b := p.words[:0]
	if p.known != nil && len(p.known.message) > 0 {
		var any bool
		b, any = p.known.message.fill(b, func(column string) string {
			if i, ok := p.normal[column]; ok && i < len(fields) {
				return strings.TrimSpace(fields[i])
			}
			return ""
		})
		if any {
			p.words = b
			return p.slab.KeepText(append(p.slab.Text(len(b)), b...))
		}
		b = b[:0]
	}
	if from, to := p.fitting("source.ip", fields), p.fitting("destination.ip", fields); from != "" && to != "" {
		b = p.connection(b, fields, from, to)
	} else {
		b = p.listing(b, fields, used, with)
	}
	p.words = b
	return p.slab.KeepText(append(p.slab.Text(len(b)), b...))
}

// fitting is the value that fills a field, "" when none does.
func (p *parser) fitting(field string, fields []string) string {
	for i := range p.slots {
		s := &p.slots[i]
		if s.name != field || s.column < 0 || s.column >= len(fields) {
			continue
		}
		if _, v, ok := typed(s.kind, fields[s.column]); ok && v != "" {
			return v
		}
	}
	return ""
}

func (p *parser) connection(b []byte, fields []string, from, to string) []byte {
	end := func(host, port string) {
		switch v6 := strings.Contains(host, ":"); {
		case port == "":
			b = append(b, host...)
		case v6:
			b = append(append(append(append(b, '['), host...), "]:"...), port...)
		default:
			b = append(append(append(b, host...), ':'), port...)
		}
	}
	if a := strings.TrimSpace(p.fitting("event.action", fields)); a != "" {
		b = append(append(b, clip(a, maxMessage)...), ' ')
	}
	end(from, p.fitting("source.port", fields))
	b = append(b, " to "...)
	end(to, p.fitting("destination.port", fields))
	if t := strings.TrimSpace(p.fitting("network.transport", fields)); t != "" {
		b = append(append(b, ' '), clip(t, maxMessage)...)
	}
	return b
}

func (p *parser) listing(b []byte, fields []string, used, with int) []byte {
	for i, v := range fields {
		if v = strings.TrimSpace(v); v == "" || v == "-" || i == used || i == with || i >= len(p.columns) {
			continue
		}
		if len(b) > maxMessage {
			return append(b, ", …"...)
		}
		if len(b) > 0 {
			b = append(b, ", "...)
		}
		b = append(append(append(b, p.columns[i].name...), ": "...), clip(v, maxMessage/2)...)
	}
	return b
}
