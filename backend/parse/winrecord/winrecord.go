// Package winrecord reads Windows events that other tools have written as JSON or XML: evtx_dump, winlogbeat, NXLog,
// Velociraptor, Wazuh, Chainsaw, Plaso, PowerShell. It turns each back into the XML's shape and has it mapped like a log of its
// own, so that rules for Windows logs match whatever tool carried the event.
//
// Stage 2 of the flow, between the formats that carry such events and winlog, which says what they mean. It keeps true that
// every value of a record is kept: as a field of the event, or under the name that the tool gave it.
//
// Specifications: [MS-EVEN6] and the event schema of the Windows SDK; winlogbeat "Exported fields"; NXLog "im_msvistalog";
// Wazuh "win" fields of its JSON decoder.
package winrecord

import (
	"strings"
	"sync"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/winlog"
)

// Form is the way in which a tool writes Windows events as JSON.
type Form uint8

// Forms.
const (
	None     Form = iota
	Event         // {"Event":{"System":…,"EventData":…}}: evtx_dump, Chainsaw, Hayabusa's sources
	System        // {"System":…,"EventData":…}: Velociraptor
	Beat          // {"winlog":{"event_id":…,"channel":…}}: winlogbeat from 7 on
	OldBeat       // {"event_id":…,"log_name":…,"source_name":…}: winlogbeat before 7
	NXLog         // {"EventID":…,"SourceName":…,"Channel":…,"Hostname":…}
	Artifact      // {"EventID":…,"Channel":…,"Computer":…,"EventData":{…}}: Velociraptor's artifacts
	WinEvent      // {"Id":…,"ProviderName":…,"LogName":…,"TimeCreated":…}: Get-WinEvent | ConvertTo-Json
	Wazuh         // {"win":{"system":{…},"eventdata":{…}}}
)

// FormOf recognises the form of an object.
func FormOf(v *fastjson.Value) Form {
	is := func(t fastjson.Type, keys ...string) bool {
		c := v.Get(keys...)
		return c != nil && c.Type() == t
	}
	has := func(keys ...string) bool { return jsonrec.TextOf(v, keys...) != "" }
	switch {
	case is(fastjson.TypeObject, "Event", "System") && v.Exists("Event", "System", "EventID"):
		return Event
	case is(fastjson.TypeObject, "System") && v.Exists("System", "EventID") && (v.Exists("System", "Provider") || v.Exists("System", "Channel")):
		return System
	case is(fastjson.TypeObject, "winlog") && (has("winlog", "event_id") || has("event", "code")) && (has("winlog", "channel") || has("winlog", "provider_name")):
		return Beat
	case has("event_id") && has("log_name") && has("source_name"):
		return OldBeat
	case has("EventID") && has("SourceName") && has("Hostname") && (has("Channel") || has("EventType")) && (has("EventTime") || has("SourceModuleName")):
		return NXLog
	case has("EventID") && has("Channel") && has("Computer") && (is(fastjson.TypeObject, "EventData") || is(fastjson.TypeObject, "UserData")):
		return Artifact
	case has("Id") && has("ProviderName") && has("LogName") && v.Exists("TimeCreated"):
		return WinEvent
	case is(fastjson.TypeObject, "win", "system") && v.Exists("win", "system", "eventID"):
		return Wazuh
	}
	return None
}

// Fill maps a record of a form: fields, and the time at which the event was created when text holds one. beside is the name
// under which values stand that the event itself does not have, without a dot at its end.
func Fill(r *jsonrec.Record, v *fastjson.Value, form Form, beside string) {
	b := builders.Get().(*builder)
	defer builders.Put(b)
	*b = builder{r: r, v: v, beside: beside, root: b.root, others: b.others[:0]}
	b.root.Name, b.root.Children = "Event", b.root.Children[:0]
	switch form {
	case Event:
		children(b.r, &b.root, v.Get("Event"))
		b.other(v, "Event", "Event_attributes") // the attributes name the schema
	case System:
		b.system(v)
	case Beat:
		b.beat()
	case OldBeat:
		b.oldBeat()
	case NXLog:
		b.nxlog()
	case Artifact:
		b.artifact()
	case WinEvent:
		b.winEvent()
	case Wazuh:
		b.wazuh(v.Get("win"))
	}
	created := winlog.Fill(r.Event, &b.root)
	if created == "" {
		created = b.created
	}
	b.time(created)
	b.rest()
}

// builders keep the memory of the shapes that records had before.
var builders = sync.Pool{New: func() any { return new(builder) }}

