package delimited

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
)

// maxRowLines bounds a quoted value over many lines: beyond it an opening quote is taken as damage.
const maxRowLines = 1000

// row is one row with its place.
type row struct {
	fields    []string // valid until the next row is read; the values themselves stay
	offset    int64
	size      int64
	header    bool
	tooLong   bool
	openQuote bool
	bad       int // bytes that are not UTF-8
}

// rows cuts a file into rows. A quoted value may run over lines; when its quote is never closed, the row ends at its
// first line and reading goes on with the second.
type rows struct {
	in      *lines.Reader
	dialect dialect
	ahead   []held
	fields  []string
	slab    *event.Slab // where the texts of rows go
}

// held is a line read ahead.
type held struct {
	offset, size int64
	text         []byte
	tooLong      bool
	blank        bool
}

func newRows(in parse.Input, d dialect, slab *event.Slab) *rows {
	return &rows{in: lines.New(in.Reader, in.Size), dialect: d, slab: slab}
}

// line returns the next line. Its text is valid until the next call.
func (r *rows) line() (held, error) {
	if len(r.ahead) > 0 {
		h := r.ahead[0]
		r.ahead = r.ahead[1:]
		return h, nil
	}
	l, err := r.in.Next()
	if err != nil {
		return held{}, err
	}
	return held{l.Offset, l.Size, l.Text, l.TooLong, l.Blank()}, nil
}

// text makes valid UTF-8 of a line, in the slab.
func (r *rows) text(b []byte) (string, int) {
	if utf8.Valid(b) {
		return r.slab.KeepText(append(r.slab.Text(len(b)), b...)), 0
	}
	return lines.Clean(b)
}

// next returns the next row, io.EOF after the last. Blank lines and lines above the table are passed over.
func (r *rows) next() (row, error) {
	for {
		h, err := r.line()
		if err != nil {
			return row{}, err
		}
		if h.blank || h.offset < r.dialect.start {
			continue
		}
		out := row{offset: h.offset, size: h.size, header: !r.dialect.headless && h.offset == r.dialect.start, tooLong: h.tooLong}
		if h.tooLong {
			return out, nil
		}
		text, bad := r.text(h.text)
		out.bad = bad
		fields, open := r.dialect.split(r.fields[:0], text)
		r.fields = fields
		if open {
			if fields, err = r.join(&out, h, text, fields); err != nil {
				return out, err
			}
		}
		out.fields = fields
		return out, nil
	}
}

// join reads on until the open quote closes. The lines it took go back when it never does.
func (r *rows) join(out *row, first held, text string, alone []string) ([]string, error) {
	var whole strings.Builder
	whole.WriteString(text)
	var taken []held
	end, bad := first.offset+first.size, 0
	for len(taken) < maxRowLines && whole.Len() < parse.MaxRecordBytes {
		h, err := r.line()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		h.text = append([]byte(nil), h.text...)
		taken = append(taken, h)
		if h.tooLong {
			break
		}
		t, n := lines.Clean(h.text)
		bad += n
		// The line ending stands between the end of one line and the start of the next.
		if gap := h.offset - end; gap == 4 || gap == 2 && !r.in.Wide() {
			whole.WriteString("\r\n")
		} else {
			whole.WriteByte('\n')
		}
		whole.WriteString(t)
		end = h.offset + h.size
		if !strings.Contains(t, `"`) {
			continue
		}
		if fields, open := r.dialect.split(nil, whole.String()); !open {
			out.size = end - out.offset
			out.bad += bad
			return fields, nil
		}
	}
	r.ahead = append(taken, r.ahead...)
	out.openQuote = true
	return alone, nil
}
