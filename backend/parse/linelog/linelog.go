// Package linelog reads logs whose record is a line, or a line and those that continue it. What a line means is the grammar
// of a format package; the walk over the file, the counts, the receipt's words and the limits are here, once.
//
// Stage 2 of the flow, below the line formats of parse. It keeps true that a line is an event, a part of the event before
// it, a heading that the grammar knows, or a counted skip with a reason and its offset; that text handed on is valid UTF-8
// and the locator frames the source's own bytes; and that no record costs more memory than parse.MaxRecordBytes.
package linelog

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
	"adjutant/backend/parse/stamp"
	"adjutant/backend/parse/yearless"
)

// Reasons under which every line format counts lines as skipped; formats have others of their own.
const (
	ReasonLong = "line longer than 16 MiB"
	ReasonTime = "impossible time"
)

// Grammar is what a format knows about its lines. Functions left nil have the meaning given. A grammar may keep state of one
// file (the fields that a heading names): make a new one for each Parse.
type Grammar struct {
	Name, Version string // of the format
	What          string // what one line is, for the receipt: "a web access log line"

	// Continues says that a line belongs to the record before it. nil: never.
	Continues func(line []byte) bool
	// Aside takes a line that is no record and no damage: a comment, a heading. nil: there are none.
	Aside func(line []byte) bool
	// Read fills the event of one record. It returns "" or the reason under which the record is counted as skipped. Times are
	// read with Record.At or Record.Civil.
	Read func(r *Record) string
	// Yearless reads the head of a line whose time states no year. nil: every time states its year.
	Yearless func(line []byte) (yearless.Civil, bool)
	// Joins names the record that a line belongs to, where lines of other records may stand in between, and says whether the
	// line is that record's last. "" is a record of one line. nil: lines are joined by Continues alone.
	Joins func(line []byte) (name string, last bool)
	// Source cuts a file whose records are framed in another way than by line endings. nil: lines.
	Source func(in parse.Input) lines.Source
}

// Record is one record on its way into an event.
type Record struct {
	Event  *event.Event // Locator, Parser and Version are set; Read sets fields and times in any order
	Text   string       // valid UTF-8, lines joined by \n
	Offset int64        // of the first byte
	Times  *stamp.Reader
	years  *yearless.Years
	values *arena
	res    *parse.Result
}

// Warn notes damage in a record that is emitted all the same.
func (r *Record) Warn(text string) { r.res.Warn(r.Offset, text) }

// At reads a time by its text and adds it with a meaning. The first time added is the event's primary one.
func (r *Record) At(meaning event.TimeKind, text string) error {
	t, err := r.Times.Read(text)
	if err != nil {
		return err
	}
	t.Meaning = meaning
	r.Event.Times = append(r.Event.Times, t)
	return nil
}

// Civil adds a time that was taken apart already, with a year given where it has none.
func (r *Record) Civil(meaning event.TimeKind, c yearless.Civil, original string) error {
	t, err := r.years.Read(r.Times, c, original)
	if err != nil {
		return err
	}
	t.Meaning = meaning
	r.Event.Times = append(r.Event.Times, t)
	return nil
}

// Score is Detect for line formats: the share of the first lines that fit, up to most, 0 when fewer than six of ten do.
// Lines that continue others or stand aside are passed over; continues and aside may be nil.
func Score(head []byte, most int, fits, continues, aside func(line []byte) bool) int {
	r := lines.New(bytes.NewReader(head), int64(len(head)))
	seen, good := 0, 0
	for seen < 60 {
		l, err := r.Next()
		if err != nil {
			break
		}
		if l.Blank() || continues != nil && continues(l.Text) || aside != nil && aside(l.Text) {
			continue
		}
		if l.Offset+l.Size == int64(len(head)) && len(head) >= parse.HeadBytes && seen > 0 {
			break // perhaps cut in the middle
		}
		seen++
		if fits(l.Text) {
			good++
		}
	}
	if seen == 0 || good*10 < seen*6 {
		return 0
	}
	return most * good / seen
}

