package journal

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	"adjutant/backend/event"
)

// entry reads the entry at an offset. Offsets: 16 number (8), 24 wall clock in µs (8), 32 clock since start in µs (8), 40 boot (16),
// 56 xor of hashes (8), 64 items: offset (8) and hash (8) of a value, in compact files the offset alone (4).
func (p *parser) entry(off, size int64, recovered bool) error {
	if len(p.seen) < maxSeen {
		p.seen = append(p.seen, off)
	}
	p.res.Read++
	item := int64(16)
	if p.header.has(flagCompact) {
		item = 4
	}
	count := (size - 64) / item
	if count > maxItems {
		p.res.Warn(off, fmt.Sprintf("the entry has %d values; the first %d are kept", count, maxItems))
		count = maxItems
	}
	b, err := p.file.read(off, int(64+count*item))
	if err != nil {
		return err
	}
	o := binary.LittleEndian
	head := Entry{Number: o.Uint64(b[16:]), Wall: o.Uint64(b[24:]), Boot: hex.EncodeToString(b[40:56]), Monotonic: o.Uint64(b[32:]), Series: hex.EncodeToString(p.header.seqID[:])}
	if head.Wall == 0 || head.Wall >= 1<<55 {
		p.res.Skip(reasonTime)
		p.res.Warn(off, reasonTime)
		return nil
	}
	places := make([]int64, count)
	for i := range places {
		at := 64 + int64(i)*item
		if item == 4 {
			places[i] = int64(o.Uint32(b[at:]))
		} else {
			places[i] = int64(o.Uint64(b[at:]))
		}
	}
	e := &event.Event{Parser: Name, Version: version, Locator: event.Locator{Offset: off, Length: size, Record: strconv.FormatUint(head.Number, 10)}}
	missing := 0
	for _, place := range places {
		v, err := p.values.at(place)
		if err != nil {
			return err
		}
		switch {
		case v.fault != "":
			missing++
			p.res.Warn(off, fmt.Sprintf("the value at %d %s", place, v.fault))
		default:
			head.Values = append(head.Values, Value{v.name, v.text})
			if v.name == "MESSAGE" {
				e.Set("journal.message_offset", event.KindNumber, strconv.FormatInt(place, 10))
			}
			if v.changed {
				e.Set("journal.hash_mismatch", event.KindString, v.name)
			}
		}
	}
	if missing > 0 {
		p.damaged = true
		e.Set("journal.missing_values", event.KindNumber, strconv.Itoa(missing))
	}
	if len(head.Values) == 0 {
		p.res.Skip(reasonEmpty)
		p.res.Warn(off, reasonEmpty)
		return nil
	}
	if recovered {
		p.rescued++
		e.Set("journal.recovered", event.KindBool, "true")
	}
	head.Fill(e)
	e.Sort()
	p.res.Saw(e.Times[0].At)
	p.res.Parsed++
	return p.emit(e)
}

// index reads entries that the walk has not met, by the chain of arrays that lists them: their surroundings are damaged. Arrays are
// appended, so that each stands behind the one that names it. Offsets: 16 next (8), 24 items (8 each, in compact files 4).
func (p *parser) index() error {
	item := 8
	if p.header.has(flagCompact) {
		item = 4
	}
	seen := slices.Clone(p.seen)
	slices.Sort(seen)
	met := map[int64]bool{} // by this walk: an index may name an entry twice
	for off := p.header.array; off > 0 && off%8 == 0; {
		b, err := p.file.read(off, 24)
		if err != nil {
			return err
		}
		o, ok := p.object(off, b)
		if !ok || o.kind != kindArray {
			return nil
		}
		next := int64(binary.LittleEndian.Uint64(b[16:]))
		for at := off + 24; at+int64(item) <= off+o.size; at += int64(item) {
			if err := p.ctx.Err(); err != nil {
				return err
			}
			if b, err = p.file.read(at, item); err != nil {
				return err
			}
			place := int64(binary.LittleEndian.Uint32(b))
			if item == 8 {
				place = int64(binary.LittleEndian.Uint64(b))
			}
			if place == 0 {
				break
			}
			if _, known := slices.BinarySearch(seen, place); known || met[place] || len(met) >= maxSeen {
				continue
			}
			if b, err = p.file.read(place, objectHeader); err != nil {
				return err
			}
			if e, ok := p.object(place, b); ok && e.kind == kindEntry && place%8 == 0 {
				met[place] = true
				if err := p.entry(place, e.size, true); err != nil {
					return err
				}
			}
		}
		if next <= off {
			return nil
		}
		off = next
	}
	return nil
}

// Entry is one journal entry, from a journal file or from what journalctl writes of one.
type Entry struct {
	Number, Wall, Monotonic uint64 // Wall and Monotonic in microseconds
	Boot, Series            string // ids in hexadecimal
	Values                  []Value
}

// Value is a field of an entry. A field may occur several times.
type Value struct{ Name, Text string }

// micro is a time by microseconds since 1970.
func micro(n uint64, meaning event.TimeKind, original string) event.Time {
	return event.Time{Meaning: meaning, At: time.UnixMicro(int64(n)).UTC(), Original: original, Zone: "UTC"}
}
