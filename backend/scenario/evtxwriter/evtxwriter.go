// Package evtxwriter writes Windows event logs (.evtx): real chunks, checksums, string and template tables, and binary
// XML with template definitions, so that readers made by other people take the file for one of Windows' own.
//
// It stands outside the flow: its only user in the product is backend/scenario/ferry, which makes the sample incident
// of `adjutant demo` on any machine; tests of parsers use it for logs whose every value they know. It keeps true that
// the same records give the same bytes, that a record never crosses a chunk, and that a value which the format cannot
// hold is an error and never a shorter value. It deliberately does not change existing logs, ring-buffer old chunks or
// render messages.
//
// Sources: MS-EVEN6 sections 2.2.12-2.2.17 (binary XML) and the libevtx documentation "Windows XML Event Log (EVTX)
// format" by Joachim Metz (file, chunk and record layout). Offsets name their section where they are written. What
// neither document states (the name hash, the layout of an empty log) was read off logs of Windows 10.
package evtxwriter

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// Errors that a caller can tell apart.
var (
	// ErrTooLarge is returned for a record that does not fit into an empty chunk, or a value longer than a substitution
	// can be (65,535 bytes).
	ErrTooLarge = errors.New("evtxwriter: record too large")
	// ErrType is returned for a value whose Go type has no EVTX type.
	ErrType = errors.New("evtxwriter: value type not supported")
	// ErrOrder is returned when a record id is not greater than the one before.
	ErrOrder = errors.New("evtxwriter: record ids must rise")
	// ErrClosed is returned by Add after Close.
	ErrClosed = errors.New("evtxwriter: closed")
)

// Sizes of the parts of a file: libevtx documentation, sections 2 (file header) and 3 (chunk).
const (
	FileHeaderBytes  = 4096    // block that holds the 128-byte file header
	ChunkBytes       = 1 << 16 // every chunk, full or not
	chunkHeaderBytes = 512     // 128 bytes of header, 64 string and 32 template table entries
	recordHeadBytes  = 24      // magic, size, id, time
	recordTailBytes  = 4       // copy of the size
	recordAlignment  = 8       // Windows pads records so
)

// Options of a log.
type Options struct {
	// FirstRecordID is the id of the first record; 0 means 1. After a log was cleared, Windows goes on counting, so a
	// cleared log starts with a number that tells how many records are gone.
	FirstRecordID uint64
}

// Writer makes one log. It is not safe for use by several goroutines. The file is written on Close, because the header
// in front tells how many chunks follow; until then the chunks lie in memory.
type Writer struct {
	out     io.Writer
	chunks  bytes.Buffer // finished chunks
	n       int          // how many
	cur     *chunk
	nextNum uint64 // position of the next record in the file, from 1
	nextID  uint64
	count   int64
	closed  bool
	err     error
}

// New returns a Writer that writes its file to w on Close.
func New(w io.Writer, o Options) *Writer {
	id := o.FirstRecordID
	if id == 0 {
		id = 1
	}
	return &Writer{out: w, nextNum: 1, nextID: id}
}

// Place says where a record came to lie in the file.
type Place struct {
	ID     uint64 // EventRecordID
	Offset int64  // of the record's magic in the file
	Length int64  // of the whole record
}

// Add appends a record. A RecordID of 0 takes the next number. The error is ErrTooLarge, ErrType, ErrOrder or
// ErrClosed; after one of the first three the log is as it was before.
func (w *Writer) Add(r Record) (Place, error) {
	if w.closed {
		return Place{}, ErrClosed
	}
	if r.RecordID == 0 {
		r.RecordID = w.nextID
	}
	if r.RecordID < w.nextID {
		return Place{}, fmt.Errorf("%w: id %d after %d", ErrOrder, r.RecordID, w.nextID-1)
	}
	for attempt := 0; ; attempt++ {
		if w.cur == nil {
			w.cur = newChunk(w.nextNum)
		}
		at, n, err := w.cur.add(&r)
		if errors.Is(err, errFull) && w.cur.records > 0 && attempt == 0 {
			w.finishChunk()
			continue
		}
		if errors.Is(err, errFull) {
			err = fmt.Errorf("%w: event %d of %s does not fit into a chunk", ErrTooLarge, r.EventID, r.Provider)
		}
		if err != nil {
			return Place{}, err
		}
		p := Place{ID: r.RecordID, Offset: FileHeaderBytes + int64(w.n)*ChunkBytes + int64(at), Length: int64(n)}
		w.nextNum++
		w.nextID = r.RecordID + 1
		w.count++
		return p, nil
	}
}

// Count returns how many records were added.
func (w *Writer) Count() int64 { return w.count }

// Close finishes the last chunk and writes the file. A log without records gets the one empty chunk that Windows gives
// it. Close does not close the io.Writer.
func (w *Writer) Close() error {
	if w.closed {
		return w.err
	}
	w.closed = true
	if w.cur == nil && w.n == 0 {
		w.cur = newChunk(1)
	}
	if w.cur != nil {
		w.finishChunk()
	}
	if _, w.err = w.out.Write(w.fileHeader()); w.err == nil {
		_, w.err = w.out.Write(w.chunks.Bytes())
	}
	if w.err != nil {
		w.err = fmt.Errorf("evtxwriter: write log: %w", w.err)
	}
	return w.err
}

func (w *Writer) finishChunk() {
	w.chunks.Write(w.cur.finish())
	w.n++
	w.cur = nil
}

// fileHeader lays out the file header, libevtx documentation section 2.
func (w *Writer) fileHeader() []byte {
	h := make([]byte, FileHeaderBytes)
	le := binary.LittleEndian
	copy(h, "ElfFile\x00")                         // 0, 8: signature
	le.PutUint64(h[8:], 0)                         // 8, 8: number of the first chunk
	le.PutUint64(h[16:], uint64(w.n-1))            // 16, 8: number of the last chunk
	le.PutUint64(h[24:], w.nextID)                 // 24, 8: next record identifier
	le.PutUint32(h[32:], 128)                      // 32, 4: header size
	le.PutUint16(h[36:], 1)                        // 36, 2: minor version
	le.PutUint16(h[38:], 3)                        // 38, 2: major version
	le.PutUint16(h[40:], FileHeaderBytes)          // 40, 2: size of this block
	le.PutUint16(h[42:], uint16(min(w.n, 0xffff))) // 42, 2: number of chunks
	le.PutUint32(h[120:], 0)                       // 120, 4: flags, 1 dirty, 2 full
	le.PutUint32(h[124:], crc32.ChecksumIEEE(h[:120]))
	return h
}
