package timeline

import (
	"context"
	"fmt"
	"sync"

	"adjutant/backend/event"
	"adjutant/backend/timeline/block"
	"adjutant/backend/timeline/query"
)

// place is where an event lies.
type place struct {
	b  *blk
	ev int
}

// locate finds an event by id: the filters leave about one block in 256, whose ids are compared.
func (s *session) locate(id event.ID) (place, bool, error) {
	raw, ok := block.ParseID(id)
	if !ok {
		return place{}, false, nil
	}
	for _, b := range s.cat.blocks {
		if err := s.ctx.Err(); err != nil {
			return place{}, false, err
		}
		f, err := s.filter(b)
		if err != nil {
			return place{}, false, err
		}
		if !f.Has(block.IDKey(raw)) {
			continue
		}
		all, err := s.ids(b)
		if err != nil {
			return place{}, false, err
		}
		for ev := range all {
			if all[ev] == raw {
				return place{b, ev}, true, nil
			}
		}
	}
	return place{}, false, nil
}

// Event returns one event. ErrNoRow when the timeline has none of that id.
func (t *Timeline) Event(ctx context.Context, id event.ID) (*event.Event, error) {
	var out *event.Event
	err := t.read(ctx, func(s *session) error {
		p, ok, err := s.locate(id)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("%w: event %.40q", ErrNoRow, id)
		}
		list, err := s.assemble(p.b, []int{p.ev})
		if err != nil {
			return err
		}
		out = list[0]
		return nil
	})
	return out, err
}

// Row returns one row. ErrNoRow when the timeline has none of that id.
func (t *Timeline) Row(ctx context.Context, id event.RowID) (Row, error) {
	e, err := t.Event(ctx, id.EventOf())
	if err != nil {
		return Row{}, err
	}
	for i := range max(1, len(e.Times)) {
		if e.Row(i) == id {
			return newRow(e, i), nil
		}
	}
	return Row{}, fmt.Errorf("%w: %.80q", ErrNoRow, id)
}

// notesIndex is, for one query, which rows of which block carry annotations.
type notesIndex struct {
	notes Annotations
	mu    sync.Mutex
	found map[string]map[*blk]map[event.RowID]int // field -> block -> row id -> event; nil field: not known, ask all
}

func newNotesIndex(notes Annotations) *notesIndex {
	return &notesIndex{notes: notes, found: map[string]map[*blk]map[event.RowID]int{}}
}

// of gives the annotated rows of a field by block; ok is false when the annotations cannot list them.
func (n *notesIndex) of(s *session, field string) (byBlock map[*blk]map[event.RowID]int, ok bool, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	byBlock, known := n.found[field]
	if known {
		return byBlock, byBlock != nil, nil
	}
	rows := n.notes.Rows(field, "")
	if rows != nil {
		byBlock = map[*blk]map[event.RowID]int{}
	}
	for _, id := range rows {
		p, ok, err := s.locateCached(id.EventOf())
		if err != nil {
			return nil, false, err
		}
		if !ok {
			continue // a row of evidence that is absent here
		}
		if byBlock[p.b] == nil {
			byBlock[p.b] = map[event.RowID]int{}
		}
		byBlock[p.b][id] = p.ev
	}
	n.found[field] = byBlock
	return byBlock, byBlock != nil, nil
}

// locateCached is locate for ids that are asked for again and again.
func (s *session) locateCached(id event.ID) (place, bool, error) {
	if p, ok := s.t.answers.place(s.cat, id); ok {
		return p, p.b != nil, nil
	}
	p, ok, err := s.locate(id)
	if err == nil {
		s.t.answers.keepPlace(s.cat, id, p)
	}
	return p, ok, err
}

// annotated calls f with the annotations of every row of the block that may have any.
func (a *asker) annotated(field string, t *block.Times, f func(row int, values []string)) error {
	if a.notes == nil {
		return nil
	}
	byBlock, listed, err := a.notes.of(a.session, field)
	if err != nil || listed && byBlock[a.b] == nil {
		return err
	}
	all, err := a.ids(a.b)
	if err != nil {
		return err
	}
	marked := block.NewBits(a.b.Events)
	for _, ev := range byBlock[a.b] {
		marked.Set(ev)
	}
	for i, ev := range t.Order().Event {
		if listed && !marked.Has(int(ev)) {
			continue
		}
		f(i, a.notes.notes.Values(rowID(t, all, i), field))
	}
	return nil
}

// notesFor makes the index a query needs, or nil.
func notesFor(q query.Expr, notes Annotations) *notesIndex {
	if notes == nil || !query.UsesAnnotations(q) {
		return nil
	}
	return newNotesIndex(notes)
}
