package evtx

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"adjutant/backend/event"
)

// header is what the record's own header says.
type header struct {
	offset, size int64
	id           uint64
	written      uint64 // FILETIME
}

// build makes the event from the decoded XML: System first, then the data, then what the tables say about both.
func (p *parser) build(root *element, h header) *event.Event {
	b := builder{t: p.tables, e: &event.Event{
		Parser: Name, Version: version,
		Locator: event.Locator{Offset: h.offset, Length: h.size, Record: strconv.FormatUint(h.id, 10)},
	}}
	b.system(root.child("System"))
	for i := range root.children {
		c := &root.children[i]
		switch c.name {
		case "System":
		case "EventData", "UserData":
			b.data(c)
		case "RenderingInfo":
			b.flatten("winlog.rendering_info", c, 0)
		default:
			b.flatten("winlog."+c.name, c, 0)
		}
	}
	b.mapped()
	p.times(b.e, b.created, h)
	b.e.Sort()
	return b.e
}

// times sets the event's own time and, where it differs by more than a second, the time at which it was written down.
func (p *parser) times(e *event.Event, created string, h header) {
	written, haveWritten := fileTime(h.written)
	at, ok := systemTimeText(created)
	if ok {
		e.Times = append(e.Times, event.Time{Meaning: event.Occurred, At: at, Original: created, Zone: "UTC"})
		if d := written.Sub(at); !haveWritten || d.Abs() <= time.Second {
			return
		}
	}
	switch {
	case haveWritten:
		e.Times = append(e.Times, event.Time{Meaning: event.Recorded, At: written, Original: strconv.FormatUint(h.written, 10), Zone: "UTC"})
		if !ok {
			p.headTimes++
		}
	default:
		p.undated++
	}
}

// systemTimeText reads TimeCreated/SystemTime, which Windows writes in UTC, as FILETIME (printed by value.text) or, in
// forwarded and exported logs, as text.
func systemTimeText(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(s))
	if err != nil {
		return time.Time{}, false
	}
	return t.UTC().Truncate(100), true
}

// builder collects the fields of one event.
type builder struct {
	t                 *tables
	e                 *event.Event
	provider, id      string
	channel, keywords string
	created           string
	values            map[string]string // first value of each EventData and UserData field, by source name
	first             []string          // the first of these names, in source order, for the generic message
}

// system reads the System element ([MS-EVEN6] §2.2.13, the schema of winmeta.xml).
func (b *builder) system(s *element) {
	b.values = make(map[string]string, 24)
	if s == nil {
		return
	}
	for i := range s.children {
		c := &s.children[i]
		switch text := c.text(); c.name {
		case "Provider":
			b.provider = c.attr("Name")
			if b.provider == "" {
				b.provider = c.attr("EventSourceName")
			}
			b.text("event.provider", b.provider)
			b.text("winlog.provider_guid", c.attr("Guid"))
			b.text("winlog.provider_source", c.attr("EventSourceName"))
		case "EventID":
			b.id = text
			b.text("event.code", text)
			b.text("winlog.event_id", text)
			b.text("winlog.event_qualifiers", c.attr("Qualifiers"))
		case "Version":
			b.text("winlog.version", text)
		case "Level":
			b.text("winlog.level", text)
			b.text("log.level", levelWord(text))
		case "Task":
			b.text("winlog.task", text)
		case "Opcode":
			b.text("winlog.opcode", text)
		case "Keywords":
			b.keywords = text
			b.text("winlog.keywords", text)
		case "TimeCreated":
			b.created = c.attr("SystemTime")
		case "EventRecordID":
			b.text("winlog.record_id", text)
		case "Correlation":
			b.text("winlog.activity_id", c.attr("ActivityID"))
			b.text("winlog.related_activity_id", c.attr("RelatedActivityID"))
		case "Execution":
			b.number("winlog.process.pid", c.attr("ProcessID"))
			b.number("winlog.process.thread.id", c.attr("ThreadID"))
			for _, a := range c.attrs {
				if a.name != "ProcessID" && a.name != "ThreadID" {
					b.text("winlog.execution."+a.name, a.value)
				}
			}
		case "Channel":
			b.channel = text
			b.text("winlog.channel", text)
		case "Computer":
			b.text("host.name", text)
		case "Security":
			b.text("winlog.user.identifier", c.attr("UserID"))
		default:
			b.flatten("winlog.system."+c.name, c, 0)
		}
	}
}

