package azure

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"authorization":{"action":"Microsoft.Compute/disks/delete"},"caller":"mira@example.org","eventTimestamp":"2026-03-14T01:02:03.1234567Z","submissionTimestamp":"2026-03-14T01:04:00Z","operationName":{"value":"Microsoft.Compute/disks/delete","localizedValue":"Delete Disk"},"resourceId":"/subscriptions/s1/disks/d1","status":{"value":"Succeeded"},"subscriptionId":"s1","tenantId":"t1","level":"Informational","httpRequest":{"clientIpAddress":"203.0.113.9"}}
{"time":"2026-03-14T01:02:04Z","resourceId":"/tenants/t1/providers/Microsoft.aadiam","operationName":"Sign-in activity","category":"SignInLogs","tenantId":"t1","resultType":"50126","callerIpAddress":"198.51.100.7","properties":{"id":"q","createdDateTime":"2026-03-14T01:02:04Z","userPrincipalName":"mira@example.org","userId":"u1","appDisplayName":"Azure Portal","ipAddress":"198.51.100.7","status":{"errorCode":50126,"failureReason":"Invalid username or password."}}}
{"id":"z","activityDisplayName":"Add member to role","activityDateTime":"2026-03-14T01:02:05Z","result":"success","initiatedBy":{"user":{"userPrincipalName":"mira@example.org","ipAddress":"198.51.100.7"}},"category":"RoleManagement"}
`

func TestRecord(t *testing.T) {
	parsetest.StatedUTC(t, parsetest.Sample(t, New(), sample, parse.Assume{}, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.1234567Z", "event.action": "Microsoft.Compute/disks/delete", "event.outcome": "success", "user.id": "mira@example.org", "source.ip": "203.0.113.9", "cloud.account.id": "s1", "organization.id": "t1", "log.level": "Informational", "event.dataset": "azure.activitylogs", "message": "mira@example.org: Microsoft.Compute/disks/delete on /subscriptions/s1/disks/d1 from 203.0.113.9"},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "event.dataset": "azure.signinlogs", "event.outcome": "failure", "user.name": "mira@example.org", "source.ip": "198.51.100.7", "error.code": "50126", "azure.signinlogs.properties.userId": "u1", "message": "mira@example.org failed to sign in to Azure Portal (50126 Invalid username or password.) from 198.51.100.7"},
		{"@timestamp": "2026-03-14T01:02:05.0000000Z", "event.dataset": "azure.auditlogs", "event.action": "Add member to role", "event.outcome": "success", "user.name": "mira@example.org", "event.category": "RoleManagement", "message": "mira@example.org: Add member to role"},
	}))
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwnRecords(t, New(), sample)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), parse.Assume{}, sample, strings.ReplaceAll(sample, ":", ":["))
}
