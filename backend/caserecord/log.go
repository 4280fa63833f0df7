package caserecord

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"adjutant/backend/incident"
)

// ErrForked is returned by Next for a key whose chain has two ends (a restored backup, a copied key): it must not sign
// again, since each new entry would deepen the doubt. The person needs a new key.
var ErrForked = errors.New("caserecord: this key has signed two different entries with one number")

// ErrMixed is returned by Next for a log that holds entries of several cases, or live and exercise ones together. Verify
// what comes from elsewhere before adding it.
var ErrMixed = errors.New("caserecord: the log holds entries of more than one case or mode")

// ErrNoOpening is returned by Next for a log without a case.opened entry.
var ErrNoOpening = errors.New("caserecord: the log has no opening")

// Log is a set of entries of one case that grows by adding and by union. It is not safe for concurrent use. It holds
// what it is given: which entries count is for Fold, which are sound is for Parse and Verify.
type Log struct {
	at       map[ID]int
	entries  []Entry // in order of arrival
	tips     map[Author]map[ID]uint64
	followed map[tip]bool // not here, but an entry of the same author has it as prev
	sorted   []Entry      // cache of Entries, nil when stale
	known    []parents    // of sorted, when they came with a saved reading
	fold     *folder      // of State, nil when it has to begin anew
	state    *State       // what fold last gave
	cases    map[caseMode]int
	opened   bool
}

// caseMode is what all entries of a log have in common.
type caseMode struct {
	id   string
	mode incident.Mode
}

// NewLog returns a log of these entries.
func NewLog(entries ...Entry) *Log {
	l := &Log{at: map[ID]int{}, tips: map[Author]map[ID]uint64{}, followed: map[tip]bool{}, cases: map[caseMode]int{}}
	for _, e := range entries {
		l.Add(e)
	}
	return l
}

// Add puts an entry in. It reports false when the entry was there already; a body that was missing is then filled in.
func (l *Log) Add(e Entry) bool {
	if i, ok := l.at[e.ID]; ok {
		if joined := joinCopies(l.entries[i], e); !bytes.Equal(joined.held, l.entries[i].held) {
			l.entries = slices.Clone(l.entries) // the old slice belongs to states that were handed out
			l.entries[i] = joined
			l.sorted, l.known, l.fold = nil, nil, nil
		}
		return false
	}
	l.share(&e.Header)
	h := &e.Header
	// The usual case, one's own next entry, has seen everything and comes last; sorting again is spared.
	last := l.sorted != nil && l.seesAll(h)
	both := last && len(l.sorted) > 0 && &l.sorted[0] == &l.entries[0] // one list for both: see Entries
	l.at[e.ID] = len(l.entries)
	l.entries = append(l.entries, e)
	switch {
	case both:
		l.sorted = l.entries
	case last:
		l.sorted = append(l.sorted, e)
	default:
		l.sorted, l.known, l.fold = nil, nil, nil
	}
	l.cases[caseMode{h.Case, h.Mode}]++
	l.opened = l.opened || h.Kind == CaseOpened
	tips := l.tips[h.Author]
	if tips == nil {
		tips = map[ID]uint64{}
		l.tips[h.Author] = tips
	}
	if _, here := l.at[h.Prev]; here {
		delete(tips, h.Prev)
	} else if h.Prev != "" {
		l.followed[tip{h.Author, h.Prev}] = true
	}
	if t := (tip{h.Author, e.ID}); l.followed[t] {
		delete(l.followed, t)
	} else {
		tips[e.ID] = h.Seq
	}
	return true
}

// share lets a header use the memory of what it repeats: the entry before it, which most often had seen the same.
func (l *Log) share(h *Header) {
	at, ok := l.at[h.Prev]
	if !ok {
		return
	}
	h.share(&l.entries[at])
}

// share lets a header use the memory of what it repeats of an entry.
func (h *Header) share(e *Entry) {
	p := &e.Header
	if h.Prev == e.ID {
		h.Prev = e.ID
	}
	if h.Author == p.Author {
		h.Author = p.Author
	}
	if h.Case == p.Case {
		h.Case = p.Case
	}
	if maps.Equal(h.Seen, p.Seen) {
		h.Seen = p.Seen
	}
}

// seesAll reports that a new entry has every end of every chain in its past.
func (l *Log) seesAll(h *Header) bool {
	for a, tips := range l.tips {
		for id := range tips {
			if id != h.Prev && h.Seen[a] != id {
				return false
			}
		}
	}
	return true
}

// Union adds all entries of o and returns how many were new.
func (l *Log) Union(o *Log) int {
	n := 0
	for _, e := range o.entries {
		if l.Add(e) {
			n++
		}
	}
	return n
}

