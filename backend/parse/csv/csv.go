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
	"adjutant/backend/parse/stamp"
)

// Name is the parser's word in receipts and event ids.
const Name = "csv"

// version changes whenever the same bytes give other events.
const version = "1"

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

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	p := &parser{ctx: ctx, in: in, emit: emit, zone: stamp.New(in.Assume)}
	head := make([]byte, min(in.Size, parse.HeadBytes))
	if n, err := in.Reader.ReadAt(head, 0); err != nil && !(errors.Is(err, io.EOF) && n == len(head)) {
		return p.res, fmt.Errorf("csv: read the first %d bytes: %w", len(head), err)
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
	err := p.plan()
	if err == nil {
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
	res     parse.Result
	undated int64
	ragged  int64
	taken   []string // ECS fields that the present row has filled
}

// rows emits every row below the header.
func (p *parser) rows() error {
	r := newRows(p.in, p.dialect)
	for n := 0; ; n++ {
		if n%1024 == 0 && p.ctx.Err() != nil {
			return p.ctx.Err()
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
	e := &event.Event{Parser: Name, Version: version, Locator: event.Locator{Offset: row.offset, Length: row.size}}
	used := p.clock.times(p.zone, e, row.fields)
	if len(e.Times) == 0 {
		p.undated++
		p.res.Warn(row.offset, "no time in the row can be read; it is kept without one")
	} else {
		p.res.Saw(e.Times[0].At)
	}
	p.fields(e, row.fields, used)
	e.Sort()
	if len(e.Fields) > parse.MaxFields {
		p.res.Warn(row.offset, fmt.Sprintf("the row has %d fields; the first %d are kept", len(e.Fields), parse.MaxFields))
		e.Fields = e.Fields[:parse.MaxFields]
	}
	p.res.Parsed++
	return p.emit(e)
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
	if p.undated > 0 {
		add(fmt.Sprintf("%d rows have no time that could be read and stand at the end of the timeline", p.undated))
	}
	if p.ragged > 0 {
		add(fmt.Sprintf("%d rows have more or fewer columns than the header", p.ragged))
	}
	r.Local = p.zone.Local
	add(p.zone.Note())
}
