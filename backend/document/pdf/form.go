package pdf

import (
	"fmt"
	"io"
	"strings"

	"adjutant/backend/document"
)

// RenderForm draws a form into w. The same form gives the same bytes in every process.
func RenderForm(f document.Form, w io.Writer) error {
	b, pages, err := layoutForm(f)
	if err != nil {
		return err
	}
	c := newCanvas(b.faces, b.d, nil)
	for i, p := range pages {
		c.pdf.AddPage()
		b.frame(c, i+1, len(pages))
		p.draw(c)
	}
	if err := c.pdf.Output(w); err != nil {
		return fmt.Errorf("pdf: write: %w", err)
	}
	return nil
}

// FormPages counts the pages that RenderForm would make.
func FormPages(f document.Form) (int, error) {
	_, pages, err := layoutForm(f)
	return len(pages), err
}

func layoutForm(f document.Form) (*builder, []page, error) {
	faces, err := loadFaces()
	if err != nil {
		return nil, nil, fmt.Errorf("pdf: fonts: %w", err)
	}
	// The frame, letterhead and tables of the layout read a document; as a message it has no clause numbers.
	d := &document.Document{Class: "message", Title: f.Title, Subtitle: f.Subtitle, Case: f.Case, AsOf: f.AsOf,
		Generated: f.Generated, Letterhead: f.Letterhead}
	b := &builder{d: d, state: f.State, faces: faces, notes: newNotes(d, faces)}
	return b, paginate(b.form(&f), b.notes), nil
}

// form is the paper from letterhead to the last line.
func (b *builder) form(f *document.Form) []line {
	out := b.formHead()
	for i := range f.Parts {
		part := b.part(&f.Parts[i])
		if n := len(part); i+1 < len(f.Parts) && f.Parts[i+1].Keep && f.Parts[i].Table != nil && n > 1 {
			part[n-1].keep, part[n-2].keep = true, true // no page holds signatures without a row of what is signed for
		}
		out = append(out, part...)
	}
	if b.unset(f) {
		out = append(out, gap(8))
		out = append(out, b.textLines(paragraph, []span{{text: `Characters that the type of this paper cannot set stand as \u{XXXX}, their number in Unicode.`, style: b.label()}}, 11, 0, measure)...)
	}
	return out
}

// formHead is the letterhead in one line and the title: a form leaves its page to what people compare and sign.
func (b *builder) formHead() []line {
	who := b.d.Letterhead.Organisation
	if b.d.Letterhead.Unit != "" {
		who = strings.TrimPrefix(who+", "+b.d.Letterhead.Unit, ", ")
	}
	out := []line{{height: 22, draw: func(c *canvas, top float64) {
		date := document.Day(b.d.Generated)
		small := style{face: b.faces.sans, size: 9, color: grey}
		_, w := b.faces.line(date, small)
		c.textRight(paragraph, date, small, right, top+11)
		st := style{face: b.faces.sansStrong, size: 11, color: navy}
		c.text(paragraph, b.faces.fit(who, st, measure-w-16)+" ", st, left, top+11)
		c.rule(left, right, top+17, 0.9, navy)
	}}, gap(10)}
	return append(out, b.title()...)
}

// part draws what is set, in the order of the fields of document.Part. A title stays with what follows; room to write
// and its lines stay together.
func (b *builder) part(p *document.Part) []line {
	var out []line
	if p.Title != "" {
		out = append(out, gap(7), b.heading("", p.Title, ""))
	}
	out = append(out, b.fields(p.Fields, left, measure)...)
	if p.Square != nil {
		out = append(out, b.square(p.Square)...)
	}
	if p.Table != nil {
		if len(p.Fields) > 0 {
			out = append(out, gap(4))
		}
		out = append(out, b.table(p.Table)...)
	}
	for _, t := range p.Texts {
		out = append(out, b.textLines(paragraph, []span{{text: t, style: b.small()}}, 11.6, 0, measure)...)
		out = append(out, gap(3))
	}
	var room []line // to write in
	if len(p.Boxes) > 0 {
		room = append(room, b.codeBoxes(p.Boxes))
	}
	room = append(room, b.ticks(p.Ticks)...)
	for i := 0; i < len(p.Signs); i += 2 {
		room = append(room, b.signLines(p.Signs[i:min(i+2, len(p.Signs))]))
	}
	for i := range room {
		room[i].keep = i < len(room)-1
	}
	out = append(out, room...)
	for i := range out {
		out[i].keep = out[i].keep || p.Keep
	}
	return out
}

const fieldLeading = 12.6

// fieldStyle gives the text and look of a value.
func (b *builder) fieldStyle(f document.Field) (string, style) {
	switch f.Style {
	case "hash":
		return document.Fours(f.Value), b.code(7.6)
	case "code":
		return f.Value, b.code(12.5)
	case "strong":
		return f.Value, style{face: b.faces.sansStrong, size: 9.2, color: ink}
	}
	return f.Value, style{face: b.faces.sans, size: 9.2, color: ink}
}

// fields sets labels and values in two columns, each value whole.
func (b *builder) fields(list []document.Field, x, width float64) []line {
	labelWidth := 34 * mm
	if width < measure {
		labelWidth = 28 * mm
	}
	var out []line
	for _, f := range list {
		var value []textLine
		text, st := b.fieldStyle(f)
		parts := []string{text}
		if f.Style == "hash" { // two lines of equal length can be compared
			parts = nil
			for _, half := range halves(f.Value) {
				parts = append(parts, document.Fours(half))
			}
		}
		for _, part := range parts {
			value = append(value, b.faces.wrap([]span{{text: part, style: st}}, width-labelWidth)...)
		}
		for i, l := range value {
			label := ""
			if i == 0 {
				label = f.Label
			}
			height := fieldLeading
			if f.Style == "code" {
				height = 17
			}
			out = append(out, line{height: height, keep: i < len(value)-1, draw: func(c *canvas, top float64) {
				base := top + height*0.74
				if label != "" {
					c.text(paragraph, label+" ", style{face: b.faces.sans, size: 8.8, color: grey}, x, base)
				}
				c.runs(paragraph, l.runs, x+labelWidth, base)
			}})
		}
	}
	return out
}

