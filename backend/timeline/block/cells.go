package block

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"strings"

	"adjutant/backend/event"
)

// columnBuilder collects one field over the events of a block and gives each distinct cell a number, in order of first
// use. It is used again for the next block that has the field.
//
// Many values are those of the event before, so that one is looked at first. Others are found in a table of our own, seeded anew in each process, so that no file can be made whose values all meet
// in one slot. Where nearly every event has a value of its own, as with ids, looking is given up: such a column is written
// event by event anyway, and may hold equal cells.
type columnBuilder struct {
	name string
	kind event.Kind // of plain cells: that of the first event

	rows  []uint16 // events that have it, ascending
	ids   []uint16 // cell of each of them
	moved bool     // events were put into another order since: cells are not in that of their first use

	// Values are copied: what comes after reads them one after the other instead of all over the memory of the events.
	text   []byte       // of the values of all cells, joined
	ends   []uint32     // by value: where it ends in text; a plain column has one value a cell
	starts []uint32     // rich: first value of each cell, and the end
	kinds  []event.Kind // rich
	uses   []uint32     // events per cell
	rich   bool         // some cell has several values, none, or another kind

	last           int // the last cell of one value; -1
	lastAt, lastTo int // its value in text

	loose bool // nearly every event has a value of its own: that is no longer looked for

	slots []uint32 // tag<<14 | cell+1; the tag's low bits say where a cell belongs

	next, other *columnBuilder // columns that followed this one in the last events: the next will be one of them
}

const (
	looseAfter = 1024 // events, a power of two

	cellBits = 14 // MaxEvents cells, and none
	cellMask = 1<<cellBits - 1
)

var tableSeed = maphash.MakeSeed()

func newColumnBuilder(name string) *columnBuilder {
	return &columnBuilder{name: strings.Clone(name), last: -1} // it outlives the events
}

// reset forgets the block, and with it the events.
func (c *columnBuilder) reset() {
	clear(c.slots)
	c.rows, c.ids, c.text, c.ends, c.uses = c.rows[:0], c.ids[:0], c.text[:0], c.ends[:0], c.uses[:0]
	c.starts, c.kinds, c.rich = c.starts[:0], c.kinds[:0], false
	c.last, c.moved, c.loose = -1, false, false
}

// cells is the number of cells, distinct ones unless loose.
func (c *columnBuilder) cells() int { return len(c.uses) }

// cell gives the numbers of a cell's values: from, and below to.
func (c *columnBuilder) cell(id int) (from, to int) {
	if c.rich {
		return int(c.starts[id]), int(c.starts[id+1])
	}
	return id, id + 1
}

// first is the first value of a cell.
func (c *columnBuilder) first(id int) int {
	if c.rich {
		return int(c.starts[id])
	}
	return id
}

// value gives a value's text.
func (c *columnBuilder) value(i int) []byte {
	if i == 0 {
		return c.text[:c.ends[0]]
	}
	return c.text[c.ends[i-1]:c.ends[i]]
}

func (c *columnBuilder) length(i int) int {
	if i == 0 {
		return int(c.ends[0])
	}
	return int(c.ends[i] - c.ends[i-1])
}

func (c *columnBuilder) keep(v string) {
	c.text = append(c.text, v...)
	c.ends = append(c.ends, uint32(len(c.text)))
}

func (c *columnBuilder) add(row int, f *event.Field) {
	if len(c.rows) == 0 {
		c.kind = f.Kind
	}
	if len(f.Values) != 1 || f.Kind != c.kind {
		c.place(row, c.richID(f))
		return
	}
	c.addPlain(row, f.Values[0])
}

