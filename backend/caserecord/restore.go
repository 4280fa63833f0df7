package caserecord

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
)

// ReadSealed parses entries on all cores. The error names the place, from 1, of the first that is none.
func ReadSealed(all []Sealed) ([]Entry, error) {
	out, errs := make([]Entry, len(all)), make([]error, len(all))
	onAllCores(len(all), func(i int) { out[i], errs[i] = ParseSealed(all[i].Line, all[i].Body) })
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("entry %d of the record: %w", i+1, err)
		}
	}
	return out, nil
}

func onAllCores(n int, f func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), 1+n/256)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := n * w / workers; i < n*(w+1)/workers; i++ {
				f(i)
			}
		})
	}
	wg.Wait()
}

// SavedEntries says how many entries a reading is about, 0 when it is none.
func SavedEntries(saved []byte) int {
	r := savedReader{b: saved}
	r.begin()
	n := r.tables()
	if r.bad {
		return 0
	}
	return n
}

// Restore makes the log of these entries from their bytes and the reading that Save wrote of them. of must be the digest of
// the bytes that are given now. Errors: ErrSaved; then parse them.
func Restore(saved []byte, of [sha256.Size]byte, all []Sealed) (*Log, error) {
	const tail = sha256.Size
	if len(saved) < len(savedMagic)+2*tail {
		return nil, ErrSaved
	}
	b, sum := saved[:len(saved)-tail], saved[len(saved)-tail:]
	if got := sha256.Sum256(b); !bytes.Equal(got[:], sum) {
		return nil, fmt.Errorf("%w: its hash is another", ErrSaved)
	}
	r := savedReader{b: b}
	if r.begin(); string(r.of) != string(of[:]) {
		return nil, fmt.Errorf("%w: it is about other bytes", ErrSaved)
	}
	if n := r.tables(); r.bad || n != len(all) || n == 0 {
		return nil, fmt.Errorf("%w: it is about another number of entries", ErrSaved)
	}
	l := NewLog()
	l.entries = make([]Entry, len(all), len(all)+len(all)/16+64) // what is signed next needs no new list
	links := r.headers(l.entries)
	order := r.order(len(all))
	if r.bad || len(r.b) > 0 || !contentsOf(l.entries, all) {
		return nil, fmt.Errorf("%w: its form", ErrSaved)
	}
	if !l.arrange(links, order) {
		return nil, fmt.Errorf("%w: its order", ErrSaved)
	}
	return l, nil
}

// contentsOf gives entries with a header their bytes and what they say; false when a body is none. The bytes were parsed
// strictly when the reading was made.
func contentsOf(entries []Entry, all []Sealed) bool {
	const head = len(bodyHead) + saltHexDigits + len(bodyData)
	good := make([]bool, len(entries))
	onAllCores(len(entries), func(i int) {
		e := &entries[i]
		e.Line, e.Body = all[i].Line, all[i].Body
		if e.Body == nil {
			good[i] = true
			return
		}
		content := newContent(e.Header.Kind)
		if len(e.Body) <= head || content == nil {
			return
		}
		e.Data = json.RawMessage(e.Body[head : len(e.Body)-len(bodyTail)])
		e.content = content
		good[i] = json.Unmarshal(e.Data, content) == nil
	})
	for _, ok := range good {
		if !ok {
			return false
		}
	}
	return true
}

// arrange fills what a log knows of its entries; false when the order is not one in which parents come first.
func (l *Log) arrange(links []parents, order []int32) bool {
	followed := make([]bool, len(l.entries))
	for i := range l.entries {
		e := &l.entries[i]
		l.at[e.ID] = i
		l.cases[caseMode{e.Header.Case, e.Header.Mode}]++
		l.opened = l.opened || e.Header.Kind == CaseOpened
		if p := links[i].prev; p >= 0 && l.entries[p].Header.Author == e.Header.Author {
			followed[p] = true
		} else if p < 0 && e.Header.Prev != "" {
			l.followed[tip{e.Header.Author, e.Header.Prev}] = true
		}
	}
	if len(l.at) != len(l.entries) {
		return false
	}
	for i := range l.entries {
		e := &l.entries[i]
		if l.tips[e.Header.Author] == nil {
			l.tips[e.Header.Author] = map[ID]uint64{}
		}
		if !followed[i] {
			l.tips[e.Header.Author][e.ID] = e.Header.Seq
		}
	}
	l.sorted, l.known = l.entries, links
	if order != nil {
		l.sorted, l.known = make([]Entry, len(order)), make([]parents, len(order))
		place := make([]int32, len(order)) // in causal order, of each in order of arrival
		for at, i := range order {
			l.sorted[at], place[i] = l.entries[i], int32(at)
		}
		for at, i := range order {
			l.known[at] = links[i].at(place)
		}
	}
	for at, p := range l.known {
		if !p.below(int32(at)) {
			return false
		}
	}
	return true
}

// at names the parents by other places.
func (p parents) at(place []int32) parents {
	out := parents{prev: p.prev, seen: make([]int32, len(p.seen))}
	if p.prev >= 0 {
		out.prev = place[p.prev]
	}
	for k, s := range p.seen {
		out.seen[k] = place[s]
	}
	return out
}

func (p parents) below(at int32) bool {
	for _, s := range p.seen {
		if s >= at {
			return false
		}
	}
	return p.prev < at
}
