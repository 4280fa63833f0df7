package haproxy

import (
	"strings"

	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/weblog"
)

type kind uint8

const (
	kindConnect kind = iota // Connect from a to b (frontend/MODE)
	kindHTTP
	kindTCP
	kindError // address [date] frontend/bind: text
)

// entry is the message of one line taken apart, as text.
type entry struct {
	kind                      kind
	client, date              string
	frontend, backend, server string
	bind                      string
	timers                    [5]string
	status, bytes             string
	cookies                   [2]string // request, response
	state                     string
	connections               [5]string // process, frontend, backend, server, retries
	queues                    [2]string // server, backend
	requestHeaders, responses string    // in braces
	request                   string
	rest                      string // HTTPS errors and TLS, custom fields
	text                      string // of an error
	to, mode                  string // of the default form
	whole                     string
}

func (l *entry) parse(s string) bool {
	l.whole = s
	if rest, ok := strings.CutPrefix(s, "Connect from "); ok {
		var found bool
		l.client, rest, found = strings.Cut(rest, " to ")
		l.to, rest, _ = strings.Cut(rest, " ")
		rest, ok = strings.CutSuffix(strings.TrimPrefix(rest, "("), ")")
		i := strings.LastIndexByte(rest, '/')
		if !found || !ok || i < 0 {
			return false
		}
		l.frontend, l.mode = rest[:i], rest[i+1:]
		return true
	}
	var rest string
	var found bool
	if l.client, rest, found = strings.Cut(s, " ["); !found || strings.IndexByte(l.client, ' ') >= 0 || !weblog.IsClock(rest) {
		return false
	}
	if l.date, rest, found = strings.Cut(rest, "] "); !found {
		return false
	}
	if l.frontend, rest, found = strings.Cut(rest, " "); !found {
		return false
	}
	if name, ok := strings.CutSuffix(l.frontend, ":"); ok {
		l.frontend, l.bind, _ = strings.Cut(name, "/")
		l.kind, l.text = kindError, rest
		return true
	}
	f := strings.SplitN(rest, " ", 5)
	if len(f) < 4 {
		return false
	}
	if l.backend, l.server, found = strings.Cut(f[0], "/"); !found {
		return false
	}
	switch cut(l.timers[:], f[1]) {
	case 5:
		return l.http(rest[len(f[0])+len(f[1])+2:])
	case 3:
		return l.tcp(rest[len(f[0])+len(f[1])+2:])
	}
	return false
}

// cut splits numbers at "/" and returns how many there are, 0 when one is no number ("+" and "-" may stand in front) or when
// there are more than there is room for.
func cut(out []string, s string) int {
	for n := 0; ; n++ {
		v, rest, more := strings.Cut(s, "/")
		d := strings.TrimLeft(v, "+-")
		if n == len(out) || d == "" || len(v)-len(d) > 1 || strings.Trim(d, "0123456789") != "" {
			return 0
		}
		out[n] = strings.TrimPrefix(v, "+")
		if !more {
			return n + 1
		}
		s = rest
	}
}

// http: status bytes cookie cookie state connections queues {headers} {headers} "request" rest.
func (l *entry) http(s string) bool {
	l.kind = kindHTTP
	f := strings.SplitN(s, " ", 8)
	if len(f) < 7 || cut(l.connections[:], f[5]) != 5 || cut(l.queues[:], f[6]) != 2 || len(f[4]) != 4 {
		return false
	}
	l.status, l.bytes, l.cookies, l.state = f[0], strings.TrimPrefix(f[1], "+"), [2]string{f[2], f[3]}, f[4]
	if weblog.Outcome(l.status) == "" && l.status != "-1" && l.status != "0" {
		return false
	}
	if len(f) < 8 {
		return true
	}
	rest := f[7]
	for i := 0; i < 2 && strings.HasPrefix(rest, "{"); i++ {
		h, after, ok := strings.Cut(rest[1:], "} ")
		if !ok {
			break
		}
		rest = after
		if i == 0 {
			l.requestHeaders = h
		} else {
			l.responses = h
		}
	}
	if !strings.HasPrefix(rest, `"`) {
		l.rest = rest
		return true
	}
	end := strings.LastIndexByte(rest, '"')
	if end == 0 { // a long request is cut off with its quote
		l.request = rest[1:]
		return true
	}
	l.request, l.rest = rest[1:end], strings.TrimLeft(rest[end+1:], " ")
	return true
}

