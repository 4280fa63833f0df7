// Package syslog reads syslog files: RFC 5424, RFC 3164 as files keep it (with or without <PRI>), rsyslog's ISO times, and
// the lines of auth.log and secure, whose meaning it takes from a reviewable table.
//
// Stage 2 of the flow, one format of parse. It keeps true that a line is an event, part of the event before it (lines
// that begin with white space), or a counted skip, and that a year or zone that the file does not state is said to be
// assumed and by whom. It does not join messages "repeated n times" with what they repeat.
//
// Specifications: RFC 5424 §6, RFC 3164 §4.
package syslog

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
	"adjutant/backend/parse/stamp"
)

// Name is the parser's word in receipts and event ids.
const Name = "syslog"

// version changes whenever the same bytes give other events.
const version = "1"

// Reasons under which lines are counted as skipped.
const (
	reasonForm = "not a syslog line"
	reasonTime = "impossible time"
	reasonLong = "line longer than 16 MiB"
)

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
	r := lines.New(strings.NewReader(string(head)), int64(len(head)))
	seen, good := 0, 0
	for seen < 60 {
		l, err := r.Next()
		if err != nil {
			break
		}
		if l.Blank() || continues(l.Text) {
			continue
		}
		if l.Offset+l.Size == int64(len(head)) && seen > 0 {
			break // perhaps cut in the middle
		}
		seen++
		h, ok := parseHead(string(l.Text))
		if ok && (!h.stated || h.rfc5424 || h.program != "") { // other logs begin with an ISO time, too
			good++
		}
	}
	if seen == 0 || good*10 < seen*6 {
		return 0
	}
	score := 80 * good / seen
	base := strings.ToLower(name)
	for _, known := range []string{"syslog", "auth.log", "secure", "messages", "kern.log", "daemon.log"} {
		if strings.HasPrefix(base, known) {
			score += 5
		}
	}
	return score
}

// continues says that a line belongs to the record before it.
func continues(b []byte) bool { return len(b) > 0 && (b[0] == ' ' || b[0] == '\t') }

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	p := &parser{emit: emit, zone: stamp.New(in.Assume), rules: authRules()}
	if err := p.years.prepare(ctx, in); err != nil {
		p.res.Status = parse.StatusFailed
		p.res.Note = strings.TrimPrefix(err.Error(), parse.ErrNeedsAnswer.Error()+": ")
		return p.res, err
	}
	err := p.run(ctx, in)
	p.finish()
	return p.res, err
}

type parser struct {
	res     parse.Result
	emit    func(*event.Event) error
	zone    *stamp.Reader
	years   years
	rules   map[string][]authRule
	pending *record
}

// record is a line and the lines that continue it.
type record struct {
	head   head
	offset int64
	size   int64
	text   strings.Builder // message with its continuations
	bad    int             // bytes that are not UTF-8
}

func (p *parser) run(ctx context.Context, in parse.Input) error {
	r := lines.New(in.Reader, in.Size)
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		l, err := r.Next()
		if errors.Is(err, io.EOF) {
			return p.flush()
		}
		if err != nil {
			return errors.Join(p.flush(), err)
		}
		if err := p.line(l); err != nil {
			return err
		}
	}
}

func (p *parser) line(l lines.Line) error {
	if l.Blank() {
		return nil
	}
	if l.TooLong {
		p.res.Read++
		p.skip(reasonLong, l.Offset)
		return p.flush()
	}
	text, bad := lines.Clean(l.Text)
	if continues(l.Text) && p.pending != nil && p.pending.text.Len()+len(text) < parse.MaxRecordBytes {
		p.pending.text.WriteByte('\n')
		p.pending.text.WriteString(text)
		p.pending.size = l.Offset + l.Size - p.pending.offset
		p.pending.bad += bad
		return nil
	}
	if err := p.flush(); err != nil {
		return err
	}
	p.res.Read++
	h, ok := parseHead(text)
	if !ok {
		p.skip(reasonForm, l.Offset)
		return nil
	}
	p.pending = &record{head: h, offset: l.Offset, size: l.Size, bad: bad}
	p.pending.text.WriteString(h.message)
	return nil
}

