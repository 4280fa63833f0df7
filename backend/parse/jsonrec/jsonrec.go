// Package jsonrec cuts files of JSON into records: one object a line, objects one after another, an array of objects, and
// documents that hold their records in an array or under numbered keys. What a record means is the shape of a format package.
//
// Stage 2 of the flow, below the JSON formats of parse. It keeps true that every value is an event or a counted skip with
// the offset of its bytes, that numbers keep their digits, and that a damaged record costs only itself.
//
// Specification: RFC 8259; nesting is limited to parse.MaxDepth and a record to parse.MaxRecordBytes.
package jsonrec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
	"adjutant/backend/parse/stamp"
)

// Reasons under which records are counted as skipped.
const (
	ReasonSyntax = "not valid JSON"
	reasonObject = "not a JSON object"
	reasonDeep   = "nested deeper than 64"
	ReasonLong   = "record longer than 16 MiB"
	ReasonCut    = "the file ends inside the record"
)

// Shape is what a format knows about its records.
type Shape struct {
	Name, Version string // of the format
	// Fits says that an object is a record of this product; nil: any object is. A record of a file that does not fit keeps
	// all its values under Name and a warning says so.
	Fits func(v *fastjson.Value) bool
	// Fill sets times and fields of one record, in any order.
	Fill func(r *Record)
}

// Record is one object on its way into an event.
type Record struct {
	Event *event.Event    // Locator, Parser and Version are set
	Value *fastjson.Value // valid until Fill returns
	Times *stamp.Reader
	room  *room
}

// At adds a time when text holds one and reports whether it did. The first time added is the event's primary one.
func (r *Record) At(meaning event.TimeKind, text string) bool {
	if text == "" {
		return false
	}
	t, err := r.Times.Read(text)
	if err != nil {
		return false
	}
	t.Meaning = meaning
	r.Event.Times = append(r.Event.Times, t)
	return true
}

// Text is the text or the digits of a member, "" when there is none.
func (r *Record) Text(keys ...string) string { return TextOf(r.Value, keys...) }

// Set sets a text field; "" sets nothing.
func (r *Record) Set(name, value string) { r.Field(name, event.KindString, value) }

// Field sets a field of any kind; "" sets nothing.
func (r *Record) Field(name string, kind event.Kind, value string) {
	if value != "" {
		r.room.set(r.Event, name, kind, value)
	}
}

// Scalar is the text or the digits of a value, or the word of a truth value; "" when it is none of them.
func (r *Record) Scalar(v *fastjson.Value) string {
	switch v.Type() {
	case fastjson.TypeString:
		return r.room.text(v.GetStringBytes())
	case fastjson.TypeNumber:
		r.room.buf = v.MarshalTo(r.room.buf[:0])
		return r.room.text(r.room.buf)
	case fastjson.TypeTrue:
		return "true"
	case fastjson.TypeFalse:
		return "false"
	}
	return ""
}

// Key is a member's name, mended where it is no UTF-8; names that come again cost nothing.
func (r *Record) Key(key []byte) string { return r.room.child(&r.room.keys, key).text }

// Number sets a number by its digits as JSON writes them; other text sets nothing.
func (r *Record) Number(name, digits string) {
	if digits != "" && fastjson.Validate(digits) == nil && (digits[0] == '-' || digits[0] >= '0' && digits[0] <= '9') {
		r.Field(name, event.KindNumber, digits)
	}
}

// Leaves are all scalars of the record under their dotted names, as Flatten gives them. The slice is valid until the next call.
func (r *Record) Leaves() []Leaf { return r.LeavesOf(r.Value) }

// LeavesOf is Leaves of a part of the record.
func (r *Record) LeavesOf(v *fastjson.Value) []Leaf {
	r.room.leaves = r.room.leaves[:0]
	r.room.flatten(&r.room.root, v)
	return r.room.leaves
}

// Put sets leaves as fields under a prefix that ends with a dot.
func (r *Record) Put(prefix string, leaves []Leaf) {
	for i := range leaves {
		l := &leaves[i]
		r.Field(r.Under(prefix, l), l.Kind, l.Value)
	}
}

// Under is a leaf's name behind a prefix that ends with a dot.
func (r *Record) Under(prefix string, l *Leaf) string { return r.room.under(prefix, l) }

// Parse reads a file by a shape. It is the body of parse.Format's Parse.
func Parse(ctx context.Context, in parse.Input, s Shape, emit func(*event.Event) error) (parse.Result, error) {
	p := &walk{ctx: ctx, emit: emit, times: stamp.New(in.Assume), shape: s, transient: in.Transient}
	l, err := layoutOf(in)
	if err != nil {
		return p.res, err
	}
	if l.lines {
		err = p.lines(in)
	} else {
		err = p.stream(in, l)
	}
	p.finish()
	return p.res, err
}

