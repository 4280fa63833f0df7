package workbench

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
	"adjutant/backend/timeline"
)

// sight is the case as somebody may see it. Without marks that keep something from them it is the case itself, and costs
// nothing.
type sight struct {
	of      *caserecord.State // the whole that it was made of
	all     *timeline.Timeline
	who     string // whose eyes: a person, or the lanes let in
	wall    *wall
	state   *caserecord.State
	entries []caserecord.Entry // with the words of those that are partly behind the wall
	bodies  []caserecord.Entry // without them
	rows    *timeline.Timeline
	log     *caserecord.Log // of entries, which the next sight continues
}

// look is the case as the person at the keyboard may see it: nobody is in a lane while the key is locked, or once it was
// revoked.
func (b *Bench) look() sight {
	return b.sightOf(&b.mine, func(s *caserecord.State) string { return string(b.viewer(s)) }, func(s *caserecord.State, lane, who string) bool { return inLane(s, lane, caserecord.PersonID(who)) })
}

// viewer is whose eyes count at the keyboard; b.mu is held.
func (b *Bench) viewer(s *caserecord.State) caserecord.PersonID {
	if b.me == nil {
		return ""
	}
	return s.PersonNow(b.me.Person().Key)
}

// common is the case as everybody may see it who is in no lane: for papers, the model, and counts that the record states.
func (b *Bench) common() sight {
	return b.sightOf(&b.outer, func(*caserecord.State) string { return "" }, func(*caserecord.State, string, string) bool { return false })
}

// sightOf makes a sight, or continues the one kept. who is asked with b.mu held.
func (b *Bench) sightOf(kept *sight, who func(*caserecord.State) string, sees func(s *caserecord.State, lane, who string) bool) sight {
	b.mu.Lock()
	x := sight{of: b.stateLocked()}
	x.who, x.state = who(x.of), x.of
	if len(x.of.Marks) > 0 {
		x.entries = b.log.Entries()
	}
	b.mu.Unlock()
	x.all = b.rows()
	x.rows = x.all
	if len(x.of.Marks) == 0 {
		return x
	}
	b.wallMu.Lock()
	defer b.wallMu.Unlock()
	if kept.of == x.of && kept.who == x.who && kept.all == x.all {
		return *kept
	}
	x.wall = newWall(x.of, x.entries, func(lane string) bool { return sees(x.of, lane, x.who) }, b.evidenceOf(x.of, x.all), b.paperGrounds)
	if !x.wall.none() {
		x.take(x.entries, kept)
		if len(x.wall.evidence) > 0 && kept.all == x.all && kept.wall != nil && sameKeys(kept.wall.evidence, x.wall.evidence) {
			x.rows = kept.rows // with its answers
		} else if len(x.wall.evidence) > 0 {
			x.rows = x.all.Without(digests(x.wall.evidence))
		}
	}
	*kept = x
	return x
}

// take puts the entries in, as whoever stands before the wall gets them. What a sight had before is continued, so that a
// new entry does not fold the whole record again.
func (x *sight) take(entries []caserecord.Entry, before *sight) {
	x.entries, x.bodies = x.wall.strip(entries), x.wall.bare(entries)
	if before.log != nil && begins(x.entries, before.entries) {
		x.log = before.log
		before.log = nil
		for _, e := range x.entries[len(before.entries):] {
			x.log.Add(e)
		}
	}
	if x.log == nil {
		x.log = caserecord.NewLog(x.entries...)
	}
	x.state = x.wall.prune(x.log.State())
}

// begins reports that a record begins with another: the same entries, with and without their words.
func begins(all, with []caserecord.Entry) bool {
	if len(all) < len(with) {
		return false
	}
	for i, e := range with {
		if all[i].ID != e.ID || all[i].Withheld() != e.Withheld() {
			return false
		}
	}
	return true
}

