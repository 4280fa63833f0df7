package m365

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"CreationTime":"2026-03-14T01:02:03","Id":"a1","Operation":"New-InboxRule","OrganizationId":"o1","RecordType":1,"ResultStatus":"True","UserKey":"k","UserType":0,"Version":1,"Workload":"Exchange","ClientIP":"198.51.100.7:51234","ObjectId":"mira\\rule","UserId":"mira@example.org","Parameters":[{"Name":"DeleteMessage","Value":"True"},{"Name":"From","Value":"bank@example.org"}]}
{"RecordType":"AzureActiveDirectory","CreationDate":"2026-03-14T01:02:04.0000000Z","UserIds":"x","Operations":"UserLoginFailed","AuditData":"{\"CreationTime\": \"2026-03-14T01:02:04\", \"Id\": \"a2\", \"Operation\": \"UserLoginFailed\", \"RecordType\": 15, \"ResultStatus\": \"Failed\", \"UserId\": \"mira@example.org\", \"Workload\": \"AzureActiveDirectory\", \"ActorIpAddress\": \"2001:db8::7\"}"}
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
		{"@timestamp": "2026-03-14T01:02:03.0000000Z", "event.action": "New-InboxRule", "event.provider": "Exchange", "event.outcome": "success", "event.code": "1", "user.id": "mira@example.org", "source.ip": "198.51.100.7", "source.address": "198.51.100.7:51234", "organization.id": "o1", "event.dataset": "o365.audit", "o365.audit.parameters.DeleteMessage": "True", "o365.audit.UserType": "0", "message": "mira@example.org: New-InboxRule in Exchange on mira\\rule from 198.51.100.7:51234 (True)"},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "event.action": "UserLoginFailed", "event.outcome": "failure", "source.ip": "2001:db8::7", "o365.export.UserIds": "x", "o365.audit.Id": "a2", "message": "mira@example.org: UserLoginFailed in AzureActiveDirectory from 2001:db8::7 (Failed)"},
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
