// Package gcpaudit reads Google Cloud audit logs as Logging exports them.
//
// Stage 2 of the flow, one format of parse over parse/jsonrec. It keeps true that every member of a record stays under
// "gcp.audit." with the product's own names and digits, and that the sentence of a row is made of members alone: their values
// are whatever a caller sent. It judges nothing.
//
// Specification: Google Cloud, "LogEntry" and "AuditLog" (google.cloud.audit).
package gcpaudit

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
		panic("gcpaudit: embedded table: " + err.Error())
	}
	return f
})

// Name is the parser's word in receipts and event ids.
const Name = "gcpaudit"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads Google Cloud audit logs as Logging exports them.
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
	p := v.Get("protoPayload")
	if p == nil || p.Type() != fastjson.TypeObject || !jsonrec.IsText(v, "logName") {
		return false
	}
	return strings.HasSuffix(jsonrec.TextOf(p, "@type"), "google.cloud.audit.AuditLog") || jsonrec.IsText(p, "methodName")
}

func fill(r *jsonrec.Record) {
	r.AtUTC(event.Occurred, r.First("timestamp", "protoPayload.requestMetadata.requestAttributes.time", "receiveTimestamp"))
	r.AtUTC(event.Recorded, r.Text("receiveTimestamp"))
	leaves := r.Leaves()
	for i := range leaves {
		leaves[i].Name = strings.TrimPrefix(leaves[i].Name, "protoPayload.")
	}
	fields().Fill(r, leaves, "gcp.audit.")
	r.Set("event.kind", "event")
	r.Set("event.module", "gcp")
	r.Set("event.dataset", "gcp.audit")
	r.Set("cloud.provider", "gcp")
	code := r.First("protoPayload.status.code")
	outcome := "success"
	if code != "" && code != "0" {
		outcome = "failure"
	}
	r.Set("event.outcome", outcome)
	who := r.First("protoPayload.authenticationInfo.principalEmail", "protoPayload.authenticationInfo.principalSubject")
	if who == "" {
		who = "someone"
	}
	message := who + " called " + r.First("protoPayload.methodName") + " of " + r.First("protoPayload.serviceName")
	if on := r.First("protoPayload.resourceName"); on != "" {
		message += " on " + on
	}
	if from := r.First("protoPayload.requestMetadata.callerIp", "protoPayload.requestMetadata.callerIP"); from != "" {
		message += " from " + from
	}
	if outcome == "failure" {
		message += ": " + r.First("protoPayload.status.message", "protoPayload.status.code")
	}
	r.Set("message", message)
}
