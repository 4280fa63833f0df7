package access

import (
	"strings"

	"adjutant/backend/parse/weblog"
)

// entry is one line taken apart, as text. It has room for what lines hold, so that reading one allocates nothing.
type entry struct {
	host             string // virtual host in front, "" when absent
	addresses        [maxAddresses]string
	count            int // addresses, at least one
	ident, user      string
	time             string
	request          string
	status, bytes    string
	referrer, agent  string
	extra            [maxExtra]string
	extras           int
	rest             string // what stands behind the last extra that there is room for
	protocol, cipher string // SSL request log
	open             bool   // a quoted text does not end
}

// Limits of one line: more forwarding addresses than any chain of proxies has, more fields behind the common ones than any
// server writes.
const (
	maxAddresses = 32
	maxExtra     = 16
)

// parse takes a line apart; false when it has not the form of an access log.
func (a *entry) parse(s string) bool {
	open := timeAt(s)
	if open < 0 {
		return false
	}
	end := strings.IndexByte(s[open:], ']')
	if end < 0 {
		return false
	}
	a.time = s[open+1 : open+end]
	rest := strings.TrimLeft(s[open+end+1:], " ")
	if open == 0 {
		return a.ssl(rest)
	}
	if !a.front(s[:open]) || rest == "" || rest[0] != '"' {
		return false
	}
	if rest = a.requestOf(rest); !a.counts(rest) {
		return false
	}
	rest = strings.TrimLeft(rest, " ")
	_, rest, _ = strings.Cut(rest, " ")
	_, rest, _ = strings.Cut(strings.TrimLeft(rest, " "), " ")
	for n := 0; ; n++ {
		if rest = strings.TrimLeft(rest, " "); rest == "" {
			return true
		}
		var f string
		switch f, rest = a.field(rest); {
		case n == 0:
			a.referrer = f
		case n == 1:
			a.agent = f
		case a.extras < maxExtra:
			a.extra[a.extras] = f
			a.extras++
		default:
			a.rest = strings.TrimRight(f+" "+rest, " ")
			return true
		}
	}
}

// requestOf takes the quoted request and returns what follows it. Some servers do not mark quotes inside the request; then it
// ends at the first one that status and size follow.
func (a *entry) requestOf(s string) string {
	f, rest := a.field(s)
	a.request = f
	if a.counts(rest) {
		return rest
	}
	for i := 1; i < len(s); i++ {
		if s[i] == '"' && a.counts(s[i+1:]) {
			a.request, a.open = s[1:i], false
			return s[i+1:]
		}
	}
	return rest
}

// counts reads " status size" from the front of s and says whether it stands there.
func (a *entry) counts(s string) bool {
	if s == "" || s[0] != ' ' {
		return false
	}
	status, rest, _ := strings.Cut(strings.TrimLeft(s, " "), " ")
	size, _, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
	if !isStatus(status) || !isCount(size) {
		return false
	}
	a.status, a.bytes = dash(status), dash(size)
	return true
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
		if weblog.IsClock(s[at+1:]) {
			return at
		}
		at++
	}
}

// front reads "[host] address[, address…] ident user". A host is a first word that neither ends with a comma nor is
// quoted, where more than one word stands before ident and user.
func (a *entry) front(s string) bool {
	s = strings.TrimRight(s, " ")
	var words string
	words, a.user = lastWord(s)
	words, a.ident = lastWord(words)
	first, more, found := strings.Cut(words, " ")
	if found && first != "" && !strings.ContainsAny(first, `,"`) {
		a.host, words = first, more
	}
	for words != "" {
		i := strings.IndexAny(words, `, "`)
		w := words
		if i >= 0 {
			w, words = words[:i], words[i+1:]
		} else {
			words = ""
		}
		if w == "" {
			continue
		}
		if a.count == maxAddresses {
			return false
		}
		a.addresses[a.count] = w
		a.count++
	}
	return a.count > 0 && a.user != "" && a.ident != ""
}

// lastWord cuts the last word off, a quoted one without its quotes.
func lastWord(s string) (before, word string) {
	if strings.HasSuffix(s, `"`) {
		if i := strings.LastIndexByte(s[:len(s)-1], '"'); i >= 0 {
			return strings.TrimRight(s[:i], " "), s[i+1 : len(s)-1]
		}
	}
	i := strings.LastIndexByte(s, ' ')
	return strings.TrimRight(s[:max(i, 0)], " "), s[i+1:]
}

// ssl reads the rest of Apache's ssl_request_log: address protocol cipher "request" bytes.
func (a *entry) ssl(s string) bool {
	var f [5]string
	for i := range f {
		if s = strings.TrimLeft(s, " "); s == "" || i == 3 && s[0] != '"' {
			return false
		}
		f[i], s = a.field(s)
	}
	if !isCount(f[4]) || f[0] == "" {
		return false
	}
	a.addresses[0], a.count = f[0], 1
	a.protocol, a.cipher, a.request, a.bytes = f[1], f[2], f[3], dash(f[4])
	a.rest = strings.TrimLeft(s, " ")
	return true
}

// field takes one word or one quoted text, in which a backslash keeps the next character from ending it.
func (a *entry) field(s string) (f, rest string) {
	if s == "" || s[0] != '"' {
		f, rest, _ = strings.Cut(s, " ")
		return f, rest
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[1:i], s[i+1:]
		}
	}
	a.open = true
	return s[1:], ""
}
