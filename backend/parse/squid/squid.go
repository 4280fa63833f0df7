// Package squid reads the access log of the Squid proxy in its native form.
//
// Stage 2 of the flow, one format of parse. It keeps true that a line is an event or a counted skip, that the end of the request, which
// Squid logs, is the primary time, and that the address asked for is kept as it stands.
//
// Specification: Squid wiki, "Access.log", native format (logformat squid).
package squid

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/weblog"
)

// Name is the parser's word in receipts and event ids.
const Name = "squid"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of a Squid access log"

// Format reads access logs of Squid.
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
	return linelog.Score(head, 96, func(line []byte) bool { _, ok := cut(string(line)); return ok }, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of a Squid access log", Read: read}, emit)
}

// cut takes "time elapsed client code/status bytes method URL user hierarchy/peer type" apart. An address may hold spaces, and fields
// may be added behind.
func cut(s string) (f []string, ok bool) {
	f = strings.Fields(s)
	if len(f) < 10 {
		return nil, false
	}
	whole, fraction, point := strings.Cut(f[0], ".")
	code, status, slash := strings.Cut(f[3], "/")
	if !point || len(whole) != 10 || len(fraction) != 3 || !digits(whole) || !digits(strings.TrimPrefix(f[1], "-")) || !slash || code == "" || !digits(status) || !digits(f[4]) {
		return nil, false
	}
	// Where the address has spaces, the hierarchy is found by its name.
	for i := 8; i < len(f)-1; i++ {
		if strings.Contains(f[i], "/") && hierarchy(f[i]) {
			if i > 8 {
				f[6] = strings.Join(f[6:i-1], " ")
				f = append(f[:7:7], f[i-1:]...)
			}
			return f, true
		}
	}
	return nil, false
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// hierarchy says that a word is "HIER_DIRECT/1.2.3.4", "NONE/-", "TIMEOUT_…", "DIRECT/…": capitals before the slash.
func hierarchy(s string) bool {
	name, _, _ := strings.Cut(s, "/")
	return name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == ""
}

func read(r *linelog.Record) string {
	f, ok := cut(r.Text)
	if !ok {
		return reasonForm
	}
	if r.At(event.Occurred, f[0]) != nil {
		return linelog.ReasonTime
	}
	code, status, _ := strings.Cut(f[3], "/")
	peer, address, _ := strings.Cut(f[8], "/")
	r.Keep("event.action", strings.ToLower(code))
	r.Keep("event.category", "web")
	r.Keep("event.category", "network")
	r.Keep("event.dataset", "squid.access")
	if f[1] == "0" || f[1][0] == '-' {
		r.Number("squid.elapsed_ms", f[1], "")
	} else {
		r.Number("event.duration", f[1]+"000000", "")
	}
	r.Keep("event.kind", "event")
	r.Keep("event.module", "squid")
	outcome := weblog.Outcome(status)
	if strings.Contains(code, "DENIED") {
		outcome = "failure"
		r.Keep("event.type", "denied")
	} else {
		r.Keep("event.type", "access")
	}
	r.Set("event.outcome", outcome)
	r.Set("http.request.method", f[5])
	r.Number("http.response.bytes", f[4], "")
	if status != "000" {
		r.Number("http.response.status_code", status, "")
	}
	r.Set("http.response.mime_type", f[9])
	for _, x := range f[10:] {
		r.Set("squid.further", x)
	}
	r.Set("squid.hierarchy", peer)
	r.Set("squid.result", code)
	r.Endpoint(linelog.Source, f[2], "")
	r.Endpoint(linelog.Destination, address, "")
	if f[5] == "CONNECT" {
		host, port := linelog.HostPort(f[6])
		r.Set("url.domain", host)
		r.Set("url.original", f[6])
		r.Number("url.port", port, "")
	} else {
		weblog.URL(r, f[6])
	}
	r.Set("user.name", f[7])
	r.Keep("message", weblog.Message(f[2], f[5], f[6], "", status)+" "+code)
	return ""
}
