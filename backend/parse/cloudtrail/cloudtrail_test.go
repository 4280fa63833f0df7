package cloudtrail

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Ops/mira","sessionContext":{"sessionIssuer":{"userName":"Ops"}}},"eventTime":"2026-03-14T01:02:03Z","eventSource":"iam.amazonaws.com","eventName":"CreateAccessKey","awsRegion":"eu-north-1","sourceIPAddress":"203.0.113.9","userAgent":"aws-cli/2.15","errorCode":"AccessDenied","requestParameters":{"userName":"backup"},"eventID":"7d0e","recipientAccountId":"111122223333"}
{"EventId":"8f1","EventName":"ConsoleLogin","EventTime":"2026-03-14T02:02:03+01:00","EventSource":"signin.amazonaws.com","Username":"mira","CloudTrailEvent":"{\"eventVersion\": \"1.08\", \"eventTime\": \"2026-03-14T01:02:04Z\", \"eventSource\": \"signin.amazonaws.com\", \"eventName\": \"ConsoleLogin\", \"userIdentity\": {\"type\": \"IAMUser\", \"userName\": \"mira\"}, \"responseElements\": {\"ConsoleLogin\": \"Failure\"}, \"sourceIPAddress\": \"AWS Internal\"}"}
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
		{"@timestamp": "2026-03-14T01:02:03.0000000Z", "event.action": "CreateAccessKey", "event.provider": "iam.amazonaws.com", "event.outcome": "failure", "user.name": "Ops", "user.target.name": "backup", "source.ip": "203.0.113.9", "cloud.region": "eu-north-1", "cloud.account.id": "111122223333", "error.code": "AccessDenied", "event.dataset": "aws.cloudtrail", "aws.cloudtrail.userIdentity.type": "AssumedRole", "message": "Ops called CreateAccessKey of iam.amazonaws.com from 203.0.113.9: AccessDenied"},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "event.action": "ConsoleLogin", "event.outcome": "failure", "user.name": "mira", "source.domain": "AWS Internal", "source.ip": "", "aws.cloudtrail.lookup.EventId": "8f1", "aws.cloudtrail.eventName": "ConsoleLogin", "message": "mira called ConsoleLogin of signin.amazonaws.com from AWS Internal"},
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
