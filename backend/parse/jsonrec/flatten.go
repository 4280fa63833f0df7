package jsonrec

import (
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse/lines"
)

// Leaf is one scalar of a record under its dotted name.
type Leaf struct {
	Name  string
	Kind  event.Kind
	Value string
	id    int
}

// ID is a small number that stands for the name in all records of one file, 0 when it has none.
func (l *Leaf) ID() int { return l.id }

// Flatten walks an object. Arrays give several values under one name, whatever stands in them; null and "" give none.
func Flatten(out []Leaf, name string, v *fastjson.Value) []Leaf {
	switch v.Type() {
	case fastjson.TypeObject:
		v.GetObject().Visit(func(key []byte, c *fastjson.Value) {
			k := Valid(string(key))
			if name != "" {
				k = name + "." + k
			}
			out = Flatten(out, k, c)
		})
	case fastjson.TypeArray:
		for _, c := range v.GetArray() {
			out = Flatten(out, name, c)
		}
	case fastjson.TypeString:
		if b := v.GetStringBytes(); len(b) > 0 {
			out = append(out, Leaf{Name: name, Value: Valid(string(b))})
		}
	case fastjson.TypeNumber:
		out = append(out, Leaf{Name: name, Kind: event.KindNumber, Value: string(v.MarshalTo(nil))})
	case fastjson.TypeTrue:
		out = append(out, Leaf{Name: name, Kind: event.KindBool, Value: "true"})
	case fastjson.TypeFalse:
		out = append(out, Leaf{Name: name, Kind: event.KindBool, Value: "false"})
	}
	return out
}

// Valid mends what escapes can spell though UTF-8 cannot hold it: lone surrogates.
func Valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	s, _ = lines.Clean([]byte(s))
	return s
}

// IsText says that v is a string that is not empty.
func IsText(v *fastjson.Value, keys ...string) bool { return len(v.GetStringBytes(keys...)) > 0 }

// TextOf is the text or the digits of a member, "" when it is neither.
func TextOf(v *fastjson.Value, keys ...string) string {
	if b := v.GetStringBytes(keys...); b != nil {
		return Valid(string(b))
	}
	if c := v.Get(keys...); c != nil && c.Type() == fastjson.TypeNumber {
		return string(c.MarshalTo(nil))
	}
	return ""
}
