// Package santa reads Santa logs: what ran on a Mac, and what was allowed to.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that every key of a line is kept. It judges nothing.
//
// Specification: North Pole Security and Google, Santa documentation, "Logs".
package santa

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "santa"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a Santa log line"

// Format reads Santa logs: what ran on a Mac, and what was allowed to.
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
	return linelog.Score(head, 94, fits, nil, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a Santa log line", Read: read}, emit)
}

// head takes "[2018-12-10T06:45:16.802Z] I santad: action=EXEC|decision=ALLOW|…".
func head(s string) (when, level, text string, ok bool) {
	end := strings.Index(s, "] ")
	if end < 20 || s[0] != '[' {
		return "", "", "", false
	}
	level, rest, _ := strings.Cut(s[end+2:], " ")
	text, found := strings.CutPrefix(rest, "santad: ")
	return s[1:end], level, text, found
}

func fits(line []byte) bool {
	_, _, text, ok := head(string(line))
	return ok && strings.HasPrefix(text, "action=")
}

var fields = map[string]string{"sha256": "process.hash.sha256", "path": "process.executable", "args": "process.command_line", "pid": "process.pid", "ppid": "process.parent.pid",
	"user": "user.name", "uid": "user.id", "group": "group.name", "gid": "group.id", "newpath": "file.path"}

// Bounds of a line's keys; some forty are known.
const (
	maxPairs = 200
	maxKey   = 40
)

// pairs cuts "action=EXEC|args=/bin/sh -c a|b" at the bars that a key follows: what follows another is part of the value.
func pairs(text string) (out [][2]string) {
	key, from := "text", 0 // of the value that is open
	for at := 0; at <= len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '|'); i >= 0 {
			end = at + i
		}
		if name, _, found := strings.Cut(text[at:min(end, at+maxKey+1)], "="); found && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == "" && len(out) < maxPairs {
			if at > 0 {
				out = append(out, [2]string{key, text[from : at-1]})
			}
			key, from = name, at+len(name)+1
		}
		at = end + 1
	}
	return append(out, [2]string{key, text[from:]})
}

func read(r *linelog.Record) string {
	when, level, text, ok := head(r.Text)
	if !ok {
		return reasonForm
	}
	if r.At(event.Occurred, when) != nil {
		return linelog.ReasonTime
	}
	said := map[string]string{}
	for _, pair := range pairs(text) {
		key, value := pair[0], pair[1]
		said[key] = value
		switch field := fields[key]; {
		case key == "pid" || key == "ppid":
			r.Number(field, value, "santa."+key)
		case field != "":
			r.Set(field, value)
		default:
			r.Set("santa."+key, value)
		}
	}
	r.Set("log.level", level)
	r.Set("event.kind", "event")
	r.Set("event.category", "process")
	r.Set("event.module", "santa")
	r.Set("event.dataset", "santa.log")
	r.Set("event.action", strings.ToLower(said["action"]))
	switch said["decision"] {
	case "ALLOW":
		r.Set("event.outcome", "success")
	case "DENY":
		r.Set("event.outcome", "failure")
	}
	message := said["action"]
	if said["decision"] != "" {
		message += " " + said["decision"] + " (" + said["reason"] + ")"
	}
	if said["path"] != "" {
		message += ": " + said["path"]
	}
	if said["user"] != "" {
		message += " by " + said["user"]
	}
	if said["action"] == "" {
		message = text
	}
	r.Set("message", message)
	return ""
}
