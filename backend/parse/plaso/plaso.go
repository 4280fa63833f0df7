// Package plaso reads what Plaso's psort writes as JSON (json, json_line) and as text for people (rawpy). Its tables (dynamic,
// l2tcsv) are read by the format csv, its TLN by the format tln.
//
// Stage 2 of the flow, one format of parse. It keeps true that a time keeps the digits that date_time has beyond microseconds, that
// its meaning is the one which timestamp_desc states, that events without a time ("Not set") are kept undated, and that the XML
// of a Windows event is mapped like one of a log.
//
// Specification: Plaso documentation, "Output and formatting": json, json_line, rawpy; dfdatetime's JSON of dates.
package plaso

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "plaso"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads outputs of Plaso.
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
func (Format) Detect(head []byte, name string) int {
	if isRaw(head) {
		return 98
	}
	return shape.Detect(head, name)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	head := make([]byte, min(in.Size, 256))
	if n, err := in.Reader.ReadAt(head, 0); err != nil && !(errors.Is(err, io.EOF) && n == len(head)) {
		return parse.Result{}, fmt.Errorf("plaso: read the first %d bytes: %w", len(head), err)
	}
	if isRaw(head) {
		return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "an event of rawpy", Continues: continues, Read: readRaw}, emit)
	}
	return jsonrec.Parse(ctx, in, shape, emit)
}

// isRaw recognises rawpy by the line above its first event.
func isRaw(head []byte) bool {
	b := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	line, rest, _ := bytes.Cut(b, []byte("\n"))
	return isRule(bytes.TrimRight(line, "\r")) && bytes.HasPrefix(rest, []byte("[Timestamp]:"))
}

// isRule is the line between two events: "+-+-+-…".
func isRule(line []byte) bool {
	return len(line) >= 20 && bytes.HasPrefix(line, []byte("+-+-+-+-")) && len(bytes.Trim(line, "+-")) == 0
}
