package timeline

// SetBlockEvents makes small blocks, so that tests meet many of them.
func SetBlockEvents(t *Timeline, n int) { t.blockEvents = n }

// SetCacheBytes makes small caches, so that tests meet their edges.
func SetCacheBytes(t *Timeline, n int) { t.cache, t.filters = newCache(n), newCache(n) }
