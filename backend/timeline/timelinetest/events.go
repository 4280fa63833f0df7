// Package timelinetest makes random events for the tests of timeline and its parts.
//
// It stands beside stage 4 and is imported by tests only. It keeps true that every shape an event may have (no times,
// several, far away; no values, several; bytes that are not UTF-8) turns up, always out of rapid's draws, so that a
// failing case can be drawn again and made smaller.
package timelinetest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"adjutant/backend/event"
	"adjutant/backend/incident"
)

// Start is the first moment of random events.
var Start = time.Date(2020, 9, 19, 0, 0, 0, 0, time.UTC)

// Words, Names and Hosts are what values are made of; queries draw from them too.
var (
	Words = []string{"coreupdater", "PowerShell", "-enc", "4624", "10.42.85.10", "C:\\Windows\\x.exe", "straße", "\xff\xfe", "", "a b", "svc_backup",
		"logon failed", "\u212Aelvin", "true", "1e3", "2020-09-19T03:00:00Z", "fe80::1", "10.0.0.0/8"}
	Names = []string{"host.name", "user.name", "event.code", "message", "process.command_line", "source.ip", "winlog.event_data.X", "tag", "odd name:*"}
	zones = []string{"UTC", "Europe/Berlin", "+02:00"}
	kinds = []event.TimeKind{event.Occurred, event.Recorded, event.Modified}
)

// Events draws a list of events of one source, in file order.
func Events(t *rapid.T, label string, evidence incident.Digest, parser string, most int) []*event.Event {
	n := rapid.IntRange(1, most).Draw(t, label+" events")
	flat := rapid.Bool().Draw(t, label+" single")
	var out []*event.Event
	offset := int64(0)
	for i := range n {
		e := &event.Event{Evidence: evidence, Path: "logs/" + parser, Parser: parser, Version: "1"}
		offset += int64(rapid.IntRange(1, 500).Draw(t, "gap"))
		e.Locator = event.Locator{Offset: offset, Length: int64(rapid.IntRange(0, 900).Draw(t, "length"))}
		switch rapid.IntRange(0, 3).Draw(t, "record") {
		case 0:
			e.Locator.Record = fmt.Sprint(i * 7)
		case 1:
			e.Locator.Record, e.Locator.Sub = "r.07", i%3
		}
		times := 1
		if !flat {
			times = rapid.SampledFrom([]int{0, 1, 1, 2, 3}).Draw(t, "times")
		}
		for range times {
			e.Times = append(e.Times, moment(t))
		}
		for range rapid.IntRange(0, 5).Draw(t, "fields") {
			field(t, e)
		}
		e.Sort()
		out = append(out, e)
	}
	return out
}

func moment(t *rapid.T) event.Time {
	at := Start.Add(time.Duration(rapid.IntRange(0, 200_000).Draw(t, "second")) * time.Second)
	m := event.Time{Meaning: rapid.SampledFrom(kinds).Draw(t, "kind"), Zone: rapid.SampledFrom(zones).Draw(t, "zone")}
	switch rapid.IntRange(0, 5).Draw(t, "form") {
	case 0:
		at = at.Add(time.Duration(rapid.IntRange(0, 9_999_999).Draw(t, "ticks")) * 100)
		m.Original = event.FormatTime(at)
	case 1:
		m.Original = at.Format(time.RFC3339)
	case 2:
		m.Original, m.Assumed = "yesterday", "default"
	case 3:
		at = rapid.SampledFrom([]time.Time{{}, time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(30828, 9, 14, 2, 48, 5, 477580700, time.UTC)}).Draw(t, "far")
	}
	m.At = at
	return m
}

func field(t *rapid.T, e *event.Event) {
	name := rapid.SampledFrom(Names).Draw(t, "name")
	for _, f := range e.Fields {
		if f.Name == name {
			return
		}
	}
	f := event.Field{Name: name}
	for range rapid.SampledFrom([]int{0, 1, 1, 1, 1, 2, 3}).Draw(t, "values") {
		f.Values = append(f.Values, rapid.SampledFrom(Words).Draw(t, "value"))
	}
	if rapid.IntRange(0, 3).Draw(t, "number") == 0 {
		f.Kind = event.KindNumber
		for i := range f.Values {
			f.Values[i] = fmt.Sprint(rapid.IntRange(0, 5000).Draw(t, "n"))
		}
	}
	e.Fields = append(e.Fields, f)
}
