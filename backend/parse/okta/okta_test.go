package okta

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"uuid":"u1","published":"2026-03-14T01:02:03.123Z","eventType":"user.session.start","displayMessage":"User login to Okta","severity":"INFO","actor":{"id":"00u","type":"User","alternateId":"mira@example.org","displayName":"Mira Holm"},"client":{"ipAddress":"203.0.113.9","userAgent":{"rawUserAgent":"Mozilla/5.0"},"geographicalContext":{"country":"Norway","city":"Bergen"}},"outcome":{"result":"FAILURE","reason":"INVALID_CREDENTIALS"},"target":[{"id":"1","type":"AppInstance","alternateId":"Portal"}],"securityContext":{"asNumber":64500,"isp":"example"}}
`

func TestRecord(t *testing.T) {
	parsetest.StatedUTC(t, parsetest.Sample(t, New(), sample, parse.Assume{}, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.1230000Z", "event.action": "user.session.start", "event.outcome": "failure", "event.reason": "INVALID_CREDENTIALS", "user.name": "mira@example.org", "user.full_name": "Mira Holm", "user.id": "00u", "source.ip": "203.0.113.9", "source.geo.city_name": "Bergen", "source.as.number": "64500", "event.dataset": "okta.system", "okta.target.type": "AppInstance", "message": "mira@example.org: User login to Okta on Portal from 203.0.113.9 (FAILURE, INVALID_CREDENTIALS)"},
	}))
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwnRecords(t, New(), sample)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), parse.Assume{}, sample, strings.ReplaceAll(sample, ":", ":["))
}
