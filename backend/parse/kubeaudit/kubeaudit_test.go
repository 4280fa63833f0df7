package kubeaudit

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test after the specification; no such thing happened.
const sample = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a1","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/pay/pods/web-0/exec","verb":"create","user":{"username":"mira","groups":["ops","system:authenticated"]},"sourceIPs":["203.0.113.9","10.0.0.1"],"userAgent":"kubectl/v1.31","objectRef":{"resource":"pods","namespace":"pay","name":"web-0","subresource":"exec"},"responseStatus":{"code":101},"requestReceivedTimestamp":"2026-03-14T01:02:03.123456Z","stageTimestamp":"2026-03-14T01:02:03.223456Z"}
`

func TestRecord(t *testing.T) {
	parsetest.StatedUTC(t, parsetest.Sample(t, New(), sample, parse.Assume{}, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.1234560Z", "event.action": "create", "event.id": "a1", "event.outcome": "success", "user.name": "mira", "user.group.name": "ops|system:authenticated", "source.ip": "203.0.113.9|10.0.0.1", "orchestrator.namespace": "pay", "orchestrator.resource.name": "web-0", "http.response.status_code": "101", "event.dataset": "kubernetes.audit_logs", "kubernetes.audit.level": "Metadata", "message": "mira create pods/exec in pay: web-0 from 203.0.113.9 (101)"},
	}))
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwnRecords(t, New(), sample)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), parse.Assume{}, sample, strings.ReplaceAll(sample, ":", ":["))
}
