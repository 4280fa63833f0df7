// Package delimited reads tables in text: comma, semicolon, tab or bar between the columns, one header line, one event a row.
//
// Stage 2 of the flow, one format of parse. It keeps true that every row is an event or a counted skip, that columns ECS has
// no name for stay as csv.<name>, and that what the table does not say about its times is never guessed: without a
// recognisable time column, or with dates that could be read two ways, it asks (parse.ErrNeedsAnswer); a zone that nobody
// has answered is UTC and is said to be assumed.
//
// Specification: RFC 4180, read leniently: other separators, quotes inside of fields, rows of other lengths.
package delimited

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
	"adjutant/backend/parse/mapping"
	"adjutant/backend/parse/stamp"
)

// Name is the parser's word in receipts and event ids.
const Name = "csv"

// version changes whenever the same bytes give other events.
const version = "2"

const reasonLong = "row longer than 16 MiB"

// Format reads delimited tables.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

// Detect wants a header of names and rows with as many columns. A name that ends in .csv or .tsv counts for much, because
// people name tables so.
func (Format) Detect(head []byte, name string) int {
	d, ok := dialectOf(head)
	if !ok {
		return 0
	}
	lower := strings.ToLower(name)
	named := strings.HasSuffix(lower, ".csv") || strings.HasSuffix(lower, ".tsv")
	score := 0
	switch {
	case tablesOnce().knownTable(d.header) != nil:
		return knownScore
	case d.knownTime && d.rows > 0:
		score = 60
	case d.rows >= 2 && len(d.header) >= 3:
		score = 45
	case d.rows >= 2:
		score = 30
	case d.rows == 1 && len(d.header) >= 4:
		score = 30
	}
	if named {
		score += 35
	}
	return score
}

// knownScore lies above what formats of any text give: the header names the maker.
const knownScore = 96

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	p := &parser{ctx: ctx, in: in, emit: emit, zone: stamp.New(in.Assume)}
	head := make([]byte, min(in.Size, parse.HeadBytes))
	if n, err := in.Reader.ReadAt(head, 0); err != nil && !(errors.Is(err, io.EOF) && n == len(head)) {
		return p.res, fmt.Errorf("csv: read the first %d bytes: %w", len(head), err)
	}
	if in.Assume.Mapping != nil {
		return p.run(func() error { return p.planMapped(head) })
	}
	d, ok := dialectOf(head)
	if !ok {
		p.res.Status, p.res.Note = parse.StatusFailed, "no header line with at least two columns was found"
		if len(strings.Trim(string(head), " \t\r\n\x00\ufeff")) == 0 {
			p.res.Status, p.res.Note = parse.StatusEmpty, "the file holds no row"
		}
		return p.res, nil
	}
	p.dialect = d
	return p.run(p.plan)
}

// run reads the rows after a plan has been made for them.
func (p *parser) run(plan func() error) (parse.Result, error) {
	err := plan()
	if err == nil {
		p.makeSlots()
		err = p.rows()
	}
	if errors.Is(err, parse.ErrNeedsAnswer) {
		p.res.Status = parse.StatusFailed
		p.res.Note = strings.TrimPrefix(err.Error(), parse.ErrNeedsAnswer.Error()+": ")
		return p.res, err
	}
	p.finish()
	return p.res, err
}

type parser struct {
	ctx     context.Context
	in      parse.Input
	emit    func(*event.Event) error
	zone    *stamp.Reader
	dialect dialect
	columns []column
	clock   clock
	known   *known           // whose table it is, nil when nobody's
	mapped  *mapping.Mapping // what a person said, nil when nobody did
	slots   []slot
	index   map[string]int // columns by their names
	normal  map[string]int // and by those in normal form
	words   []byte
	slab    event.Slab
	res     parse.Result
	undated int64
	ragged  int64

	keepClock bool   // the columns of times are kept beside the times, because one could not tell them apart
	firstBad  string // the first text that should have been a time
	firstRow  int64
}

