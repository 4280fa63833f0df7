// Package github reads GitHub audit logs.
//
// Stage 2 of the flow, one format of parse over parse/jsonrec. It keeps true that every member of a record stays under
// "github." with the product's own names and digits, and that the sentence of a row is made of members alone: their values
// are whatever a caller sent. It judges nothing.
//
// Specification: GitHub documentation, "Audit log events for your organization" and "for your enterprise".
package github

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
		panic("github: embedded table: " + err.Error())
	}
	return f
})

// Name is the parser's word in receipts and event ids.
const Name = "github"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads GitHub audit logs.
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
	when := v.Exists("created_at") || v.Exists("@timestamp")
	return when && strings.Contains(jsonrec.TextOf(v, "action"), ".") && (jsonrec.IsText(v, "actor") || jsonrec.IsText(v, "_document_id")) &&
		(v.Exists("org") || v.Exists("repo") || v.Exists("business") || jsonrec.IsText(v, "_document_id"))
}

func fill(r *jsonrec.Record) {
	if !r.At(event.Occurred, r.Text("@timestamp")) {
		r.AtUTC(event.Occurred, r.Text("created_at"))
	}
	leaves := r.Leaves()
	fields().Fill(r, leaves, "github.")
	r.Set("event.kind", "event")
	r.Set("event.module", "github")
	r.Set("event.dataset", "github.audit")
	who := r.First("actor", "user")
	if who == "" {
		who = "someone"
	}
	message := who + ": " + r.Text("action")
	if on := r.First("repo", "org", "business"); on != "" {
		message += " on " + on
	}
	if to := r.Text("user"); to != "" && to != who {
		message += ", concerning " + to
	}
	if from := r.Text("actor_ip"); from != "" {
		message += " from " + from
	}
	r.Set("message", message)
}
