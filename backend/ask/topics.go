package ask

import (
	"fmt"
	"net/netip"
	"strings"

	"adjutant/backend/timeline/query"
)

// subject is what a question asks about: the expression, and the words for it.
type subject struct {
	expr query.Expr
	said string
}

// Actions that the parsers write for logons; see the tables of parse/evtx and parse/syslog.
var (
	logonActions  = []string{"logon", "session-logon", "ssh-login-accepted", "ConsoleLogin"}
	failedActions = []string{"logon-failed", "ssh-login-failed"}
)

func logons() query.Expr {
	return query.Both(query.AnyOf("event.action", logonActions...), query.Except(query.Term("event.outcome", "failure")))
}

func failedLogons() query.Expr {
	return query.Either(query.AnyOf("event.action", failedActions...),
		query.Both(query.Term("event.action", "ConsoleLogin"), query.Term("event.outcome", "failure")))
}

// topic is a word for a kind of row.
type topic struct {
	words []string
	said  string
	expr  func() query.Expr
}

var topics = []topic{
	{[]string{"failed logons", "failed logon", "failed logins", "failed login", "failed signins", "failed log ons", "failed log ins", "failed sign ins", "failed authentications", "unsuccessful logons",
		"unsuccessful logins", "wrong passwords", "bad logons", "logon failures", "login failures"}, "failed logons", failedLogons},
	{[]string{"logons", "logon", "logins", "login", "signins", "log ons", "log ins", "sign ins", "successful logons", "successful logins"}, "logons", logons},
	{[]string{"powershell", "powershell commands", "powershell activity"}, "PowerShell", func() query.Expr {
		return query.Either(query.AnyOf("process.name", "powershell.exe", "pwsh.exe"), query.Term("event.dataset", "windows.powershell"))
	}},
	{[]string{"processes", "process starts", "started processes", "commands", "command lines"}, "processes with a command line", func() query.Expr { return query.Has("process.command_line") }},
	{[]string{"network connections", "connections", "network traffic"}, "rows with a destination address", func() query.Expr { return query.Has("destination.ip") }},
	{[]string{"scheduled tasks", "new tasks", "tasks created"}, "scheduled tasks", func() query.Expr {
		return query.Either(query.Term("event.code", "4698"), query.Term("process.name", "schtasks.exe"))
	}},
	{[]string{"services", "new services", "service installs", "installed services"}, "new services", func() query.Expr { return query.AnyOf("event.code", "7045", "4697") }},
	{[]string{"cleared logs", "log clearing", "log clearings", "deleted logs"}, "cleared logs", func() query.Expr {
		return query.Both(query.AnyOf("event.code", "1102", "104"), query.Term("event.provider", "Microsoft-Windows-Eventlog"))
	}},
	{[]string{"new accounts", "new users", "created accounts", "account creation"}, "new accounts", func() query.Expr {
		return query.Either(query.Term("event.code", "4720"), query.Term("event.action", "user-added"))
	}},
	{[]string{"sudo", "sudo commands"}, "sudo", func() query.Expr { return query.AnyOf("event.action", "sudo-command", "sudo-refused") }},
	{[]string{"tagged rows", "tagged events", "tags"}, "tagged rows", func() query.Expr { return query.Has(query.FieldTag) }},
	{[]string{"promoted rows", "promoted events", "key events", "key rows", "incident timeline"}, "rows of the incident timeline", func() query.Expr { return query.Has(query.FieldPromoted) }},
	{[]string{"notes", "rows with notes"}, "rows with notes", func() query.Expr { return query.Has(query.FieldNote) }},
}

// topic takes the longest run of words that is a topic or a source of the vocabulary.
func (m *matcher) topic(i int, b bound, k next) {
	best, found := 0, subject{}
	var said []string
	for j := i; j < len(m.words) && j < i+maxNameWords; j++ {
		if m.words[j].quoted {
			break
		}
		said = append(said, m.words[j].folded)
		text := strings.Join(said, " ")
		for _, t := range topics {
			for _, w := range t.words {
				if w == text {
					best, found = j+1, subject{t.expr(), t.said}
				}
			}
		}
		if best == j+1 {
			continue
		}
		if s := known(m.v.Sources, text, func(s string) []string { return []string{s, s[strings.LastIndexByte(s, '.')+1:]} }); s != nil {
			best, found = j+1, subject{query.AnyOf("event.dataset", s...), "rows of " + strings.Join(s, ", ")}
		}
	}
	if best > 0 {
		b.thing = found
		k(best, b)
	}
}

// thing is a topic, a host, a user, an address, or a text: in quotation marks, or one word that can only be an artefact.
func (m *matcher) thing(i int, b bound, k next) {
	take := func(j int, s subject) {
		c := b
		c.thing = s
		k(j, c)
	}
	w := m.words[i]
	if w.quoted {
		if len(query.Tokens(w.text)) > 0 {
			take(i+1, subject{query.Phrase(w.text), fmt.Sprintf("%q", w.text)})
		}
		return
	}
	m.topic(i, b, k)
	j := i
	if m.in(i, "user", "account", "host", "ip", "address", "process", "file", "program") {
		j++
	}
	if j >= len(m.words) {
		return
	}
	lenient := m.lenient
	m.lenient = false // an unknown name here may be any text, so it is not called a wrong host or user
	kind := m.at(i)
	if kind != "host" {
		m.user(j, b, func(n int, c bound) { take(n, subject{userExpr(c.users), "user " + c.userWord}) })
	}
	if kind != "user" && kind != "account" {
		m.host(j, b, func(n int, c bound) { take(n, subject{hostExpr(c.hosts), c.hostWord}) })
	}
	m.lenient = lenient
	if m.words[j].quoted {
		return
	}
	if peer, ok := peerOf(m.words[j]); ok {
		if _, err := netip.ParseAddr(peer); err == nil {
			take(j+1, subject{query.Phrase(peer), peer})
			return
		}
	}
	if artefact(m.words[j].text) && len(query.Tokens(m.words[j].text)) > 0 {
		take(j+1, subject{query.Phrase(m.words[j].text), fmt.Sprintf("%q", m.words[j].text)})
	}
}

// artefact says whether a word is a name of a file, path, key, hash or the like: no word of English holds such signs
// inside, or a digit.
func artefact(s string) bool {
	for i, r := range s {
		if r >= '0' && r <= '9' || strings.ContainsRune(`\_@%$`, r) {
			return true
		}
		if (r == '.' || r == '/' || r == ':') && i > 0 && i < len(s)-1 {
			return true
		}
	}
	return false
}

func hostExpr(hosts []string) query.Expr { return query.AnyOf("host.name", hosts...) }

func userExpr(users []string) query.Expr { return query.AnyOf("user.name", users...) }

// peerExpr is an address or a name at the other end of a connection.
func peerExpr(peer string) query.Expr {
	if _, err := netip.ParseAddr(peer); err == nil {
		return query.Term("destination.ip", peer)
	}
	return query.Either(query.Term("destination.domain", peer), query.Term("dns.question.name", peer), query.Term("url.domain", peer))
}