// addPlain adds a cell of one value of the column's kind.
func (c *columnBuilder) addPlain(row int, v string) {
	if c.last < 0 || len(v) != c.lastTo-c.lastAt || string(c.text[c.lastAt:c.lastTo]) != v {
		switch {
		case c.rich:
			c.last = int(c.find(maphash.String(tableSeed, v), c.kind, []string{v}))
		case c.loose:
			c.last = len(c.uses)
			c.keep(v)
			c.uses = append(c.uses, 0)
		default:
			c.last = int(c.findPlain(v))
			if rows := len(c.rows); rows&(looseAfter-1) == looseAfter-1 {
				c.loose = 16*len(c.uses) >= 15*rows
			}
		}
		c.lastTo = int(c.ends[c.first(c.last)])
		c.lastAt = c.lastTo - len(v)
	}
	c.place(row, uint16(c.last))
}

func (c *columnBuilder) place(row int, id uint16) {
	c.uses[id]++
	c.rows = append(c.rows, uint16(row))
	c.ids = append(c.ids, id)
}

// findPlain is find for columns of plain cells only.
func (c *columnBuilder) findPlain(v string) uint16 {
	if 2*len(c.uses) >= len(c.slots) {
		c.grow()
	}
	tag := uint32(maphash.String(tableSeed, v) >> 46)
	mask := uint32(len(c.slots) - 1)
	for i := tag & mask; ; i = (i + 1) & mask {
		s := c.slots[i]
		if s == 0 {
			c.slots[i] = tag<<cellBits | uint32(len(c.uses)+1)
			c.keep(v)
			c.uses = append(c.uses, 0)
			return uint16(len(c.uses) - 1)
		}
		if id := int(s&cellMask) - 1; s>>cellBits == tag && string(c.value(id)) == v {
			return uint16(id)
		}
	}
}

func (c *columnBuilder) richID(f *event.Field) uint16 {
	if !c.rich {
		c.rich = true
		for i := range c.uses {
			c.starts = append(c.starts, uint32(i))
			c.kinds = append(c.kinds, c.kind)
		}
		c.starts = append(c.starts, uint32(len(c.uses)))
	}
	h := uint64(f.Kind) + 1
	for _, v := range f.Values {
		h = (h ^ maphash.String(tableSeed, v)) * 0x9e3779b97f4a7c15
	}
	return c.find(h, f.Kind, f.Values)
}

// find gives the number of a cell in a rich column, a new one when it was not there.
func (c *columnBuilder) find(h uint64, kind event.Kind, values []string) uint16 {
	if 2*len(c.uses) >= len(c.slots) {
		c.grow()
	}
	tag := uint32(h >> 46)
	mask := uint32(len(c.slots) - 1)
	for i := tag & mask; ; i = (i + 1) & mask {
		s := c.slots[i]
		if s == 0 {
			c.slots[i] = tag<<cellBits | uint32(len(c.uses)+1)
			for _, v := range values {
				c.keep(v)
			}
			c.starts = append(c.starts, uint32(len(c.ends)))
			c.kinds = append(c.kinds, kind)
			c.uses = append(c.uses, 0)
			return uint16(len(c.uses) - 1)
		}
		if id := int(s&cellMask) - 1; s>>cellBits == tag && c.kinds[id] == kind && c.holds(id, values) {
			return uint16(id)
		}
	}
}

// holds says whether a cell has exactly these values.
func (c *columnBuilder) holds(id int, values []string) bool {
	from, to := c.cell(id)
	if to-from != len(values) {
		return false
	}
	for i, v := range values {
		if string(c.value(from+i)) != v {
			return false
		}
	}
	return true
}

// grow makes the table larger: half of it at least stays empty.
func (c *columnBuilder) grow() {
	old := c.slots
	c.slots = make([]uint32, max(16, 4*len(old)))
	mask := uint32(len(c.slots) - 1)
	for _, s := range old {
		if s == 0 {
			continue
		}
		i := s >> cellBits & mask
		for c.slots[i] != 0 {
			i = (i + 1) & mask
		}
		c.slots[i] = s
	}
}

