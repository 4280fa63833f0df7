package workbench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
)

// Merging joins two copies of one case that went on apart: the union of their entries, the union of their sealed evidence,
// and rows made again for what that changes. Derived data is never taken over.
//
// When both copies have something new, the person at the keyboard signs one merge.received with the heads of the other
// copy. When only one has, the other merely catches up and nothing is signed: the joined record then is the record of the
// copy that was ahead, to the head. Otherwise each exchange would put an entry on one side, and two laptops would never
// again hold the same head. Entries that only report on copying (reports below) are no news in this sense.
//
// Entries go in first, in causal order, so that a merge that is cut off leaves a record in which every entry stands after
// its past; merging again does the rest.

// What stands in the way of a merge. Test with errors.Is.
var (
	// ErrOtherCase: the copy is not one of this case.
	ErrOtherCase = errors.New("workbench: this is not a copy of this case")
	// ErrCopyDamaged: the copy holds entries that are not sound, or lacks some. CopyDamage names them.
	ErrCopyDamaged = errors.New("workbench: the copy is damaged or incomplete")
)

// CopyDamage is ErrCopyDamaged with what was found. Nothing was taken in.
type CopyDamage struct{ Problems []caserecord.Problem }

func (e *CopyDamage) Error() string {
	text := fmt.Sprintf("%v: %s", ErrCopyDamaged, e.Problems[0].Text)
	if n := len(e.Problems) - 1; n > 0 {
		text += fmt.Sprintf(" (and %d more)", n)
	}
	return text
}

// Unwrap makes errors.Is(err, ErrCopyDamaged) true.
func (e *CopyDamage) Unwrap() error { return ErrCopyDamaged }

// reports lists the kinds that only tell of copying: a copy that has nothing else is not ahead.
var reports = map[caserecord.Kind]bool{caserecord.BundleExported: true, caserecord.MergeReceived: true, caserecord.CheckpointMade: true}

// MergeRequest names the copy to take in.
type MergeRequest struct {
	Path       string
	Passphrase []byte // of a case folder, or of a parcel that opens with one
	Identity   []byte // file of an age identity that opens a parcel; without it the key of the person at the keyboard does
	Key        []byte // passphrase of the key of this device's default person, which opens a parcel when nobody is at the keyboard
	KeepGoing  bool   // take in what is sound of a damaged copy
}

// Merged says what a merge did.
type Merged struct {
	From      string               `json:"from"`
	Entries   int                  `json:"entries"`          // new here
	Bodies    int                  `json:"bodies"`           // of entries that were here without their words
	Evidence  int                  `json:"evidence"`         // items whose bytes came along
	Elsewhere int                  `json:"elsewhere"`        // sealed items whose bytes are not here
	Rows      int                  `json:"rows"`             // items whose rows were made again
	Stale     int                  `json:"stale"`            // items whose rows follow an earlier answer, since their bytes are not here
	Signed    caserecord.ID        `json:"signed,omitempty"` // the merge.received, when both copies had something new
	Head      string               `json:"head"`
	Conflicts int                  `json:"conflicts"` // that stand now
	LeftOut   []caserecord.Problem `json:"left_out"`  // what of the copy was not taken in, or could not be
}

// Merging is a copy that was read and checked, to be looked at and taken in. Close it.
type Merging struct {
	b     *Bench
	src   *source
	plan  *mergePlan
	close func()
}

// OpenMerge reads the copy at a path, checking every signature in it. Nothing is changed. Errors: ErrOtherCase, ErrUsage,
// ErrNotFound, those of opening a case folder, and ErrCopyDamaged when there is nothing sound in it.
func (b *Bench) OpenMerge(ctx context.Context, r MergeRequest, report func(Progress)) (*Merging, error) {
	b.replayed.forget()
	thrift.enter()
	src, done, err := b.readSource(ctx, r, report)
	if err != nil {
		thrift.leave()
		return nil, err
	}
	src.keepGoing = r.KeepGoing
	p, err := b.planMerge(src)
	if err != nil {
		done()
		thrift.leave()
		return nil, err
	}
	return &Merging{b, src, p, done}, nil
}

// Preview says what taking the copy in would bring.
func (m *Merging) Preview() *MergePreview { return m.b.previewMerge(m.plan) }

// Run takes the copy in. act is over the preview's proposal, and needed only when that says Signs. What is acknowledged
// stays when ctx is cancelled; merging again, from OpenMerge on, does the rest. It is called once.
func (m *Merging) Run(ctx context.Context, act identity.Act, report func(Progress)) (Merged, error) {
	if m.b.wholeLen() != m.plan.base {
		return m.b.mergeFrom(ctx, act, m.src, report) // the case went on since
	}
	return m.b.carryOut(ctx, act, m.plan, report)
}

// Close frees the copy.
func (m *Merging) Close() {
	m.close()
	thrift.leave()
}

func (b *Bench) wholeLen() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log.Len()
}

// mergeFrom is a merge from any source.
func (b *Bench) mergeFrom(ctx context.Context, act identity.Act, src *source, report func(Progress)) (Merged, error) {
	p, err := b.planMerge(src)
	if err != nil {
		return Merged{}, err
	}
	return b.carryOut(ctx, act, p, report)
}

