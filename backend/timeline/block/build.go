package block

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/FastFilter/xorfilter"
	"github.com/cespare/xxhash/v2"

	"adjutant/backend/event"
)

// Builder takes events in one by one and encodes them as a block, one block after the other in the same memory. Its zero
// value is ready. It may go from goroutine to goroutine, and holds nothing of an event after Add.
type Builder struct {
	events  int
	columns map[string]*columnBuilder // of this block and earlier ones
	before  columnBuilder             // stands before the first column of each event
	path    *columnBuilder
	order   []*columnBuilder // of this block; by name, once it is encoded
	times   timesBuilder
	places  locatorsBuilder
	hash    hasher

	tokens tokenTable
	keys   []uint64 // for the filter
	fuse   xorfilter.BinaryFuseBuilder
	bits   []uint64 // of all postings
	lists  []posting

	rows, rank []uint16 // which event stands where, and the inverse
	moves      []uint32

	parts [][]byte
	raw   []byte
}

// Add takes in one of at most MaxEvents events of one evidence item and parser; it must pass Check. The event is only
// read, and the caller may use its memory again afterwards.
func (b *Builder) Add(e *event.Event) error {
	if b.events == MaxEvents {
		return fmt.Errorf("block: more than %d events", MaxEvents)
	}
	if b.columns == nil {
		b.columns = map[string]*columnBuilder{}
		b.path = newColumnBuilder(colPath)
	}
	row := b.events
	b.events++
	if row == 0 {
		b.order = append(b.order, b.path)
	}
	c := &b.before
	for i := range e.Fields {
		f := &e.Fields[i]
		c = b.after(c, f.Name)
		if len(c.rows) == 0 {
			b.order = append(b.order, c)
		}
		c.add(row, f)
	}
	b.path.addPlain(row, e.Path)
	b.times.add(e.Times)
	b.places.add(&e.Locator)
	b.keys = append(b.keys, IDKey(b.hash.id(e)))
	return nil
}

// Events is the number of events taken in.
func (b *Builder) Events() int { return b.events }

// Full says that the next event may have more new names than the block has room for.
func (b *Builder) Full() bool { return len(b.order) > maxColumns-event.FitFields-ownColumns }

// ByPlace gives the events, numbered as they came, in the order in which they stand in the source (ByPlace).
func (b *Builder) ByPlace() []int {
	list := make([]int, b.events)
	for i := range list {
		list[i] = i
	}
	if !b.places.placed {
		slices.SortStableFunc(list, b.places.compare)
	}
	return list
}

// Encode makes the block and begins the next one. What it returns is valid until the next call.
func (b *Builder) Encode() (*Encoded, error) {
	defer b.reset()
	if b.events == 0 {
		return nil, fmt.Errorf("block: no events")
	}
	b.arrange()
	h := b.head()
	b.packColumns(h)
	b.tokenise()
	b.parts[PartFilter] = b.filter(b.parts[PartFilter])
	b.parts[PartPostings] = b.postings(b.parts[PartPostings])
	h.Parts = len(b.parts)
	if h.Parts > maxParts {
		return nil, fmt.Errorf("block: %d parts, at most %d", h.Parts, maxParts)
	}
	return &Encoded{Header: h.encode(), Parts: b.parts}, nil
}

// reset forgets the events; memory that one strange block has needed is not kept for all that follow.
func (b *Builder) reset() {
	b.events = 0
	text := cap(b.raw) + cap(b.tokens.text) + cap(b.times.text) + cap(b.places.text)
	for _, c := range b.order {
		text += cap(c.text)
		c.reset()
	}
	clear(b.order)
	b.order = b.order[:0]
	b.tokens.reset()
	b.times.reset()
	b.places.reset()
	clear(b.lists)
	b.lists, b.keys = b.lists[:0], b.keys[:0]
	if len(b.columns) > keptColumns || cap(b.tokens.list) > keptTokens || cap(b.times.at) > keptTimes || text > keptText {
		*b = Builder{parts: b.parts} // which the caller still reads
	}
}

// arrange puts events into block order (by primary time, undated last, ties by place in the source) and columns into that
// of their names. Sources are in order as a rule, so that is looked at first.
func (b *Builder) arrange() {
	slices.SortFunc(b.order, func(x, y *columnBuilder) int { return strings.Compare(x.name, y.name) })
	b.rows = b.rows[:0]
	inOrder := true
	for i := range b.events {
		b.rows = append(b.rows, uint16(i))
		inOrder = inOrder && (i == 0 || b.compare(uint16(i-1), uint16(i)) <= 0)
	}
	if inOrder {
		return
	}
	slices.SortStableFunc(b.rows, b.compare)
	b.rank = append(b.rank[:0], b.rows...)
	for at, ev := range b.rows {
		b.rank[ev] = uint16(at)
	}
	for _, c := range b.order {
		b.moves = c.move(b.rank, b.moves)
	}
}

func (b *Builder) compare(x, y uint16) int {
	if c := cmp.Compare(b.times.primary(int(x)), b.times.primary(int(y))); c != 0 {
		return c
	}
	from, to := b.times.of(int(x))
	from2, to2 := b.times.of(int(y))
	if n, m := to-from, to2-from2; n != m && (n == 0 || m == 0) {
		return m - n
	}
	return b.places.compare(int(x), int(y))
}

