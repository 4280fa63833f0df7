// Package mongodb reads MongoDB logs: as text (3.0 to 4.2) and structured, a JSON object a line (4.4 and later).
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that a message over several lines stays one event, that
// a file which an upgrade continued in the newer form is read to its end, and that every member of a structured line is kept. It
// judges nothing.
//
// Specification: MongoDB Manual, "Log Messages", of 4.2 and of 8.0.
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

// Format reads MongoDB logs.
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
	return linelog.Score(head, 98, fits, continues, nil)
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
	if structured(line) {
		return true
	}
	_, ok := head(string(line))
	return ok
}

func continues(line []byte) bool { return !fits(line) }

func read(r *linelog.Record) string {
	if strings.HasPrefix(r.Text, "{") {
		return readStructured(r)
	}
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
	said(r, e.text)
	dataset(r)
	return ""
}

func dataset(r *linelog.Record) {
	r.Set("event.kind", "event")
	r.Set("event.module", "mongodb")
	r.Set("event.dataset", "mongodb.log")
}

func login(r *linelog.Record, outcome string) {
	r.Set("event.category", "authentication")
	r.Set("event.action", "login")
	r.Set("event.outcome", outcome)
}

func connection(r *linelog.Record, action string) {
	r.Set("event.category", "network")
	r.Set("event.action", action)
}

// said takes who came, from where, and whether they were let in, out of the sentences of the text form.
func said(r *linelog.Record, text string) {
	peer := ""
	switch {
	case strings.HasPrefix(text, "connection accepted from "):
		peer = word(text[len("connection accepted from "):])
		connection(r, "connection")
	case strings.HasPrefix(text, "end connection "):
		peer = word(text[len("end connection "):])
		connection(r, "disconnection")
	case strings.HasPrefix(text, "Successfully authenticated as principal "):
		r.Set("user.name", word(text[len("Successfully authenticated as principal "):]))
		_, peer, _ = strings.Cut(text, " from client ")
		login(r, "success")
	case strings.Contains(text, " authentication failed for "):
		_, who, _ := strings.Cut(text, " authentication failed for ")
		r.Set("user.name", word(who))
		_, peer, _ = strings.Cut(text, " from client ")
		login(r, "failure")
	default:
		r.Set("event.category", "database")
		return
	}
	host, port := linelog.HostPort(word(peer))
	r.Endpoint(linelog.Source, host, port)
}

func word(s string) string {
	s, _, _ = strings.Cut(strings.TrimLeft(s, " "), " ")
	return s
}
