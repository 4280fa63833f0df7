package winlog

import "strings"

// Outline is the XML of a template: what is the same in all its records, with gaps for the values that a record brings.
type Outline struct {
	Name    string
	Attrs   []OutlineAttr
	Content []Piece
}

// OutlineAttr is an attribute of an outline; its content has no elements.
type OutlineAttr struct {
	Name    string
	Content []Piece
}

// Piece is one piece of content: an element, a gap, or text.
type Piece struct {
	Element *Outline
	Gap     bool
	Slot    int // of a gap: the number of the value
	Text    string
}

// texts are the pieces that are not elements, neighbouring fixed texts joined: what lies between elements is one text, as
// in Element.
func texts(content []Piece) []Piece {
	only := -1
	for i := range content {
		p := &content[i]
		if p.Element != nil || !p.Gap && p.Text == "" {
			continue
		}
		if only >= 0 {
			return joined(content)
		}
		only = i
	}
	if only < 0 {
		return nil
	}
	return content[only : only+1]
}

func joined(content []Piece) []Piece {
	var out []Piece
	for _, p := range content {
		switch n := len(out); {
		case p.Element != nil || !p.Gap && p.Text == "":
		case !p.Gap && n > 0 && !out[n-1].Gap:
			out[n-1].Text += p.Text
		default:
			out = append(out, p)
		}
	}
	return out
}

func (o *Outline) attr(name string) []Piece {
	for _, a := range o.Attrs {
		if a.Name == name {
			return texts(a.Content)
		}
	}
	return nil
}

// fixed gives the text of pieces that hold no gap.
func fixed(pieces []Piece) (string, bool) {
	switch {
	case len(pieces) == 0:
		return "", true
	case len(pieces) == 1 && !pieces[0].Gap:
		return pieces[0].Text, true
	}
	return "", false
}

// plain says whether what Fill does with a record of this outline follows from the outline alone: one System, each of its
// parts once, no attribute twice, no name that a record brings. Windows writes no others.
func (o *Outline) plain() bool {
	systems := 0
	for _, p := range o.Content {
		if p.Element == nil {
			continue
		}
		if p.Element.Name == "System" {
			systems++
			if !p.Element.once() {
				return false
			}
		}
	}
	return systems <= 1 && o.plainNames()
}

// once says whether no two elements in o have the same name.
func (o *Outline) once() bool {
	if len(o.Content) > 100 { // a System has 15
		return false
	}
	for i, a := range o.Content {
		for _, b := range o.Content[:i] {
			if a.Element != nil && b.Element != nil && a.Element.Name == b.Element.Name {
				return false
			}
		}
	}
	return true
}

func (o *Outline) plainNames() bool {
	if len(o.Attrs) > 100 {
		return false
	}

	for i, a := range o.Attrs {
		for _, b := range o.Attrs[:i] {
			if a.Name == b.Name {
				return false
			}
		}
		if a.Name == "Name" && (o.Name == "Data" || o.Name == "ComplexData") {
			if _, ok := fixed(texts(a.Content)); !ok {
				return false
			}
		}
	}
	for _, p := range o.Content {
		if p.Element != nil && !p.Element.plainNames() {
			return false
		}
	}
	return true
}

func namespace(attr string) bool { return strings.HasPrefix(attr, "xmlns") }
