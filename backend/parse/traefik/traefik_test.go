package traefik

import (
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

var assume parse.Assume

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "sample.log", assume)
	parsetest.ValidText(t, events)
	return res, events
}

const line = `{"ClientAddr":"10.0.0.9:4000","ClientHost":"10.0.0.9","ClientPort":"4000","ClientUsername":"mia","DownstreamContentSize":19,"DownstreamStatus":404,"Duration":141306,"OriginStatus":404,"OriginDuration":100,"Overhead":6,"RequestAddr":"h.example","RequestContentSize":3,"RequestCount":7,"RequestHost":"h.example","RequestMethod":"GET","RequestPath":"/a?b=1","RequestPort":"8443","RequestProtocol":"HTTP/2.0","RequestScheme":"https","RetryAttempts":0,"RouterName":"r@docker","ServiceURL":"http://172.17.0.2:80","StartLocal":"2026-03-14T02:02:03.123456789+01:00","StartUTC":"2026-03-14T01:02:03.123456789Z","TLSVersion":"1.3","entryPointName":"websecure","level":"info","msg":"","request_User-Agent":"curl","time":"2026-03-14T01:02:04Z"}`

func TestLines(t *testing.T) {
	_, events := run(t, line)
	parsetest.AllFields(t, line, events[0], map[string]string{"@": "2026-03-14T01:02:03.1234567Z", "@recorded": "2026-03-14T01:02:04.0000000Z", "source.ip": "10.0.0.9",
		"source.address": "10.0.0.9", "source.port": "4000", "user.name": "mia", "http.response.body.bytes": "19", "http.response.status_code": "404", "event.duration": "141306",
		"traefik.access.OriginStatus": "404", "traefik.access.OriginDuration": "100", "traefik.access.Overhead": "6", "traefik.access.RequestAddr": "h.example",
		"http.request.body.bytes": "3", "traefik.access.request_count": "7", "url.domain": "h.example", "http.request.method": "GET", "url.original": "/a?b=1", "url.path": "/a",
		"url.query": "b=1", "url.port": "8443", "http.version": "2.0", "url.scheme": "https", "traefik.access.RetryAttempts": "0", "traefik.access.frontend_name": "r@docker",
		"traefik.access.backend_url": "http://172.17.0.2:80", "traefik.access.StartLocal": "2026-03-14T02:02:03.123456789+01:00", "traefik.access.StartUTC": "2026-03-14T01:02:03.123456789Z",
		"tls.version": "1.3", "traefik.access.entryPointName": "websecure", "log.level": "info", "user_agent.original": "curl", "traefik.access.time": "2026-03-14T01:02:04Z",
		"event.outcome": "failure", "event.category": "web", "event.dataset": "traefik.access", "event.kind": "event", "event.module": "traefik", "message": "10.0.0.9 GET /a?b=1 404"})
	if s := New().Detect([]byte(line), "x"); s < 96 {
		t.Errorf("detected with %d", s)
	}
	if s := New().Detect([]byte(`{"time":"2026-03-14T01:02:04Z","RequestMethod":"GET","msg":"x"}`), "x"); s != 0 {
		t.Errorf("another product: %d", s)
	}
	res, events := run(t, line+"\n{\n"+line+"\n")
	if len(events) != 2 || res.Read != 3 {
		t.Errorf("%+v", res)
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
