// Package pstranscript reads transcripts of PowerShell sessions.
//
// Stage 2 of the flow, one format of parse over parse/linelog. It keeps true that a session is one event, or one for each time that
// the transcript states for commands, each with what the head says of the session and all that was typed and shown; that parts are
// known by their form, so in any language; and that times are the machine's local ones. It judges nothing.
//
// Specification: Microsoft, about_Logging and Start-Transcript; the order of the head is the same in every language.
package pstranscript

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/lines"
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

// Detect implements parse.Format: the file begins with the head of a session.
func (Format) Detect(b []byte, _ string) int {
	r := lines.New(bytes.NewReader(b), int64(len(b)))
	var text []string
	for inside := false; len(text) <= maxHeadLines; {
		l, err := r.Next()
		if err != nil {
			break
		}
		if isStars(string(l.Text)) == inside && !l.Blank() {
			break
		}
		if inside {
			text = append(text, string(l.Text))
		} else if !l.Blank() {
			inside = true
		}
	}
	if partOf(text) != head {
		return 0
	}
	return 96
}

// Parse implements parse.Format.
func (Format) Parse(ctx context.Context, in parse.Input, emit func(*event.Event) error) (parse.Result, error) {
	s := &session{}
	return linelog.Parse(ctx, in, linelog.Grammar{Name: Name, Version: version, What: "a transcript of PowerShell", Read: s.read, Source: source}, emit)
}

// session is what the last head said.
type session struct {
	known                                     bool
	user, runas, configuration, machine, host string
	application, pid                          string
	other                                     [][2]string // lines that name themselves, in English everywhere
}

// describe reads a head. The user stands behind the start, and the machine's line is known by the words of the system: what else
// there is stands between them and behind, by version.
func (s *session) describe(text []string) {
	*s = session{known: true}
	values := make([]string, len(text))
	machine := -1
	for i, line := range text {
		_, value, _ := strings.Cut(line, ":")
		values[i] = strings.TrimSpace(value)
		if machine < 0 && i > 2 && (strings.Contains(line, " (Microsoft Windows ") || strings.Contains(line, " (Unix ") || strings.Contains(line, " (Darwin ")) {
			machine = i
		}
	}
	s.user = values[2]
	from := 3
	if machine > 0 {
		s.machine = values[machine]
		s.host, _, _ = strings.Cut(s.machine, " ")
		if machine > 3 {
			s.runas = values[3]
		}
		if machine > 4 {
			s.configuration = values[4]
		}
		if machine+1 < len(text) {
			s.application = values[machine+1]
		}
		if machine+2 < len(text) {
			s.pid = values[machine+2]
		}
		from = machine + 3
	}
	for i := from; i < len(text); i++ {
		key, _, found := strings.Cut(text[i], ":")
		key = strings.ToLower(strings.TrimSpace(key))
		switch {
		case key == "":
		case !found || len(key) > 40 || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789") != "":
			s.other = append(s.other, [2]string{"other", text[i]})
		default:
			s.other = append(s.other, [2]string{key, values[i]})
		}
	}
}

// read takes one stretch: from a head or the time of a command to the next.
func (s *session) read(r *linelog.Record) string {
	text := strings.Split(r.Text, "\n")
	end := len(text)
	for i, line := range text {
		if isStars(line) {
			end = i
			break
		}
	}
	action := "command"
	switch partOf(text[:end]) {
	case head:
		s.describe(text[:end])
		action = "session-start"
	case moment:
	default:
		return reasonForm
	}
	when := at(text[min(1, end-1)])
	if civil, ok := clock(when); !ok || r.Civil(event.Occurred, civil, when) != nil {
		return linelog.ReasonTime
	}
	shown := text[end:]
	if n := len(shown); n >= 3 && isStars(shown[n-3]) && partOf(shown[n-2:]) == ending {
		when := at(shown[n-1])
		if civil, ok := clock(when); !ok || r.Civil(event.Ended, civil, when) != nil {
			r.Warn("the end of the session is no time")
		}
		shown = shown[:n-3]
	}
	kept := make([]string, 0, len(shown))
	var commands []string
	for _, line := range shown {
		if isStars(line) {
			continue
		}
		kept = append(kept, line)
		if prompt, command, found := strings.Cut(line, ">"); found && strings.HasPrefix(prompt, "PS ") && strings.TrimSpace(command) != "" {
			commands = append(commands, strings.TrimSpace(command))
		}
	}
	s.set(r)
	r.Keep("powershell.transcript.text", strings.Join(kept, "\n"))
	r.Event.Set("powershell.command", event.KindString, commands...)
	r.Set("event.kind", "event")
	r.Set("event.category", "process")
	r.Set("event.action", action)
	r.Set("event.module", "powershell")
	r.Set("event.dataset", "powershell.transcript")
	message := "PowerShell"
	if s.host != "" {
		message += " on " + s.host
	}
	if s.user != "" {
		message += ", " + s.user
	}
	if s.runas != "" && s.runas != s.user {
		message += " as " + s.runas
	}
	if len(commands) > 0 {
		message += ": " + strings.Join(commands, "; ")
	}
	r.Set("message", message)
	return ""
}

// set gives each stretch what the head of its session said.
func (s *session) set(r *linelog.Record) {
	if !s.known {
		r.Warn("commands before the head of a session; who typed them is not stated")
		return
	}
	r.Set("user.name", s.user)
	r.Set("user.effective.name", s.runas)
	r.Set("powershell.transcript.configuration", s.configuration)
	r.Set("powershell.transcript.machine", s.machine)
	r.Set("host.name", s.host)
	r.Set("process.command_line", s.application)
	r.Number("process.pid", s.pid, "powershell.transcript.process")
	for _, o := range s.other {
		r.Set("powershell.transcript."+o[0], o[1])
	}
}

// clock reads "20220721023749".
func clock(s string) (at yearless.Civil, ok bool) {
	if len(s) != 14 || strings.Trim(s, "0123456789") != "" {
		return at, false
	}
	n := func(from, to int) int {
		v, _ := strconv.Atoi(s[from:to]) // digits, as was seen
		return v
	}
	return yearless.Civil{Year: n(0, 4), Month: n(4, 6), Day: n(6, 8), Hour: n(8, 10), Min: n(10, 12), Sec: n(12, 14)}, true
}
