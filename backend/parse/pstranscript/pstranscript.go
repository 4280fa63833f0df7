// Package pstranscript reads transcripts of PowerShell sessions.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that a session is one event: its head by position, so in any language, and all that was typed and shown. It judges nothing.
//
// Specification: Microsoft, about_Logging and Start-Transcript; the order of the head is the same in every language.
package pstranscript

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
const Name = "pstranscript"

// version changes whenever the same bytes give other events.
const version = "1"

const reasonForm = "not a transcript of PowerShell"

// Format reads transcripts of PowerShell sessions.
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
	return linelog.Score(head, 95, starts, continues, nil)
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a transcript of PowerShell", Read: read, Continues: continues, Aside: stars}, emit)
}

// beginnings are the first words of a transcript in the languages seen so far.
var beginnings = []string{"PowerShell transcript start", "Start der Windows PowerShell-Aufzeichnung", "Start der PowerShell-Aufzeichnung", "Début de la transcription",
	"Inicio de la transcripción", "Inizio trascrizione"}

func starts(line []byte) bool {
	for _, b := range beginnings {
		if strings.Contains(string(line), b) {
			return true
		}
	}
	return false
}

func stars(line []byte) bool { return strings.Trim(string(line), "* \ufeff") == "" }

func continues(line []byte) bool { return !starts(line) }

// headFields are the lines of the head in their order; those behind them name themselves, in English everywhere.
var headFields = []string{"start", "user", "runas", "configuration", "machine", "process.command_line", "process.pid"}

func read(r *linelog.Record) string {
	lines := strings.Split(r.Text, "\n")
	if !starts([]byte(lines[0])) {
		return reasonForm
	}
	said := map[string]string{}
	i := 1
	for ; i < len(lines) && !stars([]byte(lines[i])); i++ {
		key, value, found := strings.Cut(lines[i], ":")
		value = strings.TrimSpace(value)
		switch {
		case !found:
		case i-1 < len(headFields):
			said[headFields[i-1]] = value
		default:
			r.Set("powershell.transcript."+strings.ToLower(key), value)
		}
	}
	var body []string
	for _, line := range lines[min(i+1, len(lines)):] {
		if !stars([]byte(line)) { // they frame the times of commands and the end as well
			body = append(body, line)
		}
	}
	at, ok := moment(said["start"])
	if !ok || r.Civil(event.Occurred, at, said["start"]) != nil {
		return linelog.ReasonTime
	}
	r.Set("user.name", said["user"])
	r.Set("user.effective.name", said["runas"])
	r.Set("powershell.transcript.configuration", said["configuration"])
	r.Set("powershell.transcript.machine", said["machine"])
	host, _, _ := strings.Cut(said["machine"], " ")
	r.Set("host.name", host)
	r.Set("process.command_line", said["process.command_line"])
	r.Number("process.pid", said["process.pid"], "powershell.transcript.process")
	r.Set("powershell.transcript.text", strings.Join(body, "\n"))
	for _, line := range body {
		if strings.HasPrefix(line, "PS ") {
			if _, command, found := strings.Cut(line, ">"); found {
				r.Set("powershell.command", strings.TrimSpace(command))
			}
		}
	}
	r.Set("event.kind", "event")
	r.Set("event.category", "process")
	r.Set("event.action", "transcript")
	r.Set("event.module", "powershell")
	r.Set("event.dataset", "powershell.transcript")
	r.Set("message", said["user"]+" worked in PowerShell on "+host+": "+strings.Join(r.Event.All("powershell.command"), "; "))
	return ""
}

// moment reads "20220721023749".
func moment(s string) (at yearless.Civil, ok bool) {
	if len(s) != 14 || strings.Trim(s, "0123456789") != "" {
		return at, false
	}
	n := func(from, to int) int {
		v, _ := strconv.Atoi(s[from:to]) // digits, as was seen
		return v
	}
	return yearless.Civil{Year: n(0, 4), Month: n(4, 6), Day: n(6, 8), Hour: n(8, 10), Min: n(10, 12), Sec: n(12, 14)}, true
}
