package syslog

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"sync"

	"adjutant/backend/event"
)

//go:embed auth.csv
var authTable string

// authRule is one row of auth.csv.
type authRule struct {
	prefix                          string // with which every text that fits begins
	pattern                         *regexp.Regexp
	groups                          []string // names by number
	action, category, kind, outcome string
}

// prefixOf is what stands in a pattern between ^ and the first sign that is no plain one.
func prefixOf(pattern string) string {
	s, anchored := strings.CutPrefix(pattern, "^")
	i := strings.IndexAny(s, `\.+*?()|[]{}^$`)
	if !anchored || i < 0 || strings.Contains(pattern, "|^") {
		return ""
	}
	if c := s[i]; i > 0 && (c == '?' || c == '*' || c == '{') {
		i-- // the sign before may be absent
	}
	return s[:i]
}

// targets says which field a group of a pattern fills. "ip" is an address or, failing that, a name.
var targets = map[string]string{
	"user": "user.name", "user2": "user.name", "target": "user.target.name", "target2": "user.target.name", "by": "user.effective.name",
	"group": "group.name", "group2": "group.name", "uid": "user.id", "gid": "group.id", "port": "source.port", "domain": "source.domain",
	"command": "process.command_line", "pwd": "process.working_directory", "tty": "syslog.tty", "home": "syslog.home", "shell": "syslog.shell",
	"method": "syslog.ssh_method", "signature": "syslog.ssh_signature", "subsystem": "syslog.ssh_subsystem", "reason": "event.reason",
	"verb": "syslog.verb", "session": "syslog.session", "service": "syslog.pam_service", "address": "server.address", "listen": "server.port", "ip": "source.ip",
}

// authRules compiles the table once; a fault in it is a broken build, which the package's tests find.
var authRules = sync.OnceValue(func() map[string][]authRule {
	rules, err := compileAuth()
	if err != nil {
		panic("syslog: embedded table: " + err.Error())
	}
	return rules
})

func compileAuth() (map[string][]authRule, error) {
	r := csv.NewReader(strings.NewReader(authTable))
	r.Comment, r.FieldsPerRecord = '#', 6
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	rules := map[string][]authRule{}
	for _, row := range rows[1:] {
		re, err := regexp.Compile(row[1])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", row[0], err)
		}
		for _, group := range re.SubexpNames() {
			if group != "" && targets[group] == "" {
				return nil, fmt.Errorf("%s: group %q has no field", row[0], group)
			}
		}
		rules[row[0]] = append(rules[row[0]], authRule{prefixOf(row[1]), re, re.SubexpNames(), row[2], row[3], row[4], row[5]})
	}
	return rules, nil
}

// maxAuthText bounds what patterns are tried on; no line of these programs is longer.
const maxAuthText = 8 << 10

// anyProgram is the table's word for rules that hold for every program: the lines of PAM modules.
const anyProgram = "*"

// Sink takes fields as they are found; linelog.Record is one.
type Sink interface {
	Keep(name, value string)
	Number(name, digits, other string)
}

// Into is the sink of an event that has no record of its own.
func Into(e *event.Event) Sink { return sink{e} }

type sink struct{ e *event.Event }

func (s sink) Keep(name, value string) { s.e.Set(name, event.KindString, value) }

func (s sink) Number(name, digits, _ string) {
	digits = strings.TrimLeft(digits[:max(0, len(digits)-1)], "0") + digits[max(0, len(digits)-1):]
	s.e.Set(name, event.KindNumber, digits)
}

// Meaning fills what the table says about a program's message and reports whether it is one of logins and accounts. The journal
// holds the same messages.
func Meaning(to Sink, program, message string) bool {
	table := authRules()
	program = strings.ToLower(program)
	program = program[strings.LastIndexByte(program, '/')+1:]
	switch program {
	case "crond":
		program = "cron"
	case "sshd-session", "sshd-auth":
		program = "sshd"
	}
	rules, known := table[program]
	if len(message) > maxAuthText {
		return known
	}
	if first(to, rules, message) {
		return true
	}
	return strings.HasPrefix(message, "pam_") && first(to, table[anyProgram], message) || known
}

// first fills fields by the first rule that fits.
func first(to Sink, rules []authRule, message string) bool {
	for i := range rules {
		r := &rules[i]
		if !strings.HasPrefix(message, r.prefix) {
			continue
		}
		m := r.pattern.FindStringSubmatchIndex(message)
		if m == nil {
			continue
		}
		to.Keep("event.action", r.action)
		to.Keep("event.category", r.category)
		to.Keep("event.type", r.kind)
		to.Keep("event.outcome", r.outcome)
		for i, group := range r.groups {
			if at := m[2*i]; group != "" && at >= 0 && m[2*i+1] > at {
				set(to, group, message[at:m[2*i+1]])
			}
		}
		return true
	}
	return false
}

func set(to Sink, group, v string) {
	switch group {
	case "port", "listen":
		to.Number(targets[group], v, "")
	case "ip":
		if a, err := netip.ParseAddr(v); err == nil {
			if a.Is4In6() {
				to.Keep("source.ip", a.Unmap().String())
			} else {
				to.Keep("source.ip", v)
			}
		} else {
			to.Keep("source.domain", v)
		}
		to.Keep("source.address", v)
	default:
		to.Keep(targets[group], v)
	}
}
