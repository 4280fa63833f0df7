// Package chainsaw reads the JSON of Chainsaw's hunt: a rule that fired, with the Windows events or other documents that it
// fired on. Its CSV files are tables, which the format csv knows.
//
// Stage 2 of the flow, one format of parse. It keeps true that the rule is named as the tool gave it, and that the whole document
// is kept: a Windows event is mapped like one of a log. It judges nothing.
//
// Specification: Chainsaw 2, "hunt --json" and "--jsonl": group, kind, document or documents, name, level, timestamp.
package chainsaw

import (
	"context"
	"strconv"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/winrecord"
)

// Name is the parser's word in receipts and event ids.
const Name = "chainsaw"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads Chainsaw's JSON.
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
	kind := jsonrec.TextOf(v, "kind")
	return jsonrec.IsText(v, "group") && jsonrec.IsText(v, "name") && v.Exists("timestamp") && (kind == "individual" && v.Exists("document") || kind == "aggregate" && v.Exists("documents"))
}

// names are members with a word in ECS; the others stay under chainsaw.
var names = map[string]string{"name": "rule.name", "id": "rule.id", "level": "log.level", "group": "rule.ruleset", "authors": "rule.author", "references": "rule.reference",
	"document.path": "log.file.path"}

func fill(r *jsonrec.Record) {
	v := r.Value
	title := r.Text("name") + " (" + r.Text("level") + ")"
	about := ""
	data := v.Get("document", "data")
	carried := false
	if data != nil && data.Type() == fastjson.TypeObject {
		if form := winrecord.FormOf(data); form != winrecord.None {
			winrecord.Fill(r, data, form, "chainsaw.document.data")
			carried = true
			for i, f := range r.Event.Fields {
				switch f.Name {
				case "message":
					about = f.Values[0]
					r.Event.Fields[i].Name = "winlog.sentence"
				case "event.module", "event.dataset", "event.kind":
					r.Event.Fields[i].Name = "chainsaw." + f.Name
				}
			}
		}
	}
	if len(r.Event.Times) == 0 {
		r.At(event.Occurred, r.Text("timestamp"))
	}
	for _, l := range r.Leaves() {
		if carried && strings.HasPrefix(l.Name, "document.data.") {
			continue
		}
		if tag, ok := strings.CutPrefix(l.Value, "attack.t"); ok && l.Name == "tags" {
			r.Set("threat.technique.id", strings.ToUpper("t"+tag))
		}
		if field, ok := names[l.Name]; ok {
			r.Field(field, l.Kind, l.Value)
			continue
		}
		r.Field(r.Under("chainsaw.", &l), l.Kind, l.Value)
	}
	r.Set("event.kind", "alert")
	r.Set("event.module", "chainsaw")
	r.Set("event.dataset", "chainsaw")
	if n := len(v.GetArray("documents")); n > 0 {
		about = strconv.Itoa(n) + " events"
	}
	if about != "" {
		title += ": " + about
	}
	r.Set("message", title)
}
