package caserecord

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
)

// ReadSealed parses entries on all cores and adds them to the log. The error names the place, from 1, of the first that is
// none, or is the source's.
func (l *Log) ReadSealed(from, to int, all Source) error {
	at := from
	return all(from, to, func(block []Sealed) error {
		entries, errs := make([]Entry, len(block)), make([]error, len(block))
		onAllCores(len(block), func(i int) { entries[i], errs[i] = ParseSealed(block[i].Line, block[i].Body) })
		for i, err := range errs {
			at++
			if err != nil {
				return fmt.Errorf("entry %d of the record: %w", at, err)
			}
			l.Add(entries[i])
		}
		return nil
	})
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

// Restore makes the log of the first n entries of a source from their bytes and the reading that Save wrote of them. of must
// be the digest of the bytes that are given now. Errors: ErrSaved; then parse them. The source's.
func Restore(saved []byte, of [sha256.Size]byte, n int, all Source) (*Log, error) {
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
	if has := r.tables(); r.bad || n != has || n == 0 {
		return nil, fmt.Errorf("%w: it is about another number of entries", ErrSaved)
	}
	l := NewLog()
	l.entries = make([]Entry, n, n+n/16+64) // what is signed next needs no new list
	links := r.headers(l.entries)
	order := r.order(n)
	if r.bad || len(r.b) > 0 {
		return nil, fmt.Errorf("%w: its form", ErrSaved)
	}
	if err := contentsOf(l.entries, all); err != nil {
		return nil, err
	}
	if !l.arrange(links, order) {
		return nil, fmt.Errorf("%w: its order", ErrSaved)
	}
	return l, nil
}

// contentsOf gives entries with a header their bytes and what they say; ErrSaved when a body is none. The bytes were parsed
// strictly when the reading was made.
func contentsOf(entries []Entry, all Source) error {
	at := 0
	err := all(0, len(entries), func(block []Sealed) error {
		if at+len(block) > len(entries) {
			return ErrSaved
		}
		part := entries[at : at+len(block)]
		at += len(block)
		if !holdBlock(part, block) {
			return fmt.Errorf("%w: its form", ErrSaved)
		}
		good := make([]bool, len(part))
		onAllCores(len(part), func(i int) { good[i] = part[i].decode() })
		for _, ok := range good {
			if !ok {
				return fmt.Errorf("%w: its form", ErrSaved)
			}
		}
		return nil
	})
	if err == nil && at != len(entries) {
		err = fmt.Errorf("%w: it is about more entries", ErrSaved)
	}
	return err
}

// holdBlock gives entries their signatures and bodies, all in one piece of memory; false when there is no signature.
func holdBlock(entries []Entry, block []Sealed) bool {
	size := 0
	for i := range block {
		size += ed25519.SignatureSize + len(block[i].Body)
	}
	all := make([]byte, 0, size)
	for i := range block {
		const tail = len(envelopeTail) + 88 // of base64
		line, from := block[i].Line, len(all)
		if len(line) < tail {
			return false
		}
		sig, err := decode64(line[len(line)-tail : len(line)-len(envelopeTail)])
		if err != nil || len(sig) != ed25519.SignatureSize {
			return false
		}
		all = append(append(all, sig...), block[i].Body...)
		entries[i].held = all[from:len(all):len(all)]
	}
	return true
}

// decode reads what an entry says from its body.
func (e *Entry) decode() bool {
	body, content := e.Body(), newContent(e.Header.Kind)
	if body == nil {
		return true
	}
	if len(body) <= len(bodyHead)+saltHexDigits+len(bodyData)+len(bodyTail) || content == nil {
		return false
	}
	e.content = content
	return json.Unmarshal(e.Data(), content) == nil
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
