package caserecord

// linkFault says what is wrong with the links of entry i to entries that are here, "" when nothing is. Missing entries
// are another matter: see Verify.
func (g *graph) linkFault(i int) string { return g.faults[i] }

func (g *graph) faultOf(i int, from parents) string {
	h := &g.entries[i].Header
	if from.prev >= 0 {
		prev := &g.entries[from.prev].Header
		switch {
		case prev.Author != h.Author:
			return "prev is an entry of another author"
		case prev.Seq+1 != h.Seq:
			return "seq does not follow prev"
		case prev.Case != h.Case:
			return "prev belongs to another case"
		}
	}
	if from.mistaken {
		return "seen names an entry under another author"
	}
	return ""
}
