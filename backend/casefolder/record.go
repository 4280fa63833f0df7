package casefolder

import (
	"adjutant/backend/casefolder/durable"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"adjutant/backend/casefolder/entrylog"
	"adjutant/backend/store"
)

// Keys in store/record.
var (
	entryPrefix  = []byte("e/")         // + position, 8 bytes big endian
	lastEntryKey = []byte("m/entries")  // position of the newest entry, 8 bytes
	valuePrefix  = []byte("v/")         // + key of a mirrored value
	lastValueKey = []byte("m/mirrored") // version of the newest change of a mirrored value, 8 bytes
	agreedKey    = []byte("m/agreed")   // what entries.log was when both copies were last known to be equal: agreed.go
)

func entryKey(number uint64) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(nil), entryPrefix...), number)
}

// openRecord opens both copies of the record and of the mirrored values, compares them, and leaves them equal.
func (f *Folder) openRecord() error {
	var draftFrames []entrylog.Frame
	var damage, draftDamage []entrylog.Damage
	var logErr, draftErr error
	read := newPassing()
	f.log, damage, logErr = entrylog.Open(f.path(entriesName), f.keys.entries, f.rand, read.see)
	drafts, draftDamage, draftErr := entrylog.Open(f.path(draftsName), f.keys.drafts, f.rand, func(block []entrylog.Frame) error {
		for _, fr := range block {
			fr.Data = slices.Clone(fr.Data)
			draftFrames = append(draftFrames, fr)
		}
		return nil
	})
	f.drafts = f.newMirror(drafts) // so that Close closes it
	newest := read.newest()
	whole := logErr == nil && draftErr == nil && len(damage) == 0 && len(draftDamage) == 0
	kept, err := f.openRecordStore(newest, whole && uint64(len(read.numbers)) == newest, logErr)
	if err != nil {
		return err
	}
	if err := f.compareEntries(read, damage, logErr, kept); err != nil {
		return err
	}
	if draftErr != nil {
		draftDamage = append(draftDamage, entrylog.Damage{Text: "unreadable as a whole (" + draftErr.Error() + ")"})
		if drafts, err = entrylog.Rewrite(f.path(draftsName), f.keys.drafts, f.rand, func(func(entrylog.Frame) error) error { return nil }); err != nil {
			return err
		}
		f.drafts = f.newMirror(drafts)
	}
	f.drafts.db = f.record
	return f.drafts.load(draftFrames, draftDamage, kept, f.note)
}

// openRecordStore opens store/record and reads it. One that is damaged as a whole is set aside and made again;
// compareEntries and load then fill the new one. When the logs are not whole either, it is read first as far as it goes.
func (f *Folder) openRecordStore(newest uint64, logsWhole bool, logErr error) (*stored, error) {
	_, err := os.Stat(f.path(recordName))
	if err == nil {
		if f.record, err = f.openStore(recordName, f.keys.recordStore); err == nil {
			kept, err := readNotes(f.record)
			if err != nil {
				return nil, err
			}
			kept.agreed = logsWhole && f.record.WasClosed() && f.agreedOn(newest) && kept.last == newest && kept.meta == ""
			return kept, nil
		}
	}
	missing := errors.Is(err, fs.ErrNotExist)
	if !missing && !errors.Is(err, store.ErrDamaged) {
		return nil, fmt.Errorf("casefolder: open %s: %w", recordName, err)
	}
	kept := newStored()
	text := "missing"
	if !missing {
		if !logsWhole {
			kept = f.salvage(newest)
		}
		aside, aerr := setAside(f.path(recordName))
		if aerr != nil {
			return nil, aerr
		}
		text = fmt.Sprintf("%v; set aside as %s", err, aside)
	}
	if logErr != nil && len(kept.entries) == 0 {
		return nil, fmt.Errorf("%w: both copies of the record are unreadable: %s: %w; %s: %w",
			ErrDamaged, entriesName, logErr, recordName, err)
	}
	kept.fresh = true
	if f.record, err = f.openStore(recordName, f.keys.recordStore); err != nil {
		return nil, fmt.Errorf("casefolder: open %s: %w", recordName, err)
	}
	f.note(Problem{File: recordName, Text: text + "; made again", Mended: true})
	return kept, nil
}

// salvage reads what is left of a store that does not open whole. Badger may end the process over damaged tables, from a
// goroutine of its own where nothing can catch it; the mark keeps the next opening from trying again.
func (f *Folder) salvage(newest uint64) *stored {
	mark := f.path(recordName + ".salvaging")
	if _, err := os.Lstat(mark); err == nil {
		os.Remove(mark) //nolint:errcheck // at worst the next opening is as careful as this one
		return newStored()
	}
	if err := durable.WriteFile(mark, nil); err != nil {
		return newStored()
	}
	defer os.Remove(mark) //nolint:errcheck // as above
	db, err := store.OpenDamaged(f.path(recordName), store.Keys{Badger: f.keys.recordStore[0], Seal: f.keys.recordStore[1]})
	if err != nil {
		return newStored()
	}
	kept, err := readStored(db, newest)
	if err != nil {
		kept = newStored()
	}
	if err := db.Close(); err != nil {
		f.note(Problem{File: recordName, Text: fmt.Sprintf("closing what was left of it: %v", err), Mended: true})
	}
	return kept
}

