package auditd

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse/linelog"
)

// fill writes the event under ECS names, what ECS lacks under auditd.
func (s *sum) fill(r *linelog.Record) {
	e := r.Event
	r.Set("event.module", "auditd")
	r.Set("event.dataset", "auditd.log")
	r.Set("event.kind", s.event.kind)
	if s.event.kind == "" {
		r.Set("event.kind", "event")
	}
	e.Set("event.category", event.KindString, unique(s.event.category)...)
	e.Set("event.type", event.KindString, unique(s.event.types)...)
	r.Set("event.action", s.action)
	if s.action == "" {
		r.Set("event.action", strings.ToLower(s.kind))
	}
	switch s.result {
	case "success":
		r.Set("event.outcome", "success")
	case "fail":
		r.Set("event.outcome", "failure")
	}
	r.Set("host.name", s.node)
	r.Number("auditd.sequence", strconv.FormatUint(uint64(s.serial), 10), "")
	r.Number("auditd.records", strconv.Itoa(s.records), "")
	e.Set("auditd.record_types", event.KindString, s.kinds...)
	r.Set("auditd.category", s.category)
	r.Set("auditd.result", s.result)
	r.Set("auditd.session", s.session)
	e.Set("auditd.key", event.KindString, s.keys...)
	r.Set("auditd.summary.actor.primary", s.actor)
	r.Set("auditd.summary.actor.secondary", s.actor2)
	r.Set("auditd.summary.object.type", s.what)
	r.Set("auditd.summary.object.primary", s.object)
	r.Set("auditd.summary.object.secondary", s.object2)
	r.Set("auditd.summary.how", s.how)
	s.fillUsers(r)
	s.fillProcess(r)
	s.fillFile(r)
	s.fillNetwork(r)
	for _, f := range s.data {
		r.Set("auditd.data."+clean(f.name), f.value)
	}
	for _, f := range s.extra {
		r.Set("auditd.data."+clean(f.name), f.value)
	}
	for i, p := range s.paths {
		for _, f := range p {
			r.Set("auditd.paths."+strconv.Itoa(i)+"."+clean(f.name), f.value)
		}
	}
	r.Set("message", s.sentence())
}

// clean keeps a name out of the nesting by dots.
func clean(name string) string { return strings.Trim(strings.ReplaceAll(name, "[", "_"), "]") }

