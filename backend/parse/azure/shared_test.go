package azure

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
	text := parsetest.Read(t, dir, "files/jsonl/azure_activity_log.jsonl")
	if New().Detect(text, "x") < 92 {
		t.Error("not detected")
	}
	res, events := parsetest.Run(t, New(), text, "x", parse.Assume{})
	t.Logf("ANSWERS plaso azure: found %d expected 4", len(events))
	if len(events) != 4 || res.Status != parse.StatusOK {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	names := map[string]string{
		"caller":                  "user.id",
		"client_ip":               "source.ip",
		"correlation_identifier":  "azure.activitylogs.correlation_id",
		"event_data_identifier":   "azure.activitylogs.event_data_id",
		"event_name":              "azure.activitylogs.event_name.value",
		"level":                   "log.level",
		"operation_identifier":    "azure.activitylogs.operation_id",
		"operation_name":          "event.action",
		"resource_group":          "azure.activitylogs.resource_group_name",
		"resource_identifier":     "azure.activitylogs.resource_id",
		"resource_provider":       "azure.activitylogs.resource_provider_name.value",
		"resource_type":           "azure.activitylogs.resource_type.value",
		"subscription_identifier": "cloud.account.id",
		"tenant_identifier":       "organization.id",
	}
	checked := 0
	for _, row := range parsetest.Table(t, filepath.Join(dir, "values.csv")) {
		name, ok := names[row["field"]]
		if row["file"] != "jsonl/azure_activity_log.jsonl" || !ok {
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
	if got := event.FormatTime(events[0].Times[0].At); got != "2022-02-09T03:04:54.2978530Z" {
		t.Error(got)
	}
}
