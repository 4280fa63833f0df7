package jsonl

import (
	"net/netip"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse/winlog"
)

// fill recognises the record's shape and sets times and fields.
func (p *parser) fill(e *event.Event, v *fastjson.Value) {
	if src := v.Get("_source"); src != nil && src.Type() == fastjson.TypeObject && src.Exists("@timestamp") {
		v = src // a hit of a search engine's export: the document is what was logged
	}
	switch {
	case isText(v, "adjutant", "event_id") && v.Exists("@timestamp"):
		p.own(e, v)
	case isWindows(v):
		p.windows(e, v.Get("Event"))
	case isText(v, "eventName") && isText(v, "eventSource") && isText(v, "eventTime") && isText(v, "eventVersion"):
		p.cloudTrail(e, v)
	case v.Exists("@timestamp") && isECS(v):
		p.ecs(e, v)
	default:
		p.generic(e, v)
	}
}

// own reads a line of our own export (event.JSON) back: the same fields, and the time as it was read then.
func (p *parser) own(e *event.Event, v *fastjson.Value) {
	p.stampInto(e, textOf(v, "@timestamp"), event.Occurred)
	if len(e.Times) == 1 {
		t, a := &e.Times[0], v.Get("adjutant")
		if m := textOf(a, "time_kind"); m != "" {
			t.Meaning = event.TimeKind(m)
		}
		if o := textOf(a, "time_original"); o != "" {
			t.Original = o
		}
		if z := textOf(a, "time_zone"); z != "" {
			t.Zone = z
		}
		t.Assumed = textOf(a, "zone_assumed_by")
	}
	for _, l := range flatten(nil, "", v) {
		if l.name != "@timestamp" && !strings.HasPrefix(l.name, "adjutant.") {
			e.Set(l.name, l.kind, l.value)
		}
	}
}

// ecsSets are field sets of ECS that a document of theirs nearly always has one of.
var ecsSets = []string{"ecs", "event", "agent", "host", "process", "source", "destination", "user", "winlog", "log", "network", "url", "file"}

func isECS(v *fastjson.Value) bool {
	for _, s := range ecsSets {
		if c := v.Get(s); c != nil && c.Type() == fastjson.TypeObject {
			return true
		}
	}
	dotted := false
	v.GetObject().Visit(func(key []byte, _ *fastjson.Value) {
		set, _, found := strings.Cut(string(key), ".")
		if found {
			for _, s := range ecsSets {
				dotted = dotted || s == set
			}
		}
	})
	return dotted
}

// ecs keeps names as they are; event.created is the time at which the source wrote the event down.
func (p *parser) ecs(e *event.Event, v *fastjson.Value) {
	p.stampInto(e, textOf(v, "@timestamp"), event.Occurred)
	undated := len(e.Times) == 0
	for _, l := range flatten(nil, "", v) {
		switch {
		case l.name == "@timestamp" && !undated:
		case l.name == "@timestamp":
			e.Set("json.@timestamp", l.kind, l.value)
		case l.name == "event.created":
			p.stampInto(e, l.value, event.Recorded)
			e.Set(l.name, l.kind, l.value)
		default:
			e.Set(l.name, l.kind, l.value)
		}
	}
}

// stampInto adds a time when text holds one and reports whether it did.
func (p *parser) stampInto(e *event.Event, text string, meaning event.TimeKind) bool {
	if text == "" {
		return false
	}
	t, err := p.zone.Read(text)
	if err != nil {
		return false
	}
	t.Meaning = meaning
	e.Times = append(e.Times, t)
	return true
}

func (p *parser) cloudTrail(e *event.Event, v *fastjson.Value) {
	p.stampInto(e, textOf(v, "eventTime"), event.Occurred)
	leaves := flatten(nil, "", v)
	done := map[string]bool{}
	for _, l := range leaves {
		for _, t := range p.shapes.cloudTrail[l.name] {
			if done[t.field] {
				continue
			}
			done[t.field] = true
			field := t.field
			if t.how == "address" {
				e.Set("source.address", event.KindString, l.value)
				if _, err := netip.ParseAddr(l.value); err != nil {
					field = "source.domain" // AWS services stand there by name
				}
			}
			e.Set(field, event.KindString, l.value)
		}
	}
	put(e, "aws.cloudtrail.", leaves)
	text := func(name, value string) { e.Set(name, event.KindString, value) }
	text("event.kind", "event")
	text("event.module", "aws")
	text("event.dataset", "aws.cloudtrail")
	text("cloud.provider", "aws")
	outcome := "success"
	if isText(v, "errorCode") || isText(v, "errorMessage") || textOf(v, "responseElements", "ConsoleLogin") == "Failure" {
		outcome = "failure"
	}
	text("event.outcome", outcome)
	who := textOf(v, "userIdentity", "userName")
	for _, keys := range [][]string{{"userIdentity", "sessionContext", "sessionIssuer", "userName"}, {"userIdentity", "arn"}, {"userIdentity", "invokedBy"}, {"userIdentity", "type"}} {
		if who == "" {
			who = textOf(v, keys...)
		}
	}
	if who == "" {
		who = "someone"
	}
	message := who + " called " + textOf(v, "eventName") + " of " + textOf(v, "eventSource")
	if from := textOf(v, "sourceIPAddress"); from != "" {
		message += " from " + from
	}
	if code := textOf(v, "errorCode"); code != "" {
		message += ": " + code
	}
	text("message", message)
}

