package apacheerror

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
		`[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 35708:tid 4328636416] (13)Permission denied: [client 72.15.99.187:1234] AH00132: file permissions deny server access: /srv/a, referer: http://r/`: {
			"@": "2011-09-09T10:42:29.9020220Z", "apache.error.module": "core", "log.level": "error", "process.pid": "35708", "process.thread.id": "4328636416",
			"error.code": "13", "error.message": "Permission denied", "event.code": "AH00132", "source.ip": "72.15.99.187", "source.port": "1234", "http.request.referrer": "http://r/", "event.dataset": "apache.error", "event.module": "apache", "event.kind": "event", "event.category": "web",
			"event.type": "error"},
		`[Fri Sep 09 10:42:29.902022 2011] [proxy:warn] [pid 1] [remote [::1]:80] AH01144: No protocol handler`: {
			"source.ip": "::1", "source.port": "80", "event.code": "AH01144", "event.type": "info", "message": "AH01144: No protocol handler"},
		`[Mon Dec 26 16:22:08 2016] [error] [client 192.168.33.1] File does not exist: /var/www/x`: {
			"source.ip": "192.168.33.1", "file.path": "/var/www/x", "apache.error.module": "", "message": "File does not exist: /var/www/x"},
		`[Mon Dec 26 16:22:08 2016] [:error] [pid 9] [client 10.9.8.7] ModSecurity: Access denied with code 403 (phase 2). [file "/etc/crs.conf"] [line "23"] [id "960015"] [msg "Missing Accept"] [tag "a"] [tag "b"] [hostname "h.example"] [uri "/x"] [unique_id "W1"]`: {
			"rule.id": "960015", "rule.name": "Missing Accept", "tags": "a b", "url.domain": "h.example", "url.path": "/x", "apache.modsecurity.line": "23", "http.request.id": "W1"},
	})
}

func TestContinuation(t *testing.T) {
	res, events := run(t, "lost\n[Mon Dec 26 16:22:08 2016] [error] [client 1.1.1.1] PHP Fatal error: x\nPHP Stack trace:\n  1. {main}\n[Mon Dec 46 16:22:08 2016] [error] x\n[x] [y\n")
	if len(events) != 1 || res.Read != 4 || events[0].Get("message") != "PHP Fatal error: x\nPHP Stack trace:\n  1. {main}" || events[0].Locator.Offset != 5 {
		t.Errorf("%+v %v", res, events)
	}
	parsetest.EmitErrorStops(t, New(), []byte("[Mon Dec 26 16:22:08 2016] [error] x\n"), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add("[Mon Dec 26 16:22:08 2016] [error] [client 192.168.33.1] File does not exist: /var/www/x")
	f.Add(`[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 35708:tid 4328636416] (13)x: AH00132: ModSecurity: [id "9"] [`)
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
	return parsetest.Filebeat(t, New(), parse.Assume{}, parsetest.NoExcuse, "apache.error")
}