func sameKeys(a, b map[string]*caserecord.Mark) bool {
	for k := range a {
		if b[k] == nil {
			return false
		}
	}
	return len(a) == len(b)
}

func digests(marked map[string]*caserecord.Mark) map[incident.Digest]bool {
	out := map[incident.Digest]bool{}
	for sha256 := range marked {
		if d, err := incident.ParseDigest(sha256); err == nil {
			out[d] = true
		}
	}
	return out
}

// fold is the state of a record as whoever stands before the wall gets it.
func (w *wall) fold(entries []caserecord.Entry) *caserecord.State {
	return w.prune(caserecord.Fold(w.strip(entries)))
}

// prune leaves out of a state the citations behind the wall that stand beside others.
func (w *wall) prune(s *caserecord.State) *caserecord.State {
	out := *s // a state is never changed: this one gets own lists
	out.Promoted = slices.Clone(s.Promoted)
	for i := range out.Promoted {
		out.Promoted[i].Data.Rows = w.visible(out.Promoted[i].Data.Rows)
	}
	out.Decisions = slices.Clone(s.Decisions)
	for i, d := range out.Decisions {
		x := *d
		x.Current.Data.Rows = w.visible(x.Current.Data.Rows)
		x.History = slices.Clone(x.History)
		for j := range x.History {
			x.History[j].Data.Rows = w.visible(x.History[j].Data.Rows)
		}
		out.Decisions[i] = &x
	}
	return &out
}

// whole is the fold of all entries, whoever is at the keyboard: for authority and for work on the case as a whole.
func (b *Bench) whole() *caserecord.State {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stateLocked()
}

// wholeEntries is the record with all words that are here, in causal order.
func (b *Bench) wholeEntries() []caserecord.Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log.Entries()
}

// rows is the timeline of all evidence.
func (b *Bench) rows() *timeline.Timeline {
	b.derivedMu.RLock()
	defer b.derivedMu.RUnlock()
	return b.tl
}

// BehindWall says in which lane an item of evidence stands that the person at the keyboard may not see, "" when they may.
func (b *Bench) BehindWall(sha256 string) string {
	x := b.look()
	if x.wall.none() {
		return ""
	}
	return laneTitle(x.of, x.wall.evidence[sha256])
}

// pathFor is the path of an item as the person at the keyboard may read it: in words about work on the case as a whole.
func (b *Bench) pathFor(sha256, path string) string {
	if b.rows() == nil { // at opening, before there is anything to look at
		return sha256[:12]
	}
	if lane := b.BehindWall(sha256); lane != "" {
		return behindLane(lane)
	}
	return path
}

// laneTitle is the lane of a mark in words, "" for no mark.
func laneTitle(s *caserecord.State, m *caserecord.Mark) string {
	if m == nil {
		return ""
	}
	if l := s.Lane(m.Data.Lane); l != nil {
		return l.Data.Name
	}
	return m.Data.Lane
}

// hush keeps from an entry's telling what is behind the wall.
func (x sight) hush(t *Told, e caserecord.Entry) {
	if x.wall.none() {
		return
	}
	h, ok := x.wall.entries[e.ID]
	if !ok {
		return
	}
	t.Lane, t.Data = laneTitle(x.of, h.mark), ""
	if !h.partly {
		t.Story = fmt.Sprintf("%s signed a %s entry. Its words are behind the wall of the lane %q.", t.Name, t.Kind, t.Lane)
		return
	}
	switch d := e.Content().(type) {
	case *caserecord.EventPromotedData:
		seen := *d
		seen.Rows = x.wall.visible(d.Rows)
		t.Story = caserecord.Deed(&seen, t.Name, x.state)
	case *caserecord.DecisionMadeData:
		seen := *d
		seen.Rows = x.wall.visible(d.Rows)
		t.Story = caserecord.Deed(&seen, t.Name, x.state)
	}
	t.Story += fmt.Sprintf(" Some of what it cites is behind the wall of the lane %q.", t.Lane)
}

