package jsonl

import (
	"context"
	"fmt"
	"strings"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/mapping"
	"adjutant/backend/parse/stamp"
	"adjutant/backend/parse/yearless"
)

// timeKey is a time of the mapping with its compiled form.
type timeKey struct {
	mapping.Time
	form stamp.Form
	read *stamp.Reader // of times that are said to be UTC
}

// prepare reads the mapping that the answers hold; its zone becomes that of the answers.
func (p *record) prepare(in *parse.Input) error {
	unfit := func(format string, a ...any) error {
		return fmt.Errorf("%w: %s cannot be read by the mapping: %s; correct the mapping", parse.ErrNeedsAnswer, in.Name, fmt.Sprintf(format, a...))
	}
	m, err := mapping.Parse(in.Assume.Mapping)
	if err != nil {
		return unfit("%v", err)
	}
	if m.Shape != mapping.JSON {
		return unfit("the mapping is one for a table")
	}
	p.mapped = m
	by := in.Assume.MappingBy
	if by == "" {
		by = "mapping"
	}
	if m.Zone != "" {
		zone, err := time.LoadLocation(m.Zone)
		if err != nil {
			return unfit("%v", err)
		}
		in.Assume.Zone, in.Assume.ZoneBy = zone, by
	}
	for _, t := range m.Times {
		f, err := stamp.FormNamed(t.Form)
		if err != nil {
			return unfit("%v", err)
		}
		p.times = append(p.times, timeKey{Time: t, form: f})
	}
	for i := range p.times {
		if p.times[i].form.Yearless() {
			return p.prepareYears(*in, &p.times[i], by)
		}
	}
	return nil
}

// prepareYears finds the year of the first record where the times state none.
func (p *record) prepareYears(in parse.Input, k *timeKey, by string) error {
	if p.mapped.Year != 0 {
		in.Assume.Year, in.Assume.YearBy = p.mapped.Year, by
	}
	return p.years.PrepareFrom(in, func(saw func(yearless.Civil)) error {
		// What is damaged is met again by the reading pass, which reports it.
		_, err := jsonrec.Parse(context.Background(), in, jsonrec.Shape{Name: Name, Version: version, Fill: func(r *jsonrec.Record) {
			if w, ok := k.form.Wall(k.text(r.Leaves())); ok {
				saw(yearless.Civil(w))
			}
		}}, func(*event.Event) error { return nil })
		return err
	})
}

// text is what the record holds under the key, with the clock that belongs to it.
func (k *timeKey) text(leaves []jsonrec.Leaf) string {
	value := func(name string) string {
		for i := range leaves {
			if leaves[i].Name == name {
				return strings.TrimSpace(leaves[i].Value)
			}
		}
		return ""
	}
	s := value(k.Column)
	if k.Clock == "" || s == "" {
		return s
	}
	c := value(k.Clock)
	if c == "" {
		return ""
	}
	return s + " " + c
}

// byMapping reads a record as a person said.
func (p *record) byMapping() {
	leaves := p.Leaves()
	used := ""
	for i := range p.times {
		k := &p.times[i]
		text := k.text(leaves)
		if text == "" {
			continue
		}
		r := p.Times
		switch {
		case k.UTC:
			if k.read == nil {
				k.read = p.Times.In(time.UTC)
			}
			r = k.read
		case k.Zone != "":
			if l := stamp.ZoneNamed((&timeKey{Time: mapping.Time{Column: k.Zone}}).text(leaves)); l != nil {
				r = p.Times.In(l)
			}
		}
		var t event.Time
		var err error
		if w, ok := k.form.Wall(text); ok {
			t, err = p.years.Read(r, yearless.Civil(w), text)
		} else {
			t, err = k.form.Read(r, text)
		}
		if err != nil {
			continue
		}
		t.Meaning = k.Meaning
		if len(p.Event.Times) == 0 && k.Clock == "" {
			used = k.Column
		}
		p.Event.Times = append(p.Event.Times, t)
	}
	if len(p.times) > 1 {
		used = "" // one could not tell the times apart without their names
	}
	for i := range leaves {
		l := &leaves[i]
		if l.Name == used && used != "" {
			continue
		}
		field, ok := p.mapped.Fields[l.Name]
		if !ok || !fits(field, *l) {
			field = p.Under("json.", l)
		}
		p.Field(field, l.Kind, l.Value)
	}
	p.Set("event.kind", "event")
	for name, value := range p.mapped.Constants {
		p.Set(name, value)
	}
}

func (p *record) mappedNote() string {
	if p.mapped == nil {
		return ""
	}
	return "read by a mapping that was answered for it"
}
