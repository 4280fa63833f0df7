// Package pca reads the lists of the Program Compatibility Assistant of Windows 11: when programs were run, and how they ended.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that times are read as the UTC that the lists are known to hold. It judges nothing.
//
// Specification: A. Rathbun and L. Hudson, "New Windows 11 Pro evidence of execution artifact", files PcaAppLaunchDic.txt and PcaGeneralDb0.txt; times are UTC.
package pca

import (
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
)

// Name is the parser's word in receipts and event ids.
const Name = "pca"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of the Program Compatibility Assistant"

// Format reads the lists of the Program Compatibility Assistant of Windows 11: when programs were run, and how they ended.
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
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of the Program Compatibility Assistant", Read: read}, emit)
}

// entry is one line of either list.
type entry struct{ when, kind, path, description, vendor, version, program, exit string }

func clock(s string) bool {
	return len(s) >= 19 && len(s) <= 23 && s[4] == '-' && s[7] == '-' && s[10] == ' ' && s[13] == ':' && strings.Trim(s, "0123456789-: .") == ""
}

func head(s string) (e entry, ok bool) {
	p := strings.SplitN(s, "|", 8)
	switch {
	case len(p) == 2 && clock(p[1]) && strings.Contains(p[0], `\`):
		return entry{when: p[1], path: p[0]}, true
	case len(p) >= 8 && clock(p[0]):
		return entry{p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]}, true
	}
	return e, false
}

func fits(line []byte) bool {
	_, ok := head(string(line))
	return ok
}

func read(r *linelog.Record) string {
	e, ok := head(r.Text)
	if !ok {
		return reasonForm
	}
	if r.At(event.Occurred, e.when+"Z") != nil {
		return linelog.ReasonTime
	}
	r.Event.Times[len(r.Event.Times)-1].Original = e.when
	r.Set("process.executable", e.path)
	r.Set("process.name", e.path[strings.LastIndexByte(e.path, '\\')+1:])
	r.Set("process.pe.description", e.description)
	r.Set("process.pe.company", e.vendor)
	r.Set("process.pe.file_version", e.version)
	r.Set("pca.program_id", e.program)
	r.Number("pca.type", e.kind, "pca.type_text")
	r.Set("pca.exit", e.exit)
	r.Set("event.kind", "event")
	r.Set("event.category", "process")
	r.Set("event.action", "program-run")
	r.Set("event.module", "windows")
	r.Set("event.dataset", "windows.pca")
	message := e.path + " was run"
	if e.exit != "" {
		message = e.path + ": " + e.exit
	}
	r.Set("message", message)
	return ""
}