func (b *Bench) carryOut(ctx context.Context, act identity.Act, p *mergePlan, report func(Progress)) (Merged, error) {
	if report == nil {
		report = func(Progress) {}
	}
	if err := p.sound(); err != nil {
		return Merged{}, err
	}
	if p.signs {
		if err := p.maySign(b); err != nil {
			return Merged{}, err
		}
		if err := agreed(act, ShownOf(p.data())); err != nil {
			return Merged{}, err
		}
	}
	src := p.src
	out := Merged{From: src.name, LeftOut: orEmpty(p.blocking)}
	mark, err := b.beginMerge(p)
	if err != nil {
		return out, err
	}
	if err := b.takeEntries(ctx, act, p, &out, report); err != nil {
		return out, err
	}
	if err := b.takeEvidence(ctx, src, &out, report); err != nil {
		return out, err
	}
	if err := b.reconcileRows(ctx, mark.changed(), &out, report); err != nil {
		return out, err
	}
	if _, err := b.FinishPurges(ctx, report); err != nil {
		return out, err
	}
	s := b.whole()
	out.Head, out.Conflicts = s.Head, len(s.Conflicts)
	return out, b.folder.Drafts().Delete(mergeKey)
}

// takeEntries puts in what is new, in causal order, and signs that it was taken in when both copies had news.
func (b *Bench) takeEntries(ctx context.Context, act identity.Act, p *mergePlan, out *Merged, report func(Progress)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	coming := append(p.fresh, p.filled...)
	b.log.Grow(len(p.fresh) + 64)
	const step = 4096 // entries between two words about progress, whose bytes are in memory at once
	var raws []casefolder.Raw
	for at := 0; at < len(coming); {
		report(Progress{Done: int64(at), Total: int64(len(coming)), Unit: "entries", Message: "taking in entries"})
		raws = raws[:0]
		for _, e := range coming[at:min(at+step, len(coming))] {
			raws = append(raws, rawOf(*e))
		}
		n, err := b.folder.AppendAll(ctx, raws)
		for _, e := range coming[at : at+n] { // the log holds what the folder does, in its order
			b.log.Add(*e)
		}
		at += n
		if err != nil {
			b.recordMoved()
			return fmt.Errorf("workbench: take in entries: %w", err)
		}
	}
	out.Entries, out.Bodies = len(p.fresh), p.bodies
	b.log.Follow(p.union)
	p.forget()
	b.recordMoved()
	if !p.signs {
		return nil
	}
	if b.me == nil {
		return ErrLocked
	}
	e, err := b.appendBy(ctx, b.me, act, p.data())
	if err != nil {
		return fmt.Errorf("workbench: sign the merge: %w", err)
	}
	out.Signed = e.ID
	return nil
}

// recordMoved forgets what was computed from the record as it was; b.mu is held.
func (b *Bench) recordMoved() {
	b.verified = nil
	b.settleRole()
}

// mergeKey holds what a merge under way has still to do, until it is done.
const mergeKey = "merge"

const draftsFile = "drafts.log" // where the mark lies

// maxRemembered bounds the items that a mark names; with more of them all rows are looked at.
const maxRemembered = 10_000

// mergeMark is what a merge has set out to do. One that was cut off leaves it behind for the next.
type mergeMark struct {
	From  string   `json:"from"`
	Signs bool     `json:"signs"`         // a merge.received is owed
	Items []string `json:"items"`         // whose rows depend on something that the merge changed
	All   bool     `json:"all,omitempty"` // too many to name
}

// changed reports whether an item's rows have to be made again whatever the timeline says of them.
func (m mergeMark) changed() func(sha256 string) bool {
	set := make(map[string]bool, len(m.Items))
	for _, x := range m.Items {
		set[x] = true
	}
	return func(sha256 string) bool { return m.All || set[sha256] }
}

// beginMerge notes what the merge is about to do, joined with what an earlier one was cut off from.
func (b *Bench) beginMerge(p *mergePlan) (mergeMark, error) {
	m := mergeMark{From: p.src.name, Signs: p.signs, Items: p.rowsChanged}
	if left, ok := b.unfinishedMerge(); ok {
		m.All = left.All
		m.Items = append(m.Items, left.Items...)
	}
	if len(m.Items) > maxRemembered {
		m.Items, m.All = nil, true
	}
	if err := b.markElsewhere(p.sealedAbsent); err != nil {
		return m, err
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return m, fmt.Errorf("workbench: note the merge: %w", err)
	}
	if old, ok := b.folder.Drafts().Get(mergeKey); ok && bytes.Equal(old, raw) {
		return m, nil
	}
	return m, b.folder.Drafts().Set(mergeKey, raw)
}

// unfinishedMerge is what a merge that was cut off has left to do.
func (b *Bench) unfinishedMerge() (m mergeMark, ok bool) {
	raw, ok := b.folder.Drafts().Get(mergeKey)
	return m, ok && json.Unmarshal(raw, &m) == nil
}

// mergeCutOff tells at opening of a merge that was not carried to its end.
func (b *Bench) mergeCutOff() []casefolder.Problem {
	m, ok := b.unfinishedMerge()
	if !ok {
		return nil
	}
	return []casefolder.Problem{{File: draftsFile, Text: fmt.Sprintf("the merge of %s was cut off; merging it again takes in what is left", m.From)}}
}

// Words says in one sentence what was done.
func (m Merged) Words() string {
	text := fmt.Sprintf("Took in %s and %s from %s.", counted(m.Entries, "entry", "entries"), counted(m.Evidence, "evidence item", "evidence items"), m.From)
	if m.Conflicts > 0 {
		text += fmt.Sprintf(" %s for a person to settle.", counted(m.Conflicts, "conflict", "conflicts"))
	}
	if m.Elsewhere > 0 {
		text += fmt.Sprintf(" %s stayed elsewhere.", counted(m.Elsewhere, "evidence item", "evidence items"))
	}
	if n := len(m.LeftOut); n > 0 {
		text += fmt.Sprintf(" %s could not be taken in: %s.", counted(n, "thing", "things"), m.LeftOut[0].Text)
	}
	return text
}
