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
	pattern                         *regexp.Regexp
	action, category, kind, outcome string
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
		rules[row[0]] = append(rules[row[0]], authRule{re, row[2], row[3], row[4], row[5]})
	}
	return rules, nil
}

// maxAuthText bounds what patterns are tried on; no line of these programs is longer.
const maxAuthText = 8 << 10

// anyProgram is the table's word for rules that hold for every program: the lines of PAM modules.
const anyProgram = "*"

// Meaning fills what the table says about a program's message and reports whether it is one of logins and accounts. The journal
// holds the same messages.
func Meaning(e *event.Event, program, message string) bool {
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
	if first(e, rules, message) {
		return true
	}
	return strings.HasPrefix(message, "pam_") && first(e, table[anyProgram], message) || known
}

// first fills an event by the first rule that fits.
func first(e *event.Event, rules []authRule, message string) bool {
	for _, r := range rules {
		m := r.pattern.FindStringSubmatch(message)
		if m == nil {
			continue
		}
		e.Set("event.action", event.KindString, r.action)
		e.Set("event.category", event.KindString, r.category)
		e.Set("event.type", event.KindString, r.kind)
		e.Set("event.outcome", event.KindString, r.outcome)
		for i, group := range r.pattern.SubexpNames() {
			if group != "" && m[i] != "" {
				set(e, group, m[i])
			}
		}
		return true
	}
	return false
}

func set(e *event.Event, group, v string) {
	switch group {
	case "port", "listen":
		number(e, targets[group], v)
	case "ip":
		if a, err := netip.ParseAddr(v); err == nil {
			e.Set("source.ip", event.KindString, a.Unmap().String())
		} else {
			e.Set("source.domain", event.KindString, v)
		}
		e.Set("source.address", event.KindString, v)
	default:
		e.Set(targets[group], event.KindString, v)
	}
}
