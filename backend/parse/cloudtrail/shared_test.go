package cloudtrail

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const notChecked = "CloudTrail records against published counts and values"

// TestStratus: one attack technique a file, with its records, times and event names.
func TestStratus(t *testing.T) {
	dir := parsetest.SharedData(t, "logs/cloudtrail-stratus", notChecked)
	found, expected := 0, 0
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		text := parsetest.Read(t, dir, row["file"])
		if New().Detect(text[:min(len(text), parse.HeadBytes)], row["file"]) < 92 {
			t.Errorf("%s is not detected", row["file"])
		}
		res, events := parsetest.Run(t, New(), text, row["file"], parse.Assume{})
		n, err := strconv.Atoi(row["expected_records"])
		if err != nil {
			t.Fatal(err)
		}
		found, expected = found+len(events), expected+n
		if len(events) != n || res.Status != parse.StatusOK || res.WarningCount != 0 {
			t.Errorf("%s: %d events, want %d; %+v", row["file"], len(events), n, res.Warnings)
			continue
		}
		var names []string
		for _, e := range events {
			names = append(names, e.Get("event.action"))
			if e.Get("event.dataset") != "aws.cloudtrail" || e.Get("message") == "" || e.Get("source.address") == "" {
				t.Errorf("%s: %v", row["file"], e.Fields)
			}
		}
		slices.Sort(names)
		if got := strings.Join(slices.Compact(names), " "); got != row["event_names"] {
			t.Errorf("%s: %v, want %s", row["file"], got, row["event_names"])
		}
		if f, l := res.First.Format("2006-01-02T15:04:05Z"), res.Last.Format("2006-01-02T15:04:05Z"); f != row["first_time"] || l != row["last_time"] {
			t.Errorf("%s: %s to %s, want %s to %s", row["file"], f, l, row["first_time"], row["last_time"])
		}
	}
	t.Logf("ANSWERS cloudtrail records: found %d expected %d", found, expected)
}

// TestPlaso: records as lookup-events prints them. Their own EventTime is local; the record inside states UTC.
func TestPlaso(t *testing.T) {
	dir := parsetest.SharedData(t, "plaso", notChecked)
	res, events := parsetest.Run(t, New(), parsetest.Read(t, dir, "files/jsonl/aws_cloudtrail.jsonl"), "x", parse.Assume{})
	t.Logf("ANSWERS plaso aws_cloudtrail: found %d expected 6", len(events))
	if len(events) != 6 || res.Status != parse.StatusOK {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	names := map[string]string{
		"access_key": "aws.cloudtrail.lookup.AccessKeyId", "event_name": "event.action", "event_source": "event.provider", "source_ip": "source.ip",
		"user_identity_arn": "aws.cloudtrail.userIdentity.arn", "username": "user.name",
	}
	for _, row := range parsetest.Table(t, filepath.Join(dir, "values.csv")) {
		name, ok := names[row["field"]]
		if row["file"] == "jsonl/aws_cloudtrail.jsonl" && ok && events[0].Get(name) != row["expected_value"] {
			t.Errorf("%s is %q, want %q", name, events[0].Get(name), row["expected_value"])
		}
	}
	if got := event.FormatTime(events[0].Times[0].At); got != "2022-02-07T22:23:37.0000000Z" { // 2022-02-08 09:23:37+11:00
		t.Error(got)
	}
}
