// Package mongodb reads MongoDB logs of versions 3 and 4, as text.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that a message over several lines stays one event. It judges nothing.
//
// Specification: MongoDB Manual 4.2, "Log Messages".
package mongodb

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "mongodb"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a MongoDB log line"

// Format reads MongoDB logs of versions 3 and 4, as text.
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
func (Format) Detect(head []byte, _ string) int {
	return linelog.Score(head, 94, fits, continues, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a MongoDB log line", Read: read, Continues: continues}, emit)
}

type entry struct{ when, severity, component, context, text string }

func head(s string) (e entry, ok bool) {
	if len(s) < 35 || s[4] != '-' || s[10] != 'T' || s[19] != '.' {
		return e, false
	}
	e.when, s, _ = strings.Cut(s, " ")
	e.severity, s, _ = strings.Cut(s, " ")
	if len(e.severity) != 1 && !(len(e.severity) == 2 && e.severity[0] == 'D') || !strings.Contains("FEWID", e.severity[:1]) {
		return e, false
	}
	e.component, s, _ = strings.Cut(s, " ")
	s = strings.TrimLeft(s, " ")
	end := strings.Index(s, "] ")
	if e.component == "" || strings.ToUpper(e.component) != e.component || !strings.HasPrefix(s, "[") || end < 0 {
		return e, false
	}
	e.context, e.text = s[1:end], s[end+2:]
	return e, true
}

func fits(line []byte) bool {
	_, ok := head(string(line))
	return ok
}

func continues(line []byte) bool { return !fits(line) }

func read(r *linelog.Record) string {
	first, more, _ := strings.Cut(r.Text, "\n")
	e, ok := head(first)
	if !ok {
		return reasonForm
	}
	if r.At(event.Occurred, e.when) != nil {
		return linelog.ReasonTime
	}
	if more != "" {
		e.text += "\n" + more
	}
	r.Set("log.level", e.severity)
	r.Set("mongodb.log.component", e.component)
	r.Set("mongodb.log.context", e.context)
	r.Set("message", strings.TrimLeft(e.text, " "))
	r.Set("event.kind", "event")
	r.Set("event.category", "database")
	r.Set("event.module", "mongodb")
	r.Set("event.dataset", "mongodb.log")
	return ""
}
