package pdf

import (
	"github.com/go-pdf/fpdf"
	ot "github.com/go-text/typesetting/font/opentype"
)

// role says which part of the text a piece of drawing is. It is written around each piece as marked content, where a
// later step can hang the tags of PDF/UA; artifact is everything that is no text of the paper.
type role string

const (
	artifact  role = "Artifact"
	paragraph role = "P"
	heading1  role = "H1"
	heading2  role = "H2"
	tableHead role = "TH"
	tableCell role = "TD"
	noteText  role = "Note"
)

// canvas is the only thing that calls the engine.
type canvas struct {
	pdf   *fpdf.Fpdf
	faces *faces
}

// mark draws f as one piece of marked content.
func (c *canvas) mark(r role, f func()) {
	c.pdf.RawWriteStr("/" + string(r) + " BMC")
	f()
	c.pdf.RawWriteStr("EMC")
}

// runs draws the runs of a line; x and y are the left end and the baseline.
func (c *canvas) runs(r role, runs []run, x, y float64) {
	c.mark(r, func() {
		for _, run := range runs {
			st := run.style
			c.pdf.SetFont(st.face.name, "", st.size)
			c.pdf.SetTextColor(st.color.r, st.color.g, st.color.b)
			for _, p := range st.face.shape(run.text).pieces {
				c.pdf.Text(x+run.x+p.x*st.size, y-st.rise, p.text)
			}
		}
	})
}

// text draws one short text; it gives its width.
func (c *canvas) text(r role, s string, st style, x, y float64) float64 {
	runs, width := c.faces.line(s, st)
	c.runs(r, runs, x, y)
	return width
}

// textRight draws a text that ends at x.
func (c *canvas) textRight(r role, s string, st style, x, y float64) {
	runs, width := c.faces.line(s, st)
	c.runs(r, runs, x-width, y)
}

// line sets a text on one line without breaking.
func (f *faces) line(s string, st style) ([]run, float64) {
	var runs []run
	x := 0.0
	for _, p := range f.cover(st.face, s) {
		one := st
		one.face = p.face
		runs = append(runs, run{text: p.text, style: one, x: x})
		x += p.face.shape(p.text).width * st.size
	}
	return runs, x
}

// fit sets a text on one line and shortens it with … when it is wider than width.
func (f *faces) fit(s string, st style, width float64) string {
	s = inert(s)
	if _, w := f.line(s, st); w <= width {
		return s
	}
	r := []rune(s)
	for len(r) > 0 {
		r = r[:len(r)-1]
		if _, w := f.line(string(r)+"…", st); w <= width {
			break
		}
	}
	return string(r) + "…"
}

// rule draws a horizontal line.
func (c *canvas) rule(x1, x2, y, weight float64, col rgb) {
	c.mark(artifact, func() {
		c.pdf.SetDrawColor(col.r, col.g, col.b)
		c.pdf.SetLineWidth(weight)
		c.pdf.Line(x1, y, x2, y)
	})
}

// edge draws a vertical line; dotted marks the words of a model.
func (c *canvas) edge(x, y1, y2, weight float64, col rgb, dotted bool) {
	c.mark(artifact, func() {
		c.pdf.SetDrawColor(col.r, col.g, col.b)
		c.pdf.SetLineWidth(weight)
		if dotted {
			c.pdf.SetDashPattern([]float64{weight, weight * 2}, 0)
		}
		c.pdf.Line(x, y1, x, y2)
		if dotted {
			c.pdf.SetDashPattern([]float64{}, 0)
		}
	})
}

// box fills a rectangle.
func (c *canvas) box(x, y, w, h float64, col rgb) {
	c.pdf.SetFillColor(col.r, col.g, col.b)
	c.pdf.Rect(x, y, w, h, "F")
}

// outline draws a word as shapes, turned by angle degrees about its middle: a mark under the text that no reader of the
// text layer meets.
func (c *canvas) outline(word string, f *face, size, cx, cy, angle float64, col rgb) {
	width := f.shape(word).width * size
	c.mark(artifact, func() {
		c.pdf.SetFillColor(col.r, col.g, col.b)
		c.pdf.TransformBegin()
		c.pdf.TransformRotate(angle, cx, cy)
		x := cx - width/2
		y := cy + size*0.33
		for _, p := range f.shape(word).pieces {
			px := x + p.x*size
			for _, r := range p.text {
				c.glyph(f, r, px, y, size)
				px += f.advance(r) / 1000 * size
			}
		}
		c.pdf.TransformEnd()
	})
}

func (c *canvas) glyph(f *face, r rune, x, y, size float64) {
	gid, ok := f.font.NominalGlyph(r)
	if !ok {
		return
	}
	shape, ok := f.font.GlyphDataOutline(gid)
	if !ok || len(shape.Segments) == 0 {
		return
	}
	k := size / f.upem
	at := func(p ot.SegmentPoint) (float64, float64) { return x + float64(p.X)*k, y - float64(p.Y)*k }
	var px, py float64
	open := false
	for _, s := range shape.Segments {
		switch s.Op {
		case ot.SegmentOpMoveTo:
			if open {
				c.pdf.ClosePath()
			}
			px, py = at(s.Args[0])
			c.pdf.MoveTo(px, py)
			open = true
		case ot.SegmentOpLineTo:
			px, py = at(s.Args[0])
			c.pdf.LineTo(px, py)
		case ot.SegmentOpQuadTo:
			qx, qy := at(s.Args[0])
			ex, ey := at(s.Args[1])
			// A quadratic curve as the cubic one that PDF knows.
			c.pdf.CurveBezierCubicTo(px+2.0/3*(qx-px), py+2.0/3*(qy-py), ex+2.0/3*(qx-ex), ey+2.0/3*(qy-ey), ex, ey)
			px, py = ex, ey
		case ot.SegmentOpCubeTo:
			ax, ay := at(s.Args[0])
			bx, by := at(s.Args[1])
			ex, ey := at(s.Args[2])
			c.pdf.CurveBezierCubicTo(ax, ay, bx, by, ex, ey)
			px, py = ex, ey
		}
	}
	if open {
		c.pdf.ClosePath()
	}
	c.pdf.DrawPath("F")
}
