package timeline

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"adjutant/backend/incident"
	"adjutant/backend/store"
)

// Keys in the derived store; numbers are big endian, so that keys sort as they count.
//
//	tl/meta                                  JSON meta
//	tl/i/<import u32>                        JSON manifest of a committed import
//	tl/b/<import u32><block u32><part u16>   part of a block; part 0xffff is its header
//
// A block without a manifest of its import is what an unfinished import has left. Import numbers are never used twice.
// The layout has one version for all; another one is ErrVersion and the store is built again.
const (
	layoutVersion = 1
	keyMeta       = "tl/meta"
	keyManifest   = "tl/i/"
	keyBlock      = "tl/b/"
	partHeader    = 0xffff
)

type meta struct {
	Version    int    `json:"version"`
	NextImport uint32 `json:"next_import"`
}

// manifest is what is known of a committed import.
type manifest struct {
	Evidence    incident.Digest `json:"evidence"`
	Path        string          `json:"path"`
	Parser      string          `json:"parser"`
	Version     string          `json:"version"`
	Assumptions string          `json:"assumptions,omitempty"`
	Blocks      uint32          `json:"blocks"`
	Events      int64           `json:"events"`
	Rows        int64           `json:"rows"`
	Dated       int64           `json:"dated"`
	First       int64           `json:"first"` // ticks; 0 when no row is dated
	Last        int64           `json:"last"`
	Digest      incident.Digest `json:"digest"` // of all events, see digest.go
}

// sourceKey says which import replaces which.
type sourceKey struct {
	evidence incident.Digest
	parser   string
}

func (m *manifest) key() sourceKey { return sourceKey{m.Evidence, m.Parser} }

func manifestKey(imp uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte(keyManifest), imp)
}

func importPrefix(imp uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte(keyBlock), imp)
}

func partKey(imp, no uint32, part uint16) []byte {
	k := binary.BigEndian.AppendUint32(importPrefix(imp), no)
	return binary.BigEndian.AppendUint16(k, part)
}

// importOf reads the import out of a key of keyBlock or keyManifest.
func importOf(key []byte) (uint32, bool) {
	if len(key) < len(keyBlock)+4 {
		return 0, false
	}
	return binary.BigEndian.Uint32(key[len(keyBlock):]), true // both prefixes are as long
}

// checkVersion makes tl/meta, or refuses another layout.
func (t *Timeline) checkVersion(ctx context.Context) error {
	return t.changeMeta(ctx, func(*meta) {})
}

// newImport takes the next import number. Some are reserved at a time, so that a small log does not cost a transaction for
// its number; what is left of them at the end is never used.
func (t *Timeline) newImport(ctx context.Context) (uint32, error) {
	t.numbers.Lock()
	defer t.numbers.Unlock()
	if t.nextImport == t.endOfNumbers {
		err := t.changeMeta(ctx, func(m *meta) {
			t.nextImport = m.NextImport
			m.NextImport += numbersReserved
			t.endOfNumbers = m.NextImport
		})
		if err != nil {
			t.endOfNumbers = t.nextImport
			return 0, err
		}
	}
	t.nextImport++
	return t.nextImport - 1, nil
}

func (t *Timeline) changeMeta(ctx context.Context, f func(*meta)) error {
	return t.db.Update(ctx, func(tx *store.Tx) error {
		m := meta{Version: layoutVersion, NextImport: 1}
		raw, err := tx.Get([]byte(keyMeta))
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return fmt.Errorf("timeline: read head: %w", err)
		default:
			if err := json.Unmarshal(raw, &m); err != nil {
				return fmt.Errorf("timeline: read head: %w", err)
			}
			if m.Version != layoutVersion {
				return fmt.Errorf("%w: version %d, this program writes %d", ErrVersion, m.Version, layoutVersion)
			}
		}
		was := m
		if f(&m); m == was && raw != nil {
			return nil
		}
		raw, err = json.Marshal(m)
		if err != nil {
			return fmt.Errorf("timeline: write head: %w", err)
		}
		return tx.Set([]byte(keyMeta), raw)
	})
}

// purge deletes all parts of imports, some at a time.
func (t *Timeline) purge(ctx context.Context, imports map[uint32]bool) error {
	for imp := range imports {
		for {
			var keys [][]byte
			stop := errors.New("enough")
			err := t.db.View(func(tx *store.Tx) error {
				return tx.Scan(importPrefix(imp), true, func(k, _ []byte) error {
					if keys = append(keys, k); len(keys) == purgeKeys {
						return stop
					}
					return nil
				})
			})
			if err != nil && !errors.Is(err, stop) {
				return fmt.Errorf("timeline: remove import: %w", err)
			}
			if len(keys) == 0 {
				break
			}
			err = t.db.Update(ctx, func(tx *store.Tx) error {
				for _, k := range keys {
					if err := tx.Delete(k); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return fmt.Errorf("timeline: remove import: %w", err)
			}
		}
	}
	return nil
}

// removeOrphans deletes blocks whose import was never committed, or has been replaced.
func (t *Timeline) removeOrphans(ctx context.Context, cat *catalog) error {
	known := map[uint32]bool{}
	for _, s := range cat.sources {
		known[s.imp] = true
	}
	orphans := map[uint32]bool{}
	err := t.db.View(func(tx *store.Tx) error {
		return tx.Scan([]byte(keyBlock), true, func(k, _ []byte) error {
			if imp, ok := importOf(k); ok && !known[imp] {
				orphans[imp] = true
			}
			return nil
		})
	})
	if err != nil {
		return fmt.Errorf("timeline: look for unfinished imports: %w", err)
	}
	return t.purge(ctx, orphans)
}

// timeOf is the time of ticks, or the zero time when nothing is dated.
func timeOf(ticks int64, dated bool) time.Time {
	if !dated {
		return time.Time{}
	}
	return blockTime(ticks)
}
