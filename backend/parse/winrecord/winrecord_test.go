package winrecord

import (
	"context"
	"strings"
	"testing"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/parsetest"
)

// carrier is a format that holds nothing but Windows events.
type carrier struct{}

func (carrier) Name() string              { return "carrier" }
func (carrier) Version() string           { return "1" }
func (carrier) Binary() bool              { return false }
func (carrier) Detect([]byte, string) int { return 0 }
func (carrier) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return jsonrec.Parse(ctx, in, jsonrec.Shape{Name: "carrier", Version: "1", Fill: func(r *jsonrec.Record) {
		if f := FormOf(r.Value); f != None {
			Fill(r, r.Value, f, "carrier")
		}
	}}, emit)
}

// TestOneEvent writes one logon in the form of each tool: the fields that rules read are the same.
func TestOneEvent(t *testing.T) {
	same := map[string]string{"event.code": "4624", "winlog.channel": "Security", "event.provider": "Microsoft-Windows-Security-Auditing", "host.name": "FS01", "winlog.record_id": "18446744073709551615",
		"winlog.event_data.TargetUserName": "bob", "winlog.event_data.LogonType": "3", "user.name": "bob", "winlog.logon.type": "Network", "source.ip": "10.0.0.9",
		"event.dataset": "windows.security", "event.module": "windows", "message": "bob logged on (Network) from 10.0.0.9", "@": "2026-03-14T01:02:03.4567891Z"}
	for name, c := range map[string]struct {
		form Form
		json string
		more map[string]string
	}{
		"evtx_dump": {Event, `{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},"EventID":4624,"EventRecordID":18446744073709551615,"TimeCreated":{"#attributes":{"SystemTime":"2026-03-14T01:02:03.4567891Z"}},"Channel":"Security","Computer":"FS01"},"EventData":{"TargetUserName":"bob","LogonType":3,"IpAddress":"10.0.0.9"}}}`, nil},
		"velociraptor": {System, `{"System":{"Provider":{"Name":"Microsoft-Windows-Security-Auditing"},"EventID":{"Value":4624},"EventRecordID":18446744073709551615,"TimeCreated":{"SystemTime":"2026-03-14T01:02:03.4567891Z"},"Channel":"Security","Computer":"FS01"},"EventData":{"TargetUserName":"bob","LogonType":3,"IpAddress":"10.0.0.9"},"Message":"An account","EventID":4624,"Extra":1}`,
			map[string]string{"winlog.rendering_info.Message": "An account", "carrier.Extra": "1", "carrier.EventID": "4624"}},
		"winlogbeat 8": {Beat, `{"@timestamp":"2026-03-14T01:02:03.456Z","ecs":{"version":"8.0.0"},"event":{"code":"4624","provider":"Microsoft-Windows-Security-Auditing","created":"2026-03-14T01:02:09Z","kind":"event"},"host":{"name":"fs01.corp"},"winlog":{"event_id":"4624","channel":"Security","provider_name":"Microsoft-Windows-Security-Auditing","computer_name":"FS01","record_id":18446744073709551615,"time_created":"2026-03-14T01:02:03.4567891Z","event_data":{"TargetUserName":"bob","LogonType":"3","IpAddress":"10.0.0.9"},"keywords":["Audit Success"],"api":"wineventlog"},"message":"An account","agent":{"id":"a"}}`,
			map[string]string{"agent.id": "a", "winlog.api": "wineventlog", "winlog.rendering_info.Message": "An account", "event.created": "2026-03-14T01:02:09Z", "ecs.version": "8.0.0", "recorded": "2026-03-14T01:02:09.0000000Z"}},
		"winlogbeat 6": {OldBeat, `{"@timestamp":"2026-03-14T01:02:03.4567891Z","event_id":4624,"log_name":"Security","source_name":"Microsoft-Windows-Security-Auditing","computer_name":"FS01","record_number":"18446744073709551615","event_data":{"TargetUserName":"bob","LogonType":"3","IpAddress":"10.0.0.9"},"message":"An account","type":"wineventlog","beat":{"hostname":"x"}}`,
			map[string]string{"winlogbeat.beat.hostname": "x", "winlogbeat.type": "wineventlog"}},
		"nxlog": {NXLog, `{"EventTime":"2026-03-14T02:02:03.4567891+01:00","Hostname":"FS01","Keywords":-9214364837600034816,"EventType":"AUDIT_SUCCESS","SeverityValue":2,"Severity":"INFO","EventID":4624,"SourceName":"Microsoft-Windows-Security-Auditing","RecordNumber":18446744073709551615,"ProcessID":632,"Channel":"Security","Message":"An account","TargetUserName":"bob","LogonType":"3","IpAddress":"10.0.0.9","EventReceivedTime":"2026-03-14 02:02:05","SourceModuleName":"in"}`,
			map[string]string{"nxlog.SourceModuleName": "in", "nxlog.EventReceivedTime": "2026-03-14 02:02:05", "winlog.process.pid": "632", "winlog.keywords": "-9214364837600034816"}},
		"artifact": {Artifact, `{"EventTime":"2026-03-14T01:02:03.4567891Z","Provider":"Microsoft-Windows-Security-Auditing","Computer":"FS01","Channel":"Security","EventID":4624,"EventRecordID":18446744073709551615,"EventData":{"TargetUserName":"bob","LogonType":3,"IpAddress":"10.0.0.9"},"Source":"x"}`,
			map[string]string{"carrier.Source": "x"}},
		"wazuh": {Wazuh, `{"win":{"system":{"providerName":"Microsoft-Windows-Security-Auditing","eventID":"4624","systemTime":"2026-03-14T01:02:03.4567891Z","eventRecordID":"18446744073709551615","channel":"Security","computer":"FS01"},"eventdata":{"targetUserName":"bob","logonType":"3","ipAddress":"10.0.0.9"}}}`, nil},
	} {
		v, err := fastjson.Parse(c.json)
		if err != nil {
			t.Fatal(err)
		}
		if got := FormOf(v); got != c.form {
			t.Errorf("%s: form %d, want %d", name, got, c.form)
			continue
		}
		_, events := parsetest.Run(t, carrier{}, []byte(c.json), name, parse.Assume{})
		e := events[0]
		for field, want := range same {
			got := strings.Join(e.All(field), "|")
			if field == "@" {
				got = event.FormatTime(e.Times[0].At)
			}
			if got != want {
				t.Errorf("%s: %s is %q, want %q", name, field, got, want)
			}
		}
		for field, want := range c.more {
			got := e.Get(field)
			if field == "recorded" {
				got = event.FormatTime(e.Times[len(e.Times)-1].At)
			}
			if got != want {
				t.Errorf("%s: %s is %q, want %q", name, field, got, want)
			}
		}
	}
}

