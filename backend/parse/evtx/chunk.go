package evtx

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strconv"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/winlog"
)

// Reasons under which records are counted as skipped.
const (
	reasonHeader = "record header damaged"
	reasonXML    = "binary XML damaged"
	reasonEmpty  = "record without content"
)

// What the field evtx.recovered says of an event.
const (
	recoveredChunk  = "the header of its chunk is damaged"
	recoveredBehind = "it was found behind a damaged place in its chunk"
)

// chunkAt reads the chunk at a file offset and every record in it. Only reading or emitting fails; damage is counted.
func (p *parser) chunkAt(off int64) error {
	n := min(p.in.Size-off, chunkSize)
	chunk := p.buf[:n]
	if err := p.readAt(chunk, off); err != nil {
		return err
	}
	if n < chunkSize {
		if allZero(chunk) {
			return nil
		}
		p.damaged = true
		p.res.Warn(off, fmt.Sprintf("the file ends inside a chunk, %d bytes short", chunkSize-n))
	}
	if len(chunk) <= chunkHeader {
		return nil
	}
	if !bytes.HasPrefix(chunk, []byte(chunkMagic)) {
		if allZero(chunk) {
			return nil // never used: logs grow ahead of their records
		}
		p.damaged = true
		p.res.Warn(off, "the chunk's magic is damaged; its records are read as far as they are whole")
		p.recovered = recoveredChunk
		return p.records(off, chunk, len(chunk))
	}
	p.recovered = ""
	p.checksums(off, chunk)
	free := binary.LittleEndian.Uint32(chunk[48:])
	if free < chunkHeader || free > uint32(len(chunk)) {
		free = uint32(len(chunk))
	}
	return p.records(off, chunk, int(free))
}

// checksums warns when a CRC32 does not fit. Chunk header: 48 free space offset, 52 CRC of the records, 124 CRC of the
// header's bytes 0 to 119 and 128 to 511.
func (p *parser) checksums(off int64, chunk []byte) {
	if p.noCRC || len(chunk) < chunkSize {
		return
	}
	h := crc32.NewIEEE()
	h.Write(chunk[:120])
	h.Write(chunk[128:chunkHeader])
	if h.Sum32() != binary.LittleEndian.Uint32(chunk[124:]) {
		p.res.Warn(off, "the checksum of the chunk's header does not fit: the log was copied while in use, or bytes were changed")
	}
	free := binary.LittleEndian.Uint32(chunk[48:])
	if free < chunkHeader || free > chunkSize {
		return
	}
	if crc32.ChecksumIEEE(chunk[chunkHeader:free]) != binary.LittleEndian.Uint32(chunk[52:]) {
		p.res.Warn(off, "the checksum of the chunk's records does not fit: the log was copied while in use, or bytes were changed")
	}
}

// records walks the records of a chunk. Up to the chunk header's free space offset it goes on after damage at the next
// place that looks like a whole record. Behind that offset lie remains of older logs, which are not ours to show as live
// records; but in a log copied while in use the offset is older than the records, so those that follow without a gap in
// place and id are taken.
func (p *parser) records(off int64, chunk []byte, free int) error {
	p.dec.reset(chunk)
	pos, lastID := chunkHeader, uint64(0)
	for pos+minRecord <= len(chunk) {
		size, ok := recordSize(chunk, pos)
		if pos >= free && !(ok && lastID > 0 && binary.LittleEndian.Uint64(chunk[pos+8:]) == lastID+1) {
			return nil
		}
		if string(chunk[pos:pos+4]) != recordMagic {
			p.damaged = true
			p.res.Warn(off+int64(pos), "no record where one should begin")
			if pos = p.resume(chunk[:free], pos, lastID); pos < 0 {
				return nil
			}
			continue
		}
		if !ok {
			p.res.Read++
			p.res.Skip(reasonHeader)
			p.res.Warn(off+int64(pos), fmt.Sprintf("record header with size %d, which does not fit", size))
			if pos = p.resume(chunk[:free], pos+4, lastID); pos < 0 {
				return nil
			}
			continue
		}
		id := binary.LittleEndian.Uint64(chunk[pos+8:])
		if err := p.record(off, chunk, pos, size); err != nil {
			return err
		}
		lastID = id
		pos += size
	}
	return nil
}

// resume goes on at the next whole record; what comes from there on is marked.
func (p *parser) resume(chunk []byte, pos int, lastID uint64) int {
	if p.recovered == "" {
		p.recovered = recoveredBehind
	}
	return nextRecord(chunk, pos, lastID)
}

