// Package redis reads Redis server logs of versions 1 to 7.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that the drawing at start belongs to the line before it. It judges nothing.
//
// Specification: Redis, src/server.c, serverLogRaw.
package redis

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
const Name = "redis"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a Redis log line"

// Format reads Redis server logs of versions 1 to 7.
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
	return linelog.Score(head, 93, fits, continues, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a Redis log line", Read: read, Continues: continues, Yearless: when}, emit)
}

// entry is "26571:M 27 Dec 2018 11:19:18.874 * message", or an older form of it.
type entry struct {
	pid, role, level, text, when string
	at                           yearless.Civil
	epoch                        bool // when is seconds since 1970
}

var levels = map[string]string{".": "debug", "-": "verbose", "*": "notice", "#": "warning"}

func head(s string) (e entry, ok bool) {
	switch i := strings.IndexAny(s, ":] "); {
	case i > 0 && s[i] == ':' && digits(s[:i]):
		e.pid = s[:i]
		e.role, s, _ = strings.Cut(s[i+1:], " ")
		if rest, found := strings.CutPrefix(s, "("); found { // of a signal handler, which may not format dates
			e.when, s, ok = strings.Cut(rest, ") ")
			e.epoch, e.text = true, s
			return e, ok && digits(e.when)
		}
	case i > 1 && s[0] == '[' && s[i] == ']' && digits(s[1:i]):
		e.pid, s = s[1:i], strings.TrimPrefix(s[i+1:], " ")
	}
	p := strings.SplitN(s, " ", 6)
	if len(p) < 4 || len(p[0]) > 2 || !digits(p[0]) || yearless.Month(p[1]) == 0 {
		return e, false
	}
	e.at.Day, _ = strconv.Atoi(p[0])
	e.at.Month = yearless.Month(p[1])
	n := 2
	if len(p[2]) == 4 && digits(p[2]) {
		e.at.Year, _ = strconv.Atoi(p[2])
		n = 3
	}
	if len(p) < n+2 || !e.at.Clock(p[n]) || levels[p[n+1]] == "" {
		return e, false
	}
	e.when, e.level = strings.Join(p[:n+1], " "), levels[p[n+1]]
	e.text = strings.Join(p[n+2:], " ")
	return e, true
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func fits(line []byte) bool {
	_, ok := head(string(line))
	return ok
}

func continues(line []byte) bool { return !fits(line) }

func when(line []byte) (yearless.Civil, bool) {
	e, ok := head(string(line))
	return e.at, ok && !e.epoch
}

var roles = map[string]string{"M": "master", "S": "replica", "C": "child", "X": "sentinel"}

func read(r *linelog.Record) string {
	first, more, _ := strings.Cut(r.Text, "\n")
	e, ok := head(first)
	if !ok {
		return reasonForm
	}
	var err error
	if e.epoch {
		err = r.At(event.Occurred, e.when)
	} else {
		err = r.Civil(event.Occurred, e.at, e.when)
	}
	if err != nil {
		return linelog.ReasonTime
	}
	r.Number("process.pid", e.pid, "redis.log.process")
	if role := roles[e.role]; role != "" {
		r.Set("redis.log.role", role)
	} else {
		r.Set("redis.log.role", e.role)
	}
	r.Set("log.level", e.level)
	r.Set("message", e.text)
	r.Set("redis.log.more", more)
	if peer, found := strings.CutPrefix(e.text, "Accepted "); found { // a client
		host, port := linelog.HostPort(strings.TrimSpace(peer))
		r.Endpoint(linelog.Source, host, port)
		r.Set("event.action", "connection")
		r.Set("event.category", "network")
	}
	r.Set("event.kind", "event")
	r.Set("event.module", "redis")
	r.Set("event.dataset", "redis.log")
	return ""
}
