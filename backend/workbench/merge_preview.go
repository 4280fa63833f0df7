package workbench

import (
	"os"
	"slices"
	"sort"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

// MaxMergeStories bounds the sentences of new entries that a preview tells.
const MaxMergeStories = 200

// MergePreview says what merging a copy would bring, before anything is changed. Lists are complete save Stories, Evidence
// and Problems, which are cut at MaxMergeStories; the numbers beside them count all.
type MergePreview struct {
	ActProposal `json:"-"`

	From        string `json:"from"`
	Kind        string `json:"kind"`         // of the copy: case, bundle, parcel
	Signs       bool   `json:"signs"`        // both copies have something new: merging signs a merge.received
	FastForward bool   `json:"fast_forward"` // only the copy has something new; nothing is signed
	Nothing     bool   `json:"nothing"`      // the copy has nothing that is not here
	Blocked     bool   `json:"blocked"`      // the copy has Problems: merging needs --keep-going, and takes in what is sound

	Entries  int           `json:"entries"` // new here
	Kinds    []MergeCount  `json:"kinds"`   // of them
	Authors  []MergeCount  `json:"authors"` // of them; name is the person's, id the key
	Stories  []MergeStory  `json:"stories"` // the first, in causal order
	Bodies   int           `json:"bodies"`  // entries here without their words, which the copy has
	Withheld int           `json:"withheld"`
	Lacking  int           `json:"lacking"` // entries here that the copy has not
	People   []MergePerson `json:"people"`  // people and keys new here

	Evidence      []MergeItem `json:"evidence"` // sealed items new here, or missing here
	EvidenceNew   int         `json:"evidence_new"`
	EvidenceBytes int64       `json:"evidence_bytes"` // that come along
	EvidenceAway  int         `json:"evidence_away"`  // whose bytes the copy has not either
	Rows          int         `json:"rows"`           // items whose rows will be made

	SetAside      []SetAside           `json:"set_aside"` // entries that will not count, and did not before
	Conflicts     []Conflict           `json:"conflicts"` // that the merge brings
	Settled       int                  `json:"settled"`   // conflicts here that the copy has settled
	Equivocations []caserecord.Problem `json:"equivocations"`
	Gaps          []caserecord.Problem `json:"gaps"`
	Clocks        []caserecord.Problem `json:"clocks"`
	Problems      []caserecord.Problem `json:"problems"`
	ProblemCount  int                  `json:"problem_count"`
	Head          string               `json:"head"` // of the record as it would be, before a merge.received
}

// MergeCount counts new entries of a kind or author.
type MergeCount struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// MergeStory is a new entry as a sentence.
type MergeStory struct {
	Entry    caserecord.ID `json:"entry"`
	Kind     string        `json:"kind"`
	Name     string        `json:"name"`
	Recorded time.Time     `json:"recorded"`
	Story    string        `json:"story"`
}

// MergePerson is a person or a key that is new here.
type MergePerson struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Key  string `json:"key"` // its code, to compare by voice
	New  bool   `json:"new"` // the person, not only the key
}

// The states of an evidence item in a preview.
const (
	ItemComes     = "comes"     // its bytes are copied
	ItemElsewhere = "elsewhere" // sealed in some other copy; its rows cannot be made here, citations keep their text
)

// MergeItem is a sealed item whose bytes are not here.
type MergeItem struct {
	SHA256 string `json:"sha256"`
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	State  string `json:"state"`
}

// previewMerge tells a plan.
func (b *Bench) previewMerge(p *mergePlan) *MergePreview {
	src := p.src
	v := &MergePreview{
		From: src.name, Kind: src.kind, Signs: p.signs, FastForward: !p.signs && len(p.fresh)+len(p.filled) > 0, Blocked: len(p.blocking) > 0,
		Entries: len(p.fresh), Bodies: p.bodies, Lacking: p.lacking, Problems: orEmpty(head(p.blocking, MaxMergeStories)), ProblemCount: len(p.blocking), Head: p.after.Head,
	}
	s, entries, w := b.mergeSight(p)
	v.tell(p, s, entries)
	v.people(p)
	v.sort(p, s, entries)
	b.previewEvidence(v, p, w)
	v.Conflicts, v.Settled = newConflicts(p.before, s, entries)
	v.Nothing = !v.Signs && v.Entries+v.Bodies+v.EvidenceNew-v.EvidenceAway == 0
	// Not kept among the prepared acts: this is signed by a merge, and by nothing else.
	d := p.data()
	v.ActProposal = ActProposal{
		Data: d, Sentence: caserecord.Deed(d, b.MyName(), s),
		Proposal: Proposal{Shown: ShownOf(d), Kinds: kinds(d.Kind()), Consequences: v.consequences()},
	}
	if p.signs {
		v.Refused = p.maySign(b)
	}
	return v
}

// mergeSight is the joined record as the person at the keyboard may see it, and the wall before the rest.
func (b *Bench) mergeSight(p *mergePlan) (*caserecord.State, []caserecord.Entry, *wall) {
	b.mu.Lock()
	who := b.viewer(p.after)
	b.mu.Unlock()
	entries := p.union.Entries()
	w := newWall(p.after, entries, func(lane string) bool { return inLane(p.after, lane, who) }, b.evidenceOf(p.after, b.rows()), b.paperGrounds)
	if w.none() {
		return p.after, entries, w
	}
	return w.fold(entries), w.strip(entries), w
}

