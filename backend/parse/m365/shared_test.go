package m365

import (
	"path/filepath"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// TestPlaso: counts and values that another timeline tool publishes for its own sample.
func TestPlaso(t *testing.T) {
	dir := parsetest.SharedData(t, "plaso", "records against the counts and values of another tool")
	text := parsetest.Read(t, dir, "files/jsonl/microsoft_audit_log.jsonl")
	if New().Detect(text, "x") < 92 {
		t.Error("not detected")
	}
	res, events := parsetest.Run(t, New(), text, "x", parse.Assume{})
	t.Logf("ANSWERS plaso m365: found %d expected 4", len(events))
	if len(events) != 4 || res.Status != parse.StatusOK {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	names := map[string]string{
		"audit_record_identifier": "event.id",
		"operation_name":          "event.action",
		"organization_identifier": "organization.id",
		"record_type":             "event.code",
		"result_status":           "o365.audit.ResultStatus",
		"user_key":                "o365.audit.UserKey",
		"user_type":               "o365.audit.UserType",
		"workload":                "event.provider",
		"object_identifier":       "o365.audit.ObjectId",
		"user_identifier":         "user.id",
	}
	checked := 0
	for _, row := range parsetest.Table(t, filepath.Join(dir, "values.csv")) {
		name, ok := names[row["field"]]
		if row["file"] != "jsonl/microsoft_audit_log.jsonl" || !ok {
			continue
		}
		checked++
		if got := events[0].Get(name); got != row["expected_value"] {
			t.Errorf("%s is %q, want %q", name, got, row["expected_value"])
		}
	}
	if checked != len(names) {
		t.Errorf("%d values checked", checked)
	}
	if got := event.FormatTime(events[0].Times[0].At); got != "2022-05-07T12:55:53.0000000Z" {
		t.Error(got)
	}
}
