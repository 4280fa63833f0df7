package timeline

import (
	"context"
	"slices"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/timeline/block"
	"adjutant/backend/timeline/query"
)

// Row is one row of the timeline: an event at one of its times.
type Row struct {
	Event *event.Event // shared by the rows of one event on a page; do not change it
	Index int          // of Event.Times, or -1 when the event has none
	ID    event.RowID
	At    time.Time // zero when undated
}

func newRow(e *event.Event, index int) Row {
	r := Row{Event: e, Index: -1, ID: idOf(e, index)}
	if index < len(e.Times) {
		r.Index, r.At = index, e.Times[index].At
	}
	return r
}

// Options say which part of the matching rows a page shows.
type Options struct {
	Offset     int64     // rows before the page, counted from the start or from From
	Limit      int       // rows of the page, at most MaxPage
	Descending bool      // latest first; undated rows stay last
	From       time.Time // when set: start at the first row at or after it (Descending: at or before it)
	Notes      Annotations
}

// Page is part of the matching rows.
type Page struct {
	Total   int64 // matching rows
	Offset  int64 // of the first row of the page among them
	Rows    []Row
	Partial bool // an import is under way: its rows are not among these yet
}

// Page returns one page of the rows that match q.
func (t *Timeline) Page(ctx context.Context, q query.Expr, o Options) (Page, error) {
	page := Page{Partial: t.Importing() > 0}
	err := t.read(ctx, func(s *session) error {
		a, err := s.answer(q, o.Notes)
		if err != nil {
			return err
		}
		page.Total = a.total
		page.Offset = max(0, o.Offset)
		if !o.From.IsZero() {
			start, err := s.startAt(a, o)
			if err != nil {
				return err
			}
			page.Offset = max(0, start+o.Offset)
		}
		page.Offset = min(page.Offset, page.Total)
		positions, err := s.pagePositions(a, page.Offset, min(max(0, o.Limit), MaxPage), o.Descending)
		if err != nil {
			return err
		}
		page.Rows, err = s.build(positions)
		return err
	})
	return page, err
}

// startAt is the offset of the first row at or after From, in the order of the page.
func (s *session) startAt(a *answer, o Options) (int64, error) {
	at := block.Ticks(o.From)
	if !o.Descending {
		return s.rank(a, at)
	}
	after, err := s.rank(a, at+1)
	return a.allDays - after, err
}

func (s *session) pagePositions(a *answer, offset int64, limit int, descending bool) ([]position, error) {
	n := int(min(int64(limit), a.total-offset))
	ofDated := int(max(0, min(int64(n), a.allDays-offset)))
	first := offset
	if descending {
		first = a.allDays - offset - int64(ofDated)
	}
	out, err := s.datedRange(a, first, ofDated)
	if err != nil {
		return nil, err
	}
	if descending {
		slices.Reverse(out)
	}
	return append(out, s.undatedRange(a, max(0, offset-a.allDays), n-ofDated)...), nil
}

// build makes rows of positions, block by block, so that each block's columns are read once.
func (s *session) build(positions []position) ([]Row, error) {
	byBlock := map[int][]int{} // block -> places in positions
	for i, p := range positions {
		byBlock[p.block] = append(byBlock[p.block], i)
	}
	rows := make([]Row, len(positions))
	for i, b := range s.cat.blocks {
		places := byBlock[i]
		if places == nil {
			continue
		}
		if err := s.ctx.Err(); err != nil {
			return nil, err
		}
		t, err := s.times(b)
		if err != nil {
			return nil, err
		}
		o := t.Order()
		var evs []int
		where := map[int]int{}
		for _, at := range places {
			ev := int(o.Event[positions[at].row])
			if _, ok := where[ev]; !ok {
				where[ev] = len(evs)
				evs = append(evs, ev)
			}
		}
		events, err := s.assemble(b, evs)
		if err != nil {
			return nil, err
		}
		for _, at := range places {
			row := positions[at].row
			rows[at] = newRow(events[where[int(o.Event[row])]], int(o.Index[row]))
		}
	}
	return rows, nil
}

// Each calls f for every row that matches q, in order of time, undated last. An error of f ends it and is returned.
func (t *Timeline) Each(ctx context.Context, q query.Expr, notes Annotations, f func(Row) error) error {
	return t.read(ctx, func(s *session) error {
		a, err := s.answer(q, notes)
		if err != nil {
			return err
		}
		emit := func(batch []position) error {
			rows, err := s.build(batch)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if err := f(r); err != nil {
					return err
				}
			}
			return nil
		}
		m := s.merge(a, -1<<63)
		batch := make([]position, 0, eachBatch)
		for {
			p, ok, err := m.next()
			if err != nil {
				return err
			}
			if ok {
				batch = append(batch, p)
			}
			if len(batch) == eachBatch || !ok {
				if err := emit(batch); err != nil {
					return err
				}
				batch = batch[:0]
			}
			if !ok {
				break
			}
		}
		for first := int64(0); ; first += eachBatch {
			batch := s.undatedRange(a, first, eachBatch)
			if err := emit(batch); err != nil {
				return err
			}
			if len(batch) < eachBatch {
				return nil
			}
		}
	})
}
