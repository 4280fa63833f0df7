package evtx

import (
	"bytes"

	"adjutant/backend/parse/winlog"
)

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
