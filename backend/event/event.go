// Package event is the normalised event: one source record with ECS field names, all its times, and a pointer to
// its source bytes.
//
// Stage 3 of the flow: parse fills events, timeline stores them, detect reads them. It keeps true that nothing of a
// record is dropped (fields ECS lacks stay under the source's name), that every time says what it means and who
// assumed its zone, and that ids are the same on every laptop. It deliberately knows no format and no storage.
//
// Field names follow the Elastic Common Schema 8; what ECS lacks is <format>.X (for EVTX winlog.event_data.X).
package event

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"adjutant/backend/incident"
)

// Kind is the JSON type of a field's values.
type Kind uint8

// Kinds of values. Numbers keep the digits of the source, so that 64-bit ids are never rounded.
const (
	KindString Kind = iota
	KindNumber
	KindBool
)

// Field is one name with one or more values. Values of KindNumber are JSON number texts, of KindBool "true"/"false".
type Field struct {
	Name   string
	Kind   Kind
	Values []string
}

// TimeKind says what a time means. Values are ECS words where ECS has one.
type TimeKind string

// The meanings of times. Occurred is what @timestamp shows.
const (
	Occurred TimeKind = "occurred"
	Recorded TimeKind = "recorded" // when the source wrote it down (event.created)
	Started  TimeKind = "started"
	Ended    TimeKind = "ended"
	Modified TimeKind = "modified"
	Created  TimeKind = "created"
	Accessed TimeKind = "accessed"
	Changed  TimeKind = "changed" // the record about a file (inode, MFT entry), not its content
)

// Time is one moment of an event.
type Time struct {
	Meaning  TimeKind
	At       time.Time // UTC, 100 ns resolution
	Original string    // the text or number as it stood in the source
	Zone     string    // IANA name or offset used to read it, "UTC" when the source says so itself
	Assumed  string    // who assumed the zone or year: "" when the source states it, else "default" or an entry id
}

// Locator leads to the exact bytes of the record inside its evidence item.
type Locator struct {
	Offset int64  // first byte in the item
	Length int64  // bytes
	Record string // the format's own record id or number, "" when it has none
	Sub    int    // index inside the record for formats that pack several events, else 0
}

// String is the canonical text of a locator, part of the event id: "offset+length#record.sub".
func (l Locator) String() string { return string(l.Append(nil)) }

// Append appends the canonical text: the import of a log asks for it twice an event.
func (l Locator) Append(b []byte) []byte {
	b = strconv.AppendInt(b, l.Offset, 10)
	b = append(b, '+')
	b = strconv.AppendInt(b, l.Length, 10)
	b = append(b, '#')
	b = append(b, l.Record...)
	b = append(b, '.')
	return strconv.AppendInt(b, int64(l.Sub), 10)
}

// ID names an event: 32 hexadecimal digits of SHA-256 over evidence hash, parser name and locator. The parser's version
// is left out, so that a better parser keeps the ids that people have cited.
type ID string

// RowID names a row of the timeline: (event, time kind, ordinal), written "id/kind.ordinal".
type RowID string

// Event is one record of one evidence item.
type Event struct {
	Evidence incident.Digest // SHA-256 of the item the record came from
	Path     string          // path of the item as taken in ("logs.zip!Security.evtx"), for people only
	Parser   string          // name of the format package: "evtx"
	Version  string          // version of that parser
	Locator  Locator
	Times    []Time  // at least one for dated events; the first is the primary one
	Fields   []Field // sorted by name, names unique, no "@timestamp"
}

// ID computes the event's id.
func (e *Event) ID() ID {
	h := sha256.New()
	h.Write(e.Evidence[:])
	h.Write([]byte(e.Parser))
	h.Write([]byte{0})
	h.Write([]byte(e.Locator.String()))
	return ID(hex.EncodeToString(h.Sum(nil)[:16]))
}

// Row returns the id of the row that stands at Times[i]; for an event without a time call Row(0).
func (e *Event) Row(i int) RowID {
	if len(e.Times) == 0 {
		return RowID(string(e.ID()) + "/undated.0")
	}
	ordinal := 0
	for j := 0; j < i; j++ {
		if e.Times[j].Meaning == e.Times[i].Meaning {
			ordinal++
		}
	}
	return RowID(fmt.Sprintf("%s/%s.%d", e.ID(), e.Times[i].Meaning, ordinal))
}

// EventOf returns the event part of a row id.
func (r RowID) EventOf() ID {
	if i := strings.IndexByte(string(r), '/'); i >= 0 {
		return ID(r[:i])
	}
	return ID(r)
}

// Get returns the first value of a field, or "".
func (e *Event) Get(name string) string {
	if f := e.field(name); f != nil && len(f.Values) > 0 {
		return f.Values[0]
	}
	return ""
}

// All returns every value of a field.
func (e *Event) All(name string) []string {
	if f := e.field(name); f != nil {
		return f.Values
	}
	return nil
}

func (e *Event) field(name string) *Field {
	i := sort.Search(len(e.Fields), func(i int) bool { return e.Fields[i].Name >= name })
	if i < len(e.Fields) && e.Fields[i].Name == name {
		return &e.Fields[i]
	}
	return nil
}

// Set adds values under a name while a parser fills an event; call Sort when done. Empty values are kept out.
func (e *Event) Set(name string, kind Kind, values ...string) {
	kept := values[:0:0]
	for _, v := range values {
		if v != "" {
			kept = append(kept, v)
		}
	}
	if len(kept) > 0 {
		e.Fields = append(e.Fields, Field{Name: name, Kind: kind, Values: kept})
	}
}

// Sort orders the fields by name and joins the values of fields that were set twice.
func (e *Event) Sort() {
	slices.SortStableFunc(e.Fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) }) // the sort package's is a third of an import
	out := e.Fields[:0]
	for i := 0; i < len(e.Fields); {
		f, next := e.Fields[i], i+1
		n := len(f.Values)
		for next < len(e.Fields) && e.Fields[next].Name == f.Name {
			n += len(e.Fields[next].Values)
			next++
		}
		if next > i+1 {
			values := make([]string, 0, n) // at once: a hostile line has a hundred thousand fields of one name
			for _, same := range e.Fields[i:next] {
				values = append(values, same.Values...)
				if same.Kind != f.Kind {
					f.Kind = KindString
				}
			}
			f.Values = values
		}
		out = append(out, f)
		i = next
	}
	e.Fields = out
}