// rows emits every row below the header.
func (p *parser) rows() error {
	r := newRows(p.in, p.dialect, &p.slab)
	for n := 0; ; n++ {
		if n%1024 == 0 && p.ctx.Err() != nil {
			return p.ctx.Err()
		}
		if p.in.Transient {
			p.slab.Reuse()
		}
		row, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if row.header {
			continue
		}
		p.res.Read++
		if row.tooLong {
			p.res.Skip(reasonLong)
			p.res.Warn(row.offset, reasonLong)
			continue
		}
		if row.openQuote {
			p.res.Warn(row.offset, "a quote is opened and never closed; the row ends at its line")
		}
		lines.WarnBadBytes(&p.res, row.offset, row.bad)
		if err := p.row(row); err != nil {
			return err
		}
	}
}

func (p *parser) row(row row) error {
	if len(row.fields) != len(p.columns) {
		p.ragged++
		p.res.Warn(row.offset, fmt.Sprintf("%d columns where the header has %d; the row is kept", len(row.fields), len(p.columns)))
	}
	e := p.slab.Event()
	e.Parser, e.Version, e.Locator = Name, version, event.Locator{Offset: row.offset, Length: row.size}
	times, used := p.clock.times(p.zone, row.fields)
	switch {
	case len(times) > 0:
		e.Times = p.slab.Times(len(times))
		copy(e.Times, times)
		p.res.Saw(e.Times[0].At)
	case p.dated():
		p.noTime(row)
	}
	p.fill(e, row.fields, used)
	if p.known != nil && p.known.name == payloadTable {
		p.windows(e, row.fields)
	}
	if len(e.Fields) > parse.MaxFields {
		p.res.Warn(row.offset, fmt.Sprintf("the row has %d fields; the first %d are kept", len(e.Fields), parse.MaxFields))
		e.Fields = e.Fields[:parse.MaxFields]
	}
	p.res.Parsed++
	return p.emit(e)
}

// dated says that the table has a column of times at all.
func (p *parser) dated() bool { return len(p.clock.primary) > 0 || len(p.clock.all) > 0 }

// noTime counts a row without a time, and keeps the first text that should have been one.
func (p *parser) noTime(row row) {
	p.undated++
	p.res.Warn(row.offset, "no time in the row can be read; it is kept without one")
	for _, cols := range [][]timeColumn{p.clock.primary, p.clock.all} {
		for _, c := range cols {
			if s := c.text(row.fields); p.firstBad == "" && s != "" {
				p.firstBad, p.firstRow = fmt.Sprintf("%q in column %q", clip(strings.Clone(s), 60), p.columns[c.index].name), p.res.Read
			}
		}
	}
}

func (p *parser) finish() {
	r := &p.res
	switch {
	case r.Read == 0:
		r.Status, r.Note = parse.StatusEmpty, "the table has a header and no row"
	case r.Parsed == 0:
		r.Status, r.Note = parse.StatusFailed, "no row could be read"
	case r.Parsed < r.Read:
		r.Status = parse.StatusPartial
	default:
		r.Status = parse.StatusOK
	}
	add := func(s string) {
		if r.Note != "" && s != "" {
			r.Note += ". "
		}
		r.Note += s
	}
	if p.known != nil {
		add("read as a table of " + p.known.title)
		if p.known.module == "timesketch" && p.find("message") < 0 {
			add("it has no column \"message\", which Timesketch asks for; a sentence was made of the other columns; to choose another one, map it to message")
		}
	}
	if p.mapped != nil {
		add("read by a mapping that was answered for it")
	}
	if !p.dated() && r.Parsed > 0 {
		add(fmt.Sprintf("its rows state no time; %d rows stand at the end of the timeline", r.Parsed))
	}
	if p.undated > 0 {
		text := fmt.Sprintf("%d rows have no time that could be read and stand at the end of the timeline", p.undated)
		if p.firstBad != "" {
			text += fmt.Sprintf(" (the first is row %d: %s); if it is one, map the column with the form of its times", p.firstRow, p.firstBad)
		}
		add(text)
	}
	if p.ragged > 0 {
		add(fmt.Sprintf("%d rows have more or fewer columns than the header", p.ragged))
	}
	r.Local = p.zone.Local
	add(p.clock.years.Note())
	add(p.zone.Note())
}
