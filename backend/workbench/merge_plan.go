package workbench

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

// mergePlan is what taking in a source would do to this case.
type mergePlan struct {
	src    *source
	base   int // entries here when it was made
	before *caserecord.State
	union  *caserecord.Log
	after  *caserecord.State

	fresh    []*caserecord.Entry // of the union, in causal order: those that are new here
	filled   []*caserecord.Entry // and those that are here already, with bytes that were missing
	bodies   int                 // of filled: those that bring the words
	lacking  int                 // entries here that the source has not
	heads    map[caserecord.Author]caserecord.ID
	ahead    bool // the source has news
	signs    bool // both have: somebody signs
	found    []caserecord.Problem
	blocking []caserecord.Problem // what of it forbids the merge, unless the person goes on all the same

	sealedAbsent []string // sealed items that are new here and whose bytes are not here
	rowsChanged  []string // items whose rows depend on something that the merge changes
}

// planMerge compares a source with the case. ErrOtherCase when it is not one of this case.
func (b *Bench) planMerge(src *source) (*mergePlan, error) {
	b.mu.Lock()
	ours, before, caseID, mode := b.log.Entries(), b.stateLocked(), b.folder.ID(), b.folder.Mode()
	b.mu.Unlock()
	p := &mergePlan{src: src, base: len(ours), before: before}
	p.blocking = slices.Clone(src.problems)
	theirs, err := p.ofThisCase(caseID, mode)
	if err != nil {
		return nil, err
	}
	for round := 0; ; round++ {
		p.join(ours, theirs)
		strangers := p.strangers()
		if len(strangers) == 0 {
			break
		}
		if round == maxStrangers {
			return nil, &CopyDamage{p.blocking}
		}
		theirs = slices.DeleteFunc(theirs, func(e caserecord.Entry) bool { return strangers[e.ID] })
	}
	if crowded := p.crowded(); len(crowded) > 0 {
		return nil, &CopyDamage{crowded}
	}
	p.compare(ours, theirs)
	p.gaps(ours)
	p.signs = p.signs || b.mergeOwed(p)
	p.evidence(b.folder.Vault().Has)
	p.rows()
	return p, nil
}

// maxStrangers bounds how often the rest is judged anew without entries that nobody stands behind: each time fewer keys
// take part, and one time is what it takes unless the copy was made to be awkward.
const maxStrangers = 10

// ofThisCase leaves out what belongs to another case. A copy that has nothing of this one, or another opening, is refused.
func (p *mergePlan) ofThisCase(caseID string, mode incident.Mode) ([]caserecord.Entry, error) {
	var out []caserecord.Entry
	cases := map[string]int{}
	for _, e := range p.src.entries {
		h := &e.Header
		switch {
		case h.Case != caseID:
			cases[h.Case]++
			p.block(caserecord.CodeWrongCase, e.ID, "%s: the entry belongs to another case", h.Kind)
		case h.Mode != mode:
			p.block(caserecord.CodeModeMix, e.ID, "%s: live and exercise entries do not mix", h.Kind)
		case h.Kind == caserecord.CaseOpened && e.ID != p.before.Case.Entry && p.before.Entries > 0: // of a case that is made from a copy nothing is here yet
			return nil, fmt.Errorf("%w: its first entry is another one, although it claims the same case", ErrOtherCase)
		default:
			out = append(out, e)
		}
	}
	switch {
	case len(out) > 0:
	case len(cases) > 0:
		return nil, fmt.Errorf("%w: it belongs to case %s, this is %s", ErrOtherCase, slices.Sorted(maps.Keys(cases))[0], caseID)
	case len(p.src.entries) > 0:
		return nil, fmt.Errorf("%w: one is an exercise, the other is live", ErrOtherCase)
	case len(p.blocking) > 0:
		return nil, &CopyDamage{p.blocking}
	default:
		return nil, fmt.Errorf("%w: it holds no entries", ErrOtherCase)
	}
	return out, nil
}

