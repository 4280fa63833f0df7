package timeline

import (
	"maps"

	"adjutant/backend/incident"
)

// Without is a view in which some evidence does not exist: no reader of it sees a row, a count, a field, a source or a
// span of time that comes from there. It costs one pass over the catalogue whenever that has changed, and nothing for
// each question: the blocks of hidden evidence are not looked at. It shares the decoded blocks with the whole timeline,
// keeps its own answers, follows imports and removals, and passes changes on to the whole.
func (t *Timeline) Without(hidden map[incident.Digest]bool) *Timeline {
	if t.whole != nil {
		both := maps.Clone(t.hidden)
		maps.Copy(both, hidden)
		return t.whole.Without(both)
	}
	return &Timeline{db: t.db, cache: t.cache, filters: t.filters, answers: newAnswers(), blockEvents: t.blockEvents, whole: t, hidden: maps.Clone(hidden)}
}

// seenCatalog is what a view made of a catalogue of the whole.
type seenCatalog struct{ of, cat *catalog }

// catalog is what a reader sees.
func (t *Timeline) catalog() *catalog {
	if t.whole == nil {
		return t.cat.Load()
	}
	of := t.whole.cat.Load()
	if v := t.seen.Load(); v != nil && v.of == of {
		return v.cat
	}
	var kept []*source
	for _, s := range of.sources {
		if !t.hidden[s.Evidence] {
			kept = append(kept, s)
		}
	}
	v := &seenCatalog{of, newCatalog(of.generation, kept)}
	t.seen.Store(v)
	return v.cat
}

// publisher is the timeline whose catalogue is replaced.
func (t *Timeline) publisher() *Timeline {
	if t.whole != nil {
		return t.whole
	}
	return t
}