func unique(words []string) (out []string) {
	for _, w := range words {
		if !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// idNames are where ids of the subject go.
var idNames = [][3]string{
	{"uid", "user.id", "user.name"}, {"auid", "user.audit.id", "user.audit.name"}, {"euid", "user.effective.id", "user.effective.name"},
	{"suid", "user.saved.id", "user.saved.name"}, {"fsuid", "user.filesystem.id", "user.filesystem.name"},
	{"gid", "user.group.id", "user.group.name"}, {"egid", "user.effective.group.id", "user.effective.group.name"},
	{"sgid", "user.saved.group.id", "user.saved.group.name"}, {"fsgid", "user.filesystem.group.id", "user.filesystem.group.name"},
}

func (s *sum) fillUsers(r *linelog.Record) {
	e := r.Event
	set := func(name, value string) {
		if value != "unset" && value != "" && !slices.ContainsFunc(e.Fields, func(f event.Field) bool { return f.Name == name }) {
			r.Set(name, value)
		}
	}
	names := s.names
	known := map[string]bool{}
	for _, n := range idNames {
		set(n[1], s.ids.get(n[0]))
		set(n[2], names.get(n[0]))
		known[n[0]] = true
	}
	for _, f := range s.ids {
		if !known[f.name] {
			r.Set("auditd.ids."+clean(f.name), f.value)
		}
	}
	for _, f := range names {
		switch f.name {
		case "ouid", "ogid", "arch", "syscall", "saddr": // told elsewhere: with the file, the call and the address
		default:
			if !known[f.name] {
				r.Set("auditd.names."+clean(f.name), f.value)
			}
		}
	}
	if acct := s.data.get("acct"); acct != "" {
		set("user.name", acct)
	}
	for _, to := range []string{"user", "user.effective", "user.target", "user.changes", "group"} {
		v := s.users[to]
		name := to + ".name"
		if _, err := strconv.ParseUint(v, 10, 64); err == nil {
			name = to + ".id"
		}
		set(name, v)
	}
	for _, f := range s.selinux {
		r.Set("auditd.selinux."+f.name, f.value)
	}
}

func (s *sum) fillProcess(r *linelog.Record) {
	d := &s.data
	r.Number("process.pid", d.take("pid"), "auditd.data.pid")
	r.Number("process.parent.pid", d.take("ppid"), "auditd.data.ppid")
	title := d.take("proctitle")
	r.Set("process.title", title)
	r.Set("process.name", d.take("comm"))
	r.Set("process.executable", d.take("exe"))
	r.Set("process.working_directory", d.take("cwd"))
	r.Event.Set("process.args", event.KindString, s.args...)
	if command := s.command(); command != "" {
		r.Set("process.command_line", command)
	} else {
		r.Set("process.command_line", title)
	}
}

// command is what was run, as far as the log says it.
func (s *sum) command() string {
	if len(s.args) > 0 {
		return strings.Join(s.args, " ")
	}
	return s.data.get("cmd")
}

func (s *sum) fillFile(r *linelog.Record) {
	for _, f := range s.file {
		if label, ok := strings.CutPrefix(f.name, "selinux_"); ok {
			r.Set("auditd.file.selinux."+label, f.value)
			continue
		}
		r.Set("file."+f.name, f.value)
	}
	if len(s.file) > 0 {
		r.Set("file.owner", s.names.get("ouid"))
		r.Set("file.group", s.names.get("ogid"))
	}
}

func (s *sum) fillNetwork(r *linelog.Record) {
	r.Set("network.direction", s.direction)
	end := func(side string, f fields) {
		address(r, side, f.get("addr"))
		r.Number(side+".port", f.get("port"), "")
		if f != nil {
			r.Set("auditd."+side+".path", f.get("path"))
		}
	}
	end("source", s.source)
	end("destination", s.dest)
	if s.source != nil {
		return
	}
	for _, name := range []string{"addr", "src"} { // records of logins and of IPsec state where it came from
		if v := s.data.get(name); v != "" {
			address(r, "source", v)
			r.Number("source.port", s.data.get("rport"), "")
			break
		}
	}
}

func address(r *linelog.Record, side, v string) {
	if v == "" {
		return
	}
	r.Set(side+".address", v)
	if ip, err := netip.ParseAddr(v); err == nil {
		r.Set(side+".ip", ip.Unmap().String())
	} else {
		r.Set(side+".domain", v)
	}
}

// sentence is the event in a line: who did what to what with what, and how it ended.
func (s *sum) sentence() string {
	var b strings.Builder
	who := s.names.get("auid")
	if who == "" || who == "unset" {
		who = s.actor
	}
	switch {
	case who == "" || who == "unset":
		who = s.names.get("uid")
		if who == "" && s.actor2 != "" {
			who = "uid " + s.actor2
		}
	case strings.Trim(who, "0123456789") == "":
		who = "login uid " + who
	}
	if s.action == "" {
		b.WriteString(s.kind)
		if who != "" {
			b.WriteString(" of " + who)
		}
	} else {
		if who == "" {
			who = "system"
		}
		b.WriteString(who + " " + strings.ReplaceAll(s.action, "-", " "))
	}
	switch {
	case s.object != "" && s.object2 != "":
		b.WriteString(" " + s.object + " (" + s.object2 + ")")
	case s.object != "":
		b.WriteString(" " + s.object)
	}
	if s.how != "" && s.how != s.object {
		b.WriteString(" with " + s.how)
	}
	if command := s.command(); command != "" && command != s.object {
		b.WriteString(": " + command)
	}
	switch s.result {
	case "success":
		b.WriteString("; success")
	case "fail":
		b.WriteString("; failure")
		if code := s.data.get("exit"); code != "" {
			b.WriteString(" (" + code + ")")
		}
	}
	return b.String()
}
