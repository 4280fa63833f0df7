package syslog

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
)

// maxCount bounds the digits of a frame's length: as many as parse.MaxRecordBytes has.
const maxCount = 8

// framed says that bytes begin with octet-counted frames (RFC 6587 §3.4.1): a length, a space, and a message of syslog with a
// priority; where the frame ends within head, another must follow.
func framed(head []byte) bool {
	n, digits := frameLength(head)
	if digits == 0 || len(head) <= digits+1 || head[digits+1] != '<' {
		return false
	}
	first, _, _ := bytes.Cut(head[digits+1:min(len(head), digits+1+n)], []byte("\n"))
	if _, ok := parseHead(string(first)); !ok {
		return false
	}
	next := digits + 1 + n
	for next < len(head) && (head[next] == '\n' || head[next] == '\r') {
		next++
	}
	return next >= len(head) || head[next] >= '1' && head[next] <= '9'
}

// frameLength reads "MSG-LEN SP"; digits is 0 where there is none.
func frameLength(b []byte) (n, digits int) {
	for ; digits < len(b) && b[digits] >= '0' && b[digits] <= '9'; digits++ {
		n = n*10 + int(b[digits]-'0')
		if digits >= maxCount {
			return 0, 0
		}
	}
	if digits == 0 || digits >= len(b) || b[digits] != ' ' || b[0] == '0' || n > parse.MaxRecordBytes {
		return 0, 0
	}
	return n, digits
}

// frames hands out octet-counted messages. Where the count is lost it goes on with the next line, which is counted as skipped.
type frames struct {
	in  *bufio.Reader
	pos int64
	buf []byte
}

func newFrames(in parse.Input) lines.Source {
	return &frames{in: bufio.NewReaderSize(io.NewSectionReader(in.Reader, 0, in.Size), 256<<10)}
}

// Next implements lines.Source.
func (f *frames) Next() (lines.Line, error) {
	head, err := f.in.Peek(maxCount + 2)
	for len(head) > 0 && (head[0] == '\n' || head[0] == '\r') {
		f.skip(1)
		head, err = f.in.Peek(maxCount + 2)
	}
	if len(head) == 0 {
		if err != nil && !errors.Is(err, io.EOF) {
			return lines.Line{}, fmt.Errorf("syslog: read at %d: %w", f.pos, err)
		}
		return lines.Line{}, io.EOF
	}
	n, digits := frameLength(head)
	if digits == 0 {
		return f.lost()
	}
	f.skip(digits + 1)
	l := lines.Line{Offset: f.pos}
	f.buf, err = readUpTo(f.in, f.buf[:0], n)
	f.pos += int64(len(f.buf))
	l.Size, l.Text = int64(len(f.buf)), f.buf
	for len(l.Text) > 0 && (l.Text[len(l.Text)-1] == '\n' || l.Text[len(l.Text)-1] == '\r') {
		l.Text = l.Text[:len(l.Text)-1]
		l.Size--
	}
	return l, err
}

func (f *frames) skip(n int) {
	n, _ = f.in.Discard(n)
	f.pos += int64(n)
}

// lost hands out what stands where a count should: the rest of the line.
func (f *frames) lost() (lines.Line, error) {
	l := lines.Line{Offset: f.pos}
	f.buf = f.buf[:0]
	for {
		part, err := f.in.ReadSlice('\n')
		f.pos += int64(len(part))
		if len(f.buf)+len(part) > parse.MaxRecordBytes {
			l.TooLong = true
		} else {
			f.buf = append(f.buf, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return l, fmt.Errorf("syslog: read at %d: %w", f.pos, err)
		}
		l.Size = f.pos - l.Offset
		if !l.TooLong {
			l.Text = f.buf
		}
		return l, nil
	}
}

// readUpTo appends n bytes, or as many as there are: the memory grows with what is read, not with what a count states.
func readUpTo(r io.Reader, b []byte, n int) ([]byte, error) {
	var part [32 << 10]byte
	for n > 0 {
		k, err := io.ReadFull(r, part[:min(n, len(part))])
		b, n = append(b, part[:k]...), n-k
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return b, nil // a message cut short is read as far as it goes
		}
		if err != nil {
			return b, err
		}
	}
	return b, nil
}
