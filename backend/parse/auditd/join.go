package auditd

import (
	"slices"
	"strconv"
	"strings"
)

// sum is the event that the records of one serial number make.
type sum struct {
	header
	records         int
	kinds           []string
	keys            []string
	category        string
	result, session string
	data            fields
	extra           fields // values that another record has under the same name
	ids, selinux    fields // of the subject
	names           fields // of ids, as the daemon added them
	paths           []fields
	args            []string
	source, dest    fields // addr, port, path
	direction       string
	action          string
	actor, actor2   string
	what            string
	object, object2 string
	how             string
	file            fields            // path, inode, device, mode, uid, gid, of the object
	event           action            // words of ECS
	users           map[string]string // of the mappings: "user", "user.target" … to an id or a name
}

// join makes one event of its records: the system call is its subject, a record before it says what kind of event it is.
func (t *tableSet) join(messages []*message) *sum {
	first, subject := messages[0], messages[0]
	for _, m := range messages {
		if m.kind == "SYSCALL" {
			subject = m
			break
		}
	}
	s := &sum{header: first.header, category: t.category[first.kind], result: "unknown", users: map[string]string{}}
	if s.category == "" {
		s.category = "unknown"
	}
	s.begin(subject, len(messages) > 1)
	for _, m := range messages {
		if !slices.Contains(s.kinds, m.kind) {
			s.kinds = append(s.kinds, m.kind)
		}
		for _, n := range m.names {
			if s.names.find(n.name) == nil {
				s.names.put(n)
			}
		}
		if len(messages) > 1 {
			s.add(m)
		}
	}
	t.apply(s)
	return s
}

func (s *sum) begin(m *message, several bool) {
	d := m.data
	s.keys = m.keys
	for _, f := range d {
		switch {
		case f.name == "result":
			s.result = f.value
		case f.name == "ses":
			s.session = f.value
		case several && f.name == "items" && m.kind == "SYSCALL":
		case strings.HasSuffix(f.name, "uid") || strings.HasSuffix(f.name, "gid"):
			s.ids.put(f)
		case strings.HasPrefix(f.name, "subj_"):
			s.selinux.set(f.name[5:], f.value)
		default:
			s.data.put(f)
		}
	}
	s.actor, s.actor2 = d.get("auid"), d.get("uid")
}

func (s *sum) add(m *message) {
	switch m.kind {
	case "SYSCALL":
	case "PATH":
		if len(s.paths) < 64 { // the kernel writes at most a handful; each has a dozen fields
			s.paths = append(s.paths, m.data)
		}
	case "SOCKADDR":
		s.socket(m.data)
	case "EXECVE":
		for _, f := range m.data {
			if isArgument(f.name) {
				s.args = append(s.args, f.value)
			} else {
				s.data.put(f)
			}
		}
	default:
		for _, f := range m.data {
			at := s.data.find(f.name)
			switch {
			case at == nil && f.value != "":
				s.data.put(f)
			case at != nil && at.value != f.value:
				s.extra = append(s.extra, f)
			}
		}
		if len(s.keys) == 0 {
			s.keys = m.keys
		}
	}
}

func (s *sum) socket(d fields) {
	for _, f := range d {
		s.data.set("socket_"+f.name, f.value)
	}
	switch s.data.get("syscall") {
	case "recvfrom", "recvmsg", "accept", "accept4":
		s.source, s.direction = d, "ingress"
	case "connect", "sendto", "sendmsg":
		s.dest, s.direction = d, "egress"
	}
}

