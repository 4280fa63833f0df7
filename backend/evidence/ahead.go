package evidence

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"adjutant/backend/casefolder/durable"
	"adjutant/backend/casefolder/vault"
	"adjutant/backend/parse"
)

// prepared is a file or member that is being hashed and sealed, or has been. Its fields may be read when ready is closed.
type prepared struct {
	label    string
	name     string // as it is called among the others, with slashes; "" for a file that was named
	ready    chan struct{}
	item     Item
	original *os.File    // of a referenced item; sealed ones are read from the vault
	state    os.FileInfo // of that, when it was hashed
	doubt    string      // why the bytes may not be what they were meant to be
	refuse   *Receipt    // instead of an item
	err      error       // ends the intake

	archive  bool          // of a member: it looks like an archive itself
	finished chan struct{} // of a member: its receipt is there
}

func newPrepared(label string) *prepared {
	return &prepared{label: label, ready: make(chan struct{}), finished: make(chan struct{})}
}

func (p *prepared) close() {
	if p.original != nil {
		p.original.Close() //nolint:errcheck // only read
	}
}

// fail leaves a receipt for something whose bytes could not be had.
func (p *prepared) fail(note string) {
	p.refuse = &Receipt{Path: p.label, Status: parse.StatusFailed}
	p.refuse.note(note)
}

// unreadable turns a failed reading into a receipt that says how far it came; a failing vault, a full disk and a cancelled
// intake end the intake.
func (p *prepared) unreadable(ctx context.Context, err error, read, size int64) {
	var source *vault.ReadError
	switch {
	case ctx.Err() != nil:
		p.err = ctx.Err()
	case errors.As(err, &source) && !errors.Is(err, durable.ErrDiskFull):
		p.fail(fmt.Sprintf("cannot be read: %v (after %d of %d bytes)", source.Err, read, size))
	default:
		p.err = fmt.Errorf("evidence: take in %s: %w", p.label, err)
	}
}

// filesAhead is how many files may be hashed before their turn comes: each holds an open file at most.
const filesAhead = 32

// workers is how many files are hashed at once. More than there are cores, because small ones wait for the disk.
func workers() int { return max(4, runtime.GOMAXPROCS(0)) }

// aheads hashes files in the order of the list, several at once.
type aheads struct {
	queue  chan *prepared
	cancel context.CancelFunc
	work   sync.WaitGroup
}

// expect decides which files are sealed, counts what is to be done and tells the list.
func (t *taker) expect(files []found) {
	listed := make([]FileProgress, 0, len(files))
	for i := range files {
		f := &files[i]
		t.meter.grow(1, 2*f.size) // once to hash, once to parse
		if f.sealed = f.refuse != nil || t.seals(*f, f.size); !f.sealed {
			if abs, err := filepath.Abs(f.path); err == nil {
				f.label = label(abs) // it has to be found again from anywhere
			}
		}
		listed = append(listed, FileProgress{Path: f.label, State: FileWaiting, Total: f.size})
	}
	if t.in.Listed != nil {
		t.in.Listed(listed)
	}
}

// ahead starts hashing.
func (t *taker) ahead(ctx context.Context, files []found) *aheads {
	ctx, cancel := context.WithCancel(ctx)
	a := &aheads{queue: make(chan *prepared, filesAhead), cancel: cancel}
	if t.tight(files) {
		a.queue, t.slots = make(chan *prepared), make(chan struct{}, 1)
	}
	a.work.Add(1)
	go func() {
		defer a.work.Done()
		defer close(a.queue)
		for _, f := range files {
			p := newPrepared(f.label)
			p.name = f.name
			if !t.slot(ctx) {
				return
			}
			a.work.Add(1)
			go func() {
				defer a.work.Done()
				defer close(p.ready)
				defer t.free()
				t.take(ctx, f, p)
			}()
			select {
			case a.queue <- p:
			case <-ctx.Done():
				<-p.ready
				p.close()
				return
			}
		}
	}()
	return a
}

// tight says that the disk may not hold everything: then at most one file is sealed before its turn, so that room goes to
// what can be finished. The rows of a log take about twice its size at worst.
func (t *taker) tight(files []found) bool {
	var need uint64
	for _, f := range files {
		if f.sealed {
			need += 3 * uint64(f.size)
		}
	}
	free, err := t.in.Vault.Free()
	return err == nil && free < durable.ReserveBytes+need
}

// stop ends the hashing and waits for it; what was hashed and not delivered is let go.
func (a *aheads) stop() {
	a.cancel()
	for p := range a.queue {
		<-p.ready
		p.close()
	}
	a.work.Wait()
}

// slot waits for room among the workers.
func (t *taker) slot(ctx context.Context) bool {
	select {
	case t.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (t *taker) free() { <-t.slots }

// next waits for the next one in order and tells the progress meanwhile. At the end of the queue it returns nil.
func (t *taker) next(ctx context.Context, queue <-chan *prepared) (*prepared, error) {
	var p *prepared
	for p == nil {
		select {
		case got, ok := <-queue:
			if !ok {
				return nil, ctx.Err()
			}
			p = got
		case <-t.meter.moved:
			t.report("")
		}
	}
	for {
		select {
		case <-p.ready:
			if err := ctx.Err(); err != nil {
				p.close()
				return nil, err
			}
			return p, nil
		case <-t.meter.moved:
			t.report(p.label)
		}
	}
}
