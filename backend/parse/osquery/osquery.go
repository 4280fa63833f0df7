// Package osquery reads osquery results: rows that were added or removed, snapshots, and the status log as JSON.
//
// Stage 2 of the flow, one format of parse over parse/jsonrec. It keeps true that every member of a record stays under
// "osquery.result." with the product's own names and digits, and that the sentence of a row is made of members alone: their values
// are whatever a caller sent. It judges nothing.
//
// Specification: osquery documentation, "Logging", results logs.
package osquery

import (
	"context"
	"embed"
	"strconv"
	"strings"
	"sync"
	"time"

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
		panic("osquery: embedded table: " + err.Error())
	}
	return f
})

// Name is the parser's word in receipts and event ids.
const Name = "osquery"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads osquery results.
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
	named := jsonrec.IsText(v, "hostIdentifier") && (v.Exists("unixTime") || jsonrec.IsText(v, "calendarTime"))
	return named && jsonrec.IsText(v, "name") && (v.Exists("columns") || v.Exists("snapshot") || v.Exists("diffResults")) || named && v.Exists("severity") && v.Exists("filename")
}

// calendar reads "Sat Mar 14 01:02:03 2026 UTC"; the product writes no other zone.
func calendar(r *jsonrec.Record, text string) {
	at, err := time.Parse("Mon Jan _2 15:04:05 2006 UTC", text)
	if err != nil {
		return
	}
	if t, err := r.Times.Zoned(at.Year(), int(at.Month()), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, 0, text); err == nil {
		r.Event.Times = append(r.Event.Times, t)
	}
}

func fill(r *jsonrec.Record) {
	if !r.At(event.Occurred, r.Text("unixTime")) {
		calendar(r, r.Text("calendarTime"))
	}
	fields().Fill(r, r.Leaves(), "osquery.result.")
	r.Set("event.kind", "event")
	r.Set("event.module", "osquery")
	r.Set("event.dataset", "osquery.result")
	action := r.Text("action")
	rows := ""
	switch {
	case r.Value.Exists("snapshot"):
		action = "snapshot"
		rows = " of " + strconv.Itoa(len(r.Value.GetArray("snapshot"))) + " rows"
	case r.Value.Exists("diffResults"):
		action = "differential"
		rows = ": " + strconv.Itoa(len(r.Value.GetArray("diffResults", "added"))) + " added, " + strconv.Itoa(len(r.Value.GetArray("diffResults", "removed"))) + " removed"
	}
	r.Set("event.action", action)
	if text := r.Text("message"); text != "" { // of the status log
		r.Set("message", text)
		return
	}
	message := r.Text("hostIdentifier") + ": " + r.Text("name") + " " + action + rows
	for _, column := range []string{"path", "name", "pid", "device", "address", "username"} {
		if v := r.Text("columns", column); v != "" && !strings.Contains(message, v) {
			message += " " + v
			break
		}
	}
	r.Set("message", message)
}