// recordSize reads the size and says whether a record begins here, lies inside the chunk and repeats its size at its
// end.
func recordSize(chunk []byte, pos int) (int, bool) {
	size := binary.LittleEndian.Uint32(chunk[pos+4:])
	if string(chunk[pos:pos+4]) != recordMagic || size < minRecord || int64(size) > int64(len(chunk)-pos) {
		return int(size), false
	}
	end := pos + int(size)
	return int(size), binary.LittleEndian.Uint32(chunk[end-4:]) == size
}

// nextRecord finds the next whole record after pos whose id is above the last one, or -1. Lower ids are remains of
// what the chunk held before, and deleted records are not ours to show as live ones.
func nextRecord(chunk []byte, pos int, lastID uint64) int {
	for pos+minRecord <= len(chunk) {
		i := bytes.Index(chunk[pos:], []byte(recordMagic))
		if i < 0 || pos+i+minRecord > len(chunk) {
			return -1
		}
		pos += i
		if _, ok := recordSize(chunk, pos); ok && binary.LittleEndian.Uint64(chunk[pos+8:]) > lastID {
			return pos
		}
		pos += 4
	}
	return -1
}

// record decodes and emits one record, or counts why not.
func (p *parser) record(off int64, chunk []byte, pos, size int) error {
	p.res.Read++
	at, d := off+int64(pos), p.dec
	if p.in.Transient {
		d.slab.Reuse()
	}
	id, written := binary.LittleEndian.Uint64(chunk[pos+8:]), binary.LittleEndian.Uint64(chunk[pos+16:])
	locator := event.Locator{Offset: at, Length: int64(size), Record: d.slab.KeepText(strconv.AppendUint(d.slab.Text(20), id, 10))}
	if prog := d.compiled(pos+recordHeader, pos+size-4); prog != nil {
		e := d.slab.Event()
		created, original, ok := d.created(prog)
		if prog.Fill(e, &d.slab, d.many) {
			e.Locator = locator
			p.times(e, created, original, ok, written)
			return p.give(e)
		}
	}
	p.steps++
	root, err := d.decode(pos+recordHeader, pos+size-4)
	switch {
	case err != nil:
		p.res.Skip(reasonXML)
		p.res.Warn(at, err.Error())
		return nil
	case root == nil:
		p.res.Skip(reasonEmpty)
		p.res.Warn(at, "the record holds no event")
		return nil
	}
	e := &event.Event{Locator: locator}
	original := winlog.Fill(e, root)
	created, ok := winlog.ParseTime(original)
	p.times(e, created, original, ok, written)
	e.Sort()
	if len(e.Fields) > parse.MaxFields {
		p.res.Warn(at, fmt.Sprintf("the record has %d fields; the first %d are kept", len(e.Fields), parse.MaxFields))
		e.Fields = e.Fields[:parse.MaxFields]
	}
	return p.give(e)
}

func (p *parser) give(e *event.Event) error {
	e.Parser, e.Version = Name, version
	if p.recovered != "" {
		e.Set("evtx.recovered", event.KindString, p.recovered)
		e.Sort()
	}
	if len(e.Times) > 0 {
		p.res.Saw(e.Times[0].At)
	}
	p.res.Parsed++
	return p.emit(e)
}

// times sets the event's own time and, where it differs by more than a second, the time at which the record was written
// down (FILETIME). Exported logs may lack the one, filtered logs the other.
func (p *parser) times(e *event.Event, created time.Time, original string, ok bool, filetime uint64) {
	written, haveWritten := fileTime(filetime)
	recorded := haveWritten && !(ok && written.Sub(created).Abs() <= time.Second)
	switch {
	case ok && recorded:
		e.Times = p.dec.slab.Times(2)
	case ok || recorded:
		e.Times = p.dec.slab.Times(1)
	default:
		p.undated++
		return
	}
	if ok {
		e.Times[0] = event.Time{Meaning: event.Occurred, At: created, Original: original, Zone: "UTC"}
	}
	if recorded {
		text := p.dec.slab.KeepText(strconv.AppendUint(p.dec.slab.Text(20), filetime, 10))
		e.Times[len(e.Times)-1] = event.Time{Meaning: event.Recorded, At: written, Original: text, Zone: "UTC"}
		if !ok {
			p.headTimes++
		}
	}
}

func allZero(b []byte) bool {
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b) != 0 {
			return false
		}
	}
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
