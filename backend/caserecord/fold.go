package caserecord

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord/authority"
	"adjutant/backend/incident"
)

// ErrOutOfPlace is what a refusal wraps when an entry refers to something its author cannot have known.
var ErrOutOfPlace = errors.New("caserecord: out of place")

func errOutOfPlace(why string) error { return fmt.Errorf("%w: %s", ErrOutOfPlace, why) }

func errNotAuthorised(why string) error { return fmt.Errorf("%w: %s", authority.ErrNotAuthorised, why) }

// Fold computes what a set of entries says. It is pure and deterministic: any order, any repetition of the same entries
// gives the same State. Entries come from Parse, ParseSealed or Seal; signatures are not checked again here. Entries
// outside their author's authority change nothing and are listed in Refused. About 10 µs an entry.
func Fold(entries []Entry) *State {
	f := newFolder(newGraph(entries))
	for i := range f.g.entries {
		f.take(i)
	}
	return f.finish()
}

// FoldUntil is Fold over what was recorded by then, with all its causes: what was known to someone.
func FoldUntil(entries []Entry, at time.Time) *State { return Fold(Until(entries, at)) }

// folder carries the state while it grows; only its State leaves.
type folder struct {
	g         *graph
	s         *State
	view      *authorityView
	early     *authorityView // by past alone, to judge ends of roles
	validEnds map[int]bool
	root      int // case.opened, -1 when missing
	of        caseMode
	fields    map[string]*contested
	verdicts  map[string]*VerdictState
	decisions map[string]*DecisionState
	triggers  map[string]*TriggerState
}

func newFolder(g *graph) *folder {
	f := &folder{
		g: g, root: -1, view: newAuthorityView(g), early: newAuthorityView(g), validEnds: map[int]bool{},
		fields:   map[string]*contested{},
		verdicts: map[string]*VerdictState{}, decisions: map[string]*DecisionState{}, triggers: map[string]*TriggerState{},
		s: &State{
			tags: map[string]map[string][]ID{}, about: map[string][]int{}, entries: map[ID]int{},
			byAuthor: map[Author]PersonID{}, documents: map[string]*DocumentState{}, graph: g,
			items: map[string]*EvidenceItem{}, assumed: map[string]*Assumption{},
		},
	}
	counts := map[caseMode]int{}
	for i := range g.entries {
		counts[caseMode{g.entries[i].Header.Case, g.entries[i].Header.Mode}]++
	}
	f.of = mainCase(counts)
	for i := range g.entries {
		h := &g.entries[i].Header
		if h.Kind == CaseOpened && h.Case == f.of.id && h.Mode == f.of.mode && g.entries[i].content != nil {
			f.root = i
			break
		}
	}
	if f.root >= 0 {
		f.judgeEnds()
	}
	return f
}

// judgeEnds finds the role.ended entries that are valid by their own past (see authorityView).
func (f *folder) judgeEnds() {
	v := f.early
	for i := range f.g.entries {
		e := &f.g.entries[i]
		if i == f.root {
			v.open(i, e.content.(*CaseOpenedData))
			continue
		}
		switch e.content.(type) {
		case *PersonAdmittedData, *RoleGrantedData, *RoleEndedData:
		default:
			continue
		}
		p, ok := v.personOf(e.Header.Author, i)
		if !ok || f.misplaced(i) != "" {
			continue
		}
		held := v.held(p, i, true)
		asCommander := slices.Contains(held, incident.RoleIncidentCommander)
		switch d := e.content.(type) {
		case *PersonAdmittedData:
			other := func(ad admission) bool { return ad.person != d.Person.ID }
			if asCommander && !slices.ContainsFunc(v.admissions[d.Person.Key], other) {
				v.admit(i, d.Person)
			}
		case *RoleGrantedData:
			admitted := slices.ContainsFunc(v.people[d.Person], func(at int) bool { return v.seen(at, i) })
			if asCommander && admitted && d.ByRole == incident.RoleIncidentCommander && len(v.grants[d.Person]) < maxGrants {
				v.grant(i, d.Person, d.Role, d.From, d.To)
			}
		case *RoleEndedData:
			own := d.Person == p && d.ByRole == d.Role && slices.Contains(held, d.Role)
			if (own || (asCommander && d.ByRole == incident.RoleIncidentCommander)) && len(v.ends[d.Person]) < maxGrants {
				v.ends[d.Person] = append(v.ends[d.Person], ending{i, d.Role})
				f.validEnds[i] = true
			}
		}
	}
	f.view.ends = v.ends
}

