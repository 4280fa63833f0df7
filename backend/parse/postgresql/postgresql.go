// Package postgresql reads PostgreSQL server logs with the usual prefixes.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that lines of one statement stay together, and a zone that is only an abbreviation with several meanings is not guessed. It judges nothing.
//
// Specification: PostgreSQL documentation, "Error Reporting and Logging", log_line_prefix.
package postgresql

import (
	"context"
	"strings"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/stamp"
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
	g := &grammar{}
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a PostgreSQL log line", Read: g.read, Continues: continues}, emit)
}

// entry is "2017-04-03 22:32:14.322 CEST [3474-2] user@database LOG:  00000: message".
type entry struct{ when, zone, remote, pid, line, user, database, level, code, text string }

var levels = map[string]bool{"LOG": true, "FATAL": true, "PANIC": true, "ERROR": true, "WARNING": true, "NOTICE": true, "INFO": true, "DEBUG": true, "DEBUG1": true,
	"DEBUG2": true, "DEBUG3": true, "DEBUG4": true, "DEBUG5": true, "HINT": true, "STATEMENT": true, "DETAIL": true, "CONTEXT": true, "QUERY": true, "LOCATION": true}

func head(s string) (e entry, ok bool) {
	if len(s) < 24 || s[4] != '-' || s[7] != '-' || s[10] != ' ' || s[13] != ':' {
		return e, false
	}
	date, rest, _ := strings.Cut(s, " ")
	clock, rest, _ := strings.Cut(rest, " ")
	e.when = date + " " + clock
	if managed(&e, rest) {
		return e, true
	}
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

// managed takes the prefix of Amazon's managed servers, %t:%r:%u@%d:[%p]: — "UTC:203.0.113.9(50112):user@database:[7]:LOG:  message".
func managed(e *entry, rest string) bool {
	zone, after, _ := strings.Cut(rest, ":")
	who, after, found := strings.Cut(after, ":[")
	pid, after, ends := strings.Cut(after, "]:")
	level, text, leveled := strings.Cut(after, ":")
	remote, account := "", who
	if i := strings.LastIndexByte(who, ':'); i >= 0 {
		remote, account = who[:i], who[i+1:]
	}
	user, database, named := strings.Cut(account, "@")
	if !found || !ends || !leveled || !named || !levels[level] || zone == "" || strings.Contains(zone, " ") || pid == "" || strings.Trim(pid, "0123456789") != "" {
		return false
	}
	e.zone, e.remote, e.user, e.database, e.pid, e.level = zone, remote, user, database, pid, level
	e.text = strings.TrimLeft(text, " \t")
	return true
}

func fits(line []byte) bool {
	_, ok := head(string(line))
	return ok
}

func continues(line []byte) bool { return !fits(line) }

// grammar remembers which zones it has warned of.
type grammar struct{ warned map[string]bool }

// maxZones bounds that memory: a file has one zone or two.
const maxZones = 16

// when reads a time under the zone that stands behind it. An abbreviation that several zones share says nothing: then the zone
// assumed for the item holds, and the receipt says so once.
func (g *grammar) when(r *linelog.Record, e entry) error {
	zone := stamp.ZoneNamed(e.zone)
	if zone == nil {
		if e.zone != "" && !g.warned[e.zone] && len(g.warned) < maxZones {
			if g.warned == nil {
				g.warned = map[string]bool{}
			}
			g.warned[e.zone] = true
			r.Warn("the zone " + e.zone + " is not the name of one zone alone; times with it are read under the zone assumed")
		}
		return r.At(event.Occurred, e.when)
	}
	at, err := time.ParseInLocation(time.DateTime, e.when, zone)
	if err != nil {
		return err
	}
	_, offset := at.Zone()
	t, err := r.Times.Zoned(at.Year(), int(at.Month()), at.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), offset, e.when+" "+e.zone)
	if err != nil {
		return err
	}
	r.Time(t)
	return nil
}

// connection takes who came, from where, and whether they were let in, out of the server's own sentences.
func connection(r *linelog.Record, e *entry) {
	first, _, _ := strings.Cut(e.text, "\n")
	between := func(from, to string) string {
		_, rest, found := strings.Cut(first, from)
		value, _, ends := strings.Cut(rest, to)
		if !found || !ends {
			return ""
		}
		return value
	}
	action, outcome := "", ""
	switch {
	case strings.HasPrefix(first, "connection received: "):
		first += " "
		r.Endpoint(linelog.Source, between("host=", " "), between("port=", " "))
		action = "connection"
	case strings.HasPrefix(first, "connection authorized: "):
		first += " "
		e.user, e.database = between("user=", " "), between("database=", " ")
		action, outcome = "login", "success"
	case strings.HasPrefix(first, "disconnection: "):
		first += " "
		r.Endpoint(linelog.Source, between("host=", " "), between("port=", " "))
		e.user, e.database = between("user=", " "), between("database=", " ")
		action = "logout"
	case strings.Contains(first, "authentication failed for user \""):
		e.user = between("for user \"", "\"")
		action, outcome = "login", "failure"
	case strings.HasPrefix(first, "no pg_hba.conf entry for host \""):
		r.Endpoint(linelog.Source, between("host \"", "\""), "")
		e.user, e.database = between("user \"", "\""), between("database \"", "\"")
		action, outcome = "login", "failure"
	default:
		r.Set("event.category", "database")
		return
	}
	r.Set("event.action", action)
	r.Set("event.outcome", outcome)
	if action == "connection" {
		r.Set("event.category", "network")
	} else {
		r.Set("event.category", "authentication")
	}
}

func (g *grammar) read(r *linelog.Record) string {
	first, more, _ := strings.Cut(r.Text, "\n")
	e, ok := head(first)
	if !ok {
		return reasonForm
	}
	if g.when(r, e) != nil {
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
	if host, port, found := strings.Cut(strings.TrimSuffix(e.remote, ")"), "("); found {
		r.Endpoint(linelog.Source, host, port)
	}
	connection(r, &e)
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
	r.Set("event.module", "postgresql")
	r.Set("event.dataset", "postgresql.log")
	return ""
}
