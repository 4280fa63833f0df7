package block

import (
	"slices"

	"adjutant/backend/event"
)

// A column holds one field of a block's events: distinct cells once, in order of first use, and which event has which.
//
//	flags    byte: 1 rich (cells of several values or kinds), 2 direct (every event its own cell), 4 all events have it,
//	         8 places as deltas (else as a bitmap)
//	kind     byte, when not rich
//	present  events that have it
//	cells    number of cells
//	places   of the present events
//	ids      one or two bytes each, low bytes first, when not direct and there is more than one cell
//	texts    plain: lengths, bytes; rich: per cell kind and number of values, then lengths, bytes of all
const (
	flagRich   = 1
	flagDirect = 2
	flagAll    = 4
	flagDeltas = 8
)

// Column is one decoded column. It is read-only and safe for concurrent use.
type Column struct {
	events int
	rows   []uint16     // events that have it, ascending; nil means all
	ids    []uint16     // cell of each of them; nil means cell i (direct) or, with one cell, that one
	kind   event.Kind   // of plain cells
	texts  []string     // values of all cells, joined
	starts []uint32     // rich: first text of each cell, and the end
	kinds  []event.Kind // rich
}

// decodeColumn reads what encode wrote.
func decodeColumn(raw []byte, events int) (*Column, error) {
	r := &reader{b: raw}
	c := &Column{events: events}
	flags := r.byte()
	if flags&flagRich == 0 {
		c.kind = event.Kind(r.byte())
	}
	present := r.count(events, "events")
	cells := r.count(present, "cells")
	if r.err == nil && (flags > 15 || cells == 0 != (present == 0) || flags&flagDirect != 0 && cells != present ||
		flags&flagAll != 0 && present != events || c.kind > event.KindBool) {
		r.fail("column head does not fit")
	}
	c.decodePlaces(r, flags, present)
	if flags&flagDirect == 0 && cells > 1 {
		c.decodeIDs(r, present, cells)
	}
	if flags&flagRich == 0 {
		c.texts = r.strings(cells)
	} else {
		c.decodeRich(r, cells)
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Column) decodePlaces(r *reader, flags byte, present int) {
	if r.err != nil || flags&flagAll != 0 {
		return
	}
	c.rows = make([]uint16, 0, present)
	if flags&flagDeltas != 0 {
		at := -1
		for range present {
			at += 1 + r.count(c.events, "events between")
			if at >= c.events || r.err != nil {
				r.fail("place outside the block")
				return
			}
			c.rows = append(c.rows, uint16(at))
		}
		return
	}
	for i, b := range r.take((c.events + 7) / 8) {
		for ; b != 0; b &= b - 1 {
			at := i*8 + trailing(b)
			if at >= c.events || len(c.rows) == present {
				r.fail("place outside the block")
				return
			}
			c.rows = append(c.rows, uint16(at))
		}
	}
	if len(c.rows) != present {
		r.fail("%d places for %d events", len(c.rows), present)
	}
}

func (c *Column) decodeIDs(r *reader, present, cells int) {
	low := r.take(present)
	var high []byte
	if cells > 256 {
		high = r.take(present)
	}
	if r.err != nil {
		return
	}
	c.ids = make([]uint16, present)
	for i := range c.ids {
		id := uint16(low[i])
		if high != nil {
			id |= uint16(high[i]) << 8
		}
		if int(id) >= cells {
			r.fail("cell %d of %d", id, cells)
			return
		}
		c.ids[i] = id
	}
}

func (c *Column) decodeRich(r *reader, cells int) {
	if cells > len(r.b) {
		r.fail("%d cells in %d bytes", cells, len(r.b))
		return
	}
	c.kinds = make([]event.Kind, cells)
	c.starts = make([]uint32, cells+1)
	total := 0
	for i := range cells {
		c.kinds[i] = event.Kind(r.byte())
		if c.kinds[i] > event.KindBool {
			r.fail("kind %d", c.kinds[i])
		}
		total += r.count(MaxValues, "values")
		c.starts[i+1] = uint32(total)
	}
	if r.err == nil {
		c.texts = r.strings(total)
	}
}

// Cells is the number of cells; direct columns may hold equal ones.
func (c *Column) Cells() int {
	if c.starts != nil {
		return len(c.kinds)
	}
	return len(c.texts)
}

// Values returns the values of one cell. Do not change them.
func (c *Column) Values(cell int) []string {
	if c.starts != nil {
		return c.texts[c.starts[cell]:c.starts[cell+1]:c.starts[cell+1]]
	}
	return c.texts[cell : cell+1 : cell+1]
}

// Kind returns the kind of one cell.
func (c *Column) Kind(cell int) event.Kind {
	if c.starts != nil {
		return c.kinds[cell]
	}
	return c.kind
}

// CellOf returns the cell of an event.
func (c *Column) CellOf(ev int) (cell int, ok bool) {
	i := ev
	if c.rows != nil {
		if i, ok = slices.BinarySearch(c.rows, uint16(ev)); !ok {
			return 0, false
		}
	}
	return c.cellAt(i), true
}

// Each calls f for every event that has the field, in block order, with its cell.
func (c *Column) Each(f func(ev, cell int)) {
	if c.rows == nil {
		for i := range c.events {
			f(i, c.cellAt(i))
		}
		return
	}
	for i, r := range c.rows {
		f(int(r), c.cellAt(i))
	}
}

func (c *Column) cellAt(i int) int {
	switch {
	case c.ids != nil:
		return int(c.ids[i])
	case c.Cells() == 1:
		return 0
	}
	return i
}

// Bytes estimates what the decoded column holds in memory.
func (c *Column) Bytes() int {
	n := 128 + 2*len(c.rows) + 2*len(c.ids) + 4*len(c.starts) + len(c.kinds)
	for _, t := range c.texts {
		n += 16 + len(t)
	}
	return n
}
