package snort

import (
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
	"adjutant/backend/parse/stamp"
)

var mtime = parse.Assume{ModTime: time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC)}

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "alert", mtime)
	parsetest.ValidText(t, events)
	return res, events
}

const line = `03/14/2026-01:02:03.123456  [Drop] [**] [1:2009187:4] ET x [**] y [**] [Classification: Web Application Attack] [Priority: 3] {TCP} 11.11.232.144:80 -> fe80::1:56068`

func TestForms(t *testing.T) {
	_, events := run(t, line)
	parsetest.AllFields(t, line, events[0], map[string]string{"@": "2026-03-14T01:02:03.1234560Z", "event.action": "drop", "snort.gid": "1", "rule.id": "2009187", "rule.version": "4",
		"rule.name": "ET x [**] y", "rule.category": "Web Application Attack", "event.severity": "3", "network.transport": "tcp", "source.ip": "11.11.232.144",
		"source.address": "11.11.232.144", "source.port": "80", "destination.ip": "fe80::1", "destination.address": "fe80::1", "destination.port": "56068",
		"event.category": "intrusion_detection network", "event.dataset": "snort.alert", "event.kind": "alert", "event.module": "snort", "event.type": "info",
		"message": "ET x [**] y: TCP 11.11.232.144:80 to fe80::1:56068"})
	parsetest.Lines(t, New(), mtime, map[string]map[string]string{
		`03/14-01:02:03.123456 [**] [116:150:1] "(decode) Bad" [**] [Priority: 2] [AppID: HTTP] {ICMP} 10.0.0.1 -> ff02::1`: {"@": "2026-03-14T01:02:03.1234560Z", "rule.name": "(decode) Bad",
			"network.application": "HTTP", "destination.ip": "ff02::1", "destination.port": ""},
		`12/31-01:02:03.123456 [**] [1:1:1] x [**] {UDP} 10.0.0.1:1 -> 10.0.0.2:2`: {"@": "2025-12-31T01:02:03.1234560Z"},
	})
}

// TestOrder: the file shows what the numbers are; where it does not, each event says so.
func TestOrder(t *testing.T) {
	rest := " [**] [1:1:1] x [**] {UDP} 10.0.0.1:1 -> 10.0.0.2:2\n"
	for _, c := range []struct{ dates, first, doubt string }{
		{"10/05/10-10:08:59.6 21/12/28-12:55:38.7", "2010-05-10T10:08:59.6000000Z", ""},
		{"03/05/24-10:08:59.6 03/28/24-10:08:59.6", "2024-03-05T10:08:59.6000000Z", ""},
		{"01/02/03-10:08:59.6 02/02/03-10:08:59.6", "2001-02-03T10:08:59.6000000Z", doubt},
		{"05/06/20-10:08:59.6 06/05/20-10:08:59.6", "2005-06-20T10:08:59.6000000Z", doubt},
	} {
		text := ""
		for _, d := range strings.Fields(c.dates) {
			text += d + rest
		}
		res, events := run(t, text)
		if len(events) != 2 || parsetest.PrimaryTime(events[0]) != c.first || events[0].Get(stamp.DoubtField) != c.doubt || strings.Contains(res.Note, doubt) != (c.doubt != "") {
			t.Errorf("%s: %s %q %+v", c.dates, parsetest.PrimaryTime(events[0]), events[0].Get(stamp.DoubtField), res)
		}
	}
}

func TestDamage(t *testing.T) {
	text := "nonsense\n" + strings.Replace(line, "03/14/2026", "03/44/2026", 1) + "\n" + line[:60] + "\n" + strings.Replace(line, "ET x", "ET \xff", 1) + "\n"
	res, events := run(t, text)
	if len(events) != 1 || res.Read != 4 || res.WarningCount != 4 {
		t.Errorf("%+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(line), mtime)
}

func FuzzParse(f *testing.F) {
	f.Add(line)
	f.Add("21/12/28-12:55:38.765402 [**] [1:366:11] P [**] [Priority: 3] {ICMP} 2001:df1:c200:c:0:0:0:35 -> 2001:4860:4860:0:0:0:0:8888")
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
	return parsetest.Plaso(t, New(), mtime, "suricata_alert_fast.log", nil, func(e *event.Event, field string) (string, bool) {
		name, ok := map[string]string{"classification": "rule.category", "destination_ip": "destination.ip", "destination_port": "destination.port", "source_ip": "source.ip",
			"source_port": "source.port", "message_body": "rule.name", "priority": "event.severity"}[field]
		switch field {
		case "last_written_time":
			return parsetest.PrimaryTime(e), true
		case "protocol":
			return strings.ToUpper(e.Get("network.transport")), true
		case "rule_identifier":
			return e.Get("snort.gid") + ":" + e.Get("rule.id") + ":" + e.Get("rule.version"), true
		}
		return e.Get(name), ok
	})
}
