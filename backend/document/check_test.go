package document_test

import (
	"strings"
	"testing"

	"adjutant/backend/document"
	"adjutant/backend/document/documenttest"
)

var rows = documenttest.Rows

func TestCheckSentence(t *testing.T) {
	one, two, four := []string{rows[1].ID}, []string{rows[3].ID, rows[4].ID}, []string{rows[5].ID}
	for _, c := range []struct {
		name, text string
		rows       []string
		want       string // code of the first failure, "" when it stands
	}{
		{"plain", "The account svc_backup logged on to FS01 from 10.20.4.17.", one, ""},
		{"time to the second", "At 2026-11-17T21:40:05Z svc_backup logged on to FS01.", one, ""},
		{"time in words", "On 17 November 2026 at 21:40 UTC svc_backup logged on.", one, ""},
		{"day alone", "On 17 November svc_backup logged on to FS01.", one, ""},
		{"count of rows", "On FS01 vssadmin.exe ran twice; these are two rows.", two, ""},
		{"no rows", "The account svc_backup logged on to FS01.", nil, "no-source"},
		{"row that is not there", "The account svc_backup logged on.", []string{"0123/occurred.0"}, "row-missing"},
		{"other host", "The account svc_backup logged on to FS02.", one, "value"},
		{"host as a part", "The account svc_backup logged on to FS0.", one, "value"},
		{"other account", "The account svc_admin logged on to FS01.", one, "value"},
		{"other address", "A logon to FS01 came from 10.20.4.1.", one, "value"},
		{"other second", "At 21:40:06 svc_backup logged on to FS01.", one, "value"},
		{"other day", "On 18 November 2026 svc_backup logged on to FS01.", one, "value"},
		{"other month spelled short", "On 17 Dec 2026 svc_backup logged on to FS01.", one, "value"},
		{"invented count", "There were 14 runs of vssadmin.exe on FS01.", two, "value"},
		{"invented count in words", "Seven runs of vssadmin.exe were seen on FS01.", two, "value"},
		{"invented size", "The account m.okafor exported 4100 records.", four, "value"},
		{"invented file", "On FS01 svc_backup wrote passwords.xlsx.", one, "value"},
		{"invented hash", "On FS01 ran " + documenttest.Hash("x") + ".", one, "value"},
		{"quotation marks hide nothing", "On FS01 ran “mimikatz.exe”.", one, "value"},
		{"invented name", "The account svc_backup on FS01 belongs to Lazarus.", one, "value"},
		{"absence", "The account svc_backup logged on to FS01, no evidence of theft was found.", one, "absence"},
		{"absence in other words", "The data on FS01 was not exfiltrated.", one, "absence"},
		{"absence with a curly apostrophe", "FS01 wasn’t touched.", one, "absence"},
		{"no-break spaces do not hide", "No\u00a0evidence of theft on FS01.", one, "absence"},
	} {
		got := document.CheckSentence(c.text, c.rows, documenttest.Lookup)
		code := ""
		if len(got) > 0 {
			code = got[0].Code
		}
		if code != c.want {
			t.Errorf("%s: %q (%+v), expected %q", c.name, code, got, c.want)
		}
	}
}

func TestNarrativeStandsAndChooses(t *testing.T) {
	f := documenttest.Facts()
	list := document.Narrative(f.KeyRows, f.Groups, f.Promoted)
	if len(list) != 5 {
		t.Fatalf("%d sentences, expected 5: two rows of one rule on one host are one sentence, and a promoted row is told once, in its person's words", len(list))
	}
	for i, s := range list {
		if s.Text == "" || len(s.Rows) == 0 {
			t.Errorf("sentence %d is empty or cites nothing", i)
		}
	}
	if !strings.Contains(list[2].Text, "2\u00a0rows") || len(list[2].Rows) != 2 {
		t.Errorf("repeated rule: %q", list[2].Text)
	}
	// Twenty noisy rules must not push the single telling phases out.
	many := append([]document.KeyRow(nil), f.KeyRows...)
	for i := 0; i < 20; i++ {
		k := f.KeyRows[2]
		k.Rule += string(rune('a' + i))
		k.RuleID = k.Rule
		many = append(many, k)
	}
	list = document.Narrative(many, nil, nil)
	all := ""
	for _, s := range list {
		all += s.Text
	}
	if len(list) != document.MaxNarrative || !strings.Contains(all, "First logon") || !strings.Contains(all, "log cleared") || !strings.Contains(all, "Export of booking") {
		t.Errorf("%d sentences lose a phase: %s", len(list), all)
	}
}

