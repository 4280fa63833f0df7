package squid

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

const line = "1773450123.586    921 192.168.0.68 TCP_MISS/200 507 POST http://rsvp.example:81/a?b=1 mia HIER_DIRECT/64.94.106.9 text/plain"

func TestLines(t *testing.T) {
	_, events := run(t, line)
	parsetest.AllFields(t, line, events[0], map[string]string{"@": "2026-03-14T01:02:03.5860000Z", "event.duration": "921000000", "source.ip": "192.168.0.68",
		"source.address": "192.168.0.68", "squid.result": "TCP_MISS", "event.action": "tcp_miss", "http.response.status_code": "200", "http.response.bytes": "507", "http.request.method": "POST",
		"url.original": "http://rsvp.example:81/a?b=1", "url.domain": "rsvp.example", "url.port": "81", "url.path": "/a", "url.query": "b=1", "url.scheme": "http", "user.name": "mia",
		"squid.hierarchy": "HIER_DIRECT", "destination.ip": "64.94.106.9", "destination.address": "64.94.106.9", "http.response.mime_type": "text/plain", "event.outcome": "success",
		"event.category": "web network", "event.dataset": "squid.access", "event.kind": "event", "event.module": "squid", "event.type": "access",
		"message": "192.168.0.68 POST http://rsvp.example:81/a?b=1 200 TCP_MISS"})
	parsetest.Lines(t, New(), parse.Assume{}, map[string]map[string]string{
		"1773450123.586 0 10.0.0.1 TCP_DENIED/403 0 CONNECT evil.example:443 - HIER_NONE/- - x": {"event.type": "denied", "event.outcome": "failure", "url.domain": "evil.example",
			"url.port": "443", "destination.ip": "", "squid.further": "x", "squid.elapsed_ms": "0"},
		"1773450123.586 1 10.0.0.1 NONE/000 0 GET http://a/b c d - NONE/- -": {"url.path": "/b c d", "http.response.status_code": ""},
	})
	res, events := run(t, "x\n1773450123.586 921 192.168.0.68 TCP_MISS/200 507\n"+line[:60]+"\xff"+line[60:])
	if len(events) != 1 || res.Read != 3 {
		t.Errorf("%+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(line), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add(line)
	f.Add("1773450123.586 1 10.0.0.1 NONE/000 0 GET http://a/b c d - NONE/- -")
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "")
		run(t, s)
	})
}
