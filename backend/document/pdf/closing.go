package pdf

import (
	"fmt"
	"strings"

	"github.com/skip2/go-qrcode"

	"adjutant/backend/document"
)

// closing is the end of every paper: who stands behind which clause, the approval or the place to sign, and the case
// head as text and as a code. Signature and code stay together.
func (b *builder) closing() []line {
	// The paragraph on sources stays with the block, so that no page holds a signature alone.
	block := []line{gap(14)}
	if b.d.Class != "message" {
		block = append(block, b.sources()...)
	}
	block = append(block, line{height: 16})
	block = append(block, b.approvalLines()...)
	block = append(block, line{height: 10})
	block = append(block, b.proof()...)
	for i := range block {
		block[i].keep = i < len(block)-1
	}
	return block
}

// sources says in one paragraph whose words the clauses are.
func (b *builder) sources() []line {
	type source struct {
		words   string
		numbers []string
	}
	var list []*source
	find := func(words string) *source {
		for _, s := range list {
			if s.words == words {
				return s
			}
		}
		list = append(list, &source{words: words})
		return list[len(list)-1]
	}
	b.d.Numbered(func(_ *document.Section, c *document.Clause, number string) {
		words := ""
		switch o := c.Origin; o.Kind {
		case document.OriginPerson:
			words = "words of " + o.Name
			if o.Role != "" {
				words += " (" + o.Role + ")"
			}
		case document.OriginModel:
			words = strings.TrimSpace("text of the model " + o.Name + " " + o.Version)
		case document.OriginComputed:
			words = "computed by this program from the record and the rows cited"
		case document.OriginEvidence:
			words = "taken from evidence"
		default:
			words = "fixed words of the form"
			if c.Slot != "" {
				words = "still to be filled in"
			}
		}
		s := find(words)
		s.numbers = append(s.numbers, number)
	})
	parts := []string{}
	for _, s := range list {
		word := "Clause "
		if len(s.numbers) > 1 {
			word = "Clauses "
		}
		parts = append(parts, word+strings.Join(s.numbers, ", ")+": "+s.words)
	}
	out := []line{b.heading("", "Who stands behind the words", "")}
	return append(out, b.textLines(paragraph, []span{{text: strings.Join(parts, ". ") + ".", style: b.small()}}, 11.6, hang, measure-hang)...)
}

// approvalLines is the approval with the hash of the approved text, or the place for it; then the lines to sign on.
func (b *builder) approvalLines() []line {
	small, label := b.small(), b.label()
	text := func(height float64, spans ...span) line {
		l := b.faces.wrap(spans, measure)
		return line{height: height, draw: func(c *canvas, top float64) {
			if len(l) > 0 {
				c.runs(paragraph, l[0].runs, left, top+9)
			}
		}}
	}
	var out []line
	out = append(out, b.ruleLine(8, 0.9, navy))
	if a := b.approval; a != nil {
		out = append(out,
			text(15, span{text: "Approved", style: style{face: b.faces.sansStrong, size: 11, color: navy}},
				span{text: "  by " + a.By + ", " + a.Role + ", on " + document.Moment(a.At), style: style{face: b.faces.sans, size: 10, color: ink}}),
			text(12, span{text: "Entry of the case record ", style: label}, span{text: shortHash(a.Entry), style: b.code(7.6)}))
	} else if a := b.awaits; a != nil {
		out = append(out,
			text(15, span{text: "Draft", style: style{face: b.faces.sansStrong, size: 11, color: alarm}},
				span{text: "  awaits a second signature; the approval is not in force.", style: style{face: b.faces.sans, size: 10, color: ink}}),
			text(12, span{text: "Signed by " + a.By + ", " + a.Role + ", on " + document.Moment(a.At) + ". Entry of the case record ", style: label}, span{text: shortHash(a.Entry), style: b.code(7.6)}))
	} else {
		out = append(out, text(15, span{text: "Draft", style: style{face: b.faces.sansStrong, size: 11, color: alarm}},
			span{text: "  not approved. Approval belongs to the role " + b.d.NeedsRole.Title() + ".", style: style{face: b.faces.sans, size: 10, color: ink}}))
	}
	out = append(out, text(12, span{text: "Hash of this text, SHA-256 ", style: label}, span{text: document.Fours(b.hash), style: b.code(7.2)}))
	for _, s := range b.d.Signatories {
		name := s.Name
		if name == "" {
			name = "Name"
		}
		who := name + ", " + s.Role
		if b.d.Letterhead.Organisation != "" {
			who += ", for " + b.d.Letterhead.Organisation
		}
		out = append(out, line{height: 38}, line{height: 14, draw: func(c *canvas, top float64) {
			c.rule(left, left+85*mm, top, 0.5, ink)
			c.rule(left+95*mm, right, top, 0.5, ink)
			c.text(paragraph, b.faces.fit(who, small, 92*mm), small, left, top+10)
			c.text(paragraph, "Place and date", label, left+95*mm, top+10)
		}})
	}
	return out
}

// proof prints the case head in full beside a code that a telephone reads.
func (b *builder) proof() []line {
	const side = 24 * mm
	text := b.faces.wrap([]span{
		{text: "State of the case record. ", style: style{face: b.faces.sansStrong, size: 8.5, color: ink}},
		{text: fmt.Sprintf("Written at the head %s of %s with %d entries; the full head stands below and in the square. Whoever keeps this paper can tell whether the record was rewritten later.",
			b.d.AsOf.Code, document.Moment(b.d.AsOf.At), b.d.AsOf.Entries), style: b.small()},
	}, measure-side-18)
	// The head breaks after the eighth group, so that two lines of equal length can be compared.
	for _, half := range halves(b.d.AsOf.Head) {
		text = append(text, b.faces.wrap([]span{{text: document.Fours(half), style: b.code(8)}}, measure-side-18)...)
	}
	height := max(side+4, float64(len(text))*11.4)
	return []line{{height: height, draw: func(c *canvas, top float64) {
		for i, l := range text {
			c.runs(paragraph, l.runs, left, top+9+float64(i)*11.4)
		}
		if err := c.qr(HeadCode(b.d), right-side, top, side); err != nil {
			c.pdf.SetError(err)
		}
	}}}
}

func halves(s string) []string {
	if len(s) <= 32 {
		return []string{s}
	}
	return []string{s[:32], s[32:]}
}

// HeadCode is the content of the square: capitals and digits, the densest form of the code.
func HeadCode(d *document.Document) string {
	return document.SquareText(d.Case, d.AsOf)
}

// qr draws the modules as rectangles, joined along each row.
func (c *canvas) qr(content string, x, y, side float64) error {
	q, err := qrcode.New(content, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("pdf: code of the case head: %w", err)
	}
	q.DisableBorder = true
	m := q.Bitmap()
	unit := side / float64(len(m))
	c.mark(artifact, func() {
		c.pdf.SetFillColor(0, 0, 0)
		for r, row := range m {
			for i := 0; i < len(row); {
				j := i
				for j < len(row) && row[j] {
					j++
				}
				if j > i {
					// A hair of overlap: viewers otherwise show seams between neighbours.
					c.pdf.Rect(x+float64(i)*unit, y+float64(r)*unit, float64(j-i)*unit, unit+0.05, "F")
				}
				i = max(j, i+1)
			}
		}
	})
	return nil
}
