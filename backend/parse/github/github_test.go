package github

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"@timestamp":1773450123456,"_document_id":"d1","action":"repo.download_zip","actor":"mira","actor_id":9007199254740993,"actor_ip":"203.0.113.9","org":"harbour","repo":"harbour/cranes","user_agent":"git/2","created_at":1773450123456}
{"action":"org.add_member","actor":"mira","user":"newcomer","org":"harbour","created_at":1773450124456}
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
		{"@timestamp": "2026-03-14T01:02:03.4560000Z", "event.action": "repo.download_zip", "event.id": "d1", "user.name": "mira", "user.id": "9007199254740993", "source.ip": "203.0.113.9", "organization.name": "harbour", "event.dataset": "github.audit", "github.repo": "harbour/cranes", "message": "mira: repo.download_zip on harbour/cranes from 203.0.113.9"},
		{"@timestamp": "2026-03-14T01:02:04.4560000Z", "event.action": "org.add_member", "user.target.name": "newcomer", "message": "mira: org.add_member on harbour, concerning newcomer"},
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
