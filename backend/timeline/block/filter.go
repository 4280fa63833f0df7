package block

import (
	"encoding/binary"
	"slices"

	"github.com/FastFilter/xorfilter"
	"github.com/cespare/xxhash/v2"
)

// Filter is a binary fuse filter with 8 bits a key over everything a block can be asked for by equality: tokens of
// values, field=value pairs of columns with few values, and event ids. It never denies what is there and affirms
// wrongly about once in 256. A nil Filter affirms all.
//
//	seed u64, segment length u32, segment count u32, fingerprints
type Filter struct{ f xorfilter.BinaryFuse[uint8] }

// Has says whether the key may be there.
func (f *Filter) Has(key uint64) bool { return f == nil || f.f.Contains(key) }

// TokenKey is the key of a folded token.
func TokenKey(token string) uint64 { return xxhash.Sum64String(token) }

// ValueKey is the key of a folded value of a field.
func ValueKey(field, folded string) uint64 {
	return fieldKey(field) ^ xxhash.Sum64String(folded)
}

// IDKey is the key of an event id.
func IDKey(id RawID) uint64 { return binary.LittleEndian.Uint64(id[:]) }

// fieldKey is the part of ValueKey that a field's values share.
func fieldKey(field string) uint64 { return xxhash.Sum64String(field)*0x9e3779b97f4a7c15 + 0x7f4a7c15 }

// encodeFilter appends the filter; keys is changed. No keys, or keys no filter can be built for, give nothing. Equal keys
// are few as a rule, which the library bears; where it does not they are taken out first.
func encodeFilter(dst []byte, with *xorfilter.BinaryFuseBuilder, keys []uint64) []byte {
	if len(keys) == 0 {
		return dst
	}
	f, err := xorfilter.BuildBinaryFuse[uint8](with, keys)
	if err != nil {
		slices.Sort(keys)
		if f, err = xorfilter.BuildBinaryFuse[uint8](with, slices.Compact(keys)); err != nil {
			return dst // without a filter every question goes to the columns
		}
	}
	dst = binary.LittleEndian.AppendUint64(dst, f.Seed)
	dst = binary.LittleEndian.AppendUint32(dst, f.SegmentLength)
	dst = binary.LittleEndian.AppendUint32(dst, f.SegmentCount)
	return append(dst, f.Fingerprints...)
}

// DecodeFilter reads part 1; an empty part is the nil Filter. b may not change afterwards.
func DecodeFilter(b []byte) (*Filter, error) {
	if len(b) == 0 {
		return nil, nil
	}
	if len(b) < 16 {
		return nil, damaged("filter of %d bytes", len(b))
	}
	length, count := binary.LittleEndian.Uint32(b[8:]), binary.LittleEndian.Uint32(b[12:])
	prints := b[16:]
	if length == 0 || length&(length-1) != 0 || length > 1<<18 || count == 0 || count > 1<<24 ||
		uint64(count+2)*uint64(length) != uint64(len(prints)) {
		return nil, damaged("filter of %d segments of %d in %d bytes", count, length, len(prints))
	}
	return &Filter{xorfilter.BinaryFuse[uint8]{
		Seed: binary.LittleEndian.Uint64(b), SegmentLength: length, SegmentLengthMask: length - 1,
		SegmentCount: count, SegmentCountLength: count * length, Fingerprints: prints,
	}}, nil
}

// Bytes is what it holds in memory.
func (f *Filter) Bytes() int {
	if f == nil {
		return 16
	}
	return 64 + len(f.f.Fingerprints)
}
