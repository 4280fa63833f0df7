package nginx

import (
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "error.log", parse.Assume{})
	parsetest.ValidText(t, events)
	return res, events
}

func TestForms(t *testing.T) {
	parsetest.Lines(t, New(), parse.Assume{}, map[string]map[string]string{
		`2016/10/25 14:50:44 [error] 54053#7: *3 connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: localhost, request: "GET /ad, x: y?q=1 HTTP/1.1", upstream: "http://10.0.0.1:80/ad", host: "localhost:8080", referrer: "http://r/"`: {
			"@": "2016-10-25T14:50:44.0000000Z", "log.level": "error", "process.pid": "54053", "process.thread.id": "7", "nginx.error.connection_id": "3", "source.ip": "127.0.0.1",
			"nginx.error.server": "localhost", "http.request.method": "GET", "url.original": "/ad, x: y?q=1", "url.path": "/ad, x: y", "url.query": "q=1", "http.version": "1.1",
			"nginx.error.upstream": "http://10.0.0.1:80/ad", "url.domain": "localhost", "url.port": "8080", "http.request.referrer": "http://r/", "event.dataset": "nginx.error",
			"event.module": "nginx", "event.kind": "event", "event.type": "error", "event.category": "web"},
		`2016/10/25 14:50:44 [notice] 1#1: signal process started`: {"message": "signal process started", "event.type": "info", "nginx.error.connection_id": ""},
	})
}

func TestContinuation(t *testing.T) {
	res, events := run(t, "lost\n2016/10/25 14:50:44 [error] 1#1: *1 FastCGI sent in stderr: \"a\nb\n2016/13/25 14:50:44 [error] 1#1: x\n2016/10/25 14:50:44 [error] x\n")
	if len(events) != 1 || res.Read != 4 || events[0].Get("message") != "FastCGI sent in stderr: \"a\nb" || events[0].Locator.Offset != 5 {
		t.Errorf("%+v %v", res, events)
	}
	parsetest.EmitErrorStops(t, New(), []byte("2016/10/25 14:50:44 [error] 1#1: x\n"), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add(`2016/10/25 14:50:44 [error] 54053#7: *3 x, client: 127.0.0.1, server: localhost, request: "GET /ad HTTP/1.1", host: "localhost:8080"`)
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
	return parsetest.Filebeat(t, New(), parse.Assume{}, parsetest.NoExcuse, "nginx.error")
}
