package redis

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "26571:M 14 Mar 2026 01:02:03.004 * Synchronization succeeded\n77:S 14 Mar 01:02:04 # lost it\n[2932] 14 Mar 01:02:05 - 0 clients\n14 Mar 01:02:06 . idle\n5092:signal-handler (1773450127) Received SIGINT\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	if s := New().Detect([]byte(sample), "x.log"); s < 92 {
		t.Fatalf("detected with %d", s)
	}
	res, events := parsetest.Run(t, New(), []byte(sample), "x.log", assume)
	parsetest.ValidText(t, events)
	if res.Status != parse.StatusOK || len(events) != 5 {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	for i, want := range []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0040000Z", "process.pid": "26571", "redis.log.role": "master", "log.level": "notice", "message": "Synchronization succeeded"},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "redis.log.role": "replica", "log.level": "warning"},
		{"@timestamp": "2026-03-14T01:02:05.0000000Z", "process.pid": "2932", "log.level": "verbose"},
		{"@timestamp": "2026-03-14T01:02:06.0000000Z", "log.level": "debug"},
		{"@timestamp": "2026-03-14T01:02:07.0000000Z", "redis.log.role": "signal-handler", "message": "Received SIGINT"},
	} {
		e := events[i]
		got := ""
		if len(e.Times) > 0 {
			got = event.FormatTime(e.Times[0].At)
		}
		if got != want["@timestamp"] {
			t.Errorf("record %d: time %s, want %s", i, got, want["@timestamp"])
		}
		for name, v := range want {
			if name != "@timestamp" && strings.Join(e.All(name), "|") != v {
				t.Errorf("record %d: %s is %q, want %q", i, name, e.All(name), v)
			}
		}
	}
}

func TestForms(t *testing.T) {
	parsetest.Lines(t, New(), assume, map[string]map[string]string{
		"7:M 14 Mar 2026 01:02:03.004 - Accepted 203.0.113.9:50112": {
			"@": "2026-03-14T01:02:03.0040000Z", "source.ip": "203.0.113.9", "source.port": "50112", "event.action": "connection", "event.category": "network"},
	})
}

func TestNotItsOwn(t *testing.T) {
	for _, text := range []string{"", "hello\n", "{\"a\":1}\n", "Mar 14 01:02:03 h p: m\n", "2026-03-14T01:02:03Z something happened\n", "a,b,c\n1,2,3\n"} {
		if s := New().Detect([]byte(text), "x.log"); s != 0 {
			t.Errorf("%q: %d", text, s)
		}
	}
	parsetest.EmitErrorStops(t, New(), []byte(sample), assume)
	cut := sample[:len(sample)/2]
	res, events := parsetest.Run(t, New(), []byte(cut+"\x00\xff\n"), "x.log", assume)
	parsetest.ValidText(t, events)
	if res.Status == parse.StatusEmpty {
		t.Errorf("a cut file is called empty: %+v", res)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Add(strings.ReplaceAll(sample, " ", "\n"))
	f.Fuzz(func(t *testing.T, s string) {
		res, events, err := parsetest.Collect(New(), []byte(s), "x", assume)
		if err != nil {
			t.Skip()
		}
		parsetest.Counts(t, "fuzzed", res, events)
		parsetest.ValidText(t, events)
	})
}
