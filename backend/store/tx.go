package store

import (
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"
)

// Tx is one transaction, valid only inside the function it was handed to. That of an Update belongs to one goroutine; Get
// of a View may be called from several at once.
type Tx struct {
	db      *DB
	txn     *badger.Txn
	write   bool
	changed bool
	tally   tally
}

// Get returns a fresh copy of the value. Errors: ErrNotFound, ErrDamaged.
func (tx *Tx) Get(key []byte) ([]byte, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	item, err := tx.txn.Get(key)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, &DamageError{File: tx.db.dir, Key: key, Cause: err}
	}
	return tx.open(item, key)
}

// open reads and unseals the value of an item.
func (tx *Tx) open(item *badger.Item, key []byte) (plain []byte, err error) {
	defer func() { // a damaged pointer can lead Badger out of its mapping
		if p := recover(); p != nil {
			plain, err = nil, &DamageError{File: tx.db.dir, Key: append([]byte(nil), key...), Cause: fmt.Errorf("badger: %v", p)}
		}
	}()
	verr := item.Value(func(sealed []byte) error {
		plain, err = tx.db.seal.open(forValue, item.UserMeta(), key, sealed)
		return nil
	})
	if verr != nil {
		err = verr
	}
	if err != nil {
		return nil, &DamageError{File: blame(tx.db.dir, err), Key: append([]byte(nil), key...), Cause: err}
	}
	return plain, nil
}

// Set writes a value; an empty value is allowed. Key and value may be reused by the caller afterwards.
func (tx *Tx) Set(key, value []byte) error {
	old, had, err := tx.counter(key)
	if err != nil {
		return err
	}
	if len(value) > maxValueBytes {
		return fmt.Errorf("%w: value of %d bytes", ErrTooBig, len(value))
	}
	counter := byte(1)
	if had {
		counter = old + 1
	}
	key = append([]byte(nil), key...)
	e := badger.NewEntry(key, tx.db.seal.seal(forValue, counter, key, value)).WithMeta(counter)
	if err := tx.set(e); err != nil {
		return err
	}
	if had {
		tx.tally.remove(tx.db.seal, old, key)
	}
	tx.tally.add(tx.db.seal, counter, key)
	tx.changed = true
	return nil
}

func (tx *Tx) set(e *badger.Entry) error {
	err := tx.txn.SetEntry(e)
	if errors.Is(err, badger.ErrTxnTooBig) {
		return ErrTooBig
	}
	if err != nil {
		return fmt.Errorf("store: set: %w", err)
	}
	return nil
}

// Delete removes a key; an absent key is no error. Its bytes stay on disk, sealed, until the store is replaced.
func (tx *Tx) Delete(key []byte) error {
	old, had, err := tx.counter(key)
	if err != nil || !had {
		return err
	}
	key = append([]byte(nil), key...)
	err = tx.txn.Delete(key)
	if errors.Is(err, badger.ErrTxnTooBig) {
		return ErrTooBig
	}
	if err != nil {
		return fmt.Errorf("store: delete: %w", err)
	}
	tx.tally.remove(tx.db.seal, old, key)
	tx.changed = true
	return nil
}

// counter finds the per-key counter of the present version.
func (tx *Tx) counter(key []byte) (c byte, had bool, err error) {
	if !tx.write {
		return 0, false, ErrReadOnly
	}
	if err := checkKey(key); err != nil {
		return 0, false, err
	}
	item, err := tx.txn.Get(key)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, &DamageError{File: tx.db.dir, Key: key, Cause: err}
	}
	return item.UserMeta(), true, nil
}

// Scan calls f for every key with the prefix in byte order; value is nil when keysOnly. Key and value are f's to keep. A
// damaged value ends the scan with ErrDamaged: nothing is skipped. An error of f ends it and is returned as is. f may
// not write in tx.
func (tx *Tx) Scan(prefix []byte, keysOnly bool, f func(key, value []byte) error) error {
	o := badger.DefaultIteratorOptions
	o.PrefetchValues = false // values may be megabytes; reading ahead would pile them up
	o.Prefix = prefix
	it := tx.txn.NewIterator(o)
	defer it.Close()
	for it.Rewind(); it.Valid(); it.Next() {
		item := it.Item()
		key := item.KeyCopy(nil)
		if len(key) > 0 && key[0] == 0 {
			continue
		}
		var value []byte
		if !keysOnly {
			var err error
			if value, err = tx.open(item, key); err != nil {
				return err
			}
		}
		if err := f(key, value); err != nil {
			return err
		}
	}
	return nil
}

func checkKey(key []byte) error {
	if len(key) == 0 || len(key) > maxKeyBytes || key[0] == 0 {
		return fmt.Errorf("%w: %.40q", ErrKey, key)
	}
	return nil
}
