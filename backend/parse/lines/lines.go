// Package lines cuts a text file into lines and knows where each one stands.
//
// Stage 2 of the flow, below the line formats of parse. It keeps true that offsets and lengths are those of the source's
// own bytes, that no line costs more memory than parse.MaxRecordBytes, and that text handed on is valid UTF-8. It knows
// no format.
package lines

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"adjutant/backend/parse"
)

// Line is one line without its ending. Text is valid until the next call of Next.
type Line struct {
	Offset  int64 // of its first byte
	Size    int64 // bytes without the line ending
	Text    []byte
	TooLong bool // longer than parse.MaxRecordBytes: Text is empty
}

// Blank says that the line holds nothing but white space and zeros, which logs on a full disk are padded with.
func (l Line) Blank() bool { return !l.TooLong && len(bytes.Trim(l.Text, " \t\r\x00")) == 0 }

// Source hands out the lines of a file, or the frames of one that is cut in another way; io.EOF after the last.
type Source interface{ Next() (Line, error) }

// Reader cuts lines at \n and drops one \r before it.
type Reader struct {
	in   *bufio.Reader
	pos  int64
	buf  []byte
	raw  []byte // of a line in UTF-16
	wide string
}

// bufferBytes is what is read at a time; ordinary lines need no other memory.
const bufferBytes = 256 << 10

// New reads size bytes of r. A byte order mark at the start is passed over; that of UTF-16 says how the file is read.
func New(r io.ReaderAt, size int64) *Reader {
	lr := &Reader{in: bufio.NewReaderSize(io.NewSectionReader(r, 0, size), int(min(max(size+1, 4096), bufferBytes)))}
	if b, _ := lr.in.Peek(3); string(b) == "\xef\xbb\xbf" {
		lr.in.Discard(3)
		lr.pos = 3
	} else if lr.wide = wide(b); lr.wide != "" {
		lr.in.Discard(2)
		lr.pos = 2
	}
	return lr
}

// Next returns the next line, io.EOF after the last, or the error of the reader with the offset.
func (r *Reader) Next() (Line, error) {
	if r.wide != "" {
		return r.nextWide()
	}
	l := Line{Offset: r.pos}
	text, err := r.in.ReadSlice('\n')
	r.pos += int64(len(text))
	if errors.Is(err, bufio.ErrBufferFull) {
		r.buf = append(r.buf[:0], text...)
		for errors.Is(err, bufio.ErrBufferFull) {
			text, err = r.in.ReadSlice('\n')
			r.pos += int64(len(text))
			if !l.TooLong && len(r.buf)+len(text) > parse.MaxRecordBytes+2 {
				l.TooLong = true
			}
			if !l.TooLong {
				r.buf = append(r.buf, text...)
			}
		}
		text = r.buf
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return l, fmt.Errorf("lines: read at %d: %w", r.pos, err)
	}
	l.Size = r.pos - l.Offset
	if l.Size == 0 {
		return l, io.EOF
	}
	if l.TooLong {
		return l, nil
	}
	l.Text = bytes.TrimSuffix(text, []byte("\n"))
	l.Text = bytes.TrimSuffix(l.Text, []byte("\r"))
	l.Size = int64(len(l.Text))
	if l.Size > parse.MaxRecordBytes {
		l.Text, l.TooLong = nil, true
	}
	return l, nil
}

// Clean makes valid UTF-8 of b by putting U+FFFD for each byte that is not part of a character, and counts those bytes.
// The source bytes stay reachable by the event's locator.
func Clean(b []byte) (text string, bad int) {
	if utf8.Valid(b) {
		return string(b), 0
	}
	var s strings.Builder
	s.Grow(len(b) + 16)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			bad++
		}
		s.WriteRune(r)
		b = b[n:]
	}
	return s.String(), bad
}

// WarnBadBytes words the warning for bytes that are not UTF-8.
func WarnBadBytes(r *parse.Result, offset int64, bad int) {
	if bad > 0 {
		r.Warn(offset, fmt.Sprintf("%d bytes are not valid UTF-8 and are shown as \uFFFD", bad))
	}
}
