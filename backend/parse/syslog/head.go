package syslog

import (
	"strconv"
	"strings"

	"adjutant/backend/parse/yearless"
)

// head is a syslog line taken apart.
type head struct {
	priority      int    // -1 when there is none
	time          string // as it stands in the line
	stated        bool   // time is an ISO time with its year; else civil holds it
	civil         yearless.Civil
	rfc5424       bool
	host, program string
	pid, msgID    string
	service       string  // launchd's name in brackets
	data          []param // structured data, names "id.param"
	message       string
}

type param struct{ name, value string }

// parseHead takes a line apart; ok is false when it does not begin like syslog.
func parseHead(s string) (h head, ok bool) {
	h.priority = -1
	if strings.HasPrefix(s, "<") {
		end := strings.IndexByte(s, '>')
		if end < 2 || end > 4 {
			return h, false
		}
		n, err := strconv.ParseUint(s[1:end], 10, 8)
		if err != nil || n > 191 {
			return h, false
		}
		h.priority = int(n)
		s = s[end+1:]
		if rest, five := strings.CutPrefix(s, "1 "); five {
			return parse5424(h, rest)
		}
	}
	if len(s) > 20 && s[4] == '-' && s[7] == '-' && s[10] == 'T' {
		end := strings.IndexByte(s, ' ')
		if end < 0 {
			return h, false
		}
		h.time, h.stated = s[:end], true
		if !isoLike(h.time) {
			return h, false
		}
		return h, h.rest(s[end+1:])
	}
	return h, h.parse3164(s)
}