type walk struct {
	ctx     context.Context
	emit    func(*event.Event) error
	times   *stamp.Reader
	shape   Shape
	res     parse.Result
	json    fastjson.Parser
	damaged bool
	undated int64
	room    room
	now     Record

	transient bool
}

// lines reads one value a line; a damaged line costs only itself.
func (p *walk) lines(in parse.Input) error {
	r := lines.New(in.Reader, in.Size)
	for n := 0; ; n++ {
		if n%1024 == 0 && p.ctx.Err() != nil {
			return p.ctx.Err()
		}
		l, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if l.Blank() {
			continue
		}
		if l.TooLong {
			p.res.Read++
			p.skip(ReasonLong, l.Offset)
			continue
		}
		text := bytes.TrimLeft(l.Text, " \t")
		offset := l.Offset + int64(len(l.Text)-len(text))
		if err := p.record(bytes.TrimRight(text, " \t"), offset); err != nil {
			return err
		}
	}
}

// stream reads values that may run over many lines.
func (p *walk) stream(in parse.Input, l layout) error {
	s := newScanner(in, l)
	for n := 0; ; n++ {
		if n%256 == 0 && p.ctx.Err() != nil {
			return p.ctx.Err()
		}
		v, err := s.next()
		if err != nil {
			return err
		}
		if v.complaint != "" {
			p.damaged = true
			p.res.Warn(v.offset, v.complaint)
		}
		if v.end {
			return nil
		}
		switch {
		case v.reason != "":
			p.res.Read++
			p.skip(v.reason, v.offset)
			if v.reason == ReasonCut {
				if _, err := s.resync(v.offset); err != nil {
					return err
				}
			}
		case v.text != nil:
			if err := p.record(v.text, v.offset); err != nil {
				return err
			}
		}
	}
}

func (p *walk) skip(reason string, offset int64) {
	p.res.Skip(reason)
	p.res.Warn(offset, reason)
}

// record reads one value and emits its event.
func (p *walk) record(b []byte, offset int64) error {
	p.res.Read++
	if depthOf(b) > parse.MaxDepth {
		p.skip(reasonDeep, offset)
		return nil
	}
	size, bad := len(b), 0
	if !utf8.Valid(b) {
		var text string
		text, bad = lines.Clean(b)
		b = []byte(text)
	}
	if err := fastjson.ValidateBytes(b); err != nil {
		p.skip(ReasonSyntax, offset)
		return nil
	}
	v, err := p.json.ParseBytes(b)
	if err != nil {
		p.skip(ReasonSyntax, offset)
		return nil
	}
	if v.Type() != fastjson.TypeObject {
		p.skip(reasonObject, offset)
		return nil
	}
	lines.WarnBadBytes(&p.res, offset, bad)
	if p.transient {
		p.room.slab.Reuse()
	}
	e := p.room.slab.Event()
	e.Parser, e.Version, e.Locator = p.shape.Name, p.shape.Version, event.Locator{Offset: offset, Length: int64(size)}
	e.Fields = make([]event.Field, 0, max(16, p.room.most))
	p.now = Record{Event: e, Value: v, Times: p.times, room: &p.room}
	r := &p.now
	if p.shape.Fits == nil || p.shape.Fits(v) {
		p.shape.Fill(r)
	} else {
		r.Put(p.shape.Name+".", r.Leaves())
		p.res.Warn(offset, "a record of another kind among those of "+p.shape.Name+"; its values are kept, its time is not read")
	}
	p.times.Doubt(e)
	p.room.sort(e)
	p.room.most = min(len(e.Fields)+4, maxGuess)
	if len(e.Fields) > parse.MaxFields {
		p.res.Warn(offset, fmt.Sprintf("the record has %d fields; the first %d are kept", len(e.Fields), parse.MaxFields))
		e.Fields = e.Fields[:parse.MaxFields]
	}
	if len(e.Times) > 0 {
		p.res.Saw(e.Times[0].At)
	} else {
		p.undated++
	}
	p.res.Parsed++
	return p.emit(e)
}

func (p *walk) finish() {
	r := &p.res
	switch {
	case r.Read == 0 && !p.damaged:
		r.Status, r.Note = parse.StatusEmpty, "the file holds no record"
	case r.Parsed == 0:
		r.Status, r.Note = parse.StatusFailed, "no record could be read as a JSON object"
	case r.Parsed < r.Read || p.damaged:
		r.Status = parse.StatusPartial
	default:
		r.Status = parse.StatusOK
	}
	if p.undated > 0 {
		r.Note = fmt.Sprintf("%d records have no time that could be read and stand at the end of the timeline", p.undated)
	}
	r.Local = p.times.Local
	if note := p.times.Note(); note != "" {
		if r.Note != "" {
			r.Note += ". "
		}
		r.Note += note
	}
}
