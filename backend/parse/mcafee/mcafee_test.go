package mcafee

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "3/14/2026\t1:02:03 PM\tBlocked by Access Protection rule \tHARBOUR\\mira\tC:\\x.exe\tC:\\y.exe\tCommon:Prevent x\tAction blocked : Terminate\n3/14/2026\t12:02:04 AM\tWould be blocked by port blocking rule  (rule is currently not enforced) \tC:\\z.exe\tCommon:Prevent HTTP\t203.0.113.9:443\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2026-03-14T13:02:03.0000000Z", "mcafee.status": "Blocked by Access Protection rule", "user.domain": "HARBOUR", "user.name": "mira", "process.executable": "C:\\x.exe", "mcafee.trigger_location": "C:\\y.exe", "rule.name": "Common:Prevent x", "mcafee.action": "Action blocked : Terminate", "event.outcome": "failure"},
		{"@timestamp": "2026-03-14T00:02:04.0000000Z", "process.executable": "C:\\z.exe", "rule.name": "Common:Prevent HTTP", "destination.ip": "203.0.113.9", "destination.port": "443", "event.outcome": "success"},
	})
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, strings.ReplaceAll(sample, " ", "\n"))
}
