package iis

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "u_ex180101.log", parse.Assume{})
	parsetest.ValidText(t, events)
	return res, events
}

const head = "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: 2018-01-01 10:11:12\r\n"

const all = head + "#Fields: date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs-version cs(User-Agent) cs(Cookie) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken X-Forwarded-For x-custom\r\n" +
	`2018-01-01 10:11:12 W3SVC1 WEB01 10.0.0.1 GET /a b=1 443 CORP\jdoe 85.181.35.98 HTTP/1.1 Mozilla/5.0+(X11) k="v";n=1 http://r/ www.example.com:8443 401 2 5 123 456 789 192.0.2.7 zz` + "\r\n"

func TestAllColumns(t *testing.T) {
	res, events := run(t, all)
	if len(events) != 1 || res.Status != parse.StatusOK {
		t.Fatalf("%+v", res)
	}
	parsetest.AllFields(t, "all columns", events[0], map[string]string{
		"@": "2018-01-01T10:11:12.0000000Z", "iis.access.site_name": "W3SVC1", "iis.access.server_name": "WEB01", "host.name": "WEB01", "destination.ip": "10.0.0.1",
		"destination.address": "10.0.0.1", "destination.port": "443", "destination.domain": "www.example.com", "url.domain": "www.example.com", "url.port": "8443",
		"http.request.method": "GET", "url.path": "/a", "url.query": "b=1", "url.original": "/a?b=1", "user.domain": "CORP", "user.name": "jdoe", "source.ip": "85.181.35.98",
		"source.address": "85.181.35.98", "http.version": "1.1", "user_agent.original": "Mozilla/5.0 (X11)", "iis.access.cookie": `k="v";n=1`, "http.request.referrer": "http://r/",
		"http.response.status_code": "401", "event.outcome": "failure", "iis.access.sub_status": "2", "iis.access.win32_status": "5", "http.response.body.bytes": "123",
		"http.request.body.bytes": "456", "event.duration": "789000000", "network.forwarded_ip": "192.0.2.7", "iis.access.x_forwarded_for": "192.0.2.7", "iis.access.x-custom": "zz",
		"event.category": "web network", "event.type": "connection", "event.kind": "event", "event.module": "iis", "event.dataset": "iis.access",
		"message": "85.181.35.98 GET /a?b=1 401"})
	if at := events[0].Times[0]; at.Zone != "UTC" || at.Assumed != "" {
		t.Errorf("%+v", at)
	}
}

// TestHeads: columns change within a file, a date may stand in the head alone, and HTTPERR has columns of its own.
func TestHeads(t *testing.T) {
	text := head + "#Fields: time c-ip cs-method cs-uri-stem sc-status\n00:00:01 1.1.1.1 GET /a 200\n" +
		"#Fields: date time c-ip sc-status cs-uri-stem\n2018-01-02 00:00:02 1.1.1.1 404 /b\n" +
		"#Software: Microsoft HTTP API 2.0\n#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid sc-status s-siteid s-reason s-queuename\n" +
		"2018-12-30 14:22:07 ::1%0 49958 ::1%0 80 HTTP/1.1 GET /x?y 3 400 7 Hostname Pool1\n" +
		"2018-12-30 14:22:08 ::1%0 49958\n2018-13-30 14:22:07 ::1%0 49958 ::1%0 80 - - - - - - Timer_ConnectionIdle -\n"
	res, events := run(t, text)
	if len(events) != 3 || res.Read != 5 || res.Status != parse.StatusPartial {
		t.Fatalf("%+v", res)
	}
	parsetest.Fields(t, "date of the head", events[0], map[string]string{"@": "2018-01-01T00:00:01.0000000Z", "url.path": "/a"})
	parsetest.Fields(t, "other order", events[1], map[string]string{"@": "2018-01-02T00:00:02.0000000Z", "http.response.status_code": "404"})
	parsetest.Fields(t, "httperr", events[2], map[string]string{"event.dataset": "iis.error", "source.address": "::1%0", "source.ip": "::1", "source.port": "49958", "destination.ip": "::1",
		"iis.error.streamid": "3", "iis.error.site_id": "7", "iis.error.reason_phrase": "Hostname", "iis.error.queue_name": "Pool1", "url.query": "y", "message": "::1%0 GET /x?y 400: Hostname"})
	if res, _ := run(t, head); res.Status != parse.StatusEmpty || New().Detect([]byte(head), "") < 90 {
		t.Errorf("a head alone: %+v, %d", res, New().Detect([]byte(head), ""))
	}
	for _, other := range []string{"#Software: Microsoft Windows Firewall\n#Fields: date time action\n2005-04-11 08:05:57 DROP\n", "#Version: 1.0\n#Fields: date time x-edge-location cs-uri-stem\na b c d\n"} {
		if s := New().Detect([]byte(other), ""); s != 0 {
			t.Errorf("%q: %d", other, s)
		}
	}
	parsetest.EmitErrorStops(t, New(), []byte(all), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add(all)
	f.Add("#Fields: date time\n#Fields:\n1 2\n")
	f.Add("2018-05-05 05:05:55 149.42.83.135 12345 192.168.101.101 443 HTTP/0.9 t3 12.2.1 400 - URL -")
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "")
		run(t, s)
	})
}

