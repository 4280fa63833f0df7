// Package query is the language of the timeline: it reads a query, prints it back in one canonical form, and says of any
// event whether it matches.
//
// It stands beside timeline (stage 4), which answers the same expressions from its index; the expression box, header
// check-lists, ask, detect's own rules and the command line all make an Expr here, by Parse or by the builders. It keeps
// true that Parse(e.String()) gives an expression with the same text and meaning, and Match is the definition: whatever
// the index answers must equal it. It deliberately knows nothing of storage.
//
// The language is the part of Lucene's that Timesketch and Kibana users know; backend/doc/query.md is its handbook.
package query

import (
	"time"

	"adjutant/backend/event"
)

// Expr is a query. The types below are all there are; they are immutable once made.
type Expr interface {
	// String is the canonical text.
	String() string
	isExpr()
}

// All matches every row; its text is "*".
type All struct{}

// And matches where all of at least two parts do.
type And struct{ Of []Expr }

// Or matches where one of at least two parts does.
type Or struct{ Of []Expr }

// Not matches where its part does not.
type Not struct{ Of Expr }

// Words matches where one value of any field holds the tokens one after the other.
type Words struct {
	Text   string
	tokens []string
}

// Tokens returns the folded tokens, at least one.
func (w *Words) Tokens() []string { return w.tokens }

// Value matches where a test holds for one whole value of Field, or of any field when Field is "". Made by Parse and the
// builders only.
type Value struct {
	Field string
	test  test
}

// Holds says whether the test holds for one value.
func (v *Value) Holds(value string) bool { return v.test.holds(value) }

// Equal returns the folded text that a value must equal for the test to hold, if the test is of that kind; an index may
// look it up. Holds has still to be asked.
func (v *Value) Equal() (folded string, ok bool) {
	t, ok := v.test.(*term)
	if !ok {
		return "", false
	}
	return t.folded, true
}

// Exists matches where Field has a value.
type Exists struct{ Field string }

// Time matches rows whose own time lies in [From, To); a zero bound is open. Undated rows never match.
type Time struct{ From, To time.Time }

func (All) isExpr()     {}
func (*And) isExpr()    {}
func (*Or) isExpr()     {}
func (*Not) isExpr()    {}
func (*Words) isExpr()  {}
func (*Value) isExpr()  {}
func (*Exists) isExpr() {}
func (*Time) isExpr()   {}

// Annotations are what people have put on rows: the fields tag, note and promoted. They live in the case record, not
// with the events, so they are joined at query time.
type Annotations interface {
	// Values returns the values of one field at one row.
	Values(row event.RowID, field string) []string
	// Rows lists the rows whose field has a value equal to value, or any value when value is "". It may give more rows
	// than that, never fewer. nil means "not known": then every row is asked.
	Rows(field, value string) []event.RowID
}

// Names of virtual fields: not read from the source, so a hostile source cannot set them.
const (
	FieldTime     = "@timestamp"
	FieldTag      = "tag"
	FieldNote     = "note"
	FieldPromoted = "promoted"
	FieldEventID  = "adjutant.event_id"
	FieldRowID    = "adjutant.row_id"
	FieldPath     = "adjutant.path"
	FieldEvidence = "adjutant.evidence_sha256"
	FieldParser   = "adjutant.parser"
	FieldTimeKind = "adjutant.time_kind"
)

// Annotated says whether a field is one of people's annotations.
func Annotated(field string) bool {
	return field == FieldTag || field == FieldNote || field == FieldPromoted
}

// Virtual says whether a field is made by us rather than read from the source.
func Virtual(field string) bool {
	switch field {
	case FieldTime, FieldEventID, FieldRowID, FieldPath, FieldEvidence, FieldParser, FieldTimeKind:
		return true
	}
	return Annotated(field)
}

// Walk calls f for every part of e, e first.
func Walk(e Expr, f func(Expr)) {
	f(e)
	switch e := e.(type) {
	case *And:
		for _, x := range e.Of {
			Walk(x, f)
		}
	case *Or:
		for _, x := range e.Of {
			Walk(x, f)
		}
	case *Not:
		Walk(e.Of, f)
	}
}

// UsesAnnotations says whether the answer depends on what people put on rows.
func UsesAnnotations(e Expr) bool {
	uses := false
	Walk(e, func(x Expr) {
		switch x := x.(type) {
		case *Value:
			uses = uses || Annotated(x.Field)
		case *Exists:
			uses = uses || Annotated(x.Field)
		}
	})
	return uses
}
