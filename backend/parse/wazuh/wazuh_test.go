package wazuh

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const ssh = `{"timestamp":"2026-03-14T01:02:05.123+0000","rule":{"level":5,"description":"sshd: authentication failed.","id":"5716","mitre":{"id":["T1110"],"tactic":["Credential Access"],"technique":["Brute Force"]},"firedtimes":1,"groups":["syslog","sshd"]},"agent":{"id":"001","name":"web1","ip":"10.0.0.7"},"manager":{"name":"wz"},"id":"1773450125.1234","full_log":"Mar 14 01:02:03 web1 sshd[7]: Failed password for root from 9.9.9.9 port 4242 ssh2","predecoder":{"program_name":"sshd","timestamp":"Mar 14 01:02:03","hostname":"web1"},"decoder":{"parent":"sshd","name":"sshd"},"data":{"srcip":"9.9.9.9","srcport":"4242","dstuser":"root"},"location":"/var/log/auth.log"}`

const windows = `{"_index":"x","_source":{"timestamp":"2026-03-14T01:02:05.123+0000","rule":{"level":3,"description":"Windows logon success.","id":"60106"},"agent":{"id":"002","name":"FS01"},"manager":{"name":"wz"},"decoder":{"name":"windows_eventchannel"},"data":{"win":{"system":{"providerName":"Microsoft-Windows-Security-Auditing","eventID":"4624","systemTime":"2026-03-14T01:02:03.456789100Z","eventRecordID":"7","channel":"Security","computer":"FS01.corp","severityValue":"AUDIT_SUCCESS","message":"\"An account was logged on\""},"eventdata":{"targetUserName":"bob","logonType":"3","ipAddress":"10.0.0.9"}}},"location":"EventChannel"}}`

func TestAlerts(t *testing.T) {
	res, events := parsetest.Run(t, New(), []byte(ssh+"\n"+windows+"\n"), "alerts.json", parse.Assume{})
	if res.Status != parse.StatusOK || len(events) != 2 || res.WarningCount != 0 {
		t.Fatalf("%+v", res)
	}
	for i, want := range []map[string]string{
		{"event.kind": "alert", "event.module": "wazuh", "event.dataset": "wazuh.alerts", "rule.name": "sshd: authentication failed.", "rule.id": "5716", "event.severity": "5", "threat.technique.id": "T1110",
			"host.name": "web1", "host.ip": "10.0.0.7", "agent.id": "001", "source.ip": "9.9.9.9", "source.port": "4242", "user.target.name": "root", "process.name": "sshd", "log.file.path": "/var/log/auth.log",
			"event.original": "Mar 14 01:02:03 web1 sshd[7]: Failed password for root from 9.9.9.9 port 4242 ssh2", "wazuh.rule.firedtimes": "1", "wazuh.manager.name": "wz",
			"message": "sshd: authentication failed. on web1", "@": "2026-03-14T01:02:05.1230000Z occurred"},
		{"winlog.channel": "Security", "event.code": "4624", "winlog.event_data.TargetUserName": "bob", "winlog.event_data.LogonType": "3", "source.ip": "10.0.0.9", "host.name": "FS01.corp", "wazuh.agent.name": "FS01",
			"winlog.rendering_info.Message": "An account was logged on", "wazuh.data.win.system.severityValue": "AUDIT_SUCCESS", "winlog.sentence": "bob logged on (Network) from 10.0.0.9",
			"message": "Windows logon success. on FS01: bob logged on (Network) from 10.0.0.9", "@": "2026-03-14T01:02:03.4567891Z occurred, 2026-03-14T01:02:05.1230000Z recorded"},
	} {
		var times []string
		for _, at := range events[i].Times {
			times = append(times, event.FormatTime(at.At)+" "+string(at.Meaning))
		}
		for name, w := range want {
			got := events[i].Get(name)
			if name == "@" {
				got = strings.Join(times, ", ")
			}
			if got != w {
				t.Errorf("%d: %s is %q, want %q", i, name, got, w)
			}
		}
		if k := events[i].All("event.kind"); len(k) != 1 {
			t.Errorf("%d: kinds %v", i, k)
		}
	}
	for text, want := range map[string]bool{ssh: true, windows: true, `{"timestamp":"x","agent":{"id":"1"}}`: false, `{"rule":{"level":1,"description":"x"}}`: false} {
		if s := New().Detect([]byte(text), "alerts.json"); (s >= 92) != want {
			t.Errorf("%.60s: %d", text, s)
		}
	}
	parsetest.EmitErrorStops(t, New(), []byte(ssh), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(ssh))
	f.Add([]byte(windows))
	f.Add([]byte(`{"timestamp":"x","agent":{"id":1},"rule":{"level":[],"description":{}},"location":0,"data":{"win":{"system":{"eventID":{}},"eventdata":[1,{"":2}]},"srcport":"99999"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		New().Detect(b, "x")
		_, events := parsetest.Run(t, New(), b, "x", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}
