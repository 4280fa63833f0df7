package caserecord

// A head is made of the tips: what no entry of the same author names as prev. What an author knew is the entry's past: Next
// makes every entry name all heads. So the head after an entry is the one that a paper of that moment printed.

// lanesOf lists the entries of every lane, and for each lane the entry of the same author from which it forked, -1 for none.
func (g *graph) lanesOf() (lanes [][]int32, from []int32) {
	lanes, from = make([][]int32, len(g.ends)), make([]int32, len(g.ends))
	for i := range g.entries {
		if g.beyond[i] {
			continue
		}
		l := g.lane[i]
		if len(lanes[l]) == 0 {
			from[l] = -1
			if p := g.prev[i]; p >= 0 && !g.beyond[p] && g.entries[p].Header.Author == g.entries[i].Header.Author {
				from[l] = p
			}
		}
		lanes[l] = append(lanes[l], int32(i))
	}
	return lanes, from
}

// headAfter is the head of an entry and its past, which meets every lane in a prefix.
func (g *graph) headAfter(i int, caseID string, lanes [][]int32, from []int32) string {
	if g.beyond[i] {
		return headOf(caseID, []tip{{g.entries[i].Header.Author, g.entries[i].ID}})
	}
	known := func(l int32) uint32 {
		switch {
		case l == g.lane[i]:
			return g.pos[i]
		case int(l) < len(g.clocks[i]):
			return g.clocks[i][l]
		}
		return 0
	}
	var tips []tip
	followed := map[int32]bool{}
	for l, p := range from {
		if p >= 0 && known(int32(l)) > 0 {
			followed[p] = true
		}
	}
	for l, entries := range lanes {
		if n := known(int32(l)); n > 0 && !followed[entries[n-1]] {
			e := &g.entries[entries[n-1]]
			tips = append(tips, tip{e.Header.Author, e.ID})
		}
	}
	return headOf(caseID, tips)
}

func (g *graph) heads(caseID string) []string {
	out := make([]string, len(g.entries))
	lanes, from := g.lanesOf()
	for i := range g.entries {
		out[i] = g.headAfter(i, caseID, lanes, from)
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
		lanes, from := g.lanesOf()
		return g.headAfter(at, mainCaseOf(g), lanes, from)
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
