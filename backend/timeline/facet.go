package timeline

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"sync"

	"adjutant/backend/timeline/block"
	"adjutant/backend/timeline/query"
)

// Count is one value and the number of rows that have it.
type Count struct {
	Value string
	N     int64
}

// Facet is the values of one field over the matching rows.
type Facet struct {
	Values   []Count // the most frequent ones, ties by value
	Distinct int     // number of different values
	Missing  int64   // matching rows without a value
	Capped   bool    // more than a million different values: Distinct and Values leave some out
}

// Facet counts the values of a field over the rows that match q and returns the n most frequent. Values differ by case.
// A row with several values counts for each of them. @timestamp, event and row ids are ErrFacet.
func (t *Timeline) Facet(ctx context.Context, q query.Expr, notes Annotations, field string, n int) (Facet, error) {
	switch field {
	case query.FieldTime, query.FieldEventID, query.FieldRowID, "":
		return Facet{}, fmt.Errorf("%w: %q", ErrFacet, field)
	}
	tally := &tally{counts: map[string]int64{}}
	err := t.read(ctx, func(s *session) error {
		a, err := s.answer(q, notes)
		if err != nil {
			return err
		}
		var index *notesIndex
		if notes != nil && query.Annotated(field) {
			index = newNotesIndex(notes)
		}
		return s.eachBlock(func(i int) error {
			if a.sets[i].isNone() {
				return nil
			}
			ask := &asker{session: s, b: s.cat.blocks[i], notes: index}
			return ask.facet(a.sets[i], field, tally)
		})
	})
	if err != nil {
		return Facet{}, err
	}
	return tally.top(n), nil
}

// tally gathers counts of all blocks.
type tally struct {
	mu      sync.Mutex
	counts  map[string]int64
	missing int64
	capped  bool
}

func (t *tally) add(values []string, n int64) {
	for i, v := range values {
		if slices.Contains(values[:i], v) {
			continue
		}
		if _, ok := t.counts[v]; !ok && len(t.counts) >= maxValues {
			t.capped = true
			continue
		}
		t.counts[v] += n
	}
	if len(values) == 0 {
		t.missing += n
	}
}

func (t *tally) top(n int) Facet {
	f := Facet{Distinct: len(t.counts), Missing: t.missing, Capped: t.capped}
	for v, c := range t.counts {
		f.Values = append(f.Values, Count{v, c})
	}
	sort.Slice(f.Values, func(i, j int) bool {
		if f.Values[i].N != f.Values[j].N {
			return f.Values[i].N > f.Values[j].N
		}
		return f.Values[i].Value < f.Values[j].Value
	})
	f.Values = f.Values[:min(max(n, 0), len(f.Values))]
	return f
}

// facet counts one block.
func (a *asker) facet(rows set, field string, t *tally) error {
	matching := int64(rows.below(a.b.Rows))
	one := func(v string) error {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.add([]string{v}, matching)
		return nil
	}
	switch field {
	case query.FieldEvidence:
		return one(a.b.src.Evidence.String())
	case query.FieldParser:
		return one(a.b.src.Parser)
	case query.FieldPath:
		field = block.ColPath
	case query.FieldTimeKind:
		return a.facetKinds(rows, t)
	}
	if query.Annotated(field) {
		return a.facetNotes(rows, matching, field, t)
	}
	c, err := a.field(a.b, field)
	if err != nil {
		return err
	}
	if c == nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.missing += matching
		return nil
	}
	counts, missing, err := a.countCells(rows, c)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.missing += missing
	for cell, n := range counts {
		if n > 0 {
			t.add(c.Values(cell), n)
		}
	}
	return nil
}

// countCells counts the matching rows of each cell, and those without one.
func (a *asker) countCells(rows set, c *block.Column) (counts []int64, missing int64, err error) {
	times, err := a.times(a.b)
	if err != nil {
		return nil, 0, err
	}
	perEvent := make([]uint32, a.b.Events)
	order := times.Order().Event
	rows.each(a.b.Rows, func(r int) { perEvent[order[r]]++ })
	counts = make([]int64, c.Cells())
	present := int64(0)
	c.Each(func(ev, cell int) {
		counts[cell] += int64(perEvent[ev])
		present += int64(perEvent[ev])
	})
	return counts, int64(rows.below(a.b.Rows)) - present, nil
}

func (a *asker) facetKinds(rows set, t *tally) error {
	times, err := a.times(a.b)
	if err != nil {
		return err
	}
	o := times.Order()
	counts := map[string]int64{}
	undated := int64(0)
	rows.each(a.b.Rows, func(r int) {
		if r >= o.Dated() {
			undated++
			return
		}
		counts[string(times.Meaning(int(o.Event[r]), int(o.Index[r])))]++
	})
	t.mu.Lock()
	defer t.mu.Unlock()
	t.missing += undated
	for v, n := range counts {
		t.add([]string{v}, n)
	}
	return nil
}

func (a *asker) facetNotes(rows set, matching int64, field string, t *tally) error {
	times, err := a.times(a.b)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	noted := int64(0)
	err = a.annotated(field, times, func(row int, values []string) {
		if rows.has(row) && len(values) > 0 {
			noted++
			t.add(values, 1)
		}
	})
	t.missing += matching - noted
	return err
}
