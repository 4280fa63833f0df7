package m365

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"CreationTime":"2026-03-14T01:02:03","Id":"a1","Operation":"New-InboxRule","OrganizationId":"o1","RecordType":1,"ResultStatus":"True","UserKey":"k","UserType":0,"Version":1,"Workload":"Exchange","ClientIP":"198.51.100.7:51234","ObjectId":"mira\\rule","UserId":"mira@example.org","Parameters":[{"Name":"DeleteMessage","Value":"True"},{"Name":"From","Value":"bank@example.org"}]}
{"RecordType":"AzureActiveDirectory","CreationDate":"2026-03-14T01:02:04.0000000Z","UserIds":"x","Operations":"UserLoginFailed","AuditData":"{\"CreationTime\": \"2026-03-14T01:02:04\", \"Id\": \"a2\", \"Operation\": \"UserLoginFailed\", \"RecordType\": 15, \"ResultStatus\": \"Failed\", \"UserId\": \"mira@example.org\", \"Workload\": \"AzureActiveDirectory\", \"ActorIpAddress\": \"2001:db8::7\"}"}
`

func TestRecord(t *testing.T) {
	parsetest.StatedUTC(t, parsetest.Sample(t, New(), sample, parse.Assume{}, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0000000Z", "event.action": "New-InboxRule", "event.provider": "Exchange", "event.outcome": "success", "event.code": "1", "user.id": "mira@example.org", "source.ip": "198.51.100.7", "source.address": "198.51.100.7:51234", "organization.id": "o1", "event.dataset": "o365.audit", "o365.audit.parameters.DeleteMessage": "True", "o365.audit.UserType": "0", "message": "mira@example.org: New-InboxRule in Exchange on mira\\rule from 198.51.100.7:51234 (True)"},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "event.action": "UserLoginFailed", "event.outcome": "failure", "source.ip": "2001:db8::7", "o365.export.UserIds": "x", "o365.audit.Id": "a2", "message": "mira@example.org: UserLoginFailed in AzureActiveDirectory from 2001:db8::7 (Failed)"},
	}))
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwnRecords(t, New(), sample)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), parse.Assume{}, sample, strings.ReplaceAll(sample, ":", ":["))
}
