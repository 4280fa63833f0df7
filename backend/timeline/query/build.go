package query

import (
	"errors"
	"time"
)

// Term matches where Field has a value equal to value, case-folded. For @timestamp value must be a time in one of the
// accepted forms, otherwise nothing matches.
func Term(field, value string) Expr { return equal(field, value, false) }

// Exactly is Term with letters' case kept apart.
func Exactly(field, value string) Expr { return equal(field, value, true) }

func equal(field, value string, exact bool) Expr {
	if field == FieldTime {
		s, ok := asTime(value)
		if !ok {
			return nothing()
		}
		return newTime(s.from, s.to)
	}
	return &Value{Field: field, test: newTerm(value, exact)}
}

// AnyOf matches where Field has one of the values, case-folded: a header check-list. Without values nothing matches.
func AnyOf(field string, values ...string) Expr {
	of := make([]Expr, len(values))
	for i, v := range values {
		of[i] = Term(field, v)
	}
	return Either(of...)
}

// Has matches where Field has any value; "" means any row.
func Has(field string) Expr {
	if field == "" {
		return All{}
	}
	return &Exists{Field: field}
}

// Phrase matches where one value of any field holds the words of text one after the other. Text without letters or
// digits matches nothing.
func Phrase(text string) Expr {
	tokens := Tokens(text)
	if len(tokens) == 0 {
		return nothing()
	}
	return &Words{Text: text, tokens: tokens}
}

// Between matches rows with from <= time < to; a zero bound is open. Bounds are cut to 100 ns.
func Between(from, to time.Time) Expr {
	cut := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return t.UTC().Truncate(Tick)
	}
	return newTime(cut(from), cut(to))
}

// newTime keeps bounds inside the years that the text form can write. Nothing lies between its last year and the end.
func newTime(from, to time.Time) Expr {
	if !from.IsZero() {
		from = clamp(from)
	}
	if !to.IsZero() {
		if to.Year() > 9999 {
			to = time.Time{}
		} else {
			to = clamp(to)
		}
	}
	if from.IsZero() && to.IsZero() {
		return Has(FieldTime)
	}
	return &Time{From: from, To: to}
}

func clamp(t time.Time) time.Time {
	first := time.Time{}.Add(Tick) // the zero time itself means open
	last := time.Date(9999, 12, 31, 23, 59, 59, 999999900, time.UTC)
	if t.Before(first) {
		return first
	}
	if t.After(last) {
		return last
	}
	return t
}

// Regex matches where a whole value of Field (any field when "") matches an RE2 pattern, case-folded.
func Regex(field, source string) (Expr, error) {
	p, err := newPattern(source, false)
	if err != nil {
		return nil, err
	}
	if field == FieldTime {
		return nil, errors.New("@timestamp takes a range or a time, not a pattern")
	}
	return &Value{Field: field, test: p}, nil
}

// Contains matches where a value of Field (any field when "") holds text anywhere, case-folded.
func Contains(field, text string) Expr {
	if text == "" {
		return Has(field)
	}
	if field == FieldTime {
		return nothing()
	}
	return &Value{Field: field, test: newWild([]wildPart{{kind: '*'}, {text: text}, {kind: '*'}}, false)}
}

// Both matches where every part does; without parts, everywhere. Nested ANDs become one.
func Both(parts ...Expr) Expr {
	var of []Expr
	for _, p := range parts {
		switch p := p.(type) {
		case nil, All:
		case *And:
			of = append(of, p.Of...)
		default:
			of = append(of, p)
		}
	}
	switch len(of) {
	case 0:
		return All{}
	case 1:
		return of[0]
	}
	return &And{Of: of}
}

// Either matches where one part does; without parts, nowhere. Nested ORs become one.
func Either(parts ...Expr) Expr {
	var of []Expr
	for _, p := range parts {
		switch p := p.(type) {
		case nil:
		case *Or:
			of = append(of, p.Of...)
		default:
			of = append(of, p)
		}
	}
	switch len(of) {
	case 0:
		return nothing()
	case 1:
		return of[0]
	}
	return &Or{Of: of}
}

// Except matches where e does not. Two in a row fall away.
func Except(e Expr) Expr {
	if n, ok := e.(*Not); ok {
		return n.Of
	}
	return &Not{Of: e}
}

func nothing() Expr { return &Not{Of: All{}} }
