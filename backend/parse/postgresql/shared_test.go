package postgresql

import (
	"strings"
	"testing"
	"time"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// TestFilebeat compares counts and every published value.
func TestFilebeat(t *testing.T) {
	a := answersFilebeat(t)
	a.Log(t)
	if a.Found != a.Expected || a.Missed > 0 || a.Values == 0 {
		t.Errorf("%+v", a)
	}
}

func answersFilebeat(t *testing.T) parsetest.Answers {
	return parsetest.Filebeat(t, New(), parse.Assume{}, excuse, "postgresql.log")
}

// excuse is the reviewed list of differences.
func excuse(v parsetest.Value, got []string) string {
	switch {
	case v.Field == "message" && len(got) == 1 && strings.HasPrefix(got[0], "duration: ") && strings.HasSuffix(strings.TrimSuffix(v.Want, "\n"), got[0]):
		return "the table repeats the whole line as the message of a statement with a duration; its prefix stands in fields here"
	case v.Field == "user.name" && v.Want == "unknown" && len(got) == 0:
		return "[unknown] is the product's word for no user yet"
	}
	if v.Field == "@timestamp" && v.Event.Get("postgresql.log.timezone") == "EST" {
		at, err := time.Parse(time.RFC3339Nano, v.Want)
		if err == nil && v.Event.Times[0].At.Equal(at.Add(time.Hour)) {
			return "EST is five hours behind UTC whatever the month; the table's reader took the summer time of a region for it"
		}
	}
	return ""
}
