package timeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/store"
	"adjutant/backend/timeline/block"
)

// Source says what is imported.
type Source struct {
	Evidence    incident.Digest
	Parser      string // name of the format package
	Version     string // of that parser
	Assumptions string // the answers used (zone, year …) as one canonical text; part of the digest
}

// Import is one evidence item on its way in. Use it from one goroutine; end it with Commit or Abort.
type Import struct {
	t       *Timeline
	ctx     context.Context
	stop    context.CancelFunc
	src     *source
	pending *batch
	weight  int
	cut     bool // an Add did not come to its end
	done    bool

	slots chan struct{} // one for each block being encoded
	work  sync.WaitGroup

	mu     sync.Mutex
	err    error
	blocks []*blk       // by number; nil while being encoded
	sums   [][]byte     // by number: hashes of its events in file order, until chained
	chain  *digestChain // of the events of blocks 0 … chained-1
	names  interner
}

// Import starts taking in the events of one source. On Commit it replaces an earlier import of the same evidence and
// parser; until then that one stays visible. Errors: ErrImporting.
func (t *Timeline) Import(ctx context.Context, src Source) (*Import, error) {
	if t.whole != nil {
		return t.whole.Import(ctx, src)
	}
	key := sourceKey{src.Evidence, src.Parser}
	t.mu.Lock()
	if t.importing[key] {
		t.mu.Unlock()
		return nil, fmt.Errorf("%w: %s, %s", ErrImporting, src.Evidence, src.Parser)
	}
	t.importing[key] = true
	t.mu.Unlock()
	imp, err := t.newImport(ctx)
	if err != nil {
		t.endImport(key)
		return nil, err
	}
	inner, stop := context.WithCancel(ctx)
	return &Import{
		t: t, ctx: inner, stop: stop,
		src: &source{imp: imp, manifest: manifest{
			Evidence: src.Evidence, Parser: src.Parser, Version: src.Version, Assumptions: src.Assumptions,
		}},
		slots: make(chan struct{}, importWorkers),
		chain: newDigestChain(),
		names: interner{},
	}, nil
}

func (t *Timeline) endImport(key sourceKey) {
	t.mu.Lock()
	delete(t.importing, key)
	t.mu.Unlock()
}

// Importing says how many imports are under way: their rows are not seen yet.
func (t *Timeline) Importing() int {
	t = t.publisher()
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.importing)
}

// Add takes in an event; it may change it, and has finished with it when it returns. Empty Evidence, Parser and Version
// are filled in; others must be the source's own (ErrSource). Fields are sorted if they are not, times cut to 100 ns. Add
// waits while earlier blocks are written; an error of theirs is returned here or by Commit.
func (im *Import) Add(e *event.Event) error {
	if im.done {
		return ErrFinished
	}
	weight, err := im.adopt(e)
	if err != nil {
		return err
	}
	if im.cut {
		return errCut
	}
	im.cut = true
	if im.src.Path == "" {
		im.src.Path = strings.Clone(e.Path)
	}
	if im.pending == nil {
		im.pending = im.t.batch()
	}
	if err := im.pending.take(e); err != nil {
		return err
	}
	im.weight += weight
	im.cut = false
	if im.pending.Events() >= im.t.blockEvents || im.weight >= block.MaxRawBytes || im.pending.Full() {
		return im.flush()
	}
	return nil
}

// errCut: what was taken of an event half-way cannot be taken back.
var errCut = errors.New("timeline: an event was taken in half-way, the import is to be dropped")

// adopt fills in what is missing, checks the event and says what it weighs.
func (im *Import) adopt(e *event.Event) (weight int, err error) {
	if e.Evidence.IsZero() {
		e.Evidence = im.src.Evidence
	}
	if e.Parser == "" {
		e.Parser = im.src.Parser
	}
	if e.Version == "" {
		e.Version = im.src.Version
	}
	if e.Evidence != im.src.Evidence || e.Parser != im.src.Parser || e.Version != im.src.Version {
		return 0, fmt.Errorf("%w: %s %s %s in an import of %s %s %s", ErrSource, e.Evidence, e.Parser, e.Version,
			im.src.Evidence, im.src.Parser, im.src.Version)
	}
	for i := range e.Times {
		e.Times[i].At = block.Time(block.Ticks(e.Times[i].At))
	}
	weight, err = block.Check(e)
	if errors.Is(err, block.ErrOrder) {
		e.Sort()
		weight, err = block.Check(e)
	}
	if err != nil {
		return 0, fmt.Errorf("timeline: event at %s: %w", e.Locator, err)
	}
	return weight, nil
}

