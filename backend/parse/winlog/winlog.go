// Package winlog says what a Windows event means: it maps the XML of an event, however it was stored, to ECS names through
// reviewable tables, and words it as one plain sentence.
//
// Stage 2 of the flow, below the formats that carry Windows events (evtx, and JSON that other tools made of it). It keeps
// true that every value of System, EventData and UserData is kept under its source name (winlog.event_data.X), whatever
// the tables say. It knows no bytes: only names and texts.
//
// Names: Elastic Common Schema 8 and winlogbeat. XML: [MS-EVEN6] and the event schema of the Windows SDK.
package winlog

import "strings"

// Element is XML with its values as text.
type Element struct {
	Name     string
	Attrs    []Attr
	Texts    []string // one, or several when the content is an array of values
	Children []Element
	pending  string // text not yet in Texts: one piece, or
	pieces   []byte // several pieces joined, so that many pieces cost no more than their length
}

// Attr is an XML attribute.
type Attr struct{ Name, Value string }

// Add joins a piece of text to the text being collected.
func (e *Element) Add(t string) {
	switch {
	case e.pieces != nil:
		e.pieces = append(e.pieces, t...)
	case e.pending != "":
		e.pieces = append([]byte(e.pending), t...)
	default:
		e.pending = t
	}
}

// Flush moves the collected text to Texts.
func (e *Element) Flush() {
	if e.pieces != nil {
		e.pending = string(e.pieces)
	}
	if e.pending != "" {
		e.Texts = append(e.Texts, e.pending)
	}
	e.pending, e.pieces = "", nil
}

// Text is the content as one string, the values of an array on lines of their own.
func (e *Element) Text() string { return strings.Join(e.Texts, "\n") }

func (e *Element) child(name string) *Element {
	for i := range e.Children {
		if e.Children[i].Name == name {
			return &e.Children[i]
		}
	}
	return nil
}

func (e *Element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// maxSentence bounds the values in a message; the values themselves are kept whole in their fields.
const maxSentence = 600
