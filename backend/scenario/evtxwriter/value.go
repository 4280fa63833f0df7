package evtxwriter

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Value types: what may stand in Pair.Value and Element.Value, and the type it is stored as (MS-EVEN6 2.2.12 ValueType):
//
//	nil        0x00 null          string     0x01 UTF-16
//	uint8      0x04               uint16     0x06
//	int32      0x07               uint32     0x08
//	int64      0x09               uint64     0x0a
//	bool       0x0d 32 bits       []byte     0x0e binary
//	GUID       0x0f               time.Time  0x11 FILETIME
//	SID        0x13               Hex32      0x14
//	Hex64      0x15
type valueType uint8

const (
	typeNull     valueType = 0x00
	typeString   valueType = 0x01
	typeUint8    valueType = 0x04
	typeUint16   valueType = 0x06
	typeInt32    valueType = 0x07
	typeUint32   valueType = 0x08
	typeInt64    valueType = 0x09
	typeUint64   valueType = 0x0a
	typeBool     valueType = 0x0d
	typeBinary   valueType = 0x0e
	typeGUID     valueType = 0x0f
	typeFiletime valueType = 0x11
	typeSID      valueType = 0x13
	typeHex32    valueType = 0x14
	typeHex64    valueType = 0x15
	typeBinXML   valueType = 0x21
)

// Hex32 is a number that readers print in hexadecimal.
type Hex32 uint32

// Hex64 is a number that readers print in hexadecimal: logon ids, process ids of the security log, keywords.
type Hex64 uint64

// SID is a security identifier in its text form, "S-1-5-21-…".
type SID string

// GUID holds the 16 bytes as they are stored: the first three groups little endian.
type GUID [16]byte

// ParseGUID reads "54849625-5478-4994-a5ba-3e3b0328c30d", with or without braces.
func ParseGUID(s string) (GUID, error) {
	var g GUID
	raw, err := hex.DecodeString(strings.ReplaceAll(strings.Trim(s, "{}"), "-", ""))
	if err != nil || len(raw) != 16 {
		return g, fmt.Errorf("evtxwriter: guid %.50q: not 32 hexadecimal digits", s)
	}
	copy(g[:], raw)
	g[0], g[1], g[2], g[3] = raw[3], raw[2], raw[1], raw[0]
	g[4], g[5] = raw[5], raw[4]
	g[6], g[7] = raw[7], raw[6]
	return g, nil
}

// String is the form with braces and lower-case digits.
func (g GUID) String() string {
	return fmt.Sprintf("{%08x-%04x-%04x-%x-%x}", binary.LittleEndian.Uint32(g[:]),
		binary.LittleEndian.Uint16(g[4:]), binary.LittleEndian.Uint16(g[6:]), g[8:10], g[10:])
}

// value is one encoded substitution.
type value struct {
	kind   valueType
	data   []byte
	nested func(*encoder) error // a fragment, whose offsets depend on where it comes to lie
}

func encodeValue(v any) (value, error) {
	le := binary.LittleEndian
	switch v := v.(type) {
	case nil:
		return value{}, nil
	case string:
		text := utf16Of(v)
		data := make([]byte, 0, 2*len(text))
		for _, c := range text {
			data = le.AppendUint16(data, c)
		}
		return value{kind: typeString, data: data}, nil
	case uint8:
		return value{kind: typeUint8, data: []byte{v}}, nil
	case uint16:
		return value{kind: typeUint16, data: le.AppendUint16(nil, v)}, nil
	case int32:
		return value{kind: typeInt32, data: le.AppendUint32(nil, uint32(v))}, nil
	case uint32:
		return value{kind: typeUint32, data: le.AppendUint32(nil, v)}, nil
	case int64:
		return value{kind: typeInt64, data: le.AppendUint64(nil, uint64(v))}, nil
	case uint64:
		return value{kind: typeUint64, data: le.AppendUint64(nil, v)}, nil
	case Hex32:
		return value{kind: typeHex32, data: le.AppendUint32(nil, uint32(v))}, nil
	case Hex64:
		return value{kind: typeHex64, data: le.AppendUint64(nil, uint64(v))}, nil
	case bool:
		n := uint32(0)
		if v {
			n = 1
		}
		return value{kind: typeBool, data: le.AppendUint32(nil, n)}, nil
	case []byte:
		return value{kind: typeBinary, data: v}, nil
	case GUID:
		return value{kind: typeGUID, data: append([]byte(nil), v[:]...)}, nil
	case time.Time:
		return value{kind: typeFiletime, data: le.AppendUint64(nil, filetime(v))}, nil
	case SID:
		data, err := v.bytes()
		return value{kind: typeSID, data: data}, err
	}
	return value{}, fmt.Errorf("%w: %T", ErrType, v)
}

// filetime counts 100 ns since 1601-01-01 UTC (MS-DTYP 2.3.3). Earlier times, the zero time among them, become 0.
func filetime(t time.Time) uint64 {
	const epoch = 11644473600 // seconds from 1601 to 1970
	if s := t.Unix() + epoch; s >= 0 {
		return uint64(s)*10_000_000 + uint64(t.Nanosecond()/100)
	}
	return 0
}

// bytes is the binary form, MS-DTYP 2.4.2.2: revision, count, authority big endian, sub-authorities little endian.
func (s SID) bytes() ([]byte, error) {
	parts := strings.Split(string(s), "-")
	bad := fmt.Errorf("evtxwriter: sid %.80q: not S-1-authority-…", string(s))
	if len(parts) < 3 || len(parts) > 3+15 || parts[0] != "S" || parts[1] != "1" {
		return nil, bad
	}
	authority, err := strconv.ParseUint(parts[2], 10, 48)
	if err != nil {
		return nil, bad
	}
	out := binary.BigEndian.AppendUint64(nil, authority)
	out[0], out[1] = 1, byte(len(parts)-3)
	for _, p := range parts[3:] {
		n, err := strconv.ParseUint(p, 10, 32)
		if err != nil {
			return nil, bad
		}
		out = binary.LittleEndian.AppendUint32(out, uint32(n))
	}
	return out, nil
}
