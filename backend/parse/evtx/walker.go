package evtx

import (
	"encoding/binary"
	"math"
)

// walker writes the key of a template definition: its tokens with numbers for names. It reads what decoder.content reads
// and gives up where that needs more than tokens.
type walker struct {
	d     *decoder
	c     cursor
	plain bool // texts are values, but those of nameAttr
	fixed bool // within nameAttr
	parts int
	slots int
}

func (w *walker) content(depth int) bool {
	c := &w.c
	for c.pos < c.end {
		if w.parts++; depth > maxTemplateDepth || w.parts > maxTemplateParts {
			return false
		}
		tok := c.u8()
		switch tok &^ tokMore {
		case tokEOF, tokEnd, tokCloseEmpty:
			w.put(tokEnd)
			return c.err == nil
		case tokFragment:
			c.skip(3)
		case tokOpen:
			if !w.element(tok&tokMore != 0, depth) {
				return false
			}
		case tokValue, tokCDATA, tokCharRef, tokEntityRef, tokSubstitution, tokOptional:
			if !w.inline(tok &^ tokMore) {
				return false
			}
		default:
			return false
		}
		if c.err != nil {
			return false
		}
	}
	w.put(tokEnd)
	return c.err == nil
}

func (w *walker) element(attrs bool, depth int) bool {
	c := &w.c
	w.d.dependency(c)
	w.put(tokOpen)
	if !w.name() {
		return false
	}
	if attrs {
		c.skip(4)
		for c.err == nil && c.pos < c.end && c.peek()&^tokMore == tokAttribute {
			c.skip(1)
			w.put(tokAttribute)
			id, ok := w.d.nameID(c)
			w.number(id)
			if w.parts++; w.parts > maxTemplateParts || !ok {
				return false
			}
			w.fixed = id == nameAttrID
			for c.err == nil && c.pos < c.end && isInline(c.peek()&^tokMore) {
				if w.parts++; w.parts > maxTemplateParts || !w.inline(c.u8()&^tokMore) {
					return false
				}
			}
			w.fixed = false
		}
	}
	switch c.u8() {
	case tokCloseEmpty:
		w.put(tokCloseEmpty)
		return c.err == nil
	case tokCloseStart:
		w.put(tokCloseStart)
		return c.err == nil && w.content(depth+1)
	}
	return false
}

func (w *walker) inline(tok byte) bool {
	c := &w.c
	w.put(tok)
	switch tok {
	case tokValue, tokCDATA:
		if tok == tokValue && c.u8() != typeString {
			return false
		}
		text := c.bytes(2 * int(c.u16()))
		if !w.plain || w.fixed {
			w.bytes(text)
			break
		}
		if len(text) > math.MaxUint16 {
			return false
		}
		w.d.slots = append(w.d.slots, slot{at: uint32(c.pos - len(text)), size: uint16(len(text)), typ: typeString})
		w.slots++
	case tokCharRef:
		w.number(uint32(c.u16()))
	case tokEntityRef:
		return w.name()
	default:
		n := c.u16()
		c.skip(1)
		if w.plain { // no value to put in
			return false
		}
		w.slots = max(w.slots, int(n)+1)
		w.number(uint32(n))
		return c.err == nil && n < maxValues
	}
	return c.err == nil
}

func (w *walker) put(b byte) { w.d.known.key = append(w.d.known.key, b) }

func (w *walker) number(n uint32) {
	w.d.known.key = binary.LittleEndian.AppendUint32(w.d.known.key, n)
}

func (w *walker) bytes(b []byte) {
	w.number(uint32(len(b)))
	w.d.known.key = append(w.d.known.key, b...)
}

// name reads a name reference and writes the name's number.
func (w *walker) name() bool {
	id, ok := w.d.nameID(&w.c)
	w.number(id)
	return ok
}

// nameID reads a name reference and returns the name's number, the same in all chunks.
func (d *decoder) nameID(c *cursor) (uint32, bool) {
	off := c.u32()
	if c.err != nil {
		return 0, false
	}
	n, known := d.nameAt.get(off)
	if !known {
		at := cursor{b: c.b, pos: int(min(int64(off), int64(len(c.b)))), end: len(c.b)}
		at.skip(4 + 2)
		raw := at.bytes(2 * int(at.u16()))
		if at.err != nil {
			return 0, false
		}
		s := &d.known
		if n, known = s.nameID[string(raw)]; !known {
			if s.size > maxTemplateBytes || len(s.nameID) >= 0xffff {
				return 0, false
			}
			n = len(s.nameID)
			s.nameID[string(raw)] = n
			s.size += len(raw)
		}
		d.nameAt.set(off, n)
	}
	if int64(off) == int64(c.pos) {
		c.skip(4 + 2)
		c.skip(2*int(c.u16()) + 2)
	}
	return uint32(n), c.err == nil
}
