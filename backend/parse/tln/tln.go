// Package tln reads timelines in TLN, with five columns between bars, and in Plaso's l2tTLN, with seven.
//
// Stage 2 of the flow, one format of parse. It keeps true that the epoch seconds are the event's time, that a finer time which the
// description states is taken only when it is the same second, and that bars inside of a description belong to it.
//
// Specification: H. Carvey, "Timeline format" (time|source|host|user|description); Plaso documentation, output formats tln and
// l2ttln (with zone and notes).
package tln

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/stamp"
)

// Name is the parser's word in receipts and event ids.
const Name = "tln"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of TLN"

// Format reads TLN.
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
	g := &grammar{}
	return linelog.Score(head, 97, func(line []byte) bool { _, ok := g.cut(string(line)); return ok }, nil, g.aside)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	seconds, err := stamp.FormNamed("epoch-s")
	if err != nil {
		return parse.Result{}, err
	}
	g := &grammar{seconds: seconds}
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of TLN", Aside: g.aside, Read: g.read}, emit)
}

// grammar knows how many columns the header names.
type grammar struct {
	seconds stamp.Form
	wide    bool // seven columns
	known   bool // the header said so
}

// aside takes the header and comments.
func (g *grammar) aside(line []byte) bool {
	if len(line) > 0 && line[0] == '#' {
		return true
	}
	names := strings.Split(strings.ToLower(string(line[:min(len(line), 200)])), "|")
	if len(names) < 5 || names[0] != "time" || names[1] != "source" || names[4] != "description" {
		return false
	}
	g.wide, g.known = len(names) >= 7, true
	return true
}

// line is one event.
type line struct{ time, source, host, user, description, zone, notes string }

func (g *grammar) cut(s string) (line, bool) {
	parts := strings.SplitN(s, "|", 5)
	if len(parts) < 5 || len(parts[0]) < 1 || len(parts[0]) > 19 || strings.Trim(parts[0], "0123456789.") != "" || parts[0][0] == '.' {
		return line{}, false
	}
	l := line{time: parts[0], source: parts[1], host: parts[2], user: parts[3], description: parts[4]}
	notes := strings.LastIndexByte(l.description, '|')
	if notes < 0 || g.known && !g.wide {
		return l, true
	}
	zone := strings.LastIndexByte(l.description[:notes], '|')
	if zone < 0 || !g.known && stamp.ZoneNamed(l.description[zone+1:notes]) == nil {
		return l, true
	}
	l.description, l.zone, l.notes = l.description[:zone], l.description[zone+1:notes], l.description[notes+1:]
	return l, true
}

func (g *grammar) read(r *linelog.Record) string {
	l, ok := g.cut(r.Text)
	if !ok {
		return reasonForm
	}
	at, err := g.seconds.Read(r.Times, l.time)
	dated := strings.Trim(l.time, "0") != ""
	if err != nil && dated {
		return linelog.ReasonTime
	}
	message, words := l.description, ""
	// Plaso puts the exact time and its meaning in front of the description.
	if text, rest, ok := strings.Cut(l.description, "; "); ok && len(text) >= 19 && len(text) <= 40 {
		if fine, err := r.Times.Read(text); err == nil && fine.Assumed == "" && (!dated || fine.At.Unix() == at.At.Unix()) {
			at, dated = fine, true
			if w, m, ok := strings.Cut(rest, "; "); ok {
				words, message = w, m
			}
		}
	}
	if dated {
		meanings := stamp.Meanings(words)
		if len(meanings) == 0 {
			meanings = []event.TimeKind{event.Occurred}
		}
		for _, m := range meanings {
			at.Meaning = m
			r.Time(at)
		}
	}
	r.Set("event.dataset", "tln")
	r.Set("event.kind", "event")
	r.Set("event.module", "tln")
	if l.host != ":" {
		r.Set("host.name", l.host)
	}
	r.Set("message", message)
	r.Set("tln.notes", l.notes)
	r.Set("tln.source", l.source)
	r.Set("tln.time", l.time)
	r.Set("tln.timestamp_desc", words)
	r.Set("tln.zone", l.zone)
	r.Set("user.name", l.user)
	return ""
}
