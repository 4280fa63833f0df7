package timeline

import (
	"slices"
	"sort"

	"adjutant/backend/event"
	"adjutant/backend/timeline/block"
	"adjutant/backend/timeline/query"
)

// asker answers one query for one block.
type asker struct {
	*session
	b     *blk
	notes *notesIndex
}

// byRow says whether an expression asks about the row (its time, kind, id, annotations) and not only the event.
func byRow(e query.Expr) bool {
	row := false
	field := func(name string) bool {
		return name == query.FieldTime || name == query.FieldRowID || name == query.FieldTimeKind || query.Annotated(name)
	}
	query.Walk(e, func(x query.Expr) {
		switch x := x.(type) {
		case *query.Time:
			row = true
		case *query.Value:
			row = row || field(x.Field)
		case *query.Exists:
			row = row || field(x.Field)
		}
	})
	return row
}

// rows gives the matching rows of the block.
func (a *asker) rows(e query.Expr) (set, error) {
	possible, err := a.possible(e)
	if err != nil || !possible {
		return none, err
	}
	if !byRow(e) {
		evs, err := a.events(e)
		if err != nil {
			return none, err
		}
		return a.expand(evs)
	}
	switch x := e.(type) {
	case *query.And:
		return a.conjunction(x)
	case *query.Or:
		out := none
		for _, p := range x.Of {
			s, err := a.rows(p)
			if err != nil {
				return none, err
			}
			out = out.or(s)
		}
		return out.tidy(a.b.Rows), nil
	case *query.Not:
		s, err := a.rows(x.Of)
		if err != nil {
			return none, err
		}
		return s.not(a.b.Rows), nil
	case *query.Time:
		return a.timeRange(x)
	}
	return a.rowTest(e)
}

// conjunction asks the cheap parts first and stops when nothing is left; parts about events are asked together.
func (a *asker) conjunction(x *query.And) (set, error) {
	var ofEvents, ofRows []query.Expr
	for _, p := range x.Of {
		if byRow(p) {
			ofRows = append(ofRows, p)
		} else {
			ofEvents = append(ofEvents, p)
		}
	}
	slices.SortStableFunc(ofRows, func(p, q query.Expr) int { return cost(p) - cost(q) })
	out := full
	for _, p := range ofRows {
		if _, ok := p.(*query.Time); !ok && len(ofEvents) > 0 {
			break // events before annotations and ids
		}
		s, err := a.rows(p)
		if err != nil {
			return none, err
		}
		if out = out.and(s); out.isNone() {
			return none, nil
		}
		ofRows = ofRows[1:]
	}
	if len(ofEvents) > 0 {
		s, err := a.rows(query.Both(ofEvents...))
		if err != nil {
			return none, err
		}
		out = out.and(s)
	}
	for _, p := range ofRows {
		if out.isNone() {
			return none, nil
		}
		s, err := a.rows(p)
		if err != nil {
			return none, err
		}
		out = out.and(s)
	}
	return out.tidy(a.b.Rows), nil
}

// cost orders parts of an AND: what reads least first.
func cost(e query.Expr) int {
	switch x := e.(type) {
	case query.All:
		return 0
	case *query.Time:
		return 1
	case *query.Exists:
		return 2
	case *query.Value:
		if x.Field == "" {
			return 9
		}
		if _, ok := x.Equal(); ok {
			return 3
		}
		return 5
	case *query.Words:
		return 4
	case *query.Not:
		return cost(x.Of) + 1
	}
	return 7
}

// expand turns events into their rows.
func (a *asker) expand(evs set) (set, error) {
	if evs.all || evs.isNone() {
		return evs, nil
	}
	t, err := a.times(a.b)
	if err != nil {
		return none, err
	}
	out := block.NewBits(a.b.Rows)
	for r, ev := range t.Order().Event {
		if evs.bits.Has(int(ev)) {
			out.Set(r)
		}
	}
	return some(out).tidy(a.b.Rows), nil
}

// timeRange is a run of the dated rows: they are sorted.
func (a *asker) timeRange(x *query.Time) (set, error) {
	from, to := bounds(x)
	if a.b.Dated == a.b.Rows && from <= a.b.First && a.b.Last < to {
		return full, nil
	}
	t, err := a.times(a.b)
	if err != nil {
		return none, err
	}
	at := t.Order().At
	i := sort.Search(len(at), func(i int) bool { return at[i] >= from })
	j := sort.Search(len(at), func(i int) bool { return at[i] >= to })
	if i >= j {
		return none, nil
	}
	out := block.NewBits(a.b.Rows)
	out.SetRange(i, j)
	return some(out), nil
}

// bounds are a time range in ticks, [from, to).
func bounds(x *query.Time) (from, to int64) {
	from, to = -1<<63, 1<<63-1
	if !x.From.IsZero() {
		from = block.Ticks(x.From)
	}
	if !x.To.IsZero() {
		to = block.Ticks(x.To)
	}
	return from, to
}

// rowTest asks row by row: time kind, row id, annotations, and whether a row has a time.
func (a *asker) rowTest(e query.Expr) (set, error) {
	var name string
	holds := func(values []string) bool { return len(values) > 0 }
	switch x := e.(type) {
	case *query.Exists:
		name = x.Field
	case *query.Value:
		name = x.Field
		holds = func(values []string) bool { return slices.ContainsFunc(values, x.Holds) }
	}
	t, err := a.times(a.b)
	if err != nil {
		return none, err
	}
	o := t.Order()
	out := block.NewBits(a.b.Rows)
	switch {
	case name == query.FieldTime:
		for i, at := range o.At {
			if holds([]string{event.FormatTime(block.Time(at))}) {
				out.Set(i)
			}
		}
	case name == query.FieldTimeKind:
		for i := range o.At {
			if holds([]string{string(t.Meaning(int(o.Event[i]), int(o.Index[i])))}) {
				out.Set(i)
			}
		}
	case query.Annotated(name):
		err = a.annotated(name, t, func(row int, values []string) {
			if holds(values) {
				out.Set(row)
			}
		})
	default:
		all, err := a.ids(a.b)
		if err != nil {
			return none, err
		}
		for i := range o.Event {
			if holds([]string{string(rowID(t, all, i))}) {
				out.Set(i)
			}
		}
	}
	return some(out).tidy(a.b.Rows), err
}

// rowID is the id of the i-th row of a block.
func rowID(t *block.Times, all ids, i int) event.RowID {
	o := t.Order()
	ev := int(o.Event[i])
	id := all[ev].String()
	if i >= o.Dated() {
		return event.RowID(id + "/undated.0")
	}
	index := int(o.Index[i])
	meaning := t.Meaning(ev, index)
	ordinal := 0
	for j := range index {
		if t.Meaning(ev, j) == meaning {
			ordinal++
		}
	}
	return event.RowID(id + "/" + string(meaning) + "." + itoa(ordinal))
}
