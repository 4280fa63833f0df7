package timeline

import (
	"errors"

	"adjutant/backend/event"
	"adjutant/backend/store"
	"adjutant/backend/timeline/block"
)

// part reads one part of a block. Only filter and postings may be absent: they are when they would be empty.
func (s *session) part(b *blk, n int) ([]byte, error) {
	if n < 0 {
		return nil, b.damage(block.ErrDamaged)
	}
	raw, err := s.tx.Get(partKey(b.src.imp, b.no, uint16(n)))
	if errors.Is(err, store.ErrNotFound) && (n == block.PartFilter || n == block.PartPostings) {
		return nil, nil
	}
	if err != nil {
		return nil, b.damage(err)
	}
	return raw, nil
}

// load decodes something of a block through the cache.
func load[T sized](s *session, c *cache, b *blk, what kind, column, part int, decode func(raw []byte) (T, error)) (T, error) {
	return cached(c, cacheKey{b.src.imp, b.no, what, column}, func() (T, error) {
		raw, err := s.part(b, part)
		if err != nil {
			var zero T
			return zero, err
		}
		v, err := decode(raw)
		if err != nil {
			return v, b.damage(err)
		}
		return v, nil
	})
}

func (s *session) times(b *blk) (*block.Times, error) {
	return load(s, s.t.cache, b, kindTimes, 0, block.PartHot, b.Times)
}

func (s *session) locators(b *blk) (*block.Locators, error) {
	return load(s, s.t.cache, b, kindLocators, 0, b.PartOfLocators(), b.Locators)
}

func (s *session) originals(b *blk) (*block.Originals, error) {
	t, err := s.times(b)
	if err != nil {
		return nil, err
	}
	return load(s, s.t.cache, b, kindOriginals, 0, b.PartOfOriginals(), func(raw []byte) (*block.Originals, error) {
		return b.Originals(raw, t)
	})
}

func (s *session) filter(b *blk) (*block.Filter, error) {
	return load(s, s.t.filters, b, kindFilter, 0, block.PartFilter, block.DecodeFilter)
}

func (s *session) postings(b *blk) (*block.Postings, error) {
	return load(s, s.t.filters, b, kindPostings, 0, block.PartPostings, func(raw []byte) (*block.Postings, error) {
		return block.DecodePostings(raw, b.Events)
	})
}

// column decodes the i-th column of a block.
func (s *session) column(b *blk, i int) (*block.Column, error) {
	c := &b.Columns[i]
	return load(s, s.t.cache, b, kindColumn, i, c.Part, func(raw []byte) (*block.Column, error) {
		return b.Field(c, raw)
	})
}

// field decodes a column by name; nil when no event of the block has it.
func (s *session) field(b *blk, name string) (*block.Column, error) {
	i, ok := columnIndex(b, name)
	if !ok {
		return nil, nil
	}
	return s.column(b, i)
}

func columnIndex(b *blk, name string) (int, bool) {
	lo, hi := 0, len(b.Columns)
	for lo < hi {
		mid := (lo + hi) / 2
		if b.Columns[mid].Name < name {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(b.Columns) && b.Columns[lo].Name == name
}

// ids are the event ids of a block.
type ids []block.RawID

// Bytes is what they hold in memory.
func (x ids) Bytes() int { return 16 * len(x) }

func (s *session) ids(b *blk) (ids, error) {
	return cached(s.t.cache, cacheKey{b.src.imp, b.no, kindIDs, 0}, func() (ids, error) {
		l, err := s.locators(b)
		if err != nil {
			return nil, err
		}
		return l.IDs(b.src.Evidence, b.src.Parser), nil
	})
}

// assemble rebuilds events of a block, in the order asked for.
func (s *session) assemble(b *blk, evs []int) ([]*event.Event, error) {
	times, err := s.times(b)
	if err != nil {
		return nil, err
	}
	originals, err := s.originals(b)
	if err != nil {
		return nil, err
	}
	locators, err := s.locators(b)
	if err != nil {
		return nil, err
	}
	path, err := s.field(b, block.ColPath)
	if err != nil {
		return nil, err
	}
	if path == nil {
		return nil, b.damage(block.ErrDamaged)
	}
	columns := make([]block.NamedColumn, 0, len(b.Columns))
	for i := range b.Columns {
		if !b.Columns[i].IsField() {
			continue
		}
		c, err := s.column(b, i)
		if err != nil {
			return nil, err
		}
		columns = append(columns, block.NamedColumn{Name: b.Columns[i].Name, Column: c})
	}
	base := event.Event{Evidence: b.src.Evidence, Parser: b.src.Parser, Version: b.src.manifest.Version}
	return block.Assemble(evs, base, times, originals, locators, path, columns), nil
}