// Join is the log of two sets of entries, which arrived in causal order as far as it can tell.
func Join(a, b []Entry) *Log {
	sorted := causalOrder(unique(append(append(make([]Entry, 0, len(a)+len(b)), a...), b...)))
	l := NewLog()
	l.at, l.entries = make(map[ID]int, len(sorted)), sorted[:0]
	for _, e := range sorted { // each is put where it stands already
		l.Add(e)
	}
	return l
}

// Follow takes over what another log with the same entries has computed of them: their order and state. It does nothing when
// the entries are not the same.
func (l *Log) Follow(o *Log) {
	if len(l.entries) != len(o.entries) || o.sorted == nil {
		return
	}
	for i := range o.entries {
		e := &o.entries[i]
		if at, ok := l.at[e.ID]; !ok || !bytes.Equal(l.entries[at].held, e.held) {
			return
		}
	}
	l.sorted, l.known, l.fold, l.state = o.sorted, o.known, o.fold, o.state
}

// Grow makes room for n more entries.
func (l *Log) Grow(n int) {
	both := len(l.sorted) > 0 && &l.sorted[0] == &l.entries[0]
	if l.entries = slices.Grow(l.entries, n); both {
		l.sorted = l.entries
	}
}

// Len is the number of entries.
func (l *Log) Len() int { return len(l.entries) }

// Get returns one entry.
func (l *Log) Get(id ID) (Entry, bool) {
	i, ok := l.at[id]
	if !ok {
		return Entry{}, false
	}
	return l.entries[i], true
}

// Entries returns all entries in causal order. The slice is shared until the next Add: do not change it.
func (l *Log) Entries() []Entry {
	if l.sorted == nil {
		l.sorted = causalOrder(l.entries)
		if len(l.entries) > 0 && &l.sorted[0] == &l.entries[0] {
			l.sorted = l.entries // they arrived in causal order: one list for both, with its room to grow
		}
	}
	return slices.Clip(l.sorted)
}

// State is Fold of the log. After an entry that had seen all others, which is one's own next, the new state comes out of
// the last one; otherwise everything is folded again.
func (l *Log) State() *State {
	sorted := l.Entries()
	if l.fold != nil {
		for n := len(l.fold.g.entries); n < len(sorted); n++ {
			if !l.fold.step(l.sorted[:n+1]) {
				l.fold = nil
				break
			}
		}
	}
	if l.fold == nil {
		l.fold, l.state = foldAll(graphOf(sorted, l.known)), nil
	}
	if l.state == nil || l.state.Entries != l.Len() {
		l.state = l.fold.handOut(l.Head())
	}
	return l.state
}

// Heads returns the newest entry of each author; of a forked chain the one with the greatest seq, then the smallest id.
func (l *Log) Heads() map[Author]ID {
	out := make(map[Author]ID, len(l.tips))
	for a, tips := range l.tips {
		if id, _ := newest(tips); id != "" {
			out[a] = id
		}
	}
	return out
}

func newest(tips map[ID]uint64) (ID, uint64) {
	var best ID
	var seq uint64
	for id, s := range tips {
		if best == "" || s > seq || (s == seq && id < best) {
			best, seq = id, s
		}
	}
	return best, seq
}

// Next prepares the header of an author's next entry: case, mode, seq, prev, seen and recorded. Seal fills in the rest.
func (l *Log) Next(a Author, recorded time.Time) (Header, error) {
	if !l.opened {
		return Header{}, ErrNoOpening
	}
	if len(l.cases) != 1 {
		return Header{}, ErrMixed
	}
	if len(l.tips[a]) > 1 {
		return Header{}, fmt.Errorf("%w: key %s", ErrForked, KeyCode(a))
	}
	of := mainCase(l.cases)
	h := Header{V: 1, Case: of.id, Mode: of.mode, Author: a, Seen: l.Heads(), Recorded: recorded}
	prev, seq := newest(l.tips[a])
	h.Seq, h.Prev = seq+1, prev
	delete(h.Seen, a)
	return h, nil
}

// Head is the case head of the log.
func (l *Log) Head() string {
	if len(l.entries) == 0 {
		return ""
	}
	var tips []tip
	for a, ids := range l.tips {
		for id := range ids {
			tips = append(tips, tip{a, id})
		}
	}
	return headOf(mainCase(l.cases).id, tips)
}

// Case is the id of the case, "" for an empty log.
func (l *Log) Case() string { return mainCase(l.cases).id }

// mainCase names the case that most entries belong to, so that a few strange ones do not take it over.
func mainCase(counts map[caseMode]int) caseMode {
	var best caseMode
	for c, n := range counts {
		if m := counts[best]; n > m || (n == m && (c.id < best.id || (c.id == best.id && c.mode > best.mode))) {
			best = c
		}
	}
	return best
}
