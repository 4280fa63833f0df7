package coverpage

import (
	"bytes"
	"math"
	"os"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
)

// linear is the sRGB curve of WCAG 2.2.
func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// published is the case of caserecord's golden file: 28 entries by three people.
func published(t *testing.T) []caserecord.Entry {
	t.Helper()
	b, err := os.ReadFile("../caserecord/testdata/golden/entries-v1.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
	var out []caserecord.Entry
	for i := 0; i+1 < len(lines); i += 2 {
		e, err := caserecord.Parse(lines[i], lines[i+1])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// TestFromRecord counts what a known record gives.
func TestFromRecord(t *testing.T) {
	p := FromRecord(published(t))
	if p.Case.Name != "Harbour" || p.Case.Entries != 28 || p.Case.Keys != 3 || p.Case.HeadCode != "PR2DK-9G3CB-P7VTG-XNKFA" || p.Case.Opened.Name != "Ada Lind" || p.Case.Severity.String() != "high" {
		t.Errorf("%+v", p.Case)
	}
	if len(p.Story) != 28 || len(p.Decisions) != 1 || len(p.Items) != 1 || len(p.Papers) != 1 || len(p.Signers) != 3 || len(p.Withheld) != 0 {
		t.Fatalf("%d sentences, %d decisions, %d items, %d papers, %d signers", len(p.Story), len(p.Decisions), len(p.Items), len(p.Papers), len(p.Signers))
	}
	d := p.Decisions[0]
	if d.Outcome != caserecord.OutcomeOverride || d.By.Name != "Ada Lind" || d.By.Role != "Incident Commander" || d.Reason == "" || d.Instead == "" || !strings.HasPrefix(d.RecommendedBy, "rule · isolate-host") {
		t.Errorf("%+v", d)
	}
	it := p.Items[0]
	if it.Path != "logs.zip!Security.evtx" || it.Bytes != 69632 || it.Taken.Name != "Ben Okafor" || it.Here || it.Kept != caserecord.KeptSealed {
		t.Errorf("%+v", it)
	}
	if x := p.Papers[0]; x.Approved.Name != "Cy Marsh" || !strings.HasPrefix(x.Released, "by portal to CNPD, by Cy Marsh, ") {
		t.Errorf("%+v", x)
	}
	if s := p.Signers[0]; s.Name != "Ada Lind" || !s.Opened || s.Entries != 13 || s.Roles != "Incident Commander" {
		t.Errorf("%+v", s)
	}
	inspect(t, render(t, p))
	if again := FromRecord(reversed(published(t))); !bytes.Equal(render(t, p), render(t, again)) {
		t.Error("the order in which entries are given changes the page")
	}
}

func reversed(in []caserecord.Entry) (out []caserecord.Entry) {
	for i := range in {
		out = append(out, in[len(in)-1-i])
	}
	return out
}

// TestFromRecordWithheld: words that are not in the copy are not on its page.
func TestFromRecordWithheld(t *testing.T) {
	entries := published(t)
	hidden := 0
	for i := range entries {
		entries[i] = entries[i].WithoutBody()
		if entries[i].Withheld() {
			hidden++
		}
	}
	p := FromRecord(entries)
	b := render(t, p)
	if len(p.Decisions) != 0 || len(p.Items) != 0 || len(p.Withheld) != 1 || p.Withheld[0].Count != hidden {
		t.Errorf("%+v", p.Withheld)
	}
	for _, word := range []string{"ferry", "crane", "Security.evtx"} {
		if bytes.Contains(b, []byte(word)) {
			t.Errorf("%q is on the page", word)
		}
	}
	inspect(t, b)
}
