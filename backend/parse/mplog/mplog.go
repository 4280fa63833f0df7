// Package mplog reads the support log of Windows Defender, MPLog-*.log: which programs touched which files, what was scanned and
// what was found.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that a line without a time belongs to the record before
// it, so that the blocks of behaviour monitoring stay whole; that times are the UTC that the log states; and that a line of a kind
// not known here keeps its words. It judges nothing.
//
// Specification: none is published; Microsoft, "Troubleshoot performance issues related to real-time protection" for the lines of
// estimated impact, and CrowdStrike, "Mind the MPLog", for the others.
package mplog

import (
	"bytes"
	"context"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/lines"
)

// Name is the parser's word in receipts and event ids.
const Name = "mplog"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of an MPLog"

// Format reads the support log of Windows Defender. It has no state.
type Format struct{}

// New returns the format.
func New() Format { return Format{} }

// Name implements parse.Format.
func (Format) Name() string { return Name }

// Version implements parse.Format.
func (Format) Version() string { return version }

// Binary implements parse.Format.
func (Format) Binary() bool { return false }

// marks are beginnings of messages that no other product writes.
var marks = []string{"ProcessImageName: ", "DETECTIONEVENT MPSOURCE_", "DETECTION_ADD", "DETECTION_CLEANEVENT", "SDN:Issuing SDN query", "Engine:command line reported as lowfi", "[Mini-filter] "}

// Detect implements parse.Format: lines with a time of their own are common, so a message of the product, or its block of behaviour
// monitoring, is asked for as well.
func (Format) Detect(head []byte, _ string) int {
	r := lines.New(bytes.NewReader(head), int64(len(head)))
	for begun := false; ; {
		l, err := r.Next()
		if err != nil {
			return 0
		}
		begun = begun || starts(l.Text)
		switch {
		case begun && bytes.HasPrefix(l.Text, []byte("BEGIN BM telemetry")):
			return linelog.Score(head, 95, starts, continues, nil)
		case !starts(l.Text):
			continue
		}
		text := strings.TrimSpace(string(l.Text[bytes.IndexByte(l.Text, ' '):]))
		for _, m := range marks {
			if strings.HasPrefix(text, m) {
				return linelog.Score(head, 95, starts, continues, nil)
			}
		}
	}
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	h := &heading{}
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of an MPLog", Read: read, Continues: continues, Aside: h.aside}, emit)
}

// heading is what stands before the first line with a time: product and versions.
type heading struct{ over bool }

func (h *heading) aside(line []byte) bool {
	h.over = h.over || starts(line)
	return !h.over
}

// starts says that a line begins with a time: "2026-03-14T01:02:03.004Z ".
func starts(line []byte) bool {
	if len(line) < 22 || line[4] != '-' || line[7] != '-' || line[10] != 'T' || line[13] != ':' || line[16] != ':' {
		return false
	}
	end := bytes.IndexByte(line[:min(len(line), 34)], ' ')
	return end >= 20 && line[end-1] == 'Z'
}

func continues(line []byte) bool { return !starts(line) }

func read(r *linelog.Record) string {
	first, more, _ := strings.Cut(r.Text, "\n")
	if !starts([]byte(first)) {
		return reasonForm
	}
	when, text, _ := strings.Cut(first, " ")
	if r.At(event.Occurred, when) != nil {
		return linelog.ReasonTime
	}
	text = strings.TrimSpace(text)
	kind := "event"
	switch {
	case strings.HasPrefix(text, "ProcessImageName: "):
		impact(r, text)
	case strings.HasPrefix(text, "DETECTION"):
		detection(r, text)
		kind = "alert"
	case strings.HasPrefix(text, "SDN:Issuing SDN query for "):
		query(r, text[len("SDN:Issuing SDN query for "):])
	case strings.Contains(text, "command line reported as lowfi: "):
		_, command, _ := strings.Cut(text, "command line reported as lowfi: ")
		r.Set("process.command_line", command)
		r.Set("event.category", "process")
		r.Set("event.action", "command-line")
	}
	if more != "" {
		text += "\n" + more
	}
	r.Set("message", text)
	r.Set("event.kind", kind)
	r.Set("event.module", "windows")
	r.Set("event.dataset", "windows.defender_mplog")
	return ""
}

// impactNames are the members of a line of estimated impact; a path may hold what stands between two of them.
var impactNames = []string{"ProcessImageName: ", ", Pid: ", ", TotalTime: ", ", Count: ", ", MaxTime: ", ", MaxTimeFile: ", ", EstimatedImpact: "}

// impact takes "ProcessImageName: x.exe, Pid: 7, TotalTime: 30, Count: 11, MaxTime: 15, MaxTimeFile: \…, EstimatedImpact: 1%".
func impact(r *linelog.Record, text string) {
	for n := 0; len(text) > 0; n++ {
		if n == 2*len(impactNames) { // more than a line can mean
			r.Set("mplog.other", text)
			break
		}
		name, rest := "", text
		for _, n := range impactNames {
			if after, found := strings.CutPrefix(text, n); found {
				name, rest = strings.Trim(n, ", :"), after
				break
			}
		}
		end := len(rest)
		for _, n := range impactNames[1:] {
			if i := strings.Index(rest, n); i >= 0 && i < end {
				end = i
			}
		}
		value := strings.TrimSpace(rest[:end])
		text = rest[end:]
		switch name {
		case "ProcessImageName":
			r.Set("process.name", value)
		case "Pid":
			r.Number("process.pid", value, "mplog.Pid")
		case "MaxTimeFile":
			r.Set("file.path", value)
		case "":
			r.Set("mplog.other", value)
		default:
			r.Number("mplog."+name, strings.TrimSuffix(value, "%"), "mplog."+name+"_text")
		}
	}
	r.Set("event.category", "process")
	r.Set("event.action", "scan-impact")
}

// detection takes "DETECTIONEVENT MPSOURCE_REALTIME Trojan:Win32/X file:C:\a;file:C:\b;" and "DETECTION_ADD#2 Trojan:Win32/X file:C:\a".
func detection(r *linelog.Record, text string) {
	what, rest, _ := strings.Cut(text, " ")
	r.Set("event.action", strings.ToLower(what))
	r.Set("event.category", "malware")
	if source, after, found := strings.Cut(rest, " "); found && strings.HasPrefix(source, "MPSOURCE_") {
		r.Set("mplog.source", source)
		rest = after
	}
	name, resources, _ := strings.Cut(rest, " ")
	if !strings.ContainsAny(name, ":/") {
		return
	}
	r.Set("threat.name", name)
	for _, resource := range strings.Split(resources, ";") {
		kind, location, found := strings.Cut(strings.TrimSpace(resource), ":")
		switch {
		case !found:
		case kind == "file":
			r.Set("file.path", location)
		default:
			r.Set("mplog.resource", resource)
		}
	}
}

// query takes "\\?\C:\a.exe (\\?\C:\a.exe) (sha1=…, sha2=…)".
func query(r *linelog.Record, text string) {
	path, rest, found := strings.Cut(text, " (")
	r.Set("file.path", strings.TrimPrefix(path, `\\?\`))
	r.Set("event.category", "file")
	r.Set("event.action", "cloud-query")
	if !found {
		return
	}
	for _, h := range [][2]string{{"sha1=", "file.hash.sha1"}, {"sha2=", "file.hash.sha256"}} {
		if _, after, found := strings.Cut(rest, h[0]); found {
			end := strings.IndexFunc(after, func(c rune) bool { return (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') })
			if end < 0 {
				end = len(after)
			}
			r.Set(h[1], strings.ToLower(after[:end]))
		}
	}
}
