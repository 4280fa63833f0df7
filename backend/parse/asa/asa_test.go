package asa

import (
	"fmt"
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
	res, events := parsetest.Run(t, New(), []byte(text), "asa.log", assume)
	parsetest.ValidText(t, events)
	return res, events
}

const line = `<166>Mar 14 2026 01:02:03 fw01 : %ASA-6-302013: Built inbound TCP connection 447 for outside:192.0.2.7/4000 (192.0.2.7/4000)(CORP\mia) to inside:10.0.0.1/443 (203.0.113.9/8443)`

func TestBuilt(t *testing.T) {
	_, events := run(t, line)
	parsetest.AllFields(t, line, events[0], map[string]string{"@": "2026-03-14T01:02:03.0000000Z", "host.name": "fw01", "host.hostname": "fw01", "log.syslog.priority": "166",
		"log.syslog.facility.code": "20", "log.syslog.severity.code": "6", "event.code": "302013", "event.severity": "6", "log.level": "informational", "event.action": "connection-built",
		"event.category": "network", "event.type": "connection start", "event.outcome": "success", "event.kind": "event", "event.module": "cisco", "event.dataset": "cisco.asa",
		"observer.product": "ASA", "observer.vendor": "Cisco", "observer.type": "firewall", "network.direction": "inbound", "network.transport": "tcp", "cisco.asa.connection_id": "447",
		"observer.ingress.interface.name": "outside", "observer.egress.interface.name": "inside", "source.ip": "192.0.2.7", "source.address": "192.0.2.7", "source.port": "4000",
		"destination.ip": "10.0.0.1", "destination.address": "10.0.0.1", "destination.port": "443", "destination.nat.ip": "203.0.113.9", "destination.nat.port": "8443",
		"source.user.domain": "CORP", "source.user.name": "mia", "message": line[strings.Index(line, "Built"):]})
}

