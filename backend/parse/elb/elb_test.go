package elb

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "elb.log", parse.Assume{})
	parsetest.ValidText(t, events)
	return res, events
}

const alb = `https 2020-01-11T16:55:20.356586Z app/web/1 192.168.1.10:44325 192.168.1.123:32869 0.013 0.164 -1 403 200 391 107999 "GET https://www.example.com:443/a?b=1 HTTP/1.1" "Mozilla/5.0 (a)" ECDHE TLSv1.2 arn:tg "Root=1" "www.example.com" "arn:cert" 2 2020-01-11T16:55:19.624000Z "waf,forward" "https://r/" "LambdaX" "192.168.1.123:32869 192.168.1.124:1" "200 201" "Acceptable" "Why" TID_1 "th" "tu" "ts" new`

func TestKinds(t *testing.T) {
	_, events := run(t, alb)
	parsetest.AllFields(t, "application", events[0], map[string]string{"@": "2020-01-11T16:55:20.3565860Z", "@started": "2020-01-11T16:55:19.6240000Z", "aws.elb.protocol": "https",
		"aws.elb.type": "application", "aws.elb.name": "app/web/1", "observer.name": "app/web/1", "source.ip": "192.168.1.10", "source.address": "192.168.1.10", "source.port": "44325",
		"destination.ip": "192.168.1.123", "destination.address": "192.168.1.123", "destination.port": "32869", "aws.elb.request_processing_time.sec": "0.013",
		"aws.elb.backend_processing_time.sec": "0.164", "aws.elb.response_processing_time.sec": "-1", "http.response.status_code": "403", "event.outcome": "failure",
		"aws.elb.backend.http.response.status_code": "200", "http.request.bytes": "391", "http.response.bytes": "107999", "http.request.method": "GET",
		"url.original": "https://www.example.com:443/a?b=1", "url.domain": "www.example.com", "url.port": "443", "url.path": "/a", "url.query": "b=1", "url.scheme": "https",
		"http.version": "1.1", "user_agent.original": "Mozilla/5.0 (a)", "tls.cipher": "ECDHE", "tls.version": "1.2", "aws.elb.ssl_protocol": "TLSv1.2", "aws.elb.target_group.arn": "arn:tg",
		"aws.elb.trace_id": "Root=1", "destination.domain": "www.example.com", "aws.elb.chosen_cert.arn": "arn:cert", "aws.elb.matched_rule_priority": "2",
		"aws.elb.action_executed": "waf forward", "aws.elb.redirect_url": "https://r/", "aws.elb.error.reason": "LambdaX", "aws.elb.target_port": "192.168.1.123:32869 192.168.1.124:1",
		"aws.elb.target_status_code": "200 201", "aws.elb.classification": "Acceptable", "aws.elb.classification_reason": "Why", "aws.elb.conn_trace_id": "TID_1",
		"aws.elb.transformed_host": "th", "aws.elb.transformed_uri": "tu", "aws.elb.request_transform_status": "ts", "aws.elb.further": "new", "cloud.provider": "aws",
		"event.category": "network web", "event.dataset": "aws.elb", "event.kind": "event", "event.module": "aws", "event.type": "access",
		"message": "192.168.1.10 GET https://www.example.com:443/a?b=1 403"})
	parsetest.Lines(t, New(), parse.Assume{}, map[string]map[string]string{
		`2021-05-13T23:39:43.945958Z lb 192.168.131.39:2817 - 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -`: {
			"aws.elb.type": "classic", "url.domain": "www.example.com", "destination.ip": "", "tls.cipher": ""},
		`2021-05-13T23:39:43.945958Z lb 192.168.131.39:2817 10.0.0.1:80 0.1 0.2 0.3 - - -1 -1 "- - - " "-" - -`: {"http.request.method": "", "http.response.bytes": "-1", "event.outcome": ""},
		`tls 2.0 2022-04-01T08:51:42 net/n/1 l1 72.21.218.154:51341 172.100.100.185:443 5 2 98 246 - arn:c - ECDHE tlsv12 x25519 n.example h2 h2 "h2,http/1.1" 2022-04-01T08:51:20`: {
			"@": "2022-04-01T08:51:42.0000000Z", "@started": "2022-04-01T08:51:20.0000000Z", "aws.elb.type": "network", "aws.elb.listener": "l1", "aws.elb.connection_time.ms": "5",
			"aws.elb.tls_handshake_time.ms": "2", "tls.version": "1.2", "tls.curve": "x25519", "aws.elb.alpn_client_preference_list": "h2 http/1.1", "message": "72.21.218.154 opened TLS to n.example"},
	})
}

func TestDamage(t *testing.T) {
	res, events := run(t, "x\n"+strings.Replace(alb, "2020-01-11T16:55:20", "2020-13-11T16:55:20", 1)+"\n"+alb[:100]+"\n"+strings.Replace(alb, "(a)", "\xff", 1))
	if len(events) != 1 || res.Read != 4 {
		t.Errorf("%+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(alb), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add(alb)
	f.Add(`tls 2.0 2022-12-20T02:59:40 net/m g3 72.21.218.154:51341 172.100.100.185:443 5 2 98 246 - arn - ECDHE tlsv12 - d - - -`)
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "")
		run(t, s)
	})
}

// TestPlaso compares the count and every published value.
func TestPlaso(t *testing.T) {
	a := answersPlaso(t)
	a.Log(t)
	if a.Found != a.Expected || a.Missed > 0 || a.Values < 25 {
		t.Errorf("%+v", a)
	}
}

func answersPlaso(t *testing.T) parsetest.Answers {
	return parsetest.Plaso(t, New(), parse.Assume{}, "aws_elb_access.log", nil, func(e *event.Event, field string) (string, bool) {
		name, ok := map[string]string{"chosen_cert_arn": "aws.elb.chosen_cert.arn", "classification": "aws.elb.classification", "classification_reason": "aws.elb.classification_reason",
			"destination_group_arn": "aws.elb.target_group.arn", "destination_ip_address": "destination.ip", "destination_port": "destination.port",
			"destination_processing_duration": "aws.elb.backend_processing_time.sec", "destination_status_code": "aws.elb.backend.http.response.status_code",
			"destination_status_code_list": "aws.elb.target_status_code", "domain_name": "destination.domain", "elb_status_code": "http.response.status_code",
			"error_reason": "aws.elb.error.reason", "matched_rule_priority": "aws.elb.matched_rule_priority", "received_bytes": "http.request.bytes", "redirect_url": "aws.elb.redirect_url",
			"request_processing_duration": "aws.elb.request_processing_time.sec", "request_type": "aws.elb.protocol", "resource_identifier": "aws.elb.name",
			"response_processing_duration": "aws.elb.response_processing_time.sec", "sent_bytes": "http.response.bytes", "source_ip_address": "source.ip", "source_port": "source.port",
			"ssl_cipher": "tls.cipher", "ssl_protocol": "aws.elb.ssl_protocol", "trace_identifier": "aws.elb.trace_id", "user_agent": "user_agent.original"}[field]
		switch field {
		case "actions_executed":
			return strings.Join(e.All("aws.elb.action_executed"), ","), true
		case "destination_list":
			return `["` + strings.Join(e.All("aws.elb.target_port"), `","`) + `"]`, true
		case "request":
			return e.Get("http.request.method") + " " + e.Get("url.original") + " HTTP/" + e.Get("http.version"), true
		case "request_time":
			return event.FormatTime(e.Times[1].At), true
		case "response_time":
			return parsetest.PrimaryTime(e), true
		}
		return e.Get(name), ok
	})
}
