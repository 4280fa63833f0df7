package extract

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
)

var update = flag.Bool("update", false, "write published files that are absent; those that exist are never rewritten")

// TestOldBytes keeps a published extract readable: its bytes verify, and the same choice gives the same bytes but for the
// README, whose wording may grow.
func TestOldBytes(t *testing.T) {
	ada, ben := team(t)
	older := ada.checkpoint()
	ada.note()
	o := options(ada, ben, find(t, ben, 2), find(t, ada, 5))
	hidden := find(t, ada, 6)
	o.Chosen = append(o.Chosen, hidden.ID)
	o.Withhold = func(e caserecord.Entry) bool { return e.ID == hidden.ID }
	o.Against = [][]byte{older}
	o.Documents = []Document{{"notice.pdf", []byte("%PDF-1.7 not a real one\n")}}
	now, _ := write(t, o)
	golden := filepath.Join("testdata", "golden", "extract-v1")
	if _, err := os.Stat(golden); os.IsNotExist(err) && *update {
		if err := os.CopyFS(golden, os.DirFS(now)); err != nil {
			t.Fatal(err)
		}
	}
	r := verify(t, golden, caserecord.Anchors{}, older)
	if r.Verdict != caserecord.VerdictGood || r.Entries != 6 || r.Withheld != 1 || r.Documents != 1 || !r.Anchored {
		t.Errorf("%+v", r)
	}
	for _, name := range []string{ManifestFile, EntriesFile} {
		if !bytes.Equal(slurp(t, filepath.Join(now, name)), slurp(t, filepath.Join(golden, name))) {
			t.Errorf("%s: differs from the published bytes", name)
		}
	}
}

// TestFormatIsDocumented holds extract-format.md to the code: every code with its exit code, every bound with its value.
func TestFormatIsDocumented(t *testing.T) {
	b, err := os.ReadFile("../../doc/extract-format.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(b)
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	own := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Code") {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		own++
		if row := fmt.Sprintf("| `%s` | %d |", code, exitOf(caserecord.Code(code))); !strings.Contains(doc, row) {
			t.Errorf("extract-format.md lacks the row %s", row)
		}
		return true
	})
	if own != 19 {
		t.Errorf("%d codes of its own", own)
	}
	for _, c := range []caserecord.Code{
		caserecord.CodeForm, caserecord.CodeSignature, caserecord.CodeBodyHash, caserecord.CodeBody, caserecord.CodeDuplicate, caserecord.CodeOrder,
		caserecord.CodeWrongCase, caserecord.CodeModeMix, caserecord.CodeManifest, caserecord.CodeChecksum, caserecord.CodeAnchorKey,
		caserecord.CodeTooMany, caserecord.CodeNoOpening, caserecord.CodeTruncated, caserecord.CodeAuthorUnproven, caserecord.CodeEquivocation, caserecord.CodeWithheld,
	} {
		if row := fmt.Sprintf("| `%s` | %d |", c, exitOf(c)); !strings.Contains(doc, row) {
			t.Errorf("extract-format.md lacks the row %s", row)
		}
	}
	for what, n := range map[string]int{"entries": MaxEntries, "documents": MaxDocuments, "others": MaxAgainst, "words": maxWords} {
		text := strconv.Itoa(n)
		if n >= 10_000 {
			text = text[:len(text)-3] + "," + text[len(text)-3:]
		}
		if !strings.Contains(doc, text) {
			t.Errorf("extract-format.md does not say %s for %s", text, what)
		}
	}
}