// generic moves names that ECS has a word for, finds the time among well-known keys, and keeps the rest under "json.".
func (p *parser) generic(e *event.Event, v *fastjson.Value) {
	leaves := flatten(nil, "", v)
	best, at := len(p.shapes.times), -1
	for i, l := range leaves {
		if rank, ok := p.shapes.timeRank[strings.ToLower(l.name)]; ok && rank < best {
			if _, err := p.zone.Read(l.value); err == nil {
				best, at = rank, i
			}
		}
	}
	if at >= 0 {
		meaning := p.shapes.times[best].meaning
		if desc := textOf(v, "timestamp_desc"); desc != "" {
			meaning = describedTime(desc)
		}
		p.stampInto(e, leaves[at].value, meaning)
	}
	done := map[string]string{} // ECS field to the source name that fills it
	for i, l := range leaves {
		if i == at {
			continue
		}
		field, ok := p.shapes.names[strings.ToLower(l.name)]
		if by, taken := done[field]; !ok || taken && by != l.name || !fits(field, l) {
			e.Set("json."+l.name, l.kind, l.value)
			continue
		}
		done[field] = l.name
		e.Set(field, l.kind, l.value)
	}
}

// fits keeps values out of fields whose type they do not have.
func fits(field string, l leaf) bool {
	switch {
	case strings.HasSuffix(field, ".ip"):
		_, err := netip.ParseAddr(l.value)
		return err == nil
	case strings.HasSuffix(field, ".port") || strings.HasSuffix(field, ".pid") || strings.HasSuffix(field, ".bytes") || strings.HasSuffix(field, "status_code"):
		return l.kind == event.KindNumber
	}
	return true
}

// describedTime reads the words by which Plaso and Timesketch say what a time means.
func describedTime(desc string) event.TimeKind {
	d := strings.ToLower(desc)
	switch {
	case strings.Contains(d, "modif") || strings.Contains(d, "write") || strings.Contains(d, "change"):
		return event.Modified
	case strings.Contains(d, "creat") || strings.Contains(d, "birth"):
		return event.Created
	case strings.Contains(d, "access") || strings.Contains(d, "visit"):
		return event.Accessed
	case strings.Contains(d, "start"):
		return event.Started
	case strings.Contains(d, "end"):
		return event.Ended
	}
	return event.Occurred
}

// isWindows recognises {"Event":{"System":…}} as evtx_dump and others print it.
func isWindows(v *fastjson.Value) bool {
	s := v.Get("Event", "System")
	return s != nil && s.Type() == fastjson.TypeObject && s.Exists("EventID")
}

// windows turns the JSON back into XML's shape and has it mapped like a log of its own.
func (p *parser) windows(e *event.Event, v *fastjson.Value) {
	root := winlog.Element{Name: "Event"}
	children(&root, v)
	created := winlog.Fill(e, &root)
	if at, ok := winlog.ParseTime(created); ok {
		e.Times = append(e.Times, event.Time{Meaning: event.Occurred, At: at, Original: created, Zone: "UTC"})
		return
	}
	p.stampInto(e, created, event.Occurred)
}

// children adds the members of an object as elements. Attributes stand under "#attributes", under "<name>_attributes"
// beside the element, or, in EventData, as plain members.
func children(parent *winlog.Element, v *fastjson.Value) {
	v.GetObject().Visit(func(key []byte, c *fastjson.Value) {
		name := valid(string(key))
		switch {
		case name == "#attributes":
			attributes(parent, c)
			return
		case name == "#text":
			addTexts(parent, c)
			return
		case strings.HasSuffix(name, "_attributes"):
			attributes(elementNamed(parent, strings.TrimSuffix(name, "_attributes")), c)
			return
		}
		if c.Type() == fastjson.TypeArray {
			for _, item := range c.GetArray() {
				if item.Type() == fastjson.TypeObject {
					parent.Children = append(parent.Children, winlog.Element{Name: name})
					children(&parent.Children[len(parent.Children)-1], item)
				} else {
					addTexts(elementNamed(parent, name), item)
				}
			}
			return
		}
		el := elementNamed(parent, name)
		if c.Type() == fastjson.TypeObject {
			children(el, c)
			return
		}
		addTexts(el, c)
	})
}

// elementNamed finds the child of that name or adds it.
func elementNamed(parent *winlog.Element, name string) *winlog.Element {
	for i := range parent.Children {
		if parent.Children[i].Name == name {
			return &parent.Children[i]
		}
	}
	parent.Children = append(parent.Children, winlog.Element{Name: name})
	return &parent.Children[len(parent.Children)-1]
}

func attributes(el *winlog.Element, v *fastjson.Value) {
	for _, l := range flatten(nil, "", v) {
		el.Attrs = append(el.Attrs, winlog.Attr{Name: l.name, Value: l.value})
	}
}

func addTexts(el *winlog.Element, v *fastjson.Value) {
	for _, l := range flatten(nil, el.Name, v) {
		el.Texts = append(el.Texts, l.value)
	}
}
