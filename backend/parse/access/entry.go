package access

import (
	"strings"
)

// entry is one line taken apart, as text.
type entry struct {
	host             string   // virtual host in front, "" when absent
	addresses        []string // at least one
	ident, user      string
	time             string
	request          string
	status, bytes    string
	referrer, agent  string
	extra            []string
	protocol, cipher string // SSL request log
}

// parseEntry takes a line apart; ok is false when it has not the form of an access log.
func parseEntry(s string) (a entry, ok bool) {
	open := timeAt(s)
	if open < 0 {
		return a, false
	}
	end := strings.IndexByte(s[open:], ']')
	if end < 0 {
		return a, false
	}
	a.time = s[open+1 : open+end]
	rest := strings.TrimLeft(s[open+end+1:], " ")
	if open == 0 {
		return a, a.ssl(rest)
	}
	if !a.front(fields(s[:open])) {
		return a, false
	}
	request, rest, quoted := field(rest)
	if !quoted {
		return a, false
	}
	a.request = request
	var f []string
	f = fields(rest)
	if len(f) < 2 || !isStatus(f[0]) || !isCount(f[1]) {
		return a, false
	}
	a.status, a.bytes = dash(f[0]), dash(f[1])
	if len(f) > 2 {
		a.referrer = f[2]
	}
	if len(f) > 3 {
		a.agent = f[3]
	}
	if len(f) > 4 {
		a.extra = f[4:]
	}
	return a, true
}

func dash(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

func isStatus(s string) bool { return s == "-" || len(s) == 3 && isCount(s) }

func isCount(s string) bool {
	if s == "-" {
		return true
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// timeAt finds the "[" of a time dd/Mmm/yyyy:hh:mm:ss, not of one that a visitor put into a later field.
func timeAt(s string) int {
	for at := 0; ; {
		i := strings.IndexByte(s[at:], '[')
		if i < 0 || len(s)-at-i < 22 {
			return -1
		}
		at += i
		t := s[at+1:]
		if t[2] == '/' && t[6] == '/' && t[11] == ':' && t[14] == ':' && t[17] == ':' && isCount(t[:2]) && isCount(t[7:11]) {
			return at
		}
		at++
	}
}

// front reads "[host] address[, address…] ident user". A host is a first word that neither ends with a comma nor is
// quoted, where more than one word stands before ident and user.
func (a *entry) front(f []string) bool {
	if len(f) < 3 {
		return false
	}
	n := len(f) - 2
	a.ident, a.user = f[n], f[n+1]
	words := f[:n]
	if len(words) > 1 && !strings.ContainsAny(words[0], ", ") {
		a.host, words = words[0], words[1:]
	}
	for _, w := range words {
		for _, address := range strings.FieldsFunc(w, func(r rune) bool { return r == ',' || r == ' ' }) {
			a.addresses = append(a.addresses, address)
		}
	}
	return len(a.addresses) > 0 && len(a.addresses) < 64
}

// ssl reads the rest of Apache's ssl_request_log: address protocol cipher "request" bytes.
func (a *entry) ssl(s string) bool {
	f := fields(s)
	if len(f) < 5 || !isCount(f[4]) || !strings.Contains(s, `"`) {
		return false
	}
	a.addresses = []string{f[0]}
	a.protocol, a.cipher, a.request, a.bytes = f[1], f[2], f[3], dash(f[4])
	a.extra = f[5:]
	return f[0] != ""
}

// fields cuts at spaces outside of quotes.
func fields(s string) (out []string) {
	for {
		s = strings.TrimLeft(s, " ")
		if s == "" {
			return out
		}
		var f string
		f, s, _ = field(s)
		out = append(out, f)
	}
}

// field takes one word or one quoted text, in which a backslash keeps the next character from ending it.
func field(s string) (f, rest string, quoted bool) {
	if s == "" || s[0] != '"' {
		f, rest, _ = strings.Cut(s, " ")
		return f, rest, false
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[1:i], s[i+1:], true
		}
	}
	return s[1:], "", false
}

// splitRequest takes "METHOD target HTTP/x" apart. The target may hold spaces; a request without a protocol is taken only
// when its first word looks like a method.
func splitRequest(s string) (method, target, version string) {
	method, rest, found := strings.Cut(s, " ")
	if !found || !isMethod(method) {
		return "", "", ""
	}
	if i := strings.LastIndex(rest, " HTTP/"); i >= 0 {
		return method, rest[:i], rest[i+len(" HTTP/"):]
	}
	return method, rest, ""
}

func isMethod(s string) bool {
	if len(s) < 2 || len(s) > 20 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if (s[i]|0x20 < 'a' || s[i]|0x20 > 'z') && s[i] != '-' && s[i] != '_' {
			return false
		}
	}
	return true
}
