package caserecord

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord/authority"
)

// ErrOutOfPlace is what a refusal wraps when an entry refers to something its author cannot have known.
var ErrOutOfPlace = errors.New("caserecord: out of place")

func errOutOfPlace(why string) error { return fmt.Errorf("%w: %s", ErrOutOfPlace, why) }

func errNotAuthorised(why string) error { return fmt.Errorf("%w: %s", authority.ErrNotAuthorised, why) }

// Fold computes what a set of entries says. It is pure and deterministic: any order, any repetition of the same entries
// gives the same State. Entries come from Parse, ParseSealed or Seal; signatures are not checked again here. Entries
// outside their author's authority change nothing and are listed in Refused. About 10 µs an entry.
func Fold(entries []Entry) *State {
	return foldAll(newGraph(entries)).s
}

func foldAll(g *graph) *folder {
	f := newFolder(g)
	for i := range g.entries {
		f.take(i)
	}
	f.finish()
	return f
}

// FoldUntil is Fold over what was recorded by then, with all its causes: what was known to someone.
func FoldUntil(entries []Entry, at time.Time) *State { return Fold(Until(entries, at)) }

// folder carries the state while it grows; only its State leaves.
type folder struct {
	g         *graph
	s         *State
	view      *authorityView
	standing  map[int]bool      // ends and revocations that stand by their own past
	governed  map[int]judgement // of the governing entries
	admitted  map[int][]int     // entry set aside -> every entry.admitted of it, in causal order
	root      int               // case.opened, -1 when missing
	of        caseMode
	fields    map[string]*contested
	verdicts  map[string]*VerdictState
	decisions map[string]*DecisionState
	triggers  map[string]*TriggerState
	two       []Awaiting // acts that need a second person
	glass     map[ID]*Glass
	stepping  bool // the state grows by one entry: what earlier states show is copied before it is changed (table.go)
}

func newFolder(g *graph) *folder {
	f := &folder{
		g: g, root: -1, view: newAuthorityView(g), standing: map[int]bool{}, governed: map[int]judgement{}, admitted: map[int][]int{},
		fields: map[string]*contested{}, glass: map[ID]*Glass{},
		verdicts: map[string]*VerdictState{}, decisions: map[string]*DecisionState{}, triggers: map[string]*TriggerState{},
		s: &State{
			find:    newFinder(),
			entries: newAccepted(len(g.entries)), byAuthor: map[Author]PersonID{}, graph: g,
			handed: map[string]handing{}, chosen: map[string]picked{}, grounds: map[ID]Ground{}, revoked: map[Author]bool{}, two: map[ID]bool{},
		},
	}
	counts := map[caseMode]int{}
	for i := range g.entries {
		counts[caseMode{g.entries[i].Header.Case, g.entries[i].Header.Mode}]++
	}
	f.of = mainCase(counts)
	for i := range g.entries {
		h := &g.entries[i].Header
		if h.Kind == CaseOpened && h.Case == f.of.id && h.Mode == f.of.mode && g.entries[i].content != nil && (g.opening == "" || g.opening == g.entries[i].ID) {
			f.root = i
			break
		}
	}
	if f.root >= 0 {
		f.govern()
	}
	return f
}

// misplaced is the code for an entry that does not fit into this case or chain at all, "" when it does.
func (f *folder) misplaced(i int) Code {
	h := &f.g.entries[i].Header
	switch {
	case f.g.beyond[i]:
		return CodeTooMany
	case h.Case != f.of.id:
		return CodeWrongCase
	case h.Mode != f.of.mode:
		return CodeModeMix
	case f.g.linkFault(i) != "":
		return CodeChain
	}
	return ""
}

// take judges entry i and applies it.
func (f *folder) take(i int) {
	e := &f.g.entries[i]
	f.s.Latest = later(f.s.Latest, e.Header.Recorded)
	if e.content == nil {
		f.s.Withheld++
	}
	if f.root < 0 {
		f.refuse(i, CodeNoOpening, "the case.opened entry is missing, so nobody is known")
		return
	}
	if code := f.misplaced(i); code != "" {
		f.refuse(i, code, misplacedText[code])
		return
	}
	if i == f.root {
		f.applyOpening(i, e.content.(*CaseOpenedData))
		f.s.entries.add(e.ID, i)
		return
	}
	if e.Header.Kind == CaseOpened {
		f.refuse(i, CodeOpening, "the case was opened already")
		return
	}
	p, j := f.judge(i)
	if j.err != nil {
		if p, j = f.admission(i, j); j.err != nil {
			f.refuse(i, j.code, plain(j.err))
			return
		}
	}
	f.s.entries.add(e.ID, i)
	if j.basis != BasisGrant {
		f.s.grounds[e.ID] = Ground{j.basis, f.g.entries[j.at].ID}
	}
	if e.content == nil {
		return
	}
	f.apply(i, p, e.content)
	f.write(i, e.content)
	if j.two {
		f.s.two[e.ID] = true
		kind, class := e.Header.Kind, f.s.classOf(e.content, f.standingAt(i, p).known)
		f.two = append(f.two, Awaiting{Stamp: f.stamp(i, p), Kind: kind, Class: class, Roles: f.view.rowAt(kind, class, i).Roles})
	}
}

