package sophos

import (
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// TestPlaso compares counts and every published value.
func TestPlaso(t *testing.T) {
	for _, file := range []string{"sav.txt"} {
		a := answersPlaso(t, file)
		a.Log(t)
		if a.Found != a.Expected || a.Missed > 0 || a.Values == 0 {
			t.Errorf("%+v", a)
		}
	}
}

// plasoFields are our names of the other tool's fields.
var plasoFields = map[string]string{"text": "message"}

func answersPlaso(t *testing.T, file string) parsetest.Answers {
	return parsetest.Plaso(t, New(), parse.Assume{}, file, nil, func(e *event.Event, field string) (string, bool) {
		switch field {
		case "data_type":
			return "", false
		case "added_time":
			return parsetest.PrimaryTime(e), true
		}
		return e.Get(plasoFields[field]), true
	})
}
