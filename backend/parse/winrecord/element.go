package winrecord

import (
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/winlog"
)

// children adds the members of an object as elements. Attributes stand under "#attributes", under "<name>_attributes"
// beside the element, or, in EventData, as plain members.
func children(parent *winlog.Element, v *fastjson.Value) {
	v.GetObject().Visit(func(key []byte, c *fastjson.Value) {
		name := jsonrec.Valid(string(key))
		switch {
		case name == "#attributes":
			attributes(parent, c)
			return
		case name == "#text":
			addTexts(parent, c)
			return
		case strings.HasSuffix(name, "_attributes"):
			attributes(elementNamed(parent, strings.TrimSuffix(name, "_attributes")), c)
			return
		}
		if c.Type() == fastjson.TypeArray {
			for _, item := range c.GetArray() {
				if item.Type() == fastjson.TypeObject {
					parent.Children = append(parent.Children, winlog.Element{Name: name})
					children(&parent.Children[len(parent.Children)-1], item)
				} else {
					addTexts(elementNamed(parent, name), item)
				}
			}
			return
		}
		el := elementNamed(parent, name)
		if c.Type() == fastjson.TypeObject {
			children(el, c)
			return
		}
		addTexts(el, c)
	})
}

// elementNamed finds the child of that name or adds it.
func elementNamed(parent *winlog.Element, name string) *winlog.Element {
	for i := range parent.Children {
		if parent.Children[i].Name == name {
			return &parent.Children[i]
		}
	}
	parent.Children = append(parent.Children, winlog.Element{Name: name})
	return &parent.Children[len(parent.Children)-1]
}

func attributes(el *winlog.Element, v *fastjson.Value) {
	for _, l := range jsonrec.Flatten(nil, "", v) {
		el.Attrs = append(el.Attrs, winlog.Attr{Name: l.Name, Value: l.Value})
	}
}

func addTexts(el *winlog.Element, v *fastjson.Value) {
	for _, l := range jsonrec.Flatten(nil, el.Name, v) {
		el.Texts = append(el.Texts, l.Value)
	}
}
