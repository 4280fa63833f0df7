package block

import (
	"cmp"
	"encoding/binary"
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
	token string
	in    Bits
}

func encodePostings(list []posting, events int) []byte {
	if len(list) == 0 {
		return nil
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := TokenKey(list[i].token), TokenKey(list[j].token)
		if a != b {
			return a < b
		}
		return list[i].token < list[j].token
	})
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(list)))
	var lists []byte
	head := 4 + 12*len(list)
	for _, p := range list {
		out = binary.LittleEndian.AppendUint64(out, TokenKey(p.token))
		out = binary.LittleEndian.AppendUint32(out, uint32(head+len(lists)))
		lists = binary.AppendUvarint(lists, uint64(len(p.token)))
		lists = append(lists, p.token...)
		n := p.in.Count()
		if n > events/8 {
			lists = append(lists, 1)
			at := len(lists)
			lists = append(lists, make([]byte, (events+7)/8)...)
			p.in.Each(func(i int) { lists[at+i/8] |= 1 << (i % 8) })
			continue
		}
		lists = append(lists, 0)
		lists = binary.AppendUvarint(lists, uint64(n))
		last := -1
		p.in.Each(func(i int) {
			lists = binary.AppendUvarint(lists, uint64(i-last-1))
			last = i
		})
	}
	return append(out, lists...)
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

// keepMostFrequent cuts a sorted list of candidates to maxPostings.
func keepMostFrequent(tokens []string, uses func(string) uint32) []string {
	if len(tokens) > maxPostings {
		slices.SortStableFunc(tokens, func(a, b string) int { return cmp.Compare(uses(b), uses(a)) })
		tokens = tokens[:maxPostings]
	}
	return tokens
}
