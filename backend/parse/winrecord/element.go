package winrecord

import (
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/winlog"
)

// children adds the members of an object as elements. Attributes stand under "#attributes", under "<name>_attributes"
// beside the element, or, in EventData, as plain members.
func children(r *jsonrec.Record, parent *winlog.Element, v *fastjson.Value) {
	v.GetObject().Visit(func(key []byte, c *fastjson.Value) {
		name := r.Key(key)
		switch {
		case name == "#attributes":
			attributes(r, parent, c)
			return
		case name == "#text":
			addTexts(r, parent, c)
			return
		case strings.HasSuffix(name, "_attributes"):
			attributes(r, elementNamed(parent, strings.TrimSuffix(name, "_attributes")), c)
			return
		}
		if c.Type() == fastjson.TypeArray {
			for _, item := range c.GetArray() {
				if item.Type() == fastjson.TypeObject {
					children(r, add(parent, name), item)
				} else {
					addTexts(r, elementNamed(parent, name), item)
				}
			}
			return
		}
		el := elementNamed(parent, name)
		if c.Type() == fastjson.TypeObject {
			children(r, el, c)
			return
		}
		addTexts(r, el, c)
	})
}

// elementNamed finds the child of that name or adds it.
func elementNamed(parent *winlog.Element, name string) *winlog.Element {
	for i := range parent.Children {
		if parent.Children[i].Name == name {
			return &parent.Children[i]
		}
	}
	return add(parent, name)
}

// add adds a child, in the memory of one of an earlier record where there is some.
func add(parent *winlog.Element, name string) *winlog.Element {
	n := len(parent.Children)
	if n == cap(parent.Children) {
		parent.Children = append(parent.Children, winlog.Element{})
	} else {
		parent.Children = parent.Children[:n+1]
	}
	el := &parent.Children[n]
	el.Name, el.Attrs, el.Texts, el.Children = name, el.Attrs[:0], el.Texts[:0], el.Children[:0]
	return el
}

func attributes(r *jsonrec.Record, el *winlog.Element, v *fastjson.Value) {
	if v.Type() != fastjson.TypeObject {
		return
	}
	v.GetObject().Visit(func(key []byte, c *fastjson.Value) {
		if c.Type() != fastjson.TypeObject && c.Type() != fastjson.TypeArray {
			el.Attrs = append(el.Attrs, winlog.Attr{Name: r.Key(key), Value: r.Scalar(c)})
			return
		}
		for _, l := range jsonrec.Flatten(nil, r.Key(key), c) {
			el.Attrs = append(el.Attrs, winlog.Attr{Name: l.Name, Value: l.Value})
		}
	})
}

func addTexts(r *jsonrec.Record, el *winlog.Element, v *fastjson.Value) {
	if v.Type() == fastjson.TypeObject || v.Type() == fastjson.TypeArray {
		for _, l := range jsonrec.Flatten(nil, el.Name, v) {
			el.Texts = append(el.Texts, l.Value)
		}
		return
	}
	if s := r.Scalar(v); s != "" {
		el.Texts = append(el.Texts, s)
	}
}
