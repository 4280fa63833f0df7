package evtxwriter

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Binary XML tokens, MS-EVEN6 section 2.2.12.
const (
	tokEOF           = 0x00
	tokElement       = 0x01
	tokCloseStart    = 0x02
	tokCloseEmpty    = 0x03
	tokCloseElement  = 0x04
	tokValue         = 0x05
	tokAttribute     = 0x06
	tokTemplate      = 0x0c
	tokSubstitution  = 0x0d // always written, empty when the value is null
	tokOptional      = 0x0e // left out with its attribute or element when the value is null
	tokFragment      = 0x0f
	tokMore          = 0x40 // flag: attributes follow (on an element), another attribute follows (on an attribute)
	noDependency     = 0xffff
	elementHeadBytes = 7 // token, dependency id and size: not counted in the element's size
)

// encoder writes one record. It keeps what the record adds to the chunk's tables apart until the record is known to fit.
type encoder struct {
	chunk     *chunk
	base      int // offset of buf[0] in the chunk
	buf       []byte
	names     map[string]uint32
	templates map[string]uint32
	nameHeads [nameBuckets]uint32
	tmplHeads [templateBuckets]uint32
}

func (e *encoder) u8(v uint8)   { e.buf = append(e.buf, v) }
func (e *encoder) u16(v uint16) { e.buf = binary.LittleEndian.AppendUint16(e.buf, v) }
func (e *encoder) u32(v uint32) { e.buf = binary.LittleEndian.AppendUint32(e.buf, v) }
func (e *encoder) u64(v uint64) { e.buf = binary.LittleEndian.AppendUint64(e.buf, v) }
func (e *encoder) pos() uint32  { return uint32(e.base + len(e.buf)) }

func (e *encoder) utf16(s []uint16) {
	for _, c := range s {
		e.u16(c)
	}
}

// name writes a reference to a name, and the name itself behind it the first time the chunk sees it: offset of the
// structure, then next name of the same bucket, hash, length in characters, text, NUL (MS-EVEN6 2.2.12 Name).
func (e *encoder) name(s string) {
	if at, ok := e.chunk.names[s]; ok {
		e.u32(at)
		return
	}
	if at, ok := e.names[s]; ok {
		e.u32(at)
		return
	}
	at := e.pos() + 4
	e.u32(at)
	text := utf16Of(s)
	h := nameHash(text)
	e.u32(e.nameHeads[h%nameBuckets])
	e.u16(h)
	e.u16(uint16(len(text)))
	e.utf16(text)
	e.u16(0)
	e.names[s] = at
	e.nameHeads[h%nameBuckets] = at
}

// content is what stands in an element or attribute of a template: a fixed text, or the value with that index.
type content struct {
	text     string
	index    int // -1: text
	kind     valueType
	optional bool
}

func fixed(s string) content { return content{text: s, index: -1} }

type attribute struct {
	name string
	content
}

// node is an element of a template.
type node struct {
	name     string
	attrs    []attribute
	content  *content // in front of the children
	children []*node
	tail     *content // behind them
}

func (e *encoder) content(c content) {
	if c.index < 0 {
		text := utf16Of(c.text)
		e.u8(tokValue)
		e.u8(uint8(typeString))
		e.u16(uint16(len(text)))
		e.utf16(text)
		return
	}
	if c.optional {
		e.u8(tokOptional)
	} else {
		e.u8(tokSubstitution)
	}
	e.u16(uint16(c.index))
	e.u8(uint8(c.kind))
}

