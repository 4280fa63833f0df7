package delimited

import (
	"fmt"
	"net/netip"
	"sort"
	"strings"

	"adjutant/backend/event"
)

// maxMessage bounds the sentence that is made for rows without a message of their own; the values are kept whole.
const maxMessage = 400

// slot is a field that rows fill, in the order of names, so that an event needs no sorting.
type slot struct {
	name   string
	kind   string
	own    string // csv.<column>, for values that do not fit
	column int    // -1: value for every row; -2: the sentence
	value  string
	list   bool // values that stand between "¦"
	none   bool // "-" stands for none
}

const (
	constant = -1
	sentence = -2
)

// numbers and addresses of ECS by the end of their names.
func kindOf(field string) string {
	switch {
	case strings.HasSuffix(field, ".ip"):
		return "address"
	case strings.HasSuffix(field, ".port"), strings.HasSuffix(field, ".pid"), strings.HasSuffix(field, ".bytes"), strings.HasSuffix(field, ".packets"),
		strings.HasSuffix(field, "status_code"), field == "file.size", field == "winlog.process.thread.id":
		return "number"
	}
	return "text"
}

// slots are made once, when columns and times are known.
func (p *parser) makeSlots() {
	p.slots = p.slots[:0]
	for i, c := range p.columns {
		own := "csv." + c.name
		s := slot{name: own, kind: "text", own: own, column: i}
		if c.field != "" {
			s.name, s.kind, s.list = c.field, c.kind, strings.HasPrefix(c.field, "threat.")
			s.none = p.known != nil && (c.field == "host.name" || c.field == "user.name")
		}
		p.slots = append(p.slots, s)
	}
	add := func(name, value string) {
		if value != "" {
			p.slots = append(p.slots, slot{name: name, kind: "text", column: constant, value: value})
		}
	}
	kind := "event"
	if k := p.known; k != nil {
		kind = k.kind
		add("event.module", k.module)
		add("event.dataset", k.name)
	}
	add("event.kind", kind)
	if p.mapped != nil {
		for name, value := range p.mapped.Constants {
			p.slots = append(p.slots, slot{name: name, kind: kindOf(name), own: "csv." + name, column: constant, value: value})
		}
	}
	p.slots = append(p.slots, slot{name: "message", column: sentence})
	// Of several columns for one field the first in the file that fits fills it; a constant and the sentence stand back.
	sort.SliceStable(p.slots, func(i, j int) bool { return p.slots[i].name < p.slots[j].name })
	p.keepClock = len(p.clock.all) > 1
}

// fill puts the row's values into the event. The column that gave the only time is kept in the time's own text.
func (p *parser) fill(e *event.Event, fields []string, used int) {
	extra := max(0, len(fields)-len(p.columns))
	room := len(p.slots) + extra + 1
	out, values := p.slab.Fields(room), p.slab.Values(room)
	sorted := true
	set := func(name string, kind event.Kind, v string) {
		n := len(values)
		values = append(values, v)
		sorted = sorted && (len(out) == 0 || out[len(out)-1].Name < name)
		out = append(out, event.Field{Name: name, Kind: kind, Values: values[n : n+1 : n+1]})
	}
	taken := func(name string) bool { return len(out) > 0 && out[len(out)-1].Name == name }
	with := -1
	if used >= 0 {
		with = p.clockOf(used)
	}
	for i := range p.slots {
		s := &p.slots[i]
		if s.column == sentence {
			if !taken("message") {
				if m := p.message(fields, used, with); m != "" {
					set("message", event.KindString, m)
				}
			}
			continue
		}
		v := s.value
		if s.column >= 0 {
			if s.column >= len(fields) || (s.column == used || s.column == with) && !p.keepClock {
				continue
			}
			v = fields[s.column]
		}
		if v == "" || v == "-" && s.none {
			continue
		}
		if s.kind == "text" && !taken(s.name) {
			set(s.name, event.KindString, v)
			if s.list && strings.Contains(v, "¦") {
				out[len(out)-1].Values = list(v)
			}
			continue
		}
		kind, text, ok := typed(s.kind, v)
		if !ok || taken(s.name) {
			if s.column != constant && s.own != s.name {
				set(s.own, event.KindString, v)
			}
			continue
		}
		set(s.name, kind, text)
	}
	for i := len(p.columns); i < len(fields); i++ {
		if fields[i] != "" {
			set(fmt.Sprintf("csv.column_%d", i+1), event.KindString, fields[i])
		}
	}
	e.Fields = p.slab.KeepFields(out)
	p.slab.KeepValues(values)
	p.zone.Doubt(e)
	if !sorted || len(e.Fields) > len(out) {
		e.Sort()
	}
}

// clockOf is the column of the clock that belongs to the date in a column, -1 for none.
func (p *parser) clockOf(date int) int {
	for _, cols := range [][]timeColumn{p.clock.all, p.clock.primary} {
		for _, c := range cols {
			if c.index == date {
				return c.with
			}
		}
	}
	return -1
}

func list(v string) (out []string) {
	for _, s := range strings.Split(v, "¦") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	if out == nil {
		return []string{v}
	}
	return out
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
		s := strings.Trim(strings.TrimSpace(v), "[]")
		a, err := netip.ParseAddr(s)
		if err != nil {
			return 0, "", false
		}
		if a.Is4() {
			return event.KindString, s, true // has one form only
		}
		return event.KindString, a.Unmap().String(), true
	}
	return event.KindString, v, true
}
