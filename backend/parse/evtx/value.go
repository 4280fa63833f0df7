package evtx

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"adjutant/backend/event"
)

// Value types of binary XML ([MS-EVEN6] §2.2.15, libyal EVTX §5.5).
const (
	typeNull     = 0x00
	typeString   = 0x01 // UTF-16, little-endian
	typeANSI     = 0x02
	typeInt8     = 0x03
	typeUint8    = 0x04
	typeInt16    = 0x05
	typeUint16   = 0x06
	typeInt32    = 0x07
	typeUint32   = 0x08
	typeInt64    = 0x09
	typeUint64   = 0x0a
	typeFloat32  = 0x0b
	typeFloat64  = 0x0c
	typeBool     = 0x0d
	typeBinary   = 0x0e
	typeGUID     = 0x0f
	typeSizeT    = 0x10
	typeFileTime = 0x11
	typeSysTime  = 0x12
	typeSID      = 0x13
	typeHex32    = 0x14
	typeHex64    = 0x15
	typeBinXML   = 0x21
	typeUnknown  = 0x7e // none that we know
	typeText     = 0x7f // ours: UTF-8 text made while reading
	typeArray    = 0x80
)

// value is one typed value; data points into the chunk, at is its offset there.
type value struct {
	typ  byte
	data []byte
	at   int
}

// text prints the value alone.
func (v value) text() string {
	switch v.typ {
	case typeNull:
		return ""
	case typeString:
		return utf16Text(v.data)
	case typeText:
		return string(v.data)
	}
	return string(appendValue(nil, v.typ, v.data, &clock{}))
}

// appendValue prints a value as Windows prints it in XML: hexadecimal types with 0x, GUIDs in braces, times as RFC 3339
// with 100 ns. A value whose size does not fit its type is printed as hexadecimal bytes, so that nothing is lost.
func appendValue(out []byte, typ byte, b []byte, c *clock) []byte {
	switch typ {
	case typeNull:
		return out
	case typeString:
		return appendUTF16(out, trimUTF16(b))
	case typeANSI:
		return appendANSI(out, b)
	case typeInt8, typeInt16, typeInt32, typeInt64:
		if n, ok := signed(b); ok {
			return strconv.AppendInt(out, n, 10)
		}
	case typeUint8, typeUint16, typeUint32, typeUint64:
		if n, ok := unsigned(b); ok {
			return strconv.AppendUint(out, n, 10)
		}
	case typeFloat32:
		if len(b) == 4 {
			return strconv.AppendFloat(out, float64(math.Float32frombits(binary.LittleEndian.Uint32(b))), 'g', -1, 32)
		}
	case typeFloat64:
		if len(b) == 8 {
			return strconv.AppendFloat(out, math.Float64frombits(binary.LittleEndian.Uint64(b)), 'g', -1, 64)
		}
	case typeBool:
		return strconv.AppendBool(out, !allZero(b)) // any value but 0 is true; real logs hold others than 1
	case typeBinary:
		return appendHex(out, b)
	case typeGUID:
		if len(b) == 16 {
			return appendGUID(out, b)
		}
	case typeSizeT, typeHex32, typeHex64:
		if n, ok := unsigned(b); ok {
			return strconv.AppendUint(append(out, "0x"...), n, 16)
		}
	case typeFileTime:
		if len(b) == 8 {
			n := binary.LittleEndian.Uint64(b)
			if n == 0 || n > lastFileTime {
				return strconv.AppendUint(out, n, 10)
			}
			return c.append(out, n)
		}
	case typeSysTime:
		if t, ok := systemTime(b); ok {
			return append(out, event.FormatTime(t)...)
		}
	case typeSID:
		if sidFits(b) {
			return appendSID(out, b)
		}
	}
	if len(b) == 0 {
		return out
	}
	return hex.AppendEncode(append(out, "0x"...), b)
}

// items prints the values of an array. Strings are ended by zeros, other types have a fixed size.
func (v value) items() []string {
	base := v.typ &^ typeArray
	if base == typeText { // ours alone
		base = typeUnknown
	}
	if base == typeString {
		parts := strings.Split(utf16Raw(v.data), "\x00")
		for len(parts) > 1 && parts[len(parts)-1] == "" {
			parts = parts[:len(parts)-1]
		}
		return parts
	}
	size := itemSize(base)
	if size == 0 || len(v.data)%size != 0 {
		return []string{value{typ: base, data: v.data}.text()}
	}
	out := make([]string, 0, len(v.data)/size)
	for i := 0; i+size <= len(v.data); i += size {
		out = append(out, value{typ: base, data: v.data[i : i+size]}.text())
	}
	return out
}

func itemSize(typ byte) int {
	switch typ {
	case typeInt8, typeUint8:
		return 1
	case typeInt16, typeUint16:
		return 2
	case typeInt32, typeUint32, typeFloat32, typeBool, typeHex32:
		return 4
	case typeInt64, typeUint64, typeFloat64, typeFileTime, typeHex64:
		return 8
	case typeGUID, typeSysTime:
		return 16
	}
	return 0
}

