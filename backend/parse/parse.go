// Package parse turns the bytes of one evidence item into events: the contract that every format package fulfils,
// the detection of formats by content, and the limits that hold for all of them.
//
// Stage 2 of the flow: evidence hands in a reader of exactly the sealed bytes; each format lives in parse/<format> and
// knows nothing of cases or storage. It keeps true that a record is either emitted, or counted as skipped with a reason,
// or named in a warning with its offset: read == parsed + sum(skipped), always. Bytes are hostile: no format may panic,
// hang or allocate without a bound.
package parse

import (
	"context"
	"errors"
	"io"
	"time"

	"adjutant/backend/event"
)

// Format reads one kind of file.
type Format interface {
	// Name is the word used in receipts, ids and locators: "evtx", "jsonl", "csv", "syslog", "access".
	Name() string
	// Version changes whenever the same bytes give other events.
	Version() string
	// Binary formats run in a sandbox child.
	Binary() bool
	// Detect says how well the first bytes (up to 64 KiB) and, as a tie-breaker only, the name fit: 0 no, 100 certain.
	Detect(head []byte, name string) int
	// Parse reads the item and calls emit for every event in file order. emit returns an error only when the import is
	// cancelled or the store failed; Parse returns that error at once. A damaged item gives a Result with what could be
	// read and Status Partial or Failed, not an error. The emitted event's Evidence and Path are filled by the caller.
	Parse(ctx context.Context, in Input, emit func(*event.Event) error) (Result, error)
}

// Input is one item to parse.
type Input struct {
	Reader  io.ReaderAt
	Size    int64  // bytes
	Name    string // base name, never trusted
	Assume  Assume
	Started time.Time // injected clock: when the import began, for year guesses bounded by it

	// Transient says that the caller has finished with an event when emit returns, so that its memory may be used again.
	// Formats may ignore it.
	Transient bool
}

// Assume holds the signed answers that the source itself does not give.
type Assume struct {
	Zone      *time.Location // for local times without a zone; nil means UTC
	ZoneBy    string         // "default" or the entry id of the answer
	Year      int            // for year-less times; 0 means: the year that the item's name or mtime suggests
	YearBy    string
	ModTime   time.Time         // mtime of the original, for year-less logs; may be zero
	Columns   map[string]string // CSV: header -> ECS field, "@timestamp" for the time column; nil means by header
	Mapping   []byte            // CSV and JSON: a mapping in its one form (parse/mapping), which answers all about columns; nil means none
	MappingBy string            // entry id of that answer: who assumed the zone and the year that it names
}

// Status of one item, as receipts show it.
type Status string

// The closed list of DESIGN §10.
const (
	StatusOK          Status = "ok"
	StatusEmpty       Status = "empty" // the format itself proves that there is no record
	StatusPartial     Status = "partial"
	StatusFailed      Status = "failed"
	StatusNoParser    Status = "no-parser"
	StatusDuplicate   Status = "duplicate"
	StatusQuarantined Status = "quarantined"
)

// Skip counts records that were read but not emitted.
type Skip struct {
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

// Warning is damage or doubt at a place.
type Warning struct {
	Offset int64  `json:"offset"`
	Text   string `json:"text"`
}

// Result says what became of one item. Counts are records, not rows.
type Result struct {
	Status       Status
	Read         int64 // records seen, whole or damaged
	Parsed       int64 // events emitted
	Skipped      []Skip
	Warnings     []Warning // at most MaxWarnings kept
	WarningCount int64
	First, Last  time.Time // of primary times; zero when none
	Yearless     bool      // years were given to times that state none
	Local        int64     // times read under an assumed zone, because the source states none
	Note         string    // one sentence for people, e.g. why it failed or which zone was assumed
}

// Warn keeps the first MaxWarnings warnings and counts all.
func (r *Result) Warn(offset int64, text string) {
	r.WarningCount++
	if len(r.Warnings) < MaxWarnings {
		r.Warnings = append(r.Warnings, Warning{Offset: offset, Text: text})
	}
}

// Skip counts one skipped record under a reason.
func (r *Result) Skip(reason string) {
	for i := range r.Skipped {
		if r.Skipped[i].Reason == reason {
			r.Skipped[i].Count++
			return
		}
	}
	r.Skipped = append(r.Skipped, Skip{Reason: reason, Count: 1})
}

// Saw widens First and Last by a primary time.
func (r *Result) Saw(t time.Time) {
	if t.IsZero() {
		return
	}
	if r.First.IsZero() || t.Before(r.First) {
		r.First = t
	}
	if t.After(r.Last) {
		r.Last = t
	}
}

// Limits that hold for every format, each with its reason.
const (
	MaxWarnings    = 1000     // a receipt stays readable; the count goes on
	MaxRecordBytes = 16 << 20 // no real log line or record is longer; a longer one is skipped with a reason
	MaxFields      = 2000     // per event; a record with more is cut and warned
	MaxDepth       = 64       // nesting of JSON and binary XML
	HeadBytes      = 64 << 10 // what Detect sees
)

// ErrNeedsAnswer is returned by formats that cannot go on without a person's answer, e.g. a CSV without a recognisable
// time column. The caller registers the item with StatusFailed and shows the text.
var ErrNeedsAnswer = errors.New("parse: needs an answer")
