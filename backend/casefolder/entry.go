package casefolder

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"adjutant/backend/incident"
)

// Raw is one entry of the case record as bytes. This package never looks into them. Author and Seq are what the entry's
// header says; they are kept beside it so that a lost entry can be named by whose it was. They may be left empty.
type Raw struct {
	Line   []byte // the signed line, byte for byte
	Body   []byte // the body; nil when it was withheld or purged
	Author string
	Seq    uint64
}

// head is the last entry of one author.
type head struct {
	seq  uint64
	line incident.Digest // SHA-256 of the line
}

// An entry is stored under its position (1, 2, 3 … in append order) with the same bytes in both copies:
//
//	version byte 1 · author · seq · line · 0 or 1 · body · number of heads · (author · seq · SHA-256 of line)…
//
// Lengths, seq and numbers are uvarints. The heads are those of all authors after this entry, sorted by author: when
// entries are lost in both copies, the next one that is left says whose they were.
const entryVersion = 1

var errEntry = errors.New("not an entry")

func encodeEntry(r Raw, heads map[string]head) []byte {
	b := make([]byte, 0, len(r.Line)+len(r.Body)+len(r.Author)+64+len(heads)*112)
	b = append(b, entryVersion)
	b = appendBytes(b, r.Author)
	b = binary.AppendUvarint(b, r.Seq)
	b = appendBytes(b, r.Line)
	if r.Body == nil {
		b = append(b, 0)
	} else {
		b = appendBytes(append(b, 1), r.Body)
	}
	b = binary.AppendUvarint(b, uint64(len(heads)))
	for _, a := range slices.Sorted(maps.Keys(heads)) {
		h := heads[a]
		b = appendBytes(b, a)
		b = binary.AppendUvarint(b, h.seq)
		b = append(b, h.line[:]...)
	}
	return b
}

func appendBytes[T string | []byte](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// decodeEntry reads what encodeEntry writes. The result shares b's memory.
func decodeEntry(b []byte) (Raw, map[string]head, error) {
	r, behind, err := cutEntry(b)
	if err != nil {
		return r, nil, err
	}
	heads, err := cutHeads(behind)
	return r, heads, err
}

// cutEntry reads an entry and leaves the heads behind it for cutHeads.
func cutEntry(b []byte) (r Raw, behind []byte, err error) {
	c := cutter{b: b}
	if v := c.take(1); c.bad || v[0] != entryVersion {
		return r, nil, fmt.Errorf("%w: version", errEntry)
	}
	r.Author = string(c.bytes())
	r.Seq = c.uvarint()
	r.Line = c.bytes()
	if flag := c.take(1); !c.bad && flag[0] == 1 {
		r.Body = c.bytes()
	}
	if c.bad {
		return r, nil, errEntry
	}
	return r, c.b, nil
}

func cutHeads(b []byte) (map[string]head, error) {
	c := cutter{b: b}
	n := c.uvarint()
	if c.bad || n > maxAuthors {
		return nil, fmt.Errorf("%w: %d heads", errEntry, n)
	}
	heads := make(map[string]head, n)
	for range n {
		a := string(c.bytes())
		h := head{seq: c.uvarint()}
		copy(h.line[:], c.take(len(h.line)))
		heads[a] = h
	}
	if c.bad || len(c.b) > 0 {
		return nil, errEntry
	}
	return heads, nil
}

// cutter takes fields off the front of b; after the first that does not fit, bad stays true.
type cutter struct {
	b   []byte
	bad bool
}

func (c *cutter) take(n int) []byte {
	if c.bad || n < 0 || n > len(c.b) {
		c.bad = true
		return nil
	}
	t := c.b[:n:n]
	c.b = c.b[n:]
	return t
}

func (c *cutter) uvarint() uint64 {
	v, n := binary.Uvarint(c.b)
	if n <= 0 {
		c.bad = true
		return 0
	}
	c.b = c.b[n:]
	return v
}

func (c *cutter) bytes() []byte {
	n := c.uvarint()
	if n > uint64(len(c.b)) {
		c.bad = true
		return nil
	}
	return c.take(int(n))
}

// addHead notes r as its author's newest entry, unless it is an older one that came again with its body.
func addHead(heads map[string]head, r Raw) {
	if r.Author != "" && (len(heads) < maxAuthors || heads[r.Author] != head{}) && r.Seq >= heads[r.Author].seq {
		heads[r.Author] = head{seq: r.Seq, line: sha256.Sum256(r.Line)}
	}
}
