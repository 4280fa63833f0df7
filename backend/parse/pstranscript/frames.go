package pstranscript

import (
	"strings"

	"adjutant/backend/parse"
	"adjutant/backend/parse/lines"
)

// stars is the line that frames the head, the times of commands and the end, in every language.
const stars = "**********************"

// Bounds of what stands between two lines of stars before it is known to be what was typed and shown.
const (
	maxHeadLines = 40
	maxHeadBytes = 64 << 10
)

// part says what stands between two lines of stars.
type part int

const (
	body   part = iota
	head        // the session's description
	moment      // the time of the next commands, which Start-Transcript -IncludeInvocationHeader writes
	ending
)

// partOf tells the parts by their form, not by their words: a head has a title and a moment behind it, an end those two alone, and
// the time of a command is one line.
func partOf(text []string) part {
	switch {
	case len(text) >= 4 && at(text[1]) != "" && at(text[0]) == "":
		return head
	case len(text) == 2 && at(text[1]) != "" && at(text[0]) == "":
		return ending
	case len(text) == 1 && at(text[0]) != "":
		return moment
	}
	return body
}

// at is the moment of a line "Start time: 20220721023749", "" when it is none.
func at(line string) string {
	i := strings.LastIndex(line, ": ")
	if i < 1 {
		return ""
	}
	if s := strings.TrimSpace(line[i+2:]); len(s) == 14 && strings.Trim(s, "0123456789") == "" {
		return s
	}
	return ""
}

// frames cuts a transcript before each head and each time of a command.
type frames struct {
	in   *lines.Reader
	out  []lines.Line
	done error

	open        bool
	long        bool
	offset, end int64
	text        []byte

	undecided bool // since star
	star      lines.Line
	held      []lines.Line
	heldBytes int
}

func source(in parse.Input) lines.Source { return &frames{in: lines.New(in.Reader, in.Size)} }

// Next implements lines.Source.
func (f *frames) Next() (lines.Line, error) {
	for len(f.out) == 0 {
		if f.done != nil {
			return lines.Line{}, f.done
		}
		l, err := f.in.Next()
		if err != nil {
			f.decide()
			f.close()
			f.done = err
			continue
		}
		f.line(l)
	}
	l := f.out[0]
	f.out = f.out[1:]
	return l, nil
}

func (f *frames) line(l lines.Line) {
	l.Text = append([]byte(nil), l.Text...) // the reader uses its memory again
	switch {
	case !l.TooLong && isStars(string(l.Text)):
		f.decide()
		f.undecided, f.star = true, l
	case f.undecided:
		f.held = append(f.held, l)
		f.heldBytes += len(l.Text)
		if len(f.held) > maxHeadLines || f.heldBytes > maxHeadBytes || l.TooLong {
			f.decide()
		}
	default:
		f.add(l)
	}
}

func isStars(s string) bool { return strings.Trim(s, " \ufeff") == stars }

// decide says what the lines since the last line of stars are.
func (f *frames) decide() {
	if !f.undecided {
		return
	}
	text := make([]string, 0, len(f.held))
	for _, l := range f.held {
		text = append(text, string(l.Text))
	}
	switch kind := partOf(text); {
	case kind == head || kind == moment:
		f.close()
	case f.open && len(f.held) > 0:
		f.add(f.star)
	}
	for _, l := range f.held {
		f.add(l)
	}
	f.undecided, f.held, f.heldBytes = false, f.held[:0], 0
}

func (f *frames) add(l lines.Line) {
	if !f.open {
		if l.Blank() {
			return
		}
		f.open, f.long, f.offset, f.text = true, false, l.Offset, nil
	} else {
		f.text = append(f.text, '\n')
	}
	f.end = l.Offset + l.Size
	if l.TooLong || len(f.text)+len(l.Text) > parse.MaxRecordBytes {
		f.long, f.text = true, nil
	}
	if !f.long {
		f.text = append(f.text, l.Text...)
	}
}

func (f *frames) close() {
	if f.open {
		f.out = append(f.out, lines.Line{Offset: f.offset, Size: f.end - f.offset, Text: f.text, TooLong: f.long})
	}
	f.open = false
}
