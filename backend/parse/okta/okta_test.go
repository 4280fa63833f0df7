package okta

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"uuid":"u1","published":"2026-03-14T01:02:03.123Z","eventType":"user.session.start","displayMessage":"User login to Okta","severity":"INFO","actor":{"id":"00u","type":"User","alternateId":"mira@example.org","displayName":"Mira Holm"},"client":{"ipAddress":"203.0.113.9","userAgent":{"rawUserAgent":"Mozilla/5.0"},"geographicalContext":{"country":"Norway","city":"Bergen"}},"outcome":{"result":"FAILURE","reason":"INVALID_CREDENTIALS"},"target":[{"id":"1","type":"AppInstance","alternateId":"Portal"}],"securityContext":{"asNumber":64500,"isp":"example"}}
`

func TestRecord(t *testing.T) {
	if s := New().Detect([]byte(sample), "x.log"); s < 92 {
		t.Fatalf("detected with %d", s)
	}
	res, events := parsetest.Run(t, New(), []byte(sample), "x.log", parse.Assume{})
	parsetest.ValidText(t, events)
	if res.Status != parse.StatusOK || len(events) != 1 {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	for i, want := range []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.1230000Z", "event.action": "user.session.start", "event.outcome": "failure", "event.reason": "INVALID_CREDENTIALS", "user.name": "mira@example.org", "user.full_name": "Mira Holm", "user.id": "00u", "source.ip": "203.0.113.9", "source.geo.city_name": "Bergen", "source.as.number": "64500", "event.dataset": "okta.system", "okta.target.type": "AppInstance", "message": "mira@example.org: User login to Okta on Portal from 203.0.113.9 (FAILURE, INVALID_CREDENTIALS)"},
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