// Parse reads a file by a grammar. It is the body of parse.Format's Parse.
func Parse(ctx context.Context, in parse.Input, g Grammar, emit func(*event.Event) error) (parse.Result, error) {
	p := &walk{g: g, emit: emit, times: stamp.New(in.Assume), transient: in.Transient}
	if g.Yearless != nil {
		if err := p.years.Prepare(ctx, in, p.source(in), g.Yearless); err != nil {
			p.res.Status = parse.StatusFailed
			p.res.Note = strings.TrimPrefix(err.Error(), parse.ErrNeedsAnswer.Error()+": ")
			return p.res, err
		}
	}
	err := p.run(ctx, in)
	p.finish()
	return p.res, err
}

type walk struct {
	g     Grammar
	emit  func(*event.Event) error
	times *stamp.Reader
	years yearless.Years
	res   parse.Result

	open   bool // a record whose continuations may still come
	offset int64
	size   int64
	bad    int // bytes that are not UTF-8
	text   strings.Builder
	values arena

	transient bool // events and what they hold may be used again
	scratch   event.Event
	recordOf  Record

	joining joining
}

func (p *walk) source(in parse.Input) lines.Source {
	if p.g.Source != nil {
		return p.g.Source(in)
	}
	return lines.New(in.Reader, in.Size)
}

func (p *walk) run(ctx context.Context, in parse.Input) error {
	r := p.source(in)
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		l, err := r.Next()
		if errors.Is(err, io.EOF) {
			return p.flush()
		}
		if err != nil {
			return errors.Join(p.flush(), err)
		}
		if err := p.line(l); err != nil {
			return err
		}
	}
}

func (p *walk) line(l lines.Line) error {
	if l.Blank() {
		return nil
	}
	if l.TooLong {
		if err := p.flush(); err != nil {
			return err
		}
		p.res.Read++
		p.skip(ReasonLong, l.Offset)
		return nil
	}
	if p.open && p.g.Continues != nil && p.g.Continues(l.Text) && p.text.Len()+len(l.Text) < parse.MaxRecordBytes {
		text, bad := lines.Clean(l.Text)
		p.text.WriteByte('\n')
		p.text.WriteString(text)
		p.size = l.Offset + l.Size - p.offset
		p.bad += bad
		return nil
	}
	if p.g.Joins == nil {
		if err := p.flush(); err != nil {
			return err
		}
	}
	if p.g.Aside != nil && p.g.Aside(l.Text) {
		return nil
	}
	if p.g.Joins != nil {
		return p.join(l)
	}
	p.res.Read++
	text, bad := lines.Clean(l.Text)
	p.open, p.offset, p.size, p.bad = true, l.Offset, l.Size, bad
	if p.g.Continues == nil {
		p.open = false
		return p.record(text)
	}
	p.text.Reset()
	p.text.WriteString(text)
	return nil
}

// flush emits the record that is complete now.
func (p *walk) flush() error {
	if p.g.Joins != nil {
		return p.release(true)
	}
	if !p.open {
		return nil
	}
	p.open = false
	return p.record(p.text.String())
}

func (p *walk) record(text string) error {
	r := p.begin(text)
	e := r.Event
	reason := p.g.Read(r)
	p.times.Doubt(e)
	p.values.saw(len(e.Fields))
	if reason != "" {
		p.skip(reason, p.offset)
		return nil
	}
	lines.WarnBadBytes(&p.res, p.offset, p.bad)
	sort(e)
	if len(e.Times) > 0 {
		p.res.Saw(e.Times[0].At)
	}
	p.res.Parsed++
	return p.emit(e)
}

func (p *walk) skip(reason string, offset int64) {
	p.res.Skip(reason)
	p.res.Warn(offset, reason)
}

func (p *walk) finish() {
	r := &p.res
	switch {
	case r.Read == 0:
		r.Status, r.Note = parse.StatusEmpty, "the file holds no record"
	case r.Parsed == 0:
		r.Status, r.Note = parse.StatusFailed, "no line could be read as "+p.g.What
	case r.Parsed < r.Read:
		r.Status = parse.StatusPartial
	default:
		r.Status = parse.StatusOK
	}
	r.Local, r.Yearless = p.times.Local, p.years.Note() != ""
	for _, note := range []string{p.years.Note(), p.times.Note()} {
		if note != "" && r.Note != "" {
			r.Note += ". "
		}
		r.Note += note
	}
	if r.Note != "" {
		r.Note = strings.ToUpper(r.Note[:1]) + r.Note[1:]
	}
}
