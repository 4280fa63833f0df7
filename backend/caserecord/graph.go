package caserecord

import (
	"bytes"
	"container/heap"
	"slices"
	"strings"
	"time"
)

// graph is the causal order of a set of entries: who had seen what. It answers "was a in b's past" in constant time, so
// that fold and verification stay linear in the number of entries.
//
// Every author's chain is a lane; where a chain forks, the second branch gets a lane of its own, so that lanes are always
// chains and an entry's past meets each lane in a prefix. clocks[i][l] is the length of that prefix (a vector clock).
// Entries of one lane that learn nothing new share the slice of what they know of the others.
type graph struct {
	entries []Entry // in causal order
	index   map[ID]int
	lane    []int32
	pos     []uint32 // place in the lane, from 1
	clocks  [][]uint32
	latest  []time.Time    // greatest recorded time in the entry's past, itself included
	beyond  []bool         // stands on a lane above MaxAuthors or MaxForks: not ordered, to be refused
	prev    []int32        // the entry named as prev, -1 when it is not here
	ends    []int          // last entry of each lane
	chains  map[Author]int // lanes of each author
	lacking []bool         // of the first entries: something in their past is not here
	faults  map[int]string
	opening ID // the opening that an anchor stands on, where a record has two; "" for the first
}

// newGraph orders the entries; equal ids are joined. O(n log n + n·authors).
func newGraph(entries []Entry) *graph { return graphOf(CausalOrder(entries), nil) }

// graphOf is newGraph of entries that are in causal order, each once; known are the parents of the first of them. It keeps
// the slice.
func graphOf(sorted []Entry, known []parents) *graph {
	n := len(sorted)
	g := &graph{
		index: make(map[ID]int, n), lane: make([]int32, 0, n), pos: make([]uint32, 0, n),
		clocks: make([][]uint32, 0, n), latest: make([]time.Time, 0, n), beyond: make([]bool, 0, n), prev: make([]int32, 0, n),
		faults: map[int]string{}, chains: map[Author]int{},
	}
	g.grow(sorted, known)
	return g
}

// parents are the entries that one names as prev and seen, as far as they are here; prev is -1 when it is not.
type parents struct {
	prev     int32
	seen     []int32
	mistaken bool // one of seen stands under another author
}

// grow takes the entries of a longer slice that begins with the present ones. The new ones stand behind all others. known
// gives the parents of the first new ones when they are known already.
func (g *graph) grow(longer []Entry, known []parents) {
	from := len(g.entries)
	g.entries = longer
	var seen []int32
	for i := from; i < len(longer); i++ {
		g.index[longer[i].ID] = i
		g.lane, g.pos, g.clocks = append(g.lane, 0), append(g.pos, 0), append(g.clocks, nil)
		g.latest, g.beyond = append(g.latest, time.Time{}), append(g.beyond, false)
		p := parents{prev: -1, seen: seen[:0]}
		if i-from < len(known) {
			p = known[i-from]
		} else {
			g.find(&longer[i].Header, &p)
			seen = p.seen
		}
		g.prev = append(g.prev, p.prev)
		g.place(i, p)
		if fault := g.faultOf(i, p); fault != "" {
			g.faults[i] = fault
		}
	}
}

// find looks the parents up.
func (g *graph) find(h *Header, p *parents) {
	if at, ok := g.index[h.Prev]; ok {
		p.prev = int32(at)
	}
	for a, id := range h.Seen {
		if at, ok := g.index[id]; ok {
			p.seen = append(p.seen, int32(at))
			p.mistaken = p.mistaken || g.entries[at].Header.Author != a
		}
	}
}

// lacks reports that something in the past of entry i is not here.
func (g *graph) lacks(i int) bool {
	for k := len(g.lacking); k <= i; k++ {
		h := &g.entries[k].Header
		missing := func(id ID) bool { at, ok := g.index[id]; return !ok || g.lacking[at] }
		lacks := h.Prev != "" && missing(h.Prev)
		for _, id := range h.Seen {
			lacks = lacks || missing(id)
		}
		g.lacking = append(g.lacking, lacks)
	}
	return g.lacking[i]
}

// asOf is the graph as it is now for a state that is handed out: it does not grow, and knows no index.
func (g *graph) asOf() *graph {
	s := *g
	s.index, s.ends, s.faults, s.chains = nil, nil, nil, nil
	return &s
}

