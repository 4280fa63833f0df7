package winfirewall

import (
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "pfirewall.log", parse.Assume{})
	parsetest.ValidText(t, events)
	return res, events
}

const head = "#Version: 1.5\r\n#Software: Microsoft Windows Firewall\r\n#Time Format: Local\r\n#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path pid\r\n\r\n"

func TestRows(t *testing.T) {
	res, events := run(t, head+"2026-03-14 01:02:03 DROP TCP 10.0.0.1 10.0.0.2 4000 445 52 SA 1 2 3 8 0 i RECEIVE 77\r\n"+
		"2026-03-14 01:02:04 ALLOW ICMP fe80::1 ff02::1 - - 0 - - - - 8 0 - SEND\r\n2026-03-14 01:02:04 INFO-EVENTS-LOST - - - - - - - - - - - - 59 - -\r\n2026-03-14 01:02:04 x\r\n2026-33-14 01:02:04 OPEN TCP 1.1.1.1 2.2.2.2 1 2 - - - - - - - - - -\r\n")
	if len(events) != 3 || res.Read != 5 || res.Status != parse.StatusPartial {
		t.Fatalf("%+v", res)
	}
	parsetest.AllFields(t, "drop", events[0], map[string]string{"@": "2026-03-14T01:02:03.0000000Z", "event.action": "dropped", "event.outcome": "failure", "event.type": "denied",
		"event.category": "network", "event.kind": "event", "event.module": "windows", "event.dataset": "windows.firewall", "network.direction": "ingress", "network.transport": "tcp",
		"source.ip": "10.0.0.1", "source.address": "10.0.0.1", "source.port": "4000", "destination.ip": "10.0.0.2", "destination.address": "10.0.0.2", "destination.port": "445",
		"winfirewall.action": "DROP", "winfirewall.size": "52", "winfirewall.tcpflags": "SA", "winfirewall.tcpsyn": "1", "winfirewall.tcpack": "2", "winfirewall.tcpwin": "3",
		"winfirewall.icmptype": "8", "winfirewall.icmpcode": "0", "winfirewall.info": "i", "winfirewall.path": "RECEIVE", "process.pid": "77",
		"message": "dropped TCP from 10.0.0.1:4000 to 10.0.0.2:445"})
	if at := events[0].Times[0]; at.Assumed != "default" {
		t.Errorf("%+v", at)
	}
	if m := events[1].Get("message"); m != "allowed ICMP from fe80::1 to ff02::1" {
		t.Error(m)
	}
	if res, _ := run(t, head); res.Status != parse.StatusEmpty || New().Detect([]byte(head), "") < 90 {
		t.Errorf("a head alone: %+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(head+"2026-03-14 01:02:04 OPEN TCP 1.1.1.1 2.2.2.2 1 2 - - - - - - - - - -\r\n"), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add(head + "2026-03-14 01:02:03 DROP TCP 10.0.0.1 10.0.0.2 4000 445 52 SA 1 2 3 8 0 i RECEIVE 77")
	f.Add("2005-04-11 08:52:26 INFO-EVENTS-LOST - - - - - - - - - - - - 59 -")
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "")
		run(t, s)
	})
}

// TestPlaso compares the count and every published value.
func TestPlaso(t *testing.T) {
	a := answersPlaso(t)
	a.Log(t)
	if a.Found != a.Expected || a.Missed > 0 || a.Values < 10 {
		t.Errorf("%+v", a)
	}
}

func answersPlaso(t *testing.T) parsetest.Answers {
	return parsetest.Plaso(t, New(), parse.Assume{}, "windows_firewall.log", nil, func(e *event.Event, field string) (string, bool) {
		name, ok := map[string]string{"destination_ip": "destination.ip", "destination_port": "destination.port", "source_ip": "source.ip", "source_port": "source.port",
			"packet_size": "winfirewall.size", "tcp_ack": "winfirewall.tcpack", "tcp_flags": "winfirewall.tcpflags", "tcp_sequence_number": "winfirewall.tcpsyn",
			"tcp_window_size": "winfirewall.tcpwin"}[field]
		if field == "last_written_time" {
			return parsetest.PrimaryTime(e), true
		}
		return e.Get(name), ok
	})
}
