package trendmicro

import (
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// TestPlaso compares counts and every published value.
func TestPlaso(t *testing.T) {
	for _, file := range []string{"pccnt35.log", "OfcUrlf.log"} {
		a := answersPlaso(t, file)
		a.Log(t)
		if a.Found != a.Expected || a.Missed > 0 || a.Values == 0 {
			t.Errorf("%+v", a)
		}
	}
}

// plasoFields are our names of the other tool's fields.
var plasoFields = map[string]string{"action": "trendmicro.action", "filename": "file.name", "path": "file.directory", "scan_type": "trendmicro.scan_type", "threat": "threat.name", "application_name": "process.executable", "block_mode": "trendmicro.block_mode", "credibility_rating": "trendmicro.credibility_rating", "credibility_score": "trendmicro.credibility_score", "group_code": "trendmicro.group_code", "group_name": "trendmicro.group_name", "policy_identifier": "trendmicro.policy", "threshold": "trendmicro.threshold", "url": "url.original"}

func answersPlaso(t *testing.T, file string) parsetest.Answers {
	return parsetest.Plaso(t, New(), parse.Assume{}, file, nil, func(e *event.Event, field string) (string, bool) {
		switch field {
		case "data_type":
			return "", false
		case "written_time":
			return parsetest.PrimaryTime(e), true
		}
		return e.Get(plasoFields[field]), true
	})
}
