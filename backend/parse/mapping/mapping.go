// Package mapping is what a person says about a table or about JSON that no format knows: how it is cut, which columns hold
// times and how those are written, and which names of ECS the others have.
//
// It stands beside the formats of parse: the window's wizard makes a mapping, a signed entry carries its bytes
// (source.assumed), and the csv and jsonl formats read by it. It keeps true that a mapping has one form in bytes, so that a
// signature means one thing, and that nothing in it is more than a bounded piece of data. It reads no evidence.
//
// Form: one JSON object, members in the order of the struct below, absent when they say nothing, map keys sorted, no blanks.
package mapping

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"adjutant/backend/event"
	"adjutant/backend/parse/stamp"
)

// Shapes of a source.
const (
	Table = "table" // read by the format csv
	JSON  = "json"  // read by the format jsonl
)

// Spaces as a delimiter is any run of blanks and tabs.
const Spaces = "spaces"

// Mapping is one complete answer about a source.
type Mapping struct {
	Version   int               `json:"v"`                   // 1
	Name      string            `json:"name,omitempty"`      // under which people keep it
	Shape     string            `json:"shape"`               // Table or JSON
	Delimiter string            `json:"delimiter,omitempty"` // table: 1 to 8 bytes, or "spaces"
	Skip      int               `json:"skip,omitempty"`      // table: lines above the header, or above the first row
	Header    bool              `json:"header,omitempty"`    // table: the first line holds names; else they are column_1, column_2 …
	NoQuotes  bool              `json:"no_quotes,omitempty"` // table: a quote is a character like others
	Times     []Time            `json:"times,omitempty"`     // the first that can be read in a record is the event's time; none: undated
	Zone      string            `json:"zone,omitempty"`      // IANA name for times that state none; "" leaves it to the source's own answer
	Year      int               `json:"year,omitempty"`      // of the first record, for times without a year; 0 takes it from the source's own answer or its file's time
	Fields    map[string]string `json:"fields,omitempty"`    // column, or dotted name in JSON → ECS name; others stay under csv. or json.
	Constants map[string]string `json:"constants,omitempty"` // ECS name → value for every record, such as the host that the file does not name
}

// Time is a column that holds a time.
type Time struct {
	Column  string         `json:"column"`
	Clock   string         `json:"clock,omitempty"`       // column of the clock that belongs to a date
	Zone    string         `json:"zone_column,omitempty"` // column that names the zone
	UTC     bool           `json:"utc,omitempty"`         // the source writes UTC, whatever zone is answered
	Form    string         `json:"form"`                  // a name that stamp.FormNamed knows
	Meaning event.TimeKind `json:"meaning"`
}

// Limits: a mapping is made by a person and signed; nothing real comes near.
const (
	MaxBytes     = 64 << 10
	maxTimes     = 64
	maxFields    = 2000
	maxText      = 256
	maxDelimiter = 8
	maxSkip      = 10000
)

// ErrInvalid says that bytes are no mapping in its one form, or that a mapping says something impossible.
var ErrInvalid = errors.New("mapping: invalid")

var meanings = map[event.TimeKind]bool{event.Occurred: true, event.Recorded: true, event.Started: true, event.Ended: true,
	event.Modified: true, event.Created: true, event.Accessed: true, event.Changed: true}

// Parse reads a mapping in its one form.
func Parse(b []byte) (*Mapping, error) {
	if len(b) > MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrInvalid, len(b), MaxBytes)
	}
	m := &Mapping{}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	again, err := m.Bytes()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, b) {
		return nil, fmt.Errorf("%w: not in the one form of its bytes", ErrInvalid)
	}
	return m, nil
}

// Bytes checks a mapping and writes its one form.
func (m *Mapping) Bytes() ([]byte, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	out := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	if len(out) > MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrInvalid, len(out), MaxBytes)
	}
	return out, nil
}

// Format is the word of the format that reads by this mapping.
func (m *Mapping) Format() string {
	if m.Shape == JSON {
		return "jsonl"
	}
	return "csv"
}

// Check says what is impossible in a mapping, in words for the person who made it.
func (m *Mapping) Check() error {
	bad := func(format string, a ...any) error {
		return fmt.Errorf("%w: "+format, append([]any{ErrInvalid}, a...)...)
	}
	switch {
	case m.Version != 1:
		return bad("version %d is not known", m.Version)
	case m.Shape != Table && m.Shape != JSON:
		return bad("the shape %q is neither %q nor %q", m.Shape, Table, JSON)
	case m.Shape == JSON && (m.Delimiter != "" || m.Skip != 0 || m.Header || m.NoQuotes):
		return bad("JSON has no delimiter, no header and no lines to skip")
	case m.Shape == Table && (m.Delimiter == "" || len(m.Delimiter) > maxDelimiter || strings.ContainsAny(m.Delimiter, "\r\n\"")):
		return bad("a delimiter has 1 to %d characters and is neither a quote nor a line ending", maxDelimiter)
	case m.Skip < 0 || m.Skip > maxSkip:
		return bad("%d lines to skip; at most %d", m.Skip, maxSkip)
	case m.Year != 0 && (m.Year < 1970 || m.Year > 2200):
		return bad("the year %d", m.Year)
	case len(m.Times) > maxTimes || len(m.Fields) > maxFields || len(m.Constants) > maxTimes:
		return bad("more than %d time columns, %d fields or %d constants", maxTimes, maxFields, maxTimes)
	}
	if m.Zone != "" {
		if _, err := time.LoadLocation(m.Zone); err != nil || m.Zone == "Local" {
			return bad("%q is no time zone; give a name such as Europe/Berlin", m.Zone)
		}
	}
	texts := []string{m.Name, m.Delimiter}
	timed := map[string]bool{}
	for _, t := range m.Times {
		texts = append(texts, t.Column, t.Clock, t.Zone, t.Form)
		if t.Column == "" || timed[t.Column] {
			return bad("a time column is unnamed or named twice (%q)", t.Column)
		}
		timed[t.Column] = true
		if !meanings[t.Meaning] {
			return bad("%q is no meaning of a time", t.Meaning)
		}
		if _, err := stamp.FormNamed(t.Form); err != nil {
			return bad("%v", err)
		}
		if t.UTC && t.Zone != "" {
			return bad("the times of %q are said to be in UTC and in the zone of %q", t.Column, t.Zone)
		}
	}
	for column, field := range m.Fields {
		texts = append(texts, column)
		if column == "" || !isField(field) {
			return bad("%q is no field name for column %q", field, column)
		}
	}
	for field, value := range m.Constants {
		texts = append(texts, value)
		if value == "" || !isField(field) {
			return bad("%q cannot be set to %q for all records", field, value)
		}
	}
	for _, s := range texts {
		if len(s) > maxText || !utf8.ValidString(s) {
			return bad("a text longer than %d bytes or not UTF-8", maxText)
		}
	}
	return nil
}

// isField says that a name can be a field of an event: dotted words, not the time, not one of our own.
func isField(name string) bool {
	if name == "" || len(name) > maxText || name[0] == '.' || name[len(name)-1] == '.' || strings.Contains(name, "..") || strings.HasPrefix(name, "adjutant.") {
		return false
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return true
}
