package caserecord

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"adjutant/backend/incident"
)

// savedReader reads what savedWriter wrote; after the first thing that does not fit, bad stays true.
type savedReader struct {
	b          []byte
	bad        bool
	of         []byte
	caseID     string
	mode       incident.Mode
	authors    []Author
	kinds      []Kind
	ids        string // 64 digits of each entry
	bodyHashes string
}

func (r *savedReader) take(n uint64) []byte {
	if r.bad || n > uint64(len(r.b)) {
		r.bad = true
		return nil
	}
	t := r.b[:n]
	r.b = r.b[n:]
	return t
}

func (r *savedReader) number() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || r.bad {
		r.bad = true
		return 0
	}
	r.b = r.b[n:]
	return v
}

// index is a number below n.
func (r *savedReader) index(n int) int {
	v := r.number()
	if v >= uint64(n) {
		r.bad = true
		return 0
	}
	return int(v)
}

func (r *savedReader) begin() {
	if string(r.take(uint64(len(savedMagic)))) != savedMagic {
		r.bad = true
	}
	r.of = r.take(sha256.Size)
}

// tables reads what stands before the entries, and returns their number.
func (r *savedReader) tables() int {
	r.caseID, r.mode = string(r.take(r.number())), incident.Mode(r.take(r.number()))
	for n := r.number(); n > 0 && !r.bad; n-- {
		r.authors = append(r.authors, Author(hex.EncodeToString(r.take(sha256.Size))))
	}
	for n := r.number(); n > 0 && !r.bad; n-- {
		r.kinds = append(r.kinds, Kind(r.take(r.number())))
	}
	n := r.number()
	if n > uint64(len(r.b))/sha256.Size {
		r.bad = true
		return 0
	}
	r.ids = hex.EncodeToString(r.take(n * sha256.Size))
	r.bodyHashes = hex.EncodeToString(r.take(n * sha256.Size))
	return int(n)
}

func (r *savedReader) id(i int) ID { return ID(r.ids[64*i : 64*i+64]) }

// ref reads a ref: the id, and the place or -1.
func (r *savedReader) ref(n int) (ID, int32) {
	switch v := r.number(); {
	case v == 0:
		return "", -1
	case v == 1:
		return ID(hex.EncodeToString(r.take(sha256.Size))), -1
	case v-2 < uint64(n) && !r.bad:
		return r.id(int(v - 2)), int32(v - 2)
	}
	r.bad = true
	return "", -1
}

func (r *savedReader) headers(entries []Entry) []parents {
	type sight struct {
		heads map[Author]ID
		at    []int32
	}
	links, last, before := make([]parents, len(entries)), int64(0), map[Author]sight{}
	for i := range entries {
		if r.bad {
			return nil
		}
		e := &entries[i]
		e.ID = r.id(i)
		h := Header{V: 1, Case: r.caseID, Mode: r.mode, BodySHA256: r.bodyHashes[64*i : 64*i+64]}
		if a := r.index(len(r.authors)); !r.bad {
			h.Author = r.authors[a]
		}
		h.Seq = r.number()
		if k := r.index(len(r.kinds)); !r.bad {
			h.Kind = r.kinds[k]
		}
		ms, n := binary.Varint(r.b)
		if n <= 0 {
			r.bad = true
			return nil
		}
		r.b = r.b[n:]
		last += ms
		h.Recorded = time.UnixMilli(last).UTC()
		s := before[h.Author]
		if r.number() == 0 {
			s = sight{heads: map[Author]ID{}}
			for n := r.number(); n > 0 && !r.bad; n-- {
				a := r.index(len(r.authors))
				id, at := r.ref(len(entries))
				if r.bad {
					return nil
				}
				s.heads[r.authors[a]] = id
				if at >= 0 {
					s.at = append(s.at, at)
				}
			}
		}
		if s.heads == nil {
			r.bad = true
		}
		h.Seen, links[i].seen, before[h.Author] = s.heads, s.at, s
		h.Prev, links[i].prev = r.ref(len(entries))
		e.Header = h
	}
	return links
}

// order reads the causal order, nil when it is that of arrival.
func (r *savedReader) order(n int) []int32 {
	if r.number() == 0 {
		return nil
	}
	out, had := make([]int32, n), make([]bool, n)
	for i := range out {
		at := r.index(n)
		if r.bad || had[at] {
			r.bad = true
			return nil
		}
		out[i], had[at] = int32(at), true
	}
	return out
}
