// Package detecttest gives tests the events of the sample incident, read by the real formats, and compares what is found in
// them with golden files.
//
// It stands beside detect, for the tests of detect and of the stages behind it, and is used in tests only: no code of the
// product imports it. It keeps true that all of them look at the same events of the same seed.
package detecttest

import (
	"path"
	"sync"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
	"adjutant/backend/parse/formats"
	"adjutant/backend/parse/parsetest"
	"adjutant/backend/scenario/ferry"
)

var sample struct {
	once   sync.Once
	events []*event.Event
	truth  ferry.Truth
}

// Ferry makes and reads the sample incident, once for all tests of a package. The events are shared: leave them unchanged.
func Ferry(t testing.TB) ([]*event.Event, ferry.Truth) {
	t.Helper()
	sample.once.Do(func() { sample.events, sample.truth = readFerry(t) })
	if sample.events == nil {
		t.Fatal("the sample incident could not be read")
	}
	return sample.events, sample.truth
}

func readFerry(t testing.TB) ([]*event.Event, ferry.Truth) {
	t.Helper()
	s, err := ferry.Build(447)
	if err != nil {
		t.Fatal(err)
	}
	copies := map[string]bool{}
	for _, f := range s.Truth.Files {
		copies[f.Path] = f.Status == "duplicate"
	}
	var all []*event.Event
	for _, f := range s.Files {
		if copies[f.Path] {
			continue
		}
		format := parse.Detect(formats.All(), f.Data, path.Base(f.Path))
		if format == nil {
			continue
		}
		all = append(all, Parsed(t, format, f.Path, f.Data, parse.Assume{ModTime: f.ModTime, Zone: zoneFor(f.Path)})...)
	}
	return all, s.Truth
}

// zoneFor answers the one zone question of the scenario; the Linux servers run in UTC.
func zoneFor(file string) *time.Location {
	if path.Ext(file) != ".csv" {
		return nil
	}
	zone, err := time.LoadLocation(ferry.ZoneName)
	if err != nil { // a machine without a table of zones; the incident lies in winter
		return time.FixedZone("CET", 3600)
	}
	return zone
}

// Parsed reads one item into events, in the order of the file, as an import would name them.
func Parsed(t testing.TB, f parse.Format, file string, data []byte, assume parse.Assume) []*event.Event {
	t.Helper()
	_, events, err := parsetest.Collect(f, data, path.Base(file), assume)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, e := range events {
		e.Path, e.Evidence = file, incident.Digest{1}
	}
	return events
}
