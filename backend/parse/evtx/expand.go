package evtx

import (
	"fmt"

	"adjutant/backend/parse"
)

// element is XML with its values put in, as text.
type element struct {
	name     string
	attrs    []attribute
	texts    []string // one, or several when the content is an array of values
	children []element
}

type attribute struct{ name, value string }

func (e *element) child(name string) *element {
	for i := range e.children {
		if e.children[i].name == name {
			return &e.children[i]
		}
	}
	return nil
}

func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// text is the content as one string.
func (e *element) text() string {
	switch len(e.texts) {
	case 0:
		return ""
	case 1:
		return e.texts[0]
	}
	s := ""
	for i, t := range e.texts {
		if i > 0 {
			s += "\n"
		}
		s += t
	}
	return s
}

// expand appends the content of nodes to parent, taking substitutions from values.
func (d *decoder) expand(parent *element, nodes []node, values []value, depth int) error {
	if depth > parse.MaxDepth {
		return fmt.Errorf("evtx: nested deeper than %d: %w", parse.MaxDepth, errDamaged)
	}
	for i := range nodes {
		n := &nodes[i]
		if err := d.count(); err != nil {
			return err
		}
		var err error
		switch n.kind {
		case tokOpen:
			err = d.expandElement(parent, n, values, depth)
		case tokTemplate:
			err = d.expand(parent, n.children, n.values, depth+1)
		case tokValue:
			err = d.addText(parent, n.val)
		case tokSubstitution, tokOptional:
			if n.index < len(values) {
				err = d.substitute(parent, values[n.index], depth)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) expandElement(parent *element, n *node, values []value, depth int) error {
	parent.children = append(parent.children, element{name: n.name})
	at := len(parent.children) - 1
	for i := range n.attrs {
		var holder element
		if err := d.expand(&holder, n.attrs[i].children, values, depth+1); err != nil {
			return err
		}
		if v := holder.text(); v != "" {
			e := &parent.children[at]
			e.attrs = append(e.attrs, attribute{n.attrs[i].name, v})
		}
	}
	return d.expand(&parent.children[at], n.children, values, depth+1)
}

// substitute puts a template value in: text, several texts for an array, or elements for nested binary XML.
func (d *decoder) substitute(parent *element, v value, depth int) error {
	switch {
	case v.typ == typeNull:
		return nil
	case v.typ == typeBinXML:
		c := &cursor{b: d.chunk, pos: v.at, end: v.at + len(v.data)}
		nodes, err := d.content(c, depth+1)
		if err != nil {
			return err
		}
		return d.expand(parent, nodes, nil, depth+1)
	case v.typ&typeArray != 0:
		items := v.items()
		if len(items) > maxNodes-d.nodes {
			return fmt.Errorf("evtx: an array of %d values: %w", len(items), errDamaged)
		}
		d.nodes += len(items)
		for _, t := range items {
			if d.text += len(t); d.text > maxTextBytes {
				return fmt.Errorf("evtx: more than %d bytes of text in one record: %w", maxTextBytes, errDamaged)
			}
		}
		parent.texts = append(parent.texts, items...)
		return nil
	}
	return d.addText(parent, v)
}

// addText joins a piece of text to what the element holds already.
func (d *decoder) addText(parent *element, v value) error {
	t := v.text()
	if d.text += len(t); d.text > maxTextBytes {
		return fmt.Errorf("evtx: more than %d bytes of text in one record: %w", maxTextBytes, errDamaged)
	}
	if n := len(parent.texts); n > 0 {
		parent.texts[n-1] += t
		return nil
	}
	parent.texts = append(parent.texts, t)
	return nil
}
