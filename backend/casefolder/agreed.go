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

// noteAgreed notes at closing that both copies hold the same: opening has compared them, and every append since wrote both.
// When the note cannot be written, for instance because the disk is full, the next opening compares everything.
func (f *Folder) noteAgreed() {
	if f.record == nil || f.log == nil || f.broken != nil || f.last == 0 || uint64(f.count) != f.last {
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
// returned and stands among Problems from then on; the next opening mends it. see, which may be nil, is given every entry in
// append order as it was read: from entries.log, or where that is damaged from store/record. A block is see's until it
// returns. Entries that are appended meanwhile are not looked at. Errors: ErrClosed, ctx's, see's, or the system's.
func (f *Folder) Compare(ctx context.Context, see func(block []Raw) error) ([]Problem, error) {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return nil, ErrClosed
	}
	c := comparison{ctx: ctx, see: see, copies: copies{kept: newStored(), record: f.record}, last: f.last, lost: f.lost, next: 1}
	size, want := f.log.Size(), f.log.Digest()
	f.mu.Unlock()
	if see == nil {
		c.see = func([]Raw) error { return nil }
	}
	var digest [sha256.Size]byte
	var damage []entrylog.Damage
	var logErr error
	err := f.record.View(func(tx *store.Tx) error {
		c.tx = tx
		digest, damage, logErr = entrylog.Read(f.path(entriesName), f.keys.entries, size, c.block)
		if logErr != nil && !errors.Is(logErr, entrylog.ErrUnreadable) {
			return logErr
		}
		return c.block(nil)
	})
	if err != nil {
		return nil, fmt.Errorf("casefolder: compare: %w", err)
	}
	var found []Problem
	note := func(file, format string, a ...any) {
		found = append(found, Problem{File: file, Text: fmt.Sprintf(format, a...) + "; closing and opening the case mends it from the other copy"})
	}
	if logErr != nil {
		note(entriesName, "unreadable (%v)", logErr)
	}
	for _, d := range damage {
		note(entriesName, "%s at byte %d (%d bytes)", d.Text, d.Offset, d.Length)
	}
	if logErr == nil && len(damage) == 0 && digest != want {
		note(entriesName, "it is not the log that this program has written and read")
	}
	for _, text := range c.found {
		note(recordName, "%s", text)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.doubted = f.doubted || len(found) > 0
	f.problems = append(f.problems, found...)
	return found, nil
}

// comparison is one Compare under way.
type comparison struct {
	copies
	ctx   context.Context
	tx    *store.Tx
	see   func([]Raw) error
	last  uint64 // position of the newest entry
	lost  []uint64
	next  uint64 // position that comes next
	found []string
}

// block compares frames of the log with their second copies; nil stands for its end.
func (c *comparison) block(frames []entrylog.Frame) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	var raws []Raw
	alone := func(to uint64) error { // what the log has not
		for ; c.next < to; c.next++ {
			if slices.Contains(c.lost, c.next) {
				continue // in both copies: opening has named it
			}
			b, err := c.second(c.tx, c.next)
			if err := c.weigh(c.next, nil, b, err, &raws); err != nil {
				return err
			}
		}
		return nil
	}
	seconds, errs := c.seconds(c.tx, frames)
	for i, fr := range frames {
		if fr.Number > c.last {
			break // the digest says so
		}
		if err := alone(fr.Number); err != nil {
			return err
		}
		if err := c.weigh(fr.Number, fr.Data, seconds[i], errs[i], &raws); err != nil {
			return err
		}
		c.next = fr.Number + 1
	}
	if frames == nil {
		if err := alone(c.last + 1); err != nil {
			return err
		}
	}
	if len(raws) == 0 {
		return nil
	}
	return c.see(raws)
}

// weigh compares what the two copies have of an entry, and keeps what is to be believed.
func (c *comparison) weigh(n uint64, first, second []byte, err error, raws *[]Raw) error {
	r, _, ferr := decodeEntry(first)
	switch {
	case errors.Is(err, store.ErrDamaged):
		c.found = append(c.found, fmt.Sprintf("entry %d is damaged", n))
	case errors.Is(err, store.ErrNotFound):
		c.found = append(c.found, fmt.Sprintf("entry %d is missing", n))
	case err != nil:
		return err
	default:
		s, _, serr := decodeEntry(second)
		if serr != nil || ferr == nil && !bytes.Equal(first, second) {
			c.found = append(c.found, fmt.Sprintf("entry %d differs from %s", n, entriesName))
		}
		if ferr != nil {
			r, ferr = s, serr
		}
	}
	if ferr == nil {
		*raws = append(*raws, r)
	}
	return nil
}
