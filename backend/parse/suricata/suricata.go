// Package suricata reads the EVE JSON of Suricata: alerts, flows, protocol transactions, files, anomalies and statistics.
//
// Stage 2 of the flow, one format of parse. It keeps true that every value of a record is a field (under its ECS name where ECS has
// one, else as suricata.eve.<its own dotted name>), and that a kind of event that is not known is kept like the others, with a sentence
// of its ends. Alerts in the one-line form (fast.log) are read by package snort, whose form it is.
//
// Specification: Suricata User Guide, "Eve JSON Format" (8.0).
package suricata

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
const Name = "suricata"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads EVE JSON.
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

// fits: a time, a kind of event, and the mark of a flow, an interface or the kind's own object, which other products do not write.
func fits(v *fastjson.Value) bool {
	kind := string(v.GetStringBytes("event_type"))
	if kind == "" || len(kind) > 40 || !jsonrec.IsText(v, "timestamp") {
		return false
	}
	return v.Exists("flow_id") || v.Exists("in_iface") || v.Exists("pcap_cnt") || v.Exists("src_ip") && v.Exists("dest_ip") && v.Exists("proto") || kind == "stats" && v.Exists("stats")
}

func fill(r *jsonrec.Record) {
	kind := jsonrec.TextOf(r.Value, "event_type")
	dated := r.At(event.Occurred, r.Text("timestamp"))
	k := knowledge()
	about := k.kinds[kind]
	switch kind {
	case "alert":
		r.Set("event.kind", "alert")
	case "stats":
		r.Set("event.kind", "metric")
	default:
		r.Set("event.kind", "event")
	}
	r.Set("event.module", "suricata")
	r.Set("event.dataset", "suricata.eve")
	for _, c := range about.categories {
		r.Set("event.category", c)
	}
	r.Set("event.type", about.kind)
	for _, l := range r.Leaves() {
		if !dated || l.Name != "timestamp" {
			k.set(r, kind, l)
		}
	}
	r.Set("message", k.message(kind, r.Value))
}

// set puts a leaf where ECS has a place for it, else under its own name.
func (k *known) set(r *jsonrec.Record, kind string, l jsonrec.Leaf) {
	t, ok := k.fields[l.Name]
	if !ok {
		r.Event.Set("suricata.eve."+l.Name, l.Kind, l.Value)
		return
	}
	switch t.how {
	case "text":
		r.Event.Set(t.field, l.Kind, l.Value)
	case "end":
		r.Set(t.field+".address", l.Value)
		if ip := linelog.IP(l.Value); ip != "" {
			r.Set(t.field+".ip", ip)
		}
	case "lower":
		r.Set(t.field, strings.ToLower(l.Value))
	case "url":
		weblog.URL(weblog.Event{Event: r.Event}, l.Value)
	case "status":
		r.Number(t.field, l.Value)
		if kind == "http" { // an alert has an outcome of its own
			r.Set("event.outcome", weblog.Outcome(l.Value))
		}
	case "blocked":
		r.Set("event.outcome", map[string]string{"allowed": "success", "blocked": "failure"}[l.Value])
		r.Set(t.field, l.Value)
	case "started", "ended":
		meaning := event.Started
		if t.how == "ended" {
			meaning = event.Ended
		}
		if kind == "flow" || kind == "netflow" { // other kinds carry the flow's start along, which is not theirs
			r.At(meaning, l.Value)
		}
		r.Set(t.field, l.Value)
	}
}