// TestFilebeat compares counts and every published value.
func TestFilebeat(t *testing.T) {
	for _, a := range answersFilebeat(t) {
		a.Log(t)
		if a.Found != a.Expected || a.Missed > 0 || a.Values == 0 {
			t.Errorf("%+v", a)
		}
	}
}

func answersFilebeat(t *testing.T) (out []parsetest.Answers) {
	for _, source := range []string{"iis.access", "iis.error"} {
		out = append(out, parsetest.Filebeat(t, New(), parse.Assume{}, func(v parsetest.Value, got []string) string {
			if strings.HasPrefix(v.Event.Get("source.address"), "[10.100.118.31](http://") {
				return "the sample holds its addresses as links of a text markup; they are kept as they stand and taken for no address"
			}
			return ""
		}, source))
	}
	return out
}

// TestPlaso: the values that the table gives for iis10_edge_cases.log are those of iis10_cookies.log (the time, for one, does not
// occur in the first file), so they are compared there.
func TestPlaso(t *testing.T) {
	for _, a := range answersPlaso(t) {
		a.Log(t)
		if a.Found != a.Expected || a.Missed > 0 {
			t.Errorf("%+v", a)
		}
	}
}

func answersPlaso(t *testing.T) (out []parsetest.Answers) {
	for _, file := range []string{"iis/iis7_owa.log", "iis/iis10_cookies.log", "iis/iis10_edge_cases.log"} {
		get := func(e *event.Event, field string) (string, bool) {
			name, ok := map[string]string{"dest_ip": "destination.ip", "dest_port": "destination.port", "http_method": "http.request.method", "http_status": "http.response.status_code",
				"requested_uri_stem": "url.path", "source_ip": "source.ip"}[field]
			switch field {
			case "last_written_time":
				return parsetest.PrimaryTime(e), true
			case "user_agent":
				return strings.ReplaceAll(e.Get("user_agent.original"), " ", "+"), true
			}
			return e.Get(name), ok
		}
		own := get
		if file == "iis/iis10_edge_cases.log" {
			own = func(*event.Event, string) (string, bool) { return "", false }
		}
		a := parsetest.Plaso(t, New(), parse.Assume{}, file, nil, own)
		if file == "iis/iis10_cookies.log" {
			_, events := run(t, string(parsetest.Read(t, parsetest.SharedData(t, "plaso", file), "files", file)))
			a.PlasoValues(t, "iis/iis10_edge_cases.log", events, get)
		}
		out = append(out, a)
	}
	return out
}
