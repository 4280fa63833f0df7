package access

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "access.log", parse.Assume{})
	parsetest.ValidText(t, events)
	return res, events
}

func TestForms(t *testing.T) {
	for line, want := range map[string]map[string]string{
		`10.0.0.1 - frank [10/Oct/2025:13:55:36 -0700] "GET /a.gif?x=1&y=2 HTTP/1.0" 200 2326`: {
			"source.ip": "10.0.0.1", "user.name": "frank", "http.request.method": "GET", "url.original": "/a.gif?x=1&y=2", "url.path": "/a.gif",
			"url.query": "x=1&y=2", "http.version": "1.0", "http.response.status_code": "200", "http.response.body.bytes": "2326",
			"event.outcome": "success", "event.dataset": "web.access", "@": "2025-10-10T20:55:36.0000000Z", "message": "10.0.0.1 GET /a.gif?x=1&y=2 200"},
		`www.x.example:443 9.9.9.9 - - [10/Oct/2025:13:55:36 +0000] "POST /l HTTP/2.0" 403 - "https://r/" "UA \"quoted\" [10/Oct/2020:00:00:00 +0000]" "-"`: {
			"destination.domain": "www.x.example", "destination.port": "443", "source.ip": "9.9.9.9", "event.outcome": "failure", "http.response.body.bytes": "",
			"http.request.referrer": "https://r/", "user_agent.original": `UA \"quoted\" [10/Oct/2020:00:00:00 +0000]`, "access.extra": ""},
		`::ffff:10.1.2.3 - - [10/Oct/2025:13:55:36 +0000] "\x16\x03\x01" 400 0 "-" "-"`: {
			"source.ip": "10.1.2.3", "access.request": `\x16\x03\x01`, "http.request.method": "", "http.response.status_code": "400"},
		`10.0.0.2, 85.181.35.98 - - [10/Oct/2025:13:55:36 +0000] "" 408 0`: {"source.ip": "85.181.35.98", "access.forwarded_for": "10.0.0.2"},
		`a - - [10/Oct/2025:13:55:36 +0000] "GET / with spaces HTTP/1.1" 200 007`: {
			"source.domain": "a", "url.original": "/ with spaces", "http.response.body.bytes": "7"},
	} {
		_, events := run(t, line+"\r\n")
		if len(events) != 1 {
			t.Errorf("%s: %d events", line, len(events))
			continue
		}
		e := events[0]
		for name, v := range want {
			got := e.Get(name)
			if name == "@" {
				got = event.FormatTime(e.Times[0].At)
			}
			if got != v {
				t.Errorf("%s: %s is %q, want %q", line, name, got, v)
			}
		}
	}
}

func TestDamage(t *testing.T) {
	text := "nonsense\n1.1.1.1 - - [10/Oct/2025:13:55:36 +0000] \"GET /caf\xe9 HTTP/1.1\" 200 1\n1.1.1.1 - - [40/Oct/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1\n" +
		"1.1.1.1 - - [10/Oct/2025:13:55:36 +0000] \"GET / HTTP/1.1\" 20000 1\n1.1.1.1 - - [10/Oct/2025:13:5"
	res, events := run(t, text)
	if res.Read != 5 || res.Parsed != 1 || res.WarningCount != 5 || res.Status != parse.StatusPartial {
		t.Errorf("%+v", res)
	}
	if e := events[0]; e.Get("url.path") != "/caf\uFFFD" || e.Locator.Offset != 9 {
		t.Errorf("%v %v", e.Fields, e.Locator)
	}
	if res, _ := run(t, "\n\n"); res.Status != parse.StatusEmpty {
		t.Errorf("%+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(text), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add(`10.0.0.1 - frank [10/Oct/2025:13:55:36 -0700] "GET /a.gif?x=1&y=2 HTTP/1.0" 200 2326 "-" "UA"`)
	f.Add(`[10/Aug/2018:09:45:56 +0200] 172.30.0.119 TLSv1.2 ECDHE "GET / HTTP/1.1" 1375`)
	f.Add(`x "1.1.1.1, 2.2.2.2" 3.3.3.3 - - [10/Oct/2025:13:55:36 +0000] "\"`)
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "access.log")
		run(t, s)
	})
}

// TestRealLogs compares counts and every published value of the Apache, Nginx and Traefik access logs.
func TestRealLogs(t *testing.T) {
	dir := parsetest.SharedData(t, "logs/filebeat", "counts and values of real access logs")
	byFile := map[string][]*event.Event{}
	for _, row := range parsetest.Rows(t, filepath.Join(dir, "expected.csv")) {
		switch row[1] {
		case "apache.access", "nginx.access", "nginx.ingress_controller", "traefik.access":
		default:
			continue
		}
		b := parsetest.Read(t, dir, row[0])
		if New().Detect(b, filepath.Base(row[0])) < 60 {
			t.Errorf("%s is not detected", row[0])
		}
		res, events := run(t, string(b))
		if strconv.Itoa(len(events)) != row[3] || len(res.Skipped) > 0 {
			t.Errorf("%s: %d events, want %s; %v", row[0], len(events), row[3], res.Warnings)
		}
		byFile[row[0]] = events
	}
	compared := 0
	for _, v := range parsetest.Values(t, filepath.Join(dir, "values.csv"), byFile) {
		if v.Want == "-" || v.Want == "" { // the table keeps the servers' word for "none", we keep nothing
			continue
		}
		compared++
		e, got, want := v.Event, v.Event.Get(v.Field), v.Want
		switch v.Field {
		case "@timestamp":
			at, err := time.Parse(time.RFC3339Nano, want)
			if err == nil && at.Equal(e.Times[0].At) {
				got = want
			}
		case "http.request.method": // the table's Apache module made it lower case
			if strings.EqualFold(got, want) {
				got = want
			}
		}
		if got != want {
			t.Errorf("%s: %s is %q, want %q", v.Record, v.Field, got, want)
		}
	}
	if compared < 400 {
		t.Errorf("only %d values compared", compared)
	}
	t.Logf("%d values compared", compared)
}