func unsigned(b []byte) (uint64, bool) {
	switch len(b) {
	case 1:
		return uint64(b[0]), true
	case 2:
		return uint64(binary.LittleEndian.Uint16(b)), true
	case 4:
		return uint64(binary.LittleEndian.Uint32(b)), true
	case 8:
		return binary.LittleEndian.Uint64(b), true
	}
	return 0, false
}

func signed(b []byte) (int64, bool) {
	n, ok := unsigned(b)
	switch len(b) {
	case 1:
		return int64(int8(n)), ok
	case 2:
		return int64(int16(n)), ok
	case 4:
		return int64(int32(n)), ok
	}
	return int64(n), ok
}

const upperHex = "0123456789ABCDEF"

func appendHex(out, b []byte) []byte {
	for _, c := range b {
		out = append(out, upperHex[c>>4], upperHex[c&15])
	}
	return out
}

func appendGUID(out, b []byte) []byte {
	out = append(out, '{')
	for i, at := range [16]byte{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15} {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			out = append(out, '-')
		}
		out = append(out, upperHex[b[at]>>4], upperHex[b[at]&15])
	}
	return append(out, '}')
}

// lastFileTime is the end of the year 9999; what lies beyond is not a time.
const lastFileTime = 2650467743999999999

// fileTime reads 100 ns steps since 1601-01-01 UTC. Zero and times beyond the year 9999 are not times.
func fileTime(n uint64) (time.Time, bool) {
	const epoch = 116444736000000000 // 1970 in those steps
	if n == 0 || n > lastFileTime {
		return time.Time{}, false
	}
	d := int64(n) - epoch
	return time.Unix(floorDiv(d, 1e7), (d-floorDiv(d, 1e7)*1e7)*100).UTC(), true
}

// clock prints times and keeps the date of the last one.
type clock struct {
	day  uint64
	date [11]byte // "2006-01-02T", once day is set
}

// append prints a FILETIME that is one, in event.TimeLayout.
func (c *clock) append(out []byte, n uint64) []byte {
	const perSecond, secondsPerDay = 1e7, 86400
	seconds, part := n/perSecond, n%perSecond
	day, second := seconds/secondsPerDay, seconds%secondsPerDay
	if c.day != day || c.date[0] == 0 {
		c.day = day
		time.Unix(int64(day*secondsPerDay)-11644473600, 0).UTC().AppendFormat(c.date[:0], "2006-01-02T")
	}
	var t [17]byte // "15:04:05.0000000Z"
	digits := func(at int, n uint64) { t[at], t[at+1] = byte('0'+n/10), byte('0'+n%10) }
	digits(0, second/3600)
	digits(3, second/60%60)
	digits(6, second%60)
	digits(9, part/100000)
	digits(11, part/1000%100)
	digits(13, part/10%100)
	t[2], t[5], t[8], t[15], t[16] = ':', ':', '.', byte('0'+part%10), 'Z'
	return append(append(out, c.date[:]...), t[:]...)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// systemTime reads SYSTEMTIME: year, month, day of week, day, hour, minute, second, millisecond, 2 bytes each.
func systemTime(b []byte) (time.Time, bool) {
	if len(b) != 16 {
		return time.Time{}, false
	}
	var f [8]int
	for i := range f {
		f[i] = int(binary.LittleEndian.Uint16(b[2*i:]))
	}
	if f[0] < 1601 || f[0] > 9999 || f[1] < 1 || f[1] > 12 || f[3] < 1 || f[3] > 31 || f[4] > 23 || f[5] > 59 || f[6] > 59 || f[7] > 999 {
		return time.Time{}, false
	}
	return time.Date(f[0], time.Month(f[1]), f[3], f[4], f[5], f[6], f[7]*1e6, time.UTC), true
}

// sidFits says whether b is a security identifier ([MS-DTYP] §2.4.2): revision, count, authority (6 bytes, big-endian),
// parts.
func sidFits(b []byte) bool { return len(b) >= 8 && len(b) >= 8+4*int(b[1]) }

func appendSID(out, b []byte) []byte {
	authority := uint64(b[2])<<40 | uint64(b[3])<<32 | uint64(binary.BigEndian.Uint32(b[4:]))
	out = strconv.AppendUint(append(out, "S-"...), uint64(b[0]), 10)
	out = strconv.AppendUint(append(out, '-'), authority, 10)
	for i := 0; i < int(b[1]); i++ {
		out = strconv.AppendUint(append(out, '-'), uint64(binary.LittleEndian.Uint32(b[8+4*i:])), 10)
	}
	return out
}

// appendANSI keeps valid UTF-8 and reads anything else as Latin-1: the code page of the source machine is not recorded.
func appendANSI(out, b []byte) []byte {
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	if utf8.Valid(b) {
		return append(out, b...)
	}
	for _, c := range b {
		out = utf8.AppendRune(out, rune(c))
	}
	return out
}