// admission is the judgement of an entry that was set aside, when an authority holder admitted it. Somebody else's admission
// stands for authority and for a second person. One's own brings back what a lost key signed, and no more than that: nobody
// gives themselves what they did not have, or signs for two.
func (f *folder) admission(i int, set judgement) (PersonID, judgement) {
	e := &f.g.entries[i]
	by, p := f.admitted[i], f.authorAt(f.view, i)
	if len(by) == 0 || !(Refusal{Kind: e.Header.Kind, Code: set.code}).Admissible() || e.content == nil || p == "" {
		return p, set
	}
	j := judgement{basis: BasisAdmission, at: by[0]}
	if other := slices.IndexFunc(by, func(at int) bool { return f.authorAt(f.view, at) != p }); other >= 0 {
		j.at = by[other]
		if err := f.standingAt(i, p).inPlace(f.s, e.content); err != nil {
			return p, refused(CodeOutOfPlace, err)
		}
		return p, j
	}
	own := f.standingAt(i, p).judge(f.s, e.content)
	if own.err != nil {
		return p, own
	}
	j.two = own.two
	return p, j
}

var misplacedText = map[Code]string{
	CodeTooMany:   fmt.Sprintf("the case has more than %d authors and forks, or more than %d forks of this key", MaxAuthors, MaxForks),
	CodeWrongCase: "the entry belongs to another case",
	CodeModeMix:   "live and exercise entries do not mix",
	CodeChain:     "prev or seen leads to an entry that cannot stand there",
}

// judge says whose entry i is and whether it counts.
func (f *folder) judge(i int) (PersonID, judgement) {
	e := &f.g.entries[i]
	if f.standing[i] {
		return f.authorAt(f.view, i), judgement{}
	}
	p, code := f.view.personOf(e.Header.Author, i, false)
	switch {
	case code == CodeUnknownAuthor:
		return "", refused(code, errNotAuthorised("nobody with authority admitted the key "+KeyCode(e.Header.Author)))
	case code == CodeNotYetAdmitted:
		if f.g.lacks(i) {
			return "", refused(code, errNotAuthorised("the admission of the key "+KeyCode(e.Header.Author)+" may be known to entries that are missing before this one"))
		}
		return "", refused(code, errNotAuthorised("the key was admitted, but not in this entry's past, or by someone who lost that authority"))
	case code == CodeKeyRevoked:
		return "", refused(code, errNotAuthorised("the key "+KeyCode(e.Header.Author)+" was revoked, and whoever revoked it had not seen this entry"))
	case e.content == nil:
		return p, judgement{}
	case governing[e.Header.Kind]:
		return p, f.governed[i]
	}
	return p, f.standingAt(i, p).judge(f.s, e.content)
}

// plain drops the package prefixes from an error that becomes a sentence for people.
func plain(err error) string {
	t := err.Error()
	for _, p := range []string{"authority: not authorised: ", "caserecord: out of place: ", "authority: "} {
		t = strings.TrimPrefix(t, p)
	}
	return t
}

func (f *folder) refuse(i int, code Code, text string) {
	h := &f.g.entries[i].Header
	f.s.Refused = append(f.s.Refused, Refusal{f.g.entries[i].ID, h.Author, h.Kind, code, text})
}

// finish sorts what is not in causal order, and computes what depends on the whole. step is its twin for one entry.
func (f *folder) finish() *State {
	s := f.s
	s.Entries = len(f.g.entries)
	s.Head = f.g.head(f.of.id)
	slices.SortFunc(s.People, func(a, b *Person) int {
		return cmpText(a.Name, b.Name, string(a.ID), string(b.ID))
	})
	slices.SortFunc(s.Evidence, byPath)
	slices.SortFunc(s.Assumptions, bySource)
	slices.SortFunc(s.Verdicts, byGroup)
	slices.SortFunc(s.Decisions, byRecommendation)
	slices.SortFunc(s.Triggers, byAnchor)
	f.endRoles()
	f.awaitSecond()
	f.judgeApprovals(s.Documents...)
	s.rows = f.view.rows
	f.revokeKeys()
	s.Conflicts = f.conflicts()
	return s
}

// The orders of a state's lists that are not in causal order.
func byPath(a, b *EvidenceItem) int  { return cmpText(a.path(), b.path(), a.SHA256, b.SHA256) }
func bySource(a, b *Assumption) int  { return strings.Compare(a.Data.SHA256, b.Data.SHA256) }
func byGroup(a, b *VerdictState) int { return strings.Compare(a.Group, b.Group) }
func byRecommendation(a, b *DecisionState) int {
	return strings.Compare(a.Recommendation, b.Recommendation)
}
func byAnchor(a, b *TriggerState) int { return strings.Compare(a.Anchor, b.Anchor) }

func cmpText(pairs ...string) int {
	for i := 0; i+1 < len(pairs); i += 2 {
		if c := strings.Compare(pairs[i], pairs[i+1]); c != 0 {
			return c
		}
	}
	return 0
}