// builder makes the XML's shape of one record.
type builder struct {
	r       *jsonrec.Record
	v       *fastjson.Value
	root    winlog.Element
	created string
	beside  string
	others  []jsonrec.Leaf // values that are no part of the event, under their own names
	keep    bool           // others keep their names, because they are those of ECS
}

// time reads TimeCreated, which is UTC, or what the tool made of it.
func (b *builder) time(text string) {
	if at, ok := winlog.ParseTime(text); ok {
		b.r.Event.Times = append(b.r.Event.Times, event.Time{Meaning: event.Occurred, At: at, Original: text, Zone: "UTC"})
		return
	}
	b.r.At(event.Occurred, text)
}

// rest keeps what the event does not have.
func (b *builder) rest() {
	if len(b.others) == 0 {
		return
	}
	set := make(map[string]bool, len(b.r.Event.Fields))
	for _, f := range b.r.Event.Fields {
		set[f.Name] = true
	}
	for _, l := range b.others {
		name := l.Name
		if !b.keep {
			name = b.beside + "." + name
		}
		if b.keep && name == "event.created" {
			b.r.At(event.Recorded, l.Value)
		}
		if !set[name] {
			b.r.Event.Set(name, l.Kind, l.Value)
		}
	}
}

func (b *builder) child(parent *winlog.Element, name string) *winlog.Element {
	return elementNamed(parent, name)
}

// put adds an element with a text to System; "" adds nothing.
func (b *builder) put(name, text string) {
	if text != "" {
		el := elementNamed(b.sys(), name)
		el.Texts = append(el.Texts, text)
	}
}

// attr adds an attribute to an element of System.
func (b *builder) attr(element, name, text string) {
	if text != "" {
		el := elementNamed(b.sys(), element)
		el.Attrs = append(el.Attrs, winlog.Attr{Name: name, Value: text})
	}
}

func (b *builder) sys() *winlog.Element { return b.child(&b.root, "System") }

// data adds a value of EventData.
func (b *builder) data(name, text string) {
	if text != "" {
		el := elementNamed(b.child(&b.root, "EventData"), name)
		el.Texts = append(el.Texts, text)
	}
}

// object adds the members of an object as data; what lies deeper stands under dotted names.
func (b *builder) object(v *fastjson.Value) {
	if v == nil || v.Type() != fastjson.TypeObject {
		return
	}
	children(b.r, b.child(&b.root, "EventData"), v)
}

// system reads Velociraptor's shape: attributes are members like texts.
func (b *builder) system(v *fastjson.Value) {
	sys := v.Get("System")
	sys.GetObject().Visit(func(key []byte, c *fastjson.Value) {
		name := jsonrec.Valid(string(key))
		if c.Type() != fastjson.TypeObject {
			b.put(name, scalar(c))
			return
		}
		c.GetObject().Visit(func(key []byte, c *fastjson.Value) {
			switch k := jsonrec.Valid(string(key)); k {
			case "Value", "#text":
				b.put(name, scalar(c))
			case "#attributes":
				attributes(b.r, elementNamed(b.sys(), name), c)
			default:
				b.attr(name, k, scalar(c))
			}
		})
	})
	b.object(v.Get("EventData"))
	if u := v.Get("UserData"); u != nil && u.Type() == fastjson.TypeObject {
		children(b.r, b.child(&b.root, "UserData"), u)
	}
	if m := jsonrec.TextOf(v, "Message"); m != "" {
		el := elementNamed(b.child(&b.root, "RenderingInfo"), "Message")
		el.Texts = append(el.Texts, m)
	}
	b.other(v, "System", "EventData", "UserData", "Message")
}

// scalar is the text of a value that is no object: for an array its values on lines of their own.
func scalar(v *fastjson.Value) string {
	leaves := jsonrec.Flatten(nil, "", v)
	switch len(leaves) {
	case 0:
		return ""
	case 1:
		return leaves[0].Value
	}
	texts := make([]string, len(leaves))
	for i, l := range leaves {
		texts[i] = l.Value
	}
	return strings.Join(texts, "\n")
}

// other keeps the members that were not read.
func (b *builder) other(v *fastjson.Value, read ...string) {
	v.GetObject().Visit(func(key []byte, c *fastjson.Value) {
		name := jsonrec.Valid(string(key))
		for _, r := range read {
			if name == r {
				return
			}
		}
		b.others = jsonrec.Flatten(b.others, name, c)
	})
}
