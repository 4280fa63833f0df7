package caserecord

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// shape is the one JSON form of a Go type: which fields, in which order, of which kind. It is derived from the body
// structs, so that the closed list of fields is written once.
//
// encoding/json alone is too lenient for signed data: it matches names without case, takes the last of two equal names,
// skips unknown ones and mends broken UTF-8. A reader elsewhere could then see another decision than we do.
type shape struct {
	kind   shapeKind
	elem   *shape  // of lists and tables
	fields []field // of objects, in the only order allowed
}

type field struct {
	name     string
	optional bool
	shape    *shape
}

type shapeKind uint8

const (
	shapeString shapeKind = iota
	shapeInteger
	shapeNumber
	shapeBool
	shapeList
	shapeTable // object with free names in ascending order
	shapeObject
)

var (
	shapes        sync.Map // reflect.Type -> *shape
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape)
	}
	s := buildShape(t)
	shapes.Store(t, s)
	return s
}

func buildShape(t reflect.Type) *shape {
	if t.Implements(textMarshaler) {
		return &shape{kind: shapeString}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return buildShape(t.Elem())
	case reflect.String:
		return &shape{kind: shapeString}
	case reflect.Int, reflect.Int64:
		return &shape{kind: shapeInteger}
	case reflect.Float64:
		return &shape{kind: shapeNumber}
	case reflect.Bool:
		return &shape{kind: shapeBool}
	case reflect.Slice:
		return &shape{kind: shapeList, elem: buildShape(t.Elem())}
	case reflect.Map:
		return &shape{kind: shapeTable, elem: buildShape(t.Elem())}
	case reflect.Struct:
		s := &shape{kind: shapeObject}
		for i := range t.NumField() {
			name, opts, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			s.fields = append(s.fields, field{name, opts == "omitempty", buildShape(t.Field(i).Type)})
		}
		return s
	}
	panic("caserecord: a body struct holds a type without a JSON form: " + t.String()) // a broken program, not input
}

// scanner walks bytes that must have exactly one form. The first deviation stops it.
type scanner struct {
	b   []byte
	at  int
	err error
}

func (s *scanner) fail(want string) {
	if s.err == nil {
		s.err = fmt.Errorf("offset %d: expected %s", s.at, want)
	}
}

func (s *scanner) rest() []byte { return s.b[s.at:] }

func (s *scanner) peek() byte {
	if s.err != nil || s.at >= len(s.b) {
		return 0
	}
	return s.b[s.at]
}

// lit consumes exactly these bytes.
func (s *scanner) lit(want string) {
	if s.err != nil {
		return
	}
	if len(s.b)-s.at < len(want) || string(s.b[s.at:s.at+len(want)]) != want {
		s.fail("`" + want + "`")
		return
	}
	s.at += len(want)
}

// end demands that nothing is left.
func (s *scanner) end() {
	if s.err == nil && s.at != len(s.b) {
		s.fail("the end")
	}
}

func (s *scanner) value(sh *shape) {
	if s.err != nil {
		return
	}
	switch sh.kind {
	case shapeString:
		s.str()
	case shapeInteger:
		s.number(false)
	case shapeNumber:
		s.number(true)
	case shapeBool:
		if s.peek() == 't' {
			s.lit("true")
		} else {
			s.lit("false")
		}
	case shapeList:
		s.list(sh)
	case shapeTable:
		s.table(sh)
	case shapeObject:
		s.object(sh)
	}
}

func (s *scanner) list(sh *shape) {
	s.lit("[")
	for first := true; s.err == nil && s.peek() != ']'; first = false {
		if !first {
			s.lit(",")
		}
		s.value(sh.elem)
	}
	s.lit("]")
}

func (s *scanner) table(sh *shape) {
	s.lit("{")
	last := ""
	for first := true; s.err == nil && s.peek() != '}'; first = false {
		if !first {
			s.lit(",")
		}
		name := unquote(s.str())
		if !first && name <= last {
			s.fail("names in ascending order")
		}
		last = name
		s.lit(":")
		s.value(sh.elem)
	}
	s.lit("}")
}

