package haproxy

import (
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

var mtime = parse.Assume{ModTime: time.Date(2018, 12, 31, 0, 0, 0, 0, time.UTC)}

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "haproxy.log", mtime)
	parsetest.ValidText(t, events)
	return res, events
}

func TestForms(t *testing.T) {
	parsetest.Lines(t, New(), mtime, map[string]map[string]string{
		`Dec  6 14:14:44 lb1 haproxy[14389]: 10.0.1.2:33317 [06/Dec/2018:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 ck1 ck2 ---- 1/2/3/4/5 6/7 {1wt.eu|ua} {nginx} "GET http://h.example:81/index.html?a=b HTTP/1.1"`: {
			"@": "2018-12-06T12:14:14.6550000Z", "@recorded": "2018-12-06T14:14:44.0000000Z", "host.name": "lb1", "process.pid": "14389", "source.ip": "10.0.1.2", "source.port": "33317",
			"haproxy.frontend_name": "http-in", "haproxy.backend_name": "static", "haproxy.server_name": "srv1", "haproxy.http.request.time_wait_ms": "10",
			"haproxy.total_waiting_time_ms": "0", "haproxy.connection_wait_time_ms": "30", "haproxy.http.request.time_wait_without_data_ms": "69",
			"haproxy.total_time_ms": "109", "event.duration": "109000000", "http.response.status_code": "200", "http.response.bytes": "2750", "haproxy.bytes_read": "2750",
			"haproxy.http.request.captured_cookie": "ck1", "haproxy.http.response.captured_cookie": "ck2", "haproxy.termination_state": "----",
			"haproxy.connections.active": "1", "haproxy.connections.frontend": "2", "haproxy.connections.backend": "3", "haproxy.connections.server": "4",
			"haproxy.connections.retries": "5", "haproxy.server_queue": "6", "haproxy.backend_queue": "7", "haproxy.http.request.captured_headers": "1wt.eu ua",
			"haproxy.http.response.captured_headers": "nginx", "http.request.method": "GET", "url.path": "/index.html", "url.query": "a=b", "url.domain": "h.example",
			"http.version": "1.1", "event.outcome": "success", "event.category": "web", "event.dataset": "haproxy.log", "message": "10.0.1.2 GET http://h.example:81/index.html?a=b 200"},
		`10.0.1.2:33317 [06/Feb/2019:12:12:51.443] fnt bck/srv1 0/0/5007 +212 -- 0/0/0/0/+3 0/0`: {
			"haproxy.bytes_read": "212", "haproxy.connections.retries": "3", "event.duration": "5007000000", "event.category": "network", "haproxy.termination_state": "--"},
		`Dec  3 18:27:14 localhost haproxy[6103]: 127.0.0.1:56059 [03/Dec/2018:17:35:10.380] frt/f1: Connection error during SSL handshake`: {
			"event.type": "error", "haproxy.bind_name": "f1", "haproxy.frontend_name": "frt", "haproxy.error_message": "Connection error during SSL handshake"},
		`Dec  3 18:27:14 localhost haproxy[6103]: Server bk/web1 is DOWN, reason: Layer4 timeout`: {
			"event.action": "server-down", "haproxy.backend_name": "bk", "haproxy.server_name": "web1", "@": "2018-12-03T18:27:14.0000000Z"},
		`2018-12-03T18:27:14+01:00 lb haproxy[1]: [2001:db8::1]:4000 [03/Dec/2018:17:35:10] f~ f/<NOSRV> -1/-1/-1/-1/0 400 187 - - PR-- 1/1/0/0/0 0/0 "<BADREQ>" 0/0/0/0/0 -/TLSv1.3/X`: {
			"source.ip": "2001:db8::1", "http.request.method": "", "haproxy.http.request.raw_request_line": "<BADREQ>", "event.outcome": "failure",
			"haproxy.further": "0/0/0/0/0 -/TLSv1.3/X", "message": "2001:db8::1 <BADREQ> 400", "haproxy.connection_wait_time_ms": "-1"},
	})
}

func TestDamage(t *testing.T) {
	text := "nonsense\n10.0.1.2:33317 [46/Feb/2019:12:12:51.443] fnt bck/srv1 0/0/5007 +212 -- 0/0/0/0/+3 0/0\nDec  3 18:27:14 h haproxy[1]: any \xff notice\n"
	res, events := run(t, text)
	if res.Read != 3 || res.Parsed != 1 || res.Status != parse.StatusPartial || events[0].Get("message") != "any \uFFFD notice" {
		t.Errorf("%+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(text), mtime)
}

func FuzzParse(f *testing.F) {
	f.Add(`Sep 20 15:42:59 1.2.3.4 haproxy[24551]: Connect from 1.2.3.4:40780 to 1.2.3.4:5000 (main/HTTP)`)
	f.Add(`10.0.1.2:33317 [06/Feb/2019:12:12:51.443] fnt bck/srv1 0/0/5007 +212 -- 0/0/0/0/+3 0/0`)
	f.Add(`10.0.1.2:33317 [06/Feb/2019:12:12:51.443] f b/s 0/0/0/0/0 200 0 - - ---- 1/1/1/1/1 0/0 {a} {b} "GET / HTTP/1.1" x`)
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "")
		run(t, s)
	})
}

// TestFilebeat compares counts and every published value.
func TestFilebeat(t *testing.T) {
	a := answersFilebeat(t)
	a.Log(t)
	if a.Found != a.Expected || a.Missed > 0 || a.Values == 0 {
		t.Errorf("%+v", a)
	}
}

func answersFilebeat(t *testing.T) parsetest.Answers {
	return parsetest.Filebeat(t, New(), mtime, parsetest.NoExcuse, "haproxy.log")
}
