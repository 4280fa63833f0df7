package hayabusa

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const record = `{
    "Timestamp": "2026-03-14 02:02:03.456 +01:00",
    "RuleTitle": "Logon Failure (Wrong Password)",
    "Level": "low",
    "Computer": "FS01.corp.local",
    "Channel": "Sec",
    "EventID": 4625,
    "RuleAuthor": "A, B",
    "MitreTactics": ["InitAccess", "PrivEsc"],
    "MitreTags": ["T1078"],
    "RecordID": 18446744073709551615,
    "Details": {"Type": "3 - NETWORK", "TgtUser": "bob", "SrcIP": "10.0.0.9"},
    "ExtraFieldInfo": {"Status": "0xc000006d"},
    "RuleFile": "Sec_4625.yml",
    "EvtxFile": "C:\\logs\\Security.evtx",
    "RuleID": "e87bd730-df45-4ae9-85de-6c75369c5d29",
    "New": "x"
}`

func TestRecord(t *testing.T) {
	res, events := parsetest.Run(t, New(), []byte(record+"\n"+record+"\n"), "timeline.json", parse.Assume{})
	if res.Status != parse.StatusOK || len(events) != 2 || res.WarningCount != 0 {
		t.Fatalf("%+v", res)
	}
	e := events[0]
	if len(e.Times) != 1 || event.FormatTime(e.Times[0].At) != "2026-03-14T01:02:03.4560000Z" || e.Times[0].Zone != "+01:00" || e.Times[0].Meaning != event.Occurred {
		t.Errorf("%+v", e.Times)
	}
	want := map[string]string{"event.code": "4625", "event.dataset": "hayabusa", "event.kind": "alert", "event.module": "hayabusa", "hayabusa.Channel": "Sec", "hayabusa.Details.SrcIP": "10.0.0.9",
		"hayabusa.Details.TgtUser": "bob", "hayabusa.Details.Type": "3 - NETWORK", "hayabusa.ExtraFieldInfo.Status": "0xc000006d", "hayabusa.New": "x", "host.name": "FS01.corp.local",
		"log.file.path": `C:\logs\Security.evtx`, "log.level": "low", "rule.author": "A, B", "rule.id": "e87bd730-df45-4ae9-85de-6c75369c5d29", "rule.name": "Logon Failure (Wrong Password)",
		"rule.reference": "Sec_4625.yml", "threat.tactic.name": "InitAccess|PrivEsc", "threat.technique.id": "T1078", "winlog.record_id": "18446744073709551615",
		"message": "Logon Failure (Wrong Password) (low) on FS01.corp.local: Type: 3 - NETWORK TgtUser: bob SrcIP: 10.0.0.9"}
	for _, f := range e.Fields {
		if got := strings.Join(f.Values, "|"); got != want[f.Name] {
			t.Errorf("%s is %q, want %q", f.Name, got, want[f.Name])
		}
		delete(want, f.Name)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	if s := New().Detect([]byte(record), "x.json"); s < 92 {
		t.Errorf("score %d", s)
	}
	parsetest.EmitErrorStops(t, New(), []byte(record), parse.Assume{})
}

// TestProfiles: the smallest profile, the one for Timesketch, details as one text.
func TestProfiles(t *testing.T) {
	for text, message := range map[string]string{
		`{"Timestamp":"2026-03-14 01:02:03.456Z","RuleTitle":"R","Level":"high","Computer":"H","Channel":"Sysmon","EventID":1,"RecordID":7,"Details":"Cmd: x ¦ User: y"}`:                  "R (high) on H: Cmd: x ¦ User: y",
		`{"datetime":"2026-03-14T01:02:03.456+00:00","timestamp_desc":"hayabusa","message":"R","Level":"crit","Computer":"H","Channel":"Sec","EventID":1,"Details":{},"RuleFile":"r.yml"}`: "R (crit) on H",
	} {
		_, events := parsetest.Run(t, New(), []byte(text+"\n"), "x.jsonl", parse.Assume{})
		if len(events) != 1 || len(events[0].Times) != 1 || events[0].Get("message") != message || events[0].Get("rule.name") != "R" || New().Detect([]byte(text), "x") < 92 {
			t.Errorf("%s: %+v", text, events[0])
		}
	}
	for _, other := range []string{`{"Timestamp":"2026-03-14","Level":"x","Computer":"y"}`, `{"@timestamp":"x"}`, "Timestamp,RuleTitle\n"} {
		if s := New().Detect([]byte(other), "hayabusa.json"); s != 0 {
			t.Errorf("%s: %d", other, s)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(record))
	f.Add([]byte(`{"Timestamp":"x","RuleTitle":"R","Level":"h","Computer":"H","Channel":1,"EventID":[1],"Details":[{"a":1},2]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		New().Detect(b, "x")
		_, events := parsetest.Run(t, New(), b, "x", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}
