package entrylog

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"adjutant/backend/casefolder/durable"
)

// Damage is a stretch of the file that is not a whole frame in its place.
type Damage struct {
	Offset, Length int64
	Number         uint64 // of the frame, when its header could still be read; else 0
	Torn           bool   // an append that was cut short: an incomplete frame, or zeros, at the very end
	Text           string
}

// ErrUnreadable says that not even the head of the file could be read; nothing of it can be had.
var ErrUnreadable = errors.New("entrylog: unreadable")

// Open reads a log, hands out its whole frames in file order, block by block, and names everything else. A block is see's
// until it returns. The file itself is not changed, and when there is damage the log refuses appends: the caller decides
// (Cut for a torn tail, Rewrite otherwise). Errors: ErrUnreadable, see's, or what the system says.
func Open(path string, key [32]byte, rand io.Reader, see func([]Frame) error) (*Log, []Damage, error) {
	f, err := os.OpenFile(path, os.O_RDWR, durable.FileMode)
	if err != nil {
		return nil, nil, fmt.Errorf("entrylog: open: %w", err)
	}
	l, damage, err := read(f, key, math.MaxInt64, see)
	if err != nil {
		f.Close() //nolint:errcheck // the first error is the one to tell
		return nil, nil, err
	}
	l.f, l.rand = f, rand
	if len(damage) > 0 {
		l.broken = errors.New("the file is damaged")
	}
	return l, damage, nil
}

// Read hands out what a log holds, as Open does, from a file that is not changed and may lie on a read-only disk. The digest
// is that of Log.Digest over the frames that are whole. What lies behind the first most bytes is not looked at.
func Read(path string, key [32]byte, most int64, see func([]Frame) error) (digest [sha256.Size]byte, damage []Damage, err error) {
	f, err := os.Open(path)
	if err != nil {
		return digest, nil, fmt.Errorf("entrylog: read: %w", err)
	}
	defer f.Close()
	l, damage, err := read(f, key, most, see)
	if err != nil {
		return digest, nil, err
	}
	return l.Digest(), damage, nil
}

func read(f *os.File, key [32]byte, most int64, see func([]Frame) error) (*Log, []Damage, error) {
	s, size, damage, err := begin(f, key)
	if err != nil {
		return nil, nil, err
	}
	l := &Log{seal: s}
	var more []Damage
	l.end, more, err = scan(f, s, min(size, most), func(frames []Frame) error {
		for i := range frames {
			l.tags, l.places = append(l.tags, frames[i].tag), append(l.places, frames[i].place)
		}
		return see(frames)
	})
	return l, append(damage, more...), err
}

// begin reads the head of the file.
func begin(f *os.File, key [32]byte) (s *sealer, size int64, damage []Damage, err error) {
	info, err := f.Stat()
	if err != nil {
		return nil, 0, nil, fmt.Errorf("entrylog: open: %w", err)
	}
	size = info.Size()
	head := make([]byte, min(size, framesStart))
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, 0, nil, fmt.Errorf("entrylog: read: %w", err)
	}
	id, whole, err := decodeHeader(head)
	if err != nil {
		return nil, 0, nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	if s, err = newSealer(key, id); err != nil {
		return nil, 0, nil, fmt.Errorf("entrylog: key: %w", err)
	}
	if !whole {
		damage = append(damage, Damage{Offset: 0, Length: framesStart, Text: "one copy of the file header is damaged"})
	}
	return s, size, damage, nil
}

// scan hands out the whole frames until size. end is the offset behind the last of them.
func scan(r io.ReaderAt, s *sealer, size int64, see func([]Frame) error) (end int64, damage []Damage, err error) {
	at, end, last := int64(framesStart), int64(framesStart), uint64(0)
	blocks := blockReader{r: r, seal: s, size: size, most: blockBytes}
	for at < size {
		frames := blocks.read(at, last, end > framesStart)
		if n := len(frames); n > 0 {
			if err := see(frames); err != nil {
				return end, damage, err
			}
			p := frames[n-1].place
			end, last = p.at+int64(p.length), frames[n-1].Number
			at = end
			continue
		}
		fr, _, err := readFrame(r, s, at, size)
		text := "not a frame"
		if err == nil {
			text = fmt.Sprintf("frame %d stands behind frame %d", fr.Number, last)
		} else if fr.Number > 0 {
			text = fmt.Sprintf("frame %d is damaged", fr.Number)
		}
		// The length in a damaged header is not believed: the next frame is looked for, so that nobody can hide good
		// frames behind one bad length.
		resume := nextHeader(r, at+1, size)
		damage = append(damage, Damage{
			Offset: at, Length: resume - at, Number: fr.Number, Text: text,
			Torn: resume == size && (errors.Is(err, io.ErrUnexpectedEOF) || allZero(r, at, size)),
		})
		at = resume
		blocks.careful()
	}
	return end, damage, nil
}

// readFrame reads the frame at offset at; next is the offset behind it. With an error, fr.Number is what the header says.
func readFrame(r io.ReaderAt, s *sealer, at, size int64) (fr Frame, next int64, err error) {
	var h [frameHeaderSize]byte
	if size-at < frameHeaderSize {
		// Too short for a header: torn when it begins like one.
		b := h[:size-at]
		if _, err := r.ReadAt(b, at); err != nil {
			return fr, 0, err
		}
		if n := min(len(b), len(frameMagic)); bytes.Equal(b[:n], frameMagic[:n]) {
			return fr, 0, io.ErrUnexpectedEOF
		}
		return fr, 0, errHeader
	}
	if _, err := r.ReadAt(h[:], at); err != nil {
		return fr, 0, err
	}
	number, sealed, err := frameHeader(h[:])
	if err != nil {
		return fr, 0, err
	}
	fr.Number = number
	total := frameHeaderSize + nonceSize + sealed
	if at+total > size {
		return fr, 0, io.ErrUnexpectedEOF
	}
	b := make([]byte, total)
	if _, err := r.ReadAt(b, at); err != nil {
		return fr, 0, err
	}
	plain, err := s.open(b)
	if err != nil {
		return fr, 0, fmt.Errorf("frame %d: %w", number, err)
	}
	fr.Data, fr.tag = plain, tagOf(b)
	return fr, at + total, nil
}

// nextHeader finds the next offset from at on where a frame header stands, or size.
func nextHeader(r io.ReaderAt, at, size int64) int64 {
	const window = 64 << 10
	buf := make([]byte, window+frameHeaderSize)
	for at < size {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), size-at)], at)
		if n == 0 && err != nil {
			return size
		}
		b := buf[:n]
		for i := 0; ; {
			j := bytes.Index(b[i:], frameMagic[:])
			if j < 0 || i+j >= window {
				break
			}
			if _, _, err := frameHeader(b[i+j:]); err == nil {
				return at + int64(i+j)
			}
			i += j + 1
		}
		at += window
	}
	return size
}

func allZero(r io.ReaderAt, at, size int64) bool {
	buf := make([]byte, 4096)
	for at < size {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), size-at)], at)
		if n == 0 && err != nil {
			return false
		}
		for _, c := range buf[:n] {
			if c != 0 {
				return false
			}
		}
		at += int64(n)
	}
	return true
}

// Cut removes everything behind the last whole frame and lets the log be appended to again. Call it only when all
// damage is a torn tail.
func (l *Log) Cut() error {
	l.broken = nil
	l.cut(errors.New("torn tail"))
	return durable.Wrap(l.broken)
}
