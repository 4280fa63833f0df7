package evtx

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
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
	typeText     = 0x7f // ours: UTF-8 text made while reading
	typeArray    = 0x80
)

// value is one typed value; data points into the chunk, at is its offset there.
type value struct {
	typ  byte
	data []byte
	at   int
}

// text prints the value as Windows prints it in XML: hexadecimal types with 0x, GUIDs in braces, times as RFC 3339
// with 100 ns. A value whose size does not fit its type is printed as hexadecimal bytes, so that nothing is lost.
func (v value) text() string {
	b := v.data
	switch v.typ {
	case typeNull:
		return ""
	case typeString:
		return utf16Text(b)
	case typeText:
		return string(b)
	case typeANSI:
		return ansiText(b)
	case typeInt8, typeInt16, typeInt32, typeInt64:
		if n, ok := signed(b); ok {
			return strconv.FormatInt(n, 10)
		}
	case typeUint8, typeUint16, typeUint32, typeUint64:
		if n, ok := unsigned(b); ok {
			return strconv.FormatUint(n, 10)
		}
	case typeFloat32:
		if len(b) == 4 {
			return strconv.FormatFloat(float64(math.Float32frombits(binary.LittleEndian.Uint32(b))), 'g', -1, 32)
		}
	case typeFloat64:
		if len(b) == 8 {
			return strconv.FormatFloat(math.Float64frombits(binary.LittleEndian.Uint64(b)), 'g', -1, 64)
		}
	case typeBool:
		return strconv.FormatBool(!allZero(b)) // any value but 0 is true; real logs hold others than 1
	case typeBinary:
		return strings.ToUpper(hex.EncodeToString(b))
	case typeGUID:
		if len(b) == 16 {
			return guid(b)
		}
	case typeSizeT, typeHex32, typeHex64:
		if n, ok := unsigned(b); ok {
			return "0x" + strconv.FormatUint(n, 16)
		}
	case typeFileTime:
		if len(b) == 8 {
			n := binary.LittleEndian.Uint64(b)
			if t, ok := fileTime(n); ok {
				return event.FormatTime(t)
			}
			return strconv.FormatUint(n, 10)
		}
	case typeSysTime:
		if t, ok := systemTime(b); ok {
			return event.FormatTime(t)
		}
	case typeSID:
		if s, ok := sid(b); ok {
			return s
		}
	}
	if len(b) == 0 {
		return ""
	}
	return "0x" + hex.EncodeToString(b)
}

// items prints the values of an array. Strings are ended by zeros, other types have a fixed size.
func (v value) items() []string {
	base := v.typ &^ typeArray
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

func guid(b []byte) string {
	return fmt.Sprintf("{%08X-%04X-%04X-%X-%X}", binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint16(b[4:]),
		binary.LittleEndian.Uint16(b[6:]), b[8:10], b[10:16])
}

// fileTime reads 100 ns steps since 1601-01-01 UTC. Zero and times beyond the year 9999 are not times.
func fileTime(n uint64) (time.Time, bool) {
	const epoch = 116444736000000000 // 1970 in those steps
	if n == 0 || n > 2650467743999999999 {
		return time.Time{}, false
	}
	d := int64(n) - epoch
	return time.Unix(floorDiv(d, 1e7), (d-floorDiv(d, 1e7)*1e7)*100).UTC(), true
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

// sid prints a security identifier ([MS-DTYP] §2.4.2): revision, count, authority (6 bytes, big-endian), parts.
func sid(b []byte) (string, bool) {
	if len(b) < 8 || len(b) < 8+4*int(b[1]) {
		return "", false
	}
	var s strings.Builder
	authority := uint64(b[2])<<40 | uint64(b[3])<<32 | uint64(binary.BigEndian.Uint32(b[4:]))
	fmt.Fprintf(&s, "S-%d-%d", b[0], authority)
	for i := 0; i < int(b[1]); i++ {
		s.WriteByte('-')
		s.WriteString(strconv.FormatUint(uint64(binary.LittleEndian.Uint32(b[8+4*i:])), 10))
	}
	return s.String(), true
}

// utf16Text decodes UTF-16 and drops the zeros that end it. Broken surrogates become U+FFFD.
func utf16Text(b []byte) string {
	for len(b) >= 2 && b[len(b)-1] == 0 && b[len(b)-2] == 0 && len(b)%2 == 0 {
		b = b[:len(b)-2]
	}
	return utf16Raw(b)
}

func utf16Raw(b []byte) string {
	ascii := true
	for i := 0; i+1 < len(b); i += 2 {
		if b[i+1] != 0 || b[i] >= 0x80 {
			ascii = false
			break
		}
	}
	n := len(b) / 2
	if ascii {
		out := make([]byte, n)
		for i := range out {
			out[i] = b[2*i]
		}
		return string(out)
	}
	u := make([]uint16, n)
	for i := range u {
		u[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(u))
}

// ansiText keeps valid UTF-8 and reads anything else as Latin-1: the code page of the source machine is not recorded.
func ansiText(b []byte) string {
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	if utf8.Valid(b) {
		return string(b)
	}
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}
