package access

import (
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/parsetest"
)

// TestFilebeat compares counts and every published value of the Apache, Nginx, ingress and Traefik access logs.
func TestFilebeat(t *testing.T) {
	for _, a := range answersFilebeat(t) {
		a.Log(t)
		if a.Found != a.Expected || a.Missed > 0 || a.Values == 0 {
			t.Errorf("%+v", a)
		}
	}
}

func answersFilebeat(t *testing.T) (out []parsetest.Answers) {
	for _, source := range []string{"apache.access", "nginx.access", "nginx.ingress_controller", "traefik.access"} {
		out = append(out, parsetest.Filebeat(t, New(), parse.Assume{}, func(v parsetest.Value, got []string) string {
			if v.Field == "source.address" && v.Want == "" && len(got) == 1 && linelog.IP(got[0]) != "" {
				return "the table left the visitor's address empty, though the line has one"
			}
			return ""
		}, source))
	}
	return out
}

func TestPlaso(t *testing.T) {
	a := answersPlaso(t)
	a.Log(t)
	if a.Found != a.Expected || a.Missed > 0 || a.Values < 30 {
		t.Errorf("%+v", a)
	}
}

func answersPlaso(t *testing.T) parsetest.Answers {
	beyond := map[int]string{7: "one line more: it ends inside its quoted user agent and is kept with a warning"}
	return parsetest.Plaso(t, New(), parse.Assume{}, "apache_access.log", beyond, func(e *event.Event, field string) (string, bool) {
		switch field {
		case "http_request":
			return e.Get("http.request.method") + " " + e.Get("url.original") + " HTTP/" + e.Get("http.version"), true
		case "recorded_time":
			return parsetest.PrimaryTime(e), true
		}
		name, ok := map[string]string{"http_request_referer": "http.request.referrer", "http_request_user_agent": "user_agent.original",
			"http_response_code": "http.response.status_code", "http_response_bytes": "http.response.body.bytes", "ip_address": "source.ip",
			"remote_name": "access.ident", "username": "user.name", "port_number": "destination.port", "server_name": "url.domain"}[field]
		return e.Get(name), ok
	})
}
