package timeline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"adjutant/backend/store"
	"adjutant/backend/timeline/block"
)

// catalog is what is committed: immutable, replaced as a whole.
type catalog struct {
	generation uint64
	sources    []*source // by evidence, parser
	blocks     []*blk    // of all sources, in their order: the tie order of rows
	byFirst    []int     // indexes of blocks with dated rows, by first time: the order in which a merge opens them
}

// source is one committed import.
type source struct {
	manifest
	imp    uint32
	blocks []*blk
}

// blk is one block.
type blk struct {
	src *source
	no  uint32
	*block.Header
}

func blockTime(ticks int64) time.Time { return block.Time(ticks) }

// loadCatalog reads all manifests and headers.
func (t *Timeline) loadCatalog() (*catalog, error) {
	var sources []*source
	names := interner{}
	err := t.db.View(func(tx *store.Tx) error {
		err := tx.Scan([]byte(keyManifest), false, func(k, v []byte) error {
			imp, ok := importOf(k)
			if !ok {
				return fmt.Errorf("timeline: manifest key %q", k)
			}
			s := &source{imp: imp}
			if err := json.Unmarshal(v, &s.manifest); err != nil {
				return fmt.Errorf("timeline: manifest %d: %w", imp, err)
			}
			sources = append(sources, s)
			return nil
		})
		if err != nil {
			return err
		}
		for _, s := range sources {
			if err := s.loadHeaders(tx, names); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("timeline: read catalogue: %w", err)
	}
	return newCatalog(1, sources), nil
}

func (s *source) loadHeaders(tx *store.Tx, names interner) error {
	for no := range s.Blocks {
		b := &blk{src: s, no: no}
		raw, err := tx.Get(partKey(s.imp, no, partHeader))
		if err == nil {
			b.Header, err = block.DecodeHeader(raw, names.intern)
		}
		if err != nil {
			return b.damage(err)
		}
		s.blocks = append(s.blocks, b)
	}
	return nil
}

// interner keeps one copy of each column name: headers repeat the same few hundred.
type interner map[string]string

func (n interner) intern(s string) string {
	if known, ok := n[s]; ok {
		return known
	}
	n[s] = s
	return s
}

func newCatalog(generation uint64, sources []*source) *catalog {
	c := &catalog{generation: generation, sources: slices.Clone(sources)}
	slices.SortFunc(c.sources, func(a, b *source) int {
		if x := bytes.Compare(a.Evidence[:], b.Evidence[:]); x != 0 {
			return x
		}
		return strings.Compare(a.Parser, b.Parser)
	})
	for _, s := range c.sources {
		for _, b := range s.blocks {
			if b.Dated > 0 {
				c.byFirst = append(c.byFirst, len(c.blocks))
			}
			c.blocks = append(c.blocks, b)
		}
	}
	slices.SortStableFunc(c.byFirst, func(a, b int) int {
		switch x, y := c.blocks[a].First, c.blocks[b].First; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return c
}

// with is the catalogue after one source came (nil for none) and others went.
func (c *catalog) with(add *source, gone func(*source) bool) *catalog {
	var kept []*source
	for _, s := range c.sources {
		if !gone(s) {
			kept = append(kept, s)
		}
	}
	if add != nil {
		kept = append(kept, add)
	}
	return newCatalog(c.generation+1, kept)
}
