package journal

import (
	"slices"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/syslog"
)

// ecsNames are journald's fields that ECS has a name for; numbers end with #.
var ecsNames = map[string]string{
	"MESSAGE": "message", "_HOSTNAME": "host.name", "_MACHINE_ID": "host.id", "_PID": "process.pid#", "_EXE": "process.executable", "_CMDLINE": "process.command_line",
	"_UID": "user.id", "_GID": "user.group.id", "_SYSTEMD_UNIT": "systemd.unit", "PRIORITY": "log.syslog.severity.code#", "SYSLOG_FACILITY": "log.syslog.facility.code#",
	"SYSLOG_IDENTIFIER": "log.syslog.appname", "SYSLOG_PID": "log.syslog.procid", "CODE_FILE": "log.origin.file.name", "CODE_LINE": "log.origin.file.line#", "CODE_FUNC": "log.origin.function",
	"CONTAINER_ID_FULL": "container.id", "CONTAINER_NAME": "container.name", "IMAGE_NAME": "container.image.name", "ERRNO": "error.code",
}

// fieldsOfOurs is about how many fields an entry has beyond its own values.
const fieldsOfOurs = 20

// own are fields that the entry itself says already, when journalctl writes them.
var own = map[string]bool{"__CURSOR": true, "__REALTIME_TIMESTAMP": true, "__MONOTONIC_TIMESTAMP": true, "__SEQNUM": true, "__SEQNUM_ID": true, "_BOOT_ID": true}

// Fill writes an entry under ECS names, what ECS lacks under journal and the field's own name. It gives at least one time.
func (n *Entry) Fill(e *event.Event) {
	e.Fields = slices.Grow(e.Fields, len(n.Values)+fieldsOfOurs)
	set := func(name, v string) { e.Set(name, event.KindString, v) }
	set("event.kind", "event")
	set("event.module", "system")
	set("host.boot.id", n.Boot)
	set("journal.seqnum_id", n.Series)
	if n.Number > 0 {
		e.Set("journal.seqnum", event.KindNumber, strconv.FormatUint(n.Number, 10))
	}
	if n.Monotonic > 0 {
		e.Set("journal.monotonic", event.KindNumber, strconv.FormatUint(n.Monotonic, 10))
	}
	wall := strconv.FormatUint(n.Wall, 10)
	source := n.first("_SOURCE_REALTIME_TIMESTAMP")
	if at, err := strconv.ParseUint(source, 10, 64); err == nil && at > 0 && at < 1<<55 {
		e.Times = append(e.Times, micro(at, event.Occurred, source), micro(n.Wall, event.Recorded, wall))
	} else {
		e.Times = append(e.Times, micro(n.Wall, event.Occurred, wall))
		set("journal._SOURCE_REALTIME_TIMESTAMP", source)
	}
	n.syslog(e)
	said := e.Fields // what the message says of a command or an account goes before what sent it
	for _, v := range n.Values {
		if own[v.Name] || v.Name == "_SOURCE_REALTIME_TIMESTAMP" {
			continue
		}
		name, known := ecsNames[v.Name]
		name, number := strings.CutSuffix(name, "#")
		switch {
		case !known || slices.ContainsFunc(said, func(f event.Field) bool { return f.Name == name }):
			set("journal."+v.Name, v.Text)
		case number && !digits(v.Text):
			set("journal."+v.Name, v.Text)
		case number:
			e.Set(name, event.KindNumber, v.Text)
		default:
			set(name, v.Text)
		}
	}
}

func digits(s string) bool {
	return s != "" && len(s) < 19 && strings.Trim(s, "0123456789") == "" && (s[0] != '0' || len(s) == 1)
}

func (n *Entry) first(name string) string {
	for _, v := range n.Values {
		if v.Name == name {
			return v.Text
		}
	}
	return ""
}

// syslog fills what a line of syslog would say: the host's short name, the program, words for priority, and what the message means.
func (n *Entry) syslog(e *event.Event) {
	set := func(name, v string) { e.Set(name, event.KindString, v) }
	set("host.hostname", n.first("_HOSTNAME"))
	program, comm := n.first("SYSLOG_IDENTIFIER"), n.first("_COMM")
	if comm == "" {
		set("process.name", program)
	} else {
		set("process.name", comm) // the kernel's word; an identifier is what the program calls itself
	}
	if program == "" {
		program = comm
	}
	if s, err := strconv.Atoi(n.first("PRIORITY")); err == nil {
		set("log.syslog.severity.name", syslog.Severity(s))
	}
	facility, err := strconv.Atoi(n.first("SYSLOG_FACILITY"))
	if err == nil {
		set("log.syslog.facility.name", syslog.Facility(facility))
	}
	dataset := "system.syslog"
	if syslog.Meaning(syslog.Into(e), program, n.first("MESSAGE")) || facility == 4 || facility == 10 {
		dataset = "system.auth"
	}
	set("event.dataset", dataset)
}
