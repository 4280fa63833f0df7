package github

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"@timestamp":1773450123456,"_document_id":"d1","action":"repo.download_zip","actor":"mira","actor_id":9007199254740993,"actor_ip":"203.0.113.9","org":"harbour","repo":"harbour/cranes","user_agent":"git/2","created_at":1773450123456}
{"action":"org.add_member","actor":"mira","user":"newcomer","org":"harbour","created_at":1773450124456}
`

func TestRecord(t *testing.T) {
	parsetest.StatedUTC(t, parsetest.Sample(t, New(), sample, parse.Assume{}, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.4560000Z", "event.action": "repo.download_zip", "event.id": "d1", "user.name": "mira", "user.id": "9007199254740993", "source.ip": "203.0.113.9", "organization.name": "harbour", "event.dataset": "github.audit", "github.repo": "harbour/cranes", "message": "mira: repo.download_zip on harbour/cranes from 203.0.113.9"},
		{"@timestamp": "2026-03-14T01:02:04.4560000Z", "event.action": "org.add_member", "user.target.name": "newcomer", "message": "mira: org.add_member on harbour, concerning newcomer"},
	}))
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwnRecords(t, New(), sample)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), parse.Assume{}, sample, strings.ReplaceAll(sample, ":", ":["))
}
