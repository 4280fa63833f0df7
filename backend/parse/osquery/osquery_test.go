package osquery

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"name":"pack_ir_listening","hostIdentifier":"web01","calendarTime":"Sat Mar 14 01:02:03 2026 UTC","unixTime":1773450123,"epoch":0,"counter":3,"decorations":{"host_uuid":"u-1","username":"mira"},"columns":{"pid":"77","path":"/tmp/x","remote_address":"203.0.113.9"},"action":"added"}
{"name":"users","hostIdentifier":"web01","unixTime":"1773450124","snapshot":[{"username":"a"},{"username":"b"}]}
`

func TestRecord(t *testing.T) {
	if s := New().Detect([]byte(sample), "x.log"); s < 92 {
		t.Fatalf("detected with %d", s)
	}
	res, events := parsetest.Run(t, New(), []byte(sample), "x.log", parse.Assume{})
	parsetest.ValidText(t, events)
	if res.Status != parse.StatusOK || len(events) != 2 {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	for i, want := range []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0000000Z", "host.name": "web01", "rule.name": "pack_ir_listening", "host.id": "u-1", "user.name": "mira", "file.path": "/tmp/x", "process.pid": "77", "destination.ip": "203.0.113.9", "event.action": "added", "event.dataset": "osquery.result", "message": "web01: pack_ir_listening added /tmp/x"},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "event.action": "snapshot", "osquery.result.snapshot.username": "a|b"},
	} {
		e := events[i]
		got := event.FormatTime(e.Times[0].At)
		if got != want["@timestamp"] || e.Times[0].Meaning != event.Occurred || e.Times[0].Zone != "UTC" || e.Times[0].Assumed != "" {
			t.Errorf("record %d: time %s, %+v", i, got, e.Times[0])
		}
		for name, v := range want {
			if name != "@timestamp" && strings.Join(e.All(name), "|") != v {
				t.Errorf("record %d: %s is %q, want %q", i, name, e.All(name), v)
			}
		}
	}
}

// TestShapes: a snapshot and a batch of differences are one record each, with the values of all rows under the column's name.
func TestShapes(t *testing.T) {
	parsetest.Lines(t, New(), parse.Assume{}, map[string]map[string]string{
		`{"name":"q","hostIdentifier":"h","unixTime":1773450123,"snapshot":[{"pid":"1"},{"pid":"2"}],"action":"snapshot"}`: {"message": "h: q snapshot of 2 rows", "osquery.result.snapshot.pid": "1 2"},
		`{"diffResults":{"added":[{"pid":"1"}],"removed":[{"pid":"2"},{"pid":"3"}]},"name":"q","hostIdentifier":"h","unixTime":"1773450123"}`: {
			"event.action": "differential", "message": "h: q differential: 1 added, 2 removed", "osquery.result.diffResults.removed.pid": "2 3"},
		`{"hostIdentifier":"h","calendarTime":"Sat Mar 14 01:02:03 2026 UTC","severity":"1","filename":"tls.cpp","line":"5","message":"refused"}`: {"@": "2026-03-14T01:02:03.0000000Z", "message": "refused"},
	})
}

func TestNotItsOwn(t *testing.T) {
	for _, text := range []string{"", "{}", `{"a":1}`, "[]", `{"@timestamp":"2026-03-14T01:02:03Z","event":{"action":"x"}}`, "Mar 14 01:02:03 h p: m"} {
		if s := New().Detect([]byte(text), "x.json"); s != 0 {
			t.Errorf("%q: %d", text, s)
		}
	}
	// A record of another kind among them keeps its values and is told.
	res, events := parsetest.Run(t, New(), []byte(strings.SplitN(sample, "\n", 2)[0]+"\n"+`{"other":"thing"}`+"\n{broken\n"), "x", parse.Assume{})
	if len(events) != 2 || events[1].Get(Name+".other") != "thing" || res.WarningCount != 2 || res.Status != parse.StatusPartial {
		t.Errorf("%d events, %+v", len(events), res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(sample), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Add(strings.ReplaceAll(sample, ":", ":["))
	f.Fuzz(func(t *testing.T, s string) {
		res, events, err := parsetest.Collect(New(), []byte(s), "x", parse.Assume{})
		if err != nil {
			t.Skip()
		}
		parsetest.Counts(t, "fuzzed", res, events)
		parsetest.ValidText(t, events)
	})
}