// element writes an element and what is in it, MS-EVEN6 2.2.12 Element: token, dependency id, size of all that follows
// the size, name, attribute list with its own size, content, end.
func (e *encoder) element(n *node) {
	start := len(e.buf)
	tok := byte(tokElement)
	if len(n.attrs) > 0 {
		tok |= tokMore
	}
	e.u8(tok)
	e.u16(noDependency)
	e.u32(0)
	e.name(n.name)
	if len(n.attrs) > 0 {
		list := len(e.buf)
		e.u32(0)
		for i, a := range n.attrs {
			tok := byte(tokAttribute)
			if i < len(n.attrs)-1 {
				tok |= tokMore
			}
			e.u8(tok)
			e.name(a.name)
			e.content(a.content)
		}
		binary.LittleEndian.PutUint32(e.buf[list:], uint32(len(e.buf)-list-4))
	}
	if n.content == nil && n.tail == nil && len(n.children) == 0 {
		e.u8(tokCloseEmpty)
	} else {
		e.u8(tokCloseStart)
		if n.content != nil {
			e.content(*n.content)
		}
		for _, c := range n.children {
			e.element(c)
		}
		if n.tail != nil {
			e.content(*n.tail)
		}
		e.u8(tokCloseElement)
	}
	binary.LittleEndian.PutUint32(e.buf[start+3:], uint32(len(e.buf)-start-elementHeadBytes))
}

func (e *encoder) fragment() { e.buf = append(e.buf, tokFragment, 1, 1, 0) } // major 1, minor 1, flags 0

// instance writes a template instance with its values: MS-EVEN6 2.2.12 TemplateInstance and libevtx documentation
// section 5.5. The definition stands inside the first instance of a chunk; later ones only name its offset.
func (e *encoder) instance(root *node, values []value) error {
	key := root.key()
	sum := sha256.Sum256([]byte(key))
	guid := sum[:16]
	guid[0] |= 1 // the first four bytes are the id by which readers know the template: never 0
	id := binary.LittleEndian.Uint32(guid)

	e.u8(tokTemplate)
	e.u8(1)
	e.u32(id)
	at, known := e.chunk.templates[key]
	if !known {
		at, known = e.templates[key]
	}
	if known {
		e.u32(at)
	} else {
		at = e.pos() + 4
		e.u32(at)
		b := id % templateBuckets
		e.u32(e.tmplHeads[b]) // next definition of the bucket
		e.buf = append(e.buf, guid...)
		size := len(e.buf)
		e.u32(0)
		e.fragment()
		e.element(root)
		e.u8(tokEOF)
		binary.LittleEndian.PutUint32(e.buf[size:], uint32(len(e.buf)-size-4))
		e.templates[key] = at
		e.tmplHeads[b] = at
	}

	e.u32(uint32(len(values)))
	sizes := len(e.buf)
	for _, v := range values {
		e.u16(0)
		e.u8(uint8(v.kind))
		e.u8(0)
	}
	for i, v := range values {
		start := len(e.buf)
		if v.nested != nil {
			if err := v.nested(e); err != nil {
				return err
			}
		} else {
			e.buf = append(e.buf, v.data...)
		}
		n := len(e.buf) - start
		if n > math.MaxUint16 {
			return fmt.Errorf("%w: value %d has %d bytes", ErrTooLarge, i, n)
		}
		binary.LittleEndian.PutUint16(e.buf[sizes+4*i:], uint16(n))
	}
	return nil
}

// key is a text that is equal exactly for equal templates.
func (n *node) key() string {
	var b strings.Builder
	n.writeKey(&b)
	return b.String()
}

func (n *node) writeKey(b *strings.Builder) {
	b.WriteByte('<')
	b.WriteString(strconv.Quote(n.name))
	for _, a := range n.attrs {
		b.WriteByte(' ')
		b.WriteString(strconv.Quote(a.name))
		a.content.writeKey(b)
	}
	if n.content != nil {
		b.WriteByte('=')
		n.content.writeKey(b)
	}
	for _, c := range n.children {
		c.writeKey(b)
	}
	if n.tail != nil {
		b.WriteByte('=')
		n.tail.writeKey(b)
	}
	b.WriteByte('>')
}

func (c content) writeKey(b *strings.Builder) {
	if c.index < 0 {
		b.WriteString(strconv.Quote(c.text))
		return
	}
	fmt.Fprintf(b, "%%%d:%d:%t", c.index, c.kind, c.optional)
}
