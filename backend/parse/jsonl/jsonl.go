// Package jsonl reads JSON records of any kind. It knows the shapes of our own export, ECS documents, Windows events as
// JSON, CloudTrail and Timesketch; other objects keep their names under "json.".
//
// Stage 2 of the flow, one format of parse; parse/jsonrec cuts the file into records. It keeps true that every value is kept
// under some name, and that our own export comes back with the same fields. Products with a package of their own are read by
// that.
package jsonl

import (
	"context"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
)

// Name is the parser's word in receipts and event ids.
const Name = "jsonl"

// version changes whenever the same bytes give other events.
const version = "1"

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
	t := compiled()
	return jsonrec.Parse(ctx, in, jsonrec.Shape{Name: Name, Version: version, Fill: func(r *jsonrec.Record) { fill(&record{r, t}) }}, emit)
}

// record is a record with the tables that say what its names mean.
type record struct {
	*jsonrec.Record
	shapes *shapes
}
