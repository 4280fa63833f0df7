package evtx

import (
	"encoding/binary"

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