func isoLike(s string) bool {
	if len(s) < len("2006-01-02T15:04") {
		return false
	}
	for _, i := range []int{0, 1, 2, 3, 5, 6, 8, 9, 11, 12} {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s[13] == ':' && strings.Trim(s[14:], "0123456789:.,+-Zz") == ""
}

// wallTime reads the time of a line that does not state its zone, as parseHead does, without what follows.
func wallTime(s string) (yearless.Civil, bool) {
	if strings.HasPrefix(s, "<") {
		end := strings.IndexByte(s, '>')
		if end < 2 || end > 4 {
			return yearless.Civil{}, false
		}
		s = s[end+1:]
	}
	c, _, ok := civil(s)
	return c, ok
}

// parse3164 reads a line from its time on.
func (h *head) parse3164(s string) bool {
	c, tail, ok := civil(s)
	if !ok {
		return false
	}
	h.civil = c
	h.time = strings.TrimRight(s[:len(s)-len(tail)], " ")
	return h.rest(tail)
}

// civil reads "Mmm dd hh:mm:ss" with an optional fraction, and a year before or behind the clock.
func civil(s string) (c yearless.Civil, tail string, ok bool) {
	if len(s) < 15 || s[3] != ' ' {
		return c, "", false
	}
	c = yearless.Civil{Month: yearless.Month(s[:3])}
	if c.Month == 0 {
		return c, "", false
	}
	rest := strings.TrimLeft(s[4:], " ")
	day, after, _ := strings.Cut(rest, " ")
	var err error
	if c.Day, err = strconv.Atoi(day); err != nil || c.Day < 1 || c.Day > 31 || len(day) > 2 {
		return c, "", false
	}
	after = strings.TrimLeft(after, " ")
	if len(after) > 5 && after[4] == ' ' && isYear(after[:4]) {
		c.Year, _ = strconv.Atoi(after[:4])
		after = after[5:]
	}
	clock, tail, _ := strings.Cut(after, " ")
	if !c.Clock(strings.TrimSuffix(clock, ":")) {
		return c, "", false
	}
	if c.Year == 0 && len(tail) > 5 && tail[4] == ' ' && isYear(tail[:4]) {
		c.Year, _ = strconv.Atoi(tail[:4])
		tail = tail[5:]
	}
	return c, tail, true
}

func isYear(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 1970 && n < 2200
}

// rest reads "host program[pid]: message". The host may be absent, and so may the program.
func (h *head) rest(s string) bool {
	s = strings.TrimLeft(s, " ")
	if s == "" {
		return true
	}
	if strings.HasPrefix(s, "---") { // macOS: "--- last message repeated 1 time ---"
		h.message = s
		return true
	}
	first, after, found := strings.Cut(s, " ")
	if t, isTag := parseTag(s); !isTag || len(t.program) > len(first) || !strings.HasSuffix(first, ":") {
		if !found {
			h.host = first
			return true
		}
		h.host = first
		s = strings.TrimLeft(after, " ")
	}
	if t, ok := parseTag(s); ok {
		h.program, h.pid, h.service, h.message = t.program, t.pid, t.service, strings.TrimLeft(t.message, " ")
		return true
	}
	h.program, h.message = bareTag(s), s
	return true
}

// bareTag is a program's name that nothing sets off from the message (RFC 3164 §4.1.3 lets any sign end it): a first word that
// prose would not have. The message keeps it.
func bareTag(s string) string {
	word, _, found := strings.Cut(s, " ")
	if !found || len(word) > 32 || strings.IndexAny(word[1:], "_-/") < 0 {
		return ""
	}
	for i := 0; i < len(word); i++ {
		c := word[i]
		if letter := c|0x20 >= 'a' && c|0x20 <= 'z'; !letter && (i == 0 && c != '/' || strings.IndexByte("0123456789_-./", c) < 0) {
			return ""
		}
	}
	return word
}

// tag is "program[pid] (service): message".
type tag struct{ program, pid, service, message string }

// maxProgram bounds names with spaces ("Google Chrome[85294]:"), which could as well be words of a message.
const maxProgram = 48

// parseTag reads "program[pid]:", "program:", and launchd's "program[pid] (service):" from the front of s. A name with
// spaces is taken only with a number for its process.
func parseTag(s string) (t tag, ok bool) {
	i := strings.IndexAny(s, " :[")
	if i < 1 {
		return t, false
	}
	if s[i] == ' ' {
		if i = strings.IndexAny(s, ":["); i < 1 || i > maxProgram || s[i] != '[' || strings.IndexAny(s[:i], "\"'(),;=<>") >= 0 {
			return t, false
		}
		end := strings.IndexByte(s[i:], ']')
		if _, err := strconv.ParseUint(s[i+1:i+max(end, 1)], 10, 32); err != nil {
			return t, false
		}
	}
	t.program = s[:i]
	rest := s[i:]
	if rest[0] == '[' {
		end := strings.IndexByte(rest, ']')
		if end < 1 || end > 32 {
			return t, false
		}
		t.pid, rest = rest[1:end], rest[end+1:]
		if strings.HasPrefix(rest, " (") {
			if end := strings.Index(rest, "):"); end > 0 {
				t.service, rest = rest[2:end], rest[end+1:]
			}
		}
	}
	if !strings.HasPrefix(rest, ":") || len(rest) > 1 && rest[1] != ' ' && t.pid == "" {
		return t, false
	}
	t.message = rest[1:]
	return t, true
}

// parse5424 reads what follows "<PRI>1 ": time, host, app, process id, message id, structured data, message; "-" is none.
func parse5424(h head, s string) (head, bool) {
	h.rfc5424, h.stated = true, true
	var f [5]string
	for i := range f {
		var found bool
		if f[i], s, found = strings.Cut(s, " "); !found || f[i] == "" {
			return h, false
		}
	}
	h.time = f[0]
	if h.time != "-" && (len(h.time) < 19 || !isoLike(h.time)) {
		return h, false
	}
	h.host, h.program, h.pid, h.msgID = nilValue(f[1]), nilValue(f[2]), nilValue(f[3]), nilValue(f[4])
	if rest, none := strings.CutPrefix(s, "-"); none {
		h.message = strings.TrimPrefix(strings.TrimPrefix(rest, " "), "\ufeff")
		return h, true
	}
	for strings.HasPrefix(s, "[") {
		rest, ok := h.element(s[1:])
		if !ok {
			break
		}
		s = rest
	}
	h.message = strings.TrimPrefix(strings.TrimPrefix(s, " "), "\ufeff")
	return h, true
}

func nilValue(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

// element reads one structured data element behind its "[": id, then name="value" with \" \\ \] escaped.
func (h *head) element(s string) (rest string, ok bool) {
	end := strings.IndexAny(s, " ]")
	if end < 1 {
		return s, false
	}
	id := s[:end]
	s = s[end:]
	var data []param
	for strings.HasPrefix(s, " ") {
		name, after, found := strings.Cut(s[1:], `="`)
		if !found || strings.ContainsAny(name, " ]\"") {
			return s, false
		}
		var v strings.Builder
		i := 0
		for ; i < len(after) && after[i] != '"'; i++ {
			if after[i] == '\\' && i+1 < len(after) && strings.IndexByte(`"\]`, after[i+1]) >= 0 {
				i++
			}
			v.WriteByte(after[i])
		}
		if i == len(after) {
			return s, false
		}
		data = append(data, param{id + "." + name, v.String()})
		s = after[i+1:]
	}
	if !strings.HasPrefix(s, "]") {
		return s, false
	}
	h.data = append(h.data, data...)
	return s[1:], true
}
