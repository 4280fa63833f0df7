package casefolder

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"adjutant/backend/casefolder/entrylog"
	"adjutant/backend/store"
)

// A quick opening. Closing a case notes in store/record, sealed like every value there, how many entries both copies hold
// and the digest of entries.log. When store/record had been closed, its files are as they were left, and entries.log is
// whole and has this digest, then both copies are what they were when they were last known to be equal, and the entries of
// store/record need not be read one by one. At every opening these are compared:
//
//   - every frame of entries.log is decrypted and authenticated; one flipped byte leads to the whole comparison;
//   - the digest over all frames, so that an older or another log does not pass for this one;
//   - Badger's files by size, and all but older value logs by hash (store's INVENTORY); HEAD, and the note itself, by seal.
//
// Left to Compare (record verify), and to the next whole comparison, are the values in older value logs of store/record:
// each is sealed by itself, so that a flipped byte there is named when it is read, and mended from entries.log. After an
// end that was no closing, and whenever one of the above does not fit, everything is read and compared.
//
// The note is 8 bytes number of entries, 32 bytes digest.

// agreedOn reports that the note is about a log of this many entries that is the present one.
func (f *Folder) agreedOn(newest uint64) bool {
	want := f.agreement(newest)
	same := false
	err := f.record.View(func(tx *store.Tx) error {
		b, err := tx.Get(agreedKey)
		same = string(b) == string(want)
		return err
	})
	return err == nil && same
}

func (f *Folder) agreement(newest uint64) []byte {
	d := f.log.Digest()
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, 8+sha256.Size), newest), d[:]...)
}

// readAgreed reads store/record without its entries.
func readAgreed(db *store.DB, newest uint64) (*stored, error) {
	k := newStored()
	err := db.View(func(tx *store.Tx) (err error) {
		if k.last, k.meta, err = readNumber(tx, lastEntryKey); err != nil {
			return err
		}
		return k.readValues(tx)
	})
	if err == nil && (k.last != newest || k.meta != "") {
		return readStored(db, newest)
	}
	if err != nil {
		return nil, fmt.Errorf("casefolder: read %s: %w", recordName, err)
	}
	k.agreed = true
	return k, nil
}

// noteAgreed notes at closing that both copies hold the same: opening has compared them, and every append since wrote both.
// When the note cannot be written, for instance because the disk is full, the next opening compares everything.
func (f *Folder) noteAgreed() {
	if f.record == nil || f.log == nil || f.broken != nil || f.last == 0 || uint64(len(f.entries)) != f.last {
		return
	}
	if f.doubted {
		f.record.Update(context.Background(), func(tx *store.Tx) error { return tx.Delete(agreedKey) }) //nolint:errcheck // what it says was found false; Compare says so each time
		return
	}
	if f.agreedOn(f.last) {
		return
	}
	note := f.agreement(f.last)
	f.record.Update(context.Background(), func(tx *store.Tx) error { return tx.Set(agreedKey, note) }) //nolint:errcheck // see above
}

// Compare reads both copies of the record from the disk again, every entry of both, and compares them. What it finds is
// returned and stands among Problems from then on; the next opening mends it. Errors: ErrClosed, ctx's, or the system's.
func (f *Folder) Compare(ctx context.Context) ([]Problem, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, ErrClosed
	}
	digest, damage, err := entrylog.Check(f.path(entriesName), f.keys.entries)
	if err != nil && !errors.Is(err, entrylog.ErrUnreadable) {
		return nil, fmt.Errorf("casefolder: compare: %w", err)
	}
	var found []Problem
	note := func(file, format string, a ...any) {
		found = append(found, Problem{File: file, Text: fmt.Sprintf(format, a...) + "; closing and opening the case mends it from the other copy"})
	}
	if err != nil {
		note(entriesName, "unreadable (%v)", err)
	}
	for _, d := range damage {
		note(entriesName, "%s at byte %d (%d bytes)", d.Text, d.Offset, d.Length)
	}
	if err == nil && len(damage) == 0 && digest != f.log.Digest() {
		note(entriesName, "it is not the log that this program has written and read")
	}
	err = f.record.View(func(tx *store.Tx) error { return f.compareStored(ctx, tx, note) })
	if err != nil {
		return nil, fmt.Errorf("casefolder: compare %s: %w", recordName, err)
	}
	f.doubted = f.doubted || len(found) > 0
	f.problems = append(f.problems, found...)
	return found, nil
}

// compareStored compares each entry of store/record with the one in memory, which is what entries.log says.
func (f *Folder) compareStored(ctx context.Context, tx *store.Tx, note func(file, format string, a ...any)) error {
	entries := f.entries
	for n := uint64(1); n <= f.last; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if slices.Contains(f.lost, n) {
			continue // in both copies: opening has named it
		}
		if len(entries) == 0 {
			return fmt.Errorf("%w: entry %d is not in memory", ErrDamaged, n)
		}
		want := entries[0]
		entries = entries[1:]
		b, err := tx.Get(entryKey(n))
		switch {
		case errors.Is(err, store.ErrDamaged):
			note(recordName, "entry %d is damaged", n)
		case errors.Is(err, store.ErrNotFound):
			note(recordName, "entry %d is missing", n)
		case err != nil:
			return err
		default:
			if r, _, err := decodeEntry(b); err != nil || !r.same(want) {
				note(recordName, "entry %d differs from %s", n, entriesName)
			}
		}
	}
	return nil
}

func (r Raw) same(o Raw) bool {
	return r.Author == o.Author && r.Seq == o.Seq && bytes.Equal(r.Line, o.Line) && bytes.Equal(r.Body, o.Body) && (r.Body == nil) == (o.Body == nil)
}