// behindLane stands for the name of an item behind a wall.
func behindLane(lane string) string { return fmt.Sprintf("behind the wall of the lane %q", lane) }

// hiddenItems lists the evidence behind the wall: that it is there, and its hash.
func (x sight) hiddenItems() []Item {
	if x.wall.none() {
		return nil
	}
	var out []Item
	for _, it := range x.of.Evidence {
		if m := x.wall.evidence[it.SHA256]; m != nil {
			lane := laneTitle(x.of, m)
			out = append(out, Item{Path: behindLane(lane), Status: "behind-wall", SHA256: it.SHA256, Lane: lane, Kept: "none", Skipped: []caserecord.Skipped{}})
		}
	}
	slices.SortFunc(out, func(a, b Item) int { return strings.Compare(a.SHA256, b.SHA256) })
	return out
}

// hiddenKey names the evidence that is not in sight, "" when all is.
func (x sight) hiddenKey() string {
	if x.wall.none() || len(x.wall.evidence) == 0 {
		return ""
	}
	return digestOf([]byte(strings.Join(slices.Sorted(maps.Keys(x.wall.evidence)), " ")))
}

// forPaper is what a paper is drafted from: what everybody may see. A paper that counsel marked for a lane is drafted
// with what that lane holds, by its members.
func (b *Bench) forPaper(document string) func() sight {
	s := b.whole()
	var lanes []string
	for _, m := range standing(s) {
		if m.Data.Of == caserecord.MarkDocument && m.Data.Ref == document && inLane(s, m.Data.Lane, b.look().person()) {
			lanes = append(lanes, m.Data.Lane)
		}
	}
	return b.lettingIn(lanes)
}

// forModel is what a language model may be told: what everybody may see, and the lanes that counsel opened to it.
func (b *Bench) forModel() sight { return b.lettingIn(modelLanes(b.whole()))() }

// lettingIn gives what everybody may see, and these lanes.
func (b *Bench) lettingIn(lanes []string) func() sight {
	if len(lanes) == 0 {
		return b.common
	}
	return func() sight {
		var fresh sight
		return b.sightOf(&fresh, func(*caserecord.State) string { return strings.Join(lanes, " ") },
			func(_ *caserecord.State, lane, _ string) bool { return slices.Contains(lanes, lane) })
	}
}

func (x sight) person() caserecord.PersonID { return caserecord.PersonID(x.who) }

// modelOfLane is the function of a model.switched that opens a lane to the model. Nothing else does: without it no model
// reads what is marked, for nobody.
func modelOfLane(lane string) string { return "lane:" + lane }

// modelLanes lists the lanes whose marked evidence counsel lets a model read. Anybody who may switch the model off may
// close a lane to it; only somebody who was legal counsel when they signed opens one.
func modelLanes(s *caserecord.State) []string {
	var out []string
	for _, l := range s.Lanes {
		open := false
		for _, x := range s.Switches {
			if x.Data.Function != modelOfLane(l.Data.Lane) {
				continue
			}
			open = x.Data.On && !s.Awaits(x.Entry) && slices.Contains(s.RolesOf(x.Person, x.Recorded), incident.RoleLegalCounsel) || open && x.Data.On
		}
		if open {
			out = append(out, l.Data.Lane)
		}
	}
	return out
}

// seesAllOf reports that no evidence in the other sight is hidden from this one.
func (x sight) seesAllOf(other sight) bool {
	if x.wall.none() {
		return true
	}
	for sha256 := range x.wall.evidence {
		if other.wall.none() || other.wall.evidence[sha256] == nil {
			return false
		}
	}
	return true
}

// StoryOf tells one entry as the person at the keyboard may read it; false when it is not in the case, or behind a wall.
func (b *Bench) StoryOf(id caserecord.ID) (string, bool) {
	e, ok := b.entry(id)
	if !ok || e.Withheld() {
		return "", false
	}
	return caserecord.Story(e, b.State()), true
}
