package delimited

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"adjutant/backend/event"
)

// maxMessage bounds the sentence that is made for rows without a message of their own; the values are kept whole.
const maxMessage = 400

// fields puts the row's values into the event. Columns that gave the time are kept in the time's own text. Of several
// columns for one ECS field the first that holds a fitting value fills it.
func (p *parser) fields(e *event.Event, fields []string, used []int) {
	p.taken = p.taken[:0]
	for i, v := range fields {
		if slices.Contains(used, i) {
			continue
		}
		if i >= len(p.columns) {
			e.Set(fmt.Sprintf("csv.column_%d", i+1), event.KindString, v)
			continue
		}
		c := p.columns[i]
		kind, text, ok := typed(c.kind, v)
		if c.field == "" || !ok || slices.Contains(p.taken, c.field) {
			e.Set("csv."+c.name, event.KindString, v)
			continue
		}
		if text != "" {
			p.taken = append(p.taken, c.field)
		}
		e.Set(c.field, kind, text)
	}
	e.Set("event.kind", event.KindString, "event")
	e.Set("message", event.KindString, p.message(e, fields, used))
}

// typed says whether a value is of a column's kind, and how it is kept.
func typed(kind, v string) (event.Kind, string, bool) {
	switch kind {
	case "number":
		s := strings.TrimSpace(v)
		for i := 0; i < len(s); i++ {
			if s[i] < '0' || s[i] > '9' {
				return 0, "", false
			}
		}
		if s == "" || len(s) > 20 {
			return 0, "", false
		}
		if s = strings.TrimLeft(s, "0"); s == "" {
			s = "0"
		}
		return event.KindNumber, s, true
	case "address":
		a, err := netip.ParseAddr(strings.Trim(strings.TrimSpace(v), "[]"))
		if err != nil {
			return 0, "", false
		}
		return event.KindString, a.Unmap().String(), true
	}
	return event.KindString, v, true
}

// message makes a sentence for rows without one: for a connection its ends, else the columns as they stand.
func (p *parser) message(e *event.Event, fields []string, used []int) string {
	get := func(name string) string {
		for i := range e.Fields { // not sorted yet
			if e.Fields[i].Name == name {
				return e.Fields[i].Values[0]
			}
		}
		return ""
	}
	if get("message") != "" {
		return ""
	}
	if from, to := get("source.ip"), get("destination.ip"); from != "" && to != "" {
		end := func(host, port string) string {
			switch {
			case port == "":
				return host
			case strings.Contains(host, ":"):
				return "[" + host + "]:" + port
			}
			return host + ":" + port
		}
		parts := []string{get("event.action"), end(from, get("source.port")), "to", end(to, get("destination.port")), get("network.transport")}
		return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
	}
	var b strings.Builder
	for i, v := range fields {
		if v = strings.TrimSpace(v); v == "" || v == "-" || slices.Contains(used, i) || i >= len(p.columns) {
			continue
		}
		if b.Len() > maxMessage {
			b.WriteString(", …")
			break
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.columns[i].name)
		b.WriteString(": ")
		b.WriteString(clip(v, maxMessage/2))
	}
	return b.String()
}