func (p *parser) skip(reason string, offset int64) {
	p.res.Skip(reason)
	p.res.Warn(offset, reason)
}

// flush emits the record that is complete now.
func (p *parser) flush() error {
	rec := p.pending
	p.pending = nil
	if rec == nil {
		return nil
	}
	at, err := p.time(rec.head)
	if err != nil {
		p.skip(reasonTime, rec.offset)
		return nil
	}
	e := &event.Event{Parser: Name, Version: version, Locator: event.Locator{Offset: rec.offset, Length: rec.size}}
	if at != nil {
		e.Times = []event.Time{*at}
		p.res.Saw(at.At)
	}
	lines.WarnBadBytes(&p.res, rec.offset, rec.bad)
	p.fields(e, rec)
	e.Sort()
	p.res.Parsed++
	return p.emit(e)
}

// time reads the record's time; RFC 5424 allows "-" for none.
func (p *parser) time(h head) (*event.Time, error) {
	if h.time == "-" {
		return nil, nil
	}
	if h.stated {
		t, err := p.zone.Read(h.time)
		return &t, err
	}
	c := h.civil
	year := c.year
	if year == 0 {
		year = p.years.next(c)
	}
	t, err := p.zone.Civil(year, c.month, c.day, c.hour, c.min, c.sec, c.nsec, h.time)
	if err == nil && c.year == 0 {
		p.years.used(year)
		if p.years.by == "default" || t.Assumed == "" {
			t.Assumed = p.years.by
		}
	}
	return &t, err
}

func (p *parser) fields(e *event.Event, rec *record) {
	h := rec.head
	message := rec.text.String()
	e.Set("event.kind", event.KindString, "event")
	e.Set("event.module", event.KindString, "system")
	e.Set("message", event.KindString, message)
	e.Set("host.name", event.KindString, h.host)
	e.Set("host.hostname", event.KindString, h.host)
	e.Set("process.name", event.KindString, h.program)
	e.Set("syslog.service", event.KindString, h.service)
	if _, err := strconv.ParseUint(h.pid, 10, 32); err == nil {
		e.Set("process.pid", event.KindNumber, strings.TrimLeft(h.pid[:len(h.pid)-1], "0")+h.pid[len(h.pid)-1:])
	} else {
		e.Set("log.syslog.procid", event.KindString, h.pid)
	}
	if h.priority >= 0 {
		n := strconv.Itoa
		e.Set("log.syslog.priority", event.KindNumber, n(h.priority))
		e.Set("log.syslog.facility.code", event.KindNumber, n(h.priority/8))
		e.Set("log.syslog.facility.name", event.KindString, facilities[h.priority/8])
		e.Set("log.syslog.severity.code", event.KindNumber, n(h.priority%8))
		e.Set("log.syslog.severity.name", event.KindString, severities[h.priority%8])
	}
	if h.rfc5424 {
		e.Set("log.syslog.version", event.KindString, "1")
		e.Set("log.syslog.msgid", event.KindString, h.msgID)
		for _, d := range h.data {
			e.Set("log.syslog.structured_data."+d.name, event.KindString, d.value)
		}
	}
	known := p.meaning(e, h, message)
	dataset := "system.syslog"
	if known || h.priority >= 0 && (h.priority/8 == 4 || h.priority/8 == 10) {
		dataset = "system.auth"
	}
	e.Set("event.dataset", event.KindString, dataset)
}

var facilities = [24]string{"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
	"ntp", "security", "console", "solaris-cron", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"}

var severities = [8]string{"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"}

func (p *parser) finish() {
	r := &p.res
	switch {
	case r.Read == 0:
		r.Status = parse.StatusEmpty
		r.Note = "the file holds no line"
	case r.Parsed == 0:
		r.Status = parse.StatusFailed
		r.Note = "no line could be read as syslog"
	case r.Parsed < r.Read:
		r.Status = parse.StatusPartial
	default:
		r.Status = parse.StatusOK
	}
	for _, note := range []string{p.years.note(), p.zone.Note()} {
		if note != "" && r.Note != "" {
			r.Note += ". "
		}
		r.Note += note
	}
	if r.Note != "" {
		r.Note = strings.ToUpper(r.Note[:1]) + r.Note[1:]
	}
}
