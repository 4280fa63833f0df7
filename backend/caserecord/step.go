package caserecord

import "slices"

// simple lists the kinds that only add to a state what they say themselves, or replace it. What gives authority, answers
// another entry or settles a conflict changes what stands elsewhere in the state: it is folded as a whole.
var simple = map[Kind]bool{
	ClockObserved: true, EvidenceReceived: true, EvidenceImported: true, SourceAssumed: true, RowTagged: true, RowUntagged: true,
	NoteMade: true, EventPromoted: true, DetectionRan: true, VerdictGiven: true, SeverityDeclared: true, DecisionMade: true,
	TriggerDeclared: true, TriggerSubmitted: true, DocumentDrafted: true, DocumentApproved: true, DocumentReleased: true,
	ModelRan: true, ModelSwitched: true, BundleExported: true, MergeReceived: true, CorrectionMade: true,
	CustodyGiven: true, EvidenceChecked: true, MismatchExplained: true, EvidencePurged: true, HoldPlaced: true,
	LaneOpened: true, WordsSealed: true, PrivilegeMarked: true, CheckpointMade: true, WitnessReceived: true, SlotsChanged: true,
	ImportUndone: true, LimitsSet: true, MappingSaved: true,
}

// step goes on with one more entry, the last of entries, which has all others in its past. It reports false when the entry
// needs a whole fold; the folder is of no use then, but the states that it handed out stay as they are.
//
// Everything is in the entry's past, so no end, revocation or row is concurrent with it, no judgement of another entry
// changes, and it settles every field that it sets.
func (f *folder) step(entries []Entry) bool {
	i := len(entries) - 1
	e := &entries[i]
	if f.root < 0 || !simple[e.Header.Kind] || e.content == nil {
		return false
	}
	f.stepping = true
	defer func() { f.stepping = false }()
	f.g.grow(entries, nil)
	f.s.entries.n = i + 1
	if f.misplaced(i) != "" {
		return false
	}
	if _, j := f.judge(i); j.err == nil && (j.two || j.basis != BasisGrant) {
		return false
	}
	f.take(i)
	f.s.Entries = len(entries)
	if set := settings(e.content); len(set) > 0 && len(f.s.Conflicts) > 0 && f.s.Accepted(e.ID) {
		settled := func(c Conflict) bool {
			return slices.ContainsFunc(set, func(x setting) bool { return x.field == c.Field })
		}
		if f.s.Conflicts = slices.DeleteFunc(slices.Clone(f.s.Conflicts), settled); len(f.s.Conflicts) == 0 {
			f.s.Conflicts = nil
		}
	}
	return true
}

// handOut gives the state as it is now to readers; the folder may go on. head is the case head, which a log knows.
func (f *folder) handOut(head string) *State {
	f.s.Head = head
	s := *f.s
	s.graph = f.g.asOf()
	s.clip()
	f.s.lend()
	return &s
}
