// Package jsonl reads JSON: one object a line, objects one after another, an array of objects, and documents that hold
// their records in an array or under numbered keys. It knows the shapes of our own export, ECS documents, Windows
// events as JSON, CloudTrail and Timesketch; other objects keep their names under "json.".
//
// Stage 2 of the flow, one format of parse. It keeps true that every value is an event or a counted skip with the offset of
// its bytes, that numbers keep their digits, and that our own export comes back with the same fields.
//
// Specification: RFC 8259; nesting is limited to parse.MaxDepth and a record to parse.MaxRecordBytes.
package jsonl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
	"adjutant/backend/parse/stamp"
)

// Name is the parser's word in receipts and event ids.
const Name = "jsonl"

// version changes whenever the same bytes give other events.
const version = "1"

// Reasons under which records are counted as skipped.
const (
	reasonSyntax = "not valid JSON"
	reasonObject = "not a JSON object"
	reasonDeep   = "nested deeper than 64"
	reasonLong   = "record longer than 16 MiB"
	reasonCut    = "the file ends inside the record"
)

// Format reads JSON.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

// Detect wants an object or an array of objects at the start; the name only helps where the content is bare.
func (Format) Detect(head []byte, name string) int {
	b := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	lower := strings.ToLower(name)
	named := strings.HasSuffix(lower, ".json") || strings.HasSuffix(lower, ".jsonl") || strings.HasSuffix(lower, ".ndjson")
	if len(b) == 0 {
		return 0
	}
	score := 0
	inner := bytes.TrimLeft(b[1:], " \t\r\n")
	switch {
	case b[0] == '{' && len(inner) > 0 && (inner[0] == '"' || inner[0] == '}'):
		score = 75
		line, _, _ := bytes.Cut(b, []byte("\n"))
		if fastjson.ValidateBytes(shallow(line)) == nil {
			score = 90
		}
	case b[0] == '[' && len(inner) > 0 && (inner[0] == '{' || inner[0] == ']'):
		score = 85
	case named:
		score = 40
	}
	if score > 0 && named {
		score += 5
	}
	return score
}

// shallow returns b, or nothing when it is nested too deeply for the validator, which has no limit of its own.
func shallow(b []byte) []byte {
	if depthOf(b) > parse.MaxDepth {
		return nil
	}
	return b
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	p := &parser{ctx: ctx, emit: emit, zone: stamp.New(in.Assume), shapes: compiled()}
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

type parser struct {
	ctx     context.Context
	emit    func(*event.Event) error
	zone    *stamp.Reader
	shapes  *shapes
	res     parse.Result
	json    fastjson.Parser
	damaged bool
	undated int64
}

// lines reads one value a line; a damaged line costs only itself.
func (p *parser) lines(in parse.Input) error {
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
			p.skip(reasonLong, l.Offset)
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
func (p *parser) stream(in parse.Input, l layout) error {
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
			if v.reason == reasonCut {
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

func (p *parser) skip(reason string, offset int64) {
	p.res.Skip(reason)
	p.res.Warn(offset, reason)
}

// record reads one value and emits its event.
func (p *parser) record(b []byte, offset int64) error {
	p.res.Read++
	if depthOf(b) > parse.MaxDepth {
		p.skip(reasonDeep, offset)
		return nil
	}
	text, bad := lines.Clean(b)
	if err := fastjson.Validate(text); err != nil {
		p.skip(reasonSyntax, offset)
		return nil
	}
	v, err := p.json.Parse(text)
	if err != nil {
		p.skip(reasonSyntax, offset)
		return nil
	}
	if v.Type() != fastjson.TypeObject {
		p.skip(reasonObject, offset)
		return nil
	}
	lines.WarnBadBytes(&p.res, offset, bad)
	e := &event.Event{Parser: Name, Version: version, Locator: event.Locator{Offset: offset, Length: int64(len(b))}}
	p.fill(e, v)
	e.Sort()
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

func (p *parser) finish() {
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
	if note := p.zone.Note(); note != "" {
		if r.Note != "" {
			r.Note += ". "
		}
		r.Note += note
	}
}
