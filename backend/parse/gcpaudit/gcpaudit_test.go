package gcpaudit

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"insertId":"i1","logName":"projects/p1/logs/cloudaudit.googleapis.com%2Factivity","protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","authenticationInfo":{"principalEmail":"mira@example.org"},"methodName":"google.iam.admin.v1.CreateServiceAccountKey","serviceName":"iam.googleapis.com","resourceName":"projects/-/serviceAccounts/1","requestMetadata":{"callerIp":"203.0.113.9","callerSuppliedUserAgent":"gcloud/1"},"status":{"code":7,"message":"PERMISSION_DENIED"}},"resource":{"type":"service_account","labels":{"project_id":"p1"}},"severity":"ERROR","timestamp":"2026-03-14T01:02:03.123456789Z","receiveTimestamp":"2026-03-14T01:02:04Z"}
`

func TestRecord(t *testing.T) {
	parsetest.StatedUTC(t, parsetest.Sample(t, New(), sample, parse.Assume{}, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.1234567Z", "event.action": "google.iam.admin.v1.CreateServiceAccountKey", "event.provider": "iam.googleapis.com", "event.outcome": "failure", "user.name": "mira@example.org", "user.email": "mira@example.org", "source.ip": "203.0.113.9", "cloud.project.id": "p1", "log.level": "ERROR", "error.code": "7", "gcp.audit.resource.type": "service_account", "gcp.audit.status.code": "7", "message": "mira@example.org called google.iam.admin.v1.CreateServiceAccountKey of iam.googleapis.com on projects/-/serviceAccounts/1 from 203.0.113.9: PERMISSION_DENIED"},
	}))
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwnRecords(t, New(), sample)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), parse.Assume{}, sample, strings.ReplaceAll(sample, ":", ":["))
}
