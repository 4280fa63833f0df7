package store

import "time"

// Sizes, each with its reason (measurements: facts/store.md §5).
const (
	memTableBytes     = 8 << 20               // small values only; two stores of a case take 21 MB of arenas, and one transaction holds about 1.2 MB of them
	blockCacheBytes   = 16 << 20              // small caches cost nothing measurable: large values are not in tables
	indexCacheBytes   = 16 << 20              // Badger demands one when encrypting
	valueThreshold    = 1 << 10               // larger values go to the value log and so past compaction: bytes written = bytes kept
	valueLogFileBytes = 64 << 20              // the last one is hashed at every open: 64 MB is about 40 ms
	keyRotation       = 24 * 3650 * time.Hour // one data key a store; a store is replaced, not rotated

	reserveForOpen   = 24 << 20 // a memtable log and a table; below that opening would fail half way
	reserveForUpdate = 64 << 20 // Badger writes through a mapping: a full disk would be a fault, so stop early and keep room to close

	maxKeyBytes   = 1 << 10  // ours are below 200; Badger's bound is 65,000
	maxValueBytes = 48 << 20 // one value fits into one value-log file with its neighbours
	maxInventory  = 8 << 20  // 40,000 files; a store has tens
)
