// Package velociraptor reads results of Velociraptor artifacts as JSON lines: from collections, offline collectors, notebooks and
// the server's exports. Rows have the columns that the artifact's query gave them.
//
// Stage 2 of the flow, one format of parse. It keeps true that every column is kept under velociraptor.X, that each column which
// the table of times knows gives a time with its meaning, and that Windows events inside of rows are mapped like those of a log.
// Rows that name no client, flow or artifact are read by the format jsonl, which knows the same columns.
//
// Specification: Velociraptor documentation, "Artifact results"; columns of the built-in Windows, Linux and Generic artifacts.
package velociraptor

import (
	"context"
	"slices"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/winrecord"
)

// Name is the parser's word in receipts and event ids.
const Name = "velociraptor"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads artifact results.
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

// fits wants a mark that only Velociraptor sets.
func fits(v *fastjson.Value) bool {
	if strings.HasPrefix(jsonrec.TextOf(v, "ClientId"), "C.") || strings.HasPrefix(jsonrec.TextOf(v, "client_id"), "C.") && v.Exists("_ts") {
		return true
	}
	if f := jsonrec.TextOf(v, "FlowId"); strings.HasPrefix(f, "F.") {
		return true
	}
	source := jsonrec.TextOf(v, "_Source")
	return strings.HasPrefix(source, "Windows.") || strings.HasPrefix(source, "Linux.") || strings.HasPrefix(source, "MacOS.") || strings.HasPrefix(source, "Generic.") ||
		strings.HasPrefix(source, "Custom.") || strings.HasPrefix(source, "Exchange.") || strings.HasPrefix(source, "DetectRaptor.")
}

func fill(r *jsonrec.Record) {
	v := r.Value
	t := compiled()
	if form := winrecord.FormOf(v); form != winrecord.None {
		winrecord.Fill(r, v, form, "velociraptor")
		r.Set("host.name", r.Text("Fqdn"))
		r.Set("agent.id", r.First("ClientId", "client_id"))
		return
	}
	type at struct {
		rank int
		leaf jsonrec.Leaf
	}
	var times []at
	leaves := r.Leaves()
	for _, l := range leaves {
		if rank, ok := t.rank[strings.ToLower(l.Name)]; ok {
			times = append(times, at{rank, l})
		}
	}
	slices.SortStableFunc(times, func(a, b at) int { return a.rank - b.rank })
	for _, c := range times {
		if c.leaf.Value[0] != '0' || len(c.leaf.Value) > 1 { // 0 and 1601-01-01, 0001-01-01 are what "none" becomes
			if !strings.HasPrefix(c.leaf.Value, "1601-01-01") && !strings.HasPrefix(c.leaf.Value, "0001-01-01") && !strings.HasPrefix(c.leaf.Value, "1970-01-01T00:00:00Z") {
				r.At(t.times[c.rank].meaning, c.leaf.Value)
			}
		}
	}
	done := map[string]string{}
	for _, l := range leaves {
		name := strings.ToLower(l.Name)
		field := t.fields[name]
		if name == "name" && !v.Exists("Pid") {
			field = "" // of a process only beside its number
		}
		by, taken := done[field]
		if field == "" || taken && by != l.Name || strings.HasSuffix(field, ".pid") && l.Kind != event.KindNumber {
			r.Field(r.Under("velociraptor.", &l), l.Kind, l.Value)
			continue
		}
		done[field] = l.Name
		r.Field(field, l.Kind, l.Value)
	}
	source := r.First("_Source", "_source", "Artifact")
	r.Set("event.kind", "event")
	r.Set("event.module", "velociraptor")
	if source == "" {
		r.Set("event.dataset", "velociraptor")
	} else {
		r.Set("event.dataset", "velociraptor."+source)
	}
	if done["message"] == "" {
		r.Set("message", sentence(source, leaves))
	}
}

// maxSentence bounds the sentence; the values are kept whole.
const maxSentence = 400

// sentence lists what the row says.
func sentence(source string, leaves []jsonrec.Leaf) string {
	var b strings.Builder
	b.WriteString(source)
	sep := ": "
	if source == "" {
		sep = ""
	}
	for _, l := range leaves {
		if strings.HasPrefix(l.Name, "_") || l.Name == "ClientId" || l.Name == "FlowId" || l.Name == "Fqdn" {
			continue
		}
		if b.Len() > maxSentence {
			b.WriteString(", …")
			break
		}
		b.WriteString(sep)
		b.WriteString(l.Name)
		b.WriteString(" ")
		value := l.Value
		if len(value) > maxSentence/2 {
			n := maxSentence / 2
			for n > 0 && value[n]&0xc0 == 0x80 {
				n--
			}
			value = value[:n] + "…"
		}
		b.WriteString(value)
		sep = ", "
	}
	return b.String()
}
