package caserecord

import (
	"iter"
	"reflect"
	"slices"
	"sync"
)

// A State is never changed once it was handed out, and the next one, an entry later, is almost the same. So that it need
// not be copied whole, the two share: slices that only grow (the later state is longer), lists of pointers (copied when
// one is replaced), and the maps of this file.

// table is a map of which several states share the greater part.
type table[V any] struct {
	base, top map[string]V // an entry of top replaces that of base
	lent      bool         // top belongs to a state that was handed out: copied before the next write
}

// maxTop bounds what is copied for one entry; beyond it top and base become one new base.
const maxTop = 1024

func (t *table[V]) get(k string) V {
	if v, ok := t.top[k]; ok {
		return v
	}
	return t.base[k]
}

func (t *table[V]) set(k string, v V) {
	if t.lent || t.top == nil {
		t.part()
	}
	t.top[k] = v
}

// part makes a top that may be written.
func (t *table[V]) part() {
	switch {
	case len(t.top) <= maxTop:
		t.top = cloneMap(t.top, 0)
	case len(t.base) == 0: // the first step after a whole fold: what it filled is the base from here on
		t.base, t.top = t.top, map[string]V{}
	default:
		base := cloneMap(t.base, len(t.top))
		for k, v := range t.top {
			base[k] = v
		}
		t.base, t.top = base, map[string]V{}
	}
	t.lent = false
}

func cloneMap[V any](m map[string]V, more int) map[string]V {
	out := make(map[string]V, len(m)+more)
	for k, v := range m {
		out[k] = v
	}
	return out
}

// all goes through the table in no particular order.
func (t *table[V]) all() iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for k, v := range t.top {
			if !yield(k, v) {
				return
			}
		}
		for k, v := range t.base {
			if _, replaced := t.top[k]; !replaced && !yield(k, v) {
				return
			}
		}
	}
}

// accepted says which entries count, and where each stands in the causal order. All states of one growing record share
// the map: it only grows, and a state passes over what came after it.
type accepted struct {
	shared *places
	n      int // entries that this state was folded from
}

type places struct {
	mu sync.RWMutex
	at map[ID]int
}

func newAccepted(n int) accepted { return accepted{&places{at: make(map[ID]int, n)}, n} }

func (a accepted) get(id ID) (int, bool) {
	a.shared.mu.RLock()
	i, ok := a.shared.at[id]
	a.shared.mu.RUnlock()
	return i, ok && i < a.n
}

func (a accepted) add(id ID, i int) {
	a.shared.mu.Lock()
	a.shared.at[id] = i
	a.shared.mu.Unlock()
}

// own returns an element that this fold may change. In a step it is copied first: earlier states keep theirs.
func own[T any](f *folder, p *T) *T {
	if !f.stepping {
		return p
	}
	c := *p
	return &c
}

// put gives a list an element that is new (old nil) or takes the place of old. A whole fold appends, and finish sorts; a
// step makes a new list in order. order nil keeps the order of arrival.
func put[T any](f *folder, list []*T, old, now *T, order func(a, b *T) int) []*T {
	if !f.stepping {
		if old == nil {
			return append(list, now)
		}
		return list
	}
	out := make([]*T, 0, len(list)+8)
	out = append(out, list...)
	at := slices.Index(out, old)
	switch {
	case order == nil && at >= 0:
		out[at] = now
		return out
	case at >= 0:
		out = slices.Delete(out, at, at+1)
	}
	if order == nil {
		return append(out, now)
	}
	at, _ = slices.BinarySearchFunc(out, now, order)
	return slices.Insert(out, at, now)
}

// clip gives every list of a state its own end, so that who appends to one writes into no other state.
func (s *State) clip() {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		if x := v.Field(i); x.Kind() == reflect.Slice && x.CanSet() {
			x.Set(x.Slice3(0, x.Len(), x.Len()))
		}
	}
	s.Severity.History = slices.Clip(s.Severity.History)
}