// open makes the opener a person and Incident Commander.
func (v *authorityView) open(at int, d *CaseOpenedData) {
	v.admit(at, d.Person)
	v.grant(at, d.Person.ID, incident.RoleIncidentCommander, "", "")
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
		d := e.content.(*CaseOpenedData)
		f.view.open(i, d)
		f.applyOpening(i, d)
		f.s.entries[e.ID] = i
		return
	}
	if e.Header.Kind == CaseOpened {
		f.refuse(i, CodeOpening, "the case was opened already")
		return
	}
	p, ok := f.view.personOf(e.Header.Author, i)
	if !ok {
		if len(f.early.admissions[e.Header.Author]) > 0 {
			f.refuse(i, CodeNotYetAdmitted, "the key was admitted, but not in this entry's past, or by someone who lost that authority")
		} else {
			f.refuse(i, CodeUnknownAuthor, "nobody with authority admitted the key "+KeyCode(e.Header.Author))
		}
		return
	}
	if e.content != nil {
		if code, err := f.judge(i, p, e.content); err != nil {
			f.refuse(i, code, plain(err))
			return
		}
		f.apply(i, p, e.content)
	}
	f.s.entries[e.ID] = i
}

var misplacedText = map[Code]string{
	CodeTooMany:   fmt.Sprintf("the case has more than %d authors and forks", MaxAuthors),
	CodeWrongCase: "the entry belongs to another case",
	CodeModeMix:   "live and exercise entries do not mix",
	CodeChain:     "prev or seen leads to an entry that cannot stand there",
}

func (f *folder) judge(i int, p PersonID, c Content) (Code, error) {
	if d, ok := c.(*RoleEndedData); ok {
		if f.validEnds[i] {
			return "", nil
		}
		held := f.early.held(p, i, true)
		if len(f.view.ends[d.Person]) >= maxGrants {
			return CodeTooMany, errNotAuthorised("more endings for one person than the format allows")
		}
		return f.s.judge(p, held, c, func(ID) bool { return true })
	}
	if d, ok := c.(*RoleGrantedData); ok && len(f.view.grants[d.Person]) >= maxGrants {
		return CodeTooMany, errNotAuthorised("more grants for one person than the format allows")
	}
	known := func(id ID) bool {
		at, ok := f.g.index[id]
		return ok && f.g.before(at, i)
	}
	return f.s.judge(p, f.view.held(p, i, false), c, known)
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

// finish sorts what is not in causal order, and computes what depends on the whole.
func (f *folder) finish() *State {
	s := f.s
	s.Entries = len(f.g.entries)
	s.Head = Head(f.g.entries)
	slices.SortFunc(s.People, func(a, b *Person) int {
		return cmpText(a.Name, b.Name, string(a.ID), string(b.ID))
	})
	slices.SortFunc(s.Evidence, func(a, b *EvidenceItem) int {
		return cmpText(a.path(), b.path(), a.SHA256, b.SHA256)
	})
	slices.SortFunc(s.Assumptions, func(a, b *Assumption) int { return strings.Compare(a.Data.SHA256, b.Data.SHA256) })
	slices.SortFunc(s.Verdicts, func(a, b *VerdictState) int { return strings.Compare(a.Group, b.Group) })
	slices.SortFunc(s.Decisions, func(a, b *DecisionState) int { return strings.Compare(a.Recommendation, b.Recommendation) })
	slices.SortFunc(s.Triggers, func(a, b *TriggerState) int { return strings.Compare(a.Anchor, b.Anchor) })
	f.endRoles()
	f.judgeApprovals()
	s.Conflicts = f.conflicts()
	return s
}

func cmpText(pairs ...string) int {
	for i := 0; i+1 < len(pairs); i += 2 {
		if c := strings.Compare(pairs[i], pairs[i+1]); c != 0 {
			return c
		}
	}
	return 0
}
