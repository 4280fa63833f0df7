package auditd

import (
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
)

// message is one record with its values made readable.
type message struct {
	header
	data  fields
	names fields // names of ids that the daemon added
	keys  []string
}

// message reads the body of a record.
func (t *tableSet) message(h header, body string) *message {
	if n, ok := strings.CutPrefix(h.kind, "UNKNOWN["); ok {
		if name := t.types[strings.TrimSuffix(n, "]")]; name != "" {
			h.kind = name
		}
	}
	m := &message{header: h}
	switch h.kind {
	case "AVC", "USER_AVC":
		body = avc(body, &m.data)
	case "LOGIN":
		body = strings.Replace(strings.Replace(body, "old ", "old_", 2), "new ", "new_", 2)
	}
	if own, added, found := strings.Cut(body, string(separator)); found {
		scan(own, &m.data, &m.names)
		scan(added, &m.data, &m.names)
	} else {
		scan(body, &m.data, &m.names)
	}
	t.readable(m)
	return m
}

// avc reads "avc:  denied  { read write } for  " and returns the rest.
func avc(body string, out *fields) string {
	i := strings.Index(body, "avc:")
	if i < 0 {
		return body
	}
	word, rest, found := strings.Cut(strings.TrimLeft(body[i+4:], " "), "{")
	perms, rest, closed := strings.Cut(rest, "}")
	after, isFor := strings.CutPrefix(strings.TrimLeft(rest, " "), "for ")
	if word = strings.TrimSpace(word); !found || !closed || !isFor || strings.Contains(word, " ") {
		return body
	}
	out.set("seresult", word)
	out.set("seperms", strings.Join(strings.Fields(perms), ","))
	return body[:i] + after
}

// readable puts words for numbers, as ausearch -i does, where the record alone says which.
func (t *tableSet) readable(m *message) {
	d := &m.data
	for _, name := range []string{"auid", "old-auid", "ses"} {
		if f := d.find(name); f != nil && (f.value == "4294967295" || f.value == "-1") {
			f.value = "unset"
		}
	}
	label(d, "subj")
	result(d)
	if f := d.find("exit"); f != nil && strings.HasPrefix(f.value, "-") {
		if name := t.errno[f.value[1:]]; name != "" {
			f.value = name
		}
	}
	m.takeKeys()
	d.unhex("cwd", "exe", "comm", "acct", "ocomm")
	switch m.kind {
	case "SYSCALL", "SECCOMP":
		t.call(m)
	case "SOCKADDR":
		socketAddress(d)
	case "PROCTITLE":
		d.unhex("proctitle")
	case "USER_CMD":
		d.unhex("cmd")
	case "TTY", "USER_TTY":
		d.unhex("data")
	case "EXECVE":
		arguments(d)
	case "PATH", "OBJ_PID":
		label(d, "obj")
		d.unhex("name")
	case "AVC":
		d.unhex("path", "name")
	}
}

func result(d *fields) {
	v := d.take("success")
	if v == "" {
		v = d.take("res")
	}
	if v == "" {
		return
	}
	lower := strings.ToLower(v)
	if lower == "yes" || lower == "1" || strings.HasPrefix(lower, "suc") {
		d.set("result", "success")
	} else {
		d.set("result", "fail")
	}
}

// takeKeys moves the key of the rule that fired out of the data: a name, or several in hexadecimal parted by \x01.
func (m *message) takeKeys() {
	f := m.data.find("key")
	if f == nil {
		return
	}
	if f.bare {
		if text, ok := decode(f.value); ok {
			m.keys = strings.Split(text, "\x01")
			m.data.take("key")
			return
		}
	}
	m.keys = []string{strings.TrimPrefix(f.value, "key=")}
	m.data.take("key")
}

func (t *tableSet) call(m *message) {
	if f := m.data.find("arch"); f != nil {
		if name := t.arches[strings.TrimLeft(strings.ToLower(f.value), "0")]; name != "" {
			f.value = name
		}
	}
	if f := m.data.find("syscall"); f != nil {
		if name := t.syscalls[m.data.get("arch")][f.value]; name != "" {
			f.value = name
		} else if name := m.names.get("syscall"); name != "" {
			f.value = name
		}
	}
	if f := m.data.find("sig"); f != nil && m.kind == "SECCOMP" {
		if n, err := strconv.Atoi(f.value); err == nil && n > 0 && n < len(signals) {
			f.value = "SIG" + signals[n]
		}
	}
}

// signals by number, signal(7) for x86 and ARM.
var signals = strings.Split(",HUP,INT,QUIT,ILL,TRAP,ABRT,BUS,FPE,KILL,USR1,SEGV,USR2,PIPE,ALRM,TERM,STKFLT,CHLD,CONT,STOP,TSTP,TTIN,TTOU,URG,XCPU,XFSZ,VTALRM,PROF,WINCH,IO,PWR,SYS", ",")

// label parts user:role:domain:level:category.
func label(d *fields, name string) {
	v := d.take(name)
	if v == "" {
		return
	}
	ends := []string{"_user", "_role", "_domain", "_level", "_category"}
	for i, part := range strings.SplitN(v, ":", len(ends)) {
		d.set(name+ends[i], part)
	}
}

// arguments decodes a0, a1 … of EXECVE and joins the pieces a1[0], a1[1] … of long ones.
func arguments(d *fields) {
	var out fields
	for _, f := range *d {
		name, piece, isPiece := strings.Cut(f.name, "[")
		if !isArgument(name) {
			out.put(f)
			continue
		}
		if f.bare {
			if text, ok := decode(f.value); ok {
				f.value = text
			}
		}
		if before := out.find(name); isPiece && strings.HasSuffix(piece, "]") && before != nil {
			before.value += f.value
			continue
		}
		out.put(field{name: name, value: f.value})
	}
	*d = out
}

func isArgument(name string) bool { return len(name) > 1 && name[0] == 'a' && digits(name[1:]) }

// socketAddress decodes a struct sockaddr as the kernel dumps it: family in the machine's order, port and address in network order.
func socketAddress(d *fields) {
	f := d.find("saddr")
	if f == nil {
		return
	}
	b, err := hex.DecodeString(f.value)
	if err != nil || len(b) < 2 {
		return
	}
	family := int(b[0]) | int(b[1])<<8
	if b[0] == 0 && b[1] != 0 {
		family = int(b[1]) // a machine of the other byte order
	}
	port := func() string { return strconv.Itoa(int(b[2])<<8 | int(b[3])) }
	switch {
	case family == 1:
		path, _, _ := strings.Cut(strings.TrimLeft(string(b[2:]), "\x00"), "\x00")
		d.take("saddr")
		d.set("family", "unix")
		if path != "" {
			d.set("path", strings.ToValidUTF8(path, "\uFFFD"))
		}
	case family == 2 && len(b) >= 8:
		d.take("saddr")
		d.set("family", "ipv4")
		d.set("addr", netip.AddrFrom4([4]byte(b[4:8])).String())
		d.set("port", port())
	case family == 10 && len(b) >= 24:
		d.take("saddr")
		d.set("family", "ipv6")
		d.set("addr", netip.AddrFrom16([16]byte(b[8:24])).String())
		d.set("port", port())
		if flow := uint32(b[4])<<24 | uint32(b[5])<<16 | uint32(b[6])<<8 | uint32(b[7]); flow > 0 {
			d.set("flow", strconv.FormatUint(uint64(flow), 10))
		}
	case family == 16:
		d.set("family", "netlink")
	default:
		d.set("family", strconv.Itoa(family))
	}
}