// after finds the column of a field that follows another one: nearly always one of the two that did so before.
func (b *Builder) after(c *columnBuilder, name string) *columnBuilder {
	if c.next != nil && c.next.name == name {
		return c.next
	}
	if c.other != nil && c.other.name == name {
		c.next, c.other = c.other, c.next
		return c.next
	}
	found := b.columns[name]
	if found == nil {
		found = newColumnBuilder(name)
		b.columns[found.name] = found
	}
	c.next, c.other = found, c.next
	return found
}

func (b *Builder) head() *Header {
	h := &Header{Events: b.events, Dated: len(b.times.at), Rows: len(b.times.at)}
	for ev := range b.events {
		if from, to := b.times.of(ev); from == to {
			h.Rows++
		}
	}
	if h.Dated > 0 {
		h.First, h.Last = slices.Min(b.times.at), slices.Max(b.times.at)
	}
	return h
}

// part gives the i-th part, empty, in memory of an earlier block where there is some.
func (b *Builder) part(i int) {
	if i < cap(b.parts) {
		b.parts = b.parts[:i+1]
		b.parts[i] = b.parts[i][:0]
	} else {
		b.parts = append(b.parts, nil)
	}
}

// packColumns encodes all columns into parts and lists them in the header, by name.
func (b *Builder) packColumns(h *Header) {
	b.parts = b.parts[:0]
	for i := range partRest {
		b.part(i)
	}
	put := func(info ColumnInfo, raw []byte) {
		b.raw = raw
		info.Part = PartHot
		if info.Name != colTimes && !hot[info.Name] {
			if last := len(b.parts) - 1; last < partRest || len(b.parts[last]) > packBytes {
				b.part(last + 1)
			}
			info.Part = len(b.parts) - 1
		}
		at := len(b.parts[info.Part])
		b.parts[info.Part] = pack(b.parts[info.Part], raw)
		info.offset, info.length = uint32(at), uint32(len(b.parts[info.Part])-at)
		h.Columns = append(h.Columns, info)
	}
	put(ColumnInfo{Name: colTimes, Present: h.Events}, b.times.encode(b.raw[:0], b.rows))
	put(ColumnInfo{Name: colLocator, Present: h.Events}, b.places.encode(b.raw[:0], b.rows))
	put(ColumnInfo{Name: colOriginal, Present: h.Events}, b.times.encodeOriginals(b.raw[:0], b.rows))
	for _, c := range b.order {
		info := ColumnInfo{Name: c.name, Present: len(c.rows), Cells: c.cells(), InFilter: c.cells() <= filterDistinct}
		put(info, c.encode(b.raw[:0], h.Events))
	}
	slices.SortFunc(h.Columns, func(x, y ColumnInfo) int { return strings.Compare(x.Name, y.Name) })
}

// tokenise cuts each distinct value once into tokens, and gathers the filter's keys.
func (b *Builder) tokenise() {
	t := &b.tokens
	for _, c := range b.order {
		if c == b.path {
			continue
		}
		pairs, key := c.cells() <= filterDistinct, fieldKey(c.name)
		for id, uses := range c.uses {
			t.begin()
			for i, to := c.cell(id); i < to; i++ {
				folded := t.take(c.value(i), uses)
				if pairs {
					b.keys = append(b.keys, key^xxhash.Sum64(folded))
				}
			}
			t.end()
		}
	}
}

func (b *Builder) filter(dst []byte) []byte {
	if b.tokens.tooMany {
		return dst
	}
	b.keys = b.tokens.keys(b.keys)
	return encodeFilter(dst, &b.fuse, b.keys)
}

// postings gathers the events of frequent tokens from the cells that hold them.
func (b *Builder) postings(dst []byte) []byte {
	t := &b.tokens
	if t.tooMany {
		return dst
	}
	often := t.often()
	words := (b.events + 63) / 64
	b.bits = append(b.bits[:0], make([]uint64, len(often)*words)...)
	cell, at := 0, uint32(0)
	for _, c := range b.order {
		if c == b.path {
			continue
		}
		at = b.markColumn(c, t.ends[cell:cell+c.cells()], at, words)
		cell += c.cells()
	}
	for i, n := range often {
		if in := Bits(b.bits[i*words : (i+1)*words]); in.Count() >= frequent {
			text := t.textOf(&t.list[n])
			b.lists = append(b.lists, posting{key: xxhash.Sum64(text), token: text, in: in})
		}
	}
	return encodePostings(dst, b.lists, b.events)
}

// markColumn sets the events of the lists in one column. ends are those of its cells, from is where their tokens begin;
// it returns where they end.
func (b *Builder) markColumn(c *columnBuilder, ends []uint32, from uint32, words int) uint32 {
	t := &b.tokens
	some := false
	kept := b.tokens.kept[:0] // where the lists of each cell begin and end in held
	at := from
	for _, end := range ends {
		to := at
		for _, n := range t.held[at:end] {
			if list := t.list[n].list; list >= 0 {
				t.held[to] = uint32(list)
				to++
				some = true
			}
		}
		kept = append(kept, [2]uint32{at, to})
		at = end
	}
	b.tokens.kept = kept
	if !some {
		return at
	}
	for i, row := range c.rows {
		cell := kept[c.ids[i]]
		for _, list := range t.held[cell[0]:cell[1]] {
			b.bits[int(list)*words+int(row)>>6] |= 1 << (row & 63)
		}
	}
	return at
}
