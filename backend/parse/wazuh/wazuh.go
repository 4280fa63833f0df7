// Package wazuh reads the alerts of Wazuh (alerts.json, archives.json, and exports of its index): a decoded log line or Windows
// event with the rule that it fired.
//
// Stage 2 of the flow, one format of parse. It keeps true that rule, agent and decoded values are kept under ECS names or
// wazuh.X, that the time of the event and the time at which the manager saw it are told apart, and that Windows events are
// mapped like those of a log. It judges nothing.
//
// Specification: Wazuh 4 documentation, "Alert format" and the field list of its index template.
package wazuh

import (
	"context"
	"net/netip"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/winrecord"
)

// Name is the parser's word in receipts and event ids.
const Name = "wazuh"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads Wazuh's alerts.
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
func (Format) Detect(head []byte, name string) int { return shape.Detect(head, name) }

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return jsonrec.Parse(ctx, in, shape, emit)
}

var shape = jsonrec.Shape{Name: Name, Version: version, Fits: fits, Fill: fill}

func fits(v *fastjson.Value) bool {
	if s := v.Get("_source"); s != nil && s.Type() == fastjson.TypeObject {
		v = s
	}
	return jsonrec.IsText(v, "timestamp") && v.Exists("agent", "id") && (v.Exists("rule", "level") && v.Exists("rule", "description") || v.Exists("decoder") && v.Exists("manager", "name")) &&
		(v.Exists("manager", "name") || v.Exists("location") || v.Exists("decoder"))
}

// names are members with a word in ECS; the others stay under wazuh.
var names = map[string]string{"rule.description": "rule.name", "rule.id": "rule.id", "rule.level": "event.severity", "rule.groups": "rule.category", "rule.mitre.id": "threat.technique.id",
	"rule.mitre.tactic": "threat.tactic.name", "rule.mitre.technique": "threat.technique.name", "agent.id": "agent.id", "agent.name": "host.name", "agent.ip": "host.ip",
	"location": "log.file.path", "full_log": "event.original", "id": "event.id", "predecoder.program_name": "process.name", "predecoder.hostname": "log.syslog.hostname",
	"data.srcip": "source.ip", "data.src_ip": "source.ip", "data.dstip": "destination.ip", "data.dst_ip": "destination.ip", "data.srcport": "source.port", "data.dstport": "destination.port",
	"data.srcuser": "user.name", "data.dstuser": "user.target.name", "data.url": "url.original", "data.protocol": "network.transport",
	"syscheck.path": "file.path", "syscheck.md5_after": "file.hash.md5", "syscheck.sha1_after": "file.hash.sha1", "syscheck.sha256_after": "file.hash.sha256", "syscheck.event": "event.action"}

func fill(r *jsonrec.Record) {
	if s := r.Value.Get("_source"); s != nil && s.Type() == fastjson.TypeObject {
		r.Value = s
	}
	v := r.Value
	windows := false
	about := ""
	if d := v.Get("data"); d != nil && winrecord.FormOf(d) == winrecord.Wazuh {
		winrecord.Fill(r, d, winrecord.Wazuh, "wazuh")
		windows = true
		for i, f := range r.Event.Fields {
			switch f.Name {
			case "message":
				about = f.Values[0]
				r.Event.Fields[i].Name = "winlog.sentence"
			case "event.module", "event.dataset", "event.kind":
				r.Event.Fields[i].Name = "wazuh." + f.Name
			}
		}
	}
	meaning := event.Occurred
	if len(r.Event.Times) > 0 {
		meaning = event.Recorded
	}
	r.At(meaning, r.Text("timestamp"))
	set := map[string]bool{}
	for _, f := range r.Event.Fields {
		set[f.Name] = true
	}
	filled := map[string]string{}
	for _, l := range r.Leaves() {
		if l.Name == "timestamp" && len(r.Event.Times) > 0 || windows && strings.HasPrefix(l.Name, "data.win.") {
			continue
		}
		field, ok := names[l.Name]
		switch by := filled[field]; {
		case !ok || set[field] || by != "" && by != l.Name:
		case strings.HasSuffix(field, ".ip"):
			if a, err := netip.ParseAddr(l.Value); err == nil && l.Value != "any" {
				filled[field] = l.Name
				r.Set(field, a.Unmap().String())
				continue
			}
		case strings.HasSuffix(field, ".port"):
			if strings.Trim(l.Value, "0123456789") == "" && len(l.Value) < 6 {
				filled[field] = l.Name
				r.Number(field, l.Value)
				continue
			}
		default:
			filled[field] = l.Name
			r.Field(field, l.Kind, l.Value)
			continue
		}
		r.Field(r.Under("wazuh.", &l), l.Kind, l.Value)
	}
	kind := "event"
	if v.Exists("rule", "level") {
		kind = "alert"
	}
	r.Set("event.kind", kind)
	r.Set("event.module", "wazuh")
	r.Set("event.dataset", "wazuh.alerts")
	message := r.Text("rule", "description")
	if message == "" {
		message = r.Text("full_log")
	}
	if host := r.Text("agent", "name"); host != "" {
		message += " on " + host
	}
	if about != "" {
		message += ": " + about
	}
	r.Set("message", message)
}
