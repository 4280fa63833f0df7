// Package devicehead reads what stands before the message of a device or daemon in a file that syslog wrote: priority, the time and
// name that a relay put in front, and the time and name that the device sent.
//
// Stage 2 of the flow, below the formats of parse whose lines arrive through syslog (firewalls, proxies, kernels). They find their
// own mark in a line; what is before it is taken apart here. It keeps true that the device's own time is the primary one and the
// relay's is kept as the time of recording, and that nothing of a head is guessed: what is not known stays in log.syslog.head.
//
// Specifications: RFC 3164 §4, RFC 5424 §6; Cisco's forms of both ("Log messages", service timestamps).
package devicehead

import (
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/linelog"
	"adjutant/backend/parse/yearless"
)

// Head is what stood before a message.
type Head struct {
	Priority     int // -1 when there is none
	Host         string
	Program, PID string
	Relay        string // name in front of a second time: the machine that passed the message on
	own, relayed clock
	other        string // words that are none of these
}

// clock is a time as it stands: civil with or without a year, or an ISO time.
type clock struct {
	text  string
	iso   bool
	civil yearless.Civil
}

// maxBytes bounds what is looked at: no head is longer.
const maxBytes = 512

// Parse takes apart the text before a mark. It cannot fail: what it does not know is kept as it stands.
func Parse(s string) Head {
	h := Head{Priority: -1}
	if len(s) > maxBytes {
		h.other = s
		return h
	}
	s = h.priority(strings.TrimLeft(s, " "))
	for {
		if s = strings.TrimLeft(s, " :*"); s == "" {
			return h
		}
		if c, rest := readClock(s); c.text != "" {
			if h.own.text != "" && h.relayed.text == "" {
				h.relayed, h.Relay, h.Host = h.own, h.Host, ""
			}
			h.own, s = c, rest
			continue
		}
		word, rest, _ := strings.Cut(s, " ")
		s = rest
		name := strings.TrimSuffix(word, ":")
		switch {
		case name == "-" || name == "" || isZone(name):
		case h.own.text == "" && digits(name): // IOS: a sequence number before the time
			h.other = joined(h.other, name)
		case h.Host == "" && word == name && !strings.ContainsAny(name, "[]"):
			h.Host = name
		case h.Program == "":
			h.Program = name
			if i := strings.IndexByte(name, '['); i > 0 && strings.HasSuffix(name, "]") {
				h.Program, h.PID = name[:i], name[i+1:len(name)-1]
			}
		case h.PID == "" && digits(name):
			h.PID = name
		default:
			h.other = joined(h.other, word)
		}
	}
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

func (h *Head) priority(s string) string {
	if !strings.HasPrefix(s, "<") {
		return s
	}
	end := strings.IndexByte(s, '>')
	if end < 2 || end > 4 {
		return s
	}
	n, err := strconv.ParseUint(s[1:end], 10, 8)
	if err != nil || n > 191 {
		return s
	}
	h.Priority = int(n)
	return strings.TrimPrefix(s[end+1:], "1 ")
}

// readClock takes a time from the front of s; its text is "" when there is none.
func readClock(s string) (c clock, rest string) {
	if len(s) > 18 && s[4] == '-' && s[7] == '-' && (s[10] == 'T' || s[10] == ' ') && s[13] == ':' {
		end := strings.IndexByte(s[11:], ' ')
		if end < 0 {
			end = len(s) - 11
		}
		text := strings.TrimSuffix(s[:11+end], ":")
		if strings.Trim(text, "0123456789-T:.,+Z ") == "" {
			return clock{text: text, iso: true}, s[11+end:]
		}
		return clock{}, s
	}
	if len(s) < 15 || s[3] != ' ' {
		return clock{}, s
	}
	c.civil.Month = yearless.Month(s[:3])
	if c.civil.Month == 0 {
		return clock{}, s
	}
	day, after, _ := strings.Cut(strings.TrimLeft(s[4:], " "), " ")
	if !digits(day) || len(day) > 2 {
		return clock{}, s
	}
	c.civil.Day, _ = strconv.Atoi(day) // two digits
	after = strings.TrimLeft(after, " ")
	if y, more, ok := strings.Cut(after, " "); ok && isYear(y) {
		c.civil.Year, _ = strconv.Atoi(y) // four digits
		after = strings.TrimLeft(more, " ")
	}
	word, tail, _ := strings.Cut(after, " ")
	if c.civil.Day < 1 || c.civil.Day > 31 || !c.civil.Clock(strings.TrimSuffix(word, ":")) {
		return clock{}, s
	}
	if y, more, ok := strings.Cut(tail, " "); ok && c.civil.Year == 0 && isYear(strings.TrimSuffix(y, ":")) {
		c.civil.Year, _ = strconv.Atoi(y[:4])
		tail = more
	}
	c.text = strings.TrimRight(s[:len(s)-len(tail)], " :")
	return c, tail
}

func isYear(s string) bool { return len(s) == 4 && digits(s) && s > "1969" && s < "2200" }

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// isZone says that a word behind a time is the name of a zone that means UTC. Other abbreviations mean several zones; they are kept.
func isZone(s string) bool { return s == "UTC" || s == "GMT" }

// Dated says that the head has a time.
func (h Head) Dated() bool { return h.own.text != "" }

// Yearless gives the civil time of a head that states no year, the device's or else the relay's: linelog.Grammar's Yearless.
func (h Head) Yearless() (yearless.Civil, bool) {
	for _, c := range [2]clock{h.own, h.relayed} {
		if c.text != "" && !c.iso && c.civil.Year == 0 {
			return c.civil, true
		}
	}
	return yearless.Civil{}, false
}

// Times adds the device's time as the primary one, and the relay's as the time of recording.
func (h Head) Times(r *linelog.Record) error {
	if h.own.text == "" {
		return nil
	}
	if err := h.own.add(r, event.Occurred); err != nil {
		return err
	}
	return h.RelayTime(r)
}

// RelayTime adds only what the relay or syslog wrote, as the time of recording: for messages that carry a time of their own.
func (h Head) RelayTime(r *linelog.Record) error {
	if h.relayed.text == "" {
		return nil
	}
	return h.relayed.add(r, event.Recorded)
}

// Recorded adds the head's own time as the time of recording.
func (h Head) Recorded(r *linelog.Record) error {
	if h.own.text == "" {
		return nil
	}
	return h.own.add(r, event.Recorded)
}

func (c clock) add(r *linelog.Record, meaning event.TimeKind) error {
	if c.iso {
		return r.At(meaning, c.text)
	}
	return r.Civil(meaning, c.civil, c.text)
}

// Fields sets the head's names and priority.
func (h Head) Fields(r *linelog.Record) {
	r.Set("host.hostname", h.Host)
	r.Set("host.name", h.Host)
	r.Set("log.syslog.head", h.other)
	r.Set("log.syslog.relay", h.Relay)
	if h.Priority >= 0 {
		r.Number("log.syslog.facility.code", strconv.Itoa(h.Priority/8), "")
		r.Number("log.syslog.priority", strconv.Itoa(h.Priority), "")
		r.Number("log.syslog.severity.code", strconv.Itoa(h.Priority%8), "")
	}
	r.Set("process.name", h.Program)
	r.Number("process.pid", h.PID, "log.syslog.procid")
}
