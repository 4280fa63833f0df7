package block

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
	"sort"
)

// Postings say which events of a block hold a token, for tokens that at least 16 events hold. Nothing of it is
// compressed: one list is read without touching the others.
//
//	n        u32
//	entries  n × (token key u64, place u32), by key
//	lists    at each place: length of token, token, mode byte, then
//	         0: number of events, deltas (varints); 1: bitmap of the block's events
type Postings struct {
	events int
	n      int
	b      []byte
}

type posting struct {
	key   uint64
	token []byte
	in    Bits
}

// encodePostings appends the part; list is put into the order of keys.
func encodePostings(dst []byte, list []posting, events int) []byte {
	if len(list) == 0 {
		return dst
	}
	slices.SortFunc(list, func(a, b posting) int {
		if c := cmp.Compare(a.key, b.key); c != 0 {
			return c
		}
		return bytes.Compare(a.token, b.token)
	})
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(list)))
	head := len(dst)
	dst = append(dst, make([]byte, 12*len(list))...)
	for i := range list {
		p := &list[i]
		binary.LittleEndian.PutUint64(dst[head+12*i:], p.key)
		binary.LittleEndian.PutUint32(dst[head+12*i+8:], uint32(len(dst)))
		dst = binary.AppendUvarint(dst, uint64(len(p.token)))
		dst = append(dst, p.token...)
		n := p.in.Count()
		if n > events/8 {
			dst = append(dst, 1)
			at := len(dst)
			for _, w := range p.in {
				dst = binary.LittleEndian.AppendUint64(dst, w)
			}
			dst = dst[:at+(events+7)/8]
			continue
		}
		dst = append(dst, 0)
		dst = binary.AppendUvarint(dst, uint64(n))
		last := -1
		for k, w := range p.in {
			for ; w != 0; w &= w - 1 {
				at := k<<6 + bits.TrailingZeros64(w)
				dst = binary.AppendUvarint(dst, uint64(at-last-1))
				last = at
			}
		}
	}
	return dst
}

// DecodePostings reads part 2; an empty part has no lists. b may not change afterwards.
func DecodePostings(b []byte, events int) (*Postings, error) {
	p := &Postings{events: events, b: b}
	if len(b) == 0 {
		return p, nil
	}
	if len(b) < 4 {
		return nil, damaged("postings of %d bytes", len(b))
	}
	n := binary.LittleEndian.Uint32(b)
	if n > maxPostings || 4+12*int(n) > len(b) {
		return nil, damaged("%d postings in %d bytes", n, len(b))
	}
	p.n = int(n)
	return p, nil
}

// Find returns the events that hold a folded token. ok is false when the token has no list: it may still be rare.
func (p *Postings) Find(token string) (in Bits, ok bool, err error) {
	want := TokenKey(token)
	key := func(i int) uint64 { return binary.LittleEndian.Uint64(p.b[4+12*i:]) }
	for i := sort.Search(p.n, func(i int) bool { return key(i) >= want }); i < p.n && key(i) == want; i++ {
		at := binary.LittleEndian.Uint32(p.b[4+12*i+8:])
		if uint64(at) > uint64(len(p.b)) {
			return nil, false, damaged("posting outside its part")
		}
		r := &reader{b: p.b[at:]}
		name := r.take(r.count(len(r.b), "bytes of token"))
		if r.err != nil {
			return nil, false, r.err
		}
		if string(name) != token {
			continue // another token with the same key
		}
		in = p.list(r)
		return in, r.err == nil, r.err
	}
	return nil, false, nil
}

func (p *Postings) list(r *reader) Bits {
	in := NewBits(p.events)
	switch mode := r.byte(); mode {
	case 0:
		at := -1
		for range r.count(p.events, "events") {
			at += 1 + r.count(p.events, "events between")
			if at >= p.events || r.err != nil {
				r.fail("posting outside the block")
				return in
			}
			in.Set(at)
		}
	case 1:
		for i, b := range r.take((p.events + 7) / 8) {
			for ; b != 0; b &= b - 1 {
				if at := i*8 + trailing(b); at < p.events {
					in.Set(at)
				}
			}
		}
	default:
		r.fail("mode %d", mode)
	}
	return in
}

// Bytes is what it holds in memory.
func (p *Postings) Bytes() int { return 64 + len(p.b) }
