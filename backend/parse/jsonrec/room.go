package jsonrec

import (
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
)

// room gives the parts of many records their memory from few pieces, and remembers their names: a file has some hundred names,
// each in thousands of records.
type room struct {
	slab   event.Slab
	names  map[string]string
	buf    []byte
	leaves []Leaf
	most   int // fields of the record before, a good guess for the next
}

// Bounds of what is remembered: names may be made of data, and one odd record does not make the next ones big.
const (
	maxNames     = 8192
	maxNameBytes = 256
	maxGuess     = 256
)

// name is that of a member below a name.
func (m *room) name(above string, key []byte) string {
	b := append(m.buf[:0], above...)
	if above != "" {
		b = append(b, '.')
	}
	return m.known(append(b, key...))
}

// join puts a prefix in front of a name.
func (m *room) join(prefix, name string) string {
	return m.known(append(append(m.buf[:0], prefix...), name...))
}

// known is the one string with these bytes.
func (m *room) known(b []byte) string {
	m.buf = b
	if s, ok := m.names[string(b)]; ok {
		return s
	}
	s := Valid(string(b))
	if len(m.names) < maxNames && len(b) <= maxNameBytes {
		if m.names == nil {
			m.names = map[string]string{}
		}
		m.names[string(b)] = s
	}
	return s
}

func (m *room) text(b []byte) string {
	if !utf8.Valid(b) {
		return Valid(string(b))
	}
	return m.slab.KeepText(append(m.slab.Text(len(b)), b...))
}

// flatten is Flatten with the names and texts in this room.
func (m *room) flatten(name string, v *fastjson.Value) {
	switch v.Type() {
	case fastjson.TypeObject:
		v.GetObject().Visit(func(key []byte, c *fastjson.Value) { m.flatten(m.name(name, key), c) })
	case fastjson.TypeArray:
		for _, c := range v.GetArray() {
			m.flatten(name, c)
		}
	case fastjson.TypeString:
		if b := v.GetStringBytes(); len(b) > 0 {
			m.leaves = append(m.leaves, Leaf{name, event.KindString, m.text(b)})
		}
	case fastjson.TypeNumber:
		m.buf = v.MarshalTo(m.buf[:0])
		m.leaves = append(m.leaves, Leaf{name, event.KindNumber, m.text(m.buf)})
	case fastjson.TypeTrue:
		m.leaves = append(m.leaves, Leaf{name, event.KindBool, "true"})
	case fastjson.TypeFalse:
		m.leaves = append(m.leaves, Leaf{name, event.KindBool, "false"})
	}
}

// set adds a field.
func (m *room) set(e *event.Event, name string, kind event.Kind, value string) {
	v := append(m.slab.Values(1), value)
	m.slab.KeepValues(v)
	e.Fields = append(e.Fields, event.Field{Name: name, Kind: kind, Values: v[:1:1]})
}

// sort brings the fields into their order, joining those of one name.
func sort(e *event.Event) {
	for i := 1; i < len(e.Fields); i++ {
		if e.Fields[i-1].Name >= e.Fields[i].Name {
			e.Sort()
			return
		}
	}
}
