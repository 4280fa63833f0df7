package workbench

import (
	"adjutant/backend/caserecord"
	"adjutant/backend/event"
	"adjutant/backend/timeline"
)

// Notes joins what people said about rows (tags, notes, promotions) to queries. It is as of now; making it costs a walk
// over what people said, asking it costs a look-up.
func (b *Bench) Notes() timeline.Annotations { return newAnnotations(b.State()) }

// annotations holds, by field, the values of each row: tag, note and promoted.
type annotations map[string]map[event.RowID][]string

func newAnnotations(s *caserecord.State) annotations {
	a := annotations{"tag": {}, "note": {}, "promoted": {}}
	for row, tags := range s.TaggedRows() {
		a["tag"][event.RowID(row)] = tags
	}
	for _, n := range s.Notes {
		row := event.RowID(n.Data.About)
		a["note"][row] = append(a["note"][row], n.Data.Text)
	}
	for _, p := range s.Promoted {
		for _, c := range p.Data.Rows {
			a["promoted"][event.RowID(c.RowID)] = []string{"true"}
		}
	}
	return a
}

// Values fulfils timeline.Annotations.
func (a annotations) Values(row event.RowID, field string) []string { return a[field][row] }

// Rows fulfils timeline.Annotations: the rows that have this value, or any when value is "". Never nil, so that a search
// for a tag asks only the rows that carry one.
func (a annotations) Rows(field, value string) []event.RowID {
	out := []event.RowID{}
	for row, values := range a[field] {
		for _, v := range values {
			if value == "" || v == value {
				out = append(out, row)
				break
			}
		}
	}
	return out
}
