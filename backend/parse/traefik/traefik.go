// Package traefik reads the access log of Traefik in its JSON form. Its CLF form is read by package access.
//
// Stage 2 of the flow, one format of parse. It keeps true that every value of a record is a field, and that the start of the request is
// the primary time and the time of writing is kept beside it.
//
// Specification: Traefik, "Access Logs", available fields (v2 and v3).
package traefik

import (
	"context"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/weblog"
)

// Name is the parser's word in receipts and event ids.
const Name = "traefik"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads Traefik access logs in JSON.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

var shape = jsonrec.Shape{Name: Name, Version: version, Fits: fits, Fill: fill}

// Detect implements parse.Format.
func (Format) Detect(head []byte, name string) int { return shape.Detect(head, name) }

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return jsonrec.Parse(ctx, in, shape, emit)
}

// fits: names that no other product writes together.
func fits(v *fastjson.Value) bool {
	n := 0
	for _, name := range []string{"DownstreamStatus", "RequestPath", "RequestMethod", "ClientHost", "RouterName", "StartUTC", "entryPointName", "OriginStatus"} {
		if v.Exists(name) {
			n++
		}
	}
	return n >= 4
}

// fields say where a value goes; others stay under traefik.access.
var fields = map[string]string{"DownstreamStatus": "http.response.status_code", "DownstreamContentSize": "http.response.body.bytes", "RequestContentSize": "http.request.body.bytes",
	"Duration": "event.duration", "RequestMethod": "http.request.method", "ClientUsername": "user.name", "RequestHost": "url.domain", "RequestPort": "url.port",
	"RequestScheme": "url.scheme", "request_User-Agent": "user_agent.original", "request_Referer": "http.request.referrer", "TLSCipher": "tls.cipher", "TLSVersion": "tls.version",
	"RouterName": "traefik.access.frontend_name", "ServiceURL": "traefik.access.backend_url", "RequestCount": "traefik.access.request_count", "level": "log.level"}

func fill(r *jsonrec.Record) {
	started := r.At(event.Occurred, r.Text("StartUTC")) || r.At(event.Occurred, r.Text("StartLocal"))
	if started {
		r.At(event.Recorded, r.Text("time"))
	} else {
		r.At(event.Occurred, r.Text("time"))
	}
	r.Set("event.category", "web")
	r.Set("event.dataset", "traefik.access")
	r.Set("event.kind", "event")
	r.Set("event.module", "traefik")
	status := r.Text("DownstreamStatus")
	r.Set("event.outcome", weblog.Outcome(status))
	to := weblog.Event{Event: r.Event}
	for _, l := range r.Leaves() {
		switch name := fields[l.Name]; {
		case l.Value == "-":
		case l.Name == "ClientHost", l.Name == "ClientPort", l.Name == "ClientAddr" && r.Text("ClientHost") != "", l.Name == "RequestPath":
		case l.Name == "RequestProtocol":
			r.Set("http.version", strings.TrimPrefix(l.Value, "HTTP/"))
		case name == "url.port":
			to.Number(name, l.Value, "")
		case name != "":
			r.Event.Set(name, l.Kind, l.Value)
		default:
			r.Event.Set("traefik.access."+l.Name, l.Kind, l.Value)
		}
	}
	weblog.URL(to, r.Text("RequestPath"))
	client := r.Text("ClientHost")
	if client == "" {
		client, _ = linelog.HostPort(r.Text("ClientAddr"))
	}
	r.Set("source.address", client)
	r.Set("source.ip", linelog.IP(client))
	to.Number("source.port", r.Text("ClientPort"), "")
	r.Set("message", weblog.Message(client, r.Text("RequestMethod"), r.Text("RequestPath"), "", status))
}
