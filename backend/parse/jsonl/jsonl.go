// Package jsonl reads JSON records of any kind. It knows the shapes of our own export, ECS documents, Windows events as
// JSON and Timesketch, and reads others by a mapping that a person has answered; other objects keep their names under "json.".
//
// Stage 2 of the flow, one format of parse; parse/jsonrec cuts the file into records. It keeps true that every value is kept
// under some name, and that our own export comes back with the same fields. Products with a package of their own are read by
// that.
package jsonl

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/mapping"
	"adjutant/backend/parse/yearless"
)

// Name is the parser's word in receipts and event ids.
const Name = "jsonl"

// version changes whenever the same bytes give other events.
const version = "2"

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

// Detect implements parse.Format.
func (Format) Detect(head []byte, name string) int { return jsonrec.Likely(head, name) }

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	p := &record{shapes: compiled(), cache: map[string]known{}}
	if in.Assume.Mapping != nil {
		if err := p.prepare(&in); err != nil {
			return parse.Result{Status: parse.StatusFailed, Note: strings.TrimPrefix(err.Error(), parse.ErrNeedsAnswer.Error()+": ")}, err
		}
	}
	res, err := jsonrec.Parse(ctx, in, jsonrec.Shape{Name: Name, Version: version, Fill: func(r *jsonrec.Record) {
		p.Record = r
		fill(p)
	}}, emit)
	for _, note := range []string{p.years.Note(), p.mappedNote()} {
		if note != "" && res.Note != "" {
			note = ". " + note
		}
		res.Note += note
	}
	return res, err
}

// record is a record with what is known of its names.
type record struct {
	*jsonrec.Record
	shapes *shapes
	cache  map[string]known
	byID   []*known
	done   []filled

	mapped *mapping.Mapping
	times  []timeKey
	years  yearless.Years
}
