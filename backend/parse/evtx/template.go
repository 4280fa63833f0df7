package evtx

import (
	"bytes"
	"encoding/binary"
	"math"

	"adjutant/backend/parse/winlog"
)

// template is a template definition, the same wherever it stands. It is compiled when a record first uses it.
type template struct {
	slots    int // values that it refers to
	plain    bool
	nodes    []node
	programs map[within]*winlog.Program // nil values: not for a program
	within   within
	program  *winlog.Program // programs[within]
	compiled bool            // within and program are set
}

// within says which template stands in which slot of another one; none when slot is -1.
type within struct {
	inner *template
	slot  int
}

// definition is a template in the present chunk.
type definition struct {
	t   *template // nil: not for a program
	end int       // chunk offset behind it
}

// templates finds templates by what they say. A definition refers to names by their place in its chunk, so its bytes
// differ from chunk to chunk; the key that walk writes does not.
type templates struct {
	byKey  map[string]*template
	nameID map[string]int // by UTF-16 bytes
	size   int            // bytes of keys and names
	key    []byte
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

// places maps offsets in the present chunk to numbers. It is small, so that a log of one chunk pays little for it; what it
// has no room for is looked up in the chunk again. Entries of earlier chunks do not count.
type places struct {
	keys   [placesSize]uint32 // round<<16 | offset
	values [placesSize]uint16
	round  uint32
}

const (
	placesSize  = 2048 // a chunk has up to some 300 names
	placesTries = 8
)

func (p *places) reset() {
	if p.round++; p.round > 0xffff {
		*p = places{round: 1}
	}
}

func place(off uint32) uint32 { return off * 0x9e3779b1 >> 21 }

func (p *places) get(off uint32) (int, bool) {
	if off >= chunkSize {
		return 0, false
	}
	key := p.round<<16 | off
	for i := range uint32(placesTries) {
		at := (place(off) + i) % placesSize
		if p.keys[at] == key {
			return int(p.values[at]), true
		}
		if p.keys[at]>>16 != p.round {
			break
		}
	}
	return 0, false
}

func (p *places) set(off uint32, n int) {
	for i := range uint32(placesTries) {
		if at := (place(off) + i) % placesSize; p.keys[at]>>16 != p.round {
			p.keys[at], p.values[at] = p.round<<16|off, uint16(n)
			return
		}
	}
}

// definitionAt returns the template at a chunk offset, nil when it is not one for a program.
func (d *decoder) definitionAt(off uint32) *definition {
	if n, ok := d.defAt.get(off); ok {
		return &d.defs[n]
	}
	if off < chunkHeader || int64(off)+24 > int64(len(d.chunk)) {
		return nil
	}
	from := int(off) + 24
	size := int64(binary.LittleEndian.Uint32(d.chunk[off+20:]))
	if size > int64(len(d.chunk)-from) || len(d.defs) >= 0xffff {
		return nil
	}
	def := definition{end: from + int(size)}
	def.t = d.template(from, def.end, false)
	d.defAt.set(off, len(d.defs))
	d.defs = append(d.defs, def)
	return &d.defs[len(d.defs)-1]
}

// plainAt reads a fragment without a template as one whose texts are its values: the texts of other records of its kind stand
// in the same places. It appends them to the slots.
func (d *decoder) plainAt(pos, end int) *template {
	if end-pos < 4 || !plainStart(d.chunk[pos:end]) {
		return nil
	}
	return d.template(pos, end, true)
}

func plainStart(b []byte) bool {
	return b[0]&^tokMore == tokOpen || b[0]&^tokMore == tokFragment && len(b) > 4 && b[4]&^tokMore == tokOpen
}

// template finds or makes the template that stands at chunk[from:end].
func (d *decoder) template(from, end int, plain bool) *template {
	s := &d.known
	s.key = s.key[:0]
	w := walker{d: d, c: cursor{b: d.chunk, pos: from, end: end}, plain: plain}
	if plain {
		w.put(tokFragment) // no definition's key begins so
	}
	if !w.content(0) {
		return nil
	}
	if t, ok := s.byKey[string(s.key)]; ok {
		return t
	}
	if s.size > maxTemplateBytes {
		return nil
	}
	c := &cursor{b: d.chunk, pos: from, end: end}
	d.nodes = 0
	nodes, err := d.content(c, 1)
	var t *template
	if err == nil {
		own(nodes)
		t = &template{slots: w.slots, plain: plain, nodes: nodes, programs: map[within]*winlog.Program{}}
	}
	s.size += 8 * len(s.key) // a program is several times as large
	s.byKey[string(s.key)] = t
	return t
}

// own copies the texts of nodes, which point into the chunk: the template outlives it.
func own(nodes []node) {
	for i := range nodes {
		n := &nodes[i]
		if n.kind == tokValue {
			n.val.data = bytes.Clone(n.val.data)
		}
		for j := range n.attrs {
			own(n.attrs[j].children)
		}
		own(n.children)
	}
}

// outliner turns the nodes of a template into what winlog compiles, with another template in one of its slots.
type outliner struct {
	within
	plain bool
	shift int // added to the numbers of slots
	after int // the inner template's slots come after as many
	slots int // of a plain fragment, in the order in which walker meets its texts

	pieces   []winlog.Piece // memory for what is made
	elements []winlog.Outline
}

// room is an empty slice with room for n pieces.
func (o *outliner) room(n int) []winlog.Piece {
	if n > len(o.pieces) {
		o.pieces = make([]winlog.Piece, max(n, 96))
	}
	p := o.pieces[:0:n]
	o.pieces = o.pieces[n:]
	return p
}

func (o *outliner) element(name string) *winlog.Outline {
	if len(o.elements) == 0 {
		o.elements = make([]winlog.Outline, 24)
	}
	el := &o.elements[0]
	o.elements = o.elements[1:]
	el.Name = name
	return el
}

// content returns the pieces of an element; false means that they are not for a program.
func (o *outliner) content(nodes []node) ([]winlog.Piece, bool) {
	out := o.room(len(nodes))
	for i := range nodes {
		n := &nodes[i]
		switch n.kind {
		case tokOpen:
			el := o.element(n.name)
			if len(n.attrs) > 0 {
				el.Attrs = make([]winlog.OutlineAttr, 0, len(n.attrs))
			}
			for j := range n.attrs {
				a := winlog.OutlineAttr{Name: n.attrs[j].name, Content: o.room(len(n.attrs[j].children))}
				for k := range n.attrs[j].children {
					p, ok := o.text(&n.attrs[j].children[k], a.Name == nameAttr)
					if !ok || p.Gap && o.inner != nil && p.Slot == o.slot {
						return nil, false
					}
					a.Content = append(a.Content, p)
				}
				el.Attrs = append(el.Attrs, a)
			}
			var ok bool
			if el.Content, ok = o.content(n.children); !ok {
				return nil, false
			}
			out = append(out, winlog.Piece{Element: el})
		default:
			p, ok := o.text(n, false)
			if !ok {
				return nil, false
			}
			if !p.Gap || o.inner == nil || p.Slot != o.slot {
				out = append(out, p)
				continue
			}
			in := outliner{within: within{slot: -1}, plain: o.inner.plain, shift: o.after}
			pieces, ok := in.content(o.inner.nodes)
			if !ok {
				return nil, false
			}
			out = append(out, pieces...)
		}
	}
	return out, true
}

// text returns the piece that is not an element; fixed says that texts stay texts in a plain fragment too.
func (o *outliner) text(n *node, fixed bool) (winlog.Piece, bool) {
	switch {
	case n.kind == tokSubstitution || n.kind == tokOptional:
		return winlog.Piece{Gap: true, Slot: n.index + o.shift}, true
	case n.kind != tokValue:
		return winlog.Piece{}, false
	case o.plain && !fixed && n.val.typ == typeString:
		o.slots++
		return winlog.Piece{Gap: true, Slot: o.slots - 1 + o.shift}, true
	}
	return winlog.Piece{Text: n.val.text()}, true
}

// nameAttr is the attribute that says which value an element is: its text belongs to the template.
const nameAttr = "Name"

// nameAttrID is its number, given to it before all others.
const nameAttrID = 0

// programFor returns the program for records of t, with another template in one of its slots or without.
func (t *template) programFor(w within) *winlog.Program {
	if t.compiled && t.within == w {
		return t.program
	}
	p, ok := t.programs[w]
	if !ok {
		if len(t.programs) >= maxPrograms {
			return nil
		}
		o := outliner{within: w, plain: t.plain, after: t.slots}
		if content, ok := o.content(t.nodes); ok && len(content) == 1 && content[0].Element != nil {
			p = winlog.Compile(content[0].Element)
		}
		t.programs[w] = p
	}
	t.within, t.program, t.compiled = w, p, true
	return p
}

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
