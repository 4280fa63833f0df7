package santa

import (
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
	return parsetest.Filebeat(t, New(), parse.Assume{}, parsetest.NoExcuse, "santa.log")
}
