// Package apacheerror reads the error log of Apache httpd, in the forms of 2.2 and 2.4, with the tags of ModSecurity.
//
// Stage 2 of the flow, one format of parse. It keeps true that a line that begins with a time is an event, that any other line
// (a PHP trace, what a child wrote to its standard error) belongs to the event before it, and that the zone, which the log does not
// state, is said to be assumed.
//
// Specification: Apache httpd 2.4, core, ErrorLogFormat (default format); Apache httpd 2.2, "Log Files", Error Log; ModSecurity 2,
// "Alert message".
package apacheerror

import (
	"context"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/yearless"
)

// Name is the parser's word in receipts and event ids.
const Name = "apacheerror"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of an Apache error log"

// Format reads Apache error logs.
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
	return linelog.Score(head, 95, func(line []byte) bool {
		s := string(line)
		clock, rest, ok := bracket(s)
		if !ok || len(clock) < 20 {
			return false
		}
		level, _, ok := bracket(rest)
		_, isClock := readClock(clock)
		return ok && isClock && levels[level[strings.IndexByte(level, ':')+1:]] != ""
	}, continues, nil)
}

// continues says that a line belongs to the record before it.
func continues(line []byte) bool { return len(line) > 0 && line[0] != '[' }

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of an Apache error log", Continues: continues, Read: read}, emit)
}

// levels are those of LogLevel, with what ECS calls them.
var levels = map[string]string{"emerg": "error", "alert": "error", "crit": "error", "error": "error", "warn": "info", "notice": "info", "info": "info", "debug": "info",
	"trace1": "info", "trace2": "info", "trace3": "info", "trace4": "info", "trace5": "info", "trace6": "info", "trace7": "info", "trace8": "info"}

// bracket takes "[text] " from the front of s.
func bracket(s string) (text, rest string, ok bool) {
	if !strings.HasPrefix(s, "[") {
		return "", s, false
	}
	end := strings.Index(s, "] ")
	if end < 0 {
		if end = len(s) - 1; s[end] != ']' {
			return "", s, false
		}
	}
	return s[1:end], strings.TrimPrefix(s[end+1:], " "), true
}

// readClock reads "Fri Sep 09 10:42:29.902022 2011".
func readClock(s string) (c yearless.Civil, ok bool) {
	f := strings.Fields(s)
	if len(f) != 5 || len(f[4]) != 4 {
		return c, false
	}
	var errs [2]error
	c.Month = yearless.Month(f[1])
	c.Day, errs[0] = strconv.Atoi(f[2])
	c.Year, errs[1] = strconv.Atoi(f[4])
	return c, c.Month > 0 && errs[0] == nil && errs[1] == nil && c.Clock(f[3])
}

func read(r *linelog.Record) string {
	clock, rest, ok := bracket(r.Text)
	c, isClock := readClock(clock)
	if !ok {
		return reasonForm
	}
	if isClock {
		if r.Civil(event.Occurred, c, clock) != nil {
			return linelog.ReasonTime
		}
	} else if r.At(event.Occurred, clock) != nil {
		return reasonForm
	}
	level, rest, ok := bracket(rest)
	if !ok {
		return reasonForm
	}
	module, level, found := strings.Cut(level, ":")
	if !found {
		module, level = "", module
	}
	r.Set("apache.error.module", module)
	r.Keep("event.category", "web")
	r.Keep("event.dataset", "apache.error")
	r.Keep("event.kind", "event")
	r.Keep("event.module", "apache")
	r.Set("event.type", levels[level])
	r.Set("log.level", level)
	for {
		tag, after, ok := bracket(rest)
		if !ok || !tagged(r, tag) {
			break
		}
		rest = after
	}
	r.Keep("message", rest)
	meaning(r, systemError(r, rest))
	return ""
}

// tagged sets what a tag of the head says and reports whether it is one.
func tagged(r *linelog.Record, tag string) bool {
	name, value, _ := strings.Cut(tag, " ")
	switch name {
	case "pid":
		pid, tid, _ := strings.Cut(value, ":tid ")
		r.Number("process.pid", pid, "apache.error.pid")
		r.Number("process.thread.id", tid, "apache.error.tid")
	case "client", "remote":
		host, port := linelog.HostPort(value)
		r.Endpoint(linelog.Source, host, port)
	default:
		return false
	}
	return true
}
