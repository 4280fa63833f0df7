// Package elb reads the access logs of AWS load balancers: classic, application and network (TLS listeners).
//
// Stage 2 of the flow, one format of parse. It keeps true that a line is an event or a counted skip, that the moment of the answer is the
// primary time and the arrival of the request the time of starting, and that what a visitor sent is kept as it stands. Times are UTC, as
// AWS writes them.
//
// Specifications: AWS, "Access logs for your Classic / Application / Network Load Balancer", access log entries. Fields that AWS adds
// behind the known ones are kept under aws.elb.further.
package elb

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "elb"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of an AWS load balancer"

// Format reads AWS load balancer access logs.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

// Detect implements parse.Format.
func (Format) Detect(head []byte, _ string) int {
	return linelog.Score(head, 96, func(line []byte) bool {
		f, n := cut(string(line))
		return kindOf(f[:n]) != nil
	}, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of an AWS load balancer", Read: read}, emit)
}

// maxFields bounds one line: more than AWS writes today, with room for what it may add.
const maxFields = 48

// cut splits a line at spaces outside of quotes. Quotes inside a text are written as \x22; one that is not ends the text only before
// a space or the end.
func cut(s string) (f [maxFields]string, n int) {
	for s = strings.TrimLeft(s, " "); s != "" && n < maxFields; s = strings.TrimLeft(s, " ") {
		if s[0] != '"' {
			f[n], s, _ = strings.Cut(s, " ")
			n++
			continue
		}
		end := strings.Index(s[1:], `" `)
		if end < 0 {
			end = len(strings.TrimSuffix(s[1:], `"`))
		}
		f[n], s = s[1:1+end], s[min(len(s), 2+end):]
		n++
	}
	return f, n
}

// The columns of the three kinds, by the names of the documentation.
var (
	classic     = strings.Fields("time elb client:port backend:port request_processing_time backend_processing_time response_processing_time elb_status_code backend_status_code received_bytes sent_bytes request user_agent ssl_cipher ssl_protocol")
	application = strings.Fields("type time elb client:port backend:port request_processing_time backend_processing_time response_processing_time elb_status_code backend_status_code received_bytes sent_bytes request user_agent ssl_cipher ssl_protocol " +
		"target_group_arn trace_id domain_name chosen_cert_arn matched_rule_priority request_creation_time actions_executed redirect_url error_reason target:port_list target_status_code_list classification classification_reason conn_trace_id transformed_host transformed_uri request_transform_status")
	network = strings.Fields("type version time elb listener client:port backend:port connection_time tls_handshake_time received_bytes sent_bytes incoming_tls_alert chosen_cert_arn chosen_cert_serial ssl_cipher ssl_protocol tls_named_group domain_name alpn_fe_protocol alpn_be_protocol alpn_client_preference_list tls_connection_creation_time")
)

var applicationTypes = map[string]bool{"http": true, "https": true, "h2": true, "grpcs": true, "ws": true, "wss": true}

// kindOf gives the columns of a line, nil when it is none.
func kindOf(f []string) []string {
	switch {
	case len(f) >= 17 && applicationTypes[f[0]] && isTime(f[1]) && strings.Contains(f[3], ":"):
		return application
	case len(f) >= 20 && f[0] == "tls" && isTime(f[2]) && strings.Contains(f[5], ":"):
		return network
	case len(f) >= 12 && isTime(f[0]) && strings.Contains(f[2], ":") && len(f[7]) <= 3 && strings.Contains(f[11], " "):
		return classic
	}
	return nil
}

func isTime(s string) bool {
	return len(s) >= 19 && s[4] == '-' && s[7] == '-' && s[10] == 'T' && s[13] == ':' && s[16] == ':'
}
