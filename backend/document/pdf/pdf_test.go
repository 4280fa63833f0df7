package pdf_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"adjutant/backend/document"
	"adjutant/backend/document/documenttest"
	"adjutant/backend/document/pdf"
	"adjutant/backend/incident"
)

func draft(t testing.TB, template string) document.Document {
	t.Helper()
	d, err := document.Draft(template, documenttest.Facts())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func approval(t testing.TB, d document.Document) *document.Approval {
	t.Helper()
	h, err := d.Hash()
	if err != nil {
		t.Fatal(err)
	}
	return &document.Approval{By: "Ida Holm", Role: d.NeedsRole.Title(), At: time.Date(2026, 11, 20, 15, 30, 0, 0, time.UTC), Hash: h.String(), Entry: documenttest.Hash("approval")}
}

func render(t testing.TB, d document.Document, a *document.Approval) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.Render(d, a, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tool finds a program of the machine; what depends on it is skipped loudly where it is absent.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("SKIPPED: %s is not installed; the PDF's text or structure is NOT checked by another program", name)
	}
	return path
}

// text reads the text layer back, page by page.
func text(t testing.TB, b []byte) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool(t, "pdftotext"), "-layout", "-enc", "UTF-8", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

var spaces = regexp.MustCompile(`[\s\x{00a0}]+`)

// squeeze makes texts comparable: breaks of lines do not count.
func squeeze(s string) string { return spaces.ReplaceAllString(s, "") }

// TestSameBytesInTwoProcesses renders every paper here and in a child process.
func TestSameBytesInTwoProcesses(t *testing.T) {
	sums := func() string {
		out := ""
		for _, tmpl := range document.Templates() {
			d := draft(t, tmpl.ID)
			for _, a := range []*document.Approval{nil, approval(t, d)} {
				sum := sha256.Sum256(render(t, d, a))
				out += tmpl.ID + " " + hex.EncodeToString(sum[:]) + "\n"
			}
		}
		return out
	}
	if os.Getenv("ADJUTANT_PDF_CHILD") != "" {
		fmt.Print("SUMS\n", sums(), "END\n")
		return
	}
	here := sums()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestSameBytesInTwoProcesses$")
	cmd.Env = append(os.Environ(), "ADJUTANT_PDF_CHILD=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if _, rest, ok := strings.Cut(string(out), "SUMS\n"); !ok || !strings.HasPrefix(rest, here+"END") {
		t.Errorf("another process gives other bytes:\n%s\nhere:\n%s", out, here)
	}
}

func TestTextRoundTrip(t *testing.T) {
	for _, tmpl := range document.Templates() {
		d := draft(t, tmpl.ID)
		pages := text(t, render(t, d, nil))
		n, err := pdf.Pages(d, nil)
		if err != nil || n != len(pages) {
			t.Errorf("%s: Pages says %d (%v), the file has %d", tmpl.ID, n, err, len(pages))
		}
		all := squeeze(strings.Join(pages, "\n"))
		missing := func(s string) bool { return !strings.Contains(all, squeeze(s)) }
		for _, s := range []string{d.Title, d.AsOf.Code, d.AsOf.Head[:4], "Draft"} {
			if missing(s) {
				t.Errorf("%s: %q is not in the text layer", tmpl.ID, s)
			}
		}
		sentences := 0
		d.Numbered(func(_ *document.Section, c *document.Clause, number string) {
			for _, s := range c.Sentences {
				sentences++
				// A footnote's mark may stand inside a line, so the sentence is looked for without its last character.
				if missing(strings.TrimSuffix(s.Text, ".")) && !footed(pages, s.Text) {
					t.Errorf("%s %s: %q is not in the text layer", tmpl.ID, number, s.Text)
				}
			}
		})
		if sentences < 8 {
			t.Errorf("%s: only %d sentences", tmpl.ID, sentences)
		}
		for i, p := range pages {
			if !strings.Contains(p, fmt.Sprintf("Page %d of %d", i+1, len(pages))) || !strings.Contains(p, "EXERCISE: fictional signers") ||
				!strings.Contains(p, "TLP:AMBER") || !strings.Contains(p, "Draft, not approved") {
				t.Errorf("%s: page %d lacks its number, exercise mark, sharing limit or state", tmpl.ID, i+1)
			}
		}
	}
}

// footed looks for a sentence that runs over the end of a page, where footnotes and frames stand between its lines.
func footed(pages []string, s string) bool {
	words := strings.Fields(strings.ReplaceAll(s, "\u00a0", " "))
	half := len(words) / 2
	a, b := squeeze(strings.Join(words[:half/2], "")), squeeze(strings.Join(words[len(words)-half/2:], ""))
	for i := 0; i+1 < len(pages); i++ {
		if strings.Contains(squeeze(pages[i]), a) && strings.Contains(squeeze(pages[i+1]), strings.TrimSuffix(b, ".")) {
			return true
		}
	}
	return false
}

