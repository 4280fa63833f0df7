package caserecord

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// fieldsText writes the fields of a shape as record-format.md does: in order, "?" for optional, nested in braces.
func fieldsText(sh *shape) string {
	switch sh.kind {
	case shapeString:
		return "text"
	case shapeInteger:
		return "integer"
	case shapeNumber:
		return "number"
	case shapeBool:
		return "bool"
	case shapeList:
		return "[" + fieldsText(sh.elem) + "]"
	case shapeTable:
		return "{name: " + fieldsText(sh.elem) + "}"
	}
	var parts []string
	for _, f := range sh.fields {
		name := f.name
		if f.optional {
			name += "?"
		}
		if t := fieldsText(f.shape); t != "text" {
			name += " " + t
		}
		parts = append(parts, name)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// TestFormatIsDocumented holds record-format.md to the code: every kind with exactly its fields, every code with its
// exit code.
func TestFormatIsDocumented(t *testing.T) {
	b, err := os.ReadFile("../doc/record-format.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(b)
	for _, k := range Kinds {
		if row := fmt.Sprintf("| `%s` | `%s` |", k, fieldsText(shapeOf(typeOf(k)))); !strings.Contains(doc, row) {
			t.Errorf("record-format.md lacks the row\n%s", row)
		}
	}
	exits := map[weight]string{weightDamaged: "1", weightIncomplete: "3", weightEquivocation: "4", weightNote: "0"}
	for _, c := range allCodes(t) {
		if row := fmt.Sprintf("| `%s` | %s |", c, exits[c.weight()]); !strings.Contains(doc, row) {
			t.Errorf("record-format.md lacks the row\n%s", row)
		}
	}
}

// allCodes reads the constants from the source, so that a new one cannot be forgotten here.
func allCodes(t *testing.T) []Code {
	b, err := os.ReadFile("problem.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []Code
	for _, line := range strings.Split(string(b), "\n") {
		if _, rest, ok := strings.Cut(line, ` Code = "`); ok {
			word, _, _ := strings.Cut(rest, `"`)
			out = append(out, Code(word))
		}
	}
	if len(out) < 25 {
		t.Fatalf("only %d codes found in problem.go", len(out))
	}
	return out
}
