package kafka

import (
	"strings"
	"testing"

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
	return parsetest.Filebeat(t, New(), parse.Assume{}, excuse, "kafka.log")
}

// excuse is the reviewed list of differences.
func excuse(v parsetest.Value, got []string) string {
	if v.Field == "message" && len(got) == 1 && strings.Contains(got[0], "[delete], "+v.Want) {
		return "the table's reader took [delete] in the middle of a message for the component and dropped what stands before it"
	}
	return ""
}