// TestFootnotesStandOnThePageOfTheirCall reads where each note was set.
func TestFootnotesStandOnThePageOfTheirCall(t *testing.T) {
	d := draft(t, "gdpr-33")
	pages := text(t, render(t, d, nil))
	row := documenttest.Rows[5]
	found := false
	for _, p := range pages {
		if strings.Contains(p, "“Passenger list downloaded”") {
			found = true
			if !strings.Contains(squeeze(p), squeeze(row.ID)) || !strings.Contains(p, row.Locator) {
				t.Error("the note of the promoted row is not on its page")
			}
		}
	}
	if !found {
		t.Error("the sentence of the promoted row is nowhere")
	}
	quiet := text(t, render(t, draft(t, "staff-message"), nil))
	if all := strings.Join(quiet, ""); strings.Contains(all, "FS01") || strings.Contains(all, "SHA-256 b371") {
		t.Error("the message to staff prints rows")
	}
}

func TestQpdfAccepts(t *testing.T) {
	qpdf := tool(t, "qpdf")
	for _, tmpl := range document.Templates() {
		path := filepath.Join(t.TempDir(), "x.pdf")
		d := draft(t, tmpl.ID)
		if err := os.WriteFile(path, render(t, d, approval(t, d)), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(qpdf, "--check", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", tmpl.ID, err, out)
		}
	}
}

func TestApproval(t *testing.T) {
	d := draft(t, "gdpr-33")
	a := approval(t, d)
	all := squeeze(strings.Join(text(t, render(t, d, a)), ""))
	for _, want := range []string{"ApprovedbyIdaHolm,Legalcounsel,on20November2026at15:30:00UTC", a.Hash[:4], "ApprovedbyIdaHolm"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not on the approved paper", want)
		}
	}
	if strings.Contains(all, "Draft,notapproved") {
		t.Error("an approved paper says draft")
	}
	d.Sections[0].Clauses[0].Sentences[0].Text += " And more."
	if err := pdf.Render(d, a, io.Discard); !errors.Is(err, pdf.ErrApproval) {
		t.Errorf("an edited text keeps its approval: %v", err)
	}
}

func TestLiveCaseHasNoExerciseMark(t *testing.T) {
	d := draft(t, "gdpr-33")
	exercise := render(t, d, nil)
	d.Case.Mode = incident.ModeLive
	live := render(t, d, nil)
	if strings.Contains(strings.Join(text(t, live), ""), "EXERCISE") || bytes.Equal(exercise, live) {
		t.Error("a live paper carries the mark of an exercise, or an exercise looks like a live paper")
	}
}

// TestHostileText sets what evidence can hold: nothing panics, nothing is obeyed, nothing is lost.
func TestHostileText(t *testing.T) {
	d := draft(t, "gdpr-33")
	hostile := "emoji \U0001F600 end, override \u202Egnp.exe\u202C end, zero\u200Bwidth, null\x00, tab\tand\nline, שלום, 漢字, é e\u0301, " +
		"\ufeffmark, ☐☑✓→, half \xff byte, (paren) \\back, " + strings.Repeat("x", 400) + " " + strings.Repeat("C:\\very\\long\\path\\", 40)
	s := &d.Sections[2].Clauses[0].Sentences[0]
	s.Text = hostile
	d.Title = "Title " + hostile[:60]
	d.Case.Name = hostile
	d.Letterhead.Organisation = "Org \U0001F600\u202E"
	d.Citations[1].Path = hostile
	d.Addressee[0] = hostile
	all := squeeze(strings.Join(text(t, render(t, d, nil)), ""))
	for _, want := range []string{`\u{1F600}`, `\u{202E}gnp.exe\u{202C}`, `zero\u{200B}width`, `\u{0}`, `\u{5E9}`, `\u{6F22}`, `\u{FEFF}mark`, "☑✓→", "(paren)\\back"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in the text layer", want)
		}
	}
	if n := strings.Count(all, "x"); n < 400 {
		t.Errorf("%d of 400 letters of an unbreakable word survive", n)
	}
}

