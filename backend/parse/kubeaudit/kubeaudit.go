// Package kubeaudit reads Kubernetes audit logs: events and lists of events.
//
// Stage 2 of the flow, one format of parse over parse/jsonrec. It keeps true that every member of a record stays under
// "kubernetes.audit." with the product's own names and digits, and that the sentence of a row is made of members alone: their values
// are whatever a caller sent. It judges nothing.
//
// Specification: Kubernetes API, audit.k8s.io/v1, Event.
package kubeaudit

import (
	"context"
	"embed"
	"strings"
	"sync"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
)

//go:embed tables/*.csv
var tables embed.FS

// fields is compiled once; a fault in the table is a broken build, which the package's tests find.
var fields = sync.OnceValue(func() *jsonrec.Fields {
	f, err := jsonrec.ReadFields(tables, "tables/fields.csv")
	if err != nil {
		panic("kubeaudit: embedded table: " + err.Error())
	}
	return f
})

// Name is the parser's word in receipts and event ids.
const Name = "kubeaudit"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads Kubernetes audit logs: events and lists of events.
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

func fits(v *fastjson.Value) bool {
	return strings.HasPrefix(jsonrec.TextOf(v, "apiVersion"), "audit.k8s.io/") && jsonrec.TextOf(v, "kind") == "Event"
}

func fill(r *jsonrec.Record) {
	// requestReceivedTimestamp: "Time the request reached the apiserver"; stageTimestamp: "reached current audit stage".
	if !r.AtUTC(event.Occurred, r.Text("requestReceivedTimestamp")) {
		r.AtUTC(event.Occurred, r.Text("timestamp")) // v1beta1 and before
	}
	r.AtUTC(event.Recorded, r.Text("stageTimestamp"))
	fields().Fill(r, r.Leaves(), "kubernetes.audit.")
	r.Set("event.kind", "event")
	r.Set("event.module", "kubernetes")
	r.Set("event.dataset", "kubernetes.audit_logs")
	code := r.First("responseStatus.code")
	switch {
	case code == "":
	case code[0] == '2' || code[0] == '1':
		r.Set("event.outcome", "success")
	default:
		r.Set("event.outcome", "failure")
	}
	who := r.First("impersonatedUser.username", "user.username")
	if who == "" {
		who = "someone"
	}
	message := who + " " + r.Text("verb")
	if what := r.First("objectRef.resource"); what != "" {
		message += " " + what
		if sub := r.First("objectRef.subresource"); sub != "" {
			message += "/" + sub
		}
		if ns := r.First("objectRef.namespace"); ns != "" {
			message += " in " + ns
		}
		if name := r.First("objectRef.name"); name != "" {
			message += ": " + name
		}
	} else {
		message += " " + r.Text("requestURI")
	}
	if from := r.Value.GetArray("sourceIPs"); len(from) > 0 {
		message += " from " + jsonrec.TextOf(from[0])
	}
	if code != "" {
		message += " (" + code + ")"
	}
	r.Set("message", message)
}
