package delimited

import (
	"errors"
	"fmt"
	"io"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
	"adjutant/backend/parse/mapping"
	"adjutant/backend/parse/stamp"
	"adjutant/backend/parse/yearless"
)

// planMapped makes dialect, columns and times as a person said.
func (p *parser) planMapped(head []byte) error {
	m, err := mapping.Parse(p.in.Assume.Mapping)
	if err != nil {
		return p.unfit("%v", err)
	}
	if m.Shape != mapping.Table {
		return p.unfit("the mapping is one for JSON")
	}
	p.mapped = m
	p.dialect = mappedDialect(m, p.in, head)
	if len(p.dialect.header) == 0 {
		return nil // an empty table
	}
	for _, name := range uniqueNames(p.dialect.header) {
		c := column{name: name, kind: "text", answer: true}
		if field, ok := m.Fields[name]; ok {
			c.field, c.kind = field, kindOf(field)
		}
		p.columns = append(p.columns, c)
	}
	for column := range m.Fields {
		if p.exact(column) < 0 {
			return p.unfit("the mapping names the column %q, which it does not have (columns: %s)", clip(column, 60), p.names())
		}
	}
	if m.Zone != "" {
		zone, err := time.LoadLocation(m.Zone)
		if err != nil {
			return p.unfit("%v", err)
		}
		p.zone.Zone, p.zone.By = zone, p.mappedBy()
	}
	p.clock.meaning, p.clock.all = -1, []timeColumn{}
	for _, t := range m.Times {
		c := timeColumn{with: -1, zone: -1, utc: t.UTC, meaning: t.Meaning, formed: t.Form != stamp.Auto, only: true}
		for _, at := range []struct {
			name string
			to   *int
		}{{t.Column, &c.index}, {t.Clock, &c.with}, {t.Zone, &c.zone}} {
			if at.name == "" {
				continue
			}
			if *at.to = p.exact(at.name); *at.to < 0 {
				return p.unfit("the mapping names the column %q, which it does not have (columns: %s)", clip(at.name, 60), p.names())
			}
		}
		if c.form, err = stamp.FormNamed(t.Form); err != nil {
			return p.unfit("%v", err)
		}
		p.clock.all = append(p.clock.all, c)
	}
	if err := p.prepareYears(m); err != nil {
		return err
	}
	return p.checkMapped()
}

// mappedBy is who assumed what the mapping says.
func (p *parser) mappedBy() string {
	if p.in.Assume.MappingBy == "" {
		return "mapping"
	}
	return p.in.Assume.MappingBy
}

func (p *parser) unfit(format string, a ...any) error {
	return fmt.Errorf("%w: %s cannot be read by the mapping: %s; correct the mapping", parse.ErrNeedsAnswer, p.in.Name, fmt.Sprintf(format, a...))
}

// exact finds a column by its name as it stands.
func (p *parser) exact(name string) int {
	if i := p.find(name); i >= 0 && p.columns[i].name == name {
		return i
	}
	return -1
}

// checkMapped wants the first rows to hold a time where the mapping says so, or a whole table would come in undated.
func (p *parser) checkMapped() error {
	if len(p.clock.all) == 0 {
		return nil
	}
	sample, err := p.sample()
	if err != nil || len(sample) == 0 {
		return err
	}
	example, ambiguous := "", false
	for _, c := range p.clock.all {
		if p.holdsTimes(c, sample, 1) {
			if c.formed {
				return nil
			}
			if p.zone.Order == stamp.Unknown {
				return p.settleOrder(c)
			}
			return nil
		}
		if s := c.text(sample[0]); example == "" {
			example, ambiguous = s, stamp.IsOrdered(s)
		}
	}
	if ambiguous {
		return p.unfit("the times are not in the form that it names, for example %q", clip(example, 60))
	}
	return p.unfit("none of the first %d rows has a time in the form that it names, for example %q", len(sample), clip(example, 60))
}

// prepareYears finds the year of the first row where the times state none.
func (p *parser) prepareYears(m *mapping.Mapping) error {
	for i := range p.clock.all {
		c := &p.clock.all[i]
		if !c.form.Yearless() {
			continue
		}
		in := p.in
		if m.Year != 0 {
			in.Assume.Year, in.Assume.YearBy = m.Year, p.mappedBy()
		}
		return p.clock.years.PrepareFrom(in, func(saw func(yearless.Civil)) error {
			var slab event.Slab
			r := newRows(p.in, p.dialect, &slab)
			for n := 0; ; n++ {
				if n%1024 == 1023 {
					if err := p.ctx.Err(); err != nil {
						return err
					}
					slab.Reuse()
				}
				row, err := r.next()
				if err != nil {
					return nil // the reading pass meets the same error and reports it
				}
				if row.header || row.tooLong {
					continue
				}
				if w, ok := c.form.Wall(c.text(row.fields)); ok {
					saw(yearless.Civil(w))
				}
			}
		})
	}
	return nil
}

// mappedDialect finds header and first row below the lines that are skipped.
func mappedDialect(m *mapping.Mapping, in parse.Input, head []byte) dialect {
	d := dialect{cutter: cutter{separator: m.Delimiter, noQuotes: m.NoQuotes}, headless: !m.Header}
	r := lines.New(in.Reader, in.Size)
	for n := 0; ; n++ {
		l, err := r.Next()
		if err != nil {
			return d
		}
		if n < m.Skip || l.Blank() || l.TooLong {
			continue
		}
		d.start = l.Offset
		text, _ := lines.Clean(l.Text)
		d.header, _ = d.split(nil, text)
		break
	}
	if m.Header {
		return d
	}
	widest := 0
	var slab event.Slab
	for rows, n := newRows(in, d, &slab), 0; n < planRows; n++ {
		row, err := rows.next()
		if errors.Is(err, io.EOF) || err != nil {
			break
		}
		widest = max(widest, len(row.fields))
	}
	d.header = make([]string, min(widest, parse.MaxFields)) // unnamed: column_1, column_2 …
	return d
}
