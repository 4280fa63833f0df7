// Package snort reads alerts in the one-line form: Snort's alert_fast, with and without the year, and Suricata's fast.log.
//
// Stage 2 of the flow, one format of parse. It keeps true that a line is an event or a counted skip, that a year or zone which the file
// does not state is said to be assumed, and that where two digits could be year or day, the order is the one in which all lines of the
// file are dates and follow each other; if both orders are, each event says so.
//
// Specifications: Snort 2.9 Users Manual §2.6.2 (alert_fast) and option -y; Snort 3 alert_fast; Suricata User Guide, "Line based alerts
// log (fast.log)".
package snort

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/stamp"
	"adjutant/backend/parse/yearless"
)

// Name is the parser's word in receipts and event ids.
const Name = "snort"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not an alert in the one-line form"

// Format reads alerts in the one-line form.
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
	return linelog.Score(head, 96, func(line []byte) bool { var a alert; return a.parse(string(line)) }, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	g := grammar{order: scout(in)}
	res, err := linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "an alert in the one-line form", Read: g.read,
		Yearless: func(line []byte) (yearless.Civil, bool) {
			d, ok := readDate(string(line))
			return d.civil(yearFirst), ok && d.parts == 2
		}}, emit)
	if g.order == either && res.Parsed > 0 {
		if res.Note != "" {
			res.Note += ". "
		}
		res.Note += doubt + "; they were read as year/month/day"
	}
	return res, err
}

// doubt is said of each time whose order the file does not show.
const doubt = "two digits of the date could be the year or the day, and nothing in the file shows which"

type grammar struct{ order order }

// alert is one line taken apart, as text.
type alert struct {
	date           date
	time           string
	action         string // Drop, wDrop: what Suricata did
	gid, sid, rev  string
	message        string
	classification string
	priority       string
	application    string
	protocol       string
	source, target string
}

func (a *alert) parse(s string) bool {
	var ok bool
	if a.date, ok = readDate(s); !ok {
		return false
	}
	a.time = s[:a.date.length]
	rest := strings.TrimLeft(s[a.date.length:], " ")
	if !strings.HasPrefix(rest, "[**]") {
		if a.action, rest, ok = strings.Cut(strings.TrimPrefix(rest, "["), "]"); !ok || len(a.action) > 16 {
			return false
		}
		rest = strings.TrimLeft(rest, " ")
	}
	if rest, ok = strings.CutPrefix(rest, "[**] ["); !ok {
		return false
	}
	id, rest, ok := strings.Cut(rest, "] ")
	ids := strings.Split(id, ":")
	if !ok || len(ids) != 3 || strings.Trim(id, "0123456789:") != "" {
		return false
	}
	a.gid, a.sid, a.rev = ids[0], ids[1], ids[2]
	end := strings.LastIndex(rest, " [**]")
	if end < 0 {
		return false
	}
	a.message = strings.Trim(rest[:end], `" `)
	rest = rest[end+len(" [**]"):]
	for {
		rest = strings.TrimLeft(rest, " ")
		if !strings.HasPrefix(rest, "[") {
			break
		}
		tag, after, ok := strings.Cut(rest[1:], "]")
		name, value, _ := strings.Cut(tag, ": ")
		if !ok {
			return false
		}
		switch name {
		case "Classification":
			a.classification = value
		case "Priority":
			a.priority = value
		case "AppID":
			a.application = value
		}
		rest = after
	}
	if a.protocol, rest, ok = strings.Cut(strings.TrimPrefix(rest, "{"), "} "); !ok {
		return false
	}
	a.source, a.target, ok = strings.Cut(rest, " -> ")
	a.target = strings.TrimSpace(a.target)
	return ok
}

// end cuts the port off. Only TCP, UDP and SCTP have ports, and there the last number is one, whatever the address looks like.
func (a *alert) end(s string) (host, port string) {
	switch a.protocol {
	case "TCP", "UDP", "SCTP":
		if i := strings.LastIndexByte(s, ':'); i > 0 && len(s)-i <= 6 {
			return strings.Trim(s[:i], "[]"), s[i+1:]
		}
	}
	return s, ""
}

func (g grammar) read(r *linelog.Record) string {
	var a alert
	if !a.parse(r.Text) {
		return reasonForm
	}
	if r.Civil(event.Occurred, a.date.civil(g.order), a.time) != nil {
		return linelog.ReasonTime
	}
	if g.order == either && a.date.parts == 3 && len(a.date.text[2]) == 2 {
		r.Keep(stamp.DoubtField, doubt)
	}
	r.Keep("event.category", "intrusion_detection")
	r.Keep("event.category", "network")
	r.Keep("event.dataset", "snort.alert")
	r.Keep("event.kind", "alert")
	r.Keep("event.module", "snort")
	r.Number("event.severity", a.priority, "")
	r.Keep("event.type", "info")
	r.Set("event.action", strings.ToLower(a.action))
	r.Set("network.application", a.application)
	r.Set("network.transport", strings.ToLower(a.protocol))
	r.Set("rule.category", a.classification)
	r.Set("rule.id", a.sid)
	r.Set("rule.name", a.message)
	r.Set("rule.version", a.rev)
	r.Number("snort.gid", a.gid, "")
	host, port := a.end(a.source)
	r.Endpoint(linelog.Source, host, port)
	host, port = a.end(a.target)
	r.Endpoint(linelog.Destination, host, port)
	r.Keep("message", a.message+": "+a.protocol+" "+a.source+" to "+a.target)
	return ""
}
