package bundle

import (
	"slices"
	"time"

	"adjutant/backend/caserecord"
)

// order checks that the lines stand in causal order. The exact order is known only when nothing is missing or damaged;
// otherwise each entry must at least come after those it names.
func (r *reader) order() {
	entries := r.b.Entries
	complete := len(r.damaged) == 0
	for _, e := range entries {
		for _, parent := range parents(e) {
			n, ok := r.lineOf[parent]
			if !ok {
				complete = false
			} else if n > r.lineOf[e.ID] {
				r.problem(caserecord.CodeOrder, string(e.ID), "line %d stands before line %d, which it had seen", r.lineOf[e.ID], n)
				return
			}
		}
	}
	if !complete {
		return
	}
	for i, want := range caserecord.CausalOrder(entries) {
		if want.ID != entries[i].ID {
			r.problem(caserecord.CodeOrder, string(entries[i].ID), "stands in line %d, where entry %s belongs", r.lineOf[entries[i].ID], want.ID)
			return
		}
	}
}

func parents(e caserecord.Entry) []caserecord.ID {
	var out []caserecord.ID
	if e.Header.Prev != "" {
		out = append(out, e.Header.Prev)
	}
	for _, id := range e.Header.Seen {
		out = append(out, id)
	}
	return out
}

// compare holds what the manifest says against what is here. A missing end of a chain shows nowhere else.
func (r *reader) compare() {
	m := r.b.Manifest
	if m == nil {
		return
	}
	missing := 0
	for _, h := range m.Heads {
		if _, ok := r.lineOf[h.Entry]; !ok && !r.damaged[string(h.Entry)] {
			missing++
			r.problem(caserecord.CodeTruncated, string(h.Entry), "entry %d of %s is missing: %s names it as the last of its chain",
				h.Seq, caserecord.KeyCode(h.Author), ManifestFile)
		}
	}
	if missing > 0 || len(r.damaged) > 0 {
		return // counts and head differ because of what is named already
	}
	if n := len(r.b.Entries); n < m.Entries {
		r.problem(caserecord.CodeTruncated, "", "%d entries are here, %s says %d", n, ManifestFile, m.Entries)
		return
	}
	got, _ := describe(r.b.Entries, time.Time{})
	if !same(*m, got) {
		r.problem(caserecord.CodeManifest, "", "%s does not describe these entries", ManifestFile)
	}
	if m.Version != versionOne {
		r.compareItems(m, got.Evidence)
	}
}

// compareItems holds the list of evidence and the files under evidence/ against what the record took into custody.
func (r *reader) compareItems(m *Manifest, record []Item) {
	known := map[string]bool{}
	for _, it := range record {
		known[it.SHA256] = true
	}
	for _, f := range m.Files {
		if kind, own, _ := KindOf(f.Name); kind == KindEvidence && !known[own] {
			r.wrongFile(CodeEvidenceUnknown, f.Name, "no entry of this record took these bytes into custody")
		}
	}
	// That bytes were deleted, or were never in the case, the record says; that nobody asked for them it cannot.
	same := func(a, b Item) bool {
		return a.SHA256 == b.SHA256 && a.Bytes == b.Bytes && (a.Why != WhyPurged && a.Why != WhyReferenced || a.Why == b.Why)
	}
	if !slices.EqualFunc(m.Evidence, record, same) {
		r.problem(caserecord.CodeManifest, "", "%s does not list the evidence that these entries name", ManifestFile)
	}
}

// same compares all that follows from the entries.
func same(a, b Manifest) bool {
	return slices.Equal(a.Heads, b.Heads) &&
		a.Case == b.Case && a.Name == b.Name && a.Mode == b.Mode && a.TLP == b.TLP && a.Exercise == b.Exercise &&
		a.Entries == b.Entries && a.Withheld == b.Withheld && a.Head == b.Head && a.HeadCode == b.HeadCode
}
