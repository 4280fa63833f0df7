package access

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

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
		`1.2.3.4 - - [25/Apr/2021:06:15:33 +0000] "GET /t?x=<script>alert("text")</script> HTTP/1.0" 404 1164 "r" "ua"`: {
			"url.original": `/t?x=<script>alert("text")</script>`, "http.response.body.bytes": "1164", "http.request.referrer": "r"},
		`1.2.3.4 - - [25/Apr/2021:06:15:33 +0000] "GET / HTTP/1.0" 404 1164 "-" "ua" 1234 "up"`: {"access.extra": "1234"},
		`1.2.3.4 - - [25/Apr/2021:06:15:33 +0000] "CONNECT http://h.example:81/x?y HTTP/1.0" 404 1164`: {
			"url.domain": "h.example", "url.port": "81", "url.path": "/x", "url.query": "y", "url.scheme": "http"},
		`1.2.3.4 - - [07/Feb/2020:11:48:51 +0000] "POST /p HTTP/1.1" 502 59 "-" "curl" 89 0.001 [default-web-8080] [alt] 172.17.0.5:8080, 172.17.0.6:8080 0, 59 0.000, 0.002 502, 200 529a`: {
			"event.dataset": "nginx.ingress_controller", "nginx.ingress_controller.http.request.length": "89", "nginx.ingress_controller.http.request.time": "0.001",
			"nginx.ingress_controller.upstream.name": "default-web-8080", "nginx.ingress_controller.upstream.alternative_name": "alt",
			"+nginx.ingress_controller.upstream.address": "172.17.0.5:8080 172.17.0.6:8080", "+nginx.ingress_controller.upstream.response.length": "0 59",
			"+nginx.ingress_controller.upstream.response.time": "0.000 0.002", "+nginx.ingress_controller.upstream.response.status_code": "502 200",
			"nginx.ingress_controller.http.request.id": "529a", "access.extra": ""},
		`1.2.3.4 - - [02/Oct/2017:20:22:07 +0000] "GET / HTTP/1.1" 304 0 "-" "Mozilla" 262 "Host-host-1" "http://172.19.0.3:5601" 2ms`: {
			"event.dataset": "traefik.access", "event.duration": "2000000", "traefik.access.backend_url": "http://172.19.0.3:5601",
			"traefik.access.frontend_name": "Host-host-1", "traefik.access.request_count": "262", "access.extra": ""},
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
			if many, ok := strings.CutPrefix(name, "+"); ok {
				got = strings.Join(e.All(many), " ")
			}
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

// TestOpenQuote: a line that was cut inside a quoted text is kept, and the receipt says so.
func TestOpenQuote(t *testing.T) {
	res, events := run(t, `1.1.1.1 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 1 "-" "Mozilla/5.0 (compat`+"\n")
	if len(events) != 1 || events[0].Get("user_agent.original") != "Mozilla/5.0 (compat" || res.WarningCount != 1 || res.Warnings[0].Text != warnOpen {
		t.Errorf("%+v", res)
	}
}

func BenchmarkParse(b *testing.B) {
	for _, transient := range []bool{false, true} { // true is what the sandbox child and the import say
		b.Run(fmt.Sprintf("transient=%t", transient), func(b *testing.B) { benchmarkParse(b, transient) })
	}
}

func benchmarkParse(b *testing.B, transient bool) {
	line := `85.181.35.98 - frank [10/Oct/2025:13:55:36 -0700] "GET /wp-content/themes/a.php?x=1&y=2 HTTP/1.1" 200 2326 "https://www.example.com/start" "Mozilla/5.0 (X11; Linux x86_64; rv:25.0) Gecko/20100101 Firefox/25.0"` + "\n"
	data := []byte(strings.Repeat(line, 10000))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		res, err := New().Parse(b.Context(), parse.Input{Reader: bytes.NewReader(data), Size: int64(len(data)), Transient: transient}, func(*event.Event) error { return nil })
		if err != nil || res.Parsed != 10000 {
			b.Fatal(err, res.Parsed)
		}
	}
}
