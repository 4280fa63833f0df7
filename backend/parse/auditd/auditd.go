// Package auditd reads the log of the Linux audit daemon (audit.log): raw and enriched records, and joins the records of one
// serial number to one event.
//
// Stage 2 of the flow, one format of parse. It keeps true that a record stands in exactly one event or is a counted skip, that
// records of one event are found although those of others stand between them, and that values which the kernel wrote in
// hexadecimal are shown as the text they are. Ids are resolved only by the names that the log itself states (ENRICHED format),
// never by the accounts of the machine that reads it.
//
// Specifications: auditd.conf(5) log_format; linux-audit/audit-documentation "Audit Event Parsing"; the tables beside say where
// names of records, calls and actions come from. Records inside syslog lines are left to syslog.
package auditd

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "auditd"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not an audit record"

// endOfEvent is the record that closes an event and holds nothing.
const endOfEvent = "EOE"

// Format reads audit logs.
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
	return linelog.Score(head, 97, func(line []byte) bool { _, _, ok := parseHeader(string(line)); return ok }, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	p := &parser{tables: tables()}
	res, err := linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "an audit record", Joins: p.joins, Read: p.read}, emit)
	if p.records > res.Parsed {
		note(&res, fmt.Sprintf("%d audit records make %d events", p.records, res.Parsed))
	}
	if p.serials.absent > 0 {
		note(&res, fmt.Sprintf("%d serial numbers between the first and the last do not occur: those events were filtered out or lost, or they stand in another file", p.serials.absent))
	}
	return res, err
}

func note(res *parse.Result, text string) {
	if res.Note != "" {
		res.Note += ". "
	}
	res.Note += text
}

type parser struct {
	tables  *tableSet
	serials serials
	records int64 // in events emitted
}

// joins names the event of a record by its node, time and serial number.
func (p *parser) joins(line []byte) (string, bool) {
	h, _, ok := parseHeader(string(line))
	if !ok {
		return "", false
	}
	p.serials.saw(h.serial)
	return h.node + " " + h.time + ":" + strconv.FormatUint(uint64(h.serial), 10), h.kind == endOfEvent
}

func (p *parser) read(r *linelog.Record) string {
	var messages []*message
	lines := strings.Split(r.Text, "\n")
	for _, line := range lines {
		h, body, ok := parseHeader(line)
		if !ok {
			return reasonForm // a line alone: joins gave it no name
		}
		if h.kind == endOfEvent && len(lines) > 1 {
			continue
		}
		messages = append(messages, p.tables.message(h, body))
	}
	if len(messages) == 0 || r.At(event.Occurred, messages[0].time) != nil {
		return linelog.ReasonTime
	}
	p.records += int64(len(lines))
	s := p.tables.join(messages)
	s.records = len(lines)
	s.fill(r)
	return ""
}

// header is what each record begins with: [node=X] type=X msg=audit(seconds.milliseconds:serial):
type header struct {
	node, kind string
	time       string // seconds.milliseconds
	serial     uint32
}

func parseHeader(s string) (h header, body string, ok bool) {
	if rest, found := strings.CutPrefix(s, "node="); found {
		if h.node, s, found = strings.Cut(rest, " "); !found {
			return h, "", false
		}
	}
	s, ok = strings.CutPrefix(s, "type=")
	if !ok {
		return h, "", false
	}
	h.kind, s, ok = strings.Cut(s, " ")
	if !ok || !isKind(h.kind) {
		return h, "", false
	}
	s, ok = strings.CutPrefix(s, "msg=audit(")
	if !ok {
		return h, "", false
	}
	stamp, body, ok := strings.Cut(s, ")")
	if !ok || len(stamp) > 48 || body != "" && body[0] != ':' && body[0] != ' ' { // the daemon's own records have no colon
		return h, "", false
	}
	body = strings.TrimPrefix(body, ":")
	at, serial, ok := strings.Cut(stamp, ":")
	sec, msec, dotted := strings.Cut(at, ".")
	if !ok || !dotted || !digits(sec) || !digits(msec) || len(msec) > 9 {
		return h, "", false
	}
	n, err := strconv.ParseUint(serial, 10, 32)
	if err != nil {
		return h, "", false
	}
	h.time, h.serial = at, uint32(n)
	return h, strings.TrimLeft(body, " "), true
}

// isKind accepts names of record types, known or not, and UNKNOWN[1323].
func isKind(s string) bool {
	if i := strings.IndexByte(s, '['); i > 0 {
		if !strings.HasSuffix(s, "]") || !digits(s[i+1:len(s)-1]) {
			return false
		}
		s = s[:i]
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return s != "" && len(s) < 48
}

func digits(s string) bool { return s != "" && len(s) < 20 && strings.Trim(s, "0123456789") == "" }

// serials counts numbers that do not occur. They rise by one for each event, turn over after 2^32-1 and begin anew when the
// machine starts; events reach the log out of order by a few.
type serials struct {
	highest uint32
	begun   bool
	absent  int64
}

// serialWindow is how far two numbers may lie apart and still be of one run of the machine.
const serialWindow = 100_000

func (s *serials) saw(n uint32) {
	d := int32(n - s.highest) // of a turn-over, too
	switch {
	case !s.begun || d > serialWindow || d < -serialWindow || d < -64 && n < 64:
		s.highest, s.begun = n, true
	case d > 0:
		s.absent += int64(d) - 1
		s.highest = n
	}
}
