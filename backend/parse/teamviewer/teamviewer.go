// Package teamviewer reads TeamViewer's log (TeamViewer15_Logfile.log) and its lists of connections (Connections_incoming.txt,
// connections.txt).
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that lines of the log are read under the zone that the
// last start of the program states, the first ones under that of the first start, and that the lists hold UTC. A start that lies on
// the other side of a change of summer time states another zone; lines between are read under the older one. It judges nothing.
//
// Specification: Plaso, plug-ins teamviewer_application_log, teamviewer_connections_incoming and teamviewer_connections_outgoing;
// TeamViewer, "Log file reading".
package teamviewer

import (
	"bytes"
	"context"
	"strings"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/lines"
	"adjutant/backend/parse/stamp"
)

// Name is the parser's word in receipts and event ids.
const Name = "teamviewer"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of TeamViewer"

// Format reads TeamViewer's logs. It has no state.
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
	if score := linelog.Score(head, 95, isConnection, nil, nil); score > 0 {
		return score
	}
	l := &log{}
	return linelog.Score(head, 95, isEntry, l.continues, l.aside)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	l := &log{zone: firstZone(in)}
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of TeamViewer", Read: l.read, Continues: l.continues, Aside: l.aside}, emit)
}

// log is the state of one file: what the last start of the program said.
type log struct {
	heading     bool
	zone        *time.Location
	address, id string
}

const startMark = "Start:"

// firstZone looks for the first start, which stands behind the first lines that the program writes.
func firstZone(in parse.Input) *time.Location {
	r := lines.New(in.Reader, min(in.Size, parse.HeadBytes))
	for {
		l, err := r.Next()
		if err != nil {
			return nil
		}
		if bytes.HasPrefix(l.Text, []byte(startMark)) {
			return zoneOf(string(l.Text))
		}
	}
}

// zoneOf takes "Start:              2024/02/16 06:05:19.548 (UTC-8:00)".
func zoneOf(s string) *time.Location {
	_, rest, found := strings.Cut(s, "(UTC")
	offset, _, ends := strings.Cut(rest, ")")
	if !found || !ends {
		return nil
	}
	if offset == "" {
		return time.UTC
	}
	if len(offset) == 5 { // -8:00
		offset = offset[:1] + "0" + offset[1:]
	}
	return stamp.ZoneNamed(offset)
}

// aside takes the lines of a start, up to the next line with a time.
func (l *log) aside(line []byte) bool {
	s := string(line)
	switch {
	case strings.HasPrefix(s, startMark):
		l.heading, l.zone = true, zoneOf(s)
		return true
	case isEntry(line) || isConnection(line):
		l.heading = false
		return false
	case l.heading:
		key, value, _ := strings.Cut(s, ":")
		switch value = strings.TrimSpace(value); key {
		case "IP":
			l.address = linelog.IP(value)
		case "ID":
			if l.id = ""; strings.Trim(value, "0123456789") == "" {
				l.id = value
			}
		}
	}
	return l.heading
}

func (l *log) continues(line []byte) bool {
	return !l.heading && !isEntry(line) && !isConnection(line) && !bytes.HasPrefix(line, []byte(startMark))
}

// entry is "2024/02/16 06:05:19.561  2136       5868 S0   message".
type entry struct{ date, clock, pid, tid, mark, text string }

func split(s string) (e entry, ok bool) {
	if len(s) < 30 || s[4] != '/' || s[7] != '/' || s[10] != ' ' || s[13] != ':' || s[19] != '.' {
		return e, false
	}
	words := [5]*string{&e.date, &e.clock, &e.pid, &e.tid, &e.mark}
	for _, w := range words {
		*w, s, _ = strings.Cut(strings.TrimLeft(s, " "), " ")
	}
	e.text = strings.TrimSpace(s)
	return e, e.mark != "" && strings.Trim(e.pid+e.tid, "0123456789") == ""
}

func isEntry(line []byte) bool {
	_, ok := split(string(line))
	return ok
}

func (l *log) read(r *linelog.Record) string {
	first, more, _ := strings.Cut(r.Text, "\n")
	if c, ok := connectionOf(first); ok && more == "" {
		return c.read(r)
	}
	e, ok := split(first)
	if !ok {
		return reasonForm
	}
	if l.when(r, e) != nil {
		return linelog.ReasonTime
	}
	r.Number("process.pid", e.pid, "")
	r.Number("process.thread.id", e.tid, "")
	r.Set("teamviewer.mark", e.mark)
	r.Set("host.ip", l.address)
	r.Set("teamviewer.id", l.id)
	if strings.HasSuffix(e.mark, "!!") {
		r.Set("log.level", "error")
	} else if strings.HasSuffix(e.mark, "!") {
		r.Set("log.level", "warning")
	}
	said(r, e.text)
	if more != "" {
		e.text += "\n" + more
	}
	r.Set("message", e.text)
	r.Set("event.kind", "event")
	r.Set("event.module", "teamviewer")
	r.Set("event.dataset", "teamviewer.log")
	return ""
}

func (l *log) when(r *linelog.Record, e entry) error {
	original := e.date + " " + e.clock
	if l.zone == nil {
		return r.At(event.Occurred, strings.ReplaceAll(e.date, "/", "-")+" "+e.clock)
	}
	at, err := time.ParseInLocation("2006/01/02 15:04:05.000", original, l.zone)
	if err != nil {
		return err
	}
	_, offset := at.Zone()
	t, err := r.Times.Zoned(at.Year(), int(at.Month()), at.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), offset, original)
	if err != nil {
		return err
	}
	r.Time(t)
	return nil
}

// said takes who came and from where out of the program's sentences.
func said(r *linelog.Record, text string) {
	switch {
	case strings.Contains(text, "AddParticipant: ["): // [1660360496,115469523] type=6 name=x
		_, rest, _ := strings.Cut(text, "AddParticipant: [")
		id, rest, _ := strings.Cut(rest, ",")
		_, name, _ := strings.Cut(rest, " name=")
		r.Set("teamviewer.participant_id", id)
		r.Set("teamviewer.participant_name", name)
		r.Set("event.action", "participant-added")
	case strings.Contains(text, "client hello received from "):
		_, rest, _ := strings.Cut(text, "client hello received from ")
		id, _, _ := strings.Cut(rest, ",")
		r.Set("teamviewer.participant_id", id)
		r.Set("event.action", "session-incoming")
		r.Set("event.category", "network")
	case strings.Contains(text, "punch received a="): // UDPv4: punch received a=203.0.113.9:50112: (*)
		_, rest, _ := strings.Cut(text, "punch received a=")
		peer, _, _ := strings.Cut(rest, " ")
		host, port := linelog.HostPort(strings.TrimSuffix(peer, ":"))
		r.Endpoint(linelog.Source, host, port)
		r.Set("event.action", "peer-address")
		r.Set("event.category", "network")
	case strings.Contains(text, "authentication using ") && strings.Contains(text, " was "):
		_, outcome, _ := strings.Cut(text, " was ")
		r.Set("event.action", "login")
		r.Set("event.category", "authentication")
		switch {
		case strings.HasPrefix(outcome, "successful"):
			r.Set("event.outcome", "success")
		default:
			r.Set("event.outcome", "failure")
		}
	}
}
