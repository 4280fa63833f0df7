// Package timeline keeps the events of a case in column blocks and answers queries over the rows they make.
//
// Stage 4 of the flow: workbench hands it the events that parse has read, one Import an evidence item; detect, triage,
// ask, documents, the window and the command line read it. It keeps true that
//
//   - an import is seen whole or not at all: readers see it after Commit, and what a killed import has left is removed by
//     the next Open;
//   - every event comes back exactly as it was added, and every answer equals query.Match over all events;
//   - order, totals and digest do not depend on the order of imports.
//
// An event with k times gives k rows; an undated event gives one, after all dated ones. Pages, totals, histograms and
// facets count rows. Rows are ordered by time; ties by evidence hash, parser, and place in the source.
//
// It lives in a derived store: everything here can be made again from the evidence. It deliberately holds nothing that
// people have said; tags and notes are joined at query time (query.Annotations). The layout of a block is in package
// block, the language in package query, keys and their change policy in keys.go.
package timeline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/store"
	"adjutant/backend/timeline/block"
	"adjutant/backend/timeline/query"
)

// Errors that callers tell apart. Damage is store.ErrDamaged or block.ErrDamaged.
var (
	ErrNoRow     = errors.New("timeline: no such row")
	ErrImporting = errors.New("timeline: this evidence is being imported by this parser already")
	ErrFinished  = errors.New("timeline: import already committed or aborted")
	ErrSource    = errors.New("timeline: event of another source")
	ErrVersion   = errors.New("timeline: written in another layout; rebuild it from the evidence")
	ErrFacet     = errors.New("timeline: values of this field are not counted")
)

// Annotations are what people put on rows; see query.Annotations. nil stands for none.
type Annotations = query.Annotations

// Timeline is the open timeline of one case. It is safe for concurrent use. It needs no closing; close the store after
// the last call.
type Timeline struct {
	db      *store.DB
	cache   *cache // decoded columns
	filters *cache // filters and postings: small, asked for at every query
	answers *answers

	blockEvents int         // block.MaxEvents, fewer in tests
	batches     chan *batch // idle ones

	// publish orders readers and writers of the catalogue: a reader holds it while it pins catalogue and snapshot
	// together, so that parts are deleted only after every reader of them has its snapshot.
	publish sync.RWMutex
	cat     atomic.Pointer[catalog]

	write     sync.Mutex // one change of the catalogue at a time
	mu        sync.Mutex
	importing map[sourceKey]bool

	numbers                  sync.Mutex // of imports
	nextImport, endOfNumbers uint32     // reserved ones

	// Of a view (without.go); nil for the whole.
	whole  *Timeline
	hidden map[incident.Digest]bool
	seen   atomic.Pointer[seenCatalog]
}

// Open reads the catalogue and removes what unfinished imports have left. Errors: ErrVersion, damage.
func Open(ctx context.Context, db *store.DB) (*Timeline, error) {
	t := &Timeline{
		db:      db,
		cache:   newCache(maxDecodedBytes),
		filters: newCache(maxFilterBytes),
		answers: newAnswers(),

		blockEvents: block.MaxEvents,
		batches:     make(chan *batch, importWorkers+1),
		importing:   map[sourceKey]bool{},
	}
	if err := t.checkVersion(ctx); err != nil {
		return nil, err
	}
	cat, err := t.loadCatalog()
	if err != nil {
		return nil, err
	}
	t.cat.Store(cat)
	if err := t.removeOrphans(ctx, cat); err != nil {
		return nil, err
	}
	return t, nil
}

// Generation changes whenever the rows do: after Commit and Remove. For caches of answers.
func (t *Timeline) Generation() uint64 { return t.catalog().generation }

// session is one reader: a catalogue and a snapshot in which all of its parts exist.
type session struct {
	ctx context.Context
	t   *Timeline
	cat *catalog
	tx  *store.Tx
}

// read runs f with a session.
func (t *Timeline) read(ctx context.Context, f func(s *session) error) error {
	whole := t.publisher()
	whole.publish.RLock()
	pinned := true
	unpin := func() {
		if pinned {
			pinned = false
			whole.publish.RUnlock()
		}
	}
	defer unpin()
	return t.db.View(func(tx *store.Tx) error {
		s := &session{ctx: ctx, t: t, cat: t.catalog(), tx: tx}
		unpin()
		return f(s)
	})
}

// damage names the block in which something was wrong.
func (b *blk) damage(err error) error {
	return fmt.Errorf("timeline: block %d of %s (%s): %w", b.no, b.src.Path, b.src.Evidence, err)
}

// idOf is the row id of an event's time; index -1 is the row of an undated event.
func idOf(e *event.Event, index int) event.RowID { return e.Row(max(index, 0)) }