// setAside renames a file or folder out of the way, keeping it for whoever wants to look.
func setAside(path string) (string, error) {
	for n := 1; ; n++ {
		to := fmt.Sprintf("%s.damaged-%d", path, n)
		if _, err := os.Lstat(to); err == nil {
			continue
		}
		if err := os.Rename(path, to); err != nil {
			return "", fmt.Errorf("casefolder: set damaged file aside: %w", noRoom(err))
		}
		return to[strings.LastIndexByte(to, os.PathSeparator)+1:], nil
	}
}

// compareEntries makes the two copies of the record equal. Where only one has an entry, the other gets it; where both
// lost it, the loss is named, at this and every later opening.
func (f *Folder) compareEntries(read *passing, damage []entrylog.Damage, logErr error, kept *stored) error {
	if kept.agreed && read.decodable {
		f.last = kept.last
		f.takeAsRead(read)
		return nil
	}
	c, err := f.survey(read, kept)
	if err != nil {
		return err
	}
	f.last = uint64(len(c.have))
	f.cutUnacknowledged(c, damage)
	var all, toStore, lost []uint64
	toLog := 0
	for n := uint64(1); n <= f.last; n++ {
		h := c.have[n-1]
		switch {
		case h.log && h.store && h.differ:
			// Both are whole and sealed with the case's key: only a restored older copy of one of them does that.
			f.note(Problem{File: recordName, Text: fmt.Sprintf("entry %d differs from %s, which was taken; one of the two is from an older copy of the case", n, entriesName)})
			toStore = append(toStore, n)
		case h.log && !h.store || kept.fresh && (h.log || h.store):
			toStore = append(toStore, n)
		}
		switch {
		case h.log:
			all = append(all, n)
		case h.store:
			toLog++
			all = append(all, n)
		default:
			lost = append(lost, n)
		}
	}
	if read.decodable && logErr == nil && len(damage) == 0 && toLog+len(lost) == 0 {
		f.takeAsRead(read)
	} else if err := f.take(c, all, lost); err != nil {
		return err
	}
	if err := f.mendStore(c, toStore); err != nil {
		return err
	}
	return f.mendLog(c, all, toLog, damage, logErr)
}

// cutUnacknowledged leaves out the rest of a step that a power cut tore: its frames lie behind everything that the store
// has, and one of them is not whole. None of them was acknowledged. The log as it was is kept aside all the same.
func (f *Folder) cutUnacknowledged(c *copies, damage []entrylog.Damage) {
	kept := c.kept
	if len(damage) == 0 || kept.fresh || kept.meta != "" || f.last <= kept.last || f.last-kept.last > maxStepEntries {
		return
	}
	for n := kept.last + 1; n <= f.last; n++ {
		if c.have[n-1].frame {
			continue
		}
		f.torn, f.last = int(f.last-n), n-1
		return
	}
}

// takeAsRead takes the log as it passed by when it was read: it has every entry.
func (f *Folder) takeAsRead(read *passing) {
	f.count, f.heads = len(read.numbers), read.heads
}

// take counts the entries and names what was lost in both copies.
func (f *Folder) take(c *copies, all, lost []uint64) error {
	seen := map[string]uint64{} // newest seq per author among the entries that are left
	named := map[string]bool{}
	name := func(author string, seq uint64) {
		text := fmt.Sprintf("entry %d of author %s is lost in both copies", seq, author)
		if !named[text] {
			named[text] = true
			f.note(Problem{File: entriesName, Text: text})
		}
	}
	f.lost = lost
	for _, n := range lost {
		f.note(Problem{File: entriesName, Text: fmt.Sprintf("the entry at place %d is lost in both copies", n)})
	}
	for _, n := range all {
		b, err := c.data(n)
		if err != nil {
			return err
		}
		r, heads, err := decodeEntry(b)
		if err != nil {
			continue // the survey has admitted only what decodes
		}
		f.count++
		addHead(f.heads, r)
		if len(lost) == 0 {
			continue
		}
		heads[r.Author] = head{seq: r.Seq}
		for _, a := range sortedAuthors(heads) {
			from := seen[a] + 1
			to := heads[a].seq
			if a == r.Author {
				to = r.Seq - 1
			}
			for s := from; a != "" && r.Seq > 0 && s <= to && s-from < maxNamed; s++ {
				name(a, s)
			}
			seen[a] = max(seen[a], heads[a].seq)
		}
	}
	return nil
}

// maxNamed bounds how many lost entries of one gap are named one by one.
const maxNamed = 100

