package velociraptor

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const files = `{"OSPath":"C:\\a.exe","Inode":"5-1","Mode":"-rwx","Size":18446744073709551615,"Mtime":"2026-03-14T01:02:03.4567891Z","Atime":"2026-03-14T01:02:04Z","Ctime":"1601-01-01T00:00:00Z","Btime":"2026-03-14T01:02:02Z","Hash":{"SHA256":"aa"},"_Source":"Windows.Search.FileFinder","ClientId":"C.0123456789abcdef","Fqdn":"FS01"}`

const process = `{"Pid":4,"Ppid":0,"Name":"evil.exe","CommandLine":"evil -x","Username":"bob","CreateTime":"2026-03-14T01:02:03Z","FlowId":"F.ABC","_ts":1773450125}`

const log = `{"EventTime":"2026-03-14T01:02:03.5Z","Computer":"FS01","Channel":"Security","EventID":4624,"EventRecordID":7,"EventData":{"TargetUserName":"bob","LogonType":3,"IpAddress":"10.0.0.9"},"Message":"An account was logged on","FlowId":"F.ABC","ClientId":"C.1"}`

const whole = `{"System":{"Provider":{"Name":"Microsoft-Windows-Sysmon","Guid":"{1}"},"EventID":{"Value":1},"TimeCreated":{"SystemTime":1773450123.25},"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"FS01","Security":{"UserID":"S-1-5-18"}},"EventData":{"Image":"C:\\evil.exe","CommandLine":"evil"},"_Source":"Windows.EventLogs.Evtx"}`

func TestRows(t *testing.T) {
	res, events := parsetest.Run(t, New(), []byte(files+"\n"+process+"\n"+log+"\n"+whole+"\n"), "results.json", parse.Assume{})
	if res.Status != parse.StatusOK || len(events) != 4 || res.WarningCount != 0 {
		t.Fatalf("%+v", res)
	}
	for i, want := range []map[string]string{
		{"file.path": `C:\a.exe`, "file.size": "18446744073709551615", "file.inode": "5-1", "file.hash.sha256": "aa", "host.name": "FS01", "agent.id": "C.0123456789abcdef", "velociraptor.Mode": "-rwx",
			"velociraptor.Ctime": "1601-01-01T00:00:00Z", "event.dataset": "velociraptor.Windows.Search.FileFinder", "event.module": "velociraptor", "event.kind": "event",
			"@": "2026-03-14T01:02:02.0000000Z created, 2026-03-14T01:02:03.4567891Z modified, 2026-03-14T01:02:04.0000000Z accessed"},
		{"process.pid": "4", "process.parent.pid": "0", "process.name": "evil.exe", "process.command_line": "evil -x", "user.name": "bob", "event.dataset": "velociraptor",
			"message": "Pid 4, Ppid 0, Name evil.exe, CommandLine evil -x, Username bob, CreateTime 2026-03-14T01:02:03Z", "@": "2026-03-14T01:02:03.0000000Z created, 2026-03-14T01:02:05.0000000Z recorded"},
		{"winlog.channel": "Security", "event.code": "4624", "winlog.event_data.TargetUserName": "bob", "winlog.rendering_info.Message": "An account was logged on", "agent.id": "C.1",
			"velociraptor.FlowId": "F.ABC", "winlog.record_id": "7", "@": "2026-03-14T01:02:03.5000000Z occurred"},
		{"winlog.channel": "Microsoft-Windows-Sysmon/Operational", "event.code": "1", "process.executable": `C:\evil.exe`, "winlog.event_data.CommandLine": "evil", "winlog.user.identifier": "S-1-5-18",
			"event.provider": "Microsoft-Windows-Sysmon", "@": "2026-03-14T01:02:03.2500000Z occurred"},
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
	}
	for text, want := range map[string]bool{files: true, process: true, `{"ClientId":"x","FlowId":"y"}`: false, `{"_Source":"else"}`: false} {
		if s := New().Detect([]byte(text), "x.json"); (s >= 92) != want {
			t.Errorf("%s: %d", text, s)
		}
	}
	if _, err := compile(); err != nil {
		t.Error(err)
	}
	parsetest.EmitErrorStops(t, New(), []byte(files), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{files, process, log, whole, `{"FlowId":"F.1","Mtime":"","System":{"EventID":1,"Channel":{"a":[1]}},"EventData":5}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		New().Detect(b, "x")
		_, events := parsetest.Run(t, New(), b, "x", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}