// flush hands the pending events to a worker, as the next block.
func (im *Import) flush() error {
	select {
	case im.slots <- struct{}{}:
	case <-im.ctx.Done():
		return im.failed(im.ctx.Err())
	}
	im.mu.Lock()
	err := im.err
	no := uint32(len(im.blocks))
	im.blocks = append(im.blocks, nil)
	im.sums = append(im.sums, nil)
	im.mu.Unlock()
	if err != nil {
		<-im.slots
		return err
	}
	b := im.pending
	im.pending, im.weight = nil, 0
	im.work.Add(1)
	go func() {
		defer im.work.Done()
		defer func() { <-im.slots }()
		if err := im.writeBlock(no, b); err != nil {
			im.failed(err) //nolint:errcheck // kept for Add and Commit
		}
	}()
	return nil
}

// failed keeps the first error and stops the other workers.
func (im *Import) failed(err error) error {
	im.mu.Lock()
	defer im.mu.Unlock()
	if im.err == nil {
		im.err = err
		im.stop()
	}
	return im.err
}

// count adds a block to the manifest.
func (s *source) count(b *blk) {
	s.Events += int64(b.Events)
	s.Rows += int64(b.Rows)
	if b.Dated == 0 {
		return
	}
	if s.Dated == 0 || b.First < s.First {
		s.First = b.First
	}
	if s.Dated == 0 || b.Last > s.Last {
		s.Last = b.Last
	}
	s.Dated += int64(b.Dated)
}

// Commit writes what is pending and makes the import visible in one transaction: a small log costs one. When it returns an
// error the import is as if it had been aborted, except when ctx ended it after the fact: then Open decides by what is on
// disk.
func (im *Import) Commit(ctx context.Context) error {
	if im.done {
		return ErrFinished
	}
	im.work.Wait()
	im.mu.Lock()
	err := im.err
	im.mu.Unlock()
	if im.cut && err == nil {
		err = errCut
	}
	last := func(*store.Tx) error { return nil }
	if b := im.pending; b != nil && err == nil {
		no := uint32(len(im.blocks))
		im.blocks, im.sums = append(im.blocks, nil), append(im.sums, nil) // no worker is left
		var enc *block.Encoded
		enc, err = im.encode(no, b)
		last = func(tx *store.Tx) error { return setBlock(tx, im.src.imp, no, enc) }
		if err == nil {
			defer im.t.giveBack(b)
		}
	}
	if err != nil {
		im.discard() //nolint:errcheck // the first error is the one to report; the next Open removes what is left
		return err
	}
	defer im.t.endImport(im.src.key())
	defer im.stop()
	im.done = true
	im.src.blocks = im.blocks
	im.src.Blocks = uint32(len(im.blocks))
	im.src.Digest = im.chain.sum()
	return im.t.replace(ctx, im.src, last, func(s *source) bool { return s.key() == im.src.key() })
}

// Abort drops the import. After Commit or Abort it gives ErrFinished.
func (im *Import) Abort() error {
	if im.done {
		return ErrFinished
	}
	im.stop()
	im.work.Wait()
	return im.discard()
}

// discard ends the import and removes its blocks; what it cannot remove the next Open will.
func (im *Import) discard() error {
	im.done = true
	im.stop()
	defer im.t.endImport(im.src.key())
	return im.t.purge(context.WithoutCancel(im.ctx), map[uint32]bool{im.src.imp: true})
}

// Remove takes back every import of an evidence item.
func (t *Timeline) Remove(ctx context.Context, evidence incident.Digest) error {
	return t.replace(ctx, nil, nil, func(s *source) bool { return s.Evidence == evidence })
}

// RemoveOthers takes back the imports of an evidence item by other parsers than the one named.
func (t *Timeline) RemoveOthers(ctx context.Context, evidence incident.Digest, parser string) error {
	return t.replace(ctx, nil, nil, func(s *source) bool { return s.Evidence == evidence && s.Parser != parser })
}

// replace changes the catalogue: on disk, together with the last block of what is added, then in memory, then removes the
// parts of what is gone.
func (t *Timeline) replace(ctx context.Context, add *source, last func(*store.Tx) error, gone func(*source) bool) error {
	if t.whole != nil {
		return t.whole.replace(ctx, add, last, gone)
	}
	t.write.Lock()
	defer t.write.Unlock()
	old := t.cat.Load()
	next := old.with(add, gone)
	removed := map[uint32]bool{}
	err := t.db.Update(ctx, func(tx *store.Tx) error {
		for _, s := range old.sources {
			if !gone(s) {
				continue
			}
			removed[s.imp] = true
			if err := tx.Delete(manifestKey(s.imp)); err != nil {
				return err
			}
		}
		if add == nil {
			return nil
		}
		if err := last(tx); err != nil {
			return err
		}
		raw, err := json.Marshal(&add.manifest)
		if err != nil {
			return err
		}
		return tx.Set(manifestKey(add.imp), raw)
	})
	if err != nil {
		return fmt.Errorf("timeline: change catalogue: %w", err)
	}
	t.publish.Lock()
	t.cat.Store(next)
	t.publish.Unlock()
	t.answers.clear()
	return t.purge(context.WithoutCancel(ctx), removed)
}
