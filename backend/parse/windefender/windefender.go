// Package windefender reads the detection history of Windows Defender: one binary file for each detection, under
// ProgramData\Microsoft\Windows Defender\Scans\History\Service\DetectionHistory.
//
// Stage 2 of the flow, one format of parse. It keeps true that every value of a file is kept, those of unknown meaning by their place,
// that all times have the meaning that is known of them, and that nothing is allocated by what the file states. It judges nothing.
//
// Specification: libyal, dtformats, "Windows Defender scan DetectionHistory file format"; Microsoft, classes MSFT_MpThreat and
// MSFT_MpThreatDetection.
package windefender

import (
	"context"
	"embed"
	"encoding/binary"
	"fmt"
	"io"
	"sync"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/table"
)

//go:embed tables/*.csv
var tables embed.FS

// categories is read once; a fault in the table is a broken build, which the package's tests find.
var categories = sync.OnceValue(func() map[string]string {
	rows, err := table.Read(tables, "tables/categories.csv", 2)
	if err != nil {
		panic("windefender: embedded table: " + err.Error())
	}
	out := map[string]string{}
	for _, r := range rows {
		out[r[0]] = r[1]
	}
	return out
})

// Name is the parser's word in receipts and event ids.
const Name = "windefender"

// version changes whenever the same bytes give other events.
const version = "1"

const (
	reasonForm = "not a detection of Windows Defender"
	reasonLong = "file longer than 16 MiB"
)

// Format reads the detection history. It has no state.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary says that the format runs in a sandbox child.
func (Format) Binary() bool { return true }

// separator begins each set of values.
const separator = "Magic.Version:"

// Detect implements parse.Format: a number, an identifier and the mark of the first set.
func (Format) Detect(head []byte, _ string) int {
	const mark = 8 + 8 + 8 + 16 + 8 // of the values before it
	if len(head) < mark+2*len(separator) || binary.LittleEndian.Uint64(head) != 8|typeLong<<32 || binary.LittleEndian.Uint64(head[16:]) != 16|typeGUID<<32 ||
		binary.LittleEndian.Uint32(head[44:]) != typeText || utf16le(head[mark:mark+2*len(separator)]) != separator {
		return 0
	}
	return 100
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	var res parse.Result
	if in.Size == 0 {
		res.Status, res.Note = parse.StatusEmpty, "the file holds no record"
		return res, nil
	}
	if err := ctx.Err(); err != nil {
		return res, err
	}
	res.Read = 1
	fail := func(reason string) (parse.Result, error) {
		res.Skip(reason)
		res.Warn(0, reason)
		res.Status, res.Note = parse.StatusFailed, "The file could not be read as a detection of Windows Defender"
		return res, nil
	}
	if in.Size > parse.MaxRecordBytes {
		return fail(reasonLong)
	}
	b := make([]byte, in.Size)
	if n, err := in.Reader.ReadAt(b, 0); n < len(b) {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return res, fmt.Errorf("windefender: read %d bytes at 0: %w", len(b), err)
	}
	all, complaint, at := values(b)
	if complaint != "" {
		res.Warn(at, complaint)
	}
	e := &event.Event{Parser: Name, Version: version, Locator: event.Locator{Length: in.Size}}
	if !fill(e, all, &res) {
		return fail(reasonForm)
	}
	e.Sort()
	if len(e.Fields) > parse.MaxFields {
		res.Warn(0, fmt.Sprintf("the record has %d fields; the first %d are kept", len(e.Fields), parse.MaxFields))
		e.Fields = e.Fields[:parse.MaxFields]
	}
	res.Parsed, res.Status = 1, parse.StatusOK
	if res.WarningCount > 0 {
		res.Status = parse.StatusPartial
	}
	if len(e.Times) > 0 {
		res.Saw(e.Times[0].At)
	} else {
		res.Note = "The detection states no time that could be read"
	}
	return res, emit(e)
}
