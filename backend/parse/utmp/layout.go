package utmp

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"time"
	"unicode/utf8"

	"adjutant/backend/parse/lines"
)

// kind is what sort of file it is.
type kind int

const (
	linux kind = iota
	lastlog
	macos
)

// layout is where the parts of a record stand. glibc's struct utmp begins alike everywhere: 0 type (2), 4 pid (4), 8 line (32),
// 40 id (4), 44 user (32), 76 host (256), 332 exit: termination (2) and status (2). Where time_t stays 32 bits for old programs (x86,
// x86-64, ARM, PowerPC, MIPS, SPARC) 336 session (4), 340 seconds (4), 344 microseconds (4), 348 address (16), 364 unused (20); on the
// others (AArch64, s390x, RISC-V, Alpha, IA-64) 336 session (8), 344 seconds (8), 352 microseconds (8), 360 address (16), 376
// unused (20), 396 fill (4).
type layout struct {
	kind kind
	name string
	size int
	wide bool // 64-bit times
	in   binary.ByteOrder
}

var layouts = []*layout{
	{linux, "Linux with 32-bit times, least byte first (such as x86 and x86-64)", 384, false, binary.LittleEndian},
	{linux, "Linux with 64-bit times, least byte first (such as AArch64)", 400, true, binary.LittleEndian},
	{linux, "Linux with 32-bit times, greatest byte first (such as PowerPC)", 384, false, binary.BigEndian},
	{linux, "Linux with 64-bit times, greatest byte first (such as s390x)", 400, true, binary.BigEndian},
	{lastlog, "lastlog with 32-bit times, least byte first", 292, false, binary.LittleEndian},
	{lastlog, "lastlog with 64-bit times, least byte first", 296, true, binary.LittleEndian},
	{lastlog, "lastlog with 32-bit times, greatest byte first", 292, false, binary.BigEndian},
	{lastlog, "lastlog with 64-bit times, greatest byte first", 296, true, binary.BigEndian},
}

// macMark begins the first record of macOS's file.
const macMark = "utmpx-1.00\x00"

// macLayout: 0 user (256), 256 id (4), 260 line (32), 292 pid (4), 296 type (2), 300 seconds (4), 304 microseconds (4), 308 host (256),
// 564 unused (64).
var macLayout = &layout{macos, "macOS", 628, false, binary.LittleEndian}

// record is one login record.
type record struct {
	uid         int64 // of lastlog: the place in the file
	kind        int
	pid         int32
	line, id    string
	idNumber    uint32
	user, host  string
	termination int16
	status      int16
	session     int64
	sec, usec   int64
	address     netip.Addr
	bad         bool // a text ran on without an end or was not text
}

func (l *layout) read(b []byte) (r record) {
	o := l.in
	switch l.kind {
	case macos:
		r.user, r.line, r.host = r.text(b[:256]), r.text(b[260:292]), r.text(b[308:564])
		r.id, r.idNumber = r.idText(b[256:260]), o.Uint32(b[256:])
		r.pid, r.kind = int32(o.Uint32(b[292:])), int(o.Uint16(b[296:]))
		r.sec, r.usec = int64(o.Uint32(b[300:])), int64(int32(o.Uint32(b[304:])))
		return r
	case lastlog:
		from := 4
		r.sec = int64(o.Uint32(b))
		if l.wide {
			r.sec, from = int64(o.Uint64(b)), 8
		}
		r.line, r.host = r.text(b[from:from+32]), r.text(b[from+32:from+288])
		return r
	}
	r.kind, r.pid = int(o.Uint16(b)), int32(o.Uint32(b[4:]))
	r.line, r.user, r.host = r.text(b[8:40]), r.text(b[44:76]), r.text(b[76:332])
	r.id, r.idNumber = r.idText(b[40:44]), o.Uint32(b[40:])
	r.termination, r.status = int16(o.Uint16(b[332:])), int16(o.Uint16(b[334:]))
	address := b[348:364]
	if l.wide {
		r.session, r.sec, r.usec = int64(o.Uint64(b[336:])), int64(o.Uint64(b[344:])), int64(o.Uint64(b[352:]))
		address = b[360:376]
	} else {
		r.session, r.sec, r.usec = int64(int32(o.Uint32(b[336:]))), int64(o.Uint32(b[340:])), int64(int32(o.Uint32(b[344:])))
	}
	switch {
	case !zero(address[4:]):
		r.address = netip.AddrFrom16([16]byte(address)).Unmap()
	case !zero(address[:4]):
		r.address = netip.AddrFrom4([4]byte(address[:4]))
	}
	return r
}

// text reads up to the first zero byte; a field that is full has none.
func (r *record) text(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	if !utf8.Valid(b) {
		r.bad = true
	}
	for _, c := range b {
		if c < ' ' {
			r.bad = true
		}
	}
	s, _ := lines.Clean(b)
	return s
}

// idText shows the four bytes of an id where they are text; some programs put numbers there.
func (r *record) idText(b []byte) string {
	b = bytes.TrimRight(b, "\x00")
	for _, c := range b {
		if c < ' ' || c > '~' {
			return ""
		}
	}
	return string(b)
}

func zero(b []byte) bool { return len(bytes.TrimLeft(b, "\x00")) == 0 }

// verdict says what bytes are.
type verdict int

const (
	broken verdict = iota
	empty
	sound
)

// latest is the last second that a 32-bit time holds without a sign; no clock of today is there.
const latest = 1<<32 - 1

// latestLastlog is in 2038: where a record has nothing but a time, the other byte order is told by impossible times alone.
const latestLastlog = 1<<31 - 1

// judge says whether bytes can be a record. Bytes are sound when they have a time.
func (l *layout) judge(b []byte) verdict {
	if zero(b[:l.size]) {
		return empty
	}
	r := l.read(b)
	most := 9 // ACCOUNTING
	if l.kind == macos {
		most = 1<<16 - 1 // the high bits are flags
	}
	if r.kind > most || r.bad || r.pid < 0 || r.sec < 0 || r.sec > latest || r.usec < 0 || r.usec >= 1e6 {
		return broken
	}
	if l.kind == lastlog && (r.sec > latestLastlog || r.line == "" && r.host == "") {
		return broken
	}
	if r.sec > 0 && r.sec < 315532800 { // 1980
		return broken
	}
	if r.sec == 0 && r.kind == 0 && r.pid == 0 && r.line+r.user+r.host == "" {
		return broken
	}
	return sound
}

func (r *record) at() time.Time { return time.Unix(r.sec, r.usec*1000).UTC() }