// TestLongTable runs a table over pages: the head comes again, no row is lost, and the paper stays quick.
func TestLongTable(t *testing.T) {
	d := draft(t, "situation-report")
	table := &document.Table{Columns: []document.Column{{Title: "Column head", Weight: 30, Style: "strong"}, {Title: "Value", Weight: 70, Style: "mono"}}}
	for i := 0; i < 300; i++ {
		table.Rows = append(table.Rows, document.TableRow{Cells: []string{fmt.Sprintf("line-%03d", i), strings.Repeat("ab12 ", i%40+1)}})
	}
	d.Sections[2].Clauses = []document.Clause{{Table: table, Origin: document.Origin{Kind: document.OriginComputed}}}
	start := time.Now()
	b := render(t, d, nil)
	t.Logf("%d bytes in %s", len(b), time.Since(start))
	pages := text(t, b)
	all := strings.Join(pages, "")
	for i := 0; i < 300; i++ {
		if strings.Count(all, fmt.Sprintf("line-%03d", i)) != 1 {
			t.Fatalf("row %d stands %d times", i, strings.Count(all, fmt.Sprintf("line-%03d", i)))
		}
	}
	for i, p := range pages {
		if strings.Contains(p, "line-") && !strings.Contains(p, "Column head") {
			t.Errorf("page %d goes on without a head", i+1)
		}
	}
}

// TestNoLonelyLines fills paragraphs of every length and looks at both ends of each page: no paragraph leaves a single
// line on either side, and no heading ends a page.
func TestNoLonelyLines(t *testing.T) {
	d := draft(t, "situation-report")
	var sections []document.Section
	for i := 0; i < 40; i++ {
		s := document.Section{ID: fmt.Sprint("s", i), Title: fmt.Sprintf("Heading%02d", i)}
		for j := 0; j < 2; j++ {
			words := []string{}
			for k := 0; k < 14*((i+j)%6+2); k++ {
				words = append(words, fmt.Sprintf("w%d.%d", i*2+j, k))
			}
			s.Clauses = append(s.Clauses, document.Clause{Sentences: []document.Sentence{{Text: strings.Join(words, " ")}}, Origin: document.Origin{Kind: document.OriginComputed}})
		}
		sections = append(sections, s)
	}
	d.Sections = sections
	pages := text(t, render(t, d, nil))
	if len(pages) < 8 {
		t.Fatalf("%d pages, expected at least 8", len(pages))
	}
	para := regexp.MustCompile(`w(\d+)\.\d+`)
	for i, p := range pages[:len(pages)-1] {
		var body []string
		for _, l := range strings.Split(p, "\n") {
			if para.MatchString(l) || strings.Contains(l, "Heading") {
				body = append(body, l)
			}
		}
		if len(body) < 3 {
			continue
		}
		last, before := body[len(body)-1], body[len(body)-2]
		if strings.Contains(last, "Heading") {
			t.Errorf("page %d ends with a heading", i+1)
			continue
		}
		id := para.FindStringSubmatch(last)[1]
		if m := para.FindStringSubmatch(before); (m == nil || m[1] != id) && strings.Contains(pages[i+1], "w"+id+".") {
			t.Errorf("page %d ends with one line of paragraph %s", i+1, id)
		}
		next := 0
		for _, l := range strings.Split(pages[i+1], "\n") {
			if m := para.FindStringSubmatch(l); m != nil && m[1] == id {
				next++
			}
		}
		if next == 1 {
			t.Errorf("page %d begins with one line of paragraph %s", i+2, id)
		}
	}
}

func TestHeadCodeFitsTheDenseForm(t *testing.T) {
	d := draft(t, "gdpr-33")
	code := pdf.HeadCode(&d)
	if !regexp.MustCompile(`^[0-9A-Z $%*+\-./:]+$`).MatchString(code) || !strings.Contains(code, strings.ToUpper(d.AsOf.Head)) {
		t.Errorf("head code %q", code)
	}
}

func BenchmarkNotice(b *testing.B) {
	d := draft(b, "gdpr-33")
	for b.Loop() {
		if err := pdf.Render(d, nil, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// TestAwaitsASecondSignature: a paper that one person approved and a second has still to sign is a draft, and says so.
func TestAwaitsASecondSignature(t *testing.T) {
	d := draft(t, document.Templates()[0].ID)
	a := approval(t, d)
	a.Awaits = true
	pages := text(t, render(t, d, a))
	all := strings.Join(pages, "\n")
	for _, want := range []string{"awaits a second signature; the approval is not in force", "Signed by " + a.By} {
		if !strings.Contains(squeeze(all), squeeze(want)) {
			t.Errorf("the paper does not say %q", want)
		}
	}
	for i, p := range pages {
		if !strings.Contains(p, "Draft, awaits a second signature") || strings.Contains(p, "Approved by") {
			t.Errorf("page %d does not say what it is", i+1)
		}
	}
	if n, err := pdf.Pages(d, a); err != nil || n != len(pages) {
		t.Errorf("Pages says %d (%v), the file has %d", n, err, len(pages))
	}
}
