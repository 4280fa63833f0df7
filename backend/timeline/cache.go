package timeline

import (
	"container/list"
	"sync"
)

// cache keeps decoded parts of blocks, the least recently used go first. Blocks never change and import numbers are never
// used twice, so nothing in it can be stale.
type cache struct {
	mu    sync.Mutex
	limit int
	used  int
	byKey map[cacheKey]*list.Element
	order list.List // front is newest
}

// cacheKey is one decoded thing of one block.
type cacheKey struct {
	imp, no uint32
	what    kind
	column  int
}

type kind uint8

const (
	kindColumn kind = iota
	kindTimes
	kindOriginals
	kindLocators
	kindIDs
	kindFilter
	kindPostings
)

type sized interface{ Bytes() int }

type cacheEntry struct {
	key   cacheKey
	value sized
	bytes int
}

func newCache(limit int) *cache { return &cache{limit: limit, byKey: map[cacheKey]*list.Element{}} }

func (c *cache) get(k cacheKey) (sized, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[k]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*cacheEntry).value, true
}

// put keeps a value unless it alone would fill an eighth of the cache: it would push out everything else.
func (c *cache) put(k cacheKey, v sized) {
	n := v.Bytes() + 200 // map and list
	if n > c.limit/8 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[k]; ok {
		return
	}
	c.byKey[k] = c.order.PushFront(&cacheEntry{k, v, n})
	c.used += n
	for c.used > c.limit {
		old := c.order.Remove(c.order.Back()).(*cacheEntry)
		delete(c.byKey, old.key)
		c.used -= old.bytes
	}
}

// cached gives a value out of the cache, or loads and keeps it.
func cached[T sized](c *cache, k cacheKey, load func() (T, error)) (T, error) {
	if v, ok := c.get(k); ok {
		return v.(T), nil
	}
	v, err := load()
	if err != nil {
		return v, err
	}
	c.put(k, v)
	return v, nil
}
