package jsonrec

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
)

// room gives the parts of many records their memory from few pieces, and remembers their names: a file has some hundred names,
// each in thousands of records.
type room struct {
	slab     event.Slab
	root     name
	keys     name // names by themselves
	names    int
	prefix   string
	prefixed []string // names under prefix, by id
	buf      []byte
	leaves   []Leaf
	most     int // fields of the record before, a good guess for the next
	orders   [8]order
	next     int // of orders, the one to forget first
	scratch  []event.Field
}

// name is a name with those below it.
type name struct {
	text  string
	id    int // 0: not remembered
	below map[string]*name
}

// order is how the fields of records of one kind are sorted.
type order struct {
	names []string
	to    []int // place in the order → place in the record
}

// Bounds of what is remembered: names may be made of data, and one odd record does not make the next ones big.
const (
	maxNames     = 8192
	maxNameBytes = 256
	maxGuess     = 256
)

// child is the name of a member below a name.
func (m *room) child(n *name, key []byte) *name {
	if c, ok := n.below[string(key)]; ok {
		return c
	}
	text := Valid(string(key))
	if n.text != "" {
		text = n.text + "." + text
	}
	c := &name{text: text}
	if m.names < maxNames && len(text) <= maxNameBytes && (n.id > 0 || n == &m.root || n == &m.keys) {
		m.names++
		c.id = m.names
		if n.below == nil {
			n.below = map[string]*name{}
		}
		n.below[string(key)] = c
	}
	return c
}

// under is a leaf's name behind a prefix.
func (m *room) under(prefix string, l *Leaf) string {
	if l.id == 0 {
		return prefixed(prefix, l.Name)
	}
	if prefix != m.prefix {
		m.prefix = prefix
		clear(m.prefixed)
	}
	for len(m.prefixed) <= l.id {
		m.prefixed = append(m.prefixed, make([]string, l.id+32)...)
	}
	if m.prefixed[l.id] == "" {
		m.prefixed[l.id] = prefixed(prefix, l.Name)
	}
	return m.prefixed[l.id]
}

func prefixed(prefix, leaf string) string {
	full := prefix + leaf
	if strings.Trim(full, ".") == "" {
		return "json"
	}
	return full
}

func (m *room) text(b []byte) string {
	if !utf8.Valid(b) {
		return Valid(string(b))
	}
	return m.slab.KeepText(append(m.slab.Text(len(b)), b...))
}

// flatten is Flatten with the names and texts in this room.
func (m *room) flatten(n *name, v *fastjson.Value) {
	switch v.Type() {
	case fastjson.TypeObject:
		v.GetObject().Visit(func(key []byte, c *fastjson.Value) { m.flatten(m.child(n, key), c) })
	case fastjson.TypeArray:
		for _, c := range v.GetArray() {
			m.flatten(n, c)
		}
	case fastjson.TypeString:
		if b := v.GetStringBytes(); len(b) > 0 {
			m.leaves = append(m.leaves, Leaf{n.text, event.KindString, m.text(b), n.id})
		}
	case fastjson.TypeNumber:
		m.buf = v.MarshalTo(m.buf[:0])
		m.leaves = append(m.leaves, Leaf{n.text, event.KindNumber, m.text(m.buf), n.id})
	case fastjson.TypeTrue:
		m.leaves = append(m.leaves, Leaf{n.text, event.KindBool, "true", n.id})
	case fastjson.TypeFalse:
		m.leaves = append(m.leaves, Leaf{n.text, event.KindBool, "false", n.id})
	}
}

// set adds a field.
func (m *room) set(e *event.Event, name string, kind event.Kind, value string) {
	v := append(m.slab.Values(1), value)
	m.slab.KeepValues(v)
	e.Fields = append(e.Fields, event.Field{Name: name, Kind: kind, Values: v[:1:1]})
}

// sort brings the fields into their order, joining those of one name. Records of one kind have the same names in the same order:
// how they are sorted is found once.
func (m *room) sort(e *event.Event) {
	sorted := true
	for i := 1; i < len(e.Fields) && sorted; i++ {
		sorted = e.Fields[i-1].Name < e.Fields[i].Name
	}
	if sorted {
		return
	}
	if len(e.Fields) > maxGuess {
		e.Sort()
		return
	}
	for i := range m.orders {
		if m.orders[i].fits(e.Fields) {
			m.apply(e, m.orders[i].to)
			return
		}
	}
	o := order{names: make([]string, len(e.Fields)), to: make([]int, len(e.Fields))}
	for i, f := range e.Fields {
		o.names[i], o.to[i] = f.Name, i
	}
	slices.SortStableFunc(o.to, func(a, b int) int { return strings.Compare(o.names[a], o.names[b]) })
	m.orders[m.next] = o
	m.next = (m.next + 1) % len(m.orders)
	m.apply(e, o.to)
}

// apply puts fields into an order, joining those of one name as event.Sort does.
func (m *room) apply(e *event.Event, to []int) {
	m.scratch = append(m.scratch[:0], e.Fields...)
	out := e.Fields[:0]
	for _, from := range to {
		f := &m.scratch[from]
		n := len(out)
		if n == 0 || out[n-1].Name != f.Name {
			out = append(out, *f)
			continue
		}
		last := &out[n-1]
		v := append(append(m.slab.Values(len(last.Values)+len(f.Values)), last.Values...), f.Values...)
		m.slab.KeepValues(v)
		last.Values = v[:len(v):len(v)]
		if f.Kind != last.Kind {
			last.Kind = event.KindString
		}
	}
	e.Fields = out
}

func (o *order) fits(fields []event.Field) bool {
	if len(o.names) != len(fields) || len(fields) == 0 {
		return false
	}
	for i := range fields {
		if fields[i].Name != o.names[i] {
			return false
		}
	}
	return true
}
