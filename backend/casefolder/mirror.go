package casefolder

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"adjutant/backend/casefolder/entrylog"
	"adjutant/backend/store"
)

// mirror keeps small values by key in memory and on the disk twice: as changes in drafts.log and as values in
// store/record. Each change has a version; when the copies differ, the greater version is the newer one.
//
// A frame of drafts.log: version uvarint · 1 (set) or 2 (delete) · key · value, lengths as uvarints. Frame numbers are
// contiguous; writing the log anew (when most of it is superseded) numbers from 1 again, versions stay.
// A value in store/record: version, 8 bytes · value.
type mirror struct {
	log     *entrylog.Log
	db      *store.DB
	values  map[string]mirrored
	version uint64 // of the newest change
	frames  uint64 // number of the newest frame
	broken  error
	rewrite func([]entrylog.Frame) (*entrylog.Log, error) // puts a log of these frames in the place of the present one
}

type mirrored struct {
	version uint64
	value   []byte
}

const (
	opSet    = 1
	opDelete = 2
)

func (f *Folder) newMirror(log *entrylog.Log) *mirror {
	return &mirror{log: log, db: f.record, values: map[string]mirrored{},
		rewrite: func(frames []entrylog.Frame) (*entrylog.Log, error) {
			return entrylog.Rewrite(f.path(draftsName), f.keys.drafts, f.rand, func(write func(entrylog.Frame) error) error {
				for _, fr := range frames {
					if err := write(fr); err != nil {
						return err
					}
				}
				return nil
			})
		}}
}

func encodeChange(version uint64, op byte, key string, value []byte) []byte {
	b := binary.AppendUvarint(make([]byte, 0, len(key)+len(value)+24), version)
	b = appendBytes(append(b, op), key)
	return appendBytes(b, value)
}

func decodeChange(b []byte) (version uint64, op byte, key string, value []byte, ok bool) {
	c := cutter{b: b}
	version = c.uvarint()
	if o := c.take(1); !c.bad {
		op = o[0]
	}
	key, value = string(c.bytes()), c.bytes()
	return version, op, key, value, !c.bad && len(c.b) == 0 && (op == opSet || op == opDelete)
}

// load takes what the log holds, compares it with the store, mends both and tells what it found.
func (m *mirror) load(frames []entrylog.Frame, damage []entrylog.Damage, kept *stored, note func(Problem)) error {
	gone := map[string]uint64{} // version of the newest delete in the log
	for _, fr := range frames {
		version, op, key, value, ok := decodeChange(fr.Data)
		if !ok {
			damage = append(damage, entrylog.Damage{Number: fr.Number, Text: fmt.Sprintf("frame %d is not a change", fr.Number)})
			continue
		}
		m.version, m.frames = max(m.version, version), fr.Number
		if op == opDelete {
			delete(m.values, key)
			gone[key] = version
		} else {
			m.values[key] = mirrored{version, value}
		}
	}
	logVersion := m.version
	m.version = max(m.version, kept.version)
	back := 0
	for key, s := range kept.values {
		if s.version > m.values[key].version && s.version > gone[key] {
			m.values[key] = s
			back++
		}
	}
	// A value that the log still has and the store, being newer than that value, has not: its delete was lost in the log.
	for key, v := range m.values {
		if _, ok := kept.values[key]; !ok && len(damage) > 0 && kept.version > v.version && !kept.bad[key] && !kept.fresh {
			delete(m.values, key)
		}
	}
	m.tell(damage, kept, back, logVersion, note)
	if err := m.mendStore(kept); err != nil {
		return fmt.Errorf("casefolder: mend %s: %w", recordName, noRoom(err))
	}
	if len(damage) > 0 || back > 0 || m.version != logVersion {
		return m.compact()
	}
	return m.compactIfLarge()
}

// tell names what was found. Words of people are not in it: only that a draft was hit.
func (m *mirror) tell(damage []entrylog.Damage, kept *stored, back int, logVersion uint64, note func(Problem)) {
	for _, d := range damage {
		p := Problem{File: draftsName, Text: fmt.Sprintf("%s at byte %d (%d bytes)", d.Text, d.Offset, d.Length)}
		switch {
		case d.Torn:
			p.Text, p.Mended = fmt.Sprintf("the last %d bytes were a draft whose saving had been cut short; removed", d.Length), true
		case d.Number == 0 && d.Offset == 0 && d.Length > 0: // the file header
			p.Text, p.Mended = p.Text+"; written again", true
		case kept.version >= logVersion && kept.version > 0:
			p.Text, p.Mended = p.Text+"; taken from "+recordName, true
		default:
			p.Text += "; one saved state of a draft is lost, unless a later one replaced it"
		}
		note(p)
	}
	for _, key := range slices.Sorted(maps.Keys(kept.bad)) {
		p := Problem{File: recordName, Text: fmt.Sprintf("a saved value (%.100q) is damaged", key)}
		if _, ok := m.values[key]; ok {
			p.Text, p.Mended = p.Text+"; taken from "+draftsName, true
		}
		note(p)
	}
	switch {
	case len(damage) == 0 && back > 0:
		note(Problem{File: draftsName, Text: fmt.Sprintf("%d drafts were missing; taken from %s", back, recordName), Mended: true})
	case kept.version < logVersion && !kept.fresh:
		note(Problem{File: recordName, Text: fmt.Sprintf("the last %d changes of drafts were missing; taken from %s", logVersion-kept.version, draftsName), Mended: true})
	}
}