// TestGateStopsForgeries changes one value of a good paper at a time; each change has to be named at its clause.
func TestGateStopsForgeries(t *testing.T) {
	find := func(d *document.Document, part string) *document.Sentence {
		var out *document.Sentence
		d.Numbered(func(_ *document.Section, c *document.Clause, _ string) {
			for i := range c.Sentences {
				if strings.Contains(c.Sentences[i].Text, part) && out == nil {
					out = &c.Sentences[i]
				}
			}
		})
		if out == nil {
			t.Fatalf("no sentence with %q", part)
		}
		return out
	}
	for name, forge := range map[string]func(d *document.Document){
		"host in the text": func(d *document.Document) {
			s := find(d, "TideSync")
			s.Text = strings.Replace(s.Text, "FS01", "FS02", 1)
		},
		"host in text and value": func(d *document.Document) {
			s := find(d, "TideSync")
			s.Text = strings.Replace(s.Text, "FS01", "FS02", 1)
			for i := range s.Values {
				s.Values[i].Text = strings.Replace(s.Values[i].Text, "FS01", "FS02", 1)
			}
		},
		"time": func(d *document.Document) {
			s := find(d, "TideSync")
			s.Text = strings.Replace(s.Text, "21:44:51", "21:44:52", 1)
		},
		"row": func(d *document.Document) { find(d, "TideSync").Rows = []string{rows[1].ID} },
		"count": func(d *document.Document) {
			s := find(d, "vssadmin")
			s.Text = strings.Replace(s.Text, "2\u00a0rows", "9\u00a0times", 1)
			for i := range s.Values {
				if s.Values[i].Kind == document.ValueCount {
					s.Values[i].Text = "9"
				}
			}
		},
		"added word": func(d *document.Document) { find(d, "TideSync").Text += " It came from 198.51.100.9." },
		"absence":    func(d *document.Document) { find(d, "TideSync").Text += " Nothing else happened." },
		"absence marked as coverage by a model": func(d *document.Document) {
			d.Sections[1].Clauses[0].Origin = document.Origin{Kind: document.OriginModel}
			d.Sections[1].Clauses[0].Sentences[0].Absence = true
		},
		"footnote gone":  func(d *document.Document) { d.Citations = d.Citations[1:] },
		"footnote blind": func(d *document.Document) { d.Citations[len(d.Citations)-1].Locator = "" },
		"origin":         func(d *document.Document) { d.Sections[0].Clauses[0].Origin.Kind = "" },
		"slot":           func(d *document.Document) { d.Slots[1].Value = "" },
		"slot of nobody": func(d *document.Document) { d.Slots[1].By = "" },
	} {
		d, err := document.Draft("situation-report", documenttest.Facts())
		if err != nil {
			t.Fatal(err)
		}
		last := len(d.Citations) - 1
		for d.Citations[last].Kind != "row" { // "footnote blind" needs a row's citation at the end
			d.Citations = append(d.Citations[last:last+1:last+1], d.Citations[:last]...)
		}
		forge(&d)
		if results := document.Check(d, documenttest.Lookup); document.Passed(results) {
			t.Errorf("%s passes", name)
		}
	}
}

func TestRowsThatVanishedFail(t *testing.T) {
	d, err := document.Draft("gdpr-33", documenttest.Facts())
	if err != nil {
		t.Fatal(err)
	}
	none := func(string) (document.RowFacts, bool) { return document.RowFacts{}, false }
	results := document.Check(d, none)
	if document.Passed(results) || len(document.FailedClauses(results)) < 6 {
		t.Errorf("%d clauses fail without a timeline, expected at least 6", len(document.FailedClauses(results)))
	}
}

func FuzzCheckSentence(f *testing.F) {
	f.Add("On 17 November 2026 at 21:40 UTC svc_backup logged on to FS01 from 10.20.4.17.")
	f.Add("99:99 1.2.3.4.5 ::: \u202e x\u00a0y 31 Feb 9999, at 24:61 \xff")
	f.Fuzz(func(t *testing.T, text string) {
		got := document.CheckSentence(text, []string{rows[1].ID}, documenttest.Lookup)
		if strings.Contains(text, "198.51.100.9") && len(got) == 0 {
			t.Errorf("an invented address passes in %q", text)
		}
	})
}
