// Package haproxy reads HAProxy's logs: the HTTP, HTTPS and TCP forms, connection errors, the default form ("Connect from"), and the
// notices about servers and proxies, behind a syslog head or bare as containers write them.
//
// Stage 2 of the flow, one format of parse. It keeps true that a line is an event or a counted skip, that the moment of the request
// (the accept date) is the primary time and the one that syslog wrote is the time of recording, and that captured headers and the
// request stay as the visitor sent them.
//
// Specification: HAProxy Configuration Manual §8.2 (log formats), §8.5 (session state at disconnection).
package haproxy

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/devicehead"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/weblog"
	"adjutant/backend/parse/yearless"
)

// Name is the parser's word in receipts and event ids.
const Name = "haproxy"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not an HAProxy line"

// Format reads HAProxy logs.
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
		text, message, marked := split(string(line))
		if marked {
			return devicehead.Parse(text).Dated()
		}
		var l entry
		return l.parse(message) && l.kind != kindError
	}, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "an HAProxy line", Read: read,
		Yearless: func(line []byte) (yearless.Civil, bool) {
			text, _, _ := split(string(line))
			return devicehead.Parse(text).Yearless()
		}}, emit)
}

// split finds the daemon's name and cuts the head off.
func split(s string) (head, message string, marked bool) {
	i := strings.Index(s, "haproxy[")
	if i < 0 || i > 160 || i > 0 && s[i-1] != ' ' && s[i-1] != '>' {
		return "", s, false
	}
	end := strings.Index(s[i:], "]: ")
	if end < 0 || end > 32 {
		return "", s, false
	}
	return s[:i+end+2], s[i+end+3:], true
}

func read(r *linelog.Record) string {
	text, message, marked := split(r.Text)
	var l entry
	known := l.parse(message)
	if !marked && (!known || l.kind == kindError) {
		return reasonForm
	}
	head := devicehead.Parse(text)
	if l.date != "" {
		t, err := weblog.At(r.Times, l.date)
		if err != nil {
			return linelog.ReasonTime
		}
		r.Time(t)
		if head.Recorded(r) != nil {
			return linelog.ReasonTime
		}
	} else if head.Times(r) != nil {
		return linelog.ReasonTime
	}
	r.Keep("event.kind", "event")
	r.Keep("event.module", "haproxy")
	r.Keep("event.dataset", "haproxy.log")
	head.Fields(r)
	if !known {
		notice(r, message)
		return ""
	}
	l.fill(r)
	return ""
}

// notice keeps what HAProxy says about itself and its servers.
func notice(r *linelog.Record, message string) {
	r.Keep("message", message)
	lower := strings.ToLower(message)
	switch {
	case strings.HasPrefix(message, "Server ") && strings.Contains(message, " is DOWN"), strings.Contains(lower, "has no server available"):
		r.Keep("event.action", "server-down")
	case strings.HasPrefix(message, "Server ") && strings.Contains(message, " is UP"):
		r.Keep("event.action", "server-up")
	case strings.HasPrefix(message, "Proxy ") && strings.Contains(message, " started"):
		r.Keep("event.action", "proxy-started")
	case strings.Contains(lower, "stopp"):
		r.Keep("event.action", "proxy-stopped")
	default:
		return
	}
	if f := strings.Fields(message); len(f) > 1 {
		name, server, found := strings.Cut(f[1], "/")
		if found {
			r.Set("haproxy.server_name", server)
		}
		r.Set("haproxy.backend_name", name)
	}
}
