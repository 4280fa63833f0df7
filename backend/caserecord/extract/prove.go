package extract

import (
	"fmt"
	"slices"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
)

// prover chooses a checkpoint for each author shown and makes the proofs.
type prover struct {
	chains  *chains
	need    map[caserecord.Author]uint64   // greatest seq shown
	given   map[caserecord.Author][]signed // handed in: must fit
	found   map[caserecord.Author][]signed // stand in the record: the first that fits is used
	against map[caserecord.Author][]signed
}

// signed is a checkpoint with its note.
type signed struct {
	checkpoint.Checkpoint
	note []byte
}

func newProver(all, show []caserecord.Entry, o Options) (*prover, error) {
	p := &prover{chains: newChains(all), need: map[caserecord.Author]uint64{}, given: map[caserecord.Author][]signed{},
		found: map[caserecord.Author][]signed{}, against: map[caserecord.Author][]signed{}}
	caseID := show[0].Header.Case
	for _, e := range show {
		p.need[e.Header.Author] = max(p.need[e.Header.Author], e.Header.Seq)
	}
	take := func(into map[caserecord.Author][]signed, note []byte) error {
		c, err := checkpoint.Verify(note)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrBadCheckpoint, err)
		}
		if c.Case != caseID {
			return fmt.Errorf("%w: it is of case %s", ErrBadCheckpoint, c.Case)
		}
		a := caserecord.Author(c.Author)
		if !slices.ContainsFunc(into[a], func(s signed) bool { return s.Checkpoint == c }) {
			into[a] = append(into[a], signed{c, note})
		}
		return nil
	}
	for _, note := range o.Checkpoints {
		if err := take(p.given, note); err != nil {
			return nil, err
		}
	}
	for _, note := range o.Against {
		if err := take(p.against, note); err != nil {
			return nil, err
		}
	}
	for _, e := range all {
		if d, ok := e.Content().(*caserecord.CheckpointMadeData); ok {
			take(p.found, []byte(d.Note)) //nolint:errcheck // a bad one in the record is for its verification to name
		}
	}
	for _, m := range []map[caserecord.Author][]signed{p.given, p.found, p.against} {
		for _, list := range m {
			slices.SortFunc(list, func(a, b signed) int { return compareSize(a.Size, b.Size) })
		}
	}
	return p, nil
}

func compareSize(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// prove fills m.Logs and gives the entries, in this order, with their proofs.
func (p *prover) prove(m *Manifest, show []caserecord.Entry) ([]Shown, error) {
	logs := map[caserecord.Author]*checkpoint.Log{}
	for _, a := range sortedAuthors(p.need) {
		under, log, err := p.logOf(a)
		if err != nil {
			return nil, err
		}
		others, err := p.others(a, under, log)
		if err != nil {
			return nil, err
		}
		logs[a] = log
		m.Logs = append(m.Logs, AuthorLog{Author: a, Size: under.Size, Checkpoint: string(under.note), Others: others})
	}
	shown := make([]Shown, 0, len(show))
	for _, e := range show {
		size, index := m.log(e.Header.Author).Size, e.Header.Seq-1
		proof, err := logs[e.Header.Author].Inclusion(size, index)
		if err != nil {
			return nil, err
		}
		root, err := logs[e.Header.Author].Root(size)
		if err != nil {
			return nil, err
		}
		if checkpoint.VerifyInclusion(proof, size, index, rawID(e.ID), root) != nil {
			return nil, fmt.Errorf("%w: entry %s stands in another branch of its author's chain", ErrOtherHistory, e.ID)
		}
		shown = append(shown, Shown{e, index, proof})
	}
	return shown, nil
}

// logOf finds the greatest checkpoint of an author that reaches to everything shown, and the log that it and all of
// Against fit.
func (p *prover) logOf(a caserecord.Author) (signed, *checkpoint.Log, error) {
	greatest := uint64(0)
	for _, s := range p.against[a] {
		greatest = max(greatest, s.Size)
	}
	try := func(s signed) *checkpoint.Log {
		for _, ids := range p.chains.branches(a, max(s.Size, greatest)) {
			log := checkpoint.NewLog(ids...)
			fits := func(c signed) bool {
				root, err := log.Root(c.Size)
				return err == nil && root == c.Root
			}
			if fits(s) && !slices.ContainsFunc(p.against[a], func(c signed) bool { return !fits(c) }) {
				return log
			}
		}
		return nil
	}
	for _, s := range slices.Backward(p.given[a]) {
		if s.Size < p.need[a] || s.Size > p.chains.last[a] {
			continue
		}
		if log := try(s); log != nil {
			return s, log, nil
		}
		return signed{}, nil, fmt.Errorf("%w: of %s, %d entries", ErrOtherHistory, caserecord.KeyCode(a), s.Size)
	}
	tried := false
	for _, s := range slices.Backward(p.found[a]) {
		if s.Size < p.need[a] || s.Size > p.chains.last[a] {
			continue
		}
		tried = true
		if log := try(s); log != nil {
			return s, log, nil
		}
	}
	if tried {
		return signed{}, nil, fmt.Errorf("%w: of %s", ErrOtherHistory, caserecord.KeyCode(a))
	}
	return signed{}, nil, &CoverError{a, p.need[a]}
}

// others proves the consistency of every checkpoint of Against with the one that is used.
func (p *prover) others(a caserecord.Author, under signed, log *checkpoint.Log) ([]OtherCheckpoint, error) {
	out := []OtherCheckpoint{}
	for _, s := range p.against[a] {
		if s.Size == under.Size {
			continue // the very same: logOf has compared the roots
		}
		proof, err := log.Consistency(min(s.Size, under.Size), max(s.Size, under.Size))
		if err != nil {
			return nil, err
		}
		out = append(out, OtherCheckpoint{string(s.note), proof})
	}
	if len(out) > MaxAgainst {
		return nil, fmt.Errorf("%w: more than %d checkpoints of one author to prove against", ErrBounds, MaxAgainst)
	}
	return out, nil
}