// tcp: bytes state connections queues rest.
func (l *entry) tcp(s string) bool {
	l.kind = kindTCP
	f := strings.SplitN(s, " ", 5)
	if len(f) < 4 || len(f[1]) != 2 || cut(l.connections[:], f[2]) != 5 || cut(l.queues[:], f[3]) != 2 {
		return false
	}
	l.bytes, l.state = strings.TrimPrefix(f[0], "+"), f[1]
	if len(f) == 5 {
		l.rest = f[4]
	}
	return true
}

func (l *entry) fill(r *linelog.Record) {
	host, port := linelog.HostPort(l.client)
	r.Endpoint(linelog.Source, host, port)
	r.Set("haproxy.frontend_name", l.frontend)
	switch l.kind {
	case kindConnect:
		l.connect(r)
	case kindError:
		r.Keep("event.category", "network")
		r.Keep("event.outcome", "failure")
		r.Keep("event.type", "error")
		r.Set("haproxy.bind_name", l.bind)
		r.Set("haproxy.error_message", l.text)
		r.Keep("message", host+" to "+l.frontend+": "+l.text)
	default:
		l.session(r)
	}
}

func (l *entry) connect(r *linelog.Record) {
	host, port := linelog.HostPort(l.to)
	r.Endpoint(linelog.Destination, host, port)
	r.Keep("event.category", "web")
	r.Keep("event.category", "network")
	r.Keep("event.type", "connection")
	r.Set("haproxy.mode", l.mode)
	r.Keep("message", l.whole)
}

var timerNames = [5]string{"haproxy.http.request.time_wait_ms", "haproxy.total_waiting_time_ms", "haproxy.connection_wait_time_ms",
	"haproxy.http.request.time_wait_without_data_ms", "haproxy.total_time_ms"}

var connectionNames = [5]string{"haproxy.connections.active", "haproxy.connections.frontend", "haproxy.connections.backend",
	"haproxy.connections.server", "haproxy.connections.retries"}

// session fills what the HTTP and TCP forms share, and what the HTTP form has besides.
func (l *entry) session(r *linelog.Record) {
	r.Set("haproxy.backend_name", l.backend)
	r.Set("haproxy.server_name", l.server)
	r.Set("haproxy.termination_state", l.state)
	r.Set("haproxy.further", l.rest)
	for i, name := range connectionNames {
		r.Number(name, l.connections[i], "")
	}
	r.Number("haproxy.server_queue", l.queues[0], "")
	r.Number("haproxy.backend_queue", l.queues[1], "")
	r.Number("haproxy.bytes_read", l.bytes, "")
	total := l.timers[4]
	if l.kind == kindTCP {
		total = l.timers[2]
		for i, name := range [3]string{timerNames[1], timerNames[2], timerNames[4]} {
			r.Number(name, l.timers[i], "")
		}
		r.Keep("event.category", "network")
		r.Keep("event.type", "connection")
		r.Keep("message", l.client+" to "+l.frontend+", served by "+l.backend+"/"+l.server+", "+l.bytes+" bytes, state "+l.state)
	} else {
		for i, name := range timerNames {
			r.Number(name, l.timers[i], "")
		}
		l.requestLine(r)
	}
	switch {
	case total == "0":
		r.Number("event.duration", "0", "")
	case !strings.HasPrefix(total, "-"):
		r.Number("event.duration", total+"000000", "")
	}
}

func (l *entry) requestLine(r *linelog.Record) {
	r.Keep("event.category", "web")
	r.Set("event.outcome", weblog.Outcome(l.status))
	r.Number("http.response.status_code", l.status, "")
	r.Number("http.response.bytes", l.bytes, "")
	r.Set("haproxy.http.request.captured_cookie", l.cookies[0])
	r.Set("haproxy.http.response.captured_cookie", l.cookies[1])
	for _, h := range strings.Split(l.requestHeaders, "|") {
		r.Set("haproxy.http.request.captured_headers", h)
	}
	for _, h := range strings.Split(l.responses, "|") {
		r.Set("haproxy.http.response.captured_headers", h)
	}
	r.Set("haproxy.http.request.raw_request_line", l.request)
	method, target, version := weblog.SplitRequest(l.request)
	r.Set("http.request.method", method)
	r.Set("http.version", version)
	weblog.URL(r, target)
	host, _ := linelog.HostPort(l.client)
	r.Keep("message", weblog.Message(host, method, target, l.request, l.status))
}
