// Package syslog reads syslog files: RFC 5424, RFC 3164 as files keep it (with or without <PRI>), rsyslog's ISO times, and
// the lines of auth.log and secure, whose meaning it takes from a reviewable table.
//
// Stage 2 of the flow, one format of parse. It keeps true that a line is an event, part of the event before it (lines
// that begin with white space, or with nothing that a record begins with), or a counted skip, and that a year or zone that the
// file does not state is said to be assumed and by whom. A line that says "repeated n times" stays one event, which carries the
// number and the meaning of what it repeats.
//
// Specifications: RFC 5424 §6, RFC 3164 §4, RFC 6587 §3.4.1 (octet counting); rsyslog's templates RSYSLOG_TraditionalFileFormat,
// RSYSLOG_FileFormat, RSYSLOG_SyslogProtocol23Format and RSYSLOG_SysklogdFileFormat.
package syslog

import (
	"context"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/netfilter"
	"adjutant/backend/parse/yearless"
)

// Name is the parser's word in receipts and event ids.
const Name = "syslog"

// version changes whenever the same bytes give other events.
const version = "2"

// The reason under which lines are counted as skipped.
const reasonForm = "not a syslog line"

// Format reads syslog files.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

// Detect counts how many of the first lines begin like syslog. Lines that continue another are passed over.
func (Format) Detect(head []byte, name string) int {
	if framed(head) {
		return 85
	}
	score := linelog.Score(head, 80, func(line []byte) bool {
		h, ok := parseHead(string(line))
		return ok && (!h.stated || h.rfc5424 || h.program != "") // other logs begin with an ISO time, too
	}, indented, nil)
	base := strings.ToLower(name)
	for _, known := range []string{"syslog", "auth.log", "secure", "messages", "kern.log", "daemon.log", "cron.log", "cron"} {
		if score > 0 && strings.HasPrefix(base, known) {
			return score + 5
		}
	}
	return score
}

func indented(b []byte) bool { return len(b) > 0 && (b[0] == ' ' || b[0] == '\t') }

// begins says that a line wants to be a record, whole or damaged: it starts with a priority, a month or a year.
func begins(b []byte) bool {
	if len(b) < 4 {
		return false
	}
	return b[0] == '<' || b[3] == ' ' && yearless.Month(string(b[:3])) > 0 || len(b) > 10 && b[4] == '-' && b[7] == '-' && isYear(string(b[:4]))
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	p := &parser{}
	g := linelog.Grammar{
		Name: Name, Version: version, What: "a syslog line", Continues: p.continues, Aside: p.opens, Read: p.read,
		Yearless: func(line []byte) (yearless.Civil, bool) {
			if indented(line) {
				return yearless.Civil{}, false
			}
			return wallTime(string(line))
		},
	}
	head := make([]byte, min(in.Size, 4<<10))
	if n, _ := in.Reader.ReadAt(head, 0); framed(head[:n]) { // a read that fails here fails again in the walk, which reports it
		g.Source, g.Continues, g.Aside = newFrames, nil, nil
	}
	return linelog.Parse(ctx, in, g, emit)
}

type parser struct {
	begun    bool // the record under way began like syslog
	previous previous
}

// opens takes note of how a record begins; it sets no line aside.
func (p *parser) opens(line []byte) bool {
	p.begun = begins(line)
	return false
}

// continues says that a line belongs to the record before it: messages with line breaks are written as they are by daemons that
// do not escape them.
func (p *parser) continues(line []byte) bool { return indented(line) || p.begun && !begins(line) }

func (p *parser) read(r *linelog.Record) string {
	first, more, _ := strings.Cut(r.Text, "\n")
	h, ok := parseHead(first)
	if !ok {
		return reasonForm
	}
	var err error
	switch {
	case h.time == "-": // RFC 5424 allows that for none
	case h.stated:
		err = r.At(event.Occurred, h.time)
	default:
		err = r.Civil(event.Occurred, h.civil, h.time)
	}
	if err != nil {
		return linelog.ReasonTime
	}
	if more != "" {
		h.message += "\n" + more
		if !indented([]byte(more)) {
			r.Warn("lines without a time of their own were read as part of the message before them")
		}
	}
	p.fields(r, &h)
	if h.program == "kernel" && netfilter.IsPacket(h.message) {
		netfilter.Packet(r, h.message) // the message stays the kernel's own
	}
	return ""
}

func (p *parser) fields(r *linelog.Record, h *head) {
	r.Keep("event.kind", "event")
	r.Keep("event.module", "system")
	r.Keep("message", h.message)
	r.Keep("host.name", h.host)
	r.Keep("host.hostname", h.host)
	r.Keep("process.name", h.program)
	r.Keep("syslog.service", h.service)
	if len(h.pid) < 11 {
		r.Number("process.pid", h.pid, "log.syslog.procid")
	} else {
		r.Keep("log.syslog.procid", h.pid)
	}
	if h.priority >= 0 {
		n := strconv.Itoa
		r.Number("log.syslog.priority", n(h.priority), "")
		r.Number("log.syslog.facility.code", n(h.priority/8), "")
		r.Keep("log.syslog.facility.name", Facility(h.priority/8))
		r.Number("log.syslog.severity.code", n(h.priority%8), "")
		r.Keep("log.syslog.severity.name", Severity(h.priority%8))
	}
	if h.rfc5424 {
		r.Keep("log.syslog.version", "1")
		r.Keep("log.syslog.msgid", h.msgID)
		for _, d := range h.data {
			r.Keep("log.syslog.structured_data."+d.name, d.value)
		}
	}
	program, message := p.repeat(r, h)
	known := Meaning(r, program, message)
	dataset := "system.syslog"
	if known || h.priority >= 0 && (h.priority/8 == 4 || h.priority/8 == 10) {
		dataset = "system.auth"
	}
	r.Keep("event.dataset", dataset)
}

var facilities = [24]string{"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
	"ntp", "security", "console", "solaris-cron", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"}

var severities = [8]string{"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"}

// Facility is the word of syslog.conf for a facility, "" for a number that is none.
func Facility(n int) string {
	if n < 0 || n >= len(facilities) {
		return ""
	}
	return facilities[n]
}

// Severity is the word of syslog.conf for a severity, "" for a number that is none.
func Severity(n int) string {
	if n < 0 || n >= len(severities) {
		return ""
	}
	return severities[n]
}
