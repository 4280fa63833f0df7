package paloalto

import (
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

var assume = parse.Assume{ModTime: time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)}

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "pan.log", assume)
	parsetest.ValidText(t, events)
	return res, events
}

const line = `<14>Mar 14 01:02:05 PA-1 1,2026/03/14 01:02:04,001606001116,TRAFFIC,end,2561,2026/03/14 01:02:03,10.0.0.1,192.0.2.7,203.0.113.1,0.0.0.0,"out, all",corp\mia,,ssl,vsys1,trust,untrust,ethernet1/2,ethernet1/1,fwd,2026/03/14 01:02:04,33760,1,4000,443,5000,0,0x400000,tcp,allow,6000,1000,5000,20,2026/03/14 01:01:33,30,any,0,775,0x0,10.0.0.0-10.255.255.255,US,0,12,8,tcp-fin,31,42,0,0,,PA-HA1,from-policy`

func TestTraffic(t *testing.T) {
	_, events := run(t, line)
	parsetest.AllFields(t, line, events[0], map[string]string{"@": "2026-03-14T01:02:03.0000000Z", "@recorded": "2026-03-14T01:02:04.0000000Z", "@started": "2026-03-14T01:01:33.0000000Z",
		"host.name": "PA-1", "host.hostname": "PA-1", "log.syslog.priority": "14", "log.syslog.facility.code": "1", "log.syslog.severity.code": "6", "observer.serial_number": "001606001116",
		"panw.panos.type": "TRAFFIC", "panw.panos.subtype": "end", "source.ip": "10.0.0.1", "source.address": "10.0.0.1", "source.port": "4000", "destination.ip": "192.0.2.7",
		"destination.address": "192.0.2.7", "destination.port": "443", "source.nat.ip": "203.0.113.1", "source.nat.port": "5000", "rule.name": "out, all", "source.user.domain": "corp",
		"source.user.name": "mia", "network.application": "ssl", "panw.panos.vsys": "vsys1", "observer.ingress.zone": "trust", "observer.egress.zone": "untrust",
		"observer.ingress.interface.name": "ethernet1/2", "observer.egress.interface.name": "ethernet1/1", "panw.panos.logset": "fwd", "panw.panos.sessionid": "33760",
		"panw.panos.repeatcnt": "1", "panw.panos.flags": "0x400000", "network.transport": "tcp", "event.action": "allow", "network.bytes": "6000", "source.bytes": "1000",
		"destination.bytes": "5000", "network.packets": "20", "event.duration": "30000000000", "panw.panos.category": "any", "event.sequence": "775", "panw.panos.actionflags": "0x0",
		"panw.panos.srcloc": "10.0.0.0-10.255.255.255", "panw.panos.dstloc": "US", "source.packets": "12", "destination.packets": "8", "event.reason": "tcp-fin",
		"panw.panos.dg_hier_level_1": "31", "panw.panos.dg_hier_level_2": "42", "panw.panos.dg_hier_level_3": "0", "panw.panos.dg_hier_level_4": "0", "observer.hostname": "PA-HA1",
		"panw.panos.action_source": "from-policy", "event.category": "network", "event.type": "connection allowed", "event.outcome": "success", "event.kind": "event",
		"event.module": "panw", "event.dataset": "panw.panos", "observer.vendor": "Palo Alto Networks", "observer.product": "PAN-OS", "observer.type": "firewall",
		"message": "allow tcp ssl from 10.0.0.1:4000 to 192.0.2.7:443 (rule out, all)"})
}

func TestTypes(t *testing.T) {
	parsetest.Lines(t, New(), assume, map[string]map[string]string{
		`1,2026/03/14 01:02:04,0016,THREAT,url,1,2026/03/14 01:02:03,10.0.0.1,192.0.2.7,0.0.0.0,0.0.0.0,r1,corp\mia,,web-browsing,vsys1,t,u,e1,e2,f,2026/03/14 01:02:03,1,1,4000,80,0,0,0x0,tcp,block-url,"evil.example/a?x=""1""",(9999),malware,informational,client-to-server`: {
			"event.kind": "alert", "url.original": `evil.example/a?x="1"`, "event.type": "denied", "log.level": "informational", "panw.panos.direction": "client-to-server", "event.category": "network web"},
		`1,2026/03/14 01:02:04,0016,SYSTEM,general,0,2026/03/14 01:02:03,,auth-fail,,0,0,general,medium,"failed login of user admin, from 10.0.0.9",55,0x0`: {
			"event.code": "auth-fail", "message": "failed login of user admin, from 10.0.0.9", "log.level": "medium"},
		`1,2026/03/14 01:02:04,0016,CONFIG,0,0,2026/03/14 01:02:03,10.0.0.9,,set,admin,Web,Succeeded,config rulebase,12,0x0`: {
			"event.action": "set", "user.name": "admin", "event.outcome": "success", "event.sequence": "12", "message": "admin set config rulebase from 10.0.0.9 (Web): Succeeded"},
		`1,2026/03/14 01:02:04,0016,CONFIG,0,0,2026/03/14 01:02:03,10.0.0.9,,set,admin,Web,Failed,config x,before {},after {},12,0x0`: {
			"panw.panos.before_change_detail": "before {}", "panw.panos.after_change_detail": "after {}", "event.sequence": "12", "event.outcome": "failure"},
		`2026-03-14T01:02:05Z gw 1,2026/03/14 01:02:04,0016,GLOBALPROTECT,0,2305,2026/03/14 01:02:03,vsys1,gateway-auth,login,LDAP,,corp\mia,DE,LT1,203.0.113.9,0.0.0.0,10.9.9.9,0.0.0.0,hid,sn,6.0,Windows,Win 11,1,,,"",failure,,0,,0,portal1,77,0x0,2026-03-14T01:02:03.456+01:00`: {
			"source.ip": "203.0.113.9", "source.user.name": "mia", "event.action": "gateway-auth", "event.outcome": "failure", "event.category": "authentication", "host.name": "gw"},
	})
	if _, err := load(); err != nil {
		t.Fatal(err)
	}
	for kind, n := range map[string]int{"TRAFFIC": 115, "THREAT": 120, "SYSTEM": 26} {
		if got := len(knowledge().columns[kind]); got < n-12 || got > n+12 {
			t.Errorf("%s has %d columns", kind, got)
		}
	}
}

func TestDamage(t *testing.T) {
	longer := line + strings.Repeat(",z", 80)
	_, events := run(t, longer)
	if got := events[0].Get("panw.panos.column_127"); got != "z" {
		t.Errorf("a column beyond the table is %q", got)
	}
	res, events := run(t, "x\n"+strings.Replace(line, "2026/03/14 01:02:03", "2026/03/44 01:02:03", 1)+"\n"+line[:90]+"\xff\n"+`Mar 14 01:02:05 h a: b,2026/03/14 01:02:04,1,OTHER,x`)
	if len(events) != 0 || res.Read != 4 {
		t.Errorf("%+v %d", res, len(events))
	}
	parsetest.EmitErrorStops(t, New(), []byte(line), assume)
}

func FuzzParse(f *testing.F) {
	f.Add(line)
	f.Add(`1,2026/03/14 01:02:04,0016,SYSTEM,general,0,2026/03/14 01:02:03,"`)
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "")
		run(t, s)
	})
}
