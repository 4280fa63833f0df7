// Package nginx reads the error log of Nginx. Its access log has the form that package access reads.
//
// Stage 2 of the flow, one format of parse. It keeps true that a line that begins with a time is an event, that any other line (what
// a FastCGI program wrote) belongs to the event before it, and that the zone, which the log does not state, is said to be assumed.
//
// Specification: Nginx, ngx_log_error_core and ngx_http_log_error (src/core/ngx_log.c, src/http/ngx_http_request.c): "time [level]
// pid#tid: *connection message, client: …, server: …, request: …, upstream: …, host: …, referrer: …".
package nginx

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/weblog"
)

// Name is the parser's word in receipts and event ids.
const Name = "nginx"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of an Nginx error log"

// Format reads Nginx error logs.
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
	return linelog.Score(head, 95, func(line []byte) bool {
		var l entry
		return l.parse(string(line)) && levels[l.level]
	}, continues, nil)
}

var levels = map[string]bool{"emerg": true, "alert": true, "crit": true, "error": true, "warn": true, "notice": true, "info": true, "debug": true}

// continues says that a line belongs to the record before it.
func continues(line []byte) bool { return !isStart(line) }

// isStart says that a line begins with "2006/01/02 15:04:05 [".
func isStart(b []byte) bool {
	if len(b) < 22 {
		return false
	}
	for i, c := range []byte("dddd/dd/dd dd:dd:dd [") {
		if c == 'd' && (b[i] < '0' || b[i] > '9') || c != 'd' && b[i] != c {
			return false
		}
	}
	return true
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of an Nginx error log", Continues: continues, Read: read}, emit)
}

// entry is one record taken apart, as text.
type entry struct{ time, level, pid, tid, connection, message string }

func (l *entry) parse(s string) bool {
	if !isStart([]byte(s[:min(len(s), 32)])) {
		return false
	}
	l.time = s[:19]
	var ok bool
	if l.level, s, ok = strings.Cut(s[21:], "] "); !ok {
		return false
	}
	ids, rest, ok := strings.Cut(s, ": ")
	if l.pid, l.tid, ok = strings.Cut(ids, "#"); !ok || l.pid == "" || strings.Trim(l.pid+l.tid, "0123456789") != "" {
		return false
	}
	l.message = rest
	if c, after, ok := strings.Cut(rest, " "); ok && len(c) > 1 && c[0] == '*' && strings.Trim(c[1:], "0123456789") == "" {
		l.connection, l.message = c[1:], after
	}
	return true
}

// tail names what stands behind the message, in this order.
var tail = []string{"client", "server", "request", "subrequest", "upstream", "host", "referrer"}

func read(r *linelog.Record) string {
	var l entry
	if !l.parse(r.Text) {
		return reasonForm
	}
	if r.At(event.Occurred, l.time) != nil {
		return linelog.ReasonTime
	}
	r.Keep("event.category", "web")
	r.Keep("event.dataset", "nginx.error")
	r.Keep("event.kind", "event")
	r.Keep("event.module", "nginx")
	switch l.level {
	case "emerg", "alert", "crit", "error":
		r.Keep("event.type", "error")
	default:
		r.Keep("event.type", "info")
	}
	r.Set("log.level", l.level)
	r.Keep("message", l.message)
	r.Number("nginx.error.connection_id", l.connection, "")
	r.Number("process.pid", l.pid, "")
	r.Number("process.thread.id", l.tid, "")
	rest := l.message
	if i := strings.LastIndex(rest, ", client: "); i >= 0 {
		rest = rest[i:]
		for _, name := range tail {
			after, ok := strings.CutPrefix(rest, ", "+name+": ")
			if !ok {
				continue
			}
			var value string
			value, rest = quoted(after)
			set(r, name, value)
		}
	}
	return ""
}

// quoted takes a value, quoted or to the next comma, from the front of s.
func quoted(s string) (value, rest string) {
	if strings.HasPrefix(s, `"`) {
		end := strings.Index(s[1:], `", `) // quotes inside are not marked
		if end < 0 {
			return strings.TrimSuffix(s[1:], `"`), ""
		}
		return s[1 : 1+end], s[2+end:]
	}
	end := strings.Index(s, ", ")
	if end < 0 {
		return s, ""
	}
	return s[:end], s[end:]
}

func set(r *linelog.Record, name, value string) {
	switch name {
	case "client":
		host, port := linelog.HostPort(value)
		r.Endpoint(linelog.Source, host, port)
	case "host":
		host, port := linelog.HostPort(value)
		r.Set("url.domain", host)
		r.Number("url.port", port, "")
	case "referrer":
		r.Set("http.request.referrer", value)
	case "request":
		method, target, version := weblog.SplitRequest(value)
		r.Set("http.request.method", method)
		r.Set("http.version", version)
		weblog.URL(r, target)
		if method == "" {
			r.Set("nginx.error.request", value)
		}
	default:
		r.Set("nginx.error."+name, value)
	}
}
