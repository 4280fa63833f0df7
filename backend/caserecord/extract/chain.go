package extract

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
)

// ErrChain is returned when an author's entries do not make one whole chain here: one is missing, or two have the same
// number.
var ErrChain = errors.New("extract: the author's chain is not whole or has two ends")

// chains finds the entries of an author up to a number by following prev, so that a fork cannot mix two histories.
type chains struct {
	entries []caserecord.Entry
	at      map[caserecord.ID]int
	places  map[place][]int
	last    map[caserecord.Author]uint64
}

type place struct {
	author caserecord.Author
	seq    uint64
}

func newChains(entries []caserecord.Entry) *chains {
	c := &chains{entries: entries, at: make(map[caserecord.ID]int, len(entries)), places: make(map[place][]int, len(entries)),
		last: map[caserecord.Author]uint64{}}
	for i := range entries {
		e := &entries[i]
		if _, ok := c.at[e.ID]; ok {
			continue
		}
		c.at[e.ID] = i
		p := place{e.Header.Author, e.Header.Seq}
		c.places[p] = append(c.places[p], i)
		c.last[p.author] = max(c.last[p.author], p.seq)
	}
	return c
}

// branches gives the ids 1 … size of an author, once for each entry that stands at size with a whole chain behind it.
// Normally that is one.
func (c *chains) branches(a caserecord.Author, size uint64) [][][32]byte {
	if size < 1 || size > uint64(len(c.entries)) {
		return nil
	}
	ends := slices.Clone(c.places[place{a, size}])
	slices.SortFunc(ends, func(x, y int) int { return strings.Compare(string(c.entries[x].ID), string(c.entries[y].ID)) })
	var out [][][32]byte
	for _, end := range ends[:min(len(ends), maxBranches)] {
		ids := make([][32]byte, size)
		i, ok := end, true
		for n := size; ok; n-- {
			h := &c.entries[i].Header
			if ok = h.Author == a && h.Seq == n; !ok {
				break
			}
			ids[n-1] = rawID(c.entries[i].ID)
			if n == 1 {
				out = append(out, ids)
				break
			}
			i, ok = c.at[h.Prev]
		}
	}
	return out
}

// rawID is the 32 bytes that an id prints, the record of a Merkle log. Parse has admitted the digits.
func rawID(id caserecord.ID) (raw [32]byte) {
	hex.Decode(raw[:], []byte(id)) //nolint:errcheck // see above
	return raw
}

// ChainOf gives the ids of an author's whole chain as it stands in these entries, in the order of seq: what the author's
// Merkle log holds. The error wraps ErrChain when there is none, an entry is missing or the chain forks: such a key must
// not sign a checkpoint.
func ChainOf(entries []caserecord.Entry, a caserecord.Author) ([][32]byte, error) {
	c := newChains(entries)
	size := c.last[a]
	found := c.branches(a, size)
	whole := len(found) == 1
	for n := uint64(1); whole && n <= size; n++ {
		whole = len(c.places[place{a, n}]) == 1
	}
	if !whole {
		return nil, fmt.Errorf("%w: key %s", ErrChain, caserecord.KeyCode(a))
	}
	return found[0], nil
}

// CheckpointOf makes the checkpoint of an author's whole chain: what the author signs next. Errors as for ChainOf.
func CheckpointOf(entries []caserecord.Entry, a caserecord.Author) (checkpoint.Checkpoint, error) {
	ids, err := ChainOf(entries, a)
	if err != nil {
		return checkpoint.Checkpoint{}, err
	}
	i := slices.IndexFunc(entries, func(e caserecord.Entry) bool { return e.Header.Author == a })
	return checkpoint.Checkpoint{Case: entries[i].Header.Case, Author: string(a), Size: uint64(len(ids)), Root: checkpoint.Root(ids)}, nil
}

// HoldAgainst compares the entries of a bundle with signed checkpoints that came another way, and returns the report
// with what it found. A checkpoint that fits the first entries of its author is an anchor, as a head is: it says nothing
// about what came later. One that does not fit, or is none, is CodeCheckpoint (exit 1); one whose entries are not all
// here is caserecord.CodeTruncated (exit 3).
func HoldAgainst(r caserecord.Report, entries []caserecord.Entry, notes [][]byte) caserecord.Report {
	if len(notes) == 0 {
		return r
	}
	r.Checked, r.Problems = slices.Clone(r.Checked), slices.Clone(r.Problems)
	c := newChains(entries)
	damaged, incomplete := false, false
	for i, note := range notes {
		got, err := checkpoint.Verify(note)
		author := caserecord.Author(got.Author)
		code := caserecord.KeyCode(author)
		wrong := func(format string, a ...any) {
			damaged = true
			r.Problems = append(r.Problems, caserecord.Problem{Code: CodeCheckpoint, Entry: got.Author, Text: fmt.Sprintf(format, a...)})
		}
		switch {
		case err != nil:
			wrong("checkpoint %d given: %s", i+1, plain(err))
			continue
		case got.Case != r.Case:
			wrong("the checkpoint given of %s is of another case", code)
			continue
		case c.last[author] == 0:
			wrong("the checkpoint given is of the key %s, which signed nothing here", code)
			continue
		}
		found := c.branches(author, got.Size)
		switch {
		case len(found) == 0:
			incomplete = true
			r.Problems = append(r.Problems, caserecord.Problem{Code: caserecord.CodeTruncated, Entry: got.Author,
				Text: fmt.Sprintf("the checkpoint given counts %d entries of %s, and not all of them are here: it cannot be compared", got.Size, code)})
		case !slices.ContainsFunc(found, func(ids [][32]byte) bool { return checkpoint.Root(ids) == got.Root }):
			wrong("the first %d entries of %s are not the ones of the checkpoint given, which the same key signed", got.Size, code)
		default:
			r.Anchored = true
			r.Checked = append(r.Checked, fmt.Sprintf(
				"the checkpoint given of %s: its first %d entries are the ones here; %d came later, and the checkpoint says nothing about them",
				code, got.Size, c.last[author]-got.Size))
		}
	}
	switch {
	case damaged:
		r.Verdict = caserecord.VerdictDamaged
	case incomplete && (r.Verdict == caserecord.VerdictGood || r.Verdict == caserecord.VerdictConsistent):
		r.Verdict = caserecord.VerdictIncomplete
	case r.Anchored && r.Verdict == caserecord.VerdictConsistent:
		r.Verdict = caserecord.VerdictGood
	}
	return r
}

// plain drops the package's name from an error that becomes a sentence for people.
func plain(err error) string { return strings.TrimPrefix(err.Error(), "checkpoint: ") }
