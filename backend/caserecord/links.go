package caserecord

// linkFault says what is wrong with the links of entry i to entries that are here, "" when nothing is. Missing entries
// are another matter: see Verify.
func (g *graph) linkFault(i int) string {
	h := &g.entries[i].Header
	if p, ok := g.index[h.Prev]; ok {
		prev := &g.entries[p].Header
		switch {
		case prev.Author != h.Author:
			return "prev is an entry of another author"
		case prev.Seq+1 != h.Seq:
			return "seq does not follow prev"
		case prev.Case != h.Case:
			return "prev belongs to another case"
		}
	}
	for a, id := range h.Seen {
		if p, ok := g.index[id]; ok && g.entries[p].Header.Author != a {
			return "seen names an entry under another author"
		}
	}
	return ""
}
