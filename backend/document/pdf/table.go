package pdf

import (
	"strings"

	"adjutant/backend/document"
)

const (
	cellSize    = 9.0
	cellLeading = 11.6
	cellPad     = 3.4
	cellGap     = 9.0 // between columns
)

// table sets heads and rows under a clause number: heavier rules above the head and below the last row, hairlines
// between, no boxes. A row is never broken unless it is taller than a page.
func (b *builder) table(t *document.Table) []line {
	width := measure - b.hang()
	widths := columnWidths(t.Columns, width)
	var out []line
	if t.Caption != "" {
		caption := b.textLines(paragraph, []span{{text: t.Caption, style: b.small()}}, 13, b.hang(), width)
		for i := range caption {
			caption[i].keep = true
		}
		out = append(out, caption...)
	}
	cells := make([][]textLine, len(t.Columns))
	for i, col := range t.Columns {
		cells[i] = b.faces.wrap([]span{{text: col.Title, style: style{face: b.faces.sansStrong, size: 8.2, color: grey}}}, widths[i]-cellGap)
	}
	head := b.tableRow(tableHead, cells, widths)
	draw := head.draw
	height := head.height
	head.draw = func(c *canvas, top float64) {
		c.rule(left+b.hang(), right, top, 0.9, navy)
		draw(c, top)
		c.rule(left+b.hang(), right, top+height, 0.5, navy)
	}
	head.keep = true
	header := &head
	head.head = header
	out = append(out, head)
	for i, r := range t.Rows {
		cells := make([][]textLine, len(r.Cells))
		for j, text := range r.Cells {
			st := style{face: b.faces.sans, size: cellSize, color: ink}
			switch t.Columns[j].Style {
			case "strong":
				st.face = b.faces.sansStrong
			case "mono":
				st = b.code(cellSize - 1.4)
			}
			spans := []span{{text: text, style: st}}
			if j == 0 {
				if n := b.notes.call(r.Rows, r.Entries); n > 0 {
					spans = append(spans, span{note: n, style: style{face: b.faces.sans, size: 6.4, color: navy, rise: 3}})
				}
			}
			cells[j] = b.faces.wrap(spans, widths[j]-cellGap)
		}
		l := b.tableRow(tableCell, cells, widths)
		l.head = header
		last := i == len(t.Rows)-1
		draw, height := l.draw, l.height
		l.draw = func(c *canvas, top float64) {
			draw(c, top)
			if last {
				c.rule(left+b.hang(), right, top+height, 0.9, navy)
			} else {
				c.rule(left+b.hang(), right, top+height, 0.3, hair)
			}
		}
		out = append(out, l)
	}
	return append(out, gap(4))
}

// tableRow is one row as a line of the flow.
func (b *builder) tableRow(r role, cells [][]textLine, widths []float64) line {
	rows := 1
	var calls []int
	for _, c := range cells {
		rows = max(rows, len(c))
		for _, l := range c {
			calls = append(calls, l.notes...)
		}
	}
	return line{height: float64(rows)*cellLeading + 2*cellPad, notes: calls, draw: func(c *canvas, top float64) {
		x := left + b.hang()
		for i, cell := range cells {
			for j, l := range cell {
				c.runs(r, l.runs, x, top+cellPad+float64(j)*cellLeading+cellSize*0.94)
			}
			x += widths[i]
		}
	}}
}

func columnWidths(cols []document.Column, width float64) []float64 {
	total := 0
	for _, c := range cols {
		total += max(c.Weight, 1)
	}
	out := make([]float64, len(cols))
	for i, c := range cols {
		out[i] = width * float64(max(c.Weight, 1)) / float64(total)
	}
	return out
}

// exhibits lists the items that cited rows come from, each with its whole hash in groups of four.
func (b *builder) exhibits() []line {
	if len(b.d.Exhibits) == 0 {
		return nil
	}
	out := []line{gap(14), b.heading("", "Exhibits", "")}
	for _, x := range b.d.Exhibits {
		first := b.faces.wrap([]span{{text: x.Path + " ", style: style{face: b.faces.sansStrong, size: 9, color: ink}},
			{text: "  " + bytesWords(x.Bytes) + kindWords(x.Format) + ", " + x.Taken, style: style{face: b.faces.sans, size: 9, color: grey}}}, measure-hang)
		hash := b.faces.wrap([]span{{text: "SHA-256 ", style: b.label()}, {text: document.Fours(x.SHA256), style: b.code(7.6)}}, measure-hang)
		lines := append(first, hash...)
		for i, l := range lines {
			label := ""
			if i == 0 {
				label = x.Label
			}
			out = append(out, line{height: 12.2, keep: i < len(lines)-1, draw: func(c *canvas, top float64) {
				if label != "" {
					c.text(paragraph, label+" ", style{face: b.faces.sansStrong, size: 9, color: navy}, left, top+9)
				}
				c.runs(paragraph, l.runs, left+hang, top+9)
			}})
		}
		out = append(out, gap(4))
	}
	return out
}

func kindWords(format string) string {
	if format == "" {
		return ""
	}
	return ", " + format
}

func bytesWords(n int64) string {
	s := itoa(n)
	var parts []string
	for len(s) > 3 {
		parts = append([]string{s[len(s)-3:]}, parts...)
		s = s[:len(s)-3]
	}
	return strings.Join(append([]string{s}, parts...), ",") + "\u00a0bytes"
}

func itoa(n int64) string {
	if n < 10 {
		return string(rune('0' + max(n, 0)))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}
