package symantec

import (
	"strconv"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// TestPlaso compares counts and every published value.
func TestPlaso(t *testing.T) {
	for _, file := range []string{"Symantec.Log"} {
		a := answersPlaso(t, file)
		a.Log(t)
		if a.Found != a.Expected || a.Missed > 0 || a.Values == 0 {
			t.Errorf("%+v", a)
		}
	}
}

// plasoFields are our names of the other tool's fields.
var plasoFields = map[string]string{"event_code": "event.code", "file_path": "file.path", "hostname": "host.name", "username": "user.name", "virus": "threat.name", "identifier": "symantec.guid"}

func answersPlaso(t *testing.T, file string) parsetest.Answers {
	return parsetest.Plaso(t, New(), parse.Assume{}, file, nil, func(e *event.Event, field string) (string, bool) {
		switch field {
		case "data_type":
			return "", false
		case "last_written_time":
			return parsetest.PrimaryTime(e), true
		case "event_fields":
			return `["` + strings.Join(e.All("symantec.event_fields"), `", "`) + `"]`, true
		case "offset":
			return strconv.FormatInt(e.Locator.Offset, 10), true
		}
		if name, ok := plasoFields[field]; ok {
			return e.Get(name), true
		}
		return e.Get("symantec." + field), true
	})
}