func (s *scanner) object(sh *shape) {
	s.lit("{")
	first := true
	for _, f := range sh.fields {
		want := `"` + f.name + `":`
		if !first {
			want = "," + want
		}
		if f.optional && !strings.HasPrefix(string(s.rest()[:min(len(want), len(s.rest()))]), want) {
			continue
		}
		s.lit(want)
		start := s.at
		s.value(f.shape)
		if f.optional && s.err == nil && isEmptyValue(string(s.b[start:s.at])) {
			s.fail("an optional field that is not empty")
		}
		first = false
	}
	s.lit("}")
}

// isEmptyValue reports the values that omitempty leaves out: an empty optional field has one form, its absence.
func isEmptyValue(v string) bool {
	switch v {
	case `""`, "0", "-0", "false", "[]", "{}":
		return true
	}
	return false
}

// unquote gives the string that the bytes between quotes stand for. str has checked them.
func unquote(b []byte) string {
	if bytes.IndexByte(b, '\\') < 0 {
		return string(b)
	}
	var v string
	if err := json.Unmarshal(append(append([]byte{'"'}, b...), '"'), &v); err != nil {
		return string(b) // the scanner has failed already and reports it
	}
	return v
}

// number consumes the number grammar of RFC 8259 §6; fraction and exponent only when allowed. Minus zero is refused, and
// numbers with a fraction must be written as ECMAScript writes them (what encoding/json does), so that each has one text.
func (s *scanner) number(fraction bool) {
	from := s.at
	s.digits(fraction)
	if s.err != nil {
		return
	}
	text := string(s.b[from:s.at])
	if text == "-0" {
		s.fail("no minus zero")
	}
	if fraction {
		v, err := strconv.ParseFloat(text, 64)
		if one, jsonErr := json.Marshal(v); err != nil || jsonErr != nil || string(one) != text {
			s.fail("a number in its one form")
		}
	}
}

func (s *scanner) digits(fraction bool) {
	if s.peek() == '-' {
		s.at++
	}
	start := s.at
	run := func() {
		from := s.at
		for c := s.peek(); c >= '0' && c <= '9'; c = s.peek() {
			s.at++
		}
		if s.at == from {
			s.fail("a digit")
		}
	}
	run()
	if s.err == nil && s.at-start > 1 && s.b[start] == '0' {
		s.fail("a number without leading zero")
	}
	if !fraction {
		return
	}
	if s.peek() == '.' {
		s.at++
		run()
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.at++
		if c := s.peek(); c == '+' || c == '-' {
			s.at++
		}
		run()
	}
}

// str consumes a string and returns the bytes between the quotes. Allowed is raw UTF-8 and the escapes that have no
// other form: \" \\ \b \f \n \r \t, \u00xx for the other control characters, \u2028 and \u2029.
func (s *scanner) str() []byte {
	s.lit(`"`)
	start := s.at
	for s.err == nil {
		switch c := s.peek(); {
		case c == '"':
			out := s.b[start:s.at]
			s.at++
			return out
		case c == '\\':
			s.escape()
		case c < 0x20:
			s.fail("no control character") // also the end of the bytes
		case c < utf8.RuneSelf:
			s.at++
		default:
			r, n := utf8.DecodeRune(s.rest())
			if (r == utf8.RuneError && n == 1) || r == '\u2028' || r == '\u2029' {
				s.fail("UTF-8 in its one form")
			}
			s.at += n
		}
	}
	return nil
}

func (s *scanner) escape() {
	r := s.rest()
	if len(r) >= 2 && strings.IndexByte(`"\bfnrt`, r[1]) >= 0 {
		s.at += 2
		return
	}
	if len(r) >= 6 {
		switch esc := string(r[:6]); {
		case esc == `\u2028` || esc == `\u2029`,
			strings.HasPrefix(esc, `\u00`) && (esc[4] == '0' || esc[4] == '1') && isHex(esc[5:], 1) && !shortEscape(esc):
			s.at += 6
			return
		}
	}
	s.fail("an escape in its one form")
}

// shortEscape reports the control characters that have a two-byte escape.
func shortEscape(esc string) bool {
	switch esc[4:] {
	case "08", "09", "0a", "0c", "0d":
		return true
	}
	return false
}
