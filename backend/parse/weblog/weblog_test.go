package weblog

import (
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/stamp"
)

func TestAt(t *testing.T) {
	for text, want := range map[string]string{
		"10/Oct/2025:13:55:36 -0730":   "2025-10-10T21:25:36.0000000Z",
		"10/Dec/2018:12:01:46.395":     "2018-12-10T12:01:46.3950000Z",
		"10/Dec/2018:12:01:46":         "2018-12-10T12:01:46.0000000Z",
		"31/Feb/2018:12:01:46 +0000":   "",
		"10/Abc/2018:12:01:46 +0000":   "",
		"10/Dec/2018:12:01:46 +00":     "",
		"10/Dec/2018:12:01:46 x":       "",
		"10/Dec/2018:24:01:46 +0000":   "",
		"1/Dec/2018:12:01:46 +0000":    "",
		"10/Dec/2018:12:01:46 +0000 x": "",
	} {
		at, err := At(stamp.New(parse.Assume{}), text)
		if got := event.FormatTime(at.At); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %s %v, want %s", text, got, err, want)
		}
	}
}

func TestOutcome(t *testing.T) {
	for status, want := range map[string]string{"200": "success", "304": "success", "400": "failure", "503": "failure", "": "", "-": "", "20x": "", "0": "", "-1": ""} {
		if got := Outcome(status); got != want {
			t.Errorf("%q: %q, want %q", status, got, want)
		}
	}
}
