package setupapi

import (
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// TestPlaso compares counts and every published value.
func TestPlaso(t *testing.T) {
	for _, file := range []string{"setupapi.dev.log", "setupapi.setup.log"} {
		a := answersPlaso(t, file)
		a.Log(t)
		if a.Found != a.Expected || a.Missed > 0 || a.Values == 0 {
			t.Errorf("%+v", a)
		}
	}
}

// plasoFields are our names of the other tool's fields.
var plasoFields = map[string]string{"entry_type": "setupapi.section", "exit_status": "setupapi.exit_status"}

func answersPlaso(t *testing.T, file string) parsetest.Answers {
	return parsetest.Plaso(t, New(), parse.Assume{}, file, nil, func(e *event.Event, field string) (string, bool) {
		switch field {
		case "data_type":
			return "", false
		case "start_time":
			return parsetest.PrimaryTime(e), true
		case "end_time":
			for _, at := range e.Times {
				if at.Meaning == event.Ended {
					return event.FormatTime(at.At), true
				}
			}
		}
		return e.Get(plasoFields[field]), true
	})
}
