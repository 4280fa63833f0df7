package journal

import (
	"encoding/binary"
	"math/bits"
)

// hash is the one that the file has for a value: SipHash-2-4 under the file's id, or Jenkins' lookup3 in older files.
func (h *header) hash(b []byte) uint64 {
	if h.has(flagKeyed) {
		return sipHash(h.fileID, b)
	}
	return jenkins(b)
}

// sipHash is SipHash-2-4 (Aumasson and Bernstein, 2012).
func sipHash(key [16]byte, b []byte) uint64 {
	k0, k1 := binary.LittleEndian.Uint64(key[:]), binary.LittleEndian.Uint64(key[8:])
	v0, v1, v2, v3 := k0^0x736f6d6570736575, k1^0x646f72616e646f6d, k0^0x6c7967656e657261, k1^0x7465646279746573
	round := func() {
		v0 += v1
		v1 = bits.RotateLeft64(v1, 13) ^ v0
		v0 = bits.RotateLeft64(v0, 32)
		v2 += v3
		v3 = bits.RotateLeft64(v3, 16) ^ v2
		v0 += v3
		v3 = bits.RotateLeft64(v3, 21) ^ v0
		v2 += v1
		v1 = bits.RotateLeft64(v1, 17) ^ v2
		v2 = bits.RotateLeft64(v2, 32)
	}
	last := uint64(len(b)) << 56
	for ; len(b) >= 8; b = b[8:] {
		m := binary.LittleEndian.Uint64(b)
		v3 ^= m
		round()
		round()
		v0 ^= m
	}
	for i, c := range b {
		last |= uint64(c) << (8 * i)
	}
	v3 ^= last
	round()
	round()
	v0 ^= last
	v2 ^= 0xff
	for range 4 {
		round()
	}
	return v0 ^ v1 ^ v2 ^ v3
}

// jenkins is hashlittle2 of Bob Jenkins' lookup3.c with both seeds 0, as journald puts its two halves together.
func jenkins(data []byte) uint64 {
	a := 0xdeadbeef + uint32(len(data))
	b, c := a, a
	word := binary.LittleEndian.Uint32
	rot := bits.RotateLeft32
	for ; len(data) > 12; data = data[12:] {
		a, b, c = a+word(data), b+word(data[4:]), c+word(data[8:])
		a = a - c ^ rot(c, 4)
		c += b
		b = b - a ^ rot(a, 6)
		a += c
		c = c - b ^ rot(b, 8)
		b += a
		a = a - c ^ rot(c, 16)
		c += b
		b = b - a ^ rot(a, 19)
		a += c
		c = c - b ^ rot(b, 4)
		b += a
	}
	if len(data) == 0 {
		return uint64(c)<<32 | uint64(b)
	}
	var rest [12]byte
	copy(rest[:], data)
	a, b, c = a+word(rest[:]), b+word(rest[4:]), c+word(rest[8:])
	c = c ^ b - rot(b, 14)
	a = a ^ c - rot(c, 11)
	b = b ^ a - rot(a, 25)
	c = c ^ b - rot(b, 16)
	a = a ^ c - rot(c, 4)
	b = b ^ a - rot(a, 14)
	c = c ^ b - rot(b, 24)
	return uint64(c)<<32 | uint64(b)
}
