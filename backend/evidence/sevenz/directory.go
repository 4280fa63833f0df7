package sevenz

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"time"
	"unicode/utf16"
)

// Property ids of 7zFormat.txt.
const (
	idEnd = iota
	idHeader
	idArchiveProperties
	idAdditionalStreams
	idMainStreams
	idFiles
	idPackInfo
	idUnpackInfo
	idSubStreams
	idSize
	idCRC
	idFolder
	idUnpackSize
	idNumUnpackStream
	idEmptyStream
	idEmptyFile
	idAnti
	idNames
	idCTime
	idATime
	idMTime
	idAttributes
	idComment
	idEncodedHeader
)

// cursor reads a directory. After the first error everything reads as zero.
type cursor struct {
	b   []byte
	err error
}

func (c *cursor) fail(what string) {
	if c.err == nil {
		c.err = damaged(what)
	}
	c.b = nil
}

func (c *cursor) take(n uint64) []byte {
	if n > uint64(len(c.b)) {
		c.fail("cut off in its directory")
		return nil
	}
	b := c.b[:n]
	c.b = c.b[n:]
	return b
}

func (c *cursor) byte() byte {
	if b := c.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

// number reads a REAL_UINT64 in one to nine bytes: the ones at the top of the first say how many follow.
func (c *cursor) number() uint64 {
	first := c.byte()
	extra := bits.LeadingZeros8(^first)
	var n uint64
	for i, b := range c.take(uint64(extra)) {
		n |= uint64(b) << (8 * i)
	}
	if extra < 8 {
		n |= uint64(first&(1<<(7-extra)-1)) << (8 * extra)
	}
	return n
}

// count reads the length of a list whose members take at least a byte each in what follows.
func (c *cursor) count() int {
	n := c.number()
	if n > uint64(len(c.b)) {
		c.fail("a list longer than its directory")
		return 0
	}
	return int(n)
}

// bitsOf reads n bits, highest first.
func (c *cursor) bitsOf(n int) []bool {
	b := c.take(uint64(n+7) / 8)
	out := make([]bool, n)
	for i := range out {
		out[i] = b != nil && b[i/8]&(0x80>>(i%8)) != 0
	}
	return out
}

// defined reads which of n members have a value: all, or those of a list of bits.
func (c *cursor) defined(n int) []bool {
	if c.byte() == 0 {
		return c.bitsOf(n)
	}
	out := make([]bool, n)
	for i := range out {
		out[i] = true
	}
	return out
}

type digest struct {
	crc     uint32
	checked bool
}

func (c *cursor) digests(n int) []digest {
	out := make([]digest, n)
	for i, ok := range c.defined(n) {
		if b := c.take(4 * one(ok)); len(b) == 4 {
			out[i] = digest{binary.LittleEndian.Uint32(b), true}
		}
	}
	return out
}

func one(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// directory reads a Header.
func (a *Archive) directory(c *cursor, size int64) error {
	id := c.byte()
	if id == idArchiveProperties {
		for c.err == nil && c.byte() != idEnd {
			c.take(c.number())
		}
		id = c.byte()
	}
	if id == idAdditionalStreams {
		c.streams(size)
		id = c.byte()
	}
	if id == idMainStreams {
		a.streams = c.streams(size)
		id = c.byte()
	}
	if id == idFiles {
		a.Entries = c.files()
		id = c.byte()
	}
	if id != idEnd {
		c.fail("directory")
	}
	if c.err != nil {
		return c.err
	}
	// Streams go to the entries that have one, in order.
	var sizes []substream
	for i := range a.streams.folders {
		sizes = append(sizes, a.streams.subs[i]...)
	}
	next := 0
	for i := range a.Entries {
		if e := &a.Entries[i]; e.stream {
			if next == len(sizes) {
				return damaged("more files than streams")
			}
			s := sizes[next]
			e.Size, e.crc, e.checked = int64(s.size), s.crc, s.checked
			next++
		}
	}
	return nil
}

// epoch is the start of FILETIME, in seconds before 1970.
const epoch = 11644473600

// files reads FilesInfo.
func (c *cursor) files() []Entry {
	n := c.count()
	if n > maxEntries {
		c.fail("more members than are read")
		return nil
	}
	out := make([]Entry, n)
	empty, emptyFile := make([]bool, n), make([]bool, n)
	var without []int // entries without a stream
	for c.err == nil {
		id := c.number()
		if id == idEnd {
			break
		}
		p := &cursor{b: c.take(c.number())}
		switch id {
		case idEmptyStream:
			empty, without = p.bitsOf(n), nil
			for i, e := range empty {
				if e {
					without = append(without, i)
				}
			}
		case idEmptyFile:
			for i, e := range p.bitsOf(len(without)) {
				emptyFile[without[i]] = e
			}
		case idNames:
			p.names(out)
		case idMTime:
			for i, ok := range p.outside(p.defined(n)) {
				if b := p.take(8 * one(ok)); len(b) == 8 {
					ticks := binary.LittleEndian.Uint64(b)
					out[i].Modified = time.Unix(int64(ticks/1e7)-epoch, int64(ticks%1e7)*100).UTC()
				}
			}
		case idAttributes:
			for i, ok := range p.outside(p.defined(n)) {
				if b := p.take(4 * one(ok)); len(b) == 4 {
					out[i].Attributes = binary.LittleEndian.Uint32(b)
				}
			}
		}
		if p.err != nil {
			c.fail("properties of its files")
		}
	}
	const directory, reparse, unix = 0x10, 0x400, 0x8000
	for i := range out {
		e := &out[i]
		e.stream = !empty[i]
		e.Dir = e.Attributes&directory != 0 || empty[i] && !emptyFile[i]
		e.Link = e.Attributes&reparse != 0 || e.Attributes&unix != 0 && e.Attributes>>16&0xf000 == 0xa000
	}
	return out
}

// outside refuses values that are kept in another stream, which no packer writes.
func (c *cursor) outside(defined []bool) []bool {
	if c.byte() != 0 {
		c.fail("values outside of the directory")
	}
	return defined
}

// names reads UTF-16 names, each with a zero behind it.
func (c *cursor) names(out []Entry) {
	if c.byte() != 0 {
		c.fail("names outside of the directory")
		return
	}
	var name []uint16
	for i := range out {
		name = name[:0]
		for {
			b := c.take(2)
			if len(b) < 2 {
				return
			}
			u := binary.LittleEndian.Uint16(b)
			if u == 0 {
				break
			}
			name = append(name, u)
		}
		out[i].Name = string(utf16.Decode(name))
	}
}

func method(id []byte) error { return fmt.Errorf("%w (%x)", ErrMethod, id) }