func levelWord(level string) string {
	switch level {
	case "1":
		return "critical"
	case "2":
		return "error"
	case "3":
		return "warning"
	case "0", "4":
		return "information"
	case "5":
		return "verbose"
	}
	return ""
}

const dataPrefix = "winlog.event_data"

// data keeps every value of EventData or UserData. EventData has <Data Name="X">; unnamed values are all "Data", as
// Sigma rules expect. UserData has one element of the provider's own, whose name says nothing that a rule reads.
func (b *builder) data(c *element) {
	if c.name == "EventData" {
		if n := c.attr("Name"); n != "" {
			b.text("winlog.event_data_name", n)
		}
		for i := range c.children {
			d := &c.children[i]
			name := d.name
			if n := d.attr("Name"); n != "" && (name == "Data" || name == "ComplexData") {
				name = n
			}
			b.keep(name, d)
		}
		if t := c.text(); t != "" {
			b.keep("Data", &element{texts: c.texts})
		}
		return
	}
	for i := range c.children {
		wrapper := &c.children[i]
		for _, a := range wrapper.attrs {
			if !strings.HasPrefix(a.name, "xmlns") && a.name != "Name" {
				b.value(a.name, a.value)
			}
		}
		for _, t := range wrapper.texts {
			b.value(wrapper.name, t)
		}
		for j := range wrapper.children {
			b.keep(wrapper.children[j].name, &wrapper.children[j])
		}
	}
}

// keep stores an element's texts under a source name, and what lies below it under dotted names.
func (b *builder) keep(name string, el *element) {
	for _, t := range el.texts {
		b.value(name, t)
	}
	for _, a := range el.attrs {
		if a.name == "Name" && (el.name == "Data" || el.name == "ComplexData") || strings.HasPrefix(a.name, "xmlns") {
			continue
		}
		b.value(name+"."+a.name, a.value)
	}
	for i := range el.children {
		b.keep(name+"."+el.children[i].name, &el.children[i])
	}
}

func (b *builder) value(name, v string) {
	if name == "" {
		name = "Data"
	}
	b.e.Set(dataPrefix+"."+name, event.KindString, v)
	if _, have := b.values[name]; !have && v != "" {
		b.values[name] = v
		b.first = append(b.first, name)
	}
}

func (b *builder) flatten(prefix string, el *element, depth int) {
	for _, t := range el.texts {
		b.text(prefix, t)
	}
	for _, a := range el.attrs {
		if !strings.HasPrefix(a.name, "xmlns") {
			b.text(prefix+"."+a.name, a.value)
		}
	}
	for i := range el.children {
		b.flatten(prefix+"."+el.children[i].name, &el.children[i], depth+1)
	}
}

func (b *builder) text(name, v string) { b.e.Set(name, event.KindString, v) }

// number keeps v as a number when it is one, decimal or with 0x, and drops it otherwise: the source text stays anyway.
func (b *builder) number(name, v string) bool {
	v = strings.TrimSpace(v)
	n, err := strconv.ParseUint(v, 0, 64)
	if err != nil {
		return false
	}
	b.e.Set(name, event.KindNumber, strconv.FormatUint(n, 10))
	return true
}

// mapped fills the ECS fields by the tables.
func (b *builder) mapped() {
	b.text("event.kind", "event")
	b.text("event.module", "windows")
	b.text("event.dataset", b.t.dataset(b.channel))
	set := make(map[string]string, 16) // targets that have a value, for the messages
	for _, r := range b.t.rulesFor(b.provider, b.id) {
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
	k, known := b.t.kinds[b.provider+"\x00"+b.id]
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
