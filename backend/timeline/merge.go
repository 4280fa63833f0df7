package timeline

import (
	"container/heap"
	"sort"
)

// position is one row: of which block, and its place among the block's rows.
type position struct {
	block, row int
}

// rank counts the matching dated rows whose time is before at.
func (s *session) rank(a *answer, at int64) (int64, error) {
	var n int64
	for i, b := range s.cat.blocks {
		switch {
		case a.dated[i] == 0 || b.First >= at:
		case b.Last < at:
			n += int64(a.dated[i])
		default:
			row, err := s.rowAt(b, at)
			if err != nil {
				return 0, err
			}
			n += int64(a.sets[i].below(row))
		}
	}
	return n, nil
}

// rowAt is the first dated row of a block at or after a time.
func (s *session) rowAt(b *blk, at int64) (int, error) {
	t, err := s.times(b)
	if err != nil {
		return 0, err
	}
	list := t.Order().At
	return sort.Search(len(list), func(i int) bool { return list[i] >= at }), nil
}

// timeOfRank finds the time of the k-th matching dated row (from 0), by halving the span of time.
func (s *session) timeOfRank(a *answer, k int64) (int64, error) {
	lo, hi := int64(1<<63-1), int64(-1<<63)
	for i, b := range s.cat.blocks {
		if a.dated[i] > 0 {
			lo, hi = min(lo, b.First), max(hi, b.Last)
		}
	}
	// Invariant: rank(lo) <= k < rank(hi+1).
	for lo < hi {
		mid := lo + int64((uint64(hi)-uint64(lo))/2) + 1
		n, err := s.rank(a, mid)
		if err != nil {
			return 0, err
		}
		if n <= k {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo, nil
}

// merger walks the matching dated rows of all blocks in order of time. Blocks are opened when their first time comes.
type merger struct {
	s      *session
	a      *answer
	from   int64
	opened int // of cat.byFirst
	heap   cursors
}

type cursor struct {
	at    int64
	block int
	row   int
	order []int64
}

type cursors []*cursor

func (c cursors) Len() int { return len(c) }
func (c cursors) Less(i, j int) bool {
	if c[i].at != c[j].at {
		return c[i].at < c[j].at
	}
	return c[i].block < c[j].block
}
func (c cursors) Swap(i, j int) { c[i], c[j] = c[j], c[i] }

// Push is for container/heap.
func (c *cursors) Push(x any) { *c = append(*c, x.(*cursor)) }

// Pop is for container/heap.
func (c *cursors) Pop() any {
	old := *c
	x := old[len(old)-1]
	*c = old[:len(old)-1]
	return x
}

// merge starts at the first matching row whose time is not before from.
func (s *session) merge(a *answer, from int64) *merger { return &merger{s: s, a: a, from: from} }

// open pushes the blocks that may hold the next row.
func (m *merger) open() error {
	for ; m.opened < len(m.s.cat.byFirst); m.opened++ {
		i := m.s.cat.byFirst[m.opened]
		b := m.s.cat.blocks[i]
		if len(m.heap) > 0 && b.First > m.heap[0].at {
			return nil
		}
		if m.a.dated[i] == 0 || b.Last < m.from {
			continue
		}
		t, err := m.s.times(b)
		if err != nil {
			return err
		}
		c := &cursor{block: i, order: t.Order().At}
		start := sort.Search(len(c.order), func(i int) bool { return c.order[i] >= m.from })
		if c.row = m.a.sets[i].next(start, len(c.order)); c.row < len(c.order) {
			c.at = c.order[c.row]
			heap.Push(&m.heap, c)
		}
	}
	return nil
}

// next gives the next row; ok is false at the end of the dated rows.
func (m *merger) next() (p position, ok bool, err error) {
	if err := m.open(); err != nil || len(m.heap) == 0 {
		return p, false, err
	}
	c := m.heap[0]
	p = position{c.block, c.row}
	if c.row = m.a.sets[c.block].next(c.row+1, len(c.order)); c.row < len(c.order) {
		c.at = c.order[c.row]
		heap.Fix(&m.heap, 0)
	} else {
		heap.Pop(&m.heap)
	}
	return p, true, nil
}

// datedRange gives the matching dated rows from rank first on, n of them, in order of time.
func (s *session) datedRange(a *answer, first int64, n int) ([]position, error) {
	if n == 0 {
		return nil, nil
	}
	at, err := s.timeOfRank(a, first)
	if err != nil {
		return nil, err
	}
	before, err := s.rank(a, at)
	if err != nil {
		return nil, err
	}
	m := s.merge(a, at)
	out := make([]position, 0, n)
	for skip := first - before; len(out) < n; {
		p, ok, err := m.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if skip > 0 {
			skip--
			continue
		}
		out = append(out, p)
	}
	return out, nil
}

// undatedRange gives the matching undated rows, from the first-th on, n of them, in the order of sources and places.
func (s *session) undatedRange(a *answer, first int64, n int) []position {
	var out []position
	for i, b := range s.cat.blocks {
		if a.undated[i] == 0 || len(out) == n {
			continue
		}
		if first >= int64(a.undated[i]) {
			first -= int64(a.undated[i])
			continue
		}
		for row := a.sets[i].next(b.Dated, b.Rows); row < b.Rows && len(out) < n; row = a.sets[i].next(row+1, b.Rows) {
			if first > 0 {
				first--
				continue
			}
			out = append(out, position{i, row})
		}
	}
	return out
}
