package caserecord

import (
	"slices"
	"time"
)

// Parts of the record that a state was folded from: what was known, when, to whom. Each is closed under its past and in
// causal order; Knowledge is its fold. They cost no new ordering, so that a window can go back and forth in time.

// All returns the entries that the state was folded from, in causal order. They are shared: do not change them.
func (s *State) All() []Entry { return slices.Clip(s.graph.entries) }

// Until is Until of the entries of this state.
func (s *State) Until(at time.Time) []Entry {
	return s.graph.filter(func(i int) bool { return !s.graph.latest[i].After(at) })
}

// Past is Past of the entries of this state; false when the entry is not among them.
func (s *State) Past(id ID) ([]Entry, bool) {
	at := s.graph.placeOf(id)
	if at < 0 {
		return nil, false
	}
	return s.graph.filter(func(i int) bool { return s.graph.before(i, at) }), true
}

// KnownTo is what a person knew by then, by all their keys: for each the past of its last entry by then, and that entry.
func (s *State) KnownTo(keys []Author, at time.Time) []Entry {
	g := s.graph
	last := map[Author]int{}
	for i := range g.entries {
		if a := g.entries[i].Header.Author; slices.Contains(keys, a) && !g.latest[i].After(at) {
			last[a] = i
		}
	}
	return g.filter(func(i int) bool {
		for _, l := range last {
			if i == l || g.before(i, l) {
				return true
			}
		}
		return false
	})
}

// TimeOf is the time of an entry of this state: the greatest recorded time in its past and its own. false when the entry is
// not among them.
func (s *State) TimeOf(id ID) (time.Time, bool) {
	at := s.graph.placeOf(id)
	if at < 0 {
		return time.Time{}, false
	}
	return s.graph.latest[at], true
}

// placeOf is the place of an entry, -1 when it is not here. A graph that was handed out has no index.
func (g *graph) placeOf(id ID) int {
	for i := range g.entries {
		if g.entries[i].ID == id {
			return i
		}
	}
	return -1
}

// Knowledge is Fold of a part as Until, Past and KnownTo of a state give it.
func Knowledge(part []Entry) *State { return foldAll(graphOf(part, nil)).s }