// tell counts and tells the new entries.
func (v *MergePreview) tell(p *mergePlan, s *caserecord.State, entries []caserecord.Entry) {
	fresh := make(map[caserecord.ID]bool, len(p.fresh))
	for _, e := range p.fresh {
		fresh[e.ID] = true
	}
	kinds, authors := map[string]int{}, map[string]int{}
	v.Stories = []MergeStory{}
	for _, e := range entries {
		if !fresh[e.ID] {
			continue
		}
		kinds[string(e.Header.Kind)]++
		authors[string(e.Header.Author)]++
		if e.Withheld() {
			v.Withheld++
		}
		if len(v.Stories) < MaxMergeStories {
			v.Stories = append(v.Stories, MergeStory{
				Entry: e.ID, Kind: string(e.Header.Kind), Name: authorName(s, e.Header.Author), Recorded: e.Header.Recorded, Story: caserecord.Story(e, s),
			})
		}
	}
	v.Kinds = counts(kinds, func(k string) string { return k })
	v.Authors = counts(authors, func(a string) string { return authorName(s, caserecord.Author(a)) })
}

func authorName(s *caserecord.State, a caserecord.Author) string {
	if p, ok := s.PersonOf(a); ok {
		return p.Name
	}
	return "unknown key " + caserecord.KeyCode(a)
}

func counts(of map[string]int, name func(string) string) []MergeCount {
	out := []MergeCount{}
	for id, n := range of {
		out = append(out, MergeCount{id, name(id), n})
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Count != out[j].Count {
			return out[i].Count > out[j].Count
		}
		return out[i].ID < out[j].ID
	})
	return out
}

// people lists who is new.
func (v *MergePreview) people(p *mergePlan) {
	v.People = []MergePerson{}
	for _, x := range p.after.People {
		old := p.before.Person(x.ID)
		for _, k := range x.Keys {
			if old == nil || !slices.Contains(old.Keys, k) {
				v.People = append(v.People, MergePerson{string(x.ID), x.Name, caserecord.KeyCode(k), old == nil})
			}
		}
	}
}

// sort puts what was found where it belongs.
func (v *MergePreview) sort(p *mergePlan, s *caserecord.State, entries []caserecord.Entry) {
	v.Equivocations, v.Gaps, v.Clocks = []caserecord.Problem{}, []caserecord.Problem{}, []caserecord.Problem{}
	known := map[caserecord.ID]bool{}
	for _, r := range p.before.Refused {
		known[r.Entry] = true
	}
	v.SetAside = []SetAside{}
	for _, x := range setAside(s, entries) {
		if !known[x.Entry] {
			v.SetAside = append(v.SetAside, x)
		}
	}
	for _, x := range p.found {
		switch {
		case x.Code == caserecord.CodeEquivocation:
			v.Equivocations = append(v.Equivocations, x)
		case x.Code.Incomplete():
			v.Gaps = append(v.Gaps, x)
		case x.Code == caserecord.CodeClockBackwards:
			v.Clocks = append(v.Clocks, x)
		}
	}
}

// previewEvidence says which sealed bytes would come, and counts the items whose rows would be made. Items behind the wall
// are counted, without name and size.
func (b *Bench) previewEvidence(v *MergePreview, p *mergePlan, w *wall) {
	v.Evidence = []MergeItem{}
	comes := map[string]bool{}
	for _, it := range b.wantsBytes(p.after, p.src) {
		comes[it.sha256] = true
	}
	fresh := map[string]bool{}
	for _, sha := range p.sealedAbsent {
		fresh[sha] = true
	}
	for _, it := range sealedItems(p.after) {
		if !comes[it.sha256] && !fresh[it.sha256] {
			continue
		}
		x := MergeItem{it.sha256, it.path, it.bytes, ItemElsewhere}
		if m := w.evidence[it.sha256]; m != nil {
			x.Path, x.Bytes = behindLane(laneTitle(p.after, m)), 0
		}
		v.EvidenceNew++
		if comes[it.sha256] {
			x.State = ItemComes
			v.EvidenceBytes += x.Bytes
		} else {
			v.EvidenceAway++
		}
		if len(v.Evidence) < MaxMergeStories {
			v.Evidence = append(v.Evidence, x)
		}
	}
	changed := map[string]bool{}
	for _, sha := range p.rowsChanged {
		changed[sha] = true
	}
	for _, it := range p.after.Evidence {
		d, err := incident.ParseDigest(it.SHA256)
		_, wanted := rowsOf(p.after, it)
		if err != nil || !wanted || !(comes[it.SHA256] || changed[it.SHA256] || p.before.Item(it.SHA256) == nil) {
			continue
		}
		if comes[it.SHA256] || b.folder.Vault().Has(d) {
			v.Rows++
		} else if slices.ContainsFunc(it.Received, func(r caserecord.EvidenceReceipt) bool { return fileAt(r.Data.Path) }) {
			v.Rows++ // a referenced file that lies here too; whether it is the same is found out when its rows are made
		}
	}
}

func fileAt(path string) bool {
	if onNetwork(path) {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func (v *MergePreview) consequences() []string {
	var out []string
	if v.Signs {
		out = append(out, "Both copies have something new: your signature says which state of the other copy was taken in.")
	} else {
		out = append(out, "Nothing is signed: only one of the two copies has something new.")
	}
	if n := len(v.Conflicts); n == 1 {
		out = append(out, "1 conflict will need a person to settle it; until then the later answer is shown.")
	} else if n > 1 {
		out = append(out, counted(n, "conflict", "conflicts")+" will need a person to settle them; until then the later answers are shown.")
	}
	if v.EvidenceAway > 0 {
		out = append(out, counted(v.EvidenceAway, "evidence item stays", "evidence items stay")+" elsewhere: no rows of them here; what decisions cite of them keeps its text.")
	}
	return append(out, "The other copy is not changed.")
}
