// Package mysql reads MySQL, MariaDB and Percona error logs, slow query logs and general query logs.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that a slow query is one event with its figures and its
// statement, and the moment at which it began is told from the one at which it was logged. It judges nothing.
//
// Specification: MySQL 8.0 Reference Manual, §5.4.2 "The Error Log", §5.4.3 "The General Query Log" and §5.4.5 "The Slow Query Log".
package mysql

import (
	"context"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/lines"
	"adjutant/backend/parse/yearless"
)

// Name is the parser's word in receipts and event ids.
const Name = "mysql"

// version changes whenever the same bytes give other events.
const version = "1"

const (
	reasonForm = "not a line of a MySQL log"
	reasonCut  = "a slow query without its statement"
)

// Format reads the logs of MySQL, MariaDB and Percona.
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
	return linelog.Score(head, 93, fits, passed, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	w := &state{}
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of a MySQL log", Read: w.read, Continues: w.continues, Aside: w.aside}, emit)
}

// state is what is known of one file: what is open, and when the last heading says that queries were logged.
type state struct {
	open   bool // a slow query is
	called bool // a line of the general query log is open
	logged string
	second string // of the general query log
}

const (
	timeMark  = "# Time: "
	userMark  = "# User@Host: "
	adminMark = "# administrator command: "
)

// banner are the three lines that the server writes when it opens the slow log.
func banner(s string) bool {
	return strings.Contains(s, ", Version: ") && strings.HasSuffix(s, " started with:") || strings.HasPrefix(s, "Tcp port: ") ||
		strings.HasPrefix(s, "Time") && strings.Contains(s, "Id Command") && strings.HasSuffix(s, "Argument")
}

// aside takes headings. One "# Time:" stands above all queries that were logged in that second.
func (w *state) aside(line []byte) bool {
	s := string(line)
	w.open = strings.HasPrefix(s, userMark)
	_, w.called = callOf(s)
	if when, found := strings.CutPrefix(s, timeMark); found {
		w.logged, _ = lines.Clean([]byte(strings.TrimSpace(when)))
		return true
	}
	return banner(s)
}

// continues: a statement may hold any line, also one that looks like an error's, so only a heading or the next query ends it.
func (w *state) continues(line []byte) bool {
	s := string(line)
	if strings.HasPrefix(s, timeMark) || strings.HasPrefix(s, userMark) || banner(s) {
		return false
	}
	if w.open {
		return true
	}
	if _, ok := callOf(s); ok {
		return false
	}
	e, ok := head(s)
	return !ok || w.called && e.level == "" // part of a statement
}

// entry is one line of an error log.
type entry struct {
	when, thread, level, code, subsystem, text string
	at                                         yearless.Civil
	stated                                     bool // when is an ISO time
}

var errorLevels = map[string]bool{"Note": true, "Warning": true, "ERROR": true, "System": true, "Error": true}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// head takes the forms of 5.5 ("161209 14:18:50 …"), 5.7 and later (ISO), and MariaDB (a date and a clock).
func head(s string) (e entry, ok bool) {
	first, rest, _ := strings.Cut(s, " ")
	switch {
	case len(first) == 6 && digits(first):
		rest = strings.TrimLeft(rest, " ")
		clock := rest
		if i := strings.IndexAny(rest, " \t"); i >= 0 {
			clock, rest = rest[:i], rest[i+1:]
		} else {
			rest = ""
		}
		e.when = s[:strings.Index(s, clock)+len(clock)]
		if len(clock) == 7 {
			clock = "0" + clock
		}
		year, _ := strconv.Atoi(first[:2])
		e.at.Year = 2000 + year
		e.at.Month, _ = strconv.Atoi(first[2:4])
		e.at.Day, _ = strconv.Atoi(first[4:])
		if clock == "" || !e.at.Clock(clock) {
			return e, false
		}
	case len(first) >= 20 && first[4] == '-' && first[10] == 'T' && first[13] == ':':
		e.when, e.stated = first, true
	case len(first) == 10 && first[4] == '-' && first[7] == '-':
		clock, after, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
		if len(clock) == 7 {
			clock = "0" + clock
		}
		if len(clock) < 8 || clock[2] != ':' {
			return e, false
		}
		e.when, e.stated, rest = first+" "+clock, true, after
	default:
		return e, false
	}
	rest = strings.TrimLeft(rest, " \t")
	if word, after, found := strings.Cut(rest, " "); found && digits(word) {
		e.thread, rest = word, after
	}
	for strings.HasPrefix(rest, "[") {
		word, after, found := strings.Cut(rest[1:], "]")
		switch {
		case !found:
			return e, false
		case e.level == "" && errorLevels[word]:
			e.level = word
		case e.code == "" && strings.HasPrefix(word, "MY-"):
			e.code = word
		case e.subsystem == "" && e.code != "":
			e.subsystem = word
		default:
			e.text = rest
			return e, e.level != "" || !e.stated
		}
		rest = strings.TrimLeft(after, " ")
	}
	e.text = rest
	return e, e.level != "" || !e.stated // other products write ISO times without such a level
}

func fits(line []byte) bool {
	s := string(line)
	if strings.HasPrefix(s, "# Query_time: ") || strings.HasPrefix(s, userMark) || banner(s) {
		return true
	}
	if c, ok := callOf(s); ok {
		return c.when != ""
	}
	e, ok := head(s)
	return ok && (e.level != "" || strings.Contains(e.text, "InnoDB") || strings.Contains(e.text, "mysqld"))
}

// passed are lines of which the slow log has any number between those that say what it is.
func passed(line []byte) bool {
	s := string(line)
	if _, ok := callOf(s); ok {
		return !fits(line)
	}
	_, ok := head(s)
	return !ok && !fits(line)
}

func (w *state) read(r *linelog.Record) string {
	if strings.HasPrefix(r.Text, userMark) {
		return query(r, w.logged)
	}
	first, more, _ := strings.Cut(r.Text, "\n")
	if c, ok := callOf(first); ok {
		return w.general(r, c, more)
	}
	e, ok := head(first)
	if !ok {
		return reasonForm
	}
	var err error
	if e.stated {
		err = r.At(event.Occurred, e.when)
	} else {
		err = r.Civil(event.Occurred, e.at, e.when)
	}
	if err != nil {
		return linelog.ReasonTime
	}
	if more != "" {
		e.text += "\n" + more
	}
	r.Number("mysql.thread_id", e.thread, "mysql.thread")
	r.Set("log.level", e.level)
	r.Set("event.code", e.code)
	r.Set("mysql.error.subsystem", e.subsystem)
	r.Set("message", e.text)
	if said(r, e.text) {
		r.Set("event.category", "authentication")
	}
	dataset(r, "mysql.error")
	return ""
}

// said takes who was refused out of "Access denied for user 'root'@'203.0.113.9' (using password: YES)".
func said(r *linelog.Record, text string) bool {
	_, rest, found := strings.Cut(text, "Access denied for user '")
	if !found {
		return false
	}
	name, rest, found := strings.Cut(rest, "'@'")
	host, _, ends := strings.Cut(rest, "'")
	if !found || !ends {
		return false
	}
	r.Set("user.name", name)
	r.Endpoint(linelog.Source, host, "")
	r.Set("event.action", "login")
	r.Set("event.outcome", "failure")
	return true
}

func dataset(r *linelog.Record, name string) {
	r.Set("event.kind", "event")
	r.Set("event.category", "database")
	r.Set("event.module", "mysql")
	r.Set("event.dataset", name)
}
