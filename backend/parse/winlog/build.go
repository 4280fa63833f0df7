package winlog

import (
	"strconv"
	"strings"
	"time"

	"adjutant/backend/event"
)

// Fill sets the fields of e from the Event element: System first, then the data, then what the tables say about both. It
// returns the text of TimeCreated/SystemTime, "" when there is none. The caller sets times and sorts.
func Fill(e *event.Event, root *Element) (created string) {
	b := builder{t: compiled(), e: e, texts: make([]string, 0, usualFields)}
	e.Fields = make([]event.Field, 0, usualFields)
	b.system(root.child("System"))
	for i := range root.Children {
		c := &root.Children[i]
		switch c.Name {
		case "System":
		case "EventData", "UserData":
			b.data(c)
		case "RenderingInfo":
			b.flatten("winlog.rendering_info", c)
		default:
			b.flatten("winlog."+c.Name, c)
		}
	}
	b.mapped()
	return b.created
}

// ParseTime reads TimeCreated/SystemTime, which is in UTC.
func ParseTime(s string) (time.Time, bool) {
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
	texts             []string
	provider, id      string
	channel, keywords string
	created           string
	values            map[string]string // first value of each EventData and UserData field, by source name
	first             []string          // the first of these names, in source order, for the generic message
}

// system reads the System element ([MS-EVEN6] §2.2.13, the schema of winmeta.xml).
func (b *builder) system(s *Element) {
	b.values = make(map[string]string, 24)
	if s == nil {
		return
	}
	for i := range s.Children {
		c := &s.Children[i]
		switch text := c.Text(); c.Name {
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
			for _, a := range c.Attrs {
				if a.Name != "ProcessID" && a.Name != "ThreadID" {
					b.text("winlog.execution."+a.Name, a.Value)
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
			b.flatten("winlog.system."+c.Name, c)
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
func (b *builder) data(c *Element) {
	if c.Name == "EventData" {
		if n := c.attr("Name"); n != "" {
			b.text("winlog.event_data_name", n)
		}
		for i := range c.Children {
			d := &c.Children[i]
			name := d.Name
			if n := d.attr("Name"); n != "" && (name == "Data" || name == "ComplexData") {
				name = n
			}
			b.keep(name, d)
		}
		if t := c.Text(); t != "" {
			b.keep("Data", &Element{Texts: c.Texts})
		}
		return
	}
	for i := range c.Children {
		wrapper := &c.Children[i]
		for _, a := range wrapper.Attrs {
			if !strings.HasPrefix(a.Name, "xmlns") && a.Name != "Name" {
				b.value(a.Name, a.Value)
			}
		}
		for _, t := range wrapper.Texts {
			b.value(wrapper.Name, t)
		}
		for j := range wrapper.Children {
			b.keep(wrapper.Children[j].Name, &wrapper.Children[j])
		}
	}
}

// keep stores an element's texts under a source name, and what lies below it under dotted names.
func (b *builder) keep(name string, el *Element) {
	for _, t := range el.Texts {
		b.value(name, t)
	}
	for _, a := range el.Attrs {
		if a.Name == "Name" && (el.Name == "Data" || el.Name == "ComplexData") || strings.HasPrefix(a.Name, "xmlns") {
			continue
		}
		b.value(name+"."+a.Name, a.Value)
	}
	for i := range el.Children {
		b.keep(name+"."+el.Children[i].Name, &el.Children[i])
	}
}

func (b *builder) value(name, v string) {
	if name == "" {
		name = "Data"
	}
	b.set(dataPrefix+"."+name, event.KindString, v)
	if _, have := b.values[name]; !have && v != "" {
		b.values[name] = v
		b.first = append(b.first, name)
	}
}

func (b *builder) flatten(prefix string, el *Element) {
	for _, t := range el.Texts {
		b.text(prefix, t)
	}
	for _, a := range el.Attrs {
		if !strings.HasPrefix(a.Name, "xmlns") {
			b.text(prefix+"."+a.Name, a.Value)
		}
	}
	for i := range el.Children {
		b.flatten(prefix+"."+el.Children[i].Name, &el.Children[i])
	}
}

func (b *builder) text(name, v string) { b.set(name, event.KindString, v) }

// usualFields is room for the fields of most events; more cost another allocation.
const usualFields = 64

// set is event.Set for one value, with the values of all fields in one piece of memory.
func (b *builder) set(name string, kind event.Kind, v string) {
	if v == "" {
		return
	}
	b.texts = append(b.texts, v)
	n := len(b.texts)
	b.e.Fields = append(b.e.Fields, event.Field{Name: name, Kind: kind, Values: b.texts[n-1 : n : n]})
}

// number keeps v as a number when it is one, decimal or with 0x, and drops it otherwise: the source text stays anyway.
func (b *builder) number(name, v string) bool {
	v = strings.TrimSpace(v)
	n, err := strconv.ParseUint(v, 0, 64)
	if err != nil {
		return false
	}
	b.set(name, event.KindNumber, strconv.FormatUint(n, 10))
	return true
}