// head is the case head: see Head.
func (g *graph) head(caseID string) string {
	if len(g.entries) == 0 {
		return ""
	}
	followed := make([]bool, len(g.entries))
	for i := range g.entries {
		if p := g.prev[i]; p >= 0 && g.entries[p].Header.Author == g.entries[i].Header.Author {
			followed[p] = true
		}
	}
	var tips []tip
	for i := range g.entries {
		if !followed[i] {
			tips = append(tips, tip{g.entries[i].Header.Author, g.entries[i].ID})
		}
	}
	return headOf(caseID, tips)
}

// place gives entry i its lane, clock and latest time. Its parents have theirs already.
func (g *graph) place(i int, from parents) {
	e := &g.entries[i]
	g.latest[i] = e.Header.Recorded
	var known []uint32
	prev, hasPrev := int(from.prev), from.prev >= 0
	if hasPrev {
		known = g.clocks[prev]
		g.latest[i] = later(g.latest[i], g.latest[prev])
	}
	shared := hasPrev
	for _, p := range from.seen {
		g.latest[i] = later(g.latest[i], g.latest[p])
		if !g.beyond[p] && !(int(g.lane[p]) < len(known) && known[g.lane[p]] >= g.pos[p]) {
			known = join(known, g.clocks[p], &shared)
			known = raise(known, g.lane[p], g.pos[p], &shared)
		}
	}
	// An own chain continues its lane when it stands at the lane's end; otherwise it is a first entry or a fork.
	if hasPrev && !g.beyond[prev] && g.ends[g.lane[prev]] == prev && g.entries[prev].Header.Author == e.Header.Author {
		g.lane[i], g.pos[i] = g.lane[prev], g.pos[prev]+1
		g.ends[g.lane[i]] = i
	} else {
		if len(g.ends) >= MaxAuthors || g.chains[e.Header.Author] >= MaxForks {
			g.beyond[i] = true
			return
		}
		g.chains[e.Header.Author]++
		g.lane[i], g.pos[i] = int32(len(g.ends)), 1
		g.ends = append(g.ends, i)
		if hasPrev && !g.beyond[prev] {
			known = raise(known, g.lane[prev], g.pos[prev], &shared)
		}
	}
	g.clocks[i] = known
}

// join takes the greater of two clocks; it copies a only when it is shared with another entry and must grow.
func join(a, b []uint32, shared *bool) []uint32 {
	for l, v := range b {
		if v > 0 && (l >= len(a) || a[l] < v) {
			a = raise(a, int32(l), v, shared)
		}
	}
	return a
}

func raise(a []uint32, lane int32, v uint32, shared *bool) []uint32 {
	if int(lane) < len(a) && a[lane] >= v {
		return a
	}
	if *shared || int(lane) >= len(a) {
		c := make([]uint32, max(len(a), int(lane)+1))
		copy(c, a)
		a, *shared = c, false
	}
	a[lane] = v
	return a
}

