package winlog

import (
	"net/netip"
	"strconv"
	"strings"
)

// mapped fills the ECS fields by the tables.
func (b *builder) mapped() {
	b.text("event.kind", "event")
	b.text("event.module", "windows")
	b.text("event.dataset", b.t.dataset(b.channel))
	set := make(map[string]string, 16) // targets that have a value, for the messages
	own := b.t.provider(b.provider)
	for _, r := range own.rulesFor(b.id) {
		v := b.values[r.source]
		if v == "" || v == "-" {
			continue
		}
		if _, have := set[r.target]; have {
			continue
		}
		b.apply(r, v, set)
	}
	if b.provider == "Microsoft-Windows-Security-Auditing" && b.id == "4625" {
		b.failureReason(set)
	}
	k, known := own.kinds[b.id]
	outcome := k.outcome
	if outcome == "" {
		outcome = auditOutcome(b.keywords)
	}
	b.text("event.outcome", outcome)
	b.text("event.action", k.action)
	b.text("event.category", k.category)
	b.text("message", b.sentence(k, known, set))
}

func (b *builder) apply(r rule, v string, set map[string]string) {
	target := r.target
	switch r.how {
	case howName:
		if i := strings.LastIndexAny(v, `\/`); i >= 0 {
			v = v[i+1:]
		}
	case howNumber:
		if v != "0" && b.number(target, v) {
			set[target] = v
		}
		return
	case howAddress:
		a, err := netip.ParseAddr(strings.Trim(hostOf(v), "[]"))
		if err != nil {
			return
		}
		v = a.Unmap().String()
	case howAccount:
		if i := strings.LastIndexByte(v, '\\'); i >= 0 {
			v = v[i+1:]
		}
	case howDomain:
		i := strings.LastIndexByte(v, '\\')
		if i < 0 {
			return
		}
		v = v[:i]
	case howHashes:
		b.hashes(target, v)
		set[target] = v
		return
	case howObject:
		switch b.values["ObjectType"] {
		case "File":
		case "Key":
			target = "registry.path"
		default:
			return
		}
	case howLogonType:
		if w, ok := b.t.words["logon\x00"+v]; ok {
			v = w
		}
	}
	if v == "" {
		return
	}
	set[r.target] = v
	b.text(target, v)
}

// hostOf drops a port from "1.2.3.4:55" and "[::1]:55".
func hostOf(v string) string {
	if ap, err := netip.ParseAddrPort(v); err == nil {
		return ap.Addr().String()
	}
	return v
}

// hashes splits Sysmon's "SHA1=…,MD5=…,IMPHASH=…".
func (b *builder) hashes(target, v string) {
	for _, part := range strings.Split(v, ",") {
		name, hash, ok := strings.Cut(part, "=")
		name, hash = strings.ToLower(strings.TrimSpace(name)), strings.ToLower(strings.TrimSpace(hash))
		if !ok || hash == "" {
			continue
		}
		switch name {
		case "md5", "sha1", "sha256", "sha384", "sha512":
			b.text(target+"."+name, hash)
		case "imphash":
			b.text(strings.TrimSuffix(target, ".hash")+".pe.imphash", hash)
		}
	}
}

// failureReason says in words why a logon failed; the sub status is the more exact of the two codes.
func (b *builder) failureReason(set map[string]string) {
	for _, source := range []string{"SubStatus", "Status"} {
		if w, ok := b.t.words["failure\x00"+strings.ToLower(b.values[source])]; ok {
			set["winlog.logon.failure.reason"] = w
			b.text("winlog.logon.failure.reason", w)
			return
		}
	}
}

// auditOutcome reads the audit bits of the keywords (winmeta.h): success 1<<53, failure 1<<52.
func auditOutcome(keywords string) string {
	n, err := strconv.ParseUint(keywords, 0, 64)
	switch {
	case err != nil:
		return ""
	case n&(1<<52) != 0:
		return "failure"
	case n&(1<<53) != 0:
		return "success"
	}
	return ""
}

// sentence is the message: from the table, else provider, id and the first values.
func (b *builder) sentence(k kind, known bool, set map[string]string) string {
	var s strings.Builder
	if known {
		k.message.fill(&s, func(name string) string {
			if v, ok := set[name]; ok {
				return clip(v, maxSentence)
			}
			return clip(b.values[name], maxSentence)
		})
		return s.String()
	}
	s.WriteString(b.provider)
	s.WriteString(" event ")
	s.WriteString(b.id)
	for i, name := range b.first {
		if s.Len() > maxSentence {
			s.WriteString(", …")
			break
		}
		if i == 0 {
			s.WriteString(": ")
		} else {
			s.WriteString(", ")
		}
		if name != "Data" {
			s.WriteString(name)
			s.WriteString(" = ")
		}
		s.WriteString(clip(b.values[name], maxSentence/2))
	}
	return s.String()
}

// clip shortens s to at most n bytes at a character boundary.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
