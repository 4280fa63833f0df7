package parsetest

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// surely is the least score with which a format has to know its own sample.
const surely = 92

// Sample reads a sample that is whole and holds it to what is wanted of each record: fields by name, several values joined by
// "|", and "@timestamp" for the primary time, "" for none. Fields that are not named may hold anything.
func Sample(t *testing.T, f parse.Format, sample string, a parse.Assume, want []map[string]string) []*event.Event {
	t.Helper()
	if s := f.Detect([]byte(sample), "x.log"); s < surely {
		t.Fatalf("detected with %d", s)
	}
	res, events := Run(t, f, []byte(sample), "x.log", a)
	ValidText(t, events)
	if res.Status != parse.StatusOK || len(events) != len(want) {
		t.Fatalf("%d events, want %d, %+v", len(events), len(want), res)
	}
	for i, w := range want {
		e, at := events[i], ""
		if len(e.Times) > 0 {
			at = event.FormatTime(e.Times[0].At)
		}
		if at != w["@timestamp"] {
			t.Errorf("record %d: time %s, want %s", i, at, w["@timestamp"])
		}
		for name, v := range w {
			if name != "@timestamp" && strings.Join(e.All(name), "|") != v {
				t.Errorf("record %d: %s is %q, want %q", i, name, e.All(name), v)
			}
		}
	}
	return events
}

// StatedUTC holds that each event's primary time says when it occurred, in the UTC that the source states itself.
func StatedUTC(t *testing.T, events []*event.Event) {
	t.Helper()
	for i, e := range events {
		if at := e.Times[0]; at.Meaning != event.Occurred || at.Zone != "UTC" || at.Assumed != "" {
			t.Errorf("record %d: time %+v", i, at)
		}
	}
}

// NotItsOwn holds that a line format leaves the lines of others alone, stops with the store, and never calls a damaged file
// empty.
func NotItsOwn(t *testing.T, f parse.Format, sample string, a parse.Assume) {
	t.Helper()
	foreign(t, f, "x.log", "", "hello\n", "{\"a\":1}\n", "Mar 14 01:02:03 h p: m\n", "2026-03-14T01:02:03Z something happened\n", "a,b,c\n1,2,3\n")
	EmitErrorStops(t, f, []byte(sample), a)
	res, events := Run(t, f, []byte(sample[:len(sample)/2]+"\x00\xff\n"), "x.log", a)
	ValidText(t, events)
	if res.Status == parse.StatusEmpty {
		t.Errorf("a cut file is called empty: %+v", res)
	}
}

// NotItsOwnRecords is NotItsOwn for a format of JSON records: a record of another kind among its own keeps its values and is
// told, a broken one costs only itself.
func NotItsOwnRecords(t *testing.T, f parse.Format, sample string) {
	t.Helper()
	foreign(t, f, "x.json", "", "{}", `{"a":1}`, "[]", `{"@timestamp":"2026-03-14T01:02:03Z","event":{"action":"x"}}`, "Mar 14 01:02:03 h p: m")
	first, _, _ := strings.Cut(sample, "\n")
	res, events := Run(t, f, []byte(first+"\n"+`{"other":"thing"}`+"\n{broken\n"), "x", parse.Assume{})
	if len(events) != 2 || events[1].Get(f.Name()+".other") != "thing" || res.WarningCount != 2 || res.Status != parse.StatusPartial {
		t.Errorf("%d events, %+v", len(events), res)
	}
	EmitErrorStops(t, f, []byte(sample), parse.Assume{})
}

func foreign(t *testing.T, f parse.Format, name string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if s := f.Detect([]byte(text), name); s != 0 {
			t.Errorf("%q: %d", text, s)
		}
	}
}

// Fuzz reads any text: whatever it is, the counts are kept and every value is text. An answer that a person would have to give is
// no fault.
func Fuzz(f *testing.F, format parse.Format, a parse.Assume, seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		res, events, err := Collect(format, []byte(s), "x", a)
		if err != nil {
			t.Skip()
		}
		Counts(t, "fuzzed", res, events)
		ValidText(t, events)
	})
}
