package netfilter

import (
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

var assume = parse.Assume{ModTime: time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)}

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "sample.log", assume)
	parsetest.ValidText(t, events)
	return res, events
}

const line = "Mar 14 01:02:03 fw01 kernel: [12345.678] [UFW BLOCK] IN=eth0 OUT= MAC=52:54:00:aa:bb:01:52:54:00:aa:bb:02:08:00 SRC=192.0.2.9 DST=10.0.0.1 LEN=40 TOS=0x00 PREC=0x00 TTL=244 ID=54321 DF PROTO=TCP SPT=4000 DPT=22 WINDOW=65535 RES=0x00 SYN URGP=0 "

func TestLines(t *testing.T) {
	_, events := run(t, line)
	parsetest.AllFields(t, line, events[0], map[string]string{"@": "2026-03-14T01:02:03.0000000Z", "host.name": "fw01", "host.hostname": "fw01", "process.name": "kernel",
		"netfilter.uptime": "12345.678", "netfilter.prefix": "[UFW BLOCK]", "event.action": "block", "event.outcome": "failure", "event.type": "connection denied",
		"observer.ingress.interface.name": "eth0", "netfilter.mac": "52:54:00:aa:bb:01:52:54:00:aa:bb:02:08:00", "destination.mac": "52-54-00-AA-BB-01", "source.mac": "52-54-00-AA-BB-02",
		"source.ip": "192.0.2.9", "source.address": "192.0.2.9", "source.port": "4000", "destination.ip": "10.0.0.1", "destination.address": "10.0.0.1", "destination.port": "22",
		"netfilter.len": "40", "netfilter.tos": "0x00", "netfilter.prec": "0x00", "netfilter.ttl": "244", "netfilter.id": "54321", "netfilter.flags": "DF SYN", "network.transport": "tcp",
		"netfilter.window": "65535", "netfilter.res": "0x00", "netfilter.urgp": "0", "network.direction": "ingress", "event.category": "network", "event.dataset": "linux.netfilter",
		"event.kind": "event", "event.module": "linux", "message": "block TCP from 192.0.2.9:4000 to 10.0.0.1:22"})
	parsetest.Lines(t, New(), assume, map[string]map[string]string{
		"[  10.5] mine: IN= OUT=eth1 SRC=fe80::1 DST=ff02::2 LEN=56 TC=0 HOPLIMIT=255 FLOWLBL=0 PROTO=ICMPv6 TYPE=133 CODE=0": {"@": "", "netfilter.uptime": "10.5", "netfilter.prefix": "mine:",
			"event.action": "packet-logged", "event.outcome": "", "network.direction": "egress", "netfilter.type": "133", "message": "packet logged: ICMPv6 from fe80::1 to ff02::2"},
		"2026-03-14T01:02:03.5+01:00 fw ulogd[812]: nft-accept IN=a OUT=b SRC=1.1.1.1 DST=2.2.2.2 PROTO=UDP SPT=1 DPT=2 [SRC=3.3.3.3 DST=4.4.4.4 ]": {"@": "2026-03-14T00:02:03.5000000Z",
			"process.pid": "812", "event.action": "accept", "netfilter.inner": "SRC=3.3.3.3 DST=4.4.4.4", "source.ip": "1.1.1.1"},
	})
	res, events := run(t, "Mar 14 01:02:03 fw01 kernel: usb 1-1: new device\nMar 44 01:02:03 fw01 kernel: IN=a OUT= SRC=1.1.1.1 DST=2.2.2.2\n"+line[:220]+"\xff\n")
	if len(events) != 1 || res.Read != 3 {
		t.Errorf("%+v %d", res, len(events))
	}
	if s := New().Detect([]byte("Mar 14 01:02:03 fw01 kernel: usb 1-1: new device\nMar 14 01:02:03 fw01 sshd[1]: IN= nothing\n"), ""); s != 0 {
		t.Errorf("other kernel lines: %d", s)
	}
	parsetest.EmitErrorStops(t, New(), []byte(line), assume)
}

func FuzzParse(f *testing.F) {
	f.Add(line)
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "")
		run(t, s)
	})
}
