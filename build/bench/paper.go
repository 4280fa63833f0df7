package main

import (
	"bytes"

	"adjutant/backend/document"
	"adjutant/backend/document/documenttest"
	"adjutant/backend/document/pdf"
)

// notices drafts the notice to the authority from the facts of a made-up incident and draws it, ten times.
func notices(out *result) error {
	for i := range 10 {
		name := "later"
		if i == 0 {
			name = "first" // loads the fonts
		}
		var b bytes.Buffer
		err := out.timed(self, name, func() error {
			d, err := document.Draft("gdpr-33", documenttest.Facts())
			if err != nil {
				return err
			}
			h, err := d.Hash()
			if err != nil {
				return err
			}
			a := &document.Approval{By: "Ida Holm", Role: d.NeedsRole.Title(), At: start, Hash: h.String(), Entry: documenttest.Hash("approval")}
			pages, err := pdf.Pages(d, a)
			if err != nil {
				return err
			}
			out.Numbers["pages"] = float64(pages)
			return pdf.Render(d, a, &b)
		})
		if err != nil {
			return err
		}
		out.Numbers["bytes"] = float64(b.Len())
	}
	return nil
}
