package pdf

import "strings"

// style is how a run of text looks.
type style struct {
	face  *face
	size  float64
	color rgb
	rise  float64 // above the baseline
}

type rgb struct{ r, g, b int }

// Colours: one accent, ink instead of black, grey for what is secondary.
var (
	ink   = rgb{0x1C, 0x1E, 0x22}
	navy  = rgb{0x1B, 0x2F, 0x55}
	grey  = rgb{0x6A, 0x70, 0x7C}
	hair  = rgb{0xB4, 0xB9, 0xC2}
	faint = rgb{0xEF, 0xF0, 0xF4}
	alarm = rgb{0x9C, 0x1C, 0x1C}
)

// span is a piece of a paragraph. A note is the number of a footnote whose mark stands here instead of text.
type span struct {
	text  string
	style style
	note  int
}

// run is a piece of a line in one style at its place.
type run struct {
	text  string
	style style
	x     float64
}

// textLine is one line of a paragraph.
type textLine struct {
	runs  []run
	width float64
	notes []int
}

// word is an unbreakable piece with what follows it.
type word struct {
	runs  []run // x from the start of the word
	width float64
	space float64 // width of the space behind it, 0 when none
	notes []int
}

// wrap breaks spans into lines of at most width, ragged right.
func (f *faces) wrap(spans []span, width float64) []textLine {
	words := f.split(spans, width)
	var lines []textLine
	cur := textLine{}
	x, pending := 0.0, 0.0
	for _, w := range words {
		if len(cur.runs) > 0 && x+pending+w.width > width+0.01 {
			lines = append(lines, cur)
			cur, x, pending = textLine{}, 0, 0
		}
		if pending > 0 && len(cur.runs) > 0 {
			cur.runs[len(cur.runs)-1].text += " "
		}
		x += pending
		for _, r := range w.runs {
			r.x += x
			cur.runs = append(cur.runs, r)
		}
		x += w.width
		cur.width = x
		cur.notes = append(cur.notes, w.notes...)
		pending = w.space
	}
	if len(cur.runs) > 0 {
		lines = append(lines, cur)
	}
	// The last space of a line is drawn too: without it, readers of the text layer glue the words of two lines together.
	for i := range lines {
		if n := len(lines[i].runs); n > 0 {
			lines[i].runs[n-1].text += " "
		}
	}
	return lines
}

// split cuts spans into words at spaces; a word wider than the line is cut again, after separators where it has any.
func (f *faces) split(spans []span, width float64) []word {
	var out []word
	cur := word{}
	flush := func(space float64) {
		if len(cur.runs) > 0 {
			cur.space = space
			out = append(out, cur)
		} else if n := len(out); n > 0 && space > out[n-1].space {
			out[n-1].space = space
		}
		cur = word{}
	}
	add := func(text string, st style) {
		w := st.face.shape(text).width * st.size
		cur.runs = append(cur.runs, run{text: text, style: st, x: cur.width})
		cur.width += w
	}
	for _, s := range spans {
		if s.note > 0 {
			st := s.style
			add(superscript(s.note), st)
			cur.notes = append(cur.notes, s.note)
			continue
		}
		for _, c := range f.cover(s.style.face, s.text) {
			st := s.style
			st.face = c.face
			for i, part := range strings.Split(c.text, " ") {
				if i > 0 {
					flush(st.face.advance(' ') / 1000 * st.size)
				}
				for _, bit := range breakable(part) {
					w := st.face.shape(bit).width * st.size
					if cur.width > 0 && cur.width+w > width {
						flush(0)
					}
					for w > width { // one piece longer than a line: cut it at the measure
						head, tail := cut(bit, st, width)
						add(head, st)
						flush(0)
						bit, w = tail, st.face.shape(tail).width*st.size
					}
					if bit != "" {
						add(bit, st)
					}
				}
			}
		}
	}
	flush(0)
	return out
}

// breakable cuts long tokens (paths, locators, addresses of pages) after their separators.
func breakable(s string) []string {
	if len(s) < 24 {
		return []string{s}
	}
	var out []string
	start := 0
	for i := 0; i < len(s); i++ {
		if strings.IndexByte(`/\!_-.:;?&=#+|,`, s[i]) >= 0 && i+1 < len(s) && i-start >= 6 {
			out = append(out, s[start:i+1])
			start = i + 1
		}
	}
	return append(out, s[start:])
}

// cut takes as many characters as fit, at least one.
func cut(s string, st style, width float64) (string, string) {
	x := 0.0
	for i, r := range s {
		x += st.face.advance(r) / 1000 * st.size
		if x > width && i > 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

func superscript(n int) string {
	s := ""
	for ; n > 0; n /= 10 {
		s = string(rune('0'+n%10)) + s
	}
	return s
}
