package vpcflow

import (
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "sample.log", parse.Assume{})
	parsetest.ValidText(t, events)
	return res, events
}

const line = "2 123456789010 eni-1235b8ca 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1773450123 1773450183 ACCEPT OK"

func TestLines(t *testing.T) {
	_, events := run(t, line)
	parsetest.AllFields(t, line, events[0], map[string]string{"@": "2026-03-14T01:02:03.0000000Z", "@ended": "2026-03-14T01:03:03.0000000Z", "aws.vpcflow.version": "2",
		"cloud.account.id": "123456789010", "aws.vpcflow.interface_id": "eni-1235b8ca", "source.ip": "172.31.16.139", "source.address": "172.31.16.139", "source.port": "20641",
		"destination.ip": "172.31.16.21", "destination.address": "172.31.16.21", "destination.port": "22", "network.iana_number": "6", "network.transport": "tcp", "network.packets": "20",
		"network.bytes": "4249", "event.action": "accept", "event.outcome": "success", "event.type": "connection allowed", "aws.vpcflow.log_status": "OK", "cloud.provider": "aws",
		"event.category": "network", "event.dataset": "aws.vpcflow", "event.kind": "event", "event.module": "aws", "message": "172.31.16.139:20641 to 172.31.16.21:22 tcp ACCEPT 4249 bytes"})
	parsetest.Lines(t, New(), parse.Assume{}, map[string]map[string]string{
		"2 1 eni-1 - - - - - - - 1773450123 1773450183 - NODATA": {"source.ip": "", "message": "no traffic on eni-1", "event.action": ""},
		"2026-03-14T01:04:00.000Z " + line:                       {"@recorded": "2026-03-14T01:04:00.0000000Z"},
	})
	text := "version vpc-id srcaddr pkt-srcaddr start flow-direction region action\n5 vpc-1 10.0.0.1 10.0.0.9 1773450123 egress eu-central-1 REJECT\n5 x\n5 vpc-1 10.0.0.1 - soon egress - -\n"
	res, events := run(t, text)
	if len(events) != 1 || res.Read != 3 {
		t.Fatalf("%+v", res)
	}
	parsetest.Fields(t, "custom", events[0], map[string]string{"aws.vpcflow.vpc_id": "vpc-1", "aws.vpcflow.pkt_srcaddr": "10.0.0.9", "network.direction": "egress", "cloud.region": "eu-central-1", "event.outcome": "failure"})
	for text, want := range map[string]bool{line: true, text: true, "a b c d e f g h i j k l m n": false, "version account-id interface-id srcaddr dstaddr": true} {
		if got := New().Detect([]byte(text), "") > 60; got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
	parsetest.EmitErrorStops(t, New(), []byte(line), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add(line)
	f.Add("version srcaddr start end\n2 1.1.1.1 1773450123 -")
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "")
		run(t, s)
	})
}
