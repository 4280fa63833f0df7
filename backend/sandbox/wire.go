package sandbox

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// The two pipes between parent and child carry frames: type byte, length uint32 big endian, payload.
//
//	parent → child   request  JSON of request
//	                 data     answer to read: the bytes and 1 byte 0, or the text of an error and 1 byte 1
//	child → parent   hello    protocol version byte, confinement bits (status.go); sent before the request is read
//	                 confined the bits that hold now; sent before the first byte of evidence is asked for
//	                 read     offset uint64, length uint32
//	                 events   many events (code.go)
//	                 result   JSON of reply; the last frame
//
// Both ends are the same executable, so there is one version. The child may be captured by what it reads: the parent
// believes nothing (check.go).
const (
	protocolVersion = 2

	frameRequest  = 'Q'
	frameData     = 'D'
	frameHello    = 'H'
	frameConfined = 'C'
	frameRead     = 'R'
	frameEvents   = 'E'
	frameResult   = 'Z'
)

// request is what the parent, which is trusted, asks of the child.
type request struct {
	Format     string
	Size       int64
	Name       string
	Started    time.Time
	ZoneName   string // what time.LoadLocation takes, or the name of a fixed zone
	ZoneOffset int    // seconds, for zones that LoadLocation does not know
	ZoneBy     string
	Year       int
	YearBy     string
	ModTime    time.Time
	Columns    map[string]string
	Memory     int64
	CPUSeconds uint64
	Probe      bool // only say what confinement holds
}

// errFrame is anything that is not a frame of ours.
var errFrame = errors.New("sandbox: malformed frame")

func writeFrame(w io.Writer, kind byte, parts ...[]byte) error {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	if n > maxFrameBytes {
		return fmt.Errorf("%w: %d bytes to send", errFrame, n)
	}
	head := make([]byte, 5, 5+min(n, 4<<10))
	head[0] = kind
	binary.BigEndian.PutUint32(head[1:], uint32(n))
	if n <= 4<<10 { // small frames in one write
		for _, p := range parts {
			head = append(head, p...)
		}
		_, err := w.Write(head)
		return err
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	for _, p := range parts {
		if _, err := w.Write(p); err != nil {
			return err
		}
	}
	return nil
}

// readFrame reads one frame into buf, growing it up to the most that its kind may have.
func readFrame(r io.Reader, buf []byte, most func(kind byte) int) (kind byte, payload []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, buf, err
	}
	n := int(binary.BigEndian.Uint32(head[1:]))
	if m := most(head[0]); n > m {
		return 0, buf, fmt.Errorf("%w: type %q with %d bytes, at most %d", errFrame, head[0], n, m)
	}
	if cap(buf) < n {
		buf = make([]byte, n)
	}
	buf = buf[:n]
	if _, err := io.ReadFull(r, buf); err != nil {
		return 0, buf, fmt.Errorf("%w: cut off: %w", errFrame, err)
	}
	return head[0], buf, nil
}

// fromChild bounds what a child may send; a type it may not send has no bytes at all and is refused later.
func fromChild(kind byte) int {
	switch kind {
	case frameHello, frameConfined:
		return 2
	case frameRead:
		return 12
	case frameEvents:
		return maxFrameBytes
	case frameResult:
		return maxReplyBytes
	}
	return 0
}

func fromParent(kind byte) int {
	switch kind {
	case frameRequest:
		return 1 << 20
	case frameData:
		return maxReadBytes + 1
	}
	return 0
}
