package evtx

import (
	"encoding/binary"
	"unicode/utf8"
)

// trimUTF16 drops the zeros that end a text.
func trimUTF16(b []byte) []byte {
	if len(b)%2 != 0 {
		return b
	}
	for n := len(b); n >= 2 && b[n-1] == 0 && b[n-2] == 0; n = len(b) {
		b = b[:n-2]
	}
	return b
}

// asciiOf writes UTF-16 text as ASCII to out, which has a byte for each unit; false when it is not ASCII.
func asciiOf(out, b []byte) bool {
	b = b[:2*len(out)]
	for len(b) >= 16 {
		lo, hi := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
		if (lo|hi)&0xff80_ff80_ff80_ff80 != 0 {
			return false
		}
		binary.LittleEndian.PutUint64(out, uint64(squeeze(lo))|uint64(squeeze(hi))<<32)
		b, out = b[16:], out[8:]
	}
	for i := range out {
		if b[2*i+1] != 0 || b[2*i] >= 0x80 {
			return false
		}
		out[i] = b[2*i]
	}
	return true
}

// squeeze takes the low bytes of four units.
func squeeze(v uint64) uint32 {
	v = (v | v>>8) & 0x0000_ffff_0000_ffff
	return uint32(v | v>>16)
}

// appendUTF16 appends UTF-16 as UTF-8. Broken surrogates become U+FFFD, an odd byte at the end is dropped.
func appendUTF16(out, b []byte) []byte {
	for ; len(b) >= 2; b = b[2:] {
		u := rune(binary.LittleEndian.Uint16(b))
		switch {
		case u < utf8.RuneSelf:
			out = append(out, byte(u))
			continue
		case u >= 0xd800 && u < 0xdc00 && len(b) >= 4:
			if low := rune(binary.LittleEndian.Uint16(b[2:])); low >= 0xdc00 && low < 0xe000 {
				u = 0x10000 + (u-0xd800)<<10 + (low - 0xdc00)
				b = b[2:]
			}
		}
		out = utf8.AppendRune(out, u) // writes a lone surrogate as U+FFFD
	}
	return out
}

func utf16Text(b []byte) string { return utf16Raw(trimUTF16(b)) }

func utf16Raw(b []byte) string {
	out := make([]byte, len(b)/2)
	if !asciiOf(out, b) {
		out = appendUTF16(make([]byte, 0, len(b)), b)
	}
	return string(out)
}
