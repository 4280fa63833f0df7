package winrecord

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/winlog"
)

// maxElements bounds an event's XML; the largest that Windows writes have a few hundred elements.
const maxElements = 4096

// FillXML maps the XML of one event, as Plaso keeps it in xml_string. It reports whether the text is one, and returns the text
// of its time.
func FillXML(e *event.Event, text string) (created string, ok bool) {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = true
	root := winlog.Element{}
	stack := []*winlog.Element{&root}
	for n := 0; n < maxElements; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", false
		}
		top := stack[len(stack)-1]
		switch t := t.(type) {
		case xml.StartElement:
			n++
			if len(stack) > parse.MaxDepth {
				return "", false
			}
			top.Children = append(top.Children, winlog.Element{Name: t.Name.Local})
			el := &top.Children[len(top.Children)-1]
			for _, a := range t.Attr {
				if a.Name.Local != "xmlns" && a.Name.Space != "xmlns" {
					el.Attrs = append(el.Attrs, winlog.Attr{Name: a.Name.Local, Value: a.Value})
				}
			}
			stack = append(stack, el)
		case xml.EndElement:
			if len(top.Children) == 0 { // else it is the blanks between them
				top.Flush()
			}
			stack = stack[:len(stack)-1]
			if len(stack) == 1 {
				if top.Name != "Event" {
					return "", false
				}
				return winlog.Fill(e, top), true
			}
		case xml.CharData:
			if len(top.Children) == 0 && len(stack) > 1 {
				top.Add(string(t))
			}
		}
	}
	return "", false
}
