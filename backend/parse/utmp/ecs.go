package utmp

import (
	"fmt"
	"net/netip"
	"strconv"

	"adjutant/backend/event"
)

// kinds of records by their number in utmp(5); macOS has others from 10 on.
var kinds = []struct{ name, action, category, kind string }{
	{"EMPTY", "record-empty", "session", "info"}, {"RUN_LVL", "runlevel-changed", "host", "change"}, {"BOOT_TIME", "system-boot", "host", "start"},
	{"NEW_TIME", "clock-set", "host", "change"}, {"OLD_TIME", "clock-set", "host", "change"}, {"INIT_PROCESS", "init-process", "process", "start"},
	{"LOGIN_PROCESS", "login-prompt", "session", "info"}, {"USER_PROCESS", "session-opened", "authentication", "start"}, {"DEAD_PROCESS", "session-closed", "session", "end"},
	{"ACCOUNTING", "accounting", "host", "info"}, {"SIGNATURE", "signature", "session", "info"}, {"SHUTDOWN_TIME", "system-shutdown", "host", "end"},
}

// macOS numbers the kinds in another order (utmpx.h): the place in kinds for each of its numbers.
var macKinds = []int{0, 1, 2, 4, 3, 5, 6, 7, 8, 9, 10, 11}

// macFlags are the bits above the number: AUTOREMOVE and others.
const macFlags = 0x0fff

func (r *record) fill(e *event.Event, k kind, failed bool) {
	set := func(name, v string) { e.Set(name, event.KindString, v) }
	number := func(name string, v int64) { e.Set(name, event.KindNumber, strconv.FormatInt(v, 10)) }
	if r.sec > 0 {
		original := strconv.FormatInt(r.sec, 10)
		if r.usec > 0 {
			original += fmt.Sprintf(".%06d", r.usec)
		}
		e.Times = append(e.Times, event.Time{Meaning: event.Occurred, At: r.at(), Original: original, Zone: "UTC"})
	}
	set("event.kind", "event")
	set("event.module", "utmp")
	set("user.name", r.user)
	set("utmp.line", r.line)
	set("utmp.host", r.host)
	r.source(set)
	if k == lastlog {
		set("event.dataset", "utmp.lastlog")
		set("event.category", "authentication")
		set("event.type", "start")
		set("event.action", "last-login")
		set("event.outcome", "success")
		number("user.id", r.uid)
		set("message", fmt.Sprintf("last login of uid %d%s", r.uid, r.where()))
		return
	}
	place := r.kind
	if k == macos {
		set("event.dataset", "utmp.utmpx")
		place = len(kinds)
		if n := r.kind & macFlags; n < len(macKinds) {
			place = macKinds[n]
		}
	} else {
		set("event.dataset", "utmp.record")
	}
	number("utmp.type", int64(r.kind))
	if place >= len(kinds) {
		set("event.action", "unknown")
		set("message", fmt.Sprintf("login record of unknown type %d", r.kind))
		return
	}
	what := kinds[place]
	set("utmp.type_name", what.name)
	number("process.pid", int64(r.pid))
	set("utmp.id", r.id)
	number("utmp.id_number", int64(r.idNumber))
	if k == linux {
		number("utmp.session", r.session)
		number("utmp.exit_termination", int64(r.termination))
		number("utmp.exit_status", int64(r.status))
	}
	action, outcome := what.action, ""
	switch {
	case failed && place != 0:
		what.category, what.kind, action, outcome = "authentication", "start", "login-failed", "failure"
	case what.name == "RUN_LVL" && r.user == "shutdown":
		action, what.kind = "system-shutdown", "end"
	case what.name == "USER_PROCESS":
		outcome = "success"
	}
	set("event.category", what.category)
	set("event.type", what.kind)
	set("event.action", action)
	set("event.outcome", outcome)
	set("message", r.sentence(what.name, action))
}

// source is where a login came from: the address, else what the host field says.
func (r *record) source(set func(name, v string)) {
	if r.address.IsValid() {
		set("source.ip", r.address.String())
		set("source.address", r.address.String())
		if _, err := netip.ParseAddr(r.host); err != nil && r.kind != 1 && r.kind != 2 { // there the host is the kernel's version
			set("source.domain", r.host)
		}
		return
	}
	if r.host == "" || r.kind == 1 || r.kind == 2 {
		return
	}
	set("source.address", r.host)
	if a, err := netip.ParseAddr(r.host); err == nil {
		set("source.ip", a.Unmap().String())
	} else {
		set("source.domain", r.host)
	}
}

func (r *record) where() string {
	text := ""
	if r.line != "" {
		text += " on " + r.line
	}
	switch {
	case r.host != "":
		text += " from " + r.host
	case r.address.IsValid():
		text += " from " + r.address.String()
	}
	return text
}

func (r *record) sentence(name, action string) string {
	user := r.user
	if user == "" {
		user = "someone"
	}
	switch action {
	case "login-failed":
		return "failed login of " + user + r.where()
	case "session-opened":
		return user + " logged in" + r.where()
	case "session-closed":
		text := "session ended"
		if r.user != "" {
			text = "session of " + r.user + " ended"
		}
		return text + r.where()
	case "system-boot":
		if r.host != "" {
			return "system booted, kernel " + r.host
		}
		return "system booted"
	case "system-shutdown":
		return "system shut down"
	case "runlevel-changed":
		return fmt.Sprintf("run level changed to %s from %s", level(byte(r.pid)), level(byte(r.pid>>8)))
	case "clock-set":
		if name == "OLD_TIME" {
			return "clock was set; this is the time before"
		}
		return "clock was set; this is the time after"
	case "record-empty":
		return "empty login record: never used, or erased"
	}
	return action + r.where()
}

// level is a run level as init writes it: a digit or a letter.
func level(c byte) string {
	if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
		return string(c)
	}
	return "none"
}
