package evtx

import (
	"encoding/binary"
	"errors"
	"fmt"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/winlog"
)

// Tokens of binary XML ([MS-EVEN6] §2.2.12). Bit 0x40 says that attributes or more data follow.
const (
	tokEOF          = 0x00
	tokOpen         = 0x01
	tokCloseStart   = 0x02
	tokCloseEmpty   = 0x03
	tokEnd          = 0x04
	tokValue        = 0x05
	tokAttribute    = 0x06
	tokCDATA        = 0x07
	tokCharRef      = 0x08
	tokEntityRef    = 0x09
	tokPITarget     = 0x0a
	tokPIData       = 0x0b
	tokTemplate     = 0x0c
	tokSubstitution = 0x0d
	tokOptional     = 0x0e
	tokFragment     = 0x0f
	tokMore         = 0x40
)

// errDamaged is the cause of every error about binary XML.
var errDamaged = errors.New("damaged binary XML")

// node is binary XML as it is written, before values are put in. A template's nodes are shared by all its records.
type node struct {
	kind     byte // tokOpen, tokValue, tokSubstitution, tokOptional or tokTemplate
	name     string
	attrs    []node // kind tokAttribute, content in children
	children []node
	val      value // of tokValue
	index    int   // of a substitution
	values   []value
}

// decoder reads the binary XML of one chunk. Names and templates are referred to by their offset in the chunk and
// are read once per chunk.
type decoder struct {
	chunk     []byte
	names     map[uint32]string
	templates map[uint32][]node
	nodes     int // visited for the present record
	text      int // bytes of text produced for the present record

	// For records of compiled templates (template.go, compiled.go).
	known  templates
	nameAt places
	defAt  places
	defs   []definition // of the present chunk
	slab   event.Slab
	slots  []slot // of the present record
	many   []winlog.Many
	joined []byte
	clock  clock
}

func newDecoder() *decoder {
	d := &decoder{names: map[uint32]string{}, templates: map[uint32][]node{}}
	d.known = templates{byKey: map[string]*template{}, nameID: map[string]int{"N\x00a\x00m\x00e\x00": nameAttrID}}
	return d
}

func (d *decoder) reset(chunk []byte) {
	d.chunk = chunk
	clear(d.names)
	clear(d.templates)
	d.nameAt.reset()
	d.defAt.reset()
	d.defs = d.defs[:0]
}

// decode reads the record body chunk[from:to] and returns the Event element, nil when there is none.
func (d *decoder) decode(from, to int) (*winlog.Element, error) {
	d.nodes, d.text = 0, 0
	c := &cursor{b: d.chunk, pos: from, end: to}
	nodes, err := d.content(c, 0)
	if err != nil {
		return nil, err
	}
	top := &winlog.Element{}
	if err := d.expand(top, nodes, nil, 0); err != nil {
		return nil, err
	}
	for i := range top.Children {
		if top.Children[i].Name == "Event" {
			return &top.Children[i], nil
		}
	}
	if len(top.Children) > 0 {
		return &top.Children[0], nil
	}
	return nil, nil
}

func (d *decoder) count() error {
	if d.nodes++; d.nodes > maxNodes {
		return fmt.Errorf("evtx: more than %d parts in one record: %w", maxNodes, errDamaged)
	}
	return nil
}

// content reads tokens until the end of the cursor, an end-of-fragment token or the end tag of the open element.
func (d *decoder) content(c *cursor, depth int) ([]node, error) {
	if depth > parse.MaxDepth {
		return nil, c.fail("nested deeper than the limit")
	}
	var out []node
	for c.pos < c.end {
		if err := d.count(); err != nil {
			return nil, err
		}
		tok := c.u8()
		switch tok &^ tokMore {
		case tokEOF, tokEnd, tokCloseEmpty:
			return out, c.err
		case tokFragment:
			c.skip(3) // major version, minor version, flags
		case tokOpen:
			n, err := d.element(c, tok&tokMore != 0, depth)
			if err != nil {
				return nil, err
			}
			out = append(out, n)
		case tokTemplate:
			n, err := d.instance(c, depth)
			if err != nil {
				return nil, err
			}
			out = append(out, n)
		case tokPITarget:
			d.name(c)
		case tokPIData:
			c.skip(2 * int(c.u16()))
		case tokValue, tokCDATA, tokCharRef, tokEntityRef, tokSubstitution, tokOptional:
			n, err := d.inline(c, tok&^tokMore)
			if err != nil {
				return nil, err
			}
			out = append(out, n)
		default:
			return nil, c.fail(fmt.Sprintf("unknown token 0x%02x", tok))
		}
		if c.err != nil {
			return nil, c.err
		}
	}
	return out, c.err
}

// inline reads one piece of text content: a value, a reference or a substitution.
func (d *decoder) inline(c *cursor, tok byte) (node, error) {
	n := node{kind: tokValue}
	switch tok {
	case tokValue:
		n.val.typ = c.u8()
		if n.val.typ != typeString {
			return n, c.fail(fmt.Sprintf("inline value of type 0x%02x", n.val.typ))
		}
		n.val.data = c.bytes(2 * int(c.u16()))
	case tokCDATA:
		n.val = value{typ: typeString, data: c.bytes(2 * int(c.u16()))}
	case tokCharRef:
		n.val = value{typ: typeText, data: []byte(string(rune(c.u16())))}
	case tokEntityRef:
		n.val = value{typ: typeText, data: []byte(entity(d.name(c)))}
	case tokSubstitution, tokOptional:
		n.kind = tok
		n.index = int(c.u16())
		c.skip(1) // declared type: the instance's own type decides
	}
	return n, c.err
}

