package event

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// TimeLayout prints times: RFC 3339, UTC, seven decimals (100 ns, the resolution of Windows times).
const TimeLayout = "2006-01-02T15:04:05.0000000Z"

// FormatTime prints t in TimeLayout; the zero time gives "".
func FormatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(TimeLayout)
}

// JSON writes the row at Times[i] as one nested ECS object without a trailing newline: "@timestamp" first (null when the
// event has no time), then the fields in name order nested by their dots, then "adjutant" with the ids and the locator.
// Where a dotted name runs through a field that already has a value ("a" and "a.b"), the longer one is kept under its
// flat name, so that nothing is lost.
func (e *Event) JSON(i int) []byte {
	root := &node{}
	for _, f := range e.Fields {
		root.put(f)
	}
	var b bytes.Buffer
	b.WriteString(`{"@timestamp":`)
	if i < len(e.Times) {
		b.WriteByte('"')
		b.WriteString(FormatTime(e.Times[i].At))
		b.WriteByte('"')
	} else {
		b.WriteString("null")
	}
	for _, c := range root.children {
		b.WriteByte(',')
		c.write(&b)
	}
	b.WriteString(`,"adjutant":`)
	own := struct {
		EventID  ID     `json:"event_id"`
		RowID    RowID  `json:"row_id"`
		Evidence string `json:"evidence_sha256"`
		Path     string `json:"path"`
		Locator  string `json:"locator"`
		Parser   string `json:"parser"`
		TimeKind string `json:"time_kind,omitempty"`
		Original string `json:"time_original,omitempty"`
		Zone     string `json:"time_zone,omitempty"`
		Assumed  string `json:"zone_assumed_by,omitempty"`
	}{e.ID(), e.Row(i), e.Evidence.String(), e.Path, e.Locator.String(), e.Parser + " " + e.Version, "", "", "", ""}
	if i < len(e.Times) {
		t := e.Times[i]
		own.TimeKind, own.Original, own.Zone, own.Assumed = string(t.Meaning), t.Original, t.Zone, t.Assumed
	}
	b.Write(marshal(own))
	b.WriteByte('}')
	return b.Bytes()
}

// node is one step of a dotted name. Children keep the order of insertion, which is name order.
type node struct {
	name     string
	field    *Field
	children []*node
}

func (n *node) put(f Field) {
	at := n
	parts := strings.Split(f.Name, ".")
	for i, p := range parts {
		last := i == len(parts)-1
		var next *node
		for _, c := range at.children {
			if c.name == p {
				next = c
			}
		}
		switch {
		case next == nil:
			next = &node{name: p}
			at.children = append(at.children, next)
		case next.field != nil || last:
			// "a" already holds a value: keep "a.b" flat at the top.
			n.children = append(n.children, &node{name: f.Name, field: &f})
			return
		}
		if last {
			next.field = &f
			return
		}
		at = next
	}
}

func (n *node) write(b *bytes.Buffer) {
	b.Write(marshal(n.name))
	b.WriteByte(':')
	if n.field != nil {
		writeValues(b, n.field)
		return
	}
	b.WriteByte('{')
	for i, c := range n.children {
		if i > 0 {
			b.WriteByte(',')
		}
		c.write(b)
	}
	b.WriteByte('}')
}

func writeValues(b *bytes.Buffer, f *Field) {
	if len(f.Values) != 1 {
		b.WriteByte('[')
	}
	for i, v := range f.Values {
		if i > 0 {
			b.WriteByte(',')
		}
		if f.Kind == KindString {
			b.Write(marshal(v))
		} else {
			b.WriteString(v)
		}
	}
	if len(f.Values) != 1 {
		b.WriteByte(']')
	}
}

// marshal is json.Marshal without HTML escaping: evidence is shown by our own escaping, not changed in exports.
func marshal(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("event: marshal: " + err.Error()) // strings and plain structs cannot fail
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
