package timeline

import (
	"slices"
	"strconv"

	"adjutant/backend/event"
	"adjutant/backend/timeline/block"
	"adjutant/backend/timeline/query"
)

func itoa(n int) string { return strconv.Itoa(n) }

// possible says whether the block can hold a match, by header and filter alone.
func (a *asker) possible(e query.Expr) (bool, error) {
	switch x := e.(type) {
	case *query.And:
		for _, p := range x.Of {
			if ok, err := a.possible(p); err != nil || !ok {
				return false, err
			}
		}
	case *query.Or:
		for _, p := range x.Of {
			if ok, err := a.possible(p); err != nil || ok {
				return ok, err
			}
		}
		return false, nil
	case *query.Not:
		_, everything := x.Of.(query.All)
		return !everything, nil
	case *query.Time:
		from, to := bounds(x)
		return a.b.Dated > 0 && a.b.First < to && a.b.Last >= from, nil
	case *query.Words:
		f, err := a.filter(a.b)
		if err != nil {
			return false, err
		}
		return !slices.ContainsFunc(x.Tokens(), func(t string) bool { return !f.Has(block.TokenKey(t)) }), nil
	case *query.Exists:
		if query.Virtual(x.Field) {
			return true, nil
		}
		_, ok := a.b.Find(x.Field)
		return ok, nil
	case *query.Value:
		return a.possibleValue(x)
	}
	return true, nil
}

func (a *asker) possibleValue(x *query.Value) (bool, error) {
	want, equal := x.Equal()
	switch {
	case x.Field == query.FieldEvidence:
		return x.Holds(a.b.src.Evidence.String()), nil
	case x.Field == query.FieldParser:
		return x.Holds(a.b.src.Parser), nil
	case x.Field == query.FieldEventID && equal:
		id, ok := block.ParseID(event.ID(want))
		if !ok {
			return false, nil
		}
		f, err := a.filter(a.b)
		return err == nil && f.Has(block.IDKey(id)), err
	case query.Virtual(x.Field):
		return true, nil
	}
	var info *block.ColumnInfo
	if x.Field != "" {
		c, ok := a.b.Find(x.Field)
		if !ok {
			return false, nil
		}
		info = c
	}
	if !equal {
		return true, nil
	}
	f, err := a.filter(a.b)
	if err != nil {
		return false, err
	}
	if info != nil && info.InFilter {
		return f.Has(block.ValueKey(x.Field, want)), nil
	}
	possible := true
	query.EachToken(want, func(t string) { possible = possible && f.Has(block.TokenKey(t)) })
	return possible, nil
}

// events gives the matching events of the block, for expressions that ask nothing about rows.
func (a *asker) events(e query.Expr) (set, error) {
	switch x := e.(type) {
	case query.All:
		return full, nil
	case *query.And:
		parts := slices.Clone(x.Of)
		slices.SortStableFunc(parts, func(p, q query.Expr) int { return cost(p) - cost(q) })
		out := full
		for _, p := range parts {
			s, err := a.events(p)
			if err != nil {
				return none, err
			}
			if out = out.and(s); out.isNone() {
				return none, nil
			}
		}
		return out.tidy(a.b.Events), nil
	case *query.Or:
		out := none
		for _, p := range x.Of {
			if ok, err := a.possible(p); err != nil || !ok {
				if err != nil {
					return none, err
				}
				continue
			}
			s, err := a.events(p)
			if err != nil {
				return none, err
			}
			out = out.or(s)
		}
		return out.tidy(a.b.Events), nil
	case *query.Not:
		if ok, err := a.possible(x.Of); err != nil || !ok {
			return full, err
		}
		s, err := a.events(x.Of)
		if err != nil {
			return none, err
		}
		return s.not(a.b.Events), nil
	case *query.Words:
		return a.words(x)
	case *query.Exists:
		return a.exists(x.Field)
	case *query.Value:
		return a.value(x)
	}
	return none, nil
}

func (a *asker) exists(field string) (set, error) {
	if query.Virtual(field) {
		return full, nil // of those that do not ask about rows every event has one
	}
	c, err := a.field(a.b, field)
	if err != nil || c == nil {
		return none, err
	}
	return a.cells(c, func(values []string) bool { return len(values) > 0 }), nil
}

func (a *asker) value(x *query.Value) (set, error) {
	holds := func(values []string) bool { return slices.ContainsFunc(values, x.Holds) }
	switch x.Field {
	case "":
		return a.anyColumn(full, holds)
	case query.FieldEvidence:
		return whole(x.Holds(a.b.src.Evidence.String())), nil
	case query.FieldParser:
		return whole(x.Holds(a.b.src.Parser)), nil
	case query.FieldEventID:
		all, err := a.ids(a.b)
		if err != nil {
			return none, err
		}
		out := block.NewBits(a.b.Events)
		for i, id := range all {
			if x.Holds(id.String()) {
				out.Set(i)
			}
		}
		return some(out).tidy(a.b.Events), nil
	}
	name := x.Field
	if name == query.FieldPath {
		name = block.ColPath
	}
	c, err := a.field(a.b, name)
	if err != nil || c == nil {
		return none, err
	}
	return a.cells(c, holds), nil
}

func whole(yes bool) set {
	if yes {
		return full
	}
	return none
}

// cells asks each distinct cell of a column once and gives the events of those that hold.
func (a *asker) cells(c *block.Column, holds func(values []string) bool) set {
	yes := make([]bool, c.Cells())
	found := false
	for i := range yes {
		yes[i] = holds(c.Values(i))
		found = found || yes[i]
	}
	if !found {
		return none
	}
	out := block.NewBits(a.b.Events)
	c.Each(func(ev, cell int) {
		if yes[cell] {
			out.Set(ev)
		}
	})
	return some(out).tidy(a.b.Events)
}

// words looks tokens up in the postings; what they do not settle is read in the columns of the events left.
func (a *asker) words(x *query.Words) (set, error) {
	p, err := a.postings(a.b)
	if err != nil {
		return none, err
	}
	tokens := x.Tokens()
	left, settled := full, len(tokens) == 1
	for _, t := range tokens {
		in, ok, err := p.Find(t)
		if err != nil {
			return none, a.b.damage(err)
		}
		if !ok {
			settled = false
			continue
		}
		if left = left.and(some(in)).tidy(a.b.Events); left.isNone() {
			return none, nil
		}
	}
	if settled {
		return left, nil
	}
	return a.anyColumn(left, func(values []string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return query.HoldsTokens(query.Fold(v), tokens) })
	})
}

// anyColumn gives those of left in which one field holds.
func (a *asker) anyColumn(left set, holds func(values []string) bool) (set, error) {
	out := block.NewBits(a.b.Events)
	for i := range a.b.Columns {
		if !a.b.Columns[i].IsField() {
			continue
		}
		c, err := a.column(a.b, i)
		if err != nil {
			return none, err
		}
		if !left.all && left.bits.Count() < c.Cells() {
			left.bits.Each(func(ev int) {
				if out.Has(ev) {
					return
				}
				if cell, ok := c.CellOf(ev); ok && holds(c.Values(cell)) {
					out.Set(ev)
				}
			})
			continue
		}
		s := a.cells(c, holds)
		if s.all {
			out.SetRange(0, a.b.Events)
			break
		}
		if !s.isNone() {
			out.Or(s.bits)
		}
	}
	if !left.all {
		out.And(left.bits)
	}
	return some(out).tidy(a.b.Events), nil
}