func (p *mergePlan) block(code caserecord.Code, id caserecord.ID, format string, a ...any) {
	p.blocking = append(p.blocking, caserecord.Problem{Code: code, Entry: string(id), Text: fmt.Sprintf(format, a...)})
}

// join makes the union and folds it.
func (p *mergePlan) join(ours, theirs []caserecord.Entry) {
	p.union = caserecord.Join(ours, theirs)
	p.after = p.union.State()
}

// strangers are entries new here that no rule of the format lets stand: their key was never admitted, or their links cannot
// be. They are named and never stored. What authority alone refuses is another matter: it comes in, set aside.
func (p *mergePlan) strangers() map[caserecord.ID]bool {
	known := map[caserecord.ID]bool{}
	for _, r := range p.before.Refused {
		known[r.Entry] = true
	}
	out := map[caserecord.ID]bool{}
	for _, r := range p.after.Refused {
		if r.Code.Damages() && !known[r.Entry] && !p.before.Accepted(r.Entry) {
			out[r.Entry] = true
			p.block(r.Code, r.Entry, "%s: %s", r.Kind, r.Text)
		}
	}
	return out
}

// crowded lists entries that counted here and would no longer, since the copy brings more keys and forks than a case can
// have: nobody may push others out like that.
func (p *mergePlan) crowded() (out []caserecord.Problem) {
	for _, r := range p.after.Refused {
		if r.Code == caserecord.CodeTooMany && p.before.Accepted(r.Entry) {
			out = append(out, caserecord.Problem{Code: r.Code, Entry: string(r.Entry), Text: r.Text})
		}
	}
	return out
}

// compare finds what each side has that the other has not.
func (p *mergePlan) compare(ours, theirs []caserecord.Entry) {
	here := make(map[caserecord.ID]int32, len(ours))
	for i := range ours {
		here[ours[i].ID] = int32(i)
	}
	shared := make([]bool, len(ours))
	p.heads = map[caserecord.Author]caserecord.ID{}
	newest := map[caserecord.Author]uint64{}
	for i := range theirs {
		e := &theirs[i]
		if at, ok := here[e.ID]; ok {
			shared[at] = true
		}
		a := e.Header.Author
		if id, ok := p.heads[a]; !ok || e.Header.Seq > newest[a] || e.Header.Seq == newest[a] && e.ID < id {
			p.heads[a], newest[a] = e.ID, e.Header.Seq
		}
	}
	behind := false
	for i := range ours {
		if !shared[i] {
			p.lacking++
			behind = behind || !reports[ours[i].Header.Kind]
		}
	}
	p.fresh = make([]*caserecord.Entry, 0, p.union.Len()-len(ours))
	union := p.union.Entries()
	for i := range union {
		e := &union[i]
		at, ok := here[e.ID]
		if !ok {
			p.fresh = append(p.fresh, e)
			p.ahead = p.ahead || !reports[e.Header.Kind]
			continue
		}
		switch mine := &ours[at]; {
		case mine.Withheld() && !e.Withheld():
			p.filled = append(p.filled, e)
			p.bodies++
		case !mine.SameLine(e): // the author has signed the same words twice; one of the two is kept everywhere
			p.filled = append(p.filled, e)
		}
	}
	p.signs = p.ahead && behind
}

// gaps lists what the joined record would have wrong that this one has not. A gap in it forbids the merge.
func (p *mergePlan) gaps(ours []caserecord.Entry) {
	fresh := make(map[string]bool, len(p.fresh))
	for _, e := range p.fresh {
		fresh[string(e.ID)] = true
	}
	missing := missingFrom(ours)
	refused := map[string]bool{}
	for _, r := range p.before.Refused {
		refused[string(r.Entry)] = true
	}
	for _, x := range p.union.Survey() {
		switch {
		case x.Code == caserecord.CodeGap || x.Code == caserecord.CodeMissingSeen:
			if missing[x.Entry] {
				continue
			}
			p.blocking = append(p.blocking, x)
		case x.Code == caserecord.CodeEquivocation:
			if !fresh[x.Entry] && !p.equivocatesAnew(x.Entry, fresh) {
				continue
			}
		case !fresh[x.Entry] && (refused[x.Entry] || x.Code == caserecord.CodeClockBackwards || x.Code == caserecord.CodeWithheld):
			continue
		}
		p.found = append(p.found, x)
	}
	// What the reader of a bundle says is missing may be here.
	p.blocking = slices.DeleteFunc(p.blocking, func(x caserecord.Problem) bool {
		_, here := p.union.Get(caserecord.ID(x.Entry))
		return x.Code.Incomplete() && here || x.Code == caserecord.CodeWithheld || x.Code == caserecord.CodeClockBackwards
	})
}

