package mysql

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
	return parsetest.Filebeat(t, New(), parse.Assume{}, excuse, "mysql.error", "mysql.slowlog")
}

// excuse is the reviewed list of differences.
func excuse(v parsetest.Value, got []string) string {
	if v.Field != "message" || len(got) != 1 {
		return ""
	}
	code, subsystem := v.Event.Get("event.code"), v.Event.Get("mysql.error.subsystem")
	switch v.Want {
	case got[0] + "\n":
		return "an empty line behind a message is no part of it"
	case "[" + code + "] [" + subsystem + "] " + got[0]:
		return "code and subsystem of 8.0 stand in fields of their own, not in the message"
	}
	if v.Want == v.Event.Get("mysql.general.command")+"\t"+v.Event.Get("mysql.general.argument") {
		return "a line of the general query log among those of errors is read as one, and its message is a sentence"
	}
	return ""
}
