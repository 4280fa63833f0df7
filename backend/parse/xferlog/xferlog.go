// Package xferlog reads transfer logs of file servers in the form of wu-ftpd, which vsftpd, ProFTPD and Pure-FTPd write, too.
//
// Stage 2 of the flow, one format of parse. It keeps true that every line is an event or a counted skip, and that a file name with
// blanks in it is read whole: the fields are taken from both ends.
//
// Specification: xferlog(5).
package xferlog

import (
	"context"
	"net/netip"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "xferlog"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a transfer log line"

// Format reads transfer logs.
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
	return linelog.Score(head, 96, func(line []byte) bool { _, ok := parseLine(string(line)); return ok }, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a transfer log line", Read: read}, emit)
}

// entry is "Www Mmm dd hh:mm:ss yyyy seconds host size file type flag direction mode user service method id status".
type entry struct {
	time, seconds, host, size, file                          string
	kind, flag, direction, access, user, service, method, id string
	status                                                   string // "c" or "i"; some servers leave it out
}

func parseLine(s string) (e entry, ok bool) {
	if len(s) < 40 || s[3] != ' ' || s[13] != ':' || s[19] != ' ' || s[24] != ' ' {
		return e, false
	}
	e.time = s[:24]
	rest := strings.TrimLeft(s[25:], " ")
	for _, to := range []*string{&e.seconds, &e.host, &e.size} {
		if *to, rest, ok = strings.Cut(rest, " "); !ok {
			return e, false
		}
	}
	if !count(e.seconds) || !count(e.size) || e.host == "" {
		return e, false
	}
	tail := []*string{&e.id, &e.method, &e.service, &e.user, &e.access, &e.direction, &e.flag, &e.kind}
	if strings.HasSuffix(rest, " c") || strings.HasSuffix(rest, " i") {
		tail = append([]*string{&e.status}, tail...)
	}
	for _, to := range tail {
		i := strings.LastIndexByte(rest, ' ')
		if i < 0 {
			return e, false
		}
		*to, rest = rest[i+1:], rest[:i]
	}
	e.file = rest
	return e, one(e.kind, "ab") && one(e.direction, "oid") && one(e.access, "agr") && len(e.flag) > 0 && strings.Trim(e.flag, "CUT_") == "" && e.file != ""
}

func count(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func one(s, of string) bool { return len(s) == 1 && strings.Contains(of, s) }

var directions = map[string][3]string{
	"o": {"file-downloaded", "access", "sent"}, "i": {"file-uploaded", "creation", "received"}, "d": {"file-deleted", "deletion", "deleted"},
}

func read(r *linelog.Record) string {
	e, ok := parseLine(r.Text)
	if !ok {
		return reasonForm
	}
	if r.At(event.Occurred, strings.Join(strings.Fields(e.time), " ")) != nil {
		return linelog.ReasonTime
	}
	r.Event.Times[0].Original = e.time
	d := directions[e.direction]
	r.Set("event.kind", "event")
	r.Set("event.category", "file")
	r.Set("event.type", d[1])
	r.Set("event.action", d[0])
	r.Set("event.outcome", map[string]string{"c": "success", "i": "failure"}[e.status])
	r.Set("event.module", "xferlog")
	r.Set("event.dataset", "xferlog.log")
	r.Number("event.duration", e.seconds+"000000000", "")
	r.Set("network.protocol", e.service)
	r.Set("source.address", e.host)
	if ip, err := netip.ParseAddr(e.host); err == nil {
		r.Set("source.ip", ip.Unmap().String())
	} else {
		r.Set("source.domain", e.host)
	}
	r.Number("file.size", e.size, "")
	r.Keep("file.path", e.file)
	r.Keep("user.name", e.user)
	r.Set("xferlog.transfer_type", map[string]string{"a": "ascii", "b": "binary"}[e.kind])
	if e.flag != "_" {
		r.Set("xferlog.special_action", e.flag)
	}
	r.Set("xferlog.access", map[string]string{"a": "anonymous", "g": "guest", "r": "real"}[e.access])
	r.Set("xferlog.authentication_method", map[string]string{"0": "none", "1": "RFC 931"}[e.method])
	if e.id != "*" {
		r.Set("xferlog.authenticated_user", e.id)
	}
	text := e.user + " at " + e.host + ": " + e.file + " " + d[2] + ", " + e.size + " bytes"
	if e.status == "i" {
		text += ", incomplete"
	}
	r.Set("message", text)
	return ""
}
