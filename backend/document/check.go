package document

import (
	"fmt"
	"strings"
)

// CheckResult is one line of the gate's report.
type CheckResult struct {
	OK     bool   `json:"ok"`
	Code   string `json:"code"`
	Clause string `json:"clause"` // printed number, "" for the whole paper
	Text   string `json:"text"`
}

// Passed reports whether a paper may be approved and exported as final.
func Passed(results []CheckResult) bool {
	for _, r := range results {
		if !r.OK {
			return false
		}
	}
	return len(results) > 0
}

// FailedClauses maps the numbers of failed clauses to the first reason.
func FailedClauses(results []CheckResult) map[string]string {
	out := map[string]string{}
	for _, r := range results {
		if !r.OK && r.Clause != "" && out[r.Clause] == "" {
			out[r.Clause] = r.Text
		}
	}
	return out
}

// Check holds every sentence of a paper against the rows it cites. Failures come first, in the order of the paper, then
// one line for each thing that was checked and stands.
func Check(d Document, lookup Lookup) []CheckResult {
	c := checker{lookup: lookup, rows: map[string]bool{}}
	d.Numbered(func(_ *Section, clause *Clause, number string) { c.clause(&d, clause, number) })
	c.slots(&d)
	c.covers(&d)
	c.citations(&d)
	ok := func(n int, f string, a ...any) {
		if n > 0 {
			c.good = append(c.good, CheckResult{OK: true, Code: "checked", Text: fmt.Sprintf(f, a...)})
		}
	}
	ok(1, "%s of %s checked.", count(c.sentences, "sentence"), count(c.clauses, "clause"))
	ok(len(c.rows), "%s asked for in the timeline.", count(len(c.rows), "cited row"))
	ok(c.values, "%s compared with the cited rows.", count(c.values, "declared value"))
	ok(c.absences, "%s on what was not seen, worded from the coverage.", count(c.absences, "sentence"))
	ok(c.personal, "%s of persons stand as their own words and are marked so.", count(c.personal, "sentence"))
	ok(c.unknown, "%s left open as not yet known.", count(c.unknown, "field"))
	return append(c.bad, c.good...)
}

type checker struct {
	lookup    Lookup
	bad, good []CheckResult
	rows      map[string]bool
	clauses   int
	sentences int
	values    int
	absences  int
	personal  int
	unknown   int
}

func (c *checker) fail(code, number, f string, a ...any) {
	c.bad = append(c.bad, CheckResult{Code: code, Clause: number, Text: fmt.Sprintf(f, a...)})
}

func (c *checker) clause(d *Document, clause *Clause, number string) {
	c.clauses++
	switch clause.Origin.Kind {
	case OriginEvidence, OriginRule, OriginModel, OriginPerson, OriginComputed:
	default:
		c.fail("origin", number, "Clause %s does not say who stands behind it.", number)
		return
	}
	for _, s := range clause.Sentences {
		c.sentence(d, s, clause.Origin, number)
	}
	if clause.Table != nil {
		for _, r := range clause.Table.Rows {
			c.sentence(d, Sentence{Text: strings.Join(r.Cells, " | "), Rows: r.Rows, Entries: r.Entries, Values: r.Values}, Origin{Kind: OriginComputed, Name: "table"}, number)
		}
	}
}

// sentence checks by who stands behind it. A person's own words are theirs: only the rows they cite have to exist.
// Fixed words of a template and sums by code cite nothing and are held to the rule on absence.
func (c *checker) sentence(d *Document, s Sentence, o Origin, number string) {
	c.sentences++
	for _, r := range s.Rows {
		c.rows[r] = true
		if d.Citation(r) == nil {
			c.fail("citation", number, "Clause %s cites row %s without a footnote.", number, r)
		}
	}
	for _, e := range s.Entries {
		if d.Citation(e) == nil {
			c.fail("citation", number, "Clause %s cites entry %.16s without a footnote.", number, e)
		}
	}
	var failures []Failure
	switch {
	case o.Kind == OriginPerson:
		c.personal++
		for _, r := range s.Rows {
			if _, ok := c.lookup(r); !ok {
				failures = append(failures, Failure{"row-missing", "The cited row " + r + " is not in the timeline."})
			}
		}
	case s.Absence:
		c.absences++
		if o.Kind != OriginComputed {
			failures = append(failures, Failure{"absence", "Only the coverage may say what was not seen."})
		}
	case o.Kind == OriginComputed && o.Name == "table":
		// Cells hold words of persons beside values: declared values are compared, wording is not judged.
		for _, f := range ground(s, c.lookup, false) {
			if f.Code != "absence" && (f.Code != "value" || len(s.Values) > 0 && declared(s.Values, f.Text)) {
				failures = append(failures, f)
			}
		}
		c.values += len(s.Values)
	default:
		strict := o.Kind == OriginEvidence || o.Kind == OriginModel
		failures = ground(s, c.lookup, strict)
		c.values += len(s.Values)
	}
	for _, f := range failures {
		c.fail(f.Code, number, "Clause %s: %s", number, f.Text)
	}
}

func declared(values []Value, text string) bool {
	for _, v := range values {
		if strings.Contains(text, fmt.Sprintf("%q", v.Text)) {
			return true
		}
	}
	return false
}

func (c *checker) slots(d *Document) {
	for _, s := range d.Slots {
		v := strings.TrimSpace(s.Value)
		switch {
		case v == "" && s.Required:
			c.fail("slot", "", "“%s” is empty. Fill it in, or write “%s”", s.Label, NotYetKnown)
		case v != "" && IsNotYetKnown(v):
			c.unknown++
		case v != "" && s.By == "":
			c.fail("slot", "", "“%s” does not say who filled it in.", s.Label)
		}
	}
}

// IsNotYetKnown reports the legal value of an open field, in any case and with or without the full stop.
func IsNotYetKnown(v string) bool {
	return strings.EqualFold(strings.TrimSuffix(strings.TrimSpace(v), "."), strings.TrimSuffix(NotYetKnown, "."))
}

// covers makes sure that everything the duty asks for has a section that is there and not empty.
func (c *checker) covers(d *Document) {
	for _, x := range d.Covers {
		found := false
		for _, s := range d.Sections {
			found = found || s.ID == x.Section && len(s.Clauses) > 0
		}
		if !found {
			c.fail("content", "", "The duty's content “%s” has no section.", x.Content)
		}
	}
	if len(d.Covers) > 0 {
		c.good = append(c.good, CheckResult{OK: true, Code: "content", Text: fmt.Sprintf("%s of the duty have a section.", count(len(d.Covers), "content item"))})
	}
}

// citations: each row citation names bytes that can be found again.
func (c *checker) citations(d *Document) {
	for _, x := range d.Citations {
		if x.Kind == "row" && (x.Evidence == "" || x.Locator == "" || x.RowHash == "") {
			c.fail("citation", "", "The footnote of row %s does not lead to bytes: item hash, locator or row hash is missing.", x.ID)
		}
	}
}
