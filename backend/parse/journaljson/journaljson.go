// Package journaljson reads what journalctl writes of a journal as JSON: -o json and -o json-pretty.
//
// Stage 2 of the flow, one format of parse. It keeps true that an entry says the same here and in the journal file that it comes
// from, and that a value which is not text (an array of bytes) is shown as text as far as it is some.
//
// Specification: journalctl(1), --output; systemd, "Journal Export Formats", JSON.
package journaljson

import (
	"context"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/journal"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/lines"
)

// Name is the parser's word in receipts and event ids.
const Name = "journaljson"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads journals as JSON.
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

// fits wants an entry's own time in microseconds, which nothing but journalctl writes under this name.
func fits(v *fastjson.Value) bool {
	_, ok := micro(jsonrec.TextOf(v, "__REALTIME_TIMESTAMP"))
	return ok
}

func micro(s string) (uint64, bool) {
	n, err := strconv.ParseUint(s, 10, 64)
	return n, err == nil && n > 0 && n < 1<<55
}

func fill(r *jsonrec.Record) {
	n := journal.Entry{Boot: r.Text("_BOOT_ID"), Series: r.Text("__SEQNUM_ID")}
	n.Wall, _ = micro(r.Text("__REALTIME_TIMESTAMP"))
	n.Monotonic, _ = strconv.ParseUint(r.Text("__MONOTONIC_TIMESTAMP"), 10, 64)
	n.Number, _ = strconv.ParseUint(r.Text("__SEQNUM"), 10, 64)
	// Older versions do not write number and series; the cursor "s=series;i=number;…" has them.
	for _, part := range strings.Split(r.Text("__CURSOR"), ";") {
		if v, ok := strings.CutPrefix(part, "s="); ok && n.Series == "" {
			if _, err := hex.DecodeString(v); err == nil {
				n.Series = v
			}
		}
		if v, ok := strings.CutPrefix(part, "i="); ok && n.Number == 0 {
			n.Number, _ = strconv.ParseUint(v, 16, 64)
		}
	}
	o, err := r.Value.Object()
	if err != nil {
		return
	}
	o.Visit(func(key []byte, v *fastjson.Value) {
		name, _ := lines.Clean(key)
		for _, text := range texts(v) {
			n.Values = append(n.Values, journal.Value{Name: name, Text: text})
		}
	})
	n.Fill(r.Event)
}

// texts are the values of a field: one text, an array of several, or an array of numbers, which are the bytes of one.
func texts(v *fastjson.Value) []string {
	all, err := v.Array()
	if err != nil {
		return []string{scalar(v)}
	}
	var bytes []byte
	for _, x := range all {
		n, err := x.Uint()
		if err != nil || n > 255 {
			bytes = nil
			break
		}
		bytes = append(bytes, byte(n))
	}
	if len(bytes) > 0 {
		text, _ := lines.Clean(bytes)
		return []string{text}
	}
	var out []string
	for _, x := range all {
		out = append(out, texts(x)...)
	}
	return out
}

func scalar(v *fastjson.Value) string {
	switch v.Type() {
	case fastjson.TypeNull: // too long for journalctl to write without --all
		return ""
	case fastjson.TypeString:
		text, _ := lines.Clean(v.GetStringBytes())
		return text
	}
	return v.String()
}
