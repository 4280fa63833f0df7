package detect

import (
	"fmt"

	"adjutant/backend/detect/planted"
	"adjutant/backend/detect/sigma"
)

// plantedDetector makes a finding for each host and place (field) where text for a language model stands. It changes
// nothing else: see P10.
type plantedDetector struct {
	byPlace map[sourceKey]*plantedPlace
	order   []*plantedPlace
	cited   int
}

type plantedPlace struct {
	g       *gather
	field   string
	example planted.Hit
}

func newPlantedDetector() *plantedDetector {
	return &plantedDetector{byPlace: map[sourceKey]*plantedPlace{}}
}

var plantedRule = detectorRule("adjutant-planted-instructions", "Text written for a language model", sigma.LevelMedium)

func (d *plantedDetector) see(r *record) {
	for i := range r.Event.Fields {
		f := &r.Event.Fields[i]
		// "message" is our parsers' sentence made of the other fields; where it is the source's own, it is its only text.
		if f.Name == "message" && r.channel != "" {
			continue
		}
		for _, v := range f.Values {
			if len(v) < 12 {
				continue
			}
			hit, ok := planted.Look(v)
			if !ok || d.cited >= MaxPlanted {
				continue
			}
			d.cited++
			d.add(r, f.Name, hit)
			return // one finding for an event: the same text often stands in two fields
		}
	}
}

func (d *plantedDetector) add(r *record, field string, hit planted.Hit) {
	k := sourceKey{ShortHost(r.host), field}
	p := d.byPlace[k]
	if p == nil {
		p = &plantedPlace{g: newGather(KindPlanted, plantedRule, nil, k.host+"\x00"+field), field: field, example: hit}
		d.byPlace[k] = p
		d.order = append(d.order, p)
	}
	p.g.add(r, []sigma.FieldValue{{Field: field, Value: hit.Text}})
}

func (d *plantedDetector) finish() []Finding {
	var out []Finding
	for _, p := range d.order {
		where := ""
		if len(p.g.f.Hosts) > 0 {
			where = " of " + list(p.g.f.Hosts, 2)
		}
		out = append(out, p.g.done(fmt.Sprintf("%s%s in the field %s: %s. It is treated as evidence, nothing follows from what it asks.",
			count(p.g.f.Count, "event", "events"), where, p.field, p.example.Why)))
	}
	return out
}
