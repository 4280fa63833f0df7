package jsonrec

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"adjutant/backend/parse"
)

// scanner cuts values out of a stream by brackets and quotes alone; whether a value is valid is found when it is parsed.
type scanner struct {
	in     *bufio.Reader
	pos    int64
	layout layout
	buf    []byte
	values int  // seen so far
	comma  bool // the last thing seen was a comma
	source parse.Input
	lost   int // times that resync went back
}

// found is what next returns: a value, a value that cannot be taken (reason), or the end. complaint names damage between
// values.
type found struct {
	text      []byte
	offset    int64
	reason    string
	complaint string
	end       bool
}

func newScanner(in parse.Input, l layout) *scanner {
	return &scanner{in: bufio.NewReaderSize(io.NewSectionReader(in.Reader, l.start, in.Size-l.start), 256<<10), pos: l.start, layout: l, source: in}
}

func (s *scanner) byte() (byte, error) {
	b, err := s.in.ReadByte()
	if err == nil {
		s.pos++
	}
	return b, err
}

func (s *scanner) back() {
	// One byte was just read, so this cannot fail.
	_ = s.in.UnreadByte()
	s.pos--
}

// next returns the next value. The error is that of the reader, never about content.
func (s *scanner) next() (found, error) {
	closed := s.layout.array || s.layout.keyed
	for {
		c, err := s.byte()
		if errors.Is(err, io.EOF) {
			f := found{end: true, offset: s.pos}
			if closed {
				f.complaint = "the file ends before its list of records does"
			}
			return f, nil
		}
		if err != nil {
			return found{}, fmt.Errorf("jsonrec: read at %d: %w", s.pos, err)
		}
		at := s.pos - 1
		switch {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0 && !closed:
			continue
		case c == ',':
			double := s.comma || s.values == 0 || !closed
			s.comma = true
			if double {
				return found{offset: at, complaint: "a comma where a record should stand"}, nil
			}
			continue
		case closed && (c == ']' && s.layout.array || c == '}' && s.layout.keyed):
			return s.close(at)
		}
		complaint := ""
		if closed && s.values > 0 && !s.comma {
			complaint = "no comma between two records"
		}
		s.values++
		s.comma = false
		s.back()
		if s.layout.keyed {
			if ok, err := s.key(); !ok || err != nil {
				return found{offset: at, reason: ReasonSyntax, complaint: complaint}, err
			}
		}
		f, err := s.value()
		if f.complaint == "" {
			f.complaint = complaint
		}
		return f, err
	}
}

// close ends a list. What follows is the rest of the holding object, or nothing.
func (s *scanner) close(at int64) (found, error) {
	f := found{end: true, offset: at}
	if s.comma {
		f.complaint = "a comma before the end of the list"
	}
	if s.layout.array && s.layout.start > 0 {
		for {
			c, err := s.byte()
			if errors.Is(err, io.EOF) {
				return f, nil
			}
			if err != nil {
				return f, fmt.Errorf("jsonrec: read at %d: %w", s.pos, err)
			}
			switch c {
			case ' ', '\t', '\r', '\n':
				continue
			case ',', '}': // other keys of the object that holds the list
				return f, nil
			}
			f.offset, f.complaint = s.pos-1, "something stands behind the list of records"
			return f, nil
		}
	}
	return f, nil
}

// key takes "name": in front of a value; a damaged one is given up with the rest of its line.
func (s *scanner) key() (bool, error) {
	f, err := s.value()
	if err != nil || len(f.text) == 0 || f.text[0] != '"' {
		return false, err
	}
	for {
		c, err := s.byte()
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case err != nil:
			return false, fmt.Errorf("jsonrec: read at %d: %w", s.pos, err)
		case c == ':':
			return true, s.blank()
		case c != ' ' && c != '\t' && c != '\n' && c != '\r':
			s.back()
			return false, nil
		}
	}
}

func (s *scanner) blank() error {
	for {
		c, err := s.byte()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("jsonrec: read at %d: %w", s.pos, err)
		}
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			s.back()
			return nil
		}
	}
}

// maxResyncs bounds how often resync may read on from an earlier place, so that damage costs no more than it must.
const maxResyncs = 64

// resync goes back to behind the start of a value that swallowed the rest of the file, because a quote or bracket is missing,
// and on to the next line that begins an object at the same place in the line. It reports whether there is one.
func (s *scanner) resync(offset int64) (bool, error) {
	if s.lost++; s.lost > maxResyncs {
		return false, nil
	}
	from := max(0, offset-1024)
	head := make([]byte, offset-from)
	if _, err := s.source.Reader.ReadAt(head, from); err != nil {
		return false, fmt.Errorf("jsonrec: read at %d: %w", from, err)
	}
	indent := head[bytes.LastIndexByte(head, '\n')+1:]
	r := bufio.NewReaderSize(io.NewSectionReader(s.source.Reader, offset, s.source.Size-offset), 256<<10)
	at := offset
	for begin := false; ; {
		if begin {
			if b, _ := r.Peek(len(indent) + 1); len(b) == len(indent)+1 && b[len(indent)] == '{' && bytes.Equal(b[:len(indent)], indent) {
				s.in, s.pos, s.comma = r, at, true
				return true, nil
			}
		}
		chunk, err := r.ReadSlice('\n')
		at += int64(len(chunk))
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			if errors.Is(err, io.EOF) {
				return false, nil
			}
			return false, fmt.Errorf("jsonrec: read at %d: %w", at, err)
		}
		begin = err == nil
	}
}

// value collects one value: to the bracket that closes it, to the closing quote, or, for anything else, to the next
// separator. Values above the limits are read to their end but not kept.
func (s *scanner) value() (found, error) {
	f := found{offset: s.pos}
	s.buf = s.buf[:0]
	depth, long, deep, quoted, escaped := 0, false, false, false, false
	for {
		c, err := s.byte()
		if errors.Is(err, io.EOF) {
			if depth > 0 || quoted {
				f.reason = ReasonCut
			}
			break
		}
		if err != nil {
			return f, fmt.Errorf("jsonrec: read at %d: %w", s.pos, err)
		}
		if depth == 0 && !quoted && len(s.buf) > 0 {
			if c == ',' || c == ']' || c == '}' || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ':' {
				s.back()
				break
			}
		}
		if len(s.buf) <= parse.MaxRecordBytes {
			s.buf = append(s.buf, c)
		} else {
			long = true
		}
		switch {
		case escaped:
			escaped = false
			continue
		case quoted && c == '\\':
			escaped = true
			continue
		case c == '"':
			quoted = !quoted
		case quoted:
			continue
		case c == '{' || c == '[':
			depth++
			deep = deep || depth > parse.MaxDepth
			continue
		case c == '}' || c == ']':
			depth--
		default:
			continue
		}
		if depth <= 0 && !quoted {
			break
		}
	}
	switch {
	case f.reason != "":
	case long:
		f.reason = ReasonLong
	case deep:
		f.reason = reasonDeep
	default:
		f.text = s.buf
	}
	return f, nil
}
