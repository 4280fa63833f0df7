package caserecord

import (
	"slices"
	"time"
)

// Transfer is a custody.given with the receiver's half, nil until they signed. A transfer without To went to somebody
// without a key here: the paper receipt is the other half.
type Transfer struct {
	Stamp
	At    time.Time
	Data  CustodyGivenData
	Taken *Taken
}

// Taken is a custody.taken.
type Taken struct {
	Stamp
	At   time.Time
	Data CustodyTakenData
}

// Open reports that a person of the case has still to take over or refuse.
func (t *Transfer) Open() bool { return t.Data.To != "" && t.Taken == nil }

// Done reports that custody has passed.
func (t *Transfer) Done() bool { return t.Data.To == "" || (t.Taken != nil && t.Taken.Data.Accepted) }

// EvidenceCheck is an evidence.checked.
type EvidenceCheck struct {
	Stamp
	Data EvidenceCheckedData
}

// Explanation is a mismatch.explained.
type Explanation struct {
	Stamp
	Data MismatchExplainedData
}

// Purge is an evidence.purged.
type Purge struct {
	Stamp
	Data EvidencePurgedData
}

// Hold is a hold.placed, with its release, nil while it stands.
type Hold struct {
	Stamp
	Data     HoldPlacedData
	Released *HoldRelease
	releases []ID // every hold.released of it
}

// HoldRelease is a hold.released.
type HoldRelease struct {
	Stamp
	Data HoldReleasedData
}

// HoldOn returns a hold that forbids deleting an item, or with "" the case; nil when none stands. known limits the answer
// to entries that count as known; nil means all.
func (s *State) HoldOn(sha256 string, known func(ID) bool) *Hold {
	stands := func(h *Hold) bool {
		return (known == nil || known(h.Entry)) &&
			!slices.ContainsFunc(h.releases, func(id ID) bool { return (known == nil || known(id)) && !s.awaited(id, known) })
	}
	lists := [][]*Hold{s.find.holdsOn.get(sha256), s.find.holdsOn.get("")}
	if sha256 == "" { // a hold on any item keeps the case
		lists = [][]*Hold{s.Holds}
	}
	var first *Hold
	for _, list := range lists {
		if k := slices.IndexFunc(list, stands); k >= 0 && (first == nil || s.earlier(list[k].Entry, first.Entry)) {
			first = list[k]
		}
	}
	return first
}

// earlier orders accepted entries by their place.
func (s *State) earlier(a, b ID) bool {
	x, _ := s.entries.get(a)
	y, _ := s.entries.get(b)
	return x < y
}

// TransfersOf lists the transfers of an item, in causal order.
func (s *State) TransfersOf(sha256 string) []*Transfer {
	var out []*Transfer
	for _, t := range s.Transfers {
		if slices.Contains(t.Data.Items, sha256) {
			out = append(out, t)
		}
	}
	return out
}

// Transfer returns a transfer by its entry, nil when unknown.
func (s *State) Transfer(id ID) *Transfer {
	return s.find.transfers.get(string(id))
}

// handing is what a resolution chose among transfers that had not seen each other; later transfers count again.
type handing struct {
	transfer *Transfer
	before   int // transfers known at the resolution
}

// CustodianOf says in words who has an item: the receiver of the last completed transfer, else who took it in.
func (s *State) CustodianOf(sha256 string) string {
	chosen, resolved := s.handed[sha256]
	for i := len(s.Transfers) - 1; i >= 0; i-- {
		t := s.Transfers[i]
		if resolved && i < chosen.before {
			t = chosen.transfer
		}
		if slices.Contains(t.Data.Items, sha256) && t.Done() {
			return t.Data.Receiver
		}
	}
	if it := s.Item(sha256); it != nil && len(it.Received) > 0 {
		return or(it.Received[0].Data.Custodian, it.Received[0].Name)
	}
	return ""
}

// Mismatch is an item that a check found altered and nobody has explained.
type Mismatch struct {
	SHA256 string
	Check  EvidenceCheck
}

// Altered holds the items that a check found altered, each with the newest check that did, by hash. A later check ends that
// when it found the item the same: its author knew of the finding, and counted as many items as they knew to be in custody,
// for a check lists only what it found wrong. What somebody hashed elsewhere at the same time says nothing of these bytes.
func (s *State) Altered() map[string]EvidenceCheck {
	open := map[string]EvidenceCheck{}
	for _, c := range s.Checks {
		at := s.graph.placeOf(c.Entry)
		whole := len(open) > 0 && c.Data.Items >= s.heldBefore(at)
		for _, sha := range sortedKeys(open) {
			knew := s.graph.before(s.graph.placeOf(open[sha].Entry), at)
			if whole && knew && !slices.Contains(c.Data.Altered, sha) && !slices.Contains(c.Data.Absent, sha) {
				delete(open, sha)
			}
		}
		for _, sha := range c.Data.Altered {
			open[sha] = c
		}
	}
	return open
}

// heldBefore counts the items that were in custody as far as the author of the entry at a place knew.
func (s *State) heldBefore(at int) (n int) {
	known := func(id ID) bool { return s.graph.before(s.graph.placeOf(id), at) }
	for _, it := range s.Evidence {
		p := s.PurgeOf(it.SHA256)
		if slices.ContainsFunc(it.Received, func(r EvidenceReceipt) bool { return known(r.Entry) }) && (p == nil || !known(p.Entry)) {
			n++
		}
	}
	return n
}

// Mismatches lists the items that are altered without an explanation of the check that found it, by hash.
func (s *State) Mismatches() []Mismatch {
	open := s.Altered()
	var out []Mismatch
	for _, sha := range sortedKeys(open) {
		if !slices.ContainsFunc(s.Explained, func(x Explanation) bool {
			return x.Data.SHA256 == sha && x.Data.Check == open[sha].Entry && !s.Awaits(x.Entry)
		}) {
			out = append(out, Mismatch{sha, open[sha]})
		}
	}
	return out
}

// PurgeOf returns the tombstone of an item, nil when it was not purged, or was taken into custody anew by somebody who knew
// of the purge.
func (s *State) PurgeOf(sha256 string) *Purge {
	for _, k := range s.find.purges.get(sha256) {
		if p := &s.Purges[k]; !s.Awaits(p.Entry) && !s.takenAnew(sha256, p.Entry) {
			return p
		}
	}
	return nil
}

func (s *State) takenAnew(sha256 string, purge ID) bool {
	at, _ := s.entries.get(purge)
	it := s.Item(sha256)
	return it != nil && slices.ContainsFunc(it.Received, func(r EvidenceReceipt) bool {
		i, ok := s.entries.get(r.Entry)
		return ok && s.graph.before(at, i)
	})
}

// Word says where a transfer stands: offered, taken, refused, or outside for one that went to somebody without a key.
func (t *Transfer) Word() string {
	switch {
	case t.Data.To == "":
		return "outside"
	case t.Taken == nil:
		return "offered"
	case t.Taken.Data.Accepted:
		return "taken"
	}
	return "refused"
}
