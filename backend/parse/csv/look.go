package delimited

import (
	"bytes"
	"context"
	"errors"
	"io"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
	"adjutant/backend/parse/mapping"
	"adjutant/backend/parse/stamp"
)

// Look is what the first bytes of a table show before anybody has said what it means.
type Look struct {
	Names   []string
	Rows    [][]string
	Maker   string          // of a known table, else ""
	Mapping mapping.Mapping // as the header and the first rows suggest it, or as it was given
}

// LookAt cuts the first bytes of a table into at most most rows. A mapping says how; without one it is guessed, and what was
// guessed is in the result. whole says that head is all of the file: else the last line may be cut and is left out. It reports
// whether there is a table.
func LookAt(head []byte, m *mapping.Mapping, most int, whole bool) (Look, bool) {
	in := parse.Input{Reader: bytes.NewReader(head), Size: int64(len(head)), Name: "the file"}
	if !whole {
		if end := bytes.LastIndexByte(head, '\n'); end > 0 {
			in.Size = int64(end) + 1
		}
	}
	var out Look
	var d dialect
	if m != nil {
		out.Mapping = *m
		d = mappedDialect(m, in, head)
	} else {
		var ok bool
		if d, ok = dialectOf(head); !ok {
			return out, false
		}
	}
	if len(d.header) == 0 {
		return out, false
	}
	out.Names = uniqueNames(d.header)
	if k := tablesOnce().knownTable(d.header); k != nil {
		out.Maker = k.title
	}
	r := newRows(in, d, &event.Slab{})
	for len(out.Rows) < most {
		row, err := r.next()
		if errors.Is(err, io.EOF) || err != nil {
			break
		}
		if !row.header && !row.tooLong {
			out.Rows = append(out.Rows, append([]string(nil), row.fields...))
		}
	}
	if m == nil {
		out.Mapping = suggest(in, d, head)
	}
	return out, true
}

// suggest makes the mapping that would be followed if nobody said another.
func suggest(in parse.Input, d dialect, head []byte) mapping.Mapping {
	m := mapping.Mapping{Version: 1, Shape: mapping.Table, Delimiter: d.separator, Header: !d.headless, NoQuotes: d.noQuotes, Fields: map[string]string{}}
	r := lines.New(bytes.NewReader(head), int64(len(head)))
	for {
		l, err := r.Next()
		if err != nil || l.Offset >= d.start {
			break
		}
		m.Skip++
	}
	p := &parser{ctx: context.Background(), in: in, zone: stamp.New(in.Assume), dialect: d}
	_ = p.plan() // what it cannot decide stays for the person who looks
	for _, c := range p.columns {
		if c.field != "" {
			m.Fields[c.name] = c.field
		}
	}
	name := func(i int) string {
		if i < 0 {
			return ""
		}
		return p.columns[i].name
	}
	cols := p.clock.all
	if cols == nil {
		cols = append(append([]timeColumn(nil), p.clock.primary...), p.clock.more...)
	}
	for _, c := range cols {
		t := mapping.Time{Column: name(c.index), Clock: name(c.with), UTC: c.utc, Form: stamp.Auto, Meaning: c.meaning}
		if !c.utc {
			t.Zone = name(c.zone)
		}
		switch {
		case c.formed && c.form.Name != "":
			t.Form = c.form.Name
		case p.zone.Order != stamp.Unknown && p.writesOrdered(c):
			t.Form = map[stamp.Order]string{stamp.DayFirst: "dmy", stamp.MonthFirst: "mdy"}[p.zone.Order]
		}
		m.Times = append(m.Times, t)
	}
	return m
}

// writesOrdered says that a column's first rows write dates of day and month.
func (p *parser) writesOrdered(c timeColumn) bool {
	sample, err := p.sample()
	if err != nil {
		return false
	}
	for _, row := range sample {
		if stamp.IsOrdered(c.text(row)) {
			return true
		}
	}
	return false
}
