package syslogjson

import (
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const (
	jsonmesg = `{"msg":" Failed password for root from 10.0.0.9 port 22 ssh2","rawmsg":"<38>Mar 14 …","timereported":"2026-03-14T01:02:03.5+01:00","hostname":"web01","syslogtag":"sshd[77]:","inputname":"imuxsock","fromhost":"web01","pri":"38","syslogfacility":"4","syslogseverity":"6","timegenerated":"2026-03-14T01:02:03.6+01:00","programname":"sshd","$!":{"a":{"b":1}}}`
	template = `{"timestamp":"2026-03-14T01:02:03Z","host":"web01","severity":"warning","facility":"daemon","syslog-tag":"app:","message":"hello"}`
	ng       = `{"PROGRAM":"app","PRIORITY":"error","PID":"9","MESSAGE":"hello","HOST":"web01","FACILITY":"local9","DATE":"Mar 14 01:02:03"}`
)

func TestTemplates(t *testing.T) {
	parsetest.Lines(t, New(), parse.Assume{}, map[string]map[string]string{
		jsonmesg: {"@": "2026-03-14T00:02:03.5000000Z", "@recorded": "2026-03-14T00:02:03.6000000Z", "event.kind": "event", "event.module": "system", "event.dataset": "system.auth", "event.action": "ssh-login-failed", "user.name": "root",
			"source.ip": "10.0.0.9", "host.name": "web01", "process.name": "sshd", "process.pid": "77", "log.syslog.facility.name": "auth", "log.syslog.facility.code": "4", "log.syslog.severity.name": "info",
			"message": "Failed password for root from 10.0.0.9 port 22 ssh2", "syslogjson.pri": "38", "syslogjson.inputname": "imuxsock", "syslogjson.$!.a.b": "1", "syslogjson.hostname": "", "syslogjson.fromhost": "web01"},
		template: {"@": "2026-03-14T01:02:03.0000000Z", "log.syslog.severity.code": "4", "log.syslog.facility.code": "3", "process.name": "app", "message": "hello", "event.dataset": "system.syslog"},
		ng:       {"@": "", "syslogjson.DATE": "Mar 14 01:02:03", "log.syslog.severity.name": "err", "syslogjson.facility": "local9", "process.pid": "9", "host.name": "web01"},
	})
	for text, want := range map[string]int{jsonmesg: 98, template: 98, ng: 98, `{"message":"a","host":{"name":"b"},"severity":"info","timestamp":"x","tag":"y"}`: 0, `{"message":"a","host":"b","level":"info","time":"x"}`: 0} {
		if got := New().Detect([]byte(text+"\n"), "x"); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
	parsetest.EmitErrorStops(t, New(), []byte(template), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add(jsonmesg)
	f.Add(template + "\n" + ng)
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "x")
		_, events := parsetest.Run(t, New(), []byte(s), "x", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}
