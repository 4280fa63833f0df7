package query

import (
	"strings"
	"time"
	"unicode"
)

// String returns "*".
func (All) String() string { return "*" }

// String joins the parts with AND.
func (e *And) String() string { return join(e.Of, " AND ") }

// String joins the parts with OR.
func (e *Or) String() string { return join(e.Of, " OR ") }

func join(of []Expr, word string) string {
	var b strings.Builder
	for i, x := range of {
		if i > 0 {
			b.WriteString(word)
		}
		b.WriteString(bracket(x))
	}
	return b.String()
}

// bracket puts parentheses around what binds less tightly than a single test.
func bracket(e Expr) string {
	switch e.(type) {
	case *And, *Or:
		return "(" + e.String() + ")"
	}
	return e.String()
}

// String puts NOT before the part.
func (e *Not) String() string { return "NOT " + bracket(e.Of) }

// String quotes the words.
func (w *Words) String() string { return quote(w.Text) }

// String is field:test, with * for any field.
func (v *Value) String() string {
	if v.Field == "" {
		return "*:" + v.test.text()
	}
	return escapeWord(v.Field) + ":" + v.test.text()
}

// String is _exists_:field.
func (e *Exists) String() string { return "_exists_:" + escapeWord(e.Field) }

// String is @timestamp:[from TO to}.
func (t *Time) String() string {
	end := func(at time.Time) string {
		if at.IsZero() {
			return "*"
		}
		return at.UTC().Format("2006-01-02T15:04:05.9999999Z")
	}
	return FieldTime + ":[" + end(t.From) + " TO " + end(t.To) + "}"
}

// quote writes a quoted value: only the quote and the backslash are escaped.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// special are the characters that mean something in an unquoted word.
const special = `\"()[]{}:*?/=<>`

// escapeWord writes text so that it reads back as one unquoted word. Words of the language are escaped too.
func escapeWord(s string) string {
	if s == "AND" || s == "OR" || s == "NOT" || s == "TO" || s == "_exists_" {
		return `\` + s
	}
	return escapeSigns(s)
}

func escapeSigns(s string) string {
	var b strings.Builder
	for _, piece := range pieces(s) {
		if len(piece) == 1 && strings.Contains(special, piece) || unicode.IsSpace([]rune(piece)[0]) {
			b.WriteByte('\\')
		}
		b.WriteString(piece)
	}
	return b.String()
}

// pieces cuts text into characters and keeps bytes that are not UTF-8 as they are.
func pieces(s string) []string {
	var out []string
	start := 0
	for i := range s {
		if i > start {
			out = append(out, s[start:i])
			start = i
		}
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}
