// Package pdf draws a document as a paper that counsel can sign.
//
// Last step of stage 9: document gives the model, a person's approval comes beside it, and Render is a function of the
// two: the same input gives the same bytes in every process. It is the only package that imports go-pdf/fpdf, which is
// used as a drawing engine alone; fonts, kerning, line and page breaking, true footnotes, tables with repeated heads,
// marks and codes are worked out here. It keeps true that no character of a text is lost (what cannot be set is shown as
// \u{XXXX}), that nothing hidden in a text takes effect (controls and direction marks are shown, never obeyed), that a
// paper without approval says DRAFT and one of an exercise says EXERCISE on every page, and that an approval of other
// words is refused.
//
// Forms (document.Form) are drawn by the same layout, without draft and approval. Right-to-left and Indic scripts are not
// set: their letters appear as \u{XXXX}, and a form that holds such text says so. PDF/A, tags and signatures are added by
// later steps; every piece of drawing already says which part of the text it is.
package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-pdf/fpdf"

	"adjutant/backend/document"
	"adjutant/backend/incident"
)

// ErrApproval is returned when the approval is of another text than the document's.
var ErrApproval = errors.New("pdf: the approval is of another text")

// Render draws d into w. Without an approval in force every page carries DRAFT. The document's check is not repeated here: the
// workbench exports a final paper only when document.Passed says so.
func Render(d document.Document, approval *document.Approval, w io.Writer) error {
	hash, err := d.Hash()
	if err != nil {
		return err
	}
	if approval != nil && approval.Hash != hash.String() {
		return fmt.Errorf("%w: approved %.16s…, document %.16s…; any edit voids an approval", ErrApproval, approval.Hash, hash.String())
	}
	f, err := loadFaces()
	if err != nil {
		return fmt.Errorf("pdf: fonts: %w", err)
	}
	b := newBuilder(&d, approval, hash.String(), f)
	pages := paginate(b.flow(), b.notes)
	c := newCanvas(f, &d, b.approval)
	for i, p := range pages {
		c.pdf.AddPage()
		b.frame(c, i+1, len(pages))
		p.draw(c)
		b.notes.draw(c, p.notes)
	}
	if err := c.pdf.Output(w); err != nil {
		return fmt.Errorf("pdf: write: %w", err)
	}
	return nil
}

// Pages counts the pages that Render would make.
func Pages(d document.Document, approval *document.Approval) (int, error) {
	f, err := loadFaces()
	if err != nil {
		return 0, fmt.Errorf("pdf: fonts: %w", err)
	}
	hash, err := d.Hash()
	if err != nil {
		return 0, err
	}
	b := newBuilder(&d, approval, hash.String(), f)
	return len(paginate(b.flow(), b.notes)), nil
}

// builder turns the document into lines of the page flow.
type builder struct {
	d        *document.Document
	approval *document.Approval // in force; nil for a draft
	awaits   *document.Approval // of a draft that a second person has still to sign
	hash     string
	state    string // of a form, which nobody approves; "" for a document
	faces    *faces
	notes    *notes
}

func newBuilder(d *document.Document, approval *document.Approval, hash string, f *faces) *builder {
	b := &builder{d: d, approval: approval, hash: hash, faces: f, notes: newNotes(d, f)}
	if approval != nil && approval.Awaits {
		b.approval, b.awaits = nil, approval
	}
	return b
}

func (b *builder) exercise() bool { return b.d.Case.Mode == incident.ModeExercise }

// newCanvas makes the drawing surface. Everything that could differ from run to run is pinned: dates come from the
// document and the approval, and the catalog is sorted.
func newCanvas(f *faces, d *document.Document, approval *document.Approval) *canvas {
	p := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "pt", Size: fpdf.SizeType{Wd: pageWidth, Ht: pageHeight}})
	p.SetCatalogSort(true)
	p.SetCreationDate(d.Generated.UTC())
	modified := d.Generated.UTC()
	if approval != nil {
		modified = approval.At.UTC()
	}
	p.SetModificationDate(modified)
	p.SetMargins(0, 0, 0)
	p.SetCellMargin(0)
	p.SetAutoPageBreak(false, 0)
	p.SetTitle(inert(d.Title), true)
	p.SetSubject(inert(d.Case.Name), true)
	p.SetAuthor(inert(d.Letterhead.Organisation), true)
	p.SetProducer("Adjutant", true)
	p.SetCreator("Adjutant", true)
	p.SetLang("en-GB")
	for _, face := range f.all {
		// A copy: fpdf writes into the bytes when it cuts the subset, and the second paper of a process would differ.
		p.AddUTF8FontFromBytes(face.name, "", bytes.Clone(face.bytes))
	}
	return &canvas{pdf: p, faces: f}
}
