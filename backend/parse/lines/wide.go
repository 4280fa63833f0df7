package lines

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"adjutant/backend/parse"
)

// UTF-16 is what PowerShell 5, Sysinternals tools and the registry editor write. Such a file begins with a byte order mark; its
// lines are handed on in UTF-8, and their offsets and sizes are those of the file's own bytes.

// wide says which of two bytes comes first, "" for files that are not UTF-16.
func wide(mark []byte) string {
	switch {
	case len(mark) >= 2 && mark[0] == 0xff && mark[1] == 0xfe:
		return "little"
	case len(mark) >= 2 && mark[0] == 0xfe && mark[1] == 0xff:
		return "big"
	}
	return ""
}

// Text is the first bytes of a file in UTF-8, for looking at them: what is UTF-16 is turned, other bytes are returned as they are.
func Text(head []byte) []byte {
	order := wide(head)
	if order == "" {
		return head
	}
	return decode(nil, head[2:], order)
}

// Wide says that the file is UTF-16: its line endings have two and four bytes.
func (r *Reader) Wide() bool { return r.wide != "" }

// nextWide is Next for UTF-16.
func (r *Reader) nextWide() (Line, error) {
	l := Line{Offset: r.pos}
	raw, size, ended := r.raw[:0], int64(0), false
	for !ended {
		part, err := r.in.ReadSlice('\n')
		size += int64(len(part))
		if !l.TooLong && len(raw)+len(part) > 2*parse.MaxRecordBytes+4 {
			l.TooLong = true
		}
		if !l.TooLong {
			raw = append(raw, part...)
		}
		switch {
		case err == nil && r.wide == "little" && size%2 == 1:
			b, err := r.in.ReadByte() // the other half of what may be a line ending
			if err != nil && !errors.Is(err, io.EOF) {
				return l, fmt.Errorf("lines: read at %d: %w", r.pos+size, err)
			}
			ended = err == nil && b == 0 || err != nil
			if err == nil {
				size++
				if !l.TooLong {
					raw = append(raw, b)
				}
			}
		case err == nil && r.wide == "big" && size%2 == 0:
			ended = l.TooLong || len(raw) >= 2 && raw[len(raw)-2] == 0
		case err == nil || errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF):
			ended = true
		default:
			return l, fmt.Errorf("lines: read at %d: %w", r.pos+size, err)
		}
	}
	r.raw, r.pos = raw, r.pos+size
	if size == 0 {
		return l, io.EOF
	}
	l.Size = size
	if l.TooLong {
		return l, nil
	}
	for _, ending := range []byte{'\n', '\r'} {
		want := []byte{ending, 0}
		if r.wide == "big" {
			want = []byte{0, ending}
		}
		if bytes.HasSuffix(raw, want) && len(raw)%2 == 0 {
			raw = raw[:len(raw)-2]
		}
	}
	l.Size = int64(len(raw))
	r.buf = decode(r.buf[:0], raw, r.wide)
	if l.Text = r.buf; len(l.Text) > parse.MaxRecordBytes {
		l.Text, l.TooLong = nil, true
	}
	return l, nil
}

// decode appends UTF-16 as UTF-8; halves without their other half become U+FFFD.
func decode(out, raw []byte, order string) []byte {
	unit := func(i int) rune {
		if order == "big" {
			return rune(raw[i])<<8 | rune(raw[i+1])
		}
		return rune(raw[i+1])<<8 | rune(raw[i])
	}
	for i := 0; i < len(raw); i += 2 {
		if i+1 == len(raw) {
			return utf8.AppendRune(out, utf8.RuneError)
		}
		c := unit(i)
		if utf16.IsSurrogate(c) {
			if i+3 < len(raw) {
				if both := utf16.DecodeRune(c, unit(i+2)); both != utf8.RuneError {
					out = utf8.AppendRune(out, both)
					i += 2
					continue
				}
			}
			c = utf8.RuneError
		}
		out = utf8.AppendRune(out, c)
	}
	return out
}
