// Package m365 reads Microsoft 365 audit records: the unified audit log as the management activity API gives it and as Search-UnifiedAuditLog exports it.
//
// Stage 2 of the flow, one format of parse over parse/jsonrec. It keeps true that every member of a record stays under
// "o365.audit." with the product's own names and digits, and that the sentence of a row is made of members alone: their values
// are whatever a caller sent. It judges nothing.
//
// Specification: Office 365 Management Activity API schema, "Common schema".
package m365

import (
	"context"
	"embed"
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
		panic("m365: embedded table: " + err.Error())
	}
	return f
})

// Name is the parser's word in receipts and event ids.
const Name = "m365"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads Microsoft 365 audit records: the unified audit log as the management activity API gives it and as Search-UnifiedAuditLog exports it.
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
	if jsonrec.IsText(v, "AuditData") {
		return true
	}
	return jsonrec.IsText(v, "CreationTime") && jsonrec.IsText(v, "Operation") && v.Exists("RecordType") && jsonrec.IsText(v, "Id")
}

func fill(r *jsonrec.Record) {
	inner := r.Value.GetStringBytes("AuditData")
	if v, ok := jsonrec.Nested(inner); ok && v.Type() == fastjson.TypeObject {
		var kept []jsonrec.Leaf
		for _, l := range r.Leaves() {
			if l.Name != "AuditData" {
				kept = append(kept, l)
			}
		}
		r.Value = v
		r.Put("o365.export.", kept)
	}
	// "The date and time in Coordinated Universal Time (UTC)", written without a zone.
	r.AtUTC(event.Occurred, r.Text("CreationTime"))
	leaves := r.Leaves()
	fields().Fill(r, leaves, "o365.audit.")
	pairs(r, "Parameters", "o365.audit.parameters.")
	pairs(r, "ExtendedProperties", "o365.audit.extended_properties.")
	r.Set("event.kind", "event")
	r.Set("event.module", "o365")
	r.Set("event.dataset", "o365.audit")
	switch status := r.Text("ResultStatus"); status {
	case "True", "Success", "Succeeded", "PartiallySucceeded":
		r.Set("event.outcome", "success")
	case "False", "Failed", "Fail", "Failure":
		r.Set("event.outcome", "failure")
	case "":
	default:
		r.Set("event.outcome", "unknown")
	}
	who := r.First("UserId", "UserKey")
	if who == "" {
		who = "someone"
	}
	message := who + ": " + r.Text("Operation")
	if w := r.Text("Workload"); w != "" {
		message += " in " + w
	}
	if o := r.Text("ObjectId"); o != "" {
		message += " on " + o
	}
	if from := r.First("ClientIP", "ClientIPAddress", "ActorIpAddress"); from != "" {
		message += " from " + from
	}
	if s := r.Text("ResultStatus"); s != "" {
		message += " (" + s + ")"
	}
	r.Set("message", message)
}

// pairs makes fields of a list of {"Name":…,"Value":…}, so that one can ask for a parameter by its name.
func pairs(r *jsonrec.Record, member, prefix string) {
	for _, p := range r.Value.GetArray(member) {
		if name := jsonrec.TextOf(p, "Name"); name != "" {
			r.Set(prefix+name, jsonrec.TextOf(p, "Value"))
		}
	}
}
