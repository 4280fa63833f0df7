package delimited

import (
	"errors"
	"io"
	"strings"

	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
)

// maxRowLines bounds a quoted value over many lines: beyond it an opening quote is taken as damage.
const maxRowLines = 1000

// row is one row with its place.
type row struct {
	fields    []string
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
	in        *lines.Reader
	separator byte
	start     int64 // of the header line
	ahead     []held
}

// held is a line read ahead.
type held struct {
	offset  int64
	text    []byte
	tooLong bool
	blank   bool
}

func newRows(in parse.Input, d dialect) *rows {
	return &rows{in: lines.New(in.Reader, in.Size), separator: d.separator, start: d.start}
}

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
	return held{l.Offset, append([]byte(nil), l.Text...), l.TooLong, l.Blank()}, nil
}

// next returns the next row, io.EOF after the last. Blank lines and lines above the header are passed over.
func (r *rows) next() (row, error) {
	for {
		h, err := r.line()
		if err != nil {
			return row{}, err
		}
		if h.blank || h.offset < r.start {
			continue
		}
		out := row{offset: h.offset, size: int64(len(h.text)), header: h.offset == r.start, tooLong: h.tooLong}
		if h.tooLong {
			return out, nil
		}
		text, bad := lines.Clean(h.text)
		out.bad = bad
		fields, open := split(text, r.separator)
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
	end, bad, quotes := first.offset+int64(len(first.text)), 0, 0
	for len(taken) < maxRowLines && whole.Len() < parse.MaxRecordBytes {
		h, err := r.line()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		taken = append(taken, h)
		if h.tooLong {
			break
		}
		t, n := lines.Clean(h.text)
		bad += n
		// The line ending stands between the end of one line and the start of the next.
		if h.offset-end == 2 {
			whole.WriteString("\r\n")
		} else {
			whole.WriteByte('\n')
		}
		whole.WriteString(t)
		end = h.offset + int64(len(h.text))
		if quotes += strings.Count(t, `"`); quotes == 0 || !strings.Contains(t, `"`) {
			continue
		}
		if fields, open := split(whole.String(), r.separator); !open {
			out.size = end - out.offset
			out.bad += bad
			return fields, nil
		}
	}
	r.ahead = append(taken, r.ahead...)
	out.openQuote = true
	return alone, nil
}

// split cuts a row. open says that a quoted value does not end in it. Two quotes inside of a quoted value are one; what
// stands behind a closing quote is kept.
func split(s string, separator byte) (fields []string, open bool) {
	for {
		if !strings.HasPrefix(s, `"`) {
			i := strings.IndexByte(s, separator)
			if i < 0 {
				return append(fields, s), false
			}
			fields, s = append(fields, s[:i]), s[i+1:]
			continue
		}
		var v strings.Builder
		s = s[1:]
		for {
			i := strings.IndexByte(s, '"')
			if i < 0 {
				return append(fields, v.String()+s), true
			}
			v.WriteString(s[:i])
			s = s[i+1:]
			if strings.HasPrefix(s, `"`) {
				v.WriteByte('"')
				s = s[1:]
				continue
			}
			break
		}
		i := strings.IndexByte(s, separator)
		if i < 0 {
			return append(fields, v.String()+s), false
		}
		fields, s = append(fields, v.String()+s[:i]), s[i+1:]
	}
}
