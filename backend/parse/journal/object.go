package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Sizes and numbers that the format fixes (journal-def.h).
const (
	magic        = "LPKSHHRH"
	minHeader    = 208 // of the first published layout; later ones are longer
	objectHeader = 16  // 0 type (1), 1 flags (1), 8 size (8)

	kindData, kindField, kindEntry, kindDataTable, kindFieldTable, kindArray, kindTag = 1, 2, 3, 4, 5, 6, 7

	flagXZ, flagLZ4, flagKeyed, flagZSTD, flagCompact = 1, 2, 4, 8, 16 // of the header, incompatible
	knownFlags                                        = 31
	flagSealed                                        = 1       // of the header, compatible
	objectXZ, objectLZ4, objectZSTD                   = 1, 2, 4 // of an object

	stateOffline, stateOnline, stateArchived = 0, 1, 2
)

// Limits of ours, against files made to cost more than they hold.
const (
	maxHeader  = 4096     // the longest header known has 272 bytes
	maxItems   = 1024     // values of one entry, as many as journald writes (ENTRY_FIELD_COUNT_MAX)
	maxValue   = 1 << 20  // bytes of one value that are kept; core dumps inside a journal are longer, and no use in a timeline
	maxUnpack  = 16 << 20 // bytes that one compressed value may become
	maxSeen    = 4 << 20  // entries whose places are remembered, 8 bytes each; a file has at most a million or so
	cacheItems = 16 << 10 // decoded values kept: most entries repeat those of others
	cacheBytes = 16 << 20
	pageBytes  = 64 << 10
	pageCount  = 128 // 8 MiB
)

// minSizes of objects by kind.
var minSizes = [8]int64{0, 64, 40, 64, 16, 16, 24, 64}

type object struct {
	kind, flags byte
	size        int64
}

// object reads an object's header and says whether it can be one.
func (p *parser) object(off int64, b []byte) (o object, ok bool) {
	if len(b) < objectHeader {
		return o, false
	}
	o = object{b[0], b[1], int64(binary.LittleEndian.Uint64(b[8:]))}
	if o.kind < kindData || o.kind > kindTag || o.size < minSizes[o.kind] || o.size > p.file.size-off {
		return o, false
	}
	switch o.flags {
	case 0:
		return o, true
	case objectXZ, objectLZ4, objectZSTD:
		return o, o.kind == kindData
	}
	return o, false
}

func align(off int64) int64 { return (off + 7) &^ 7 }

func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// nextUsed finds the next place behind off that is not zero, -1 when there is none.
func (p *parser) nextUsed(off int64) (int64, error) {
	for ; off < p.file.size; off = off&^(pageBytes-1) + pageBytes {
		b, err := p.file.page(off)
		if err != nil {
			return -1, err
		}
		for i, c := range b {
			if c != 0 {
				return (off + int64(i)) &^ 7, nil
			}
		}
		if err := p.ctx.Err(); err != nil {
			return -1, err
		}
	}
	return -1, nil
}

// resync finds the next place that holds an object with another, or nothing, behind it; -1 when there is none.
func (p *parser) resync(off int64) (int64, error) {
	for n := 0; off+objectHeader <= p.file.size; off += 8 {
		if n++; n%4096 == 0 && p.ctx.Err() != nil {
			return -1, p.ctx.Err()
		}
		b, err := p.file.read(off, objectHeader)
		if err != nil {
			return -1, err
		}
		o, ok := p.object(off, b)
		if !ok || !zero(b[2:8]) {
			continue
		}
		next := align(off + o.size)
		if b, err = p.file.read(next, objectHeader); err != nil {
			return -1, err
		}
		if _, ok := p.object(next, b); ok || zero(b) {
			return off, nil
		}
	}
	return -1, nil
}

// pages reads the file by pages and keeps some: values stand anywhere before the entries that use them.
type pages struct {
	in    io.ReaderAt
	size  int64
	slots [pageCount]struct {
		number int64 // plus one
		b      []byte
	}
	buf []byte
}

// page returns the bytes from off to the end of its page.
func (f *pages) page(off int64) ([]byte, error) {
	number := off / pageBytes
	s := &f.slots[number%pageCount]
	if s.number != number+1 {
		start := number * pageBytes
		n := min(pageBytes, f.size-start)
		if cap(s.b) < int(n) {
			s.b = make([]byte, n)
		}
		s.b, s.number = s.b[:n], 0
		if k, err := f.in.ReadAt(s.b, start); k < int(n) {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, fmt.Errorf("journal: read %d bytes at %d: %w", n, start, err)
		}
		s.number = number + 1
	}
	return s.b[off-number*pageBytes:], nil
}

// read returns n bytes, fewer at the end of the file. They are valid until the next call.
func (f *pages) read(off int64, n int) ([]byte, error) {
	if off < 0 || off >= f.size {
		return nil, nil
	}
	b, err := f.page(off)
	if err != nil || len(b) >= n {
		return b[:min(n, len(b))], err
	}
	n = int(min(int64(n), f.size-off))
	f.buf = f.buf[:0]
	for len(f.buf) < n {
		b, err := f.page(off + int64(len(f.buf)))
		if err != nil {
			return nil, err
		}
		f.buf = append(f.buf, b[:min(len(b), n-len(f.buf))]...)
	}
	return f.buf, nil
}