// TestMessages: samples of the frequent messages, as devices write them.
func TestMessages(t *testing.T) {
	want := map[string]map[string]string{}
	for text, w := range map[string]map[string]string{
		`%ASA-6-302014: Teardown TCP connection 9 for outside:192.0.2.7/4000 to inside:10.0.0.1/443 duration 0:01:02 bytes 145 TCP FINs`:  {"event.duration": "62000000000", "network.bytes": "145", "event.reason": "TCP FINs", "event.action": "connection-teardown"},
		`%ASA-6-302016: Teardown UDP connection 9 for outside:2001:db8::7/53 to inside:10.0.0.1/443(LOCAL\x) duration 0:00:00 bytes 145`:  {"event.duration": "0", "source.ip": "2001:db8::7", "destination.user.name": "x"},
		`%ASA-4-106023: Deny of a kind that is not in the table`:                                                                          {"event.code": "106023", "event.action": "firewall-rule", "source.ip": ""},
		`%ASA-4-106023: Deny tcp src outside:192.0.2.7/4000 dst inside:10.0.0.1/22 by access-group "OUT_in" [0x8ed66b60, 0xf8852875]`:     {"rule.name": "OUT_in", "source.port": "4000", "destination.port": "22", "event.outcome": "failure", "event.type": "denied"},
		`%ASA-4-106023: Deny icmp src outside:192.0.2.7 dst inside:10.0.0.1 (type 8, code 0) by access-group "OUT_in" [0x0, 0x0]`:         {"cisco.asa.icmp_type": "8", "source.port": "", "destination.ip": "10.0.0.1"},
		`%ASA-6-106100: access-list acl permitted tcp inside/10.0.0.1(2000) -> outside/192.0.2.7(80) hit-cnt 1 first hit [0x1, 0x2]`:      {"event.outcome": "success", "event.type": "allowed", "rule.name": "acl", "cisco.asa.hits": "1", "destination.port": "80"},
		`%ASA-6-106015: Deny TCP (no connection) from 192.0.2.7/4000 to 10.0.0.1/443 flags RST ACK on interface outside`:                  {"cisco.asa.flags": "RST ACK", "observer.ingress.interface.name": "outside"},
		`%ASA-2-106001: Inbound TCP connection denied from 192.0.2.7/4000 to 10.0.0.1/443 flags SYN on interface outside`:                 {"event.severity": "2", "source.ip": "192.0.2.7"},
		`%ASA-5-111008: User 'enable_15' executed the 'conf t' command.`:                                                                  {"user.name": "enable_15", "process.command_line": "conf t"},
		`%ASA-5-111010: User 'mia', running 'CLI' from IP 10.0.0.9, executed 'write memory'`:                                              {"user.name": "mia", "source.ip": "10.0.0.9", "process.command_line": "write memory", "cisco.asa.application": "CLI"},
		`%ASA-6-113004: AAA user authentication Successful : server =  10.1.1.1 : user = mia`:                                             {"event.action": "aaa-authentication", "user.name": "mia"},
		`%ASA-6-113015: AAA user authentication Rejected : reason = Invalid password : local database : user = mia : user IP = 192.0.2.7`: {"user.name": "mia", "source.ip": "192.0.2.7", "event.outcome": "failure", "event.reason": "Invalid password"},
		`%ASA-4-113019: Group = VPN, Username = mia, IP = 192.0.2.7, Session disconnected. Session Type: SSL, Duration: 1d 2h:03m:04s, Bytes xmt: 11, Bytes rcv: 22, Reason: User Requested`: {
			"group.name": "VPN", "user.name": "mia", "event.duration": "93784000000000", "source.bytes": "11", "destination.bytes": "22", "event.reason": "User Requested"},
		`%ASA-6-605005: Login permitted from 10.0.0.9/50000 to inside:10.0.0.1/ssh for user "mia"`:                              {"user.name": "mia", "event.outcome": "success", "cisco.asa.service": "ssh", "destination.ip": "10.0.0.1"},
		`%ASA-6-605004: Login denied from 10.0.0.9/50000 to inside:10.0.0.1/ssh for user ""`:                                    {"user.name": "", "event.outcome": "failure"},
		`%ASA-6-716038: Group <VPN> User <mia> IP <192.0.2.7> Authentication: successful, Session Type: WebVPN.`:                {"group.name": "VPN", "user.name": "mia", "event.outcome": "success"},
		`%ASA-4-722051: Group <VPN> User <mia> IP <192.0.2.7> IPv4 Address <10.9.9.9> IPv6 address <::> assigned to session`:    {"client.ip": "10.9.9.9 ::"},
		`%ASA-5-713119: Group = VPN, Username = mia, IP = 192.0.2.7, PHASE 1 COMPLETED`:                                         {"event.action": "vpn-phase1", "source.ip": "192.0.2.7"},
		`%ASA-3-713902: IP = 192.0.2.7, Removing peer from peer table failed, no match!`:                                        {"event.action": "vpn-ike", "event.reason": "Removing peer from peer table failed, no match!"},
		`%ASA-5-304001: 10.0.0.1 Accessed URL 192.0.2.7:http://h.example/a b?c`:                                                 {"url.original": "http://h.example/a b?c", "source.ip": "10.0.0.1", "destination.ip": "192.0.2.7"},
		`%ASA-6-302020: Built inbound ICMP connection for faddr 192.0.2.7/1 gaddr 203.0.113.9/0 laddr 10.0.0.1/0 type 8 code 0`: {"source.ip": "192.0.2.7", "destination.ip": "10.0.0.1"},
		`%ASA-6-302020: Built outbound ICMP connection for faddr 192.0.2.7/0 gaddr 203.0.113.9/1 laddr 10.0.0.1/1`:              {"source.ip": "10.0.0.1", "destination.ip": "192.0.2.7"},
		`%ASA-6-305011: Built dynamic TCP translation from inside:10.0.0.1/2000 to outside:203.0.113.9/3000`:                    {"source.nat.ip": "203.0.113.9", "source.nat.port": "3000", "cisco.asa.translation": "dynamic"},
		`%ASA-4-733100: [ Scanning] drop rate-1 exceeded. Current burst rate is 12 per second`:                                  {"event.action": "threat-rate", "cisco.asa.rate": "rate-1"},
		`%ASA-4-400013: IDS:2003 ICMP redirect from 192.0.2.7 to 10.0.0.1 on interface outside`:                                 {"event.action": "ids-signature", "cisco.asa.signature_name": "ICMP redirect"},
		`%ASA-vpn-6-999999: a message of tomorrow`:                                                                              {"event.code": "999999", "cisco.asa.message_class": "vpn", "message": "a message of tomorrow", "event.action": ""},
		`%FTD-1-430003: EventPriority: Low, SrcIP: 10.0.0.1, DstIP: 192.0.2.7, SrcPort: 1, DstPort: 443, Protocol: tcp, AccessControlRuleAction: Block, AccessControlRuleName: no, never, User: mia, InitiatorBytes: 5`: {
			"event.dataset": "cisco.ftd", "rule.name": "no, never", "source.ip": "10.0.0.1", "destination.port": "443", "event.outcome": "failure", "user.name": "mia", "source.bytes": "5",
			"cisco.ftd.security.EventPriority": "Low", "network.transport": "tcp"},
	} {
		want["Mar 14 01:02:03 relay Mar 14 2026 01:02:02 fw: "+text] = w
	}
	parsetest.Lines(t, New(), assume, want)
}