func entity(name string) string {
	switch name {
	case "lt":
		return "<"
	case "gt":
		return ">"
	case "amp":
		return "&"
	case "quot":
		return `"`
	case "apos":
		return "'"
	}
	return "&" + name + ";"
}

// dependency skips what stands between an open tag and the name: dependency id (2 bytes) and size (4). [MS-EVEN6] has the id
// in templates only, Windows writes it elsewhere too; where the name would not be plausible behind it, it is taken as
// absent.
func (d *decoder) dependency(c *cursor) {
	start := c.pos
	c.skip(2 + 4)
	if !d.plausibleName(c) {
		alt := *c
		alt.pos = start + 4
		if d.plausibleName(&alt) {
			*c = alt
		}
	}
}

// element reads an open tag, its attributes and its content.
func (d *decoder) element(c *cursor, hasAttrs bool, depth int) (node, error) {
	n := node{kind: tokOpen}
	d.dependency(c)
	n.name = d.name(c)
	if hasAttrs {
		c.skip(4) // bytes of the attribute list
		for c.err == nil && c.pos < c.end && c.peek()&^tokMore == tokAttribute {
			if err := d.count(); err != nil {
				return n, err
			}
			c.skip(1)
			a := node{kind: tokAttribute, name: d.name(c)}
			for c.err == nil && c.pos < c.end && isInline(c.peek()&^tokMore) {
				if err := d.count(); err != nil {
					return n, err
				}
				v, err := d.inline(c, c.u8()&^tokMore)
				if err != nil {
					return n, err
				}
				a.children = append(a.children, v)
			}
			n.attrs = append(n.attrs, a)
		}
	}
	if c.err != nil {
		return n, c.err
	}
	switch tok := c.u8(); tok {
	case tokCloseEmpty:
		return n, c.err
	case tokCloseStart:
		kids, err := d.content(c, depth+1)
		n.children = kids
		return n, err
	default:
		return n, c.fail(fmt.Sprintf("token 0x%02x where a start tag should close", tok))
	}
}

func isInline(tok byte) bool {
	return tok == tokValue || tok >= tokCDATA && tok <= tokEntityRef || tok == tokSubstitution || tok == tokOptional
}

// plausibleName says whether a name reference stands at the cursor: 4 bytes offset, then, at that offset in the chunk,
// 4 bytes link, 2 bytes hash, 2 bytes count, UTF-16 text and a zero.
func (d *decoder) plausibleName(c *cursor) bool {
	if c.pos+4 > c.end {
		return false
	}
	off := int64(binary.LittleEndian.Uint32(c.b[c.pos:]))
	if off < chunkHeader || off > int64(c.pos)+4 || off+8 > int64(len(c.b)) {
		return false // names stand among the records, here or earlier
	}
	n := int64(binary.LittleEndian.Uint16(c.b[off+6:]))
	end := off + 8 + 2*n
	return n > 0 && n < 512 && end+2 <= int64(len(c.b)) && c.b[end] == 0 && c.b[end+1] == 0
}

// name reads a name reference; the name itself may follow at once or stand earlier in the chunk.
func (d *decoder) name(c *cursor) string {
	off := c.u32()
	if c.err != nil {
		return ""
	}
	here := int64(off) == int64(c.pos)
	s, known := d.names[off]
	if !known {
		at := cursor{b: c.b, pos: int(min(int64(off), int64(len(c.b)))), end: len(c.b)}
		at.skip(4 + 2)
		s = utf16Text(at.bytes(2 * int(at.u16())))
		if at.err != nil {
			c.err = at.err
			return ""
		}
		d.names[off] = s
	}
	if here {
		c.skip(4 + 2)
		c.skip(2*int(c.u16()) + 2)
	}
	return s
}

// instance reads a template instance: 1 byte, template id (4), offset of the definition (4), the definition itself when
// it stands here, the number of values (4), size and type of each (4), then the values.
// Definition: link (4), GUID (16), size (4), binary XML.
func (d *decoder) instance(c *cursor, depth int) (node, error) {
	n := node{kind: tokTemplate}
	c.skip(1 + 4)
	off := c.u32()
	if c.err != nil {
		return n, c.err
	}
	at := cursor{b: c.b, pos: int(min(int64(off), int64(len(c.b)))), end: len(c.b)}
	here := at.pos == c.pos
	at.skip(4 + 16)
	size := int64(at.u32())
	if at.err != nil || size > int64(len(c.b)-at.pos) {
		return n, c.fail(fmt.Sprintf("template at chunk offset %d lies outside the chunk", off))
	}
	at.end = at.pos + int(size)
	if here {
		c.skip(at.end - c.pos)
	}
	body, known := d.templates[off]
	if !known {
		d.templates[off] = nil // a template that contains itself ends here
		var err error
		if body, err = d.content(&at, depth+1); err != nil {
			delete(d.templates, off)
			return n, err
		}
		d.templates[off] = body
	}
	n.children = body
	return n, d.instanceValues(c, &n)
}

func (d *decoder) instanceValues(c *cursor, n *node) error {
	count := c.u32()
	if count > maxValues || int64(count)*4 > int64(c.end-c.pos) {
		return c.fail(fmt.Sprintf("%d template values do not fit", count))
	}
	n.values = make([]value, count)
	heads := c.bytes(4 * int(count))
	for i := range n.values {
		size := int(binary.LittleEndian.Uint16(heads[4*i:]))
		n.values[i] = value{typ: heads[4*i+2], data: c.bytes(size), at: c.pos - size}
		if n.values[i].typ == typeText { // ours alone
			n.values[i].typ = typeUnknown
		}
		if c.err != nil {
			return c.err
		}
	}
	return nil
}
