package casefolder

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"

	"adjutant/backend/casefolder/durable"
	"adjutant/backend/store"
)

// The derived store holds what can be made again from evidence and record. It lives in store/derived-N, each N with its
// own keys. A rebuild fills N+1 beside it and then switches: Badger frees nothing that is deleted inside it. Which N is
// in use is also kept with the drafts, so that a folder that vanished is missed instead of replaced by an empty one.

const derivedKey = "folder/derived" // mirrored: the N in use

func (f *Folder) stores() string { return f.path("store") }

// Derived opens the derived store in use, making an empty one in a new case. It stays open until Close or until a
// rebuild is committed; callers share it and do not close it. Errors: ErrDamaged when it is not what was last written
// (NewDerived then makes it again), ErrDiskFull, ErrClosed.
func (f *Folder) Derived(ctx context.Context) (*store.DB, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, ErrClosed
	}
	if f.derived != nil {
		return f.derived, nil
	}
	g, err := store.Current(f.stores())
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("casefolder: derived store: %w", err)
	}
	switch want := f.derivedNumber(); {
	case want == 0 && g.N == 0:
		return f.firstDerived()
	case g.N < want:
		return nil, fmt.Errorf("%w: store/derived-%d is missing; it can be made again from evidence and record", ErrDamaged, want)
	}
	db, err := f.openDerived(g)
	if err != nil {
		return nil, err
	}
	return f.useDerived(g, db)
}

func (f *Folder) firstDerived() (*store.DB, error) {
	g, err := store.NextDerived(f.stores())
	if err != nil {
		return nil, fmt.Errorf("casefolder: derived store: %w", err)
	}
	db, err := f.openDerived(g)
	if err != nil {
		return nil, err
	}
	return f.useDerived(g, db)
}

// NewDerived makes an empty derived store beside the one in use. commit makes it the one in use and removes the old one,
// whose *store.DB is closed then. Without commit the caller closes it, and it is removed at the next opening.
func (f *Folder) NewDerived(ctx context.Context) (db *store.DB, commit func() error, err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.writable(); err != nil {
		return nil, nil, err
	}
	g, err := store.NextDerived(f.stores())
	if err != nil {
		return nil, nil, fmt.Errorf("casefolder: derived store: %w", err)
	}
	if n := f.derivedNumber(); g.N <= n {
		g.N, g.Dir = n+1, filepath.Join(f.stores(), "derived-"+strconv.Itoa(n+1))
	}
	if db, err = f.openDerived(g); err != nil {
		return nil, nil, err
	}
	return db, func() error {
		f.mu.Lock()
		defer f.mu.Unlock()
		if err := f.writable(); err != nil {
			return err
		}
		_, err := f.useDerived(g, db)
		return err
	}, nil
}

// useDerived marks g complete, notes that it is the one in use, and removes the others.
func (f *Folder) useDerived(g store.Generation, db *store.DB) (*store.DB, error) {
	err := g.MarkComplete()
	if n := strconv.Itoa(g.N); err == nil && f.derivedNumber() != g.N {
		err = f.drafts.set(derivedKey, []byte(n))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("casefolder: use derived store %d: %w", g.N, durable.Wrap(err)), db.Close())
	}
	old := f.derived
	f.derived = db
	if old != nil {
		if err := old.Close(); err != nil {
			return nil, fmt.Errorf("casefolder: close the old derived store: %w", err)
		}
	}
	if err := store.RemoveOthers(f.stores(), g.N); err != nil {
		return nil, fmt.Errorf("casefolder: remove old derived stores: %w", err)
	}
	return db, nil
}

// derivedNumber is the N in use, 0 when there is none yet.
func (f *Folder) derivedNumber() int {
	n, err := strconv.Atoi(string(f.drafts.values[derivedKey].value))
	if err != nil {
		return 0
	}
	return n
}

func (f *Folder) openDerived(g store.Generation) (*store.DB, error) {
	badger, seal, err := f.keys.derived(g.N)
	if err != nil {
		return nil, err
	}
	db, err := f.openStore(filepath.Join("store", filepath.Base(g.Dir)), [2][32]byte{badger, seal})
	if errors.Is(err, store.ErrDamaged) {
		return nil, fmt.Errorf("%w: %w; it can be made again from evidence and record", ErrDamaged, err)
	}
	return db, err
}
