package icinga

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
	return parsetest.Filebeat(t, New(), parse.Assume{}, excuse, "icinga.debug", "icinga.main", "icinga.startup")
}

// excuse is the reviewed list of differences.
func excuse(v parsetest.Value, got []string) string {
	if v.Field == "message" && len(got) == 1 && got[0] == strings.TrimRight(v.Want, "\n") {
		return "an empty line behind a message is no part of it"
	}
	return ""
}
