package evtx

import (
	"fmt"

	"adjutant/backend/parse"
	"adjutant/backend/parse/winlog"
)

// expand appends the content of nodes to parent, taking substitutions from values.
func (d *decoder) expand(parent *winlog.Element, nodes []node, values []value, depth int) error {
	if depth > parse.MaxDepth {
		return fmt.Errorf("evtx: nested deeper than %d: %w", parse.MaxDepth, errDamaged)
	}
	if parent.Children == nil {
		opens := 0
		for i := range nodes {
			if nodes[i].kind == tokOpen {
				opens++
			}
		}
		if opens > 0 {
			parent.Children = make([]winlog.Element, 0, opens)
		}
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

func (d *decoder) expandElement(parent *winlog.Element, n *node, values []value, depth int) error {
	parent.Children = append(parent.Children, winlog.Element{Name: n.name})
	at := len(parent.Children) - 1
	if len(n.attrs) > 0 {
		parent.Children[at].Attrs = make([]winlog.Attr, 0, len(n.attrs))
	}
	for i := range n.attrs {
		var holder winlog.Element
		if err := d.expand(&holder, n.attrs[i].children, values, depth+1); err != nil {
			return err
		}
		holder.Flush()
		if v := holder.Text(); v != "" {
			e := &parent.Children[at]
			e.Attrs = append(e.Attrs, winlog.Attr{Name: n.attrs[i].name, Value: v})
		}
	}
	err := d.expand(&parent.Children[at], n.children, values, depth+1)
	parent.Children[at].Flush()
	return err
}

// substitute puts a template value in: text, several texts for an array, or elements for nested binary XML.
func (d *decoder) substitute(parent *winlog.Element, v value, depth int) error {
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
		parent.Flush()
		parent.Texts = append(parent.Texts, items...)
		return nil
	}
	return d.addText(parent, v)
}

// addText joins a piece of text to what the element holds already.
func (d *decoder) addText(parent *winlog.Element, v value) error {
	t := v.text()
	if d.text += len(t); d.text > maxTextBytes {
		return fmt.Errorf("evtx: more than %d bytes of text in one record: %w", maxTextBytes, errDamaged)
	}
	parent.Add(t)
	return nil
}
