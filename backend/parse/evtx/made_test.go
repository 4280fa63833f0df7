package evtx

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"testing"
	"time"
	"unicode/utf16"
)

// maker writes small logs for tests: one chunk, records of plain binary XML and of a template with values.
type maker struct {
	chunk []byte
	next  uint64
	tmpl  uint32 // chunk offset of the template once written
}

func newMaker() *maker { return &maker{chunk: make([]byte, chunkHeader, chunkSize), next: 1} }

func u16b(n int) []byte    { return binary.LittleEndian.AppendUint16(nil, uint16(n)) }
func u32b(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }
func u64b(n uint64) []byte { return binary.LittleEndian.AppendUint64(nil, n) }

func utf16b(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func filetime(t time.Time) uint64 {
	return uint64(t.Unix()+11644473600)*1e7 + uint64(t.Nanosecond()/100)
}

// xml collects binary XML that will stand at a known chunk offset, so that inline names can give their own place.
type xml struct {
	base int
	b    []byte
}

func (x *xml) raw(parts ...[]byte) {
	for _, p := range parts {
		x.b = append(x.b, p...)
	}
}

func (x *xml) name(s string) {
	x.raw(u32b(uint32(x.base+len(x.b)+4)), u32b(0), u16b(0), u16b(len([]rune(s))), utf16b(s), u16b(0))
}

func (x *xml) open(s string, attrs ...string) {
	tok := byte(tokOpen)
	if len(attrs) > 0 {
		tok |= tokMore
	}
	x.raw([]byte{tok}, u16b(0xffff), u32b(0))
	x.name(s)
	if len(attrs) > 0 {
		x.raw(u32b(0))
	}
	for i := 0; i < len(attrs); i += 2 {
		x.raw([]byte{tokAttribute})
		x.name(attrs[i])
		x.raw([]byte{tokValue, typeString}, u16b(len([]rune(attrs[i+1]))), utf16b(attrs[i+1]))
	}
	x.raw([]byte{tokCloseStart})
}

func (x *xml) text(s string) {
	x.raw([]byte{tokValue, typeString}, u16b(len([]rune(s))), utf16b(s))
}

func (x *xml) subst(i int, typ byte) { x.raw([]byte{tokOptional}, u16b(i), []byte{typ}) }
func (x *xml) close()                { x.raw([]byte{tokEnd}) }

func (x *xml) leaf(name, text string) { x.open(name); x.text(text); x.close() }

// record appends a record around what body writes and returns its chunk offset.
func (m *maker) record(at time.Time, body func(x *xml)) int {
	pos := len(m.chunk)
	x := &xml{base: pos + recordHeader}
	x.raw([]byte{tokFragment, 1, 1, 0})
	body(x)
	x.raw([]byte{tokEOF})
	for (recordHeader+len(x.b)+4)%8 != 0 {
		x.raw([]byte{0})
	}
	size := uint32(recordHeader + len(x.b) + 4)
	m.chunk = append(m.chunk, []byte(recordMagic)...)
	m.chunk = append(m.chunk, u32b(size)...)
	m.chunk = append(m.chunk, u64b(m.next)...)
	m.chunk = append(m.chunk, u64b(filetime(at))...)
	m.chunk = append(m.chunk, x.b...)
	m.chunk = append(m.chunk, u32b(size)...)
	m.next++
	return pos
}

// logon appends event 4624 through a template whose definition stands in the first such record.
func (m *maker) logon(at time.Time, user, address string) int {
	return m.record(at, func(x *xml) {
		x.raw([]byte{tokTemplate, 1}, u32b(7))
		here := uint32(x.base + len(x.b) + 4)
		first := m.tmpl == 0
		if first {
			m.tmpl = here
		}
		x.raw(u32b(m.tmpl))
		if first {
			def := &xml{base: int(here) + 24}
			def.raw([]byte{tokFragment, 1, 1, 0})
			def.open("Event", "xmlns", "http://schemas.microsoft.com/win/2004/08/events/event")
			def.open("System")
			def.open("Provider", "Name", "Microsoft-Windows-Security-Auditing")
			def.close()
			def.open("EventID")
			def.subst(0, typeUint16)
			def.close()
			def.raw([]byte{tokOpen | tokMore}, u16b(0xffff), u32b(0))
			def.name("TimeCreated")
			def.raw(u32b(0), []byte{tokAttribute})
			def.name("SystemTime")
			def.subst(1, typeFileTime)
			def.raw([]byte{tokCloseEmpty})
			def.leaf("Channel", "Security")
			def.leaf("Computer", "FS01")
			def.open("Keywords")
			def.subst(5, typeHex64)
			def.close()
			def.close()
			def.open("EventData")
			for i, n := range []string{"TargetUserName", "IpAddress", "LogonType"} {
				def.open("Data", "Name", n)
				def.subst(2+i, typeString)
				def.close()
			}
			def.close()
			def.close()
			def.raw([]byte{tokEOF})
			x.raw(u32b(0), make([]byte, 16), u32b(uint32(len(def.b))), def.b)
		}
		values := []value{
			{typ: typeUint16, data: u16b(4624)}, {typ: typeFileTime, data: u64b(filetime(at))}, {typ: typeString, data: utf16b(user)},
			{typ: typeString, data: utf16b(address)}, {typ: typeUint32, data: u32b(3)}, {typ: typeHex64, data: u64b(0x8020000000000000)},
		}
		x.raw(u32b(uint32(len(values))))
		for _, v := range values {
			x.raw(u16b(len(v.data)), []byte{v.typ, 0})
		}
		for _, v := range values {
			x.raw(v.data)
		}
	})
}

// file returns the log with right checksums.
func (m *maker) file() []byte {
	free := len(m.chunk)
	chunk := make([]byte, chunkSize)
	copy(chunk, m.chunk)
	copy(chunk, chunkMagic)
	copy(chunk[40:], u32b(128))
	copy(chunk[48:], u32b(uint32(free)))
	copy(chunk[52:], u32b(crc32.ChecksumIEEE(chunk[chunkHeader:free])))
	h := crc32.NewIEEE()
	h.Write(chunk[:120])
	h.Write(chunk[128:chunkHeader])
	copy(chunk[124:], u32b(h.Sum32()))
	head := make([]byte, headerBlock)
	copy(head, fileMagic)
	copy(head[32:], u32b(128))
	copy(head[36:], append(u16b(1), u16b(3)...))
	copy(head[40:], u16b(headerBlock))
	copy(head[42:], u16b(1))
	return append(head, chunk...)
}

var day = time.Date(2026, 3, 14, 1, 2, 3, 456789100, time.UTC)

// threeLogons is the log that most tests here read.
func threeLogons(testing.TB) []byte {
	m := newMaker()
	m.logon(day, "alice", "10.0.0.5")
	m.logon(day.Add(time.Second), "bob", "::ffff:10.0.0.6")
	m.logon(day.Add(2*time.Second), "ærøskøbing", "-")
	return m.file()
}

// at finds the n-th record magic.
func at(b []byte, n int) int {
	pos := 0
	for ; ; n-- {
		i := bytes.Index(b[pos:], []byte(recordMagic))
		if n == 0 || i < 0 {
			return pos + i
		}
		pos += i + 4
	}
}

// everything is a log with each kind of value and of text: in a template, in one inside another, and as plain elements.
func everything() []byte {
	m := newMaker()
	values := []value{
		{typ: typeNull}, {typ: typeString, data: utf16b("text æ 𝄞 \x00 end\x00\x00")}, {typ: typeANSI, data: []byte("caf\xe9\x00")},
		{typ: typeInt8, data: []byte{0x80}}, {typ: typeUint8, data: []byte{0xff}}, {typ: typeInt16, data: u16b(0x8000)}, {typ: typeUint16, data: u16b(0xffff)},
		{typ: typeInt32, data: u32b(1 << 31)}, {typ: typeUint32, data: u32b(1<<32 - 1)}, {typ: typeInt64, data: u64b(1 << 63)}, {typ: typeUint64, data: u64b(1<<64 - 1)},
		{typ: typeFloat32, data: u32b(0x3fc00000)}, {typ: typeFloat64, data: u64b(0x3ff8000000000000)}, {typ: typeBool, data: u32b(1)}, {typ: typeBool},
		{typ: typeBinary, data: []byte{1, 0xab}}, {typ: typeGUID, data: []byte("0123456789abcdef")}, {typ: typeSizeT, data: u64b(4096)},
		{typ: typeFileTime, data: u64b(filetime(day))}, {typ: typeFileTime, data: u64b(1<<64 - 1)}, {typ: typeSysTime, data: []byte{0xea, 7, 3, 0, 6, 0, 14, 0, 1, 0, 2, 0, 3, 0, 200, 1}},
		{typ: typeSID, data: []byte{1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0}}, {typ: typeHex32, data: u32b(0xc0000022)}, {typ: typeHex64, data: u64b(1 << 52)},
		{typ: typeString | typeArray, data: utf16b("\x00one\x00\x00two\x00")}, {typ: typeUint32 | typeArray, data: append(u32b(1), u32b(2)...)},
		{typ: typeUint32 | typeArray, data: []byte{1, 2, 3}}, {typ: typeInt32, data: []byte{1, 2, 3}}, {typ: 0x7e, data: []byte{9}},
	}
	put := func(x *xml, values []value) {
		x.raw(u32b(uint32(len(values))))
		for _, v := range values {
			x.raw(u16b(len(v.data)), []byte{v.typ, 0})
		}
		for _, v := range values {
			x.raw(v.data)
		}
	}
	data := func(x *xml) {
		x.open("EventData", "Name", "kind")
		for i := range values {
			switch i % 4 {
			case 0:
				x.open("Data")
			case 1, 2:
				x.open("Data", "Name", string(rune('a'+i)))
			default:
				x.open("ComplexData", "Name", "same", "extra", "e")
			}
			x.subst(i, values[i].typ)
			x.close()
		}
		x.open("Data", "Name", "refs")
		x.text("a")
		x.raw([]byte{tokEntityRef})
		x.name("amp")
		x.raw([]byte{tokCharRef}, u16b('é'), []byte{tokCDATA}, u16b(3), utf16b("<b>"))
		x.subst(6, typeUint16)
		x.text("z")
		x.close()
		x.text("loose")
		x.close()
	}
	system := func(x *xml) {
		x.open("System")
		x.open("Provider", "EventSourceName", "Old Source")
		x.close()
		x.leaf("EventID", "77")
		x.leaf("Level", "2")
		x.open("Keywords")
		x.subst(23, typeHex64)
		x.close()
		x.open("Correlation", "ActivityID", "{X}")
		x.close()
		x.raw([]byte{tokOpen | tokMore}, u16b(0xffff), u32b(0))
		x.name("Execution")
		x.raw(u32b(0), []byte{tokAttribute})
		x.name("ProcessID")
		x.subst(17, typeSizeT)
		x.raw([]byte{tokAttribute})
		x.name("ThreadID")
		x.subst(1, typeString)
		x.raw([]byte{tokAttribute})
		x.name("ProcessorID")
		x.subst(4, typeUint8)
		x.raw([]byte{tokCloseEmpty})
		x.leaf("Odd", "o")
		x.close()
	}
	define := func(x *xml, body func(def *xml)) {
		x.raw([]byte{tokTemplate, 1}, u32b(9))
		here := uint32(x.base + len(x.b) + 4)
		x.raw(u32b(here))
		def := &xml{base: int(here) + 24}
		def.raw([]byte{tokFragment, 1, 1, 0})
		body(def)
		def.raw([]byte{tokEOF})
		x.raw(u32b(0), make([]byte, 16), u32b(uint32(len(def.b))), def.b)
	}
	m.record(day, func(x *xml) { // all in one template
		define(x, func(def *xml) {
			def.open("Event")
			system(def)
			data(def)
			def.open("RenderingInfo", "Culture", "en")
			def.leaf("Message", "m")
			def.close()
			def.open("Other")
			def.subst(24, typeString|typeArray)
			def.close()
			def.close()
		})
		put(x, values)
	})
	for range 2 { // the data is a template in a value of another one, or plain elements in a value
		for _, plain := range []bool{false, true} {
			m.record(day, func(x *xml) {
				outer := append([]value(nil), values...)
				var inner *xml
				define(x, func(def *xml) {
					def.open("Event")
					system(def)
					def.open("UserData")
					def.subst(len(values), typeBinXML)
					def.close()
					def.close()
				})
				inner = &xml{base: x.base + len(x.b) + 4 + 4*(len(values)+1)}
				for _, v := range values {
					inner.base += len(v.data)
				}
				inner.raw([]byte{tokFragment, 1, 1, 0})
				body := func(def *xml) {
					def.open("Own", "xmlns", "x", "version", "3")
					def.leaf("Plain", "p")
					def.open("Nested", "at", "b")
					def.text("t")
					def.leaf("Deep", "d")
					def.close()
					if !plain {
						def.subst(24, typeString|typeArray)
					}
					def.close()
				}
				if plain {
					body(inner)
				} else {
					define(inner, body)
					put(inner, values)
				}
				inner.raw([]byte{tokEOF})
				put(x, append(outer, value{typ: typeBinXML, data: inner.b}))
			})
		}
	}
	m.record(day, func(x *xml) { // no template at all
		x.open("Event")
		x.open("System")
		x.open("Provider", "Name", "Microsoft-Windows-Security-Auditing", "Guid", "{G}")
		x.close()
		x.leaf("EventID", "4625")
		x.open("TimeCreated", "SystemTime", "2026-03-14T01:02:03.5Z")
		x.close()
		x.close()
		x.open("EventData")
		for name, v := range map[string]string{"SubStatus": "0xc000006a"} {
			x.open("Data", "Name", name)
			x.text(v)
			x.close()
		}
		x.open("Data", "Name", "TargetUserName")
		x.text("bob")
		x.raw([]byte{tokEntityRef})
		x.name("lt")
		x.text("x")
		x.close()
		x.close()
		x.close()
	})
	return m.file()
}
