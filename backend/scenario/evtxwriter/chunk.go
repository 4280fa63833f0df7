package evtxwriter

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"unicode/utf16"
)

// errFull means that the record does not fit into the rest of this chunk.
var errFull = errors.New("evtxwriter: chunk full")

// Tables in the chunk header, libevtx documentation section 3.1.
const (
	nameBuckets     = 64
	templateBuckets = 32
	nameTableAt     = 128
	templateTableAt = 384
)

// chunk is one chunk while it is filled. All offsets in binary XML are relative to its first byte.
type chunk struct {
	data      []byte // header and records; the rest up to ChunkBytes is zero
	firstNum  uint64
	firstID   uint64
	lastID    uint64
	records   uint64
	lastAt    int
	names     map[string]uint32       // offset of each name's structure
	nameHeads [nameBuckets]uint32     // newest name of each bucket
	templates map[string]uint32       // offset of each definition
	tmplHeads [templateBuckets]uint32 // newest definition of each bucket
}

func newChunk(firstNum uint64) *chunk {
	return &chunk{
		data:      make([]byte, chunkHeaderBytes, ChunkBytes),
		firstNum:  firstNum,
		names:     map[string]uint32{},
		templates: map[string]uint32{},
	}
}

// add encodes r at the end of the chunk and returns its offset and length. On any error the chunk is unchanged: names
// and templates enter the tables only when the record is in.
func (c *chunk) add(r *Record) (at, n int, err error) {
	at = len(c.data)
	e := &encoder{chunk: c, base: at, nameHeads: c.nameHeads, tmplHeads: c.tmplHeads,
		names: map[string]uint32{}, templates: map[string]uint32{}}
	// Event record, libevtx documentation section 4: signature, size, identifier, written time, binary XML, copy of size.
	e.u32(0x00002a2a)
	e.u32(0)
	e.u64(r.RecordID)
	e.u64(filetime(r.Time))
	if err := e.event(r); err != nil {
		return 0, 0, err
	}
	for (len(e.buf)+recordTailBytes)%recordAlignment != 0 {
		e.u8(0)
	}
	n = len(e.buf) + recordTailBytes
	if at+n >= ChunkBytes { // a chunk is never filled to its last byte: libevtx then loses the last record
		return 0, 0, errFull
	}
	binary.LittleEndian.PutUint32(e.buf[4:], uint32(n))
	e.u32(uint32(n))

	c.data = append(c.data, e.buf...)
	for k, v := range e.names {
		c.names[k] = v
	}
	for k, v := range e.templates {
		c.templates[k] = v
	}
	c.nameHeads, c.tmplHeads = e.nameHeads, e.tmplHeads
	if c.records == 0 {
		c.firstID = r.RecordID
	}
	c.lastID, c.lastAt = r.RecordID, at
	c.records++
	return at, n, nil
}

// finish writes the chunk header, libevtx documentation section 3.1, and returns all ChunkBytes bytes.
func (c *chunk) finish() []byte {
	free := len(c.data)
	d := c.data[:ChunkBytes] // capacity was given at the start; the tail is still zero
	le := binary.LittleEndian
	copy(d, "ElfChnk\x00") // 0, 8: signature
	if c.records > 0 {
		le.PutUint64(d[8:], c.firstNum)              // 8, 8: first record number
		le.PutUint64(d[16:], c.firstNum+c.records-1) // 16, 8: last record number
		le.PutUint64(d[24:], c.firstID)              // 24, 8: first record identifier
		le.PutUint64(d[32:], c.lastID)               // 32, 8: last record identifier
	} else { // as Windows 10 leaves the chunk of a log that nothing was written to
		le.PutUint64(d[8:], 1)
		le.PutUint64(d[16:], math.MaxUint64)
		le.PutUint64(d[24:], math.MaxUint64)
		le.PutUint64(d[32:], math.MaxUint64)
	}
	le.PutUint32(d[40:], 128)                                          // 40, 4: header size
	le.PutUint32(d[44:], uint32(c.lastAt))                             // 44, 4: offset of the last record
	le.PutUint32(d[48:], uint32(free))                                 // 48, 4: offset of free space
	le.PutUint32(d[52:], crc32.ChecksumIEEE(d[chunkHeaderBytes:free])) // 52, 4: checksum of the records
	for i, o := range c.nameHeads {                                    // 128, 64 x 4: common strings
		le.PutUint32(d[nameTableAt+4*i:], o)
	}
	for i, o := range c.tmplHeads { // 384, 32 x 4: templates
		le.PutUint32(d[templateTableAt+4*i:], o)
	}
	sum := crc32.ChecksumIEEE(d[:120]) // 124, 4: checksum of the header without flags and itself, with both tables
	le.PutUint32(d[124:], crc32.Update(sum, crc32.IEEETable, d[128:chunkHeaderBytes]))
	return d
}

// nameHash is the hash Windows keeps with each name; the bucket is its remainder by 64. Checked against every name of a
// Windows 10 security log.
func nameHash(s []uint16) uint16 {
	var h uint32
	for _, c := range s {
		h = h*65599 + uint32(c)
	}
	return uint16(h)
}

func utf16Of(s string) []uint16 { return utf16.Encode([]rune(s)) }
