package delimited

import (
	"fmt"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/stamp"
)

// known is a table whose maker is known, a row of known.csv.
type known struct {
	name, title, module, kind string
	required                  []string
	times                     []knownTime
	utc                       bool
	order                     stamp.Order
	meaning                   string
	fields                    map[string]string
	message                   template
}

type knownTime struct {
	column, clock string
	meaning       event.TimeKind
	form          stamp.Form // beside what the text itself shows
	formed        bool
}

// compileKnown reads a row of known.csv: name, title, module, kind, required, times, zone, order, meaning, fields, message.
func compileKnown(r []string) (known, error) {
	k := known{name: r[0], title: r[1], module: r[2], kind: r[3], required: strings.Fields(r[4]), meaning: r[8], fields: map[string]string{}, message: compileTemplate(r[10])}
	bad := func(what, of string) error { return fmt.Errorf("known.csv: %s: %s %q", k.name, what, of) }
	for _, c := range k.required {
		if c != normal(c) {
			return k, bad("not in its normal form:", c)
		}
	}
	if k.kind != "event" && k.kind != "alert" && k.kind != "state" {
		return k, bad("unknown kind", k.kind)
	}
	for _, t := range strings.Fields(r[5]) {
		column, rest, _ := strings.Cut(t, ":")
		meaning, form, formed := strings.Cut(rest, ":")
		kt := knownTime{meaning: event.TimeKind(meaning), formed: formed}
		kt.column, kt.clock, _ = strings.Cut(column, "+")
		if kt.column != normal(kt.column) || kt.clock != normal(kt.clock) {
			return k, bad("not in its normal form:", column)
		}
		if formed {
			var err error
			if kt.form, err = stamp.FormNamed(strings.ReplaceAll(form, "_", " ")); err != nil {
				return k, bad(err.Error(), t)
			}
		}
		k.times = append(k.times, kt)
	}
	switch r[6] {
	case "":
	case "utc":
		k.utc = true
	default:
		return k, bad("unknown zone", r[6])
	}
	switch r[7] {
	case "":
	case "mdy":
		k.order = stamp.MonthFirst
	case "dmy":
		k.order = stamp.DayFirst
	default:
		return k, bad("unknown order", r[7])
	}
	for _, f := range strings.Fields(r[9]) {
		column, field, ok := strings.Cut(f, "=")
		if !ok || column != normal(column) {
			return k, bad("field", f)
		}
		k.fields[column] = field
	}
	return k, nil
}

// knownTable finds the maker of a header: of the tables whose columns are all there the one that asks for the most.
func (t *tables) knownTable(header []string) *known {
	names := make(map[string]bool, len(header))
	for _, n := range uniqueNames(header) {
		names[normal(n)] = true
	}
	var best *known
	for i := range t.known {
		k := &t.known[i]
		all := true
		for _, c := range k.required {
			all = all && names[c]
		}
		if all && (best == nil || len(k.required) > len(best.required)) {
			best = k
		}
	}
	return best
}

// uniqueNames makes the names of columns from a header: unnamed ones and twins get a number.
func uniqueNames(header []string) []string {
	seen := map[string]int{}
	out := make([]string, len(header))
	for i, h := range header {
		name := strings.Trim(strings.TrimSpace(h), "\ufeff.")
		if name == "" {
			name = fmt.Sprintf("column_%d", i+1)
		}
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s_%d", name, seen[name])
		}
		out[i] = name
	}
	return out
}

// planKnown makes columns and times as the table's maker writes them.
func (p *parser) planKnown(k *known) {
	for _, t := range k.times {
		i := p.find(t.column)
		if i < 0 || p.columns[i].answer {
			continue
		}
		c := p.timeColumn(i, t.meaning)
		c.utc = c.utc || k.utc
		if t.clock != "" {
			if c.with = p.find(t.clock); c.with < 0 {
				continue
			}
		}
		if t.formed {
			c.form, c.formed = t.form, true
		}
		p.clock.all = append(p.clock.all, c)
	}
	if len(k.times) > 0 && len(p.clock.all) == 0 {
		return // its times are not there: somebody changed the table, and its columns are looked at as those of any
	}
	p.known = k
	for i := range p.columns {
		c := &p.columns[i]
		if c.answer {
			continue
		}
		if field, ok := k.fields[normal(c.name)]; ok {
			c.field, c.kind = field, kindOf(field)
		}
	}
	p.clock.meaning = p.find(k.meaning)
	if k.order != stamp.Unknown {
		p.zone.Order = k.order
	}
}

// template is a sentence with columns in it: literal texts, {column}, and parts in [ ] that are left out when a column is empty.
type template []piece

type piece struct {
	text     string
	column   bool
	optional template
}

func compileTemplate(s string) (out template) {
	for s != "" {
		switch i := strings.IndexAny(s, "{["); {
		case i < 0:
			return append(out, piece{text: s})
		case i > 0:
			out, s = append(out, piece{text: s[:i]}), s[i:]
		case s[0] == '{':
			name, rest, _ := strings.Cut(s[1:], "}")
			out, s = append(out, piece{text: name, column: true}), rest
		default:
			inner, rest, _ := strings.Cut(s[1:], "]")
			out, s = append(out, piece{optional: compileTemplate(inner)}), rest
		}
	}
	return out
}

// fill writes a sentence. It reports whether a column had a value.
func (t template) fill(b []byte, value func(column string) string) ([]byte, bool) {
	any := false
	for _, p := range t {
		switch {
		case p.optional != nil:
			if whole := p.optional.has(value); whole {
				b, _ = p.optional.fill(b, value)
				any = true
			}
		case p.column:
			v := value(p.text)
			any = any || v != ""
			b = append(b, clip(v, maxMessage)...)
		default:
			b = append(b, p.text...)
		}
	}
	return b, any
}

func (t template) has(value func(string) string) bool {
	for _, p := range t {
		if p.column && value(p.text) == "" {
			return false
		}
	}
	return true
}
