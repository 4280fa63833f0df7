package pdf_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/document"
	"adjutant/backend/document/documenttest"
	"adjutant/backend/document/pdf"
	"adjutant/backend/incident"
	"adjutant/backend/witness/slip"
)

type former interface {
	Form() (document.Form, error)
}

func form(t testing.TB, facts former) document.Form {
	t.Helper()
	f, err := facts.Form()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func renderForm(t testing.TB, f document.Form) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.RenderForm(f, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// formPapers are the papers with the pages that each has to fit on.
var formPapers = []struct {
	name  string
	facts former
	pages int
}{
	{"slip", documenttest.Slip(), 1}, {"arrived", documenttest.Arrived(documenttest.Hash("head")), 1}, {"differs", documenttest.Arrived(documenttest.Hash("other")), 1},
	{"offered", documenttest.Receipt(document.ReceiptOffered, 3), 1}, {"received", documenttest.Receipt(document.ReceiptReceived, 40), 4},
	{"refused", documenttest.Receipt(document.ReceiptRefused, 2), 1}, {"log", documenttest.Privileged(30), 3},
}

func TestFormsTextAndPages(t *testing.T) {
	for _, p := range formPapers {
		f := form(t, p.facts)
		pages := text(t, renderForm(t, f))
		n, err := pdf.FormPages(f)
		if err != nil || n != len(pages) || n != p.pages {
			t.Errorf("%s: FormPages says %d (%v), the file has %d, expected %d", p.name, n, err, len(pages), p.pages)
		}
		all := squeeze(strings.Join(pages, "\n"))
		checked := 0
		want := func(list ...string) {
			for _, s := range list {
				checked++
				if !strings.Contains(all, squeeze(s)) {
					t.Errorf("%s: %q is not in the text layer", p.name, s)
				}
			}
		}
		want(f.Title, f.Subtitle)
		for _, part := range f.Parts {
			want(part.Title)
			want(part.Ticks...)
			for _, s := range part.Texts {
				want(s[:len(s)/2])
			}
			fields := part.Fields
			if part.Square != nil {
				fields = append(fields, part.Square.Fields...)
			}
			for _, s := range fields {
				want(s.Label)
				if s.Style == "code" {
					want(s.Value)
				}
			}
			if part.Table != nil && len(part.Table.Columns) < 8 {
				for _, r := range part.Table.Rows {
					want(r.Cells[0])
				}
			}
		}
		if checked < 12 {
			t.Errorf("%s: only %d texts looked for", p.name, checked)
		}
		for i, page := range pages {
			if !strings.Contains(page, fmt.Sprintf("Page %d of %d", i+1, len(pages))) || !strings.Contains(page, "EXERCISE: fictional signers") || !strings.Contains(page, "TLP:AMBER") ||
				!strings.Contains(page, f.State) || strings.Contains(page, "Draft") {
				t.Errorf("%s: page %d lacks its number, exercise mark, sharing limit or state, or says draft", p.name, i+1)
			}
		}
	}
}

func TestReceiptTableRunsOverPages(t *testing.T) {
	pages := text(t, renderForm(t, form(t, documenttest.Receipt(document.ReceiptReceived, 40))))
	all := strings.Join(pages, "")
	for i := 0; i < 40; i++ {
		if i%5 != 1 && strings.Count(all, fmt.Sprintf("triage-FS%02d.zip", i+1)) != 1 {
			t.Errorf("item %d stands %d times", i+1, strings.Count(all, fmt.Sprintf("triage-FS%02d.zip", i+1)))
		}
	}
	for i, p := range pages {
		if strings.Contains(p, "triage-FS") && !strings.Contains(p, "SHA-256") {
			t.Errorf("page %d goes on without a head", i+1)
		}
		if strings.Contains(p, "Signatures") && !strings.Contains(p, "triage-FS40.zip") {
			t.Errorf("page %d holds signatures without an item", i+1)
		}
	}
}

// TestLiveFormHasNoExerciseMark holds the mark to exercises, and TLP to its colour bar.
func TestLiveFormHasNoExerciseMark(t *testing.T) {
	s := documenttest.Slip()
	s.Case.Mode = incident.ModeLive
	if all := strings.Join(text(t, renderForm(t, form(t, s))), ""); strings.Contains(all, "EXERCISE") || !strings.Contains(all, "TLP:AMBER") {
		t.Error("a live slip carries the mark of an exercise, or lost its sharing limit")
	}
}

// TestHostileForm sets what evidence and foreign cards can hold: nothing panics, is obeyed, or is lost.
func TestHostileForm(t *testing.T) {
	r := documenttest.Receipt(document.ReceiptOffered, 3)
	r.Receiver.Name = "דנה \u202Ecod.exe"
	r.Giver.Name = strings.Repeat("Wolfeschlegelstein", 20)
	r.Items[0].Path = "証拠/" + strings.Repeat("y", 300) + "/\U0001F600\x00.bin"
	r.Items[1].Seal = strings.Repeat("Siegel ", 40)
	r.Purpose = strings.Repeat("Warum wohl? ", 900)
	r.Case.Name = strings.Repeat("sehr langer Fallname ", 60)
	all := squeeze(strings.Join(text(t, renderForm(t, form(t, r))), ""))
	for _, want := range []string{`\u{5D3}`, `\u{202E}cod.exe`, `\u{8A3C}`, `\u{1F600}\u{0}`, `cannotsetstandas\u{XXXX}`} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in the text layer", want)
		}
	}
	for s, n := range map[string]int{"y": 300, "Siegel": 40, "Warum": 900, "Wolfeschlegelstein": 20, "Fallname": 60} {
		if got := strings.Count(all, s); got < n {
			t.Errorf("%q stands %d of %d times", s, got, n)
		}
	}
	plain := squeeze(strings.Join(text(t, renderForm(t, form(t, documenttest.Receipt(document.ReceiptOffered, 3)))), ""))
	if strings.Contains(plain, `\u{`) {
		t.Error("a receipt that sets every character says that it cannot")
	}
}

