package osquery

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"name":"pack_ir_listening","hostIdentifier":"web01","calendarTime":"Sat Mar 14 01:02:03 2026 UTC","unixTime":1773450123,"epoch":0,"counter":3,"decorations":{"host_uuid":"u-1","username":"mira"},"columns":{"pid":"77","path":"/tmp/x","remote_address":"203.0.113.9"},"action":"added"}
{"name":"users","hostIdentifier":"web01","unixTime":"1773450124","snapshot":[{"username":"a"},{"username":"b"}]}
`

func TestRecord(t *testing.T) {
	parsetest.StatedUTC(t, parsetest.Sample(t, New(), sample, parse.Assume{}, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0000000Z", "host.name": "web01", "rule.name": "pack_ir_listening", "host.id": "u-1", "user.name": "mira", "file.path": "/tmp/x", "process.pid": "77", "destination.ip": "203.0.113.9", "event.action": "added", "event.dataset": "osquery.result", "message": "web01: pack_ir_listening added /tmp/x"},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "event.action": "snapshot", "osquery.result.snapshot.username": "a|b"},
	}))
}

// TestShapes: a snapshot and a batch of differences are one record each, with the values of all rows under the column's name.
func TestShapes(t *testing.T) {
	parsetest.Lines(t, New(), parse.Assume{}, map[string]map[string]string{
		`{"name":"q","hostIdentifier":"h","unixTime":1773450123,"snapshot":[{"pid":"1"},{"pid":"2"}],"action":"snapshot"}`: {"message": "h: q snapshot of 2 rows", "osquery.result.snapshot.pid": "1 2"},
		`{"diffResults":{"added":[{"pid":"1"}],"removed":[{"pid":"2"},{"pid":"3"}]},"name":"q","hostIdentifier":"h","unixTime":"1773450123"}`: {
			"event.action": "differential", "message": "h: q differential: 1 added, 2 removed", "osquery.result.diffResults.removed.pid": "2 3"},
		`{"hostIdentifier":"h","calendarTime":"Sat Mar 14 01:02:03 2026 UTC","severity":"1","filename":"tls.cpp","line":"5","message":"refused"}`: {"@": "2026-03-14T01:02:03.0000000Z", "message": "refused"},
	})
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwnRecords(t, New(), sample)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), parse.Assume{}, sample, strings.ReplaceAll(sample, ":", ":["))
}
