package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"
)

// tally sums up the store after a transaction: how many transactions there were, how many keys live, and the wrapping sum
// of their marks. It is written in every transaction under tallyKeyName, so that it is always as new as the data, and is
// compared with a walk over all keys after an unclean end. Old versions coming back change a counter, and so the sum.
type tally struct {
	seq   uint64
	keys  uint64
	sumLo uint64
	sumHi uint64
}

// tallyKeyName is the one reserved key. Keys of callers may not start with a zero byte.
var tallyKeyName = []byte{0, 't'}

func (t *tally) add(s *sealer, counter byte, key []byte) {
	a, b := s.mark(counter, key)
	t.keys++
	t.sumLo += a
	t.sumHi += b
}

func (t *tally) remove(s *sealer, counter byte, key []byte) {
	a, b := s.mark(counter, key)
	t.keys--
	t.sumLo -= a
	t.sumHi -= b
}

func (t tally) bytes() []byte {
	b := make([]byte, 0, 32)
	for _, v := range []uint64{t.seq, t.keys, t.sumLo, t.sumHi} {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	return b
}

func parseTally(b []byte) (t tally, err error) {
	if len(b) != 32 {
		return t, errSeal
	}
	for i, p := range []*uint64{&t.seq, &t.keys, &t.sumLo, &t.sumHi} {
		*p = binary.LittleEndian.Uint64(b[8*i:])
	}
	return t, nil
}

// putTally writes the tally of a transaction. Its counter byte is fixed: HEAD guards its age.
func (tx *Tx) putTally() error {
	e := badger.NewEntry(tallyKeyName, tx.db.seal.seal(forValue, 0, tallyKeyName, tx.tally.bytes()))
	return tx.set(e)
}

// check compares the opened Badger with HEAD and, after an unclean end, with its own tally.
func (db *DB) check(was headState, clean, damaged bool) error {
	txn := db.b.NewTransaction(false)
	defer txn.Discard()
	err := db.readTally(txn)
	if damaged {
		if err != nil || db.last.seq < was.acknowledged {
			db.last.seq = was.acknowledged
		}
		db.last, err = db.count(txn, db.last.seq)
		return err
	}
	if err != nil {
		return err
	}
	if db.last.seq < was.acknowledged {
		return &DamageError{File: db.dir, Cause: fmt.Errorf("the last %d of %d acknowledged transactions are missing",
			was.acknowledged-db.last.seq, was.acknowledged)}
	}
	if clean {
		return nil
	}
	found, err := db.count(txn, db.last.seq)
	if err != nil {
		return err
	}
	if found != db.last {
		return &DamageError{File: db.dir, Cause: fmt.Errorf("%d keys expected, %d found, or older versions came back",
			db.last.keys, found.keys)}
	}
	return nil
}

func (db *DB) readTally(txn *badger.Txn) error {
	item, err := txn.Get(tallyKeyName)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil // a new store: all zero
	}
	if err != nil {
		return &DamageError{File: db.dir, Cause: err}
	}
	sealed, err := item.ValueCopy(nil)
	if err != nil {
		return &DamageError{File: db.dir, Key: tallyKeyName, Cause: err}
	}
	plain, err := db.seal.open(forValue, 0, tallyKeyName, sealed)
	if err == nil {
		db.last, err = parseTally(plain)
	}
	if err != nil {
		return &DamageError{File: db.dir, Key: tallyKeyName, Cause: err}
	}
	return nil
}

// count walks all keys without reading values.
func (db *DB) count(txn *badger.Txn, seq uint64) (tally, error) {
	t := tally{seq: seq}
	o := badger.DefaultIteratorOptions
	o.PrefetchValues = false
	it := txn.NewIterator(o)
	defer it.Close()
	for it.Rewind(); it.Valid(); it.Next() {
		key := it.Item().Key()
		if len(key) > 0 && key[0] == 0 {
			continue
		}
		t.add(db.seal, it.Item().UserMeta(), key)
	}
	return t, nil
}
