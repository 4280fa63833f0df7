package query_test

import (
	"os"
	"strings"
	"testing"

	"adjutant/backend/timeline/query"
)

// TestHandbook reads every query of backend/doc/query.md's tables, and holds the canonical texts it shows.
func TestHandbook(t *testing.T) {
	text, err := os.ReadFile("../../doc/query.md")
	if err != nil {
		t.Fatal(err)
	}
	queries, canonical := 0, 0
	section := ""
	for _, line := range strings.Split(string(text), "\n") {
		if s, ok := strings.CutPrefix(line, "## "); ok {
			section = s
		}
		cells := strings.Split(line, "|")
		if len(cells) != 4 || !strings.Contains(cells[1], "`") || section != "At a glance" && section != "Canonical text" {
			continue
		}
		for _, q := range quoted(cells[1]) {
			queries++
			e, err := query.Parse(q)
			if err != nil {
				t.Errorf("%s: %v", q, err)
				continue
			}
			if want := quoted(cells[2]); section == "Canonical text" {
				canonical++
				if len(want) != 1 || e.String() != want[0] {
					t.Errorf("%s prints as %s, the handbook says %s", q, e, want)
				}
			}
		}
	}
	if queries < 20 || canonical < 5 {
		t.Errorf("only %d queries and %d canonical texts found", queries, canonical)
	}
}

// quoted gives the texts between back-quotes.
func quoted(s string) []string {
	var out []string
	for i, part := range strings.Split(s, "`") {
		if i%2 == 1 {
			out = append(out, part)
		}
	}
	return out
}
