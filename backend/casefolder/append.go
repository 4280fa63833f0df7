package casefolder

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"

	"adjutant/backend/casefolder/durable"
	"adjutant/backend/casefolder/entrylog"
	"adjutant/backend/store"
)

// Append writes an entry behind all others. When it returns nil the entry is on the disk twice. After an error that
// leaves the two copies in doubt every further Append returns ErrBroken until the case is opened again.
// Errors: ErrDiskFull, ErrTooLarge, ErrBroken, ErrClosed, ctx's when it is done already.
func (f *Folder) Append(ctx context.Context, r Raw) error {
	_, err := f.AppendAll(ctx, []Raw{r})
	return err
}

// AppendAll writes entries behind all others, in their order, many with one sync: a merge brings thousands. It returns how
// many of the first ones are on the disk twice; they are the prefix that is there at the next opening, possibly with some
// more that had not been acknowledged, never with a hole. An entry that is there already
// may be given again with a body that was missing: both stand in the folder, and whoever reads them joins them.
// Errors: as Append.
func (f *Folder) AppendAll(ctx context.Context, all []Raw) (done int, err error) {
	for _, r := range all {
		if len(r.Line) == 0 || len(r.Line) > MaxEntryBytes || len(r.Body) > MaxEntryBytes || len(r.Author) > 1<<10 {
			return 0, fmt.Errorf("%w: entry of %d + %d bytes, at most %d each", ErrTooLarge, len(r.Line), len(r.Body), MaxEntryBytes)
		}
	}
	for done < len(all) {
		n, err := f.appendSome(ctx, all[done:])
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// appendSome writes as many of the first entries as fit into one step: all of them or none.
func (f *Folder) appendSome(ctx context.Context, all []Raw) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.writable(); err != nil {
		return 0, err
	}
	heads := maps.Clone(f.heads)
	var encoded [][]byte
	size := 0
	for _, r := range all {
		addHead(heads, r)
		b := encodeEntry(r, heads)
		if size += len(b); len(encoded) > 0 && (size > maxStepBytes || len(encoded) >= maxStepEntries) {
			break
		}
		encoded = append(encoded, b)
	}
	if err := durable.Room(f.dir, int64(2*size)); err != nil {
		return 0, err
	}
	first := f.last + 1
	if err := f.appendBoth(first, encoded); err != nil {
		return 0, fmt.Errorf("casefolder: append entry %d: %w", first, err)
	}
	f.last += uint64(len(encoded))
	f.count += len(encoded)
	for _, r := range all[:len(encoded)] {
		addHead(f.heads, r)
	}
	return len(encoded), nil
}

func (f *Folder) writable() error {
	if f.closed {
		return ErrClosed
	}
	if f.broken != nil {
		return fmt.Errorf("%w (%w)", ErrBroken, f.broken)
	}
	return durable.Room(f.dir, 0)
}

func (f *Folder) appendBoth(first uint64, encoded [][]byte) error {
	if err := f.log.AppendAll(first, encoded...); err != nil {
		if errors.Is(err, entrylog.ErrBroken) {
			f.broken = err
		}
		return err
	}
	if err := putEntries(f.record, first, encoded); err != nil {
		lengths := make([]int, len(encoded))
		for i, b := range encoded {
			lengths[i] = len(b)
		}
		undone := f.log.Undo(lengths...)
		if !errors.Is(err, store.ErrFull) || undone != nil {
			// Badger may or may not have it. Taking it off the log and stopping leaves one question for the next opening,
			// which compares; going on would let two entries claim one place in their author's chain.
			f.broken = errors.Join(err, undone)
		}
		return errors.Join(noRoom(err), undone)
	}
	return nil
}

// putEntries writes entries and the note of the newest position in one transaction: what it notes, both copies have had.
func putEntries(db *store.DB, first uint64, encoded [][]byte) error {
	return db.Update(context.Background(), func(tx *store.Tx) error {
		for i, b := range encoded {
			if err := tx.Set(entryKey(first+uint64(i)), b); err != nil {
				return err
			}
		}
		return tx.Set(lastEntryKey, binary.BigEndian.AppendUint64(nil, first+uint64(len(encoded))-1))
	})
}
