// Package store opens Badger in one place and hands out key-value transactions whose values are sealed and checked.
//
// It stands under every package that keeps something in a case: casefolder opens one store for the record and one for
// derived data, timeline and the finding store write through it. It keeps true that a read gives exactly what was
// acknowledged, or an error that wraps ErrDamaged: never an empty, older or foreign value, never a key silently gone.
// Badger alone does not promise that (measured on v4.9.6: a flipped byte in a log is cut off without an error), so:
//
//   - each value is AES-256-GCM over key, generation and a per-key counter (seal.go);
//   - each transaction also writes a sealed tally of all keys, and HEAD, a small file beside Badger's, holds the number
//     of the last acknowledged transaction (head.go, tally.go);
//   - a clean Close writes INVENTORY, the sealed sizes and hashes of Badger's files, which Open compares before Badger
//     touches anything (inventory.go).
//
// What it does not do: it does not notice that the whole folder was replaced by an older copy of itself, and it does not
// free the space of deleted values (write a new store and remove the old one; see derived.go). No plaintext and no log
// line goes to disk. File layout and change policy: head.go.
package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// Keys are the two secrets of a store; casefolder derives them from the case's identity.
type Keys struct {
	Badger [32]byte // encrypts Badger's files
	Seal   [32]byte // seals values, HEAD and INVENTORY
}

// DB is an open store. It is safe for concurrent use; updates are made one at a time. Close it once.
type DB struct {
	dir   string
	lock  *dirLock
	b     *badger.DB
	seal  *sealer
	head  *headFile
	write sync.Mutex // held by Update and Close
	clean bool       // the store had been closed, and its files are those of that moment
	last  tally      // state after the last committed transaction; guarded by write
	done  bool       // guarded by write
	views users
}

// Open opens the store in dir, or makes one when dir is absent or empty. Errors: ErrInUse when another process (or this
// one) holds it, ErrFull, and *DamageError (which is ErrDamaged) naming the file when the store is not what was last
// acknowledged or the keys are not its own.
func Open(dir string, k Keys) (*DB, error) { return open(dir, k, false) }

// OpenDamaged opens what is left of a store that Open has refused: it skips the comparison with HEAD and INVENTORY, so
// keys may be missing; values are still checked one by one. For saving drafts before the store is rebuilt.
func OpenDamaged(dir string, k Keys) (*DB, error) { return open(dir, k, true) }

func open(dir string, k Keys, damaged bool) (_ *DB, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("store: make folder: %w", err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	db := &DB{dir: dir, lock: lock}
	defer func() {
		if err != nil {
			db.abandon()
		}
	}()
	if err := enoughSpace(dir, reserveForOpen); err != nil {
		return nil, err
	}
	head, was, err := openHead(dir, k.Seal)
	if err != nil {
		return nil, err
	}
	db.head, db.seal = head, head.seal
	clean := false
	if was.clean && !damaged {
		if clean, err = checkInventory(dir, db.seal, was.write); err != nil {
			return nil, err
		}
	}
	if err := head.put(was.acknowledged, false); err != nil {
		return nil, err
	}
	if db.b, err = openBadger(dir, k.Badger); err != nil {
		return nil, err
	}
	if err := db.check(was, clean, damaged); err != nil {
		return nil, err
	}
	db.clean = clean
	return db, nil
}

// abandon releases what a failed open has taken.
func (db *DB) abandon() {
	if db.b != nil {
		_ = db.b.Close() // the first error is the one to report
	}
	if db.head != nil {
		_ = db.head.close()
	}
	db.lock.release()
}

// openBadger opens Badger tuned as limits.go explains. Its panics on damaged files become *DamageError.
func openBadger(dir string, key [32]byte) (b *badger.DB, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &DamageError{File: dir, Cause: fmt.Errorf("badger: %v", p)}
		}
	}()
	o := badger.DefaultOptions(dir).
		WithLogger(nil).
		WithMetricsEnabled(false).
		WithSyncWrites(true).
		WithEncryptionKey(key[:]).
		WithEncryptionKeyRotationDuration(keyRotation).
		WithVerifyValueChecksum(true).
		WithChecksumVerificationMode(options.OnTableAndBlockRead).
		WithCompression(options.None). // blocks are compressed before sealing; sealed bytes do not compress
		WithDetectConflicts(false).    // one writer at a time
		WithMemTableSize(memTableBytes).
		WithNumMemtables(2).
		WithNumCompactors(2).
		WithBlockCacheSize(blockCacheBytes).
		WithIndexCacheSize(indexCacheBytes).
		WithValueThreshold(valueThreshold).
		WithValueLogFileSize(valueLogFileBytes)
	b, err = badger.Open(o)
	if err != nil {
		if errors.Is(err, os.ErrPermission) {
			return nil, fmt.Errorf("store: open %s: %w", dir, err)
		}
		return nil, &DamageError{File: blame(dir, err), Cause: err}
	}
	return b, nil
}

// WasClosed reports that whoever had the store open before closed it, and that Open found Badger's files as they were left:
// all by size, all but older value logs by hash. A value in one of those is checked by its seal when it is read.
func (db *DB) WasClosed() bool { return db.clean }

// Dir returns the folder of the store.
func (db *DB) Dir() string { return db.dir }

// Close waits for running views, flushes, writes INVENTORY and releases the folder. A second Close gives ErrClosed.
func (db *DB) Close() error {
	db.write.Lock()
	defer db.write.Unlock()
	if db.done {
		return ErrClosed
	}
	db.done = true
	db.views.finish()
	defer db.lock.release()
	if err := db.b.Close(); err != nil {
		_ = db.head.close() // left unclean: the next Open checks the keys one by one
		return fmt.Errorf("store: close %s: %w", db.dir, err)
	}
	n, err := db.head.next()
	if err == nil {
		err = writeInventory(db.dir, db.seal, n)
	}
	if err == nil {
		err = db.head.put(db.last.seq, true)
	}
	if cerr := db.head.close(); err == nil {
		err = cerr
	}
	return err
}

// Update runs f in one read-write transaction and returns when it is synced to disk and acknowledged in HEAD. When f or
// the commit fails nothing of it is kept. A full disk is ErrFull, a transaction over about 1.2 MB of small values ErrTooBig.
func (db *DB) Update(ctx context.Context, f func(tx *Tx) error) error {
	db.write.Lock()
	defer db.write.Unlock()
	if db.done {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := enoughSpace(db.dir, reserveForUpdate); err != nil {
		return err
	}
	txn := db.b.NewTransaction(true)
	defer txn.Discard()
	tx := &Tx{db: db, txn: txn, write: true, tally: db.last}
	if err := f(tx); err != nil {
		return err
	}
	if !tx.changed {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	tx.tally.seq++
	if err := tx.putTally(); err != nil {
		return err
	}
	if err := txn.Commit(); err != nil {
		return fmt.Errorf("store: commit in %s: %w", db.dir, err)
	}
	db.last = tx.tally
	return db.head.put(db.last.seq, false)
}

// View runs f on a snapshot; it never waits for writers. Close waits for it.
func (db *DB) View(f func(tx *Tx) error) error {
	if !db.views.enter() {
		return ErrClosed
	}
	defer db.views.leave()
	txn := db.b.NewTransaction(false)
	defer txn.Discard()
	return f(&Tx{db: db, txn: txn})
}

// path joins a file name to the store's folder.
func path(dir, name string) string { return filepath.Join(dir, name) }
