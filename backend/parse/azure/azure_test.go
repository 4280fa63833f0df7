package azure

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"authorization":{"action":"Microsoft.Compute/disks/delete"},"caller":"mira@example.org","eventTimestamp":"2026-03-14T01:02:03.1234567Z","submissionTimestamp":"2026-03-14T01:04:00Z","operationName":{"value":"Microsoft.Compute/disks/delete","localizedValue":"Delete Disk"},"resourceId":"/subscriptions/s1/disks/d1","status":{"value":"Succeeded"},"subscriptionId":"s1","tenantId":"t1","level":"Informational","httpRequest":{"clientIpAddress":"203.0.113.9"}}
{"time":"2026-03-14T01:02:04Z","resourceId":"/tenants/t1/providers/Microsoft.aadiam","operationName":"Sign-in activity","category":"SignInLogs","tenantId":"t1","resultType":"50126","callerIpAddress":"198.51.100.7","properties":{"id":"q","createdDateTime":"2026-03-14T01:02:04Z","userPrincipalName":"mira@example.org","userId":"u1","appDisplayName":"Azure Portal","ipAddress":"198.51.100.7","status":{"errorCode":50126,"failureReason":"Invalid username or password."}}}
{"id":"z","activityDisplayName":"Add member to role","activityDateTime":"2026-03-14T01:02:05Z","result":"success","initiatedBy":{"user":{"userPrincipalName":"mira@example.org","ipAddress":"198.51.100.7"}},"category":"RoleManagement"}
`

func TestRecord(t *testing.T) {
	if s := New().Detect([]byte(sample), "x.log"); s < 92 {
		t.Fatalf("detected with %d", s)
	}
	res, events := parsetest.Run(t, New(), []byte(sample), "x.log", parse.Assume{})
	parsetest.ValidText(t, events)
	if res.Status != parse.StatusOK || len(events) != 3 {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	for i, want := range []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.1234567Z", "event.action": "Microsoft.Compute/disks/delete", "event.outcome": "success", "user.id": "mira@example.org", "source.ip": "203.0.113.9", "cloud.account.id": "s1", "organization.id": "t1", "log.level": "Informational", "event.dataset": "azure.activitylogs", "message": "mira@example.org: Microsoft.Compute/disks/delete on /subscriptions/s1/disks/d1 from 203.0.113.9"},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "event.dataset": "azure.signinlogs", "event.outcome": "failure", "user.name": "mira@example.org", "source.ip": "198.51.100.7", "error.code": "50126", "azure.signinlogs.properties.userId": "u1", "message": "mira@example.org failed to sign in to Azure Portal (50126 Invalid username or password.) from 198.51.100.7"},
		{"@timestamp": "2026-03-14T01:02:05.0000000Z", "event.dataset": "azure.auditlogs", "event.action": "Add member to role", "event.outcome": "success", "user.name": "mira@example.org", "event.category": "RoleManagement", "message": "mira@example.org: Add member to role"},
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
