// Package cloudtrail reads AWS CloudTrail logs: delivered files, single records, and what lookup-events prints.
//
// Stage 2 of the flow, one format of parse over parse/jsonrec. It keeps true that every member of a record stays under
// "aws.cloudtrail." with the product's own names and digits, and that the sentence of a row is made of members alone: their values
// are whatever a caller sent. It judges nothing.
//
// Specification: AWS CloudTrail User Guide, "CloudTrail record contents"; API reference, LookupEvents.
package cloudtrail

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
		panic("cloudtrail: embedded table: " + err.Error())
	}
	return f
})

// Name is the parser's word in receipts and event ids.
const Name = "cloudtrail"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads AWS CloudTrail logs: delivered files, single records, and what lookup-events prints.
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
	if jsonrec.IsText(v, "CloudTrailEvent") {
		return true
	}
	return jsonrec.IsText(v, "eventName") && jsonrec.IsText(v, "eventSource") && jsonrec.IsText(v, "eventTime") && jsonrec.IsText(v, "eventVersion")
}

func fill(r *jsonrec.Record) {
	if inner := r.Value.GetStringBytes("CloudTrailEvent"); len(inner) > 0 {
		lookup(r, inner)
		return
	}
	record(r)
}

// lookup takes what lookup-events prints: a summary with the record itself as text in one member. The summary stays under
// "aws.cloudtrail.lookup.".
func lookup(r *jsonrec.Record, inner []byte) {
	outer := r.Leaves()
	if v, ok := jsonrec.Nested(inner); ok && v.Type() == fastjson.TypeObject {
		kept := outer[:0:0]
		for _, l := range outer {
			if l.Name != "CloudTrailEvent" {
				kept = append(kept, l)
			}
		}
		when := r.First("EventTime", "eventTime")
		r.Value = v
		record(r)
		if len(r.Event.Times) == 0 {
			r.At(event.Occurred, when)
		}
		r.Put("aws.cloudtrail.lookup.", kept)
		return
	}
	r.At(event.Occurred, r.First("EventTime"))
	r.Put("aws.cloudtrail.lookup.", outer)
}

func record(r *jsonrec.Record) {
	r.At(event.Occurred, r.Text("eventTime"))
	fields().Fill(r, r.Leaves(), "aws.cloudtrail.")
	r.Set("event.kind", "event")
	r.Set("event.module", "aws")
	r.Set("event.dataset", "aws.cloudtrail")
	r.Set("cloud.provider", "aws")
	outcome := "success"
	if r.First("errorCode", "errorMessage") != "" || r.Text("responseElements", "ConsoleLogin") == "Failure" {
		outcome = "failure"
	}
	r.Set("event.outcome", outcome)
	who := r.First("userIdentity.userName", "userIdentity.sessionContext.sessionIssuer.userName", "userIdentity.arn", "userIdentity.invokedBy", "userIdentity.type")
	if who == "" {
		who = "someone"
	}
	message := who + " called " + r.Text("eventName") + " of " + r.Text("eventSource")
	if from := r.Text("sourceIPAddress"); from != "" {
		message += " from " + from
	}
	if code := r.Text("errorCode"); code != "" {
		message += ": " + code
	}
	r.Set("message", message)
}