// apply says what happened by the table.
func (t *tableSet) apply(s *sum) {
	s.how = s.data.get("exe")
	if comm := s.data.get("comm"); s.how == "" || comm != "" && interpreter(s.how) {
		s.how = comm
	}
	var call, norm *action
	if name := s.data.get("syscall"); name != "" {
		if call = t.byCall[name]; call == nil {
			call = t.byCall["*"]
		}
	}
	norm = call
	if s.kind != "SYSCALL" {
		norm = s.choose(t.byType[s.kind])
	}
	if norm == nil {
		return
	}
	s.event = *norm
	if call != nil && call != norm {
		s.event.category = slices.Concat(norm.category, call.category)
		s.event.types = slices.Concat(norm.types, call.types)
	}
	s.action, s.what = norm.action, norm.what
	switch norm.what {
	case "file", "filesystem":
		s.fileObject(norm.path)
	case "socket":
		s.object, s.object2 = s.data.get("socket_addr"), s.data.get("socket_port")
		if s.object == "" {
			s.object = s.data.get("socket_path")
		}
	}
	s.pick(&s.actor, norm.subject)
	s.pick(&s.actor2, norm.subject2)
	s.pick(&s.object, norm.object)
	s.pick(&s.object2, norm.object2)
	s.pick(&s.how, norm.how)
	if s.source == nil {
		for _, name := range norm.source {
			if v := s.data.take(name); v != "" {
				s.source, s.direction = fields{{name: "addr", value: v}}, "ingress"
				break
			}
		}
	}
	for _, m := range norm.mappings {
		s.users[m[0]] = s.from(m[1])
	}
}

func interpreter(exe string) bool {
	for _, name := range []string{"/usr/bin/python", "/usr/bin/sh", "/usr/bin/bash", "/usr/bin/perl"} {
		if strings.HasPrefix(exe, name) {
			return true
		}
	}
	return false
}

func (s *sum) choose(of []*action) (chosen *action) {
	if len(of) == 1 {
		return of[0]
	}
next:
	for _, a := range of {
		for _, name := range a.has {
			if s.data.find(name) == nil {
				continue next
			}
		}
		chosen = a
	}
	return chosen
}

// pick sets the value of the first of several fields that is present.
func (s *sum) pick(to *string, names []string) {
	for _, name := range names {
		for _, in := range []fields{s.data, s.ids} {
			if f := in.find(name); f != nil {
				*to = f.value
				return
			}
		}
	}
}

func (s *sum) from(reference string) string {
	switch reference {
	case "subject.primary":
		return s.actor
	case "subject.secondary":
		return s.actor2
	case "object.primary":
		return s.object
	case "object.secondary":
		return s.object2
	}
	if name, ok := strings.CutPrefix(reference, "data."); ok {
		return s.data.get(name)
	}
	name, _ := strings.CutPrefix(reference, "uid.")
	return s.ids.get(name)
}

// fileObject takes the path that the call was about: the one with the given number, or the next that is not a parent folder.
func (s *sum) fileObject(hint int) {
	if len(s.paths) == 0 {
		return
	}
	if hint >= len(s.paths) {
		hint = 0
	}
	path := s.paths[hint]
	for _, p := range s.paths[hint:] {
		if kind := p.get("nametype"); kind != "PARENT" && kind != "UNKNOWN" {
			path = p
			break
		}
	}
	if name := path.get("name"); name != "" {
		s.object = name
	}
	for _, names := range [][2]string{{"path", "name"}, {"inode", "inode"}, {"device", "rdev"}, {"uid", "ouid"}, {"gid", "ogid"}} {
		if v := path.get(names[1]); v != "" {
			s.file.set(names[0], v)
		}
	}
	for _, f := range path {
		if label, ok := strings.CutPrefix(f.name, "obj_"); ok {
			s.file.set("selinux_"+label, f.value)
		}
	}
	mode, err := strconv.ParseUint(path.get("mode"), 8, 32)
	if err != nil {
		return
	}
	bits := strconv.FormatUint(mode&0o7777, 8)
	s.file.set("mode", strings.Repeat("0", 4-min(4, len(bits)))+bits)
	if what := modes[mode>>12]; what != "" {
		s.what = what
	}
}

// modes are the kinds of files by the first digits of their mode (inode(7)).
var modes = map[uint64]string{0o1: "named-pipe", 0o2: "character-device", 0o4: "directory", 0o6: "block-device", 0o10: "file", 0o12: "symlink", 0o14: "socket"}