// before reports whether entry a is in the causal past of entry b. An entry is not in its own past.
func (g *graph) before(a, b int) bool {
	if a == b || g.beyond[a] || g.beyond[b] {
		return false
	}
	if g.lane[a] == g.lane[b] {
		return g.pos[a] < g.pos[b]
	}
	known := g.clocks[b]
	return int(g.lane[a]) < len(known) && known[g.lane[a]] >= g.pos[a]
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// unique joins entries with the same id: the body wins over its absence, and of two valid signatures (only the author
// can make a second one) the smaller line wins, so that the result does not depend on the order. When there are none, the
// slice is shared.
func unique(entries []Entry) []Entry {
	at := make(map[ID]int, len(entries))
	var out []Entry // nil as long as nothing came twice
	for n := range entries {
		e := &entries[n]
		i, twice := at[e.ID]
		if twice && out == nil {
			out = append(make([]Entry, 0, len(entries)), entries[:n]...)
		}
		switch {
		case twice:
			out[i] = joinCopies(out[i], *e)
		case out != nil:
			at[e.ID] = len(out)
			out = append(out, *e)
		default:
			at[e.ID] = n
		}
	}
	if out == nil {
		return slices.Clip(entries)
	}
	return out
}

func joinCopies(a, b Entry) Entry {
	sig := a.signature()
	if compareLines(&b, &a) < 0 {
		sig = b.signature()
	}
	if a.Withheld() {
		a.held, a.content = b.held, b.content
	}
	if !bytes.Equal(a.signature(), sig) {
		a.held = pack(sig, a.Body())
	}
	return a
}

// causalOrder sorts entries so that each stands after everything it has seen; ties by recorded, author, seq, id. Entries
// with missing parents stand where the others let them. When they are in this order already, the slice is shared.
func causalOrder(entries []Entry) []Entry {
	index := make(map[ID]int, len(entries))
	for i := range entries {
		index[entries[i].ID] = i
	}
	waits := make([]int32, len(entries))
	// The children of a parent are a chain of links: first is where it begins, each link names the next. 0 ends it.
	type childLink struct{ child, next int32 }
	first, links := make([]int32, len(entries)), make([]childLink, 1, 2*len(entries)+1)
	link := func(parent ID, child int) {
		if p, ok := index[parent]; ok {
			waits[child]++
			links = append(links, childLink{int32(child), first[p]})
			first[p] = int32(len(links) - 1)
		}
	}
	for i := range entries {
		link(entries[i].Header.Prev, i)
		for _, id := range entries[i].Header.Seen {
			link(id, i)
		}
	}
	ready := &readyHeap{entries: entries}
	for i := range entries {
		if waits[i] == 0 {
			ready.at = append(ready.at, i)
		}
	}
	heap.Init(ready)
	order, moved := make([]int32, 0, len(entries)), false
	for ready.Len() > 0 {
		i := heap.Pop(ready).(int)
		moved = moved || i != len(order)
		order = append(order, int32(i))
		for l := first[i]; l != 0; l = links[l].next {
			c := links[l].child
			if waits[c]--; waits[c] == 0 {
				heap.Push(ready, int(c))
			}
		}
	}
	if !moved {
		return slices.Clip(entries)
	}
	out := make([]Entry, len(order), len(order)+64) // what is signed next needs no new list. All of them: ids are hashes over their parents, so there is no cycle
	for at, i := range order {
		out[at] = entries[i]
	}
	return out
}

// compareEntries orders entries that have not seen each other.
func compareEntries(a, b *Entry) int {
	if c := a.Header.Recorded.Compare(b.Header.Recorded); c != 0 {
		return c
	}
	if c := strings.Compare(string(a.Header.Author), string(b.Header.Author)); c != 0 {
		return c
	}
	if a.Header.Seq != b.Header.Seq {
		if a.Header.Seq < b.Header.Seq {
			return -1
		}
		return 1
	}
	return strings.Compare(string(a.ID), string(b.ID))
}

// readyHeap holds entries whose parents are all placed.
type readyHeap struct {
	entries []Entry
	at      []int
}

func (h *readyHeap) Len() int { return len(h.at) }
func (h *readyHeap) Less(i, j int) bool {
	return compareEntries(&h.entries[h.at[i]], &h.entries[h.at[j]]) < 0
}
func (h *readyHeap) Swap(i, j int) { h.at[i], h.at[j] = h.at[j], h.at[i] }
func (h *readyHeap) Push(x any)    { h.at = append(h.at, x.(int)) }
func (h *readyHeap) Pop() any {
	x := h.at[len(h.at)-1]
	h.at = h.at[:len(h.at)-1]
	return x
}

// CausalOrder returns the entries, equal ones joined, in the order in which Fold reads them and bundles store them.
// The slice is the caller's own.
func CausalOrder(entries []Entry) []Entry {
	out := causalOrder(unique(entries))
	if len(out) > 0 && &out[0] == &entries[0] {
		return slices.Clone(out)
	}
	return out
}

// Past returns what the author of an entry knew when signing it: its causal past, without the entry itself, in causal
// order. nil when the entry is not among them.
func Past(entries []Entry, id ID) []Entry {
	g := newGraph(entries)
	at, ok := g.index[id]
	if !ok {
		return nil
	}
	return g.filter(func(i int) bool { return g.before(i, at) })
}

// Until returns what was recorded by then, with all its causes: known to someone. An entry whose clock ran backwards
// counts at the time of the newest entry it has seen.
func Until(entries []Entry, at time.Time) []Entry {
	g := newGraph(entries)
	return g.filter(func(i int) bool { return !g.latest[i].After(at) })
}

// KnownTo returns what an author knew by then: the past of their last entry recorded by then, and that entry.
func KnownTo(entries []Entry, author Author, at time.Time) []Entry {
	g := newGraph(entries)
	last := -1
	for i := range g.entries {
		if g.entries[i].Header.Author == author && !g.latest[i].After(at) {
			last = i
		}
	}
	if last < 0 {
		return nil
	}
	return g.filter(func(i int) bool { return i == last || g.before(i, last) })
}

// filter returns the entries to keep. When they are the first ones, as they most often are, the slice is shared.
func (g *graph) filter(keep func(int) bool) []Entry {
	n := 0
	for n < len(g.entries) && keep(n) {
		n++
	}
	out := g.entries[:n:n]
	for i := n + 1; i < len(g.entries); i++ {
		if keep(i) {
			out = append(out, g.entries[i])
		}
	}
	return slices.Clip(out)
}
