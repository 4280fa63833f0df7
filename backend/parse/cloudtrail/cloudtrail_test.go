package cloudtrail

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Ops/mira","sessionContext":{"sessionIssuer":{"userName":"Ops"}}},"eventTime":"2026-03-14T01:02:03Z","eventSource":"iam.amazonaws.com","eventName":"CreateAccessKey","awsRegion":"eu-north-1","sourceIPAddress":"203.0.113.9","userAgent":"aws-cli/2.15","errorCode":"AccessDenied","requestParameters":{"userName":"backup"},"eventID":"7d0e","recipientAccountId":"111122223333"}
{"EventId":"8f1","EventName":"ConsoleLogin","EventTime":"2026-03-14T02:02:03+01:00","EventSource":"signin.amazonaws.com","Username":"mira","CloudTrailEvent":"{\"eventVersion\": \"1.08\", \"eventTime\": \"2026-03-14T01:02:04Z\", \"eventSource\": \"signin.amazonaws.com\", \"eventName\": \"ConsoleLogin\", \"userIdentity\": {\"type\": \"IAMUser\", \"userName\": \"mira\"}, \"responseElements\": {\"ConsoleLogin\": \"Failure\"}, \"sourceIPAddress\": \"AWS Internal\"}"}
`

func TestRecord(t *testing.T) {
	parsetest.StatedUTC(t, parsetest.Sample(t, New(), sample, parse.Assume{}, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0000000Z", "event.action": "CreateAccessKey", "event.provider": "iam.amazonaws.com", "event.outcome": "failure", "user.name": "Ops", "user.target.name": "backup", "source.ip": "203.0.113.9", "cloud.region": "eu-north-1", "cloud.account.id": "111122223333", "error.code": "AccessDenied", "event.dataset": "aws.cloudtrail", "aws.cloudtrail.userIdentity.type": "AssumedRole", "message": "Ops called CreateAccessKey of iam.amazonaws.com from 203.0.113.9: AccessDenied"},
		{"@timestamp": "2026-03-14T01:02:04.0000000Z", "event.action": "ConsoleLogin", "event.outcome": "failure", "user.name": "mira", "source.domain": "AWS Internal", "source.ip": "", "aws.cloudtrail.lookup.EventId": "8f1", "aws.cloudtrail.eventName": "ConsoleLogin", "message": "mira called ConsoleLogin of signin.amazonaws.com from AWS Internal"},
	}))
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwnRecords(t, New(), sample)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), parse.Assume{}, sample, strings.ReplaceAll(sample, ":", ":["))
}
