package pdf

import (
	"fmt"
	"strings"

	"adjutant/backend/document"
)

// styles of the recipe: serif 10.5 on 15, sans for labels, tables and headings, code for values and hashes.
func (b *builder) body() style   { return style{face: b.faces.serif, size: 10.5, color: ink} }
func (b *builder) strong() style { return style{face: b.faces.strong, size: 10.5, color: ink} }
func (b *builder) label() style  { return style{face: b.faces.sans, size: 8.5, color: grey} }
func (b *builder) small() style  { return style{face: b.faces.sans, size: 8.5, color: ink} }
func (b *builder) code(size float64) style {
	return style{face: b.faces.code, size: size, color: ink}
}
func (b *builder) callStyle() style {
	return style{face: b.faces.sans, size: 6.8, color: navy, rise: 3.6}
}

const bodyLeading = 15.0

// hang is the indent of clauses: none in a message, which is read like a letter and has no numbers.
func (b *builder) hang() float64 {
	if b.d.Class == "message" {
		return 0
	}
	return hang
}

func gap(h float64) line { return line{height: h, gap: true} }

// flow is the paper from letterhead to the last line, before it is cut into pages.
func (b *builder) flow() []line {
	var out []line
	out = append(out, b.letterhead()...)
	out = append(out, b.title()...)
	out = append(out, b.references()...)
	for i := range b.d.Sections {
		out = append(out, b.section(i)...)
	}
	out = append(out, b.exhibits()...)
	out = append(out, b.closing()...)
	return out
}

// letterhead: who writes on the left, where they are on the right, a hairline, then the addressee.
func (b *builder) letterhead() []line {
	h := b.d.Letterhead
	lines := append([]string{}, h.Lines...)
	height := 34.0
	if n := float64(len(lines)) * 10.5; n+14 > height {
		height = n + 14
	}
	out := []line{{height: height, draw: func(c *canvas, top float64) {
		c.text(paragraph, h.Organisation, style{face: b.faces.sansStrong, size: 13, color: navy}, left, top+12)
		if h.Unit != "" {
			c.text(paragraph, h.Unit, style{face: b.faces.sans, size: 9, color: grey}, left, top+24)
		}
		for i, l := range lines {
			c.textRight(paragraph, l, style{face: b.faces.sans, size: 8, color: grey}, right, top+10+float64(i)*10.5)
		}
		c.rule(left, right, top+height-2, 0.9, navy)
	}}}
	if len(b.d.Addressee) == 0 {
		return append(out, gap(20))
	}
	out = append(out, gap(20))
	for i, a := range b.d.Addressee {
		date := ""
		if i == 0 {
			date = document.Day(b.d.Generated)
		}
		out = append(out, line{height: 14, draw: func(c *canvas, top float64) {
			c.text(paragraph, b.faces.fit(a, b.body(), measure-120), b.body(), left, top+11)
			if date != "" {
				c.textRight(paragraph, date, b.body(), right, top+11)
			}
		}})
	}
	return append(out, gap(26))
}

func (b *builder) title() []line {
	out := b.textLines(heading1, []span{{text: b.d.Title, style: style{face: b.faces.strong, size: 19, color: navy}}}, 24, 0, measure)
	if b.d.Subtitle != "" {
		out = append(out, b.textLines(paragraph, []span{{text: b.d.Subtitle, style: style{face: b.faces.italic, size: 11.5, color: ink}}}, 16, 0, measure)...)
	}
	if b.d.Privilege != "" {
		out = append(out, b.textLines(paragraph, []span{{text: b.d.Privilege, style: style{face: b.faces.sansStrong, size: 9, color: alarm}}}, 15, 0, measure)...)
	}
	for i := range out {
		out[i].keep = true
	}
	return append(out, gap(10))
}

// references is the table of labels and values under the title, between hairlines.
func (b *builder) references() []line {
	if len(b.d.References) == 0 {
		return nil
	}
	const labelWidth = 52 * mm
	out := []line{b.ruleLine(5, 0.4, hair)}
	for _, p := range b.d.References {
		value := b.faces.wrap([]span{{text: p.Value, style: style{face: b.faces.sans, size: 9.2, color: ink}}}, measure-labelWidth)
		for i, l := range value {
			label := ""
			if i == 0 {
				label = p.Label
			}
			out = append(out, line{height: 13, keep: i < len(value)-1, draw: func(c *canvas, top float64) {
				if label != "" {
					c.text(paragraph, label, style{face: b.faces.sans, size: 9.2, color: grey}, left, top+9.5)
				}
				c.runs(paragraph, l.runs, left+labelWidth, top+9.5)
			}})
		}
	}
	out = append(out, b.ruleLine(5, 0.4, hair), gap(10))
	return out
}

