// Package apt reads the logs of Debian's apt: history.log, which tells each run with its packages, and term.log, which keeps what the
// run printed.
//
// Stage 2 of the flow, one format of parse. It keeps true that a run is one event with its start and its end, that a run without
// an end is marked, and that every package of a run is named.
//
// Specification: apt, apt-pkg/deb/dpkgpm.cc (OpenLog, WriteHistoryTag).
package apt

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "apt"

// version changes whenever the same bytes give other events.
const version = "1"

// Reasons under which lines are counted as skipped.
const (
	reasonForm  = "not part of a run of apt"
	reasonStart = "a run without a readable start"
)

// What runs begin and end with.
const (
	historyStart = "Start-Date: "
	historyEnd   = "End-Date: "
	termStart    = "Log started: "
	termEnd      = "Log ended: "
)

// Format reads history.log and term.log.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

// Detect implements parse.Format: both logs begin with a run.
func (Format) Detect(head []byte, _ string) int {
	head = bytes.TrimLeft(head, "\r\n\x00 ")
	line, _, _ := bytes.Cut(head, []byte("\n"))
	for _, start := range []string{historyStart, termStart} {
		if rest, ok := bytes.CutPrefix(line, []byte(start)); ok && len(rest) >= 19 && rest[4] == '-' && rest[7] == '-' {
			return 97
		}
	}
	return 0
}

// Parse implements parse.Format. A line that begins a run begins a record; all others belong to it.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	begun := false
	return linelog.Parse(ctx, in, linelog.Grammar{
		Name: Name, Version: version, What: "a run of apt",
		Aside:     func(line []byte) bool { begun = starts(line); return false },
		Continues: func(line []byte) bool { return begun && !starts(line) },
		Read:      read,
	}, emit)
}

func starts(line []byte) bool {
	return bytes.HasPrefix(line, []byte(historyStart)) || bytes.HasPrefix(line, []byte(termStart))
}

func read(r *linelog.Record) string {
	if at, ok := strings.CutPrefix(r.Text, historyStart); ok {
		return history(r, at)
	}
	if at, ok := strings.CutPrefix(r.Text, termStart); ok {
		return term(r, at)
	}
	return reasonForm
}

// at reads "2019-07-10  16:38:08" and keeps it as it stands.
func at(r *linelog.Record, meaning event.TimeKind, text string) error {
	n := len(r.Event.Times)
	err := r.At(meaning, strings.Join(strings.Fields(text), " "))
	if err == nil {
		r.Event.Times[n].Original = text
	}
	return err
}

func common(r *linelog.Record, dataset string, ended bool) {
	r.Set("event.kind", "event")
	r.Set("event.category", "package")
	r.Set("event.module", "apt")
	r.Set("event.dataset", dataset)
	if !ended {
		r.Bool("apt.unfinished", true)
	}
}

// actions are the keys that name packages, in the order in which a sentence tells them, with ECS's word for the change.
var actions = []struct{ key, verb, kind string }{
	{"Install", "installed", "installation"}, {"Reinstall", "reinstalled", "installation"}, {"Upgrade", "upgraded", "change"},
	{"Downgrade", "downgraded", "change"}, {"Remove", "removed", "deletion"}, {"Purge", "purged", "deletion"},
}

func history(r *linelog.Record, text string) string {
	first, rest, _ := strings.Cut(text, "\n")
	if at(r, event.Occurred, first) != nil {
		return reasonStart
	}
	keys := map[string]string{}
	ended := false
	last, more := "", strings.Builder{} // of a message of several lines, which may be thousands
	settle := func() {
		keys[last] += more.String()
		more.Reset()
	}
	for _, line := range strings.Split(rest, "\n") {
		key, value, ok := strings.Cut(line, ": ")
		switch {
		case strings.HasPrefix(line, historyEnd):
			if at(r, event.Ended, value) != nil {
				r.Warn("the end of a run of apt has no readable time")
			}
			ended = true
		case ok && key != "" && strings.IndexByte(key, ' ') < 0:
			settle()
			keys[key], last = value, key
		case line != "" && last != "":
			more.WriteByte('\n')
			more.WriteString(line)
		}
	}
	settle()
	delete(keys, "")
	common(r, "apt.history", ended)
	var told []string
	for _, a := range actions {
		packages := split(keys[a.key])
		delete(keys, a.key)
		if len(packages) == 0 {
			continue
		}
		r.Set("event.type", a.kind)
		r.Set("event.action", "packages-"+a.verb)
		r.Event.Set("apt."+strings.ToLower(a.key), event.KindString, packages...)
		for _, p := range packages {
			name, _, _ := strings.Cut(p, ":")
			name, _, _ = strings.Cut(name, " ")
			r.Set("package.name", name)
		}
		told = append(told, fmt.Sprintf("%s %d (%s)", a.verb, len(packages), few(packages)))
	}
	take := func(key string) string {
		v := keys[key]
		delete(keys, key)
		return v
	}
	command := take("Commandline")
	r.Set("process.command_line", command)
	if name, id, ok := strings.Cut(take("Requested-By"), " ("); ok {
		r.Set("user.name", name)
		r.Set("user.id", strings.TrimSuffix(id, ")"))
	}
	if e := take("Error"); e != "" {
		r.Set("error.message", e)
		r.Set("event.outcome", "failure")
		told = append(told, "error: "+e)
	} else if ended {
		r.Set("event.outcome", "success")
	}
	for _, key := range sorted(keys) {
		r.Set("apt."+strings.ToLower(key), keys[key])
	}
	if command == "" {
		command = "apt"
	}
	if len(told) == 0 {
		told = []string{"no package named"}
	}
	r.Set("message", command+": "+strings.Join(told, "; "))
	return ""
}

func term(r *linelog.Record, text string) string {
	first, output, _ := strings.Cut(text, "\n")
	if at(r, event.Occurred, first) != nil {
		return reasonStart
	}
	ended := false
	if i := strings.LastIndex("\n"+output, "\n"+termEnd); i >= 0 {
		end, after, _ := strings.Cut(output[i+len(termEnd):], "\n")
		ended = at(r, event.Ended, end) == nil
		output = strings.TrimRight(output[:max(0, i-1)]+"\n"+after, "\n")
	}
	common(r, "apt.term", ended)
	r.Set("event.type", "info")
	r.Set("event.action", "packages-handled")
	r.Set("apt.output", output)
	shown, _, _ := strings.Cut(output, "\n")
	r.Set("message", fmt.Sprintf("dpkg run by apt printed %d lines: %s", strings.Count(output, "\n")+1, strings.TrimSpace(shown)))
	return ""
}
