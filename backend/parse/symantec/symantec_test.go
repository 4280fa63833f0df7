package symantec

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "38020E010203,5,1,2,HOST1,mira,W32.X,C:\\x.txt,5,3,14,256,1,\"\",0,,0,201\t4,0,,0,0,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0000000Z", "event.code": "5", "host.name": "HOST1", "user.name": "mira", "threat.name": "W32.X", "file.path": "C:\\x.txt", "symantec.action1": "5", "symantec.virus_type": "256", "message": "W32.X in C:\\x.txt"},
	})
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, strings.ReplaceAll(sample, " ", "\n"))
}