func TestWinEvent(t *testing.T) {
	text := `{"Id":4624,"Version":2,"Level":0,"ProviderName":"Microsoft-Windows-Security-Auditing","LogName":"Security","MachineName":"FS01","RecordId":7,"ProcessId":1,"UserId":{"Value":"S-1-5-18"},"TimeCreated":"\/Date(1773450123456)\/","Properties":[{"Value":"S-1"},{"Value":3}],"Message":"An account","Bookmark":{}}`
	_, events := parsetest.Run(t, carrier{}, []byte(text), "x", parse.Assume{})
	e := events[0]
	for field, want := range map[string]string{"winlog.channel": "Security", "event.code": "4624", "winlog.event_data.Data": "S-1|3", "winlog.rendering_info.Message": "An account", "winlog.user.identifier": "S-1-5-18"} {
		if got := strings.Join(e.All(field), "|"); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if len(e.Times) != 1 || event.FormatTime(e.Times[0].At) != "2026-03-14T01:02:03.4560000Z" {
		t.Errorf("%+v", e.Times)
	}
}

func TestNotWindows(t *testing.T) {
	for _, s := range []string{`{}`, `{"Event":"x"}`, `{"System":{"EventID":1}}`, `{"winlog":{"channel":"x"}}`, `{"EventID":1,"Channel":"x"}`, `{"win":1}`} {
		if f := FormOf(fastjson.MustParse(s)); f != None {
			t.Errorf("%s: %d", s, f)
		}
	}
}

func FuzzXML(f *testing.F) {
	f.Add(`<Event xmlns="x"><System><EventID Qualifiers="1">4</EventID><TimeCreated SystemTime="2026-03-14T01:02:03Z"/></System><EventData><Data Name="a">b</Data><Data>c</Data></EventData></Event>`)
	f.Add(`<a><b></a>`)
	f.Fuzz(func(t *testing.T, s string) {
		e := &event.Event{}
		if created, ok := FillXML(e, s); !ok && (created != "" || len(e.Fields) > 0) {
			t.Errorf("%q: %q %v", s, created, e.Fields)
		}
	})
}
