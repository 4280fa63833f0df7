// Package access reads web server access logs: the common and combined forms of Apache and Nginx, with a virtual host or a
// list of forwarding addresses in front and with further fields behind, Apache's SSL request log, and what the ingress
// controller of Nginx and Traefik add to the combined form.
//
// Stage 2 of the flow, one format of parse. It keeps true that every line is an event or a counted skip, that the zone is
// the one that the line states, and that what a visitor sent (URL, referrer, user agent) is kept as it stands, escapes
// included: it is hostile text. What a further field means the line does not say (%D, %T and %I all write a number), so those
// of no known form stay in order under access.extra.
//
// Specifications: Apache mod_log_config, "Custom Log Formats"; Nginx ngx_http_log_module, "combined"; ingress-nginx, "Log
// format"; Traefik, "Access logs", CLF.
package access

import (
	"context"
	"net/netip"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/weblog"
)

// Name is the parser's word in receipts and event ids.
const Name = "access"

// version changes whenever the same bytes give other events.
const version = "2"

const (
	reasonForm = "not an access log line"
	warnOpen   = "a quoted text does not end within the line; what is there is kept"
)

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
	return linelog.Score(head, 90, func(line []byte) bool { return new(entry).parse(string(line)) }, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a web access log line", Read: read}, emit)
}

func read(r *linelog.Record) string {
	var a entry
	if !a.parse(r.Text) {
		return reasonForm
	}
	t, err := weblog.At(r.Times, a.time)
	if err != nil {
		return reasonForm
	}
	r.Time(t)
	if a.open {
		r.Warn(warnOpen)
	}
	a.fill(r)
	return ""
}

// fill maps an entry to ECS, almost in the order of the names, which spares the sorting. "-" and empty values are what the
// server writes for "none".
func (a *entry) fill(r *linelog.Record) {
	client := a.client()
	method, target, version := weblog.SplitRequest(a.request)
	form := a.form()
	if form == formOther {
		for _, x := range a.extra[:a.extras] {
			r.Set("access.extra", x)
		}
	}
	r.Set("access.extra", a.rest)
	if a.count > 1 {
		for _, address := range a.addresses[:a.count] {
			r.Keep("access.forwarded_for", address)
		}
	}
	r.Set("access.ident", a.ident)
	if method == "" {
		r.Set("access.request", a.request)
	}
	a.server(r)
	r.Keep("event.category", "web")
	r.Keep("event.dataset", form.dataset())
	r.Keep("event.kind", "event")
	r.Keep("event.module", form.module())
	r.Set("event.outcome", weblog.Outcome(a.status))
	r.Set("http.request.method", method)
	r.Set("http.request.referrer", a.referrer)
	r.Number("http.response.body.bytes", a.bytes, "")
	r.Number("http.response.status_code", a.status, "")
	r.Set("http.version", version)
	r.Keep("message", weblog.Message(client, method, target, dash(a.request), a.status))
	switch form {
	case formIngress:
		a.ingress(r)
	case formTraefik:
		a.traefik(r)
	}
	r.Endpoint(linelog.Source, client, "")
	r.Set("tls.cipher", a.cipher)
	if v, ok := strings.CutPrefix(a.protocol, "TLSv"); ok {
		r.Keep("tls.version", v)
		r.Keep("tls.version_protocol", "tls")
	} else {
		r.Set("tls.version_protocol", strings.ToLower(a.protocol))
	}
	weblog.URL(r, target)
	r.Set("user.name", a.user)
	r.Set("user_agent.original", a.agent)
}

// client is the address that stands for the visitor: the first public one of several, else the first.
func (a *entry) client() string {
	if a.count == 1 {
		return a.addresses[0]
	}
	for _, s := range a.addresses[:a.count] {
		if ip, err := netip.ParseAddr(s); err == nil && !ip.IsPrivate() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() {
			return s
		}
	}
	return a.addresses[0]
}

// server sets the virtual host in front of a line.
func (a *entry) server(r *linelog.Record) {
	if a.host == "" {
		return
	}
	host, port := linelog.HostPort(a.host)
	if ip := linelog.IP(host); ip != "" {
		r.Keep("destination.ip", ip)
	} else {
		r.Set("destination.domain", host)
	}
	r.Number("destination.port", port, "")
	r.Set("url.domain", host)
}
