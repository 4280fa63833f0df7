// Package vsftpd reads the log of the vsftpd file server (vsftpd.log). Its other log, in the form of wu-ftpd, is xferlog's.
//
// Stage 2 of the flow, one format of parse. It keeps true that every line is an event or a counted skip, that names of files,
// which a client chose, are kept as they stand, and that times, which state no zone, say who assumed one.
//
// Specification: vsftpd.conf(5), vsftpd_log_file; logging.c of vsftpd 3.0 for the words.
package vsftpd

import (
	"context"
	"net/netip"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "vsftpd"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a vsftpd log line"

// Format reads vsftpd.log.
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
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a vsftpd log line", Read: read}, emit)
}

// entry is "Www Mmm dd hh:mm:ss yyyy [pid n] [user] OK VERB: Client "address", "path", n bytes, n Kbyte/sec".
type entry struct {
	time, pid, user string
	outcome, verb   string
	client          string
	rest            string // behind the client
	text            string // all behind the time
}

func parseLine(s string) (e entry, ok bool) {
	if len(s) < 32 || s[3] != ' ' || s[13] != ':' || s[19] != ' ' || s[24] != ' ' {
		return e, false
	}
	e.time, e.text = s[:24], s[25:]
	rest, ok := strings.CutPrefix(e.text, "[pid ")
	if !ok {
		return e, false
	}
	if e.pid, rest, ok = strings.Cut(rest, "] "); !ok || e.pid == "" || strings.Trim(e.pid, "0123456789") != "" {
		return e, false
	}
	if user, found := strings.CutPrefix(rest, "["); found {
		// The name is what a client sent; the last bracket before the word is the log's own.
		if i := strings.Index(user, "] "); i >= 0 {
			e.user, rest = user[:i], user[i+2:]
		}
	}
	head, after, ok := strings.Cut(rest, ":")
	if !ok {
		return e, false
	}
	e.verb = head
	for _, word := range []string{"OK ", "FAIL "} {
		if v, found := strings.CutPrefix(head, word); found {
			e.outcome, e.verb = strings.TrimSpace(word), v
		}
	}
	if verbs[e.verb] == (meaning{}) {
		return e, false
	}
	e.rest = strings.TrimPrefix(after, " ")
	if c, found := strings.CutPrefix(e.rest, `Client "`); found {
		if e.client, e.rest, found = strings.Cut(c, `"`); !found {
			return e, false
		}
		e.rest = strings.TrimPrefix(e.rest, ", ")
	}
	return e, true
}

type meaning struct{ action, category, kind string }

var verbs = map[string]meaning{
	"CONNECT": {"ftp-connection", "network", "start"}, "LOGIN": {"ftp-login", "authentication", "start"},
	"UPLOAD": {"file-uploaded", "file", "creation"}, "DOWNLOAD": {"file-downloaded", "file", "access"}, "APPEND": {"file-appended", "file", "change"},
	"MKDIR": {"directory-created", "file", "creation"}, "RMDIR": {"directory-deleted", "file", "deletion"}, "DELETE": {"file-deleted", "file", "deletion"},
	"RENAME": {"file-renamed", "file", "change"}, "CHMOD": {"file-mode-changed", "file", "change"},
	"FTP command": {"ftp-command", "network", "protocol"}, "FTP response": {"ftp-response", "network", "protocol"}, "DEBUG": {"ftp-debug", "network", "info"}, "HTTP response": {"http-response", "network", "protocol"},
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
	m := verbs[e.verb]
	r.Set("event.kind", "event")
	r.Set("event.category", m.category)
	r.Set("event.type", m.kind)
	r.Set("event.action", m.action)
	r.Set("event.outcome", map[string]string{"OK": "success", "FAIL": "failure"}[e.outcome])
	r.Set("event.module", "vsftpd")
	r.Set("event.dataset", "vsftpd.log")
	r.Set("network.protocol", "ftp")
	r.Number("process.pid", e.pid, "")
	r.Keep("user.name", e.user)
	r.Set("source.address", e.client)
	if ip, err := netip.ParseAddr(e.client); err == nil {
		r.Set("source.ip", ip.Unmap().String())
	} else {
		r.Set("source.domain", e.client)
	}
	r.Set("message", e.text)
	e.details(r)
	return ""
}

// details reads what follows the client: a quoted path or text, sizes, a password of an anonymous user.
func (e *entry) details(r *linelog.Record) {
	rest := e.rest
	if p, ok := strings.CutPrefix(rest, `anon password "`); ok {
		r.Keep("vsftpd.anon_password", strings.TrimSuffix(p, `"`))
		return
	}
	if p, ok := strings.CutPrefix(rest, `"`); ok {
		// A path may hold quotes: the one before the last numbers ends it.
		end := strings.LastIndexByte(p, '"')
		if end < 0 {
			r.Keep("vsftpd.text", rest)
			return
		}
		path, tail := p[:end], strings.TrimPrefix(p[end+1:], ", ")
		if verbs[e.verb].category != "file" {
			r.Keep("vsftpd.text", path)
		} else if from, to, renamed := strings.Cut(path, " "); renamed && e.verb == "RENAME" && strings.HasPrefix(to, "/") {
			r.Keep("file.path", from)
			r.Keep("vsftpd.renamed_to", to)
		} else {
			r.Keep("file.path", path)
		}
		rest = tail
	}
	for _, part := range strings.Split(rest, ", ") {
		switch {
		case strings.HasSuffix(part, " bytes"):
			r.Number("file.size", strings.TrimSuffix(part, " bytes"), "vsftpd.text")
		case strings.HasSuffix(part, "Kbyte/sec"):
			r.Keep("vsftpd.kbyte_per_second", strings.TrimSuffix(part, "Kbyte/sec"))
		default:
			r.Keep("vsftpd.text", part)
		}
	}
}
