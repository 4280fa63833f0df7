package block

import (
	"fmt"
	"slices"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/timeline/query"
)

// Build encodes 1 to MaxEvents events of one evidence item and parser; all must pass Check. The events are read only.
func Build(events []*event.Event) (*Encoded, error) {
	if len(events) == 0 || len(events) > MaxEvents {
		return nil, fmt.Errorf("block: build of %d events, 1 to %d can be", len(events), MaxEvents)
	}
	events = sorted(events)
	b := &builder{events: events, columns: map[string]*columnBuilder{}, tokens: map[string]uint32{}}
	b.collect()
	h := b.head()
	out := &Encoded{}
	out.Parts = b.packColumns(h)
	b.tokenise()
	out.Parts[PartFilter] = b.filter()
	out.Parts[PartPostings] = b.postings()
	h.Parts = len(out.Parts)
	if h.Parts > maxParts {
		return nil, fmt.Errorf("block: %d parts, at most %d", h.Parts, maxParts)
	}
	out.Header = h.encode()
	return out, nil
}

type builder struct {
	events  []*event.Event
	columns map[string]*columnBuilder
	order   []*columnBuilder // by name, ours too
	shape   []*columnBuilder // columns of the event before, in its order: most events look like it

	tokens     map[string]uint32 // folded token -> number
	uses       []uint32          // by number: events, counted once per column
	cellTokens [][][]uint32      // by column, by cell: numbers of its tokens
	keys       []uint64          // for the filter
	tooMany    bool              // tokens
}

// collect fills one column builder per field.
func (b *builder) collect() {
	for row, e := range b.events {
		for i := range e.Fields {
			f := &e.Fields[i]
			var c *columnBuilder
			if i < len(b.shape) && b.shape[i].name == f.Name {
				c = b.shape[i]
			} else {
				if c = b.columns[f.Name]; c == nil {
					c = newColumnBuilder(f.Name)
					b.columns[f.Name] = c
				}
				if i < len(b.shape) {
					b.shape[i] = c
				} else if i == len(b.shape) {
					b.shape = append(b.shape, c)
				}
			}
			c.add(row, f)
		}
	}
	path := newColumnBuilder(colPath)
	for row, e := range b.events {
		path.add(row, &event.Field{Values: []string{e.Path}})
	}
	b.columns[colPath] = path
	for _, c := range b.columns {
		b.order = append(b.order, c)
	}
	slices.SortFunc(b.order, func(x, y *columnBuilder) int { return strings.Compare(x.name, y.name) })
}

func (b *builder) head() *Header {
	h := &Header{Events: len(b.events)}
	for _, e := range b.events {
		h.Rows += max(1, len(e.Times))
		for i := range e.Times {
			at := Ticks(e.Times[i].At)
			if h.Dated == 0 || at < h.First {
				h.First = at
			}
			if h.Dated == 0 || at > h.Last {
				h.Last = at
			}
			h.Dated++
		}
	}
	return h
}

// packColumns encodes all columns into parts and lists them in the header, by name.
func (b *builder) packColumns(h *Header) [][]byte {
	parts := make([][]byte, partRest)
	put := func(info ColumnInfo, raw []byte) {
		info.Part = PartHot
		if info.Name != colTimes && !hot[info.Name] {
			if len(parts) == partRest || len(parts[len(parts)-1]) > packBytes {
				parts = append(parts, nil)
			}
			info.Part = len(parts) - 1
		}
		at := len(parts[info.Part])
		parts[info.Part] = pack(parts[info.Part], raw)
		info.offset, info.length = uint32(at), uint32(len(parts[info.Part])-at)
		h.Columns = append(h.Columns, info)
	}
	put(ColumnInfo{Name: colTimes, Present: h.Events}, encodeTimes(nil, b.events))
	put(ColumnInfo{Name: colLocator, Present: h.Events}, encodeLocators(nil, b.events))
	put(ColumnInfo{Name: colOriginal, Present: h.Events}, encodeOriginals(nil, b.events))
	var raw []byte
	for _, c := range b.order {
		raw = c.encode(raw[:0], h.Events)
		put(ColumnInfo{Name: c.name, Present: len(c.rows), Cells: len(c.cells), InFilter: len(c.cells) <= filterDistinct}, raw)
	}
	slices.SortFunc(h.Columns, func(x, y ColumnInfo) int { return strings.Compare(x.Name, y.Name) })
	return parts
}

// tokenise cuts each distinct value once into tokens, and gathers the filter's keys.
func (b *builder) tokenise() {
	b.cellTokens = make([][][]uint32, len(b.order))
	for k, c := range b.order {
		if c.name == colPath {
			continue
		}
		pairs := len(c.cells) <= filterDistinct
		b.cellTokens[k] = make([][]uint32, len(c.cells))
		for i, cell := range c.cells {
			for _, v := range cell.Values {
				folded := query.Fold(v)
				if pairs {
					b.keys = append(b.keys, ValueKey(c.name, folded))
				}
				if b.tooMany {
					continue
				}
				b.cellTokens[k][i] = b.take(b.cellTokens[k][i], folded, c.uses[i])
			}
		}
	}
	var h hasher
	for _, e := range b.events {
		b.keys = append(b.keys, IDKey(h.id(e)))
	}
}

// take counts the tokens of one value and appends the numbers of those new in its cell.
func (b *builder) take(list []uint32, folded string, uses uint32) []uint32 {
	query.EachToken(folded, func(t string) {
		n, ok := b.tokens[t]
		if !ok {
			if len(b.uses) >= maxTokens {
				b.tooMany = true
				return
			}
			n = uint32(len(b.uses))
			b.tokens[t] = n
			b.uses = append(b.uses, 0)
		}
		if len(list) < 64 && slices.Contains(list, n) {
			return
		}
		b.uses[n] += uses
		list = append(list, n)
	})
	return list
}

func (b *builder) filter() []byte {
	if b.tooMany {
		return nil
	}
	for t := range b.tokens {
		b.keys = append(b.keys, TokenKey(t))
	}
	slices.Sort(b.keys)
	return encodeFilter(slices.Compact(b.keys))
}

// postings gathers the events of frequent tokens from the cells that hold them.
func (b *builder) postings() []byte {
	if b.tooMany {
		return nil
	}
	var often []string
	for t, n := range b.tokens {
		if b.uses[n] >= frequent {
			often = append(often, t)
		}
	}
	slices.Sort(often)
	often = keepMostFrequent(often, func(t string) uint32 { return b.uses[b.tokens[t]] })
	in := make([]Bits, len(b.uses))
	for _, t := range often {
		in[b.tokens[t]] = NewBits(len(b.events))
	}
	for k, c := range b.order {
		b.markColumn(c, b.cellTokens[k], in)
	}
	var list []posting
	for _, t := range often {
		if x := in[b.tokens[t]]; x.Count() >= frequent {
			list = append(list, posting{token: t, in: x})
		}
	}
	return encodePostings(list, len(b.events))
}

func (b *builder) markColumn(c *columnBuilder, cells [][]uint32, in []Bits) {
	if cells == nil {
		return
	}
	some := false
	for i, list := range cells {
		kept := list[:0]
		for _, n := range list {
			if in[n] != nil {
				kept = append(kept, n)
			}
		}
		cells[i] = kept
		some = some || len(kept) > 0
	}
	if !some {
		return
	}
	for i, row := range c.rows {
		for _, n := range cells[c.ids[i]] {
			in[n].Set(int(row))
		}
	}
}
