package jsonl

import (
	"net/netip"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/winlog"
)

// fill recognises the record's shape and sets times and fields.
func fill(p *record) {
	v := p.Value
	if src := v.Get("_source"); src != nil && src.Type() == fastjson.TypeObject && src.Exists("@timestamp") {
		v = src // a hit of a search engine's export: the document is what was logged
	}
	p.Value = v
	switch {
	case jsonrec.IsText(v, "adjutant", "event_id") && v.Exists("@timestamp"):
		p.own()
	case isWindows(v):
		p.windows(v.Get("Event"))
	case jsonrec.IsText(v, "eventName") && jsonrec.IsText(v, "eventSource") && jsonrec.IsText(v, "eventTime") && jsonrec.IsText(v, "eventVersion"):
		p.cloudTrail()
	case v.Exists("@timestamp") && isECS(v):
		p.ecs()
	default:
		p.generic()
	}
}

// own reads a line of our own export (event.JSON) back: the same fields, and the time as it was read then.
func (p *record) own() {
	e, v := p.Event, p.Value
	p.At(event.Occurred, jsonrec.TextOf(v, "@timestamp"))
	if len(e.Times) == 1 {
		t, a := &e.Times[0], v.Get("adjutant")
		if m := jsonrec.TextOf(a, "time_kind"); m != "" {
			t.Meaning = event.TimeKind(m)
		}
		if o := jsonrec.TextOf(a, "time_original"); o != "" {
			t.Original = o
		}
		if z := jsonrec.TextOf(a, "time_zone"); z != "" {
			t.Zone = z
		}
		t.Assumed = jsonrec.TextOf(a, "zone_assumed_by")
	}
	for _, l := range jsonrec.Flatten(nil, "", v) {
		if l.Name != "@timestamp" && !strings.HasPrefix(l.Name, "adjutant.") {
			e.Set(l.Name, l.Kind, l.Value)
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
func (p *record) ecs() {
	e, v := p.Event, p.Value
	p.At(event.Occurred, jsonrec.TextOf(v, "@timestamp"))
	undated := len(e.Times) == 0
	for _, l := range jsonrec.Flatten(nil, "", v) {
		switch {
		case l.Name == "@timestamp" && !undated:
		case l.Name == "@timestamp":
			e.Set("json.@timestamp", l.Kind, l.Value)
		case l.Name == "event.created":
			p.At(event.Recorded, l.Value)
			e.Set(l.Name, l.Kind, l.Value)
		default:
			e.Set(l.Name, l.Kind, l.Value)
		}
	}
}

func (p *record) cloudTrail() {
	e, v := p.Event, p.Value
	p.At(event.Occurred, jsonrec.TextOf(v, "eventTime"))
	leaves := jsonrec.Flatten(nil, "", v)
	done := map[string]bool{}
	for _, l := range leaves {
		for _, t := range p.shapes.cloudTrail[l.Name] {
			if done[t.field] {
				continue
			}
			done[t.field] = true
			field := t.field
			if t.how == "address" {
				e.Set("source.address", event.KindString, l.Value)
				if _, err := netip.ParseAddr(l.Value); err != nil {
					field = "source.domain" // AWS services stand there by name
				}
			}
			e.Set(field, event.KindString, l.Value)
		}
	}
	p.Put("aws.cloudtrail.", leaves)
	text := func(name, value string) { e.Set(name, event.KindString, value) }
	text("event.kind", "event")
	text("event.module", "aws")
	text("event.dataset", "aws.cloudtrail")
	text("cloud.provider", "aws")
	outcome := "success"
	if jsonrec.IsText(v, "errorCode") || jsonrec.IsText(v, "errorMessage") || jsonrec.TextOf(v, "responseElements", "ConsoleLogin") == "Failure" {
		outcome = "failure"
	}
	text("event.outcome", outcome)
	who := jsonrec.TextOf(v, "userIdentity", "userName")
	for _, keys := range [][]string{{"userIdentity", "sessionContext", "sessionIssuer", "userName"}, {"userIdentity", "arn"}, {"userIdentity", "invokedBy"}, {"userIdentity", "type"}} {
		if who == "" {
			who = jsonrec.TextOf(v, keys...)
		}
	}
	if who == "" {
		who = "someone"
	}
	message := who + " called " + jsonrec.TextOf(v, "eventName") + " of " + jsonrec.TextOf(v, "eventSource")
	if from := jsonrec.TextOf(v, "sourceIPAddress"); from != "" {
		message += " from " + from
	}
	if code := jsonrec.TextOf(v, "errorCode"); code != "" {
		message += ": " + code
	}
	text("message", message)
}

// generic moves names that ECS has a word for, finds the time among well-known keys, and keeps the rest under "json.".
func (p *record) generic() {
	e, v := p.Event, p.Value
	leaves := jsonrec.Flatten(nil, "", v)
	best, at := len(p.shapes.times), -1
	for i, l := range leaves {
		if rank, ok := p.shapes.timeRank[strings.ToLower(l.Name)]; ok && rank < best {
			if _, err := p.Times.Read(l.Value); err == nil {
				best, at = rank, i
			}
		}
	}
	if at >= 0 {
		meaning := p.shapes.times[best].meaning
		if desc := jsonrec.TextOf(v, "timestamp_desc"); desc != "" {
			meaning = describedTime(desc)
		}
		p.At(meaning, leaves[at].Value)
	}
	done := map[string]string{} // ECS field to the source name that fills it
	for i, l := range leaves {
		if i == at {
			continue
		}
		field, ok := p.shapes.names[strings.ToLower(l.Name)]
		if by, taken := done[field]; !ok || taken && by != l.Name || !fits(field, l) {
			e.Set("json."+l.Name, l.Kind, l.Value)
			continue
		}
		done[field] = l.Name
		e.Set(field, l.Kind, l.Value)
	}
}

// fits keeps values out of fields whose type they do not have.
func fits(field string, l jsonrec.Leaf) bool {
	switch {
	case strings.HasSuffix(field, ".ip"):
		_, err := netip.ParseAddr(l.Value)
		return err == nil
	case strings.HasSuffix(field, ".port") || strings.HasSuffix(field, ".pid") || strings.HasSuffix(field, ".bytes") || strings.HasSuffix(field, "status_code"):
		return l.Kind == event.KindNumber
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
func (p *record) windows(v *fastjson.Value) {
	e := p.Event
	root := winlog.Element{Name: "Event"}
	children(&root, v)
	created := winlog.Fill(e, &root)
	if at, ok := winlog.ParseTime(created); ok {
		e.Times = append(e.Times, event.Time{Meaning: event.Occurred, At: at, Original: created, Zone: "UTC"})
		return
	}
	p.At(event.Occurred, created)
}

// children adds the members of an object as elements. Attributes stand under "#attributes", under "<name>_attributes"
// beside the element, or, in EventData, as plain members.
func children(parent *winlog.Element, v *fastjson.Value) {
	v.GetObject().Visit(func(key []byte, c *fastjson.Value) {
		name := jsonrec.Valid(string(key))
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
	for _, l := range jsonrec.Flatten(nil, "", v) {
		el.Attrs = append(el.Attrs, winlog.Attr{Name: l.Name, Value: l.Value})
	}
}

func addTexts(el *winlog.Element, v *fastjson.Value) {
	for _, l := range jsonrec.Flatten(nil, el.Name, v) {
		el.Texts = append(el.Texts, l.Value)
	}
}
