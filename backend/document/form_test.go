package document_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/document"
	"adjutant/backend/document/documenttest"
	"adjutant/backend/witness/slip"
)

type former interface {
	Form() (document.Form, error)
}

// forms are the papers whose words stand in golden files.
func forms() map[string]former {
	later := documenttest.Slip()
	for len(later.Checkpoints) < 11 {
		later.Checkpoints = append(later.Checkpoints, later.Checkpoints[0])
	}
	empty := documenttest.Privileged(0)
	empty.For = ""
	paper := documenttest.Receipt(document.ReceiptReceived, 1)
	paper.OfferEntry, paper.ReplyEntry, paper.Condition, paper.Receiver, paper.Giver.Key = "", "", "", document.Party{}, ""
	paper.Items[0].Seal = ""
	return map[string]former{
		"courier-slip": documenttest.Slip(), "courier-slip-many-logs": later, "courier-slip-arrived": documenttest.Arrived(documenttest.Hash("head")),
		"courier-slip-differs": documenttest.Arrived(documenttest.Hash("other head")), "custody-offered": documenttest.Receipt(document.ReceiptOffered, 3),
		"custody-received": documenttest.Receipt(document.ReceiptReceived, 6), "custody-refused": documenttest.Receipt(document.ReceiptRefused, 2), "custody-on-paper": paper,
		"privilege-log": documenttest.Privileged(7), "privilege-log-empty": empty,
	}
}

// formText prints a form for a golden file, in the order in which it is drawn.
func formText(f document.Form) string {
	var b strings.Builder
	w := func(parts ...string) { b.WriteString(strings.Join(parts, "") + "\n") }
	w(f.Kind, " | ", f.Title, " | ", f.Subtitle, " | foot: ", f.State)
	field := func(x document.Field) { w("  ", x.Label, ": ", x.Value, " ", x.Style) }
	for _, p := range f.Parts {
		w("\n# ", p.Title)
		for _, x := range p.Fields {
			field(x)
		}
		if p.Square != nil {
			w("  [", p.Square.Content, "]")
			for _, x := range p.Square.Fields {
				field(x)
			}
		}
		if p.Table != nil {
			var heads []string
			for _, c := range p.Table.Columns {
				heads = append(heads, c.Title)
			}
			w("  | ", strings.Join(heads, " | "))
			for _, r := range p.Table.Rows {
				w("  | ", strings.Join(r.Cells, " | "))
			}
		}
		for _, t := range p.Texts {
			w("  ", t)
		}
		for _, x := range p.Boxes {
			w("  ____ ", x.Label, " ", x.Code)
		}
		for _, t := range p.Ticks {
			w("  [ ] ", t)
		}
		for _, s := range p.Signs {
			w("  ________ ", s.Who)
		}
	}
	return strings.ReplaceAll(b.String(), "\u00a0", "~")
}

func TestFormsGolden(t *testing.T) {
	all := ""
	for name, facts := range forms() {
		f, err := facts.Form()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := formText(f)
		all += got
		path := filepath.Join("testdata", "form-"+name+".golden")
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
			t.Errorf("%s differs from %s (rewrite with -update and read it):\n%s", name, path, got)
		}
		for _, bad := range []string{"must notify", "no evidence", "%!", "{", "}", "AI-generated"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s says %q", name, bad)
			}
		}
	}
	// Each text of each file of words is used by some paper above.
	files, err := filepath.Glob("forms/*.json")
	if err != nil || len(files) != 3 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var w struct{ Texts map[string]string }
		if err := json.Unmarshal(b, &w); err != nil {
			t.Fatal(err)
		}
		for key, text := range w.Texts {
			for _, piece := range strings.FieldsFunc(text, func(r rune) bool { return r == '{' || r == '}' }) {
				switch piece {
				case "n", "who", "name", "key", "entry", "fact", "advice", "giver", "receiver", "bytes":
					continue
				}
				if !strings.Contains(all, piece) {
					t.Errorf("%s: %s: %q is on no paper", name, key, piece)
				}
			}
		}
	}
}

func TestSlipFormCarriesItsCode(t *testing.T) {
	facts := documenttest.Slip()
	f, err := facts.Form()
	if err != nil {
		t.Fatal(err)
	}
	s, err := slip.Parse(f.Parts[0].Square.Content)
	if err != nil || s.Case != facts.Case.ID || s.Head != facts.AsOf.Head || s.File != facts.File.SHA256 {
		t.Errorf("%+v %v", s, err)
	}
	boxes := 0
	for _, p := range f.Parts {
		for _, b := range p.Boxes {
			boxes++
			if r, err := slip.Compare(b.Code, s); err != nil || !r.Equal() {
				t.Errorf("%s %s: %+v %v", b.Label, b.Code, r, err)
			}
		}
	}
	if boxes != 2 {
		t.Errorf("%d codes to compare, expected 2", boxes)
	}
}

func TestFormsRefuseFacts(t *testing.T) {
	head := documenttest.Slip()
	head.AsOf.Head = strings.ToUpper(head.AsOf.Head)
	file := documenttest.Slip()
	file.File.SHA256 = ""
	id := documenttest.Slip()
	id.Case.ID = "x"
	state := documenttest.Receipt("lost", 1)
	none := documenttest.Receipt(document.ReceiptOffered, 0)
	item := documenttest.Receipt(document.ReceiptOffered, 1)
	item.Items[0].SHA256 = "abc"
	silent := documenttest.Receipt(document.ReceiptRefused, 1)
	silent.Reason = " "
	entry := documenttest.Receipt(document.ReceiptReceived, 1)
	entry.ReplyEntry = "7"
	track := documenttest.Privileged(1)
	track.Rows[0].Track = "both"
	row := documenttest.Privileged(1)
	row.Rows[0].Entry = ""
	for name, facts := range map[string]former{"head": head, "file": file, "case": id, "state": state, "no items": none, "item": item, "no reason": silent, "entry": entry, "track": track, "row": row} {
		if f, err := facts.Form(); !errors.Is(err, document.ErrFacts) || len(f.Parts) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
