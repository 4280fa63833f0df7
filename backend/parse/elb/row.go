package elb

import (
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/weblog"
)

// names of columns that go under aws.elb as text, and those that are numbers.
var texts = map[string]string{"type": "aws.elb.protocol", "version": "aws.elb.version", "elb": "aws.elb.name", "listener": "aws.elb.listener", "target_group_arn": "aws.elb.target_group.arn",
	"trace_id": "aws.elb.trace_id", "chosen_cert_arn": "aws.elb.chosen_cert.arn", "chosen_cert_serial": "aws.elb.chosen_cert.serial", "redirect_url": "aws.elb.redirect_url",
	"error_reason": "aws.elb.error.reason", "classification": "aws.elb.classification", "classification_reason": "aws.elb.classification_reason", "conn_trace_id": "aws.elb.conn_trace_id",
	"transformed_host": "aws.elb.transformed_host", "transformed_uri": "aws.elb.transformed_uri", "request_transform_status": "aws.elb.request_transform_status",
	"incoming_tls_alert": "aws.elb.incoming_tls_alert", "tls_named_group": "tls.curve", "alpn_fe_protocol": "aws.elb.alpn_fe_protocol", "alpn_be_protocol": "aws.elb.alpn_be_protocol",
	"ssl_cipher": "tls.cipher", "user_agent": "user_agent.original"}

var numbers = map[string]string{"request_processing_time": "aws.elb.request_processing_time.sec", "backend_processing_time": "aws.elb.backend_processing_time.sec",
	"response_processing_time": "aws.elb.response_processing_time.sec", "elb_status_code": "http.response.status_code", "backend_status_code": "aws.elb.backend.http.response.status_code",
	"matched_rule_priority": "aws.elb.matched_rule_priority", "connection_time": "aws.elb.connection_time.ms", "tls_handshake_time": "aws.elb.tls_handshake_time.ms"}

var lists = map[string]string{"actions_executed": "aws.elb.action_executed", "target:port_list": "aws.elb.target_port", "target_status_code_list": "aws.elb.target_status_code",
	"alpn_client_preference_list": "aws.elb.alpn_client_preference_list"}

func read(r *linelog.Record) string {
	f, n := cut(r.Text)
	columns := kindOf(f[:n])
	if columns == nil {
		return reasonForm
	}
	r.Keep("cloud.provider", "aws")
	r.Keep("event.dataset", "aws.elb")
	r.Keep("event.kind", "event")
	r.Keep("event.module", "aws")
	r.Keep("event.category", "network")
	client, request, status, name := "", "", "", ""
	for i, v := range f[:n] {
		if i >= len(columns) {
			r.Set("aws.elb.further", v)
			continue
		}
		switch c := columns[i]; c {
		case "time", "request_creation_time", "tls_connection_creation_time":
			meaning := event.Occurred
			if c != "time" {
				meaning = event.Started
			}
			if v != "-" && r.At(meaning, utc(v)) != nil {
				return linelog.ReasonTime
			}
		case "client:port":
			host, port := linelog.HostPort(v)
			client = host
			r.Endpoint(linelog.Source, host, port)
		case "backend:port":
			host, port := linelog.HostPort(v)
			r.Endpoint(linelog.Destination, host, port)
		case "request":
			request = v
		case "domain_name":
			r.Set("destination.domain", v)
			name = v
		case "ssl_protocol":
			version := strings.TrimPrefix(strings.TrimPrefix(v, "TLSv"), "tlsv")
			if len(version) == 2 { // the network balancer's "tlsv12"
				version = version[:1] + "." + version[1:]
			}
			r.Set("tls.version", version)
			r.Set("aws.elb.ssl_protocol", v)
		case "received_bytes":
			r.Number("http.request.bytes", v, "")
		case "sent_bytes":
			r.Number("http.response.bytes", v, "")
		default:
			if c == "elb_status_code" {
				status = v
			}
			if c == "elb" {
				r.Set("observer.name", v)
			}
			value(r, c, v)
		}
	}
	if &columns[0] == &network[0] {
		r.Keep("aws.elb.type", "network")
		r.Keep("event.type", "connection")
		r.Keep("message", client+" opened TLS to "+name)
		return ""
	}
	r.Keep("aws.elb.type", map[bool]string{true: "application", false: "classic"}[&columns[0] == &application[0]])
	r.Keep("event.category", "web")
	r.Keep("event.type", "access")
	r.Set("event.outcome", weblog.Outcome(status))
	method, target, version := weblog.SplitRequest(request)
	r.Set("http.request.method", method)
	r.Set("http.version", strings.TrimSpace(version))
	weblog.URL(r, target)
	if method == "" {
		r.Set("aws.elb.request", strings.TrimSpace(request))
	}
	r.Keep("message", weblog.Message(client, method, target, strings.TrimSpace(strings.ReplaceAll(request, "- ", "")), strings.Trim(status, "-")))
	return ""
}

// utc makes a time that AWS writes without a zone say that it is UTC.
func utc(s string) string {
	if strings.HasSuffix(s, "Z") || len(s) > 19 && strings.ContainsAny(s[19:], "+-") {
		return s
	}
	return s + "Z"
}

func value(r *linelog.Record, column, v string) {
	switch {
	case texts[column] != "":
		r.Set(texts[column], v)
	case numbers[column] != "":
		r.Decimal(numbers[column], v, "")
	case lists[column] != "":
		for _, one := range strings.FieldsFunc(v, func(c rune) bool { return c == ',' || c == ' ' }) {
			r.Set(lists[column], one)
		}
	default:
		r.Set("aws.elb."+column, v)
	}
}
