package pdf

// Page geometry, A4 in points. The measure is 160 mm; texts of clauses hang 10 mm in, so that numbers stand free.
const (
	mm         = 72.0 / 25.4
	pageWidth  = 210 * mm
	pageHeight = 297 * mm
	left       = 25 * mm
	right      = pageWidth - 25*mm
	measure    = right - left
	hang       = 11 * mm
	topFirst   = 16 * mm
	topLater   = 28 * mm
	bottom     = pageHeight - 24*mm // of text and footnotes
)

// line is one line of the flow: a line of text, a table row, a gap.
type line struct {
	height float64
	keep   bool                         // on the same page as the next line
	gap    bool                         // dropped at the top of a page
	notes  []int                        // footnotes called here
	head   *line                        // of the table this line belongs to, drawn again at the top of a page
	draw   func(c *canvas, top float64) // nil for gaps
}

type placed struct {
	line *line
	top  float64
}

type page struct {
	lines []placed
	notes []int
}

func (p page) draw(c *canvas) {
	for _, l := range p.lines {
		if l.line.draw != nil {
			l.line.draw(c, l.top)
		}
	}
}

// paginate puts the lines on pages. Lines that keep together move as one piece, footnotes are on the page of their call,
// and a table that goes on gets its head again. A piece taller than a page is broken line by line.
func paginate(lines []line, notes *notes) []page {
	f := &filler{notes: notes, y: topFirst}
	for i := 0; i < len(lines); {
		j := i
		for j < len(lines)-1 && lines[j].keep {
			j++
		}
		f.place(lines[i : j+1])
		i = j + 1
	}
	f.close()
	return f.pages
}

type filler struct {
	pages []page
	cur   page
	y     float64
	notes *notes
}

func (f *filler) close() {
	if len(f.cur.lines) > 0 || len(f.pages) == 0 {
		f.pages = append(f.pages, f.cur)
	}
	f.cur, f.y = page{}, topLater
}

func (f *filler) empty() bool { return len(f.cur.lines) == 0 }

// room is the height left for text when the given footnotes are added to the page's.
func (f *filler) room(more []int) float64 { return bottom - f.notes.height(f.cur.notes, more) - f.y }

func (f *filler) place(piece []line) {
	height, calls := 0.0, []int{}
	for _, l := range piece {
		height += l.height
		calls = append(calls, l.notes...)
	}
	whole := bottom - topLater
	if height+f.notes.height(nil, calls) <= whole {
		if height > f.room(calls) && !f.empty() {
			f.close()
		}
		for i := range piece {
			f.add(&piece[i])
		}
		return
	}
	for i := range piece {
		if piece[i].height > f.room(piece[i].notes) && !f.empty() {
			f.close()
		}
		f.add(&piece[i])
	}
}

func (f *filler) add(l *line) {
	if f.empty() && l.gap {
		return
	}
	if f.empty() && l.head != nil && l.head != l {
		f.cur.lines = append(f.cur.lines, placed{l.head, f.y})
		f.y += l.head.height
	}
	f.cur.lines = append(f.cur.lines, placed{l, f.y})
	f.y += l.height
	f.cur.notes = append(f.cur.notes, l.notes...)
}
