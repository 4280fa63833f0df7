// Package sophos reads Sophos Anti-Virus logs (SAV.txt).
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that the words of a line are kept as they stand. It judges nothing.
//
// Specification: Sophos Anti-Virus for Windows, SAV.txt; Plaso, plug-in sophos_av.
package sophos

import (
	"context"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/yearless"
)

// Name is the parser's word in receipts and event ids.
const Name = "sophos"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a line of a Sophos log"

// Format reads Sophos Anti-Virus logs (SAV.txt).
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
	return linelog.Score(head, 92, fits, continues, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a line of a Sophos log", Read: read, Continues: continues}, emit)
}

// head takes "20100720 183814\tFile …".
func head(s string) (at yearless.Civil, when, text string, ok bool) {
	if len(s) < 17 || s[8] != ' ' || s[15] != '\t' && s[15] != ' ' || strings.Trim(s[:8]+s[9:15], "0123456789") != "" {
		return at, "", "", false
	}
	n := func(s string) int {
		v, _ := strconv.Atoi(s) // digits, as was seen
		return v
	}
	at = yearless.Civil{Year: n(s[:4]), Month: n(s[4:6]), Day: n(s[6:8]), Hour: n(s[9:11]), Min: n(s[11:13]), Sec: n(s[13:15])}
	return at, s[:15], strings.TrimSpace(s[16:]), at.Month >= 1 && at.Month <= 12 && at.Hour < 24
}

func fits(line []byte) bool {
	_, _, _, ok := head(string(line))
	return ok
}

func continues(line []byte) bool { return !fits(line) }

func read(r *linelog.Record) string {
	first, more, _ := strings.Cut(r.Text, "\n")
	at, when, text, ok := head(first)
	if !ok {
		return reasonForm
	}
	if r.Civil(event.Occurred, at, when) != nil {
		return linelog.ReasonTime
	}
	if more != "" {
		text += "\n" + more
	}
	if _, name, found := strings.Cut(text, "virus/spyware '"); found {
		name, _, _ = strings.Cut(name, "'")
		r.Set("threat.name", name)
		r.Set("event.kind", "alert")
	} else {
		r.Set("event.kind", "event")
	}
	if _, path, found := strings.Cut(text, `"`); found {
		if path, _, found = strings.Cut(path, `"`); found {
			r.Set("file.path", path)
		}
	}
	r.Set("event.category", "malware")
	r.Set("event.module", "sophos")
	r.Set("event.dataset", "sophos.av")
	r.Set("message", text)
	return ""
}