// TestOutbound: the source is who opened the connection, at its end too.
func TestOutbound(t *testing.T) {
	_, events := run(t, `Mar 14 2026 01:02:03: %ASA-6-302013: Built outbound TCP connection 5 for outside:192.0.2.7/443 (192.0.2.7/443) to inside:10.0.0.1/5000 (203.0.113.9/6000)
Mar 14 2026 01:02:04: %ASA-6-302014: Teardown TCP connection 5 for outside:192.0.2.7/443 to inside:10.0.0.1/5000 duration 0:00:01 bytes 9 TCP Reset-O
Mar 14 2026 01:02:05: %ASA-6-302014: Teardown TCP connection 6 for outside:192.0.2.7/443 to inside:10.0.0.1/5000 duration 0:00:01 bytes 9
`)
	for i, want := range []string{"10.0.0.1", "10.0.0.1", "192.0.2.7"} {
		if got := events[i].Get("source.ip"); got != want {
			t.Errorf("#%d: source %s, want %s", i, got, want)
		}
	}
	if events[0].Get("source.nat.port") != "6000" || events[0].Get("observer.ingress.interface.name") != "inside" {
		t.Errorf("%v", events[0].Fields)
	}
}

// TestTable: each pattern fits a text made from it, with and without its groups, and finds what was put in.
func TestTable(t *testing.T) {
	k, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(k.messages); n < 150 {
		t.Errorf("only %d messages", n)
	}
	for id, rows := range k.messages {
		for _, row := range rows {
			for _, groups := range []bool{false, true} {
				text, want := sample(row.pattern, groups)
				m := matcher{steps: maxSteps}
				if !m.match(&list{row.pattern, nil}, text) {
					t.Errorf("%s: %q does not fit its own pattern", id, text)
					continue
				}
				got := ""
				for _, c := range m.found {
					got += fmt.Sprintf("%s=%s;", c.name, c.value)
				}
				if got != want {
					t.Errorf("%s: %q: found %s, want %s", id, text, got, want)
				}
			}
		}
	}
}

func sample(pattern []token, groups bool) (text, found string) {
	for _, p := range pattern {
		switch {
		case p.group != nil && groups:
			inner, f := sample(p.group, groups)
			text, found = text+inner, found+f
		case p.name != "":
			v := map[bool]string{true: "two words", false: "word"}[p.any]
			switch {
			case strings.HasSuffix(p.name, "_ip") || p.name == "other_ip":
				v = "10.1.2.3"
			case strings.HasSuffix(p.name, "_port"):
				v = "4000"
			}
			text, found = text+v, found+p.name+"="+v+";"
		default:
			text += p.literal
		}
	}
	return text, found
}

func TestDamage(t *testing.T) {
	res, events := run(t, "x\n"+strings.Replace(line, "Mar 14 2026", "Feb 30 2026", 1)+"\n"+line[:40]+"\n"+line[:110]+"\xff\n")
	if len(events) != 1 || res.Read != 4 {
		t.Errorf("%+v %d", res, len(events))
	}
	parsetest.EmitErrorStops(t, New(), []byte(line), assume)
	m := matcher{steps: maxSteps}
	pattern, _ := compile("{a*} {b*} {c*} {d*} {e*} {f*}!")
	if m.match(&list{pattern, nil}, strings.Repeat("a ", 2000)) || m.steps > 0 {
		t.Errorf("a hostile text was tried to its end: %d", m.steps)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(line)
	f.Add("%ASA-6-302014: Teardown TCP connection 5 for outside:192.0.2.7/443 to inside:10.0.0.1/5000 duration 0:00:01 bytes 9 TCP Reset-O")
	f.Add("%FTD-1-430003: EventPriority: Low, SrcIP: 10.0.0.1, ")
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "")
		run(t, s)
	})
}
