package sophos

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "20260314 010203\tFile \"C:\\x.com\" belongs to virus/spyware 'EICAR'.\n20260314 010204\tThe scan ended.\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0000000Z", "threat.name": "EICAR", "file.path": "C:\\x.com", "event.kind": "alert"},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "message": "The scan ended.", "event.kind": "event"},
	})
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, strings.ReplaceAll(sample, " ", "\n"))
}