// square is a code for a camera at the right, with its fields at the left, as one piece. Fields of many lines stand above
// it instead, so that no piece is taller than a page.
func (b *builder) square(s *document.Square) []line {
	const side, most = 32 * mm, 400
	code := func(c *canvas, top float64) {
		if err := c.qr(s.Content, right-side, top+1, side); err != nil {
			c.pdf.SetError(err)
		}
	}
	fields := b.fields(s.Fields, left, measure-side-14)
	height := 0.0
	for _, f := range fields {
		height += f.height
	}
	if height > most {
		return append(fields, line{height: side + 5, draw: code})
	}
	return []line{{height: max(height, side) + 5, draw: func(c *canvas, top float64) {
		y := top
		for _, f := range fields {
			f.draw(c, y)
			y += f.height
		}
		code(c, top)
	}}}
}

// codeBoxes puts each character of a code above the box for it, the codes side by side.
func (b *builder) codeBoxes(list []document.CodeBoxes) line {
	const box, tall, between = 8.8, 13.0, 4.0
	return line{height: 45, draw: func(c *canvas, top float64) {
		step := measure / float64(max(len(list), 2))
		for i, code := range list {
			x := left + float64(i)*step
			c.text(paragraph, code.Label+" ", b.label(), x, top+9)
			for _, r := range code.Code {
				if r == '-' {
					x += between
					continue
				}
				st := b.code(9.5)
				_, w := b.faces.line(string(r), st)
				c.text(paragraph, string(r), st, x+(box-w)/2, top+21)
				c.frameBox(x, top+25, box, tall)
				x += box
			}
		}
	}}
}

// ticks are statements with a box to mark; two short ones share a line.
func (b *builder) ticks(list []string) []line {
	const indent = 15.0
	st := style{face: b.faces.sans, size: 9.2, color: ink}
	half := measure/2 - indent - 6
	var out []line
	for i := 0; i < len(list); i++ {
		set := b.faces.wrap([]span{{text: list[i], style: st}}, measure-indent)
		var beside []textLine
		if len(set) == 1 && set[0].width <= half && i+1 < len(list) {
			if next := b.faces.wrap([]span{{text: list[i+1], style: st}}, half); len(next) == 1 {
				beside = next
				i++
			}
		}
		for j, l := range set {
			out = append(out, line{height: 13.4, draw: func(c *canvas, top float64) {
				if j == 0 {
					c.frameBox(left, top+2, 8.4, 8.4)
				}
				c.runs(paragraph, l.runs, left+indent, top+9.6)
				if len(beside) > 0 {
					c.frameBox(left+measure/2, top+2, 8.4, 8.4)
					c.runs(paragraph, beside[0].runs, left+measure/2+indent, top+9.6)
				}
			}})
		}
	}
	return out
}

// signLines is room for the signatures of one or two people side by side, each with place, date and time.
func (b *builder) signLines(list []document.SignLine) line {
	const between, place, labelLeading = 7 * mm, 34 * mm, 9.6
	const width = (measure - between) / 2
	set := make([][]textLine, len(list))
	most := 0
	for i, s := range list {
		set[i] = b.faces.wrap([]span{{text: s.Who, style: b.label()}}, width)
		most = max(most, len(set[i]))
	}
	second := 25 + float64(most)*labelLeading + 19 // of place and time
	return line{height: second + 14, draw: func(c *canvas, top float64) {
		for i := range list {
			x := left + float64(i)*(width+between)
			c.rule(x, x+width, top+25, 0.5, ink)
			for j, l := range set[i] {
				c.runs(paragraph, l.runs, x, top+34+float64(j)*labelLeading)
			}
			c.rule(x, x+place, top+second, 0.5, ink)
			c.rule(x+place+2*mm, x+width, top+second, 0.5, ink)
			c.text(paragraph, "Place ", b.label(), x, top+second+9)
			c.text(paragraph, "Date, time and zone ", b.label(), x+place+2*mm, top+second+9)
		}
	}}
}

// frameBox draws an empty box.
func (c *canvas) frameBox(x, y, w, h float64) {
	c.mark(artifact, func() {
		c.pdf.SetDrawColor(ink.r, ink.g, ink.b)
		c.pdf.SetLineWidth(0.5)
		c.pdf.Rect(x, y, w, h, "D")
	})
}

// unset reports whether a text of the form has characters that no face can set.
func (b *builder) unset(f *document.Form) bool {
	bad := func(list ...string) bool {
		for _, s := range list {
			for _, p := range b.faces.cover(b.faces.sans, s) {
				if strings.Contains(p.text, `\u{`) && !strings.Contains(s, `\u{`) {
					return true
				}
			}
		}
		return false
	}
	if bad(f.Case.Name, f.Letterhead.Organisation, f.Letterhead.Unit) {
		return true
	}
	for _, p := range f.Parts {
		for _, x := range p.Fields {
			if bad(x.Value) {
				return true
			}
		}
		if p.Table != nil {
			for _, r := range p.Table.Rows {
				if bad(r.Cells...) {
					return true
				}
			}
		}
		for _, s := range p.Signs {
			if bad(s.Who) {
				return true
			}
		}
		if bad(p.Texts...) {
			return true
		}
	}
	return false
}
