package windefender

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"time"
	"unicode/utf16"
)

// Types of values, as the specification numbers them.
const (
	typeNumber   = 0x06
	typeLong     = 0x08
	typeFiletime = 0x0a
	typeText     = 0x15
	typeGUID     = 0x1e
	typeBytes    = 0x28
)

// maxValues bounds what one file may hold: a detection has some seven values for each resource, and fifty others.
const maxValues = 50_000

// value is one value of a file.
type value struct {
	kind uint32
	data []byte
	off  int64
}

// values cuts a file: size, type, data, and padding to eight bytes. complaint says why it stopped before the end, and where.
func values(b []byte) (out []value, complaint string, at int64) {
	for off := 0; off < len(b); {
		switch {
		case len(out) == maxValues:
			return out, fmt.Sprintf("the file has more than %d values", maxValues), int64(off)
		case len(b)-off < 8:
			return out, fmt.Sprintf("the last %d bytes are not a whole value", len(b)-off), int64(off)
		}
		size := binary.LittleEndian.Uint32(b[off:])
		if int64(size) > int64(len(b)-off-8) {
			return out, fmt.Sprintf("a value states %d bytes, %d are left", size, len(b)-off-8), int64(off)
		}
		out = append(out, value{binary.LittleEndian.Uint32(b[off+4:]), b[off+8 : off+8+int(size)], int64(off)})
		off += 8 + (int(size)+7)&^7
	}
	return out, "", 0
}

// text is what a value says, as a person reads it: the string, the digits, the identifier or the bytes in hexadecimal.
func (v value) text() string {
	switch {
	case v.kind == typeText:
		return utf16le(v.data)
	case v.kind == typeGUID && len(v.data) == 16:
		return guid(v.data)
	case v.kind == typeFiletime && len(v.data) == 8:
		return strconv.FormatUint(binary.LittleEndian.Uint64(v.data), 10)
	case len(v.data) == 4:
		return strconv.FormatUint(uint64(binary.LittleEndian.Uint32(v.data)), 10)
	case len(v.data) == 8:
		return strconv.FormatUint(binary.LittleEndian.Uint64(v.data), 10)
	}
	return fmt.Sprintf("%x", v.data)
}

// number says that text gives digits that count something.
func (v value) number() bool {
	return v.kind != typeText && v.kind != typeGUID && (len(v.data) == 4 || len(v.data) == 8)
}

// utf16le reads a string; zeros end it.
func utf16le(b []byte) string {
	u := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		c := binary.LittleEndian.Uint16(b[i:])
		if c == 0 {
			break
		}
		u = append(u, c)
	}
	return string(utf16.Decode(u))
}

func guid(b []byte) string {
	return fmt.Sprintf("%08X-%04X-%04X-%X-%X", binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint16(b[4:]), binary.LittleEndian.Uint16(b[6:]), b[8:10], b[10:])
}

// filetime is a moment in 100 ns since 1601; ok is false for 0, which stands for none, and for years that no clock shows.
func filetime(n uint64) (at time.Time, ok bool) {
	const toUnix = 11644473600
	if n == 0 || n/10_000_000 > 253402300799+toUnix {
		return at, false
	}
	return time.Unix(int64(n/10_000_000)-toUnix, int64(n%10_000_000)*100).UTC(), true
}

// tracked is one value of the threat tracking data of a resource.
type tracked struct {
	key, text string
	number    bool
	raw       uint64
}

// tracking reads threat tracking data: a header of twenty bytes that may be absent, the size of the values, and the values.
func tracking(b []byte) (out []tracked, whole bool) {
	u32 := func() (n uint32, ok bool) {
		if len(b) < 4 {
			return 0, false
		}
		n, b = binary.LittleEndian.Uint32(b), b[4:]
		return n, true
	}
	take := func(n uint32) (p []byte, ok bool) {
		if uint64(n) > uint64(len(b)) {
			return nil, false
		}
		p, b = b[:n], b[n:]
		return p, true
	}
	if len(b) >= 20 && binary.LittleEndian.Uint32(b) == 1 && binary.LittleEndian.Uint32(b[4:]) == 20 {
		b = b[20:]
	}
	if len(b) == 0 {
		return nil, true
	}
	size, ok := u32() // counts itself
	if !ok || size < 4 || uint64(size-4) > uint64(len(b)) {
		return nil, false
	}
	b = b[:size-4]
	for len(b) > 0 && len(out) < maxTracked {
		n, ok := u32()
		if !ok {
			return out, false
		}
		key, ok := take(n)
		kind, ok2 := u32()
		if !ok || !ok2 {
			return out, false
		}
		t := tracked{key: utf16le(key), number: true}
		size := uint32(0)
		switch kind {
		case 3:
			size = 4
		case 4:
			size = 8
		case 5:
			size = 1
		case 6:
			if size, ok = u32(); !ok {
				return out, false
			}
			t.number = false
		case 7:
			size, t.number = 5, false
		default:
			return out, false // its size is not known
		}
		data, ok := take(size)
		if !ok {
			return out, false
		}
		switch {
		case t.number:
			var wide [8]byte
			copy(wide[:], data)
			t.raw = binary.LittleEndian.Uint64(wide[:])
			t.text = strconv.FormatUint(t.raw, 10)
		case kind == 6:
			t.text = utf16le(data)
		default:
			t.text = fmt.Sprintf("%x", data)
		}
		out = append(out, t)
	}
	return out, len(b) == 0
}

// maxTracked bounds the values of one resource; some twenty are known.
const maxTracked = 200