// equivocatesAnew reports that the other entry of an equivocation is new.
func (p *mergePlan) equivocatesAnew(id string, fresh map[string]bool) bool {
	e, _ := p.union.Get(caserecord.ID(id))
	return slices.ContainsFunc(p.fresh, func(f *caserecord.Entry) bool {
		return f.Header.Author == e.Header.Author && f.Header.Seq == e.Header.Seq && fresh[string(f.ID)]
	})
}

// missingFrom lists the entries that others name and that are not here.
func missingFrom(entries []caserecord.Entry) map[string]bool {
	here := make(map[caserecord.ID]bool, len(entries))
	for _, e := range entries {
		here[e.ID] = true
	}
	out := map[string]bool{}
	for _, e := range entries {
		if h := &e.Header; h.Prev != "" && !here[h.Prev] {
			out[string(h.Prev)] = true
		}
		for _, id := range e.Header.Seen {
			if !here[id] {
				out[string(id)] = true
			}
		}
	}
	return out
}

// sound is nil, or the reason why nothing may be taken in.
func (p *mergePlan) sound() error {
	if len(p.blocking) == 0 || p.src.keepGoing {
		return nil
	}
	return &CopyDamage{p.blocking}
}

// data is what is signed when both copies had news.
func (p *mergePlan) data() *caserecord.MergeReceivedData {
	return &caserecord.MergeReceivedData{Heads: p.heads}
}

// mergeOwed reports that an earlier merge was cut off before its signature.
func (b *Bench) mergeOwed(p *mergePlan) bool {
	m, ok := b.unfinishedMerge()
	return ok && m.Signs && !slices.ContainsFunc(p.before.Merges, func(x caserecord.Merge) bool { return maps.Equal(x.Data.Heads, p.heads) })
}

// maySign says why the person at the keyboard cannot sign this merge, nil when they can. It asks the joined record: the
// other copy may have taken the key or the role from them.
func (p *mergePlan) maySign(b *Bench) error {
	var names []string
	for _, x := range p.after.People {
		if slices.ContainsFunc(x.Keys, func(k caserecord.Author) bool { return p.after.PersonNow(k) != "" }) {
			names = append(names, x.Name)
		}
	}
	ask := fmt.Sprintf("both copies have something new, so somebody whom the case knows merges them and signs: %s", strings.Join(head(names, 5), ", "))
	me, err := b.Me()
	if err != nil {
		return fmt.Errorf("%w; %s", err, ask)
	}
	key := me.Person().Key
	person := p.after.PersonNow(key)
	if person == "" {
		return fmt.Errorf("%w: the case does not know the key of %s; %s", ErrNotAllowed, me.Person().Name, ask)
	}
	if err := p.after.MayWrite(person, p.data(), b.Now()); err != nil {
		return fmt.Errorf("%w: %w; %s", ErrNotAllowed, err, ask)
	}
	if _, err := p.union.Next(key, b.Now()); errors.Is(err, caserecord.ErrForked) {
		return fmt.Errorf("%w: the key of %s has signed two different entries with one number, so it signs no more; a new key of the same person, or another person, merges the copies", ErrNotAllowed, me.Person().Name)
	} else if err != nil {
		return err
	}
	return nil
}

// forget lets go of what a merge needs no more once the entries are in.
func (p *mergePlan) forget() {
	p.before, p.union, p.after, p.fresh, p.filled, p.src.entries = nil, nil, nil, nil, nil, nil
}