// TestSlipSquareIsRead scans the printed square with another program.
func TestSlipSquareIsRead(t *testing.T) {
	zbar, ppm := tool(t, "zbarimg"), tool(t, "pdftoppm")
	facts := documenttest.Slip()
	dir := t.TempDir()
	path := filepath.Join(dir, "slip.pdf")
	if err := os.WriteFile(path, renderForm(t, form(t, facts)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(ppm, "-r", "150", "-png", path, filepath.Join(dir, "page")).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	out, err := exec.Command(zbar, "-q", "--raw", filepath.Join(dir, "page-1.png")).Output()
	if err != nil {
		t.Fatal(err)
	}
	s, err := slip.Parse(strings.TrimSpace(string(out)))
	if err != nil || s.Head != facts.AsOf.Head || s.File != facts.File.SHA256 || s.Case != facts.Case.ID {
		t.Errorf("%q: %+v %v", out, s, err)
	}
}

func TestQpdfAcceptsForms(t *testing.T) {
	qpdf := tool(t, "qpdf")
	for _, p := range formPapers {
		path := filepath.Join(t.TempDir(), "x.pdf")
		if err := os.WriteFile(path, renderForm(t, form(t, p.facts)), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(qpdf, "--check", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", p.name, err, out)
		}
	}
}

// TestFormsSameBytesInTwoProcesses renders every form here, twice, and in a child process.
func TestFormsSameBytesInTwoProcesses(t *testing.T) {
	sums := func() string {
		out := ""
		for _, p := range formPapers {
			sum := sha256.Sum256(renderForm(t, form(t, p.facts)))
			out += p.name + " " + hex.EncodeToString(sum[:]) + "\n"
		}
		return out
	}
	if os.Getenv("ADJUTANT_PDF_CHILD") != "" {
		fmt.Print("SUMS\n", sums(), "END\n")
		return
	}
	here := sums()
	if again := sums(); again != here {
		t.Errorf("a second time gives other bytes:\n%s\n%s", here, again)
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestFormsSameBytesInTwoProcesses$")
	cmd.Env = append(os.Environ(), "ADJUTANT_PDF_CHILD=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if _, rest, ok := strings.Cut(string(out), "SUMS\n"); !ok || !strings.HasPrefix(rest, here+"END") {
		t.Errorf("another process gives other bytes:\n%s\nhere:\n%s", out, here)
	}
}
