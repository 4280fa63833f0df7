// Package hayabusa reads the JSON timelines of Hayabusa, in every profile: an alert for each rule that fired on a Windows event.
// Its CSV timelines are tables, which the format csv knows.
//
// Stage 2 of the flow, one format of parse. It keeps true that an alert names its rule, level, host, channel, event and record
// number as the tool gave them, and that the values of the event stay under hayabusa.Details. It judges nothing.
//
// Specification: Hayabusa 2 and 3, README "Timeline Output", profiles minimal to super-verbose and timesketch.
package hayabusa

import (
	"context"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
)

// Name is the parser's word in receipts and event ids.
const Name = "hayabusa"

// version changes whenever the same bytes give other events.
const version = "1"

// Format reads Hayabusa's JSON.
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

// fits wants what every profile has, under the name of either time column.
func fits(v *fastjson.Value) bool {
	return (jsonrec.IsText(v, "Timestamp") || jsonrec.IsText(v, "datetime")) && jsonrec.IsText(v, "Level") && jsonrec.IsText(v, "Computer") &&
		(jsonrec.IsText(v, "RuleTitle") || jsonrec.IsText(v, "RuleFile") || jsonrec.IsText(v, "message")) && v.Exists("EventID") && v.Exists("Channel")
}

// names are members with a word in ECS; the others stay under hayabusa.
var names = map[string]string{
	"RuleTitle": "rule.name", "RuleID": "rule.id", "RuleAuthor": "rule.author", "RuleFile": "rule.reference", "Level": "log.level", "Computer": "host.name",
	"EventID": "event.code", "RecordID": "winlog.record_id", "Provider": "event.provider", "EvtxFile": "log.file.path", "MitreTactics": "threat.tactic.name",
	"MitreTags": "threat.technique.id",
}

func fill(r *jsonrec.Record) {
	for _, name := range []string{"Timestamp", "datetime"} {
		if r.At(event.Occurred, r.Text(name)) {
			break
		}
	}
	title := r.First("RuleTitle", "message", "RuleFile")
	details := ""
	for _, l := range r.Leaves() {
		switch {
		case l.Name == "Timestamp" || l.Name == "datetime":
			if len(r.Event.Times) == 0 {
				r.Field("hayabusa."+l.Name, l.Kind, l.Value)
			}
			continue
		case l.Name == "message":
			if title != l.Value {
				r.Field("hayabusa.message", l.Kind, l.Value)
			}
			continue
		case l.Name == "Details" || strings.HasPrefix(l.Name, "Details."):
			if len(details) < maxDetails {
				details += " " + strings.TrimPrefix(strings.TrimPrefix(l.Name, "Details"), ".")
				if l.Name != "Details" {
					details += ":"
				}
				details = strings.TrimRight(details, " ") + " " + clip(l.Value)
			}
		}
		if field, ok := names[l.Name]; ok {
			r.Field(field, event.KindString, l.Value)
			continue
		}
		r.Field(r.Under("hayabusa.", &l), l.Kind, l.Value)
	}
	r.Set("event.kind", "alert")
	r.Set("event.module", "hayabusa")
	r.Set("event.dataset", "hayabusa")
	if !jsonrec.IsText(r.Value, "RuleTitle") && jsonrec.IsText(r.Value, "message") {
		r.Set("rule.name", title)
	}
	r.Set("message", strings.TrimSpace(title+" ("+r.Text("Level")+") on "+r.Text("Computer"))+colon(details))
}

// maxDetails bounds the sentence; the values are kept whole.
const maxDetails = 300

func colon(details string) string {
	if details == "" {
		return ""
	}
	return ":" + details
}

// clip shortens a value for the sentence at a character boundary.
func clip(s string) string {
	if len(s) <= maxDetails {
		return s
	}
	n := maxDetails
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
