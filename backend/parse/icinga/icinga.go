// Package icinga reads Icinga 2 main, debug and startup logs.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that lines of the startup log, which state no time, are events without one. It judges nothing.
//
// Specification: Icinga 2 documentation, "Logging".
package icinga

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "icinga"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not an Icinga log line"

// Format reads Icinga 2 main, debug and startup logs.
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
	return linelog.Score(head, 94, fits, continues, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "an Icinga log line", Read: read, Continues: continues}, emit)
}

var severities = map[string]bool{"debug": true, "notice": true, "information": true, "warning": true, "critical": true}

// head takes "[2017-04-04 13:43:09 +0200] severity/Facility: message"; the startup log has no time.
func head(s string) (when, severity, facility, text string, ok bool) {
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 20 {
			return "", "", "", "", false
		}
		when, s = s[1:end], strings.TrimPrefix(s[end+1:], " ")
	}
	mark, text, found := strings.Cut(s, ": ")
	severity, facility, _ = strings.Cut(mark, "/")
	return when, severity, facility, text, found && severities[severity] && facility != "" && !strings.Contains(facility, " ")
}

func fits(line []byte) bool {
	_, _, _, _, ok := head(string(line))
	return ok
}

func continues(line []byte) bool { return !fits(line) }

func read(r *linelog.Record) string {
	first, more, _ := strings.Cut(r.Text, "\n")
	when, severity, facility, text, ok := head(first)
	if !ok {
		return reasonForm
	}
	dataset := "icinga.startup"
	if when != "" {
		if r.At(event.Occurred, when) != nil {
			return linelog.ReasonTime
		}
		dataset = "icinga.main"
	}
	if more != "" {
		text += "\n" + more
	}
	r.Set("log.level", severity)
	r.Set("icinga.facility", facility)
	r.Set("message", text)
	r.Set("event.kind", "event")
	r.Set("event.module", "icinga")
	r.Set("event.dataset", dataset)
	return ""
}
