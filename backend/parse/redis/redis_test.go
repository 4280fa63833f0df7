package redis

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "26571:M 14 Mar 2026 01:02:03.004 * Synchronization succeeded\n77:S 14 Mar 01:02:04 # lost it\n[2932] 14 Mar 01:02:05 - 0 clients\n14 Mar 01:02:06 . idle\n5092:signal-handler (1773450127) Received SIGINT\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0040000Z", "process.pid": "26571", "redis.log.role": "master", "log.level": "notice", "message": "Synchronization succeeded"},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "redis.log.role": "replica", "log.level": "warning"},
		{"@timestamp": "2026-03-14T01:02:05.0000000Z", "process.pid": "2932", "log.level": "verbose"},
		{"@timestamp": "2026-03-14T01:02:06.0000000Z", "log.level": "debug"},
		{"@timestamp": "2026-03-14T01:02:07.0000000Z", "redis.log.role": "signal-handler", "message": "Received SIGINT"},
	})
}

func TestForms(t *testing.T) {
	parsetest.Lines(t, New(), assume, map[string]map[string]string{
		"7:M 14 Mar 2026 01:02:03.004 - Accepted 203.0.113.9:50112": {
			"@": "2026-03-14T01:02:03.0040000Z", "source.ip": "203.0.113.9", "source.port": "50112", "event.action": "connection", "event.category": "network"},
	})
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, strings.ReplaceAll(sample, " ", "\n"))
}