// mendStore makes store/record hold exactly the values in memory. The version of the newest change comes last, so that a
// mending that is cut short is done again.
func (m *mirror) mendStore(kept *stored) error {
	var set, gone []string
	for _, key := range slices.Sorted(maps.Keys(m.values)) {
		if s, ok := kept.values[key]; !ok || s.version != m.values[key].version || kept.fresh {
			set = append(set, key)
		}
	}
	for _, there := range [][]string{slices.Collect(maps.Keys(kept.values)), slices.Collect(maps.Keys(kept.bad))} {
		for _, key := range there {
			if _, ok := m.values[key]; !ok {
				gone = append(gone, key)
			}
		}
	}
	if len(set)+len(gone) == 0 && !kept.fresh && kept.version == m.version {
		return nil
	}
	for done := false; !done; {
		err := m.db.Update(context.Background(), func(tx *store.Tx) error {
			for size := 0; size < maxStepBytes/2 && len(set)+len(gone) > 0; {
				if len(set) == 0 {
					if err := tx.Delete(storeKey(gone[0])); err != nil {
						return err
					}
					size, gone = size+len(gone[0])+64, gone[1:]
					continue
				}
				v := storeValue(m.values[set[0]])
				if err := tx.Set(storeKey(set[0]), v); err != nil {
					return err
				}
				size, set = size+len(set[0])+len(v)+64, set[1:]
			}
			if done = len(set)+len(gone) == 0; !done {
				return nil
			}
			return tx.Set(lastValueKey, binary.BigEndian.AppendUint64(nil, m.version))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func storeKey(key string) []byte { return append(slices.Clone(valuePrefix), key...) }

func storeValue(v mirrored) []byte {
	return append(binary.BigEndian.AppendUint64(nil, v.version), v.value...)
}

func (m *mirror) set(key string, value []byte) error {
	return m.change(opSet, key, slices.Clone(value))
}

func (m *mirror) remove(key string) error {
	if _, ok := m.values[key]; !ok {
		return nil
	}
	return m.change(opDelete, key, nil)
}

func (m *mirror) change(op byte, key string, value []byte) error {
	if m.broken != nil {
		return fmt.Errorf("%w (%w)", ErrBroken, m.broken)
	}
	version := m.version + 1
	b := encodeChange(version, op, key, value)
	if err := m.log.Append(m.frames+1, b); err != nil {
		return err
	}
	err := m.db.Update(context.Background(), func(tx *store.Tx) error {
		var err error
		if op == opSet {
			err = tx.Set(storeKey(key), storeValue(mirrored{version, value}))
		} else {
			err = tx.Delete(storeKey(key))
		}
		if err != nil {
			return err
		}
		return tx.Set(lastValueKey, binary.BigEndian.AppendUint64(nil, version))
	})
	if err != nil {
		undone := m.log.Undo(len(b))
		if !errors.Is(err, store.ErrFull) || undone != nil {
			m.broken = errors.Join(err, undone) // see appendBoth
		}
		return errors.Join(noRoom(err), undone)
	}
	m.version, m.frames = version, m.frames+1
	if op == opSet {
		m.values[key] = mirrored{version, value}
	} else {
		delete(m.values, key)
	}
	return m.compactIfLarge()
}

// compactIfLarge writes the log anew when it is mostly superseded changes. A failure of that is no failure of the change
// that came before it: the old log is still there.
func (m *mirror) compactIfLarge() error {
	if m.log.Size() < draftsCompactBytes {
		return nil
	}
	alive := int64(0)
	for key, v := range m.values {
		alive += int64(len(key) + len(v.value) + 64)
	}
	if m.log.Size() < alive*draftsCompactRatio {
		return nil
	}
	if err := m.compact(); err != nil && !errors.Is(err, ErrDiskFull) {
		return err
	}
	return nil
}

func (m *mirror) compact() error {
	keys := slices.SortedFunc(maps.Keys(m.values), func(a, b string) int {
		return int(int64(m.values[a].version) - int64(m.values[b].version))
	})
	var frames []entrylog.Frame
	newest := uint64(0)
	for _, key := range keys {
		v := m.values[key]
		newest = max(newest, v.version)
		frames = append(frames, entrylog.Frame{Number: uint64(len(frames) + 1), Data: encodeChange(v.version, opSet, key, v.value)})
	}
	if newest < m.version { // the newest change was a delete: keep its version, or an older store would look newer
		frames = append(frames, entrylog.Frame{Number: uint64(len(frames) + 1), Data: encodeChange(m.version, opDelete, "", nil)})
	}
	l, err := m.rewrite(frames)
	if err != nil {
		return fmt.Errorf("casefolder: write %s again: %w", draftsName, err)
	}
	old := m.log
	m.log, m.frames = l, uint64(len(frames))
	return old.Close()
}

func (m *mirror) close() error {
	if m.log == nil {
		return nil
	}
	return m.log.Close()
}
