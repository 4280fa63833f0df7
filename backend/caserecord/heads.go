package caserecord

// heads lists, for every entry, the head of the record as its author knew it when it was signed. What an author knew is the
// entry's past: Next makes every entry name all heads. So it is the head that a paper of that moment printed.
func (g *graph) heads(caseID string) []string {
	out := make([]string, len(g.entries))
	tips := make([][]tip, len(g.entries))
	for i := range g.entries {
		tips[i] = g.tipsAfter(i, tips)
		out[i] = headOf(caseID, append([]tip(nil), tips[i]...))
	}
	return out
}

// tipsAfter lists the newest entries of each author in the past of i, and i itself.
func (g *graph) tipsAfter(i int, known [][]tip) []tip {
	e := &g.entries[i]
	newest := map[Author]int{e.Header.Author: i}
	take := func(p int) {
		for _, t := range known[p] {
			at := g.index[t.id]
			if old, ok := newest[t.author]; !ok || g.before(old, at) {
				newest[t.author] = at
			}
		}
	}
	if p, ok := g.index[e.Header.Prev]; ok {
		take(p)
	}
	for _, id := range e.Header.Seen {
		if p, ok := g.index[id]; ok {
			take(p)
		}
	}
	out := make([]tip, 0, len(newest))
	for _, a := range sortedKeys(newest) {
		out = append(out, tip{a, g.entries[newest[a]].ID})
	}
	return out
}

// Heads lists the head of the record after every entry, as its author knew it, in causal order.
func Heads(entries []Entry) []string {
	g := newGraph(entries)
	return g.heads(mainCaseOf(g))
}

// HeadAfter is the head after one entry, "" when it is not among them.
func HeadAfter(entries []Entry, id ID) string {
	g := newGraph(entries)
	if at, ok := g.index[id]; ok {
		return g.heads(mainCaseOf(g))[at]
	}
	return ""
}

// HeadAt finds a head of the record, present or past, by its code or whole; "" when it never had it.
func HeadAt(entries []Entry, given string) string {
	want, ok := normalCode(given)
	if !ok {
		return ""
	}
	for _, h := range append(Heads(entries), Head(entries)) {
		if matches(want, h) {
			return h
		}
	}
	return ""
}

func mainCaseOf(g *graph) string {
	counts := map[caseMode]int{}
	for i := range g.entries {
		counts[caseMode{g.entries[i].Header.Case, g.entries[i].Header.Mode}]++
	}
	return mainCase(counts).id
}