// move puts the events into another order: rank says where each stands now.
func (c *columnBuilder) move(rank []uint16, scratch []uint32) []uint32 {
	c.moved = true
	scratch = scratch[:0]
	if len(c.rows) < len(rank)/8 {
		for i, row := range c.rows {
			scratch = append(scratch, uint32(rank[row])<<16|uint32(c.ids[i]))
		}
		slices.Sort(scratch)
		for i, s := range scratch {
			c.rows[i], c.ids[i] = uint16(s>>16), uint16(s)
		}
		return scratch
	}
	scratch = append(scratch, make([]uint32, len(rank))...) // by place: cell+1
	for i, row := range c.rows {
		scratch[rank[row]] = uint32(c.ids[i]) + 1
	}
	i := 0
	for at, s := range scratch {
		if s != 0 {
			c.rows[i], c.ids[i] = uint16(at), uint16(s-1)
			i++
		}
	}
	return scratch
}

// encode writes the column's content.
func (c *columnBuilder) encode(dst []byte, events int) []byte {
	cells := c.cells()
	direct := (cells > len(c.rows)/2 || c.loose) && cells > 1
	list := c.ids // cells in the order in which they are written; nil: by number
	if direct {
		if cells == len(c.rows) && !c.moved {
			list = nil
		}
		cells = len(c.rows)
	} else {
		list = nil
	}
	var flags byte
	if c.rich {
		flags |= flagRich
	}
	if direct {
		flags |= flagDirect
	}
	if len(c.rows) == events {
		flags |= flagAll
	} else if len(c.rows) < events/8 {
		flags |= flagDeltas
	}
	dst = append(dst, flags)
	if !c.rich {
		dst = append(dst, byte(c.kind))
	}
	dst = binary.AppendUvarint(dst, uint64(len(c.rows)))
	dst = binary.AppendUvarint(dst, uint64(cells))
	dst = c.encodePlaces(dst, flags, events)
	if !direct && cells > 1 {
		dst = slices.Grow(dst, 2*len(c.ids))
		for _, id := range c.ids {
			dst = append(dst, byte(id))
		}
		if cells > 256 {
			for _, id := range c.ids {
				dst = append(dst, byte(id>>8))
			}
		}
	}
	return c.encodeCells(dst, list)
}

func (c *columnBuilder) encodePlaces(dst []byte, flags byte, events int) []byte {
	switch {
	case flags&flagAll != 0:
	case flags&flagDeltas != 0:
		last := -1
		for _, r := range c.rows {
			dst = binary.AppendUvarint(dst, uint64(int(r)-last-1))
			last = int(r)
		}
	default:
		at := len(dst)
		dst = append(dst, make([]byte, (events+7)/8)...)
		for _, r := range c.rows {
			dst[at+int(r)/8] |= 1 << (r % 8)
		}
	}
	return dst
}

// encodeCells writes the cells that list names, or all.
func (c *columnBuilder) encodeCells(dst []byte, list []uint16) []byte {
	if list == nil {
		if c.rich {
			for id, kind := range c.kinds {
				dst = append(dst, byte(kind))
				dst = binary.AppendUvarint(dst, uint64(c.starts[id+1]-c.starts[id]))
			}
		}
		dst = slices.Grow(dst, len(c.ends)+len(c.text))
		for i := range c.ends {
			dst = binary.AppendUvarint(dst, uint64(c.length(i)))
		}
		return append(dst, c.text...)
	}
	if c.rich {
		for _, id := range list {
			dst = append(dst, byte(c.kinds[id]))
			dst = binary.AppendUvarint(dst, uint64(c.starts[id+1]-c.starts[id]))
		}
	}
	for _, id := range list {
		for i, to := c.cell(int(id)); i < to; i++ {
			dst = binary.AppendUvarint(dst, uint64(c.length(i)))
		}
	}
	for _, id := range list {
		for i, to := c.cell(int(id)); i < to; i++ {
			dst = append(dst, c.value(i)...)
		}
	}
	return dst
}
