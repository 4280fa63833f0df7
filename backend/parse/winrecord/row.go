package winrecord

import (
	"strings"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/winlog"
)

// Row is a Windows event in a table, as EvtxECmd writes it: System in columns, the rest as JSON in one cell.
type Row struct {
	Provider, EventID, Channel, Computer, Record, User, Process, Thread, Keywords string
	Payload                                                                       string
}

// FillRow maps a row like an event of a log. It reports whether the payload could be read; without it nothing is set.
func FillRow(e *event.Event, row Row) bool {
	payload, ok := jsonrec.Nested([]byte(row.Payload))
	if !ok || payload.Type() != fastjson.TypeObject {
		return false
	}
	root := winlog.Element{Name: "Event", Children: []winlog.Element{{Name: "System"}}}
	sys := &root.Children[0]
	put := func(name, text string) {
		if text != "" {
			sys.Children = append(sys.Children, winlog.Element{Name: name, Texts: []string{text}})
		}
	}
	attr := func(name string, attrs ...winlog.Attr) {
		el := winlog.Element{Name: name}
		for _, a := range attrs {
			if a.Value != "" {
				el.Attrs = append(el.Attrs, a)
			}
		}
		sys.Children = append(sys.Children, el)
	}
	attr("Provider", winlog.Attr{Name: "Name", Value: row.Provider})
	put("EventID", row.EventID)
	put("Channel", row.Channel)
	put("Computer", row.Computer)
	put("EventRecordID", row.Record)
	put("Keywords", audit(row.Keywords))
	attr("Execution", winlog.Attr{Name: "ProcessID", Value: row.Process}, winlog.Attr{Name: "ThreadID", Value: row.Thread})
	attr("Security", winlog.Attr{Name: "UserID", Value: row.User})
	payload.GetObject().Visit(func(key []byte, c *fastjson.Value) {
		root.Children = append(root.Children, element(jsonrec.Valid(string(key)), c))
	})
	winlog.Fill(e, &root)
	return true
}

// audit turns the words for the two audit bits into the bits (winmeta.h).
func audit(words string) string {
	switch strings.ToLower(words) {
	case "audit success":
		return "0x8020000000000000"
	case "audit failure":
		return "0x8010000000000000"
	}
	return words
}

// element is XML that was turned into JSON by Json.NET: attributes begin with "@", text is "#text", elements of one name are an
// array.
func element(name string, v *fastjson.Value) winlog.Element {
	el := winlog.Element{Name: name}
	if v.Type() != fastjson.TypeObject {
		for _, l := range jsonrec.Flatten(nil, name, v) {
			el.Texts = append(el.Texts, l.Value)
		}
		return el
	}
	v.GetObject().Visit(func(key []byte, c *fastjson.Value) {
		k := jsonrec.Valid(string(key))
		switch {
		case k == "#text":
			for _, l := range jsonrec.Flatten(nil, k, c) {
				el.Texts = append(el.Texts, l.Value)
			}
		case strings.HasPrefix(k, "@"):
			for _, l := range jsonrec.Flatten(nil, k[1:], c) {
				el.Attrs = append(el.Attrs, winlog.Attr{Name: l.Name, Value: l.Value})
			}
		case c.Type() == fastjson.TypeArray:
			for _, item := range c.GetArray() {
				el.Children = append(el.Children, element(k, item))
			}
		default:
			el.Children = append(el.Children, element(k, c))
		}
	})
	return el
}
