// Package setupapi reads setupapi.dev.log and setupapi.setup.log: what Windows installed, section by section.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that a section is one event with its start and its end, and the lines between the sections are headings. It judges nothing.
//
// Specification: Microsoft, "SetupAPI text logs", format of section headers and footers.
package setupapi

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "setupapi"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a section of setupapi"

// Format reads setupapi.dev.log and setupapi.setup.log: what Windows installed, section by section.
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
	return linelog.Score(head, 94, starts, passed, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a section of setupapi", Read: read, Continues: continues, Aside: heading}, emit)
}

const mark = ">>>  "

func starts(line []byte) bool { return strings.HasPrefix(string(line), mark+"[") }

// heading says that a line stands between the sections by design: the head of the file, and the marks of a start of Windows. Any
// other line outside of a section is counted as skipped, for instance those of a section whose first line is damaged.
func heading(line []byte) bool {
	s := strings.TrimSpace(string(line))
	for _, h := range []string{"[Device Install Log]", "[SetupAPI", "[Setup Log]", "[BeginLog]", "[Boot Session:"} {
		if strings.HasPrefix(s, h) {
			return true
		}
	}
	for _, h := range []string{"OS Version = ", "Service Pack = ", "Suite = ", "ProductType = ", "Architecture = "} {
		if strings.HasPrefix(s, h) {
			return true
		}
	}
	return false
}

// passed are lines that say nothing about what kind of file it is.
func passed(line []byte) bool { return !starts(line) }

func continues(line []byte) bool {
	s := string(line)
	return !starts(line) && !strings.HasPrefix(s, "[Boot Session:") && !strings.HasPrefix(s, "[BeginLog]") && !strings.HasPrefix(s, "[Device Install Log]")
}

func read(r *linelog.Record) string {
	lines := strings.Split(r.Text, "\n")
	if !starts([]byte(lines[0])) {
		return reasonForm
	}
	title, _ := strings.CutSuffix(strings.TrimPrefix(lines[0], mark+"["), "]")
	var began, ended, status, command string
	var inside []string
	for _, line := range lines[1:] {
		line = strings.TrimSuffix(line, "\r")
		switch {
		case strings.HasPrefix(line, mark+"Section start "):
			began = line[len(mark+"Section start "):]
		case strings.HasPrefix(line, "<<<  Section end "):
			ended = line[len("<<<  Section end "):]
		case strings.HasPrefix(line, "<<<  [Exit status: "):
			status, _ = strings.CutSuffix(line[len("<<<  [Exit status: "):], "]")
		default:
			if text, found := strings.CutPrefix(strings.TrimSpace(line), "cmd:"); found && command == "" {
				command = strings.TrimSpace(text)
			}
			inside = append(inside, line)
		}
	}
	if r.At(event.Occurred, began) != nil {
		return linelog.ReasonTime
	}
	if ended != "" && r.At(event.Ended, ended) != nil {
		r.Warn("the end of the section is no time")
	}
	what, device, found := strings.Cut(title, " - ")
	if found {
		r.Set("setupapi.device", device)
	}
	r.Set("setupapi.section", title)
	r.Set("setupapi.exit_status", status)
	r.Set("setupapi.lines", strings.Join(inside, "\n"))
	r.Set("process.command_line", command)
	if status != "" {
		outcome := "failure"
		if strings.HasPrefix(status, "SUCCESS") {
			outcome = "success"
		}
		r.Set("event.outcome", outcome)
	}
	r.Set("event.kind", "event")
	r.Set("event.category", "configuration")
	r.Set("event.action", strings.ToLower(what))
	r.Set("event.module", "windows")
	r.Set("event.dataset", "windows.setupapi")
	message := title
	if status != "" {
		message += ": " + status
	}
	r.Set("message", message)
	return ""
}
