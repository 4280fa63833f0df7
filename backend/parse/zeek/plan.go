package zeek

import (
	"slices"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/sentence"
	"adjutant/backend/parse/stamp"
	"adjutant/backend/parse/weblog"
)

// column is one column of a head, or one member of a JSON record.
type column struct{ name, kind string }

// op is what is done with a column's value.
type op uint8

const (
	opConst op = iota
	opText
	opNumber
	opBool
	opList
	opListNumber
	opIP
	opSeconds
	opURL
	opStatus
	opOutcome
	opAccount
	opMessage
)

// step sets one field, or a few that stand together.
type step struct {
	field string
	op    op
	col   int
	text  string // of opConst; for numbers the field that keeps what is no number
}

// timeStep reads one time.
type timeStep struct {
	col     int
	meaning event.TimeKind
	field   string // that keeps what cannot be read
}

// plan is how the rows of one head become events: worked out once, in the order of the fields' names, so that a row costs neither
// look-ups nor sorting.
type plan struct {
	steps   []step
	times   []timeStep
	message sentence.Bound
	buf     []byte
}

// maxName bounds the name of a log inside field names.
const maxName = 64

func newPlan(path string, columns []column) *plan {
	k := knowledge()
	if path == "" || len(path) > maxName || strings.Trim(path, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
		path = "log"
	}
	p := &plan{}
	add := func(field string, o op, col int, text string) { p.steps = append(p.steps, step{field, o, col, text}) }
	add("event.dataset", opConst, 0, "zeek."+path)
	add("event.kind", opConst, 0, "event")
	add("event.module", opConst, 0, "zeek")
	about := k.paths[path]
	if about != nil {
		for _, c := range about.categories {
			add("event.category", opConst, 0, c)
		}
		add("event.type", opConst, 0, about.kind)
	}
	p.message = messageOf(path, about, columns)
	add("message", opMessage, 0, "")
	for i, c := range columns {
		own := "zeek." + path + "." + c.name
		if c.kind == "time" {
			if m := k.meaning(path, c.name); m != "" {
				t := timeStep{i, m, own}
				if m == event.Occurred {
					p.times = append([]timeStep{t}, p.times...)
				} else {
					p.times = append(p.times, t)
				}
			}
			if c.name != "ts" {
				add(own, opNumber, i, own+"_text")
			}
			continue
		}
		natural := opOf(c.kind)
		kept := false
		for _, t := range k.targets(path, c.name) {
			kept = true
			switch t.how {
			case howIP:
				add(t.field, opIP, i, "")
			case howSeconds:
				add(t.field, opSeconds, i, "")
				kept = false
			case howURL:
				add(t.field, opURL, i, "")
			case howStatus:
				add(t.field, opStatus, i, "")
			case howOutcome:
				add(t.field, opOutcome, i, "")
				kept = false
			case howAccount:
				add(t.field, opAccount, i, "")
				kept = false
			default:
				add(t.field, natural, i, own)
			}
		}
		if !kept {
			add(own, natural, i, own+"_text")
		}
	}
	slices.SortStableFunc(p.steps, func(a, b step) int { return strings.Compare(a.field, b.field) })
	return p
}

// opOf gives the op of a type as #types writes it.
func opOf(kind string) op {
	inner, list := kind, false
	for _, prefix := range []string{"set[", "vector[", "list["} {
		if in, ok := strings.CutPrefix(kind, prefix); ok {
			inner, list = strings.TrimSuffix(in, "]"), true
		}
	}
	number := false
	switch inner {
	case "count", "int", "double", "interval", "port", "counter", "time":
		number = true
	case "bool":
		if !list {
			return opBool
		}
	}
	switch {
	case list && number:
		return opListNumber
	case list:
		return opList
	case number:
		return opNumber
	}
	return opText
}

// messageOf is the sentence of the table, or, of a log that it does not know, its name and its first words.
func messageOf(path string, about *logPath, columns []column) sentence.Bound {
	const words = 6
	var names []string
	for _, c := range columns {
		if c.name != "ts" && c.name != "uid" && len(names) < words {
			names = append(names, c.name)
		}
	}
	s := sentence.Words(path, names)
	if about != nil {
		s = about.message
	}
	return s.Bind(func(name string) int { return slices.IndexFunc(columns, func(c column) bool { return c.name == name }) })
}

// row is where the values of one record are.
type row interface {
	// Value is the text of a column that is not a list, or the text of the list as it stands; "" when it is unset or empty.
	Value(col int) string
	// each hands out the elements of a list.
	each(col int, f func(string))
}

// sink is the event under way.
type sink interface {
	weblog.Fields
	Time(event.Time)
}

// run sets the fields of one row.
func (p *plan) run(r row, to sink) {
	for i := range p.steps {
		s := &p.steps[i]
		switch s.op {
		case opConst:
			to.Keep(s.field, s.text)
			continue
		case opMessage:
			p.buf, _ = p.message.Append(p.buf[:0], r)
			to.Keep(s.field, string(p.buf))
			continue
		case opList:
			r.each(s.col, func(v string) { to.Keep(s.field, v) })
			continue
		case opListNumber:
			r.each(s.col, func(v string) { to.Decimal(s.field, v, s.text) })
			continue
		}
		v := r.Value(s.col)
		if v == "" {
			continue
		}
		switch s.op {
		case opText:
			to.Keep(s.field, v)
		case opNumber:
			to.Decimal(s.field, v, s.text)
		case opBool:
			switch v {
			case "T", "true":
				to.Bool(s.field, true)
			case "F", "false":
				to.Bool(s.field, false)
			default:
				to.Keep(s.field, v)
			}
		case opIP:
			if ip := linelog.IP(v); ip != "" {
				to.Keep(s.field, ip)
			}
		case opSeconds:
			to.Number(s.field, nanoseconds(v), "")
		case opURL:
			weblog.URL(to, v)
		case opStatus:
			to.Number(s.field, v, "zeek.http.status_code")
			if o := weblog.Outcome(v); o != "" {
				to.Keep("event.outcome", o)
			}
		case opOutcome:
			switch v {
			case "T", "true":
				to.Keep(s.field, "success")
			case "F", "false":
				to.Keep(s.field, "failure")
			}
		case opAccount:
			name, domain, _ := strings.Cut(v, "/")
			to.Keep("user.domain", domain)
			to.Keep(s.field, name)
		}
	}
}

// stamps adds the times of a row and reports whether its primary one could be read, or is absent.
func (p *plan) stamps(r row, times *stamp.Reader, to sink) bool {
	whole := true
	for _, s := range p.times {
		v := r.Value(s.col)
		if v == "" {
			continue
		}
		t, err := readTime(v, times)
		if err != nil {
			if s.meaning == event.Occurred {
				whole = false
				to.Keep(s.field, v)
			}
			continue
		}
		t.Meaning = s.meaning
		to.Time(t)
	}
	return whole
}

// nanoseconds turns "0.001018" seconds into "1018000"; "" for what is no such number.
func nanoseconds(s string) string {
	whole, fraction, _ := strings.Cut(s, ".")
	if whole == "" || len(whole) > 9 || len(fraction) > 9 || strings.Trim(whole+fraction, "0123456789") != "" {
		return ""
	}
	return whole + fraction + "000000000"[len(fraction):]
}
