package jsonl

import (
	"strings"
	"unicode/utf8"

	"github.com/valyala/fastjson"

	"adjutant/backend/event"
	"adjutant/backend/parse/lines"
)

// leaf is one scalar of a record under its dotted name.
type leaf struct {
	name  string
	kind  event.Kind
	value string
}

// flatten walks an object. Arrays give several values under one name, whatever stands in them; null and "" give none.
func flatten(out []leaf, name string, v *fastjson.Value) []leaf {
	switch v.Type() {
	case fastjson.TypeObject:
		v.GetObject().Visit(func(key []byte, c *fastjson.Value) {
			k := valid(string(key))
			if name != "" {
				k = name + "." + k
			}
			out = flatten(out, k, c)
		})
	case fastjson.TypeArray:
		for _, c := range v.GetArray() {
			out = flatten(out, name, c)
		}
	case fastjson.TypeString:
		if b := v.GetStringBytes(); len(b) > 0 {
			out = append(out, leaf{name, event.KindString, valid(string(b))})
		}
	case fastjson.TypeNumber:
		out = append(out, leaf{name, event.KindNumber, string(v.MarshalTo(nil))})
	case fastjson.TypeTrue:
		out = append(out, leaf{name, event.KindBool, "true"})
	case fastjson.TypeFalse:
		out = append(out, leaf{name, event.KindBool, "false"})
	}
	return out
}

// valid mends what escapes can spell though UTF-8 cannot hold it: lone surrogates.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	s, _ = lines.Clean([]byte(s))
	return s
}

// isText says that v is a string that is not empty.
func isText(v *fastjson.Value, keys ...string) bool { return len(v.GetStringBytes(keys...)) > 0 }

func textOf(v *fastjson.Value, keys ...string) string {
	if b := v.GetStringBytes(keys...); b != nil {
		return valid(string(b))
	}
	if c := v.Get(keys...); c != nil && c.Type() == fastjson.TypeNumber {
		return string(c.MarshalTo(nil))
	}
	return ""
}

// put sets leaves as fields under a prefix.
func put(e *event.Event, prefix string, leaves []leaf) {
	for _, l := range leaves {
		name := prefix + l.name
		if strings.Trim(name, ".") == "" {
			name = "json"
		}
		e.Set(name, l.kind, l.value)
	}
}
