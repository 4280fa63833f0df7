package jsonl

import (
	"net/netip"
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/stamp"
	"adjutant/backend/parse/winrecord"
)

// fill recognises the record's shape and sets times and fields.
func fill(p *record) {
	v := p.Value
	if src := v.Get("_source"); src != nil && src.Type() == fastjson.TypeObject && src.Exists("@timestamp") {
		v = src // a hit of a search engine's export: the document is what was logged
	}
	p.Value = v
	if p.mapped != nil {
		p.byMapping()
		return
	}
	if jsonrec.IsText(v, "adjutant", "event_id") && v.Exists("@timestamp") {
		p.own()
		return
	}
	if form := winrecord.FormOf(v); form != winrecord.None {
		winrecord.Fill(p.Record, v, form, "json")
		return
	}
	if v.Exists("@timestamp") && isECS(v) {
		p.ecs()
		return
	}
	p.generic()
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
	for _, l := range p.Leaves() {
		if l.Name != "@timestamp" && !strings.HasPrefix(l.Name, "adjutant.") {
			p.Field(l.Name, l.Kind, l.Value)
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
	for _, l := range p.Leaves() {
		name := l.Name
		switch {
		case name == "@timestamp" && !undated:
			continue
		case name == "@timestamp" || name == "":
			name = "json." + name
		case name == "event.created":
			p.At(event.Recorded, l.Value)
		}
		p.Field(name, l.Kind, l.Value)
	}
}

// generic moves names that ECS has a word for, reads the times among well-known keys, and keeps the rest under "json.".
func (p *record) generic() {
	leaves := p.Leaves()
	best, at := p.primary(leaves)
	if at >= 0 {
		if desc := p.Text("timestamp_desc"); desc != "" {
			first := p.Event.Times[0]
			p.Event.Times = p.Event.Times[:0]
			for _, m := range stamp.Meanings(desc) {
				first.Meaning = m
				p.Event.Times = append(p.Event.Times, first)
			}
			if len(p.Event.Times) == 0 {
				first.Meaning = event.Occurred
				p.Event.Times = append(p.Event.Times, first)
			}
		}
	}
	p.done = p.done[:0]
	for i := range leaves {
		l := &leaves[i]
		if i == at {
			continue
		}
		known := p.about(l)
		if known.meaning != "" && known.meaning != event.Occurred && at >= 0 && p.shapes.times[best].meaning != known.meaning {
			p.At(known.meaning, l.Value)
		}
		if known.field == "" || p.filledByOther(known.field, l.Name) || !fits(known.field, *l) {
			p.Field(p.Under("json.", l), l.Kind, l.Value)
			continue
		}
		p.done = append(p.done, filled{known.field, l.Name})
		p.Field(known.field, l.Kind, l.Value)
	}
}

// primary adds the time of the best key that holds one and says which it is.
func (p *record) primary(leaves []jsonrec.Leaf) (best, at int) {
	tried := -1
	for {
		best, at = len(p.shapes.times), -1
		for i := range leaves {
			if k := p.about(&leaves[i]); k.meaning != "" && k.rank < best && k.rank > tried {
				best, at = k.rank, i
			}
		}
		if at < 0 || p.At(p.shapes.times[best].meaning, leaves[at].Value) {
			return best, at
		}
		tried = best
	}
}

// filled is an ECS field and the source name that fills it.
type filled struct{ field, by string }

func (p *record) filledByOther(field, name string) bool {
	for _, d := range p.done {
		if d.field == field && d.by != name {
			return true
		}
	}
	return false
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
