// Package thor reads what the scanner THOR of Nextron reports: its text log, in syslog form, and its JSON log in both versions.
// Its CSV is a table, which the format csv knows.
//
// Stage 2 of the flow, one format of parse. It keeps true that every key of a line or object is kept under thor.X, that the time
// is the one at which THOR reported, and that times of the file it reports about come with their meanings. It judges nothing:
// level and score are THOR's.
//
// Specification: THOR 10 manual, "Log Formats" (text "KEY: value", JSON log_version v1 and v2).
package thor

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
const Name = "thor"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads logs of THOR.
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
	if s := shape.Detect(head, name); s > 0 {
		return s
	}
	return linelog.Score(head, 97, func(line []byte) bool { _, ok := cut(string(line)); return ok }, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	head := make([]byte, min(in.Size, 64))
	if n, err := in.Reader.ReadAt(head, 0); err != nil && !(errors.Is(err, io.EOF) && n == len(head)) {
		return parse.Result{}, fmt.Errorf("thor: read the first %d bytes: %w", len(head), err)
	}
	b := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(b) > 0 && (b[0] == '{' || b[0] == '[') {
		return jsonrec.Parse(ctx, in, shape, emit)
	}
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of THOR", Read: readLine, Yearless: yearOf}, emit)
}
