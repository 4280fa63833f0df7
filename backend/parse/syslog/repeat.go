package syslog

import (
	"strings"

	"adjutant/backend/parse/linelog"
)

// maxPrevious bounds what is kept of a message in case the next line says that it was repeated.
const maxPrevious = 64 << 10

// repeated reads the lines by which daemons say that a message came again: rsyslog's "message repeated 5 times: [ text]" with the
// text, syslogd's "last message repeated 5 times" and macOS's "--- last message repeated 1 time ---" without it.
func repeated(message string) (count, text string, ok bool) {
	s := strings.TrimSuffix(strings.TrimPrefix(message, "--- "), " ---")
	s, last := strings.CutPrefix(s, "last ")
	s, ok = strings.CutPrefix(s, "message repeated ")
	if !ok {
		return "", "", false
	}
	count, s, ok = strings.Cut(s, " ")
	if !ok || count == "" || len(count) > 9 || strings.Trim(count, "0123456789") != "" {
		return "", "", false
	}
	for _, end := range []string{"times", "time", "time(s)"} {
		if s == end {
			return count, "", last
		}
	}
	text, ok = strings.CutPrefix(s, "times: [")
	if !ok || last || !strings.HasSuffix(text, "]") {
		return "", "", false
	}
	return count, strings.TrimLeft(strings.TrimSuffix(text, "]"), " "), true
}

// repeat fills what the repeated message means, so that five failed logins told in one line are found like the first of them, and
// reports what the line stands for.
func (p *parser) repeat(r *linelog.Record, h *head) (program, message string) {
	count, text, ok := repeated(h.message)
	if !ok {
		p.previous = previous{h.host, h.program, h.message}
		if len(h.message) > maxPrevious {
			p.previous = previous{}
		}
		return h.program, h.message
	}
	r.Number("syslog.repeated", count, "")
	program = h.program
	if text == "" {
		before := p.previous
		if before.message == "" || h.host != "" && before.host != "" && h.host != before.host {
			return h.program, h.message // the line that was repeated stands in another file
		}
		program, text = before.program, before.message
		r.Set("syslog.repeated_program", program)
	}
	r.Keep("syslog.repeated_message", text)
	return program, text
}

// previous is the last line that was not a repetition.
type previous struct{ host, program, message string }