func (b *builder) ruleLine(height, weight float64, col rgb) line {
	return line{height: height, draw: func(c *canvas, top float64) { c.rule(left, right, top+height/2, weight, col) }}
}

// section is a heading that stays with what follows, then its numbered clauses.
func (b *builder) section(i int) []line {
	s := &b.d.Sections[i]
	number := fmt.Sprint(i + 1)
	if b.hang() == 0 {
		number = ""
	}
	out := []line{gap(12), b.heading(number, s.Title, s.Basis)}
	for j := range s.Clauses {
		out = append(out, b.clause(&s.Clauses[j], fmt.Sprintf("%d.%d", i+1, j+1))...)
	}
	return out
}

func (b *builder) heading(number, title, basis string) line {
	st := style{face: b.faces.sansStrong, size: 12, color: navy}
	return line{height: 21, keep: true, draw: func(c *canvas, top float64) {
		x := left
		if number != "" {
			c.text(heading2, number+" ", st, left, top+14)
			x += hang
		}
		room := right - x
		if basis != "" {
			_, w := b.faces.line(basis, b.label())
			c.textRight(heading2, basis, b.label(), right, top+14)
			room -= w + 10
		}
		c.text(heading2, b.faces.fit(title, st, room), st, x, top+14)
	}}
}

// clause is a number in the margin and its paragraphs. Words of a person have a line at their left in reports, words of
// a model a dotted one on every paper, as in the window.
func (b *builder) clause(cl *document.Clause, number string) []line {
	var out []line
	if cl.Table != nil {
		out = b.table(cl.Table)
	} else {
		out = b.sentences(cl)
	}
	if len(out) == 0 {
		return nil
	}
	first := out[0].draw
	if b.hang() > 0 {
		out[0].draw = func(c *canvas, top float64) {
			c.text(paragraph, number+" ", style{face: b.faces.sans, size: 9, color: grey}, left, top+11)
			first(c, top)
		}
	}
	person := cl.Origin.Kind == document.OriginPerson && b.d.Class == "report"
	if model := cl.Origin.Kind == document.OriginModel; person || model {
		for i := range out {
			draw, height := out[i].draw, out[i].height
			out[i].draw = func(c *canvas, top float64) {
				from := top
				if i == 0 {
					from += 2
				}
				c.edge(left+b.hang()-7, from, top+height, 0.9, navy, model)
				draw(c, top)
			}
		}
	}
	return append(out, gap(5))
}

// sentences sets the text of a clause. A slot of several lines keeps them as paragraphs.
func (b *builder) sentences(cl *document.Clause) []line {
	var paragraphs [][]span
	var cur []span
	if cl.Lead != "" {
		cur = append(cur, span{text: cl.Lead + " ", style: b.strong()})
	}
	for i, s := range cl.Sentences {
		if i > 0 && cl.Slot != "" {
			paragraphs = append(paragraphs, cur)
			cur = nil
		}
		st := b.body()
		if strings.HasPrefix(s.Text, "[ to be filled in") {
			st = style{face: b.faces.sans, size: 9.5, color: alarm}
		}
		text := s.Text
		if len(cur) > 0 {
			text = " " + text
		}
		cur = append(cur, span{text: text, style: st})
		if n := b.notes.call(s.Rows, s.Entries); n > 0 {
			cur = append(cur, span{note: n, style: b.callStyle()})
		}
	}
	paragraphs = append(paragraphs, cur)
	if cl.Origin.Kind == document.OriginModel {
		n := len(paragraphs) - 1
		paragraphs[n] = append(paragraphs[n], span{text: "  (model " + cl.Origin.Name + ")", style: b.label()})
	}
	var out []line
	for _, p := range paragraphs {
		out = append(out, b.textLines(paragraph, p, bodyLeading, b.hang(), measure-b.hang())...)
	}
	return out
}

// textLines breaks a paragraph and binds its first two and its last two lines together: no line stands alone.
func (b *builder) textLines(r role, spans []span, leading, indent, width float64) []line {
	set := b.faces.wrap(spans, width)
	out := make([]line, len(set))
	for i, l := range set {
		out[i] = line{height: leading, notes: l.notes, keep: i == 0 && len(set) > 1 || i == len(set)-2 && len(set) > 1, draw: func(c *canvas, top float64) {
			c.runs(r, l.runs, left+indent, top+leading*0.74)
		}}
	}
	return out
}
