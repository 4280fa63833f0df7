package pdf

import (
	"fmt"

	"adjutant/backend/document"
	"adjutant/backend/incident"
)

// frame draws what stands on each page around and beneath the text: marks, running head, sharing limit, foot.
func (b *builder) frame(c *canvas, number, pages int) {
	b.marks(c)
	grey8 := style{face: b.faces.sans, size: 8, color: grey}
	exercise := "EXERCISE: fictional signers"
	if number > 1 {
		y := 17 * mm
		c.text(artifact, b.faces.fit(b.d.Title+" · "+b.d.Case.Name, grey8, measure), grey8, left, y)
		c.rule(left, right, y+6, 0.3, hair)
	}
	b.sharingLabel(c, right, 9*mm)
	if b.exercise() {
		c.text(artifact, exercise, style{face: b.faces.sansStrong, size: 8, color: alarm}, left, 9*mm)
	}
	y := pageHeight - 14*mm
	c.rule(left, right, y-10, 0.3, hair)
	c.text(artifact, "Case head "+b.d.AsOf.Code+" · "+document.Day(b.d.AsOf.At), grey8, left, y)
	c.textRight(artifact, fmt.Sprintf("Page %d of %d", number, pages), grey8, right, y)
	state := "Draft, not approved"
	switch {
	case b.state != "":
		state = b.state
	case b.approval != nil:
		state = "Approved by " + b.approval.By
	case b.awaits != nil:
		state = "Draft, awaits a second signature"
	}
	if b.d.Privilege != "" {
		state += " · " + b.d.Privilege
	}
	c.text(artifact, b.faces.fit(state, grey8, measure-90), grey8, left, y+10)
	c.textRight(artifact, string(b.d.Case.TLP), grey8, right, y+10)
}

// sharingLabel draws the sharing limit as TLP 2.0 asks: its colour on black, at the right.
func (b *builder) sharingLabel(c *canvas, x, y float64) {
	if b.d.Case.TLP == "" {
		return
	}
	st := style{face: b.faces.sansStrong, size: 8.5, color: tlpColour(b.d.Case.TLP)}
	_, w := b.faces.line(string(b.d.Case.TLP), st)
	c.mark(artifact, func() { c.box(x-w-8, y-9.5, w+8, 13, rgb{0, 0, 0}) })
	c.text(artifact, string(b.d.Case.TLP), st, x-w-4, y)
}

func tlpColour(t incident.TLP) rgb {
	switch t {
	case incident.TLPRed:
		return rgb{0xFF, 0x2B, 0x2B}
	case incident.TLPAmber, incident.TLPAmberStrict:
		return rgb{0xFF, 0xC0, 0x00}
	case incident.TLPGreen:
		return rgb{0x33, 0xFF, 0x00}
	}
	return rgb{0xFF, 0xFF, 0xFF}
}

// marks lie beneath the text, as shapes: DRAFT until a person approved (forms are no drafts), EXERCISE on every paper of
// an exercise.
func (b *builder) marks(c *canvas) {
	cx, cy := pageWidth/2, pageHeight/2
	switch {
	case b.state != "" && b.exercise():
		c.outline("EXERCISE", b.faces.sansStrong, 120, cx, cy, 45, faint)
	case b.state != "":
	case b.approval == nil && b.exercise():
		c.outline("EXERCISE", b.faces.sansStrong, 92, cx-30, cy-52, 45, faint)
		c.outline("DRAFT", b.faces.sansStrong, 92, cx+42, cy+48, 45, faint)
	case b.approval == nil:
		c.outline("DRAFT", b.faces.sansStrong, 170, cx, cy, 45, faint)
	case b.exercise():
		c.outline("EXERCISE", b.faces.sansStrong, 120, cx, cy, 45, faint)
	}
}
