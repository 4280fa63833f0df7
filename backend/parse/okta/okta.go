// Package okta reads Okta system logs.
//
// Stage 2 of the flow, one format of parse over parse/jsonrec. It keeps true that every member of a record stays under
// "okta." with the product's own names and digits, and that the sentence of a row is made of members alone: their values
// are whatever a caller sent. It judges nothing.
//
// Specification: Okta API, System Log, LogEvent object.
package okta

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
		panic("okta: embedded table: " + err.Error())
	}
	return f
})

// Name is the parser's word in receipts and event ids.
const Name = "okta"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads Okta system logs.
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
	return jsonrec.IsText(v, "eventType") && jsonrec.IsText(v, "published") && v.Exists("actor") && (jsonrec.IsText(v, "uuid") || jsonrec.IsText(v, "displayMessage"))
}

func fill(r *jsonrec.Record) {
	r.AtUTC(event.Occurred, r.Text("published"))
	fields().Fill(r, r.Leaves(), "okta.")
	r.Set("event.kind", "event")
	r.Set("event.module", "okta")
	r.Set("event.dataset", "okta.system")
	switch result := strings.ToLower(r.First("outcome.result")); result {
	case "success", "allow":
		r.Set("event.outcome", "success")
	case "failure", "deny":
		r.Set("event.outcome", "failure")
	case "":
	default:
		r.Set("event.outcome", "unknown")
	}
	who := r.First("actor.alternateId", "actor.displayName", "actor.id")
	if who == "" {
		who = "someone"
	}
	message := who + ": " + r.First("displayMessage", "eventType")
	for _, t := range r.Value.GetArray("target") {
		if name := jsonrec.TextOf(t, "alternateId"); name != "" && name != "unknown" {
			message += " on " + name
			break
		}
	}
	if from := r.First("client.ipAddress"); from != "" {
		message += " from " + from
	}
	if result := r.First("outcome.result"); result != "" {
		message += " (" + result
		if why := r.First("outcome.reason"); why != "" {
			message += ", " + why
		}
		message += ")"
	}
	r.Set("message", message)
}
