// Package postgresql reads PostgreSQL server logs with the usual prefixes.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that lines of one statement stay together, and a zone that is only an abbreviation with several meanings is not guessed. It judges nothing.
//
// Specification: PostgreSQL documentation, "Error Reporting and Logging", log_line_prefix.
package postgresql

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "postgresql"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a PostgreSQL log line"

// Format reads PostgreSQL server logs with the usual prefixes.
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
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a PostgreSQL log line", Read: read, Continues: continues}, emit)
}

// entry is "2017-04-03 22:32:14.322 CEST [3474-2] user@database LOG:  00000: message".
type entry struct{ when, zone, pid, line, user, database, level, code, text string }

var levels = map[string]bool{"LOG": true, "FATAL": true, "PANIC": true, "ERROR": true, "WARNING": true, "NOTICE": true, "INFO": true, "DEBUG": true, "DEBUG1": true,
	"DEBUG2": true, "DEBUG3": true, "DEBUG4": true, "DEBUG5": true, "HINT": true, "STATEMENT": true, "DETAIL": true, "CONTEXT": true, "QUERY": true, "LOCATION": true}

func head(s string) (e entry, ok bool) {
	if len(s) < 24 || s[4] != '-' || s[7] != '-' || s[10] != ' ' || s[13] != ':' {
		return e, false
	}
	date, rest, _ := strings.Cut(s, " ")
	clock, rest, _ := strings.Cut(rest, " ")
	e.when = date + " " + clock
	if !strings.HasPrefix(rest, "[") {
		e.zone, rest, _ = strings.Cut(rest, " ")
	}
	if !strings.HasPrefix(rest, "[") {
		return e, false
	}
	inner, rest, found := strings.Cut(rest[1:], "]")
	if !found {
		return e, false
	}
	e.pid, e.line, _ = strings.Cut(inner, "-")
	if e.pid == "" || strings.Trim(e.pid, "0123456789") != "" {
		return e, false
	}
	rest = strings.TrimLeft(strings.TrimPrefix(rest, ":"), " ")
	for range 3 { // what stands between the process and the level: user@database, or nothing
		word, after, found := strings.Cut(rest, " ")
		if !found {
			return e, false
		}
		if level, isLevel := strings.CutSuffix(word, ":"); isLevel && levels[level] {
			e.level, e.text = level, strings.TrimLeft(after, " ")
			break
		}
		if e.user, e.database, found = strings.Cut(word, "@"); !found {
			return e, false
		}
		rest = strings.TrimLeft(after, " ")
	}
	if e.level == "" {
		return e, false
	}
	if len(e.text) > 7 && e.text[5] == ':' && e.text[6] == ' ' && strings.Trim(e.text[:5], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		e.code, e.text = e.text[:5], e.text[7:] // SQLSTATE
	}
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
	if (e.zone == "" || r.At(event.Occurred, e.when+" "+e.zone) != nil) && r.At(event.Occurred, e.when) != nil {
		return linelog.ReasonTime
	}
	text := e.text
	if more != "" {
		text += "\n" + more
	}
	if rest, found := strings.CutPrefix(text, "duration: "); found {
		ms, after, _ := strings.Cut(rest, " ms")
		r.Decimal("postgresql.log.duration_ms", ms, "postgresql.log.duration")
		if step, query, found := strings.Cut(strings.TrimLeft(after, " "), ": "); found {
			r.Set("postgresql.log.query_step", step)
			r.Set("postgresql.log.query", query)
		}
	}
	r.Number("process.pid", e.pid, "postgresql.log.process")
	r.Number("postgresql.log.session_line_number", e.line, "postgresql.log.session_line")
	if e.user != "[unknown]" {
		r.Set("user.name", e.user)
	}
	if e.database != "[unknown]" {
		r.Set("postgresql.log.database", e.database)
	}
	r.Set("postgresql.log.timezone", e.zone)
	r.Set("postgresql.log.sql_state_code", e.code)
	r.Set("log.level", e.level)
	r.Set("message", text)
	r.Set("event.kind", "event")
	r.Set("event.category", "database")
	r.Set("event.module", "postgresql")
	r.Set("event.dataset", "postgresql.log")
	return ""
}
