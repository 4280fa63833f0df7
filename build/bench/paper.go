package main

import (
	"bytes"

	"adjutant/backend/document"
	"adjutant/backend/document/documenttest"
	"adjutant/backend/document/pdf"
)

// notices drafts the notice to the authority from the facts of a made-up incident and draws it, ten times.
func notices(out *result) {
	name := "first" // loads the fonts
	for range 10 {
		var b bytes.Buffer
		out.timed(self, name, func() {
			d := must(document.Draft("gdpr-33", documenttest.Facts()))
			hash := must(d.Hash()).String()
			a := &document.Approval{By: "Ida Holm", Role: d.NeedsRole.Title(), At: start, Hash: hash, Entry: documenttest.Hash("approval")}
			out.Numbers["pages"] = float64(must(pdf.Pages(d, a)))
			check(pdf.Render(d, a, &b))
		})
		out.Numbers["kB"], name = float64(b.Len())/1e3, "later"
	}
}
