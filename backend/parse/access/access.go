// Package access reads web server access logs: the common and combined forms of Apache and Nginx, with a virtual host or a
// list of forwarding addresses in front, and Apache's SSL request log.
//
// Stage 2 of the flow, one format of parse. It keeps true that every line is an event or a counted skip, that the zone is
// the one that the line states, and that what a visitor sent (URL, referrer, user agent) is kept as it stands, escapes
// included: it is hostile text.
//
// Specifications: Apache mod_log_config, "Custom Log Formats"; Nginx ngx_http_log_module, "combined".
package access

import (
	"context"
	"net/netip"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "access"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not an access log line"

// Format reads access logs.
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
	return linelog.Score(head, 90, func(line []byte) bool { _, ok := parseEntry(string(line)); return ok }, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a web access log line", Read: read}, emit)
}

func read(r *linelog.Record) string {
	entry, ok := parseEntry(r.Text)
	if !ok || r.At(event.Occurred, entry.time) != nil {
		return reasonForm
	}
	entry.fill(r.Event)
	return ""
}

// fill maps an entry to ECS. "-" and empty values are what the server writes for "none".
func (a *entry) fill(e *event.Event) {
	text := func(name, v string) {
		if v != "-" {
			e.Set(name, event.KindString, v)
		}
	}
	text("event.kind", "event")
	text("event.category", "web")
	text("event.module", "web")
	text("event.dataset", "web.access")
	a.endpoints(e, text)
	text("user.name", a.user)
	text("access.ident", a.ident)
	method, target, version := splitRequest(a.request)
	if method == "" {
		text("access.request", a.request)
	}
	text("http.request.method", method)
	text("http.version", version)
	if target != "" {
		text("url.original", target)
		path, query, _ := strings.Cut(target, "?")
		text("url.path", path)
		text("url.query", query)
	}
	if _, err := strconv.ParseUint(a.bytes, 10, 63); err == nil {
		e.Set("http.response.body.bytes", event.KindNumber, number(a.bytes))
	}
	if code, err := strconv.Atoi(a.status); err == nil {
		e.Set("http.response.status_code", event.KindNumber, strconv.Itoa(code))
		outcome := "success"
		if code >= 400 {
			outcome = "failure"
		}
		text("event.outcome", outcome)
	}
	text("http.request.referrer", a.referrer)
	text("user_agent.original", a.agent)
	for _, x := range a.extra {
		text("access.extra", x)
	}
	text("tls.cipher", a.cipher)
	if v, ok := strings.CutPrefix(a.protocol, "TLSv"); ok {
		text("tls.version", v)
		text("tls.version_protocol", "tls")
	} else {
		text("tls.version_protocol", strings.ToLower(a.protocol))
	}
	text("message", a.message(method, target))
}

// number drops leading zeros, which JSON numbers may not have.
func number(digits string) string {
	s := strings.TrimLeft(digits, "0")
	if s == "" {
		return "0"
	}
	return s
}

func (a *entry) message(method, target string) string {
	parts := []string{a.client()}
	if method != "" {
		parts = append(parts, method, target)
	} else if a.request != "" {
		parts = append(parts, a.request)
	}
	if a.status != "" {
		parts = append(parts, a.status)
	}
	return strings.Join(parts, " ")
}

// client is the address that stands for the visitor: the first public one of several, else the first.
func (a *entry) client() string {
	for _, s := range a.addresses {
		if ip, err := netip.ParseAddr(s); err == nil && !ip.IsPrivate() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() {
			return s
		}
	}
	return a.addresses[0]
}

func (a *entry) endpoints(e *event.Event, text func(name, v string)) {
	client := a.client()
	text("source.address", client)
	if ip, err := netip.ParseAddr(client); err == nil {
		text("source.ip", printed(client, ip))
	} else {
		text("source.domain", client)
	}
	if len(a.addresses) > 1 {
		e.Set("access.forwarded_for", event.KindString, a.addresses...)
	}
	if a.host == "" {
		return
	}
	host, port := a.host, ""
	if i := strings.LastIndexByte(host, ':'); i > 0 && strings.Count(host, ":") == 1 {
		if _, err := strconv.ParseUint(host[i+1:], 10, 16); err == nil {
			host, port = host[:i], host[i+1:]
		}
	}
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		text("destination.ip", ip.String())
	} else {
		text("destination.domain", host)
	}
	if port != "" {
		e.Set("destination.port", event.KindNumber, number(port))
	}
	text("url.domain", host)
}

// printed keeps an address as it stands, except that an IPv4 address in IPv6 clothing loses them.
func printed(s string, ip netip.Addr) string {
	if ip.Is4In6() {
		return ip.Unmap().String()
	}
	return s
}
