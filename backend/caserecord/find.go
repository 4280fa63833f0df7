package caserecord

import "slices"

// What a fold looks up for every entry of a kind stands here by its name, beside the list that readers get: a record with
// fifty thousand transfers, lanes or drafts is folded in its length. Where a kind is one that step takes, it is a table, which
// states share; the others are maps that no state changes once it was handed out.
type finder struct {
	people   map[PersonID]*Person
	cosigned map[ID][]int // act -> places in Cosigned
	awaiting map[ID]bool

	transfers table[*Transfer]  // by entry
	lanes     table[*Lane]      // by id
	holds     table[*Hold]      // by entry
	holdsOn   table[[]*Hold]    // by item, "" for those on the whole case
	marks     table[[]*Mark]    // by what is marked: see markKey
	drafted   table[[]draftRef] // by document, and by document and hash: see draftKey
	approved  table[[]ID]       // approvals, by draftKey
	purges    table[[]int]      // by item: places in Purges
}

func newFinder() finder {
	return finder{people: map[PersonID]*Person{}, cosigned: map[ID][]int{}, awaiting: map[ID]bool{}}
}

// lend marks the tables as belonging to a state that was handed out.
func (s *State) lend() {
	s.tags.lent, s.about.lent, s.documents.lent, s.items.lent, s.assumed.lent = true, true, true, true, true
	x := &s.find
	x.transfers.lent, x.lanes.lent, x.holds.lent, x.holdsOn.lent, x.marks.lent, x.drafted.lent, x.approved.lent, x.purges.lent = true, true, true, true, true, true, true, true
}

// add appends to a list of a table. In a step it is copied first: earlier states keep theirs.
func add[V any](f *folder, t *table[[]V], key string, v V) {
	old := t.get(key)
	if f.stepping {
		old = slices.Clip(old)
	}
	t.set(key, append(old, v))
}

func markKey(of MarkOf, ref string) string { return string(of) + " " + ref }

func draftKey(document, model string) string { return document + " " + model }

// draftRef is the first draft of a class in a lane. Who knows any draft of that lane and class knows this one.
type draftRef struct {
	entry ID
	class Class
	lane  int32
}

// noteDraft keeps what classOf and the rule of one class ask.
func (f *folder) noteDraft(i int, d *DocumentDraftedData) {
	ref := draftRef{f.g.entries[i].ID, d.Class, f.g.lane[i]}
	for _, key := range []string{d.Document, draftKey(d.Document, d.ModelSHA256)} {
		there := false
		for _, x := range f.s.find.drafted.get(key) {
			there = there || x.class == ref.class && x.lane == ref.lane
		}
		if !there {
			add(f, &f.s.find.drafted, key, ref)
		}
	}
}
