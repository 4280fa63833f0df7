package block

import "math/bits"

func trailing(b byte) int { return bits.TrailingZeros8(b) }

// Bits is a set of small numbers: events or rows of one block.
type Bits []uint64

// NewBits makes an empty set for numbers below n.
func NewBits(n int) Bits { return make(Bits, (n+63)/64) }

// Set adds i.
func (b Bits) Set(i int) { b[i>>6] |= 1 << (i & 63) }

// Has says whether i is in.
func (b Bits) Has(i int) bool { return b[i>>6]&(1<<(i&63)) != 0 }

// SetRange adds from, from+1 … to-1.
func (b Bits) SetRange(from, to int) {
	for i := from; i < to; {
		if i&63 == 0 && i+64 <= to {
			b[i>>6] = ^uint64(0)
			i += 64
			continue
		}
		b.Set(i)
		i++
	}
}

// And keeps what is in o too.
func (b Bits) And(o Bits) {
	for i := range b {
		b[i] &= o[i]
	}
}

// Or adds what is in o.
func (b Bits) Or(o Bits) {
	for i := range b {
		b[i] |= o[i]
	}
}

// Flip turns the set into its complement below n.
func (b Bits) Flip(n int) {
	for i := range b {
		b[i] = ^b[i]
	}
	if n&63 != 0 {
		b[len(b)-1] &= 1<<(n&63) - 1
	}
}

// Count is the number of members.
func (b Bits) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// CountBelow is the number of members below i.
func (b Bits) CountBelow(i int) int {
	n := 0
	for _, w := range b[:i>>6] {
		n += bits.OnesCount64(w)
	}
	if i&63 != 0 {
		n += bits.OnesCount64(b[i>>6] & (1<<(i&63) - 1))
	}
	return n
}

// Each calls f for every member in ascending order.
func (b Bits) Each(f func(i int)) {
	for k, w := range b {
		for ; w != 0; w &= w - 1 {
			f(k<<6 + bits.TrailingZeros64(w))
		}
	}
}
