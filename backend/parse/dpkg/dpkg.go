// Package dpkg reads the log of Debian's package manager (dpkg.log).
//
// Stage 2 of the flow, one format of parse. It keeps true that every line is an event or a counted skip, and that its times, which
// state no zone, say who assumed one.
//
// Specification: dpkg(1), --log.
package dpkg

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "dpkg"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a dpkg log line"

// Format reads dpkg.log.
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
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a dpkg log line", Read: read}, emit)
}

// entry is "YYYY-MM-DD hh:mm:ss verb words…".
type entry struct {
	time, verb string
	words      []string
}

// verbs are what a line may say, with the type of change that ECS knows, and how many words must follow.
var verbs = map[string]struct {
	kind  string
	words int
}{
	"install": {"installation", 3}, "upgrade": {"change", 3}, "configure": {"change", 3}, "trigproc": {"change", 3}, "remove": {"deletion", 3}, "purge": {"deletion", 3},
	"disappear": {"deletion", 2}, "status": {"info", 3}, "startup": {"info", 2}, "conffile": {"change", 2},
}

func parseLine(s string) (e entry, ok bool) {
	if len(s) < 21 || s[4] != '-' || s[7] != '-' || s[10] != ' ' || s[13] != ':' || s[19] != ' ' {
		return e, false
	}
	words := strings.Fields(s[20:])
	if len(words) == 0 {
		return e, false
	}
	v, known := verbs[words[0]]
	if !known || len(words)-1 < v.words {
		return e, false
	}
	return entry{s[:19], words[0], words[1:]}, true
}

func read(r *linelog.Record) string {
	e, ok := parseLine(r.Text)
	if !ok {
		return reasonForm
	}
	if r.At(event.Occurred, e.time) != nil {
		return linelog.ReasonTime
	}
	r.Set("event.kind", "event")
	r.Set("event.category", "package")
	r.Set("event.type", verbs[e.verb].kind)
	r.Set("event.module", "dpkg")
	r.Set("event.dataset", "dpkg.log")
	r.Set("message", r.Text[20:])
	w := e.words
	switch e.verb {
	case "startup":
		r.Set("event.action", "startup")
		r.Set("dpkg.type", w[0])
		r.Set("dpkg.command", w[1])
	case "conffile":
		r.Set("event.action", "conffile")
		r.Set("file.path", strings.Join(w[:len(w)-1], " "))
		r.Set("dpkg.decision", w[len(w)-1])
	case "status":
		r.Set("event.action", "package-status")
		r.Set("dpkg.status", w[0])
		packageOf(r, w[1])
		r.Set("package.version", w[2])
	default:
		r.Set("event.action", "package-"+e.verb)
		packageOf(r, w[0])
		if len(w) > 2 {
			r.Set("dpkg.installed_version", w[1])
			r.Set("package.version", w[2])
		}
	}
	return ""
}

func packageOf(r *linelog.Record, s string) {
	name, arch, _ := strings.Cut(s, ":")
	r.Set("package.name", name)
	r.Set("package.architecture", arch)
}
