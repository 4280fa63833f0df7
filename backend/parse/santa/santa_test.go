package santa

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "[2026-03-14T01:02:03.004Z] I santad: action=EXEC|decision=DENY|reason=BINARY|sha256=ab12|path=/tmp/x|args=x -y|pid=77|ppid=1|uid=501|user=mira|gid=20|group=staff|mode=M\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0040000Z", "event.action": "exec", "event.outcome": "failure", "process.hash.sha256": "ab12", "process.executable": "/tmp/x", "process.command_line": "x -y", "process.pid": "77", "process.parent.pid": "1", "user.name": "mira", "user.id": "501", "group.name": "staff", "santa.mode": "M", "message": "EXEC DENY (BINARY): /tmp/x by mira"},
	})
}

// TestBars: a bar inside a value stays in it.
func TestBars(t *testing.T) {
	parsetest.Lines(t, New(), assume, map[string]map[string]string{
		"[2026-03-14T01:02:03.004Z] I santad: action=EXEC|decision=DENY|reason=BINARY|args=/bin/sh -c curl x|sh|A=1|pid=7": {
			"process.command_line": "/bin/sh -c curl x|sh|A=1", "process.pid": "7", "event.outcome": "failure"},
	})
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, strings.ReplaceAll(sample, " ", "\n"))
}
