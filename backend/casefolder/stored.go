package casefolder

import (
	"encoding/binary"
	"errors"
	"fmt"

	"adjutant/backend/store"
)

// stored is what could be read of the second copy, store/record.
type stored struct {
	entries map[uint64][]byte // by position, of one that was set aside; else they are read one by one (survey.go)
	damaged []uint64          // positions whose value does not pass its seal
	last    uint64            // greatest position there is a trace of
	meta    string            // what is wrong with the note of the newest position, or ""
	values  map[string]mirrored
	bad     map[string]bool // keys of mirrored values that do not pass their seal
	version uint64          // of the newest change of a mirrored value
	fresh   bool            // store/record is new and empty; this was read from the one set aside
	agreed  bool            // entries were not read: both copies are what they were when they were known to be equal
}

func newStored() *stored {
	return &stored{entries: map[uint64][]byte{}, values: map[string]mirrored{}, bad: map[string]bool{}}
}

// readNotes reads store/record without its entries.
func readNotes(db *store.DB) (*stored, error) {
	k := newStored()
	err := db.View(func(tx *store.Tx) (err error) {
		if k.last, k.meta, err = readNumber(tx, lastEntryKey); err != nil {
			return err
		}
		return k.readValues(tx)
	})
	if err != nil {
		return nil, fmt.Errorf("casefolder: read %s: %w", recordName, err)
	}
	return k, nil
}

// readStored reads all of a store/record that is damaged as a whole, looking for entries at least up to position newest.
// Damaged values are noted; an error is a failure of the system.
func readStored(db *store.DB, newest uint64) (*stored, error) {
	k := newStored()
	err := db.View(func(tx *store.Tx) error {
		if err := k.readEntries(tx, newest); err != nil {
			return err
		}
		return k.readValues(tx)
	})
	if err != nil {
		return nil, fmt.Errorf("casefolder: read %s: %w", recordName, err)
	}
	return k, nil
}

// readNumber reads a value of 8 bytes; what is wrong with it comes back as words.
func readNumber(tx *store.Tx, key []byte) (n uint64, wrong string, err error) {
	b, err := tx.Get(key)
	switch {
	case err == nil && len(b) == 8:
		return binary.BigEndian.Uint64(b), "", nil
	case err == nil:
		return 0, "has a wrong length", nil
	case errors.Is(err, store.ErrDamaged):
		return 0, "is damaged", nil
	case errors.Is(err, store.ErrNotFound):
		return 0, "", nil
	}
	return 0, "", err
}

func (k *stored) readEntries(tx *store.Tx, newest uint64) (err error) {
	if k.last, k.meta, err = readNumber(tx, lastEntryKey); err != nil {
		return err
	}
	for n := uint64(1); ; n++ {
		v, err := tx.Get(entryKey(n))
		switch {
		case err == nil:
			k.entries[n] = v
			k.last = max(k.last, n)
		case errors.Is(err, store.ErrDamaged):
			k.damaged = append(k.damaged, n)
			k.last = max(k.last, n)
		case !errors.Is(err, store.ErrNotFound):
			return err
		case n > max(k.last, newest):
			return nil
		}
	}
}

func (k *stored) readValues(tx *store.Tx) error {
	var err error
	if k.version, _, err = readNumber(tx, lastValueKey); err != nil {
		return err
	}
	return tx.Scan(valuePrefix, true, func(dbKey, _ []byte) error {
		key := string(dbKey[len(valuePrefix):])
		v, err := tx.Get(dbKey)
		switch {
		case err == nil && len(v) >= 8:
			k.values[key] = mirrored{binary.BigEndian.Uint64(v), v[8:]}
			k.version = max(k.version, binary.BigEndian.Uint64(v))
		case err == nil || errors.Is(err, store.ErrDamaged):
			k.bad[key] = true
		default:
			return err
		}
		return nil
	})
}