func sortedAuthors(m map[string]head) []string {
	out := make([]string, 0, len(m))
	for a := range m {
		out = append(out, a)
	}
	sort.Strings(out)
	return out
}

// mendStore writes entries that store/record lacks.
func (f *Folder) mendStore(c *copies, missing []uint64) error {
	kept := c.kept
	if len(missing) == 0 && kept.meta == "" && kept.last >= f.last {
		return nil
	}
	for at := 0; at < len(missing); {
		first, size := missing[at], 0
		var run [][]byte
		for ; at < len(missing) && missing[at] == first+uint64(len(run)) && len(run) < maxStepEntries; at++ {
			b, err := c.data(missing[at])
			if err != nil {
				return err
			}
			if size > 0 && size+len(b) > maxStepBytes {
				break
			}
			run, size = append(run, b), size+len(b)
		}
		if err := putEntries(f.record, first, run); err != nil {
			return fmt.Errorf("casefolder: mend %s: %w", recordName, noRoom(err))
		}
	}
	if f.last > 0 {
		err := f.record.Update(context.Background(), func(tx *store.Tx) error {
			return tx.Set(lastEntryKey, binary.BigEndian.AppendUint64(nil, f.last))
		})
		if err != nil {
			return fmt.Errorf("casefolder: mend %s: %w", recordName, noRoom(err))
		}
	}
	switch {
	case kept.fresh: // said by openRecordStore
	case len(missing) == 0:
		f.note(Problem{File: recordName, Text: "the note of the newest entry " + kept.meta + "; written again", Mended: true})
	case missing[0] == f.last-uint64(len(missing))+1 && len(missing) <= maxStepEntries && len(kept.damaged) == 0:
		what := fmt.Sprintf("writing entry %d", f.last)
		if n := len(missing); n > 1 {
			what = fmt.Sprintf("writing the last %d entries", n)
		}
		f.note(Problem{File: recordName, Text: fmt.Sprintf("%s had been cut short; finished from %s", what, entriesName), Mended: true})
	default:
		f.note(Problem{File: recordName, Text: fmt.Sprintf("lost %s; taken from %s", places(missing), entriesName), Mended: true})
	}
	return nil
}

// mendLog writes entries.log again when it is not exactly the entries there are.
func (f *Folder) mendLog(c *copies, all []uint64, toLog int, damage []entrylog.Damage, logErr error) error {
	if toLog == 0 && len(damage) == 0 && logErr == nil {
		return nil
	}
	torn := toLog == 0 && logErr == nil
	for _, d := range damage {
		torn = torn && d.Torn
	}
	if torn {
		if err := f.log.Cut(); err != nil {
			return fmt.Errorf("casefolder: mend %s: %w", entriesName, err)
		}
		for _, d := range damage {
			f.note(Problem{File: entriesName, Mended: true, Text: fmt.Sprintf(
				"the last %d bytes were an append that had been cut short before it was acknowledged; removed", d.Length)})
		}
		return nil
	}
	path := f.path(entriesName)
	if f.log != nil { // its frames are read from another handle: Windows replaces no file that stays open
		if err := f.log.Close(); err != nil {
			return fmt.Errorf("casefolder: mend %s: %w", entriesName, err)
		}
	}
	if f.torn > 0 {
		aside, err := setAside(path)
		if err != nil {
			return err
		}
		path = filepath.Join(f.dir, aside)
		f.note(Problem{File: entriesName, Mended: true, Text: fmt.Sprintf(
			"the power went while entries were being written; %d that had not been acknowledged stand behind a gap and are left out; the file as it was is kept as %s", f.torn, aside)})
	}
	l, err := entrylog.Rewrite(f.path(entriesName), f.keys.entries, f.rand, c.frames(all, path))
	if err != nil {
		return fmt.Errorf("casefolder: mend %s: %w", entriesName, err)
	}
	f.log = l
	complete := uint64(len(all)) == f.last
	if logErr != nil {
		f.note(Problem{File: entriesName, Text: fmt.Sprintf("unreadable (%v); written again from %s", logErr, recordName), Mended: complete})
	}
	for _, d := range damage {
		f.note(Problem{File: entriesName, Mended: complete, Text: fmt.Sprintf("%s at byte %d (%d bytes); written again from %s", d.Text, d.Offset, d.Length, recordName)})
	}
	if toLog > 0 && len(damage) == 0 && logErr == nil {
		f.note(Problem{File: entriesName, Text: fmt.Sprintf("%d entries were missing; written again from %s", toLog, recordName), Mended: complete})
	}
	return nil
}

// places words positions: "entry 4", "entries 4, 5, 9 and 17 more".
func places(numbers []uint64) string {
	const most = 8
	var b strings.Builder
	b.WriteString("entries ")
	if len(numbers) == 1 {
		return fmt.Sprintf("entry %d", numbers[0])
	}
	for i, n := range numbers {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(numbers)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%d", n)
	}
	return b.String()
}
