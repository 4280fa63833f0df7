package caserecord

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"maps"
)

// Sealed is the bytes of one entry out of a case's own authenticated storage, where Parse has admitted them before.
type Sealed struct{ Line, Body []byte }

// Source hands out the bytes of the entries from and up to, not including, to of a record, counted from 0 in order of arrival.
// A block is see's until it returns.
type Source func(from, to int, see func(block []Sealed) error) error

// A saved reading is what parsing a log has found out beside its bytes: ids, headers, and the causal order. With it the same
// bytes become the same log without being parsed again; the state is folded from it, never taken over. It is derived: for
// one program on one laptop, thrown away when anything does not fit. Integers are uvarints, refs are 0 for none, 1 for 32
// bytes that follow (an entry that is not here), else 2 + place of the entry.
//
//	magic · digest[32] that names the bytes · case · mode · authors (number, 32 bytes each) · kinds (number, text each)
//	number of entries · id[32] of each · body_sha256[32] of each
//	of each entry, in order of arrival: author · seq · kind · recorded (ms, difference to the one before, zigzag)
//	  · 1 when the author had seen the same as at their entry before, else 0, number, (author, ref) of each · ref of prev
//	causal order: 0 when it is that of arrival, else 1 and the places
//	SHA-256 over all of this
//
// A change of any of it is a new magic.
const savedMagic = "adjutant reading 1\n"

// ErrSaved is returned by Restore for a reading that is damaged or about other bytes.
var ErrSaved = errors.New("caserecord: the saved reading does not fit")

// Save writes the reading of the log, which holds exactly the n entries of a source in this order. of names their bytes:
// whoever has the same digest has the same bytes. nil when the log is of a kind that is always parsed: empty, several cases,
// links that cannot be, or entries that came twice.
func (l *Log) Save(of [sha256.Size]byte, n int, all Source) []byte {
	if n != len(l.entries) || n == 0 || len(l.cases) != 1 || !l.holds(all) {
		return nil
	}
	l.State()
	if len(l.fold.g.faults) > 0 {
		return nil
	}
	w := savedWriter{b: append([]byte(savedMagic), of[:]...), authors: map[Author]uint64{}, kinds: map[Kind]uint64{}, l: l}
	return w.write()
}

// holds reports that a source has exactly the bytes of the log's entries, in their order of arrival.
func (l *Log) holds(all Source) bool {
	at, same := 0, true
	var line []byte
	err := all(0, len(l.entries), func(block []Sealed) error {
		for _, b := range block {
			e := &l.entries[at]
			line = e.AppendLine(line[:0])
			same = same && bytes.Equal(b.Line, line) && bytes.Equal(b.Body, e.Body())
			at++
		}
		return nil
	})
	return err == nil && same && at == len(l.entries)
}

type savedWriter struct {
	b       []byte
	l       *Log
	authors map[Author]uint64
	kinds   map[Kind]uint64
}

func (w *savedWriter) number(v uint64) { w.b = binary.AppendUvarint(w.b, v) }
func (w *savedWriter) text(s string)   { w.number(uint64(len(s))); w.b = append(w.b, s...) }
func (w *savedWriter) hex(s string) {
	w.b, _ = hex.AppendDecode(w.b, []byte(s)) // Parse has admitted it as hexadecimal digits
}

func (w *savedWriter) ref(id ID) {
	at, here := w.l.at[id]
	switch {
	case id == "":
		w.number(0)
	case here:
		w.number(uint64(at) + 2)
	default:
		w.number(1)
		w.hex(string(id))
	}
}

func (w *savedWriter) write() []byte {
	entries := w.l.entries
	w.text(entries[0].Header.Case)
	w.text(string(entries[0].Header.Mode))
	var authors []Author
	var kinds []Kind
	note := func(a Author) {
		if _, ok := w.authors[a]; !ok {
			w.authors[a] = uint64(len(authors))
			authors = append(authors, a)
		}
	}
	for i := range entries {
		h := &entries[i].Header
		note(h.Author)
		for _, a := range sortedKeys(h.Seen) {
			note(a)
		}
		if _, ok := w.kinds[h.Kind]; !ok {
			w.kinds[h.Kind] = uint64(len(kinds))
			kinds = append(kinds, h.Kind)
		}
	}
	w.number(uint64(len(authors)))
	for _, a := range authors {
		w.hex(string(a))
	}
	w.number(uint64(len(kinds)))
	for _, k := range kinds {
		w.text(string(k))
	}
	w.number(uint64(len(entries)))
	for i := range entries {
		w.hex(string(entries[i].ID))
	}
	for i := range entries {
		w.hex(entries[i].Header.BodySHA256)
	}
	w.headers(entries)
	w.order()
	sum := sha256.Sum256(w.b)
	return append(w.b, sum[:]...)
}

func (w *savedWriter) headers(entries []Entry) {
	last, seen := int64(0), map[Author]map[Author]ID{}
	for i := range entries {
		h := &entries[i].Header
		ms := h.Recorded.UnixMilli()
		w.number(w.authors[h.Author])
		w.number(h.Seq)
		w.number(w.kinds[h.Kind])
		w.b = binary.AppendVarint(w.b, ms-last)
		last = ms
		if before, ok := seen[h.Author]; ok && maps.Equal(before, h.Seen) {
			w.number(1)
		} else {
			w.number(0)
			w.number(uint64(len(h.Seen)))
			for _, a := range sortedKeys(h.Seen) {
				w.number(w.authors[a])
				w.ref(h.Seen[a])
			}
		}
		seen[h.Author] = h.Seen
		w.ref(h.Prev)
	}
}

func (w *savedWriter) order() {
	sorted := w.l.Entries()
	if &sorted[0] == &w.l.entries[0] {
		w.number(0)
		return
	}
	w.number(1)
	for i := range sorted {
		w.number(uint64(w.l.at[sorted[i].ID]))
	}
}
