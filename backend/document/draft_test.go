package document_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/document"
	"adjutant/backend/document/documenttest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// text prints a document for a golden file: numbers, origins, texts, footnotes.
func text(d document.Document) string {
	var b strings.Builder
	w := func(parts ...string) { b.WriteString(strings.Join(parts, "") + "\n") }
	w(d.Title, " / ", d.Subtitle)
	w("to: ", strings.Join(d.Addressee, "; "))
	for _, p := range d.References {
		w(p.Label, ": ", p.Value)
	}
	last := ""
	d.Numbered(func(s *document.Section, c *document.Clause, number string) {
		if s.ID != last {
			w("", "\n# ", s.Title, " ", s.Basis)
			last = s.ID
		}
		w(number, " [", string(c.Origin.Kind), ": ", c.Origin.Name, "] ", c.Text())
		if c.Table != nil {
			for _, r := range c.Table.Rows {
				w("  | ", strings.Join(r.Cells, " | "))
			}
		}
		for _, r := range c.Rows() {
			w("  ^ ", r)
		}
	})
	w("\ncitations:")
	for _, c := range d.Citations {
		w("  ", c.Kind, " ", c.ID, " ", c.Path, " ", c.Locator, " ", c.Words)
	}
	w("exhibits:")
	for _, x := range d.Exhibits {
		w("  ", x.Label, " ", x.Path, " ", x.SHA256)
	}
	return strings.ReplaceAll(b.String(), "\u00a0", "~")
}

func TestDraftGolden(t *testing.T) {
	if n := len(document.Templates()); n != 3 {
		t.Errorf("%d templates, expected 3", n)
	}
	for _, tmpl := range document.Templates() {
		d, err := document.Draft(tmpl.ID, documenttest.Facts())
		if err != nil {
			t.Fatal(err)
		}
		got := text(d)
		path := filepath.Join("testdata", tmpl.ID+".golden")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs from %s (rewrite with -update and read it):\n%s", tmpl.ID, path, got)
		}
		for _, bad := range []string{"must notify", "no evidence", "AI-generated", "%!"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s says %q", tmpl.ID, bad)
			}
		}
		if results := document.Check(d, documenttest.Lookup); !document.Passed(results) {
			t.Errorf("%s fails its own check: %+v", tmpl.ID, results)
		}
	}
	if _, err := document.Draft("memo", documenttest.Facts()); !errors.Is(err, document.ErrTemplate) {
		t.Errorf("unknown template: %v", err)
	}
}

func TestHashIsStableAndCoversTheText(t *testing.T) {
	facts := documenttest.Facts()
	a, err := document.Draft("gdpr-33", facts)
	if err != nil {
		t.Fatal(err)
	}
	for i := range facts.Slots { // map order in the helper differs from run to run; the slots' order must not matter
		j := len(facts.Slots) - 1 - i
		if i < j {
			facts.Slots[i], facts.Slots[j] = facts.Slots[j], facts.Slots[i]
		}
	}
	b, err := document.Draft("gdpr-33", facts)
	if err != nil {
		t.Fatal(err)
	}
	ha, _ := a.Hash()
	if hb, _ := b.Hash(); ha != hb {
		t.Error("same facts, other hash")
	}
	b.Sections[0].Clauses[0].Sentences[0].Text += " "
	if hb, _ := b.Hash(); ha == hb {
		t.Error("an edit keeps the hash")
	}
}

func TestEmptyFactsDraftAndFail(t *testing.T) {
	for _, tmpl := range document.Templates() {
		d, err := document.Draft(tmpl.ID, document.Facts{})
		if err != nil {
			t.Errorf("%s: %v", tmpl.ID, err)
			continue
		}
		results := document.Check(d, documenttest.Lookup)
		required := 0
		for _, s := range d.Slots {
			if s.Required {
				required++
			}
		}
		failed := 0
		for _, r := range results {
			if r.Code == "slot" && !r.OK {
				failed++
			}
		}
		if document.Passed(results) || failed != required || required == 0 {
			t.Errorf("%s: %d of %d empty required fields failed, passed %v", tmpl.ID, failed, required, document.Passed(results))
		}
	}
}

func TestParseRoundTripAndRefusals(t *testing.T) {
	d, err := document.Draft("situation-report", documenttest.Facts())
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	again, err := document.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := again.Canonical()
	if !bytes.Equal(b, c) {
		t.Error("round trip changes bytes")
	}
	for name, bad := range map[string][]byte{
		"spaces": bytes.Replace(b, []byte(`":`), []byte(`": `), 1), "field": bytes.Replace(b, []byte(`"title"`), []byte(`"titel"`), 1),
		"end": append(append([]byte{}, b...), ' ', '1'), "format": bytes.Replace(b, []byte("document/1"), []byte("document/2"), 1),
		"twice": bytes.Replace(b, []byte(`{"format"`), []byte(`{"title":"x","format"`), 1), "empty": nil, "array": []byte("[]"),
	} {
		if _, err := document.Parse(bad); !errors.Is(err, document.ErrDocument) {
			t.Errorf("%s admitted: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	facts := documenttest.Facts()
	facts.KeyRows, facts.Groups, facts.Promoted = facts.KeyRows[:1], facts.Groups[:1], nil // a small seed keeps the fuzzer quick
	facts.Decisions, facts.Evidence, facts.Clocks = nil, facts.Evidence[:1], facts.Clocks[:1]
	for _, template := range []string{"staff-message", "situation-report"} {
		d, err := document.Draft(template, facts)
		if err != nil {
			f.Fatal(err)
		}
		b, err := d.Canonical()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"format":"adjutant-document/1"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := document.Parse(b)
		if err != nil {
			return
		}
		again, err := d.Canonical()
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("admitted bytes are not canonical: %v", err)
		}
		document.Check(d, documenttest.Lookup)
	})
}
