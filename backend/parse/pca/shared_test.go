package pca

import (
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// TestPlaso compares counts and every published value.
func TestPlaso(t *testing.T) {
	for _, file := range []string{"PcaGeneralDb0.txt", "PcaAppLaunchDic.txt"} {
		a := answersPlaso(t, file)
		a.Log(t)
		if a.Found != a.Expected || a.Missed > 0 || a.Values == 0 {
			t.Errorf("%+v", a)
		}
	}
}

// plasoFields are our names of the other tool's fields.
var plasoFields = map[string]string{"description": "process.pe.description", "executable": "process.executable", "exit_code": "pca.exit", "program_identifier": "pca.program_id", "run_status": "pca.type", "vendor": "process.pe.company", "version": "process.pe.file_version"}

// answersPlaso knows that the table gives under either name the values of both files: eight of a record of PcaGeneralDb0.txt, then
// two of one of PcaAppLaunchDic.txt.
func answersPlaso(t *testing.T, file string) parsetest.Answers {
	var first [2]*event.Event
	for i, name := range []string{"PcaGeneralDb0.txt", "PcaAppLaunchDic.txt"} {
		b := parsetest.Read(t, parsetest.SharedData(t, "plaso", "values of "+name), "files", name)
		_, events := parsetest.Run(t, New(), b, name, parse.Assume{})
		first[i] = events[0]
	}
	rows := 0
	return parsetest.Plaso(t, New(), parse.Assume{}, file, nil, func(_ *event.Event, field string) (string, bool) {
		e := first[rows/8]
		rows++
		if field == "last_execution_time" {
			return parsetest.PrimaryTime(e), true
		}
		return e.Get(plasoFields[field]), true
	})
}
