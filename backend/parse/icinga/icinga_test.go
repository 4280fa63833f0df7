package icinga

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "[2026-03-14 01:02:03 +0100] warning/Process: did not end\n  more of it\ninformation/cli: Loading configuration file(s).\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2026-03-14T00:02:03.0000000Z", "log.level": "warning", "icinga.facility": "Process", "message": "did not end\n  more of it", "event.dataset": "icinga.main"},
		{"@timestamp": "", "log.level": "information", "event.dataset": "icinga.startup", "message": "Loading configuration file(s)."},
	})
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, strings.ReplaceAll(sample, " ", "\n"))
}
