package winlog

import (
	"slices"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// Program is an outline compiled once for all its records: which texts a record must bring and which fields they become,
// in the order of their names. It gives what Fill gives for the same XML; where it cannot, it says so. Use it from one
// goroutine.
type Program struct {
	// Sources are the texts to bring: fixed, of one slot, or of several joined.
	Sources []Source
	// Created is the source of TimeCreated/SystemTime, -1 when the outline has none.
	Created int

	t    *tables
	outs []out // fields that are texts of the record as they stand, in document order
	data []datum
	// named are the last data of each name.
	named map[string]int
	// Sources of what the tables ask for, -1 when the outline has none.
	provider, eventSource, id, channel, keywords, level int

	plans map[planKey]*plan
	last  *plan
	texts []string // the sources of the present record, then what the plan makes of them
	said  []bool   // by datum: its name is in the sentence
	work  []byte   // the sentence under way

	channelOf, datasetOf string // the dataset that was made last, and of what
}

// Source is one text of a record.
type Source struct {
	Slot   int     // the value that is the text, -1 when it is fixed or joined
	Text   string  // fixed text
	Joined []Piece // texts and gaps to join
	Many   bool    // the value may be an array: a text for each item
}

// Many are the texts of a source whose value is an array.
type Many struct {
	Source int
	Texts  []string
}

// out is a field whose value is a source, or made of one.
type out struct {
	name   string
	kind   event.Kind
	source int
	way    way
}

type way uint8

const (
	wayText way = iota
	wayNumber
	wayLevel
	wayProvider
)

// datum is one text of EventData or UserData, by its source name.
type datum struct {
	name   string
	source int
	before int // the one before it of the same name, -1 when there is none
}

// Compile returns nil for outlines that are not plain enough; Fill serves those.
func Compile(root *Outline) *Program {
	if root.Name != "Event" || !root.plain() {
		return nil
	}
	p := &Program{t: compiled(), plans: map[planKey]*plan{}, provider: -1, eventSource: -1, id: -1, channel: -1, keywords: -1, level: -1, Created: -1}
	p.Sources, p.outs, p.data = make([]Source, 0, 40), make([]out, 0, 48), make([]datum, 0, 24)
	for _, c := range root.Content {
		if c.Element != nil && c.Element.Name == "System" {
			p.system(c.Element)
		}
	}
	for _, c := range root.Content {
		el := c.Element
		switch {
		case el == nil || el.Name == "System":
		case el.Name == "EventData":
			p.eventData(el)
		case el.Name == "UserData":
			p.userData(el)
		case el.Name == "RenderingInfo":
			p.flatten("winlog.rendering_info", el)
		default:
			p.flatten("winlog."+el.Name, el)
		}
	}
	if len(p.outs) > parse.MaxFields/2 {
		return nil
	}
	p.named = make(map[string]int, len(p.data))
	for i := range p.data {
		d := &p.data[i]
		if before, ok := p.named[d.name]; ok {
			d.before = before
		} else {
			d.before = -1
		}
		p.named[d.name] = i
	}
	return p
}

// sources are the texts under a source name, in document order.
func (p *Program) sources(name string) []int {
	i, ok := p.named[name]
	if !ok {
		return nil
	}
	var out []int
	for ; i >= 0; i = p.data[i].before {
		out = append(out, p.data[i].source)
	}
	slices.Reverse(out)
	return out
}

// source adds the pieces as a text to bring, -1 when there are none.
func (p *Program) source(pieces []Piece, many bool) int {
	if len(pieces) == 0 {
		return -1
	}
	s := Source{Slot: -1, Many: many}
	switch {
	case len(pieces) > 1:
		s.Joined = pieces
	case pieces[0].Gap:
		s.Slot = pieces[0].Slot
	default:
		s.Text = pieces[0].Text
	}
	p.Sources = append(p.Sources, s)
	return len(p.Sources) - 1
}

func (p *Program) out(name string, source int) {
	if source >= 0 {
		p.outs = append(p.outs, out{name: name, source: source})
	}
}

func (p *Program) number(name string, source int) {
	if source >= 0 {
		p.outs = append(p.outs, out{name: name, kind: event.KindNumber, source: source, way: wayNumber})
	}
}

// system is builder.system for an outline.
func (p *Program) system(s *Outline) {
	for _, piece := range s.Content {
		c := piece.Element
		if c == nil {
			continue
		}
		attr := func(name string) int { return p.source(c.attr(name), false) }
		text := func() int { return p.source(texts(c.Content), false) }
		switch c.Name {
		case "Provider":
			p.provider, p.eventSource = attr("Name"), attr("EventSourceName")
			if either := max(p.provider, p.eventSource); either >= 0 {
				p.outs = append(p.outs, out{name: "event.provider", source: either, way: wayProvider})
			}
			p.out("winlog.provider_guid", attr("Guid"))
			p.out("winlog.provider_source", p.eventSource)
		case "EventID":
			p.id = text()
			p.out("event.code", p.id)
			p.out("winlog.event_id", p.id)
			p.out("winlog.event_qualifiers", attr("Qualifiers"))
		case "Version":
			p.out("winlog.version", text())
		case "Level":
			p.level = text()
			p.out("winlog.level", p.level)
			if p.level >= 0 {
				p.outs = append(p.outs, out{name: "log.level", source: p.level, way: wayLevel})
			}
		case "Task":
			p.out("winlog.task", text())
		case "Opcode":
			p.out("winlog.opcode", text())
		case "Keywords":
			p.keywords = text()
			p.out("winlog.keywords", p.keywords)
		case "TimeCreated":
			p.Created = attr("SystemTime")
		case "EventRecordID":
			p.out("winlog.record_id", text())
		case "Correlation":
			p.out("winlog.activity_id", attr("ActivityID"))
			p.out("winlog.related_activity_id", attr("RelatedActivityID"))
		case "Execution":
			p.number("winlog.process.pid", attr("ProcessID"))
			p.number("winlog.process.thread.id", attr("ThreadID"))
			for _, a := range c.Attrs {
				if a.Name != "ProcessID" && a.Name != "ThreadID" {
					p.out("winlog.execution."+a.Name, p.source(texts(a.Content), false))
				}
			}
		case "Channel":
			p.channel = text()
			p.out("winlog.channel", p.channel)
		case "Computer":
			p.out("host.name", text())
		case "Security":
			p.out("winlog.user.identifier", attr("UserID"))
		default:
			p.flatten("winlog.system."+c.Name, c)
		}
	}
}

func (p *Program) flatten(prefix string, el *Outline) {
	p.out(prefix, p.source(texts(el.Content), true))
	for _, a := range el.Attrs {
		if !namespace(a.Name) {
			p.out(prefix+"."+a.Name, p.source(texts(a.Content), false))
		}
	}
	for _, c := range el.Content {
		if c.Element != nil {
			p.flatten(prefix+"."+c.Element.Name, c.Element)
		}
	}
}

func (p *Program) eventData(el *Outline) {
	p.out("winlog.event_data_name", p.source(el.attr("Name"), false))
	for _, c := range el.Content {
		d := c.Element
		if d == nil {
			continue
		}
		name := d.Name
		if d.Name == "Data" || d.Name == "ComplexData" {
			if n, _ := fixed(d.attr("Name")); n != "" {
				name = n
			}
		}
		p.keep(name, d)
	}
	p.value("Data", texts(el.Content), true)
}

func (p *Program) userData(el *Outline) {
	for _, c := range el.Content {
		wrapper := c.Element
		if wrapper == nil {
			continue
		}
		for _, a := range wrapper.Attrs {
			if !namespace(a.Name) && a.Name != "Name" {
				p.value(a.Name, texts(a.Content), false)
			}
		}
		p.value(wrapper.Name, texts(wrapper.Content), true)
		for _, d := range wrapper.Content {
			if d.Element != nil {
				p.keep(d.Element.Name, d.Element)
			}
		}
	}
}

func (p *Program) keep(name string, el *Outline) {
	p.value(name, texts(el.Content), true)
	for _, a := range el.Attrs {
		if a.Name == "Name" && (el.Name == "Data" || el.Name == "ComplexData") || namespace(a.Name) {
			continue
		}
		p.value(name+"."+a.Name, texts(a.Content), false)
	}
	for _, c := range el.Content {
		if c.Element != nil {
			p.keep(name+"."+c.Element.Name, c.Element)
		}
	}
}

func (p *Program) value(name string, pieces []Piece, many bool) {
	if name == "" {
		name = "Data"
	}
	if s := p.source(pieces, many); s >= 0 {
		p.out(dataPrefix+"."+name, s)
		p.data = append(p.data, datum{name: name, source: s})
	}
}
