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

// query reads a record of the slow log.
func query(r *linelog.Record, logged string) string {
	var statement, began string
	all := strings.Split(r.Text, "\n")
	for i, line := range all {
		switch {
		case strings.HasPrefix(line, userMark):
			account(r, line[len(userMark):])
		case strings.HasPrefix(line, adminMark) && statement == "":
			statement = line[2:]
		case strings.HasPrefix(line, "# explain: ") && statement == "":
			r.Set("mysql.slowlog.explain", line[len("# explain: "):])
		case strings.HasPrefix(line, "#") && statement == "":
			figures(r, strings.TrimPrefix(line[1:], " "))
		case strings.HasPrefix(line, "SET timestamp=") && began == "":
			began = strings.TrimSuffix(line[len("SET timestamp="):], ";")
		case strings.HasPrefix(strings.ToLower(line), "use ") && statement == "" && strings.HasSuffix(line, ";"):
			r.Set("mysql.slowlog.current_db", strings.TrimSuffix(line[4:], ";"))
		case statement == "":
			statement = strings.Join(all[i:], "\n")
		}
	}
	if statement == "" && began == "" {
		return reasonCut
	}
	if began != "" && r.At(event.Occurred, began) == nil {
		if logged != "" && stamp(r, event.Recorded, logged) != nil {
			r.Warn("the time of logging could not be read")
		}
	} else if stamp(r, event.Occurred, logged) != nil {
		return linelog.ReasonTime
	}
	r.Set("mysql.slowlog.query", statement)
	r.Set("message", "Slow query: "+statement)
	dataset(r, "mysql.slowlog")
	return ""
}

// stamp reads what stands behind "# Time:".
func stamp(r *linelog.Record, meaning event.TimeKind, s string) error {
	if e, ok := head(s + " "); ok && !e.stated {
		return r.Civil(meaning, e.at, s)
	}
	return r.At(meaning, s)
}

// account takes "root[root] @ localhost [127.0.0.1]  Id:    14".
func account(r *linelog.Record, s string) {
	name, rest, _ := strings.Cut(s, "[")
	r.Set("user.name", strings.TrimSpace(name))
	granted, rest, _ := strings.Cut(rest, "]")
	if granted != strings.TrimSpace(name) {
		r.Set("user.effective.name", granted) // the account whose rights the connection has
	}
	_, host, _ := strings.Cut(rest, "@ ")
	host, rest, _ = strings.Cut(host, "[")
	address, rest, _ := strings.Cut(rest, "]")
	address, host = strings.TrimSpace(address), strings.TrimSpace(host)
	if address == "" {
		address, host = host, ""
	}
	r.Endpoint(linelog.Source, address, "")
	r.Set("source.domain", host)
	if _, id, found := strings.Cut(rest, "Id:"); found {
		r.Number("mysql.thread_id", strings.TrimSpace(id), "mysql.thread")
	}
}

// maxFigures bounds a line of figures in bytes; servers write some three hundred.
const maxFigures = 4096

// figures takes "Query_time: 2.000652  Lock_time: 0.000000 …".
func figures(r *linelog.Record, s string) {
	if len(s) > maxFigures {
		r.Set("mysql.slowlog.other", s)
		return
	}
	words := strings.Fields(s)
	for i := 0; i < len(words); i++ {
		name, isName := strings.CutSuffix(words[i], ":")
		if !isName {
			continue
		}
		value := ""
		if i+1 < len(words) && !strings.HasSuffix(words[i+1], ":") {
			value = words[i+1]
			i++
		}
		field := "mysql.slowlog." + strings.ToLower(name)
		if strings.Contains(value, ".") {
			r.Decimal(field, value, field+"_text")
		} else {
			r.Number(field, value, field+"_text")
		}
	}
}
