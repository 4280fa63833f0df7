package chainsaw

import (
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const individual = `{"group":"Sigma","kind":"individual","document":{"kind":"evtx","path":"C:\\logs\\Security.evtx","data":{"Event":{"System":{"Provider_attributes":{"Name":"Microsoft-Windows-Security-Auditing"},"EventID":4624,"EventRecordID":18446744073709551615,"TimeCreated_attributes":{"SystemTime":"2026-03-14T01:02:03.456789Z"},"Channel":"Security","Computer":"FS01"},"EventData":{"TargetUserName":"bob","LogonType":3,"IpAddress":"10.0.0.9"}},"Event_attributes":{"xmlns":"x"},"Odd":1}},"name":"Odd logon","timestamp":"2026-03-14T01:02:03.456789+00:00","authors":["A","B"],"level":"high","source":"sigma","status":"stable","falsepositives":[],"id":"abc","logsource":{"product":"windows"},"references":["https://x"],"tags":["attack.t1078.002","attack.persistence"]}`

const aggregate = `{"group":"Login Attacks","kind":"aggregate","documents":[{"kind":"evtx","path":"a","data":{"Event":{"System":{"EventID":4625}}}},{"kind":"evtx","path":"b","data":{}}],"name":"Brute force","timestamp":"2026-03-14T01:02:04+00:00","level":"medium"}`

func TestRecords(t *testing.T) {
	res, events := parsetest.Run(t, New(), []byte("["+individual+","+aggregate+"]"), "chainsaw.json", parse.Assume{})
	if res.Status != parse.StatusOK || len(events) != 2 || res.WarningCount != 0 {
		t.Fatalf("%+v", res)
	}
	for i, want := range []map[string]string{
		{"event.kind": "alert", "event.module": "chainsaw", "event.dataset": "chainsaw", "chainsaw.event.dataset": "windows.security", "rule.name": "Odd logon", "rule.id": "abc", "log.level": "high",
			"rule.ruleset": "Sigma", "rule.author": "A", "log.file.path": `C:\logs\Security.evtx`, "winlog.channel": "Security", "event.code": "4624", "winlog.event_data.TargetUserName": "bob",
			"winlog.record_id": "18446744073709551615", "host.name": "FS01", "source.ip": "10.0.0.9", "threat.technique.id": "T1078.002", "winlog.sentence": "bob logged on (Network) from 10.0.0.9",
			"message": "Odd logon (high): bob logged on (Network) from 10.0.0.9", "chainsaw.logsource.product": "windows", "chainsaw.document.data.Odd": "1"},
		{"rule.name": "Brute force", "message": "Brute force (medium): 2 events", "chainsaw.documents.path": "a", "chainsaw.documents.data.Event.System.EventID": "4625"},
	} {
		for name, w := range want {
			if got := events[i].Get(name); got != w {
				t.Errorf("%d: %s is %q, want %q", i, name, got, w)
			}
		}
	}
	if at := events[0].Times; len(at) != 1 || event.FormatTime(at[0].At) != "2026-03-14T01:02:03.4567890Z" {
		t.Errorf("%+v", at)
	}
	if len(events[0].All("event.kind")) != 1 {
		t.Errorf("%v", events[0].All("event.kind"))
	}
	if s := New().Detect([]byte(individual+"\n"+aggregate), "x.jsonl"); s < 92 {
		t.Errorf("score %d", s)
	}
	if s := New().Detect([]byte(`{"group":"a","name":"b","timestamp":1}`), "chainsaw.json"); s != 0 {
		t.Errorf("score %d", s)
	}
	parsetest.EmitErrorStops(t, New(), []byte(individual), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(individual))
	f.Add([]byte(aggregate))
	f.Add([]byte(`{"group":"a","kind":"individual","document":{"data":{"System":{"EventID":{"Value":1},"Channel":[1]}}},"name":"b","timestamp":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		New().Detect(b, "x")
		_, events := parsetest.Run(t, New(), b, "x", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}
