// Package parsetest holds what the tests of all formats share: reading bytes with a format, the checks that hold for every
// input, and the way to the shared evidence that lies outside the repository.
//
// It stands beside the formats of package parse and is used in tests only: no code of the product imports it. It keeps true
// that each format is held to the same count, read == parsed + skipped, and that absent evidence is skipped loudly.
package parsetest

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"unicode/utf8"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// Collect reads bytes with a format and keeps the events in the order of the file.
func Collect(f parse.Format, data []byte, name string, a parse.Assume) (parse.Result, []*event.Event, error) {
	var events []*event.Event
	res, err := f.Parse(context.Background(), parse.Input{Reader: bytes.NewReader(data), Size: int64(len(data)), Name: name, Assume: a},
		func(e *event.Event) error {
			events = append(events, e)
			return nil
		})
	return res, events, err
}

// Run is Collect for input that needs no answer: an error ends the test, and so does a count that is not kept.
func Run(t testing.TB, f parse.Format, data []byte, name string, a parse.Assume) (parse.Result, []*event.Event) {
	t.Helper()
	res, events, err := Collect(f, data, name, a)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	Counts(t, name, res, events)
	return res, events
}

// Counts holds that each record was emitted or counted as skipped, and that the item has a status.
func Counts(t testing.TB, name string, res parse.Result, events []*event.Event) {
	t.Helper()
	skipped := int64(0)
	for _, s := range res.Skipped {
		skipped += s.Count
	}
	if res.Read != res.Parsed+skipped || res.Parsed != int64(len(events)) || res.Status == "" {
		t.Fatalf("%s: read %d, parsed %d, emitted %d, skipped %v, status %q", name, res.Read, res.Parsed, len(events), res.Skipped, res.Status)
	}
}

// ValidText holds that every value can be shown and exported, whatever bytes the record had.
func ValidText(t testing.TB, events []*event.Event) {
	t.Helper()
	for _, e := range events {
		for _, f := range e.Fields {
			for _, v := range f.Values {
				if !utf8.ValidString(v) {
					t.Fatalf("%q is not valid UTF-8: %q", f.Name, v)
				}
			}
		}
	}
}

// EmitErrorStops holds that a failing store ends the reading with the store's own error.
func EmitErrorStops(t testing.TB, f parse.Format, data []byte, a parse.Assume) parse.Result {
	t.Helper()
	boom := errors.New("store full")
	res, err := f.Parse(context.Background(), parse.Input{Reader: bytes.NewReader(data), Size: int64(len(data)), Assume: a}, func(*event.Event) error { return boom })
	if !errors.Is(err, boom) {
		t.Errorf("the store's error became %v after %d records", err, res.Read)
	}
	return res
}
