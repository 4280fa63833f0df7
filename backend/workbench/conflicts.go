package workbench

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/decision"
	"adjutant/backend/incident"
)

// Conflict is a field that people set without having seen each other.
type Conflict struct {
	Field   string          `json:"field"` // as the record names it; `record resolve` takes it
	Title   string          `json:"title"` // in words
	Answers []ConflictEntry `json:"answers"`
}

// ConflictEntry is one of the answers.
type ConflictEntry struct {
	Entry    caserecord.ID `json:"entry"`
	Name     string        `json:"name"`
	Role     string        `json:"role,omitempty"`
	Recorded time.Time     `json:"recorded"`
	Says     string        `json:"says"`
	Shown    bool          `json:"shown"` // what stands until a person settles it: the later one
	Knew     []Knew        `json:"knew"`  // how far they had seen those who answered otherwise
}

// Knew says how far somebody had seen another author of a conflict when they signed.
type Knew struct {
	Name string    `json:"name"`
	UpTo time.Time `json:"up_to,omitzero"` // recorded time of the newest entry seen; zero: nothing of theirs
}

// Conflicts lists what waits for a person to settle, by field.
func (b *Bench) Conflicts() []Conflict {
	s := b.State()
	return conflictsOf(s.Conflicts, s, b.Entries())
}

func conflictsOf(list []caserecord.Conflict, s *caserecord.State, entries []caserecord.Entry) []Conflict {
	var ids []caserecord.ID
	for _, c := range list {
		ids = append(ids, c.Entries...)
	}
	found := pick(entries, ids)
	var seen []caserecord.ID
	for _, e := range found {
		for _, id := range e.Header.Seen {
			seen = append(seen, id)
		}
	}
	known := pick(entries, seen)
	out := []Conflict{}
	for _, c := range list {
		out = append(out, conflictOf(c, s, found, known))
	}
	return out
}

// pick finds some of the entries.
func pick(entries []caserecord.Entry, ids []caserecord.ID) map[caserecord.ID]caserecord.Entry {
	wanted := make(map[caserecord.ID]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	out := make(map[caserecord.ID]caserecord.Entry, len(wanted))
	for _, e := range entries {
		if wanted[e.ID] {
			out[e.ID] = e
		}
	}
	return out
}

func conflictOf(c caserecord.Conflict, s *caserecord.State, found, known map[caserecord.ID]caserecord.Entry) Conflict {
	out := Conflict{Field: c.Field, Title: FieldWords(c.Field, s)}
	for i, id := range c.Entries {
		x := ConflictEntry{Entry: id, Shown: i == len(c.Entries)-1, Knew: []Knew{}}
		if e, ok := found[id]; ok {
			x.Name, x.Recorded, x.Says = authorName(s, e.Header.Author), e.Header.Recorded, caserecord.Story(e, s)
			if r, ok := caserecord.ActingRole(e.Content()); ok {
				x.Role = r.Title()
			}
			for _, other := range c.Entries {
				if o, ok := found[other]; ok && o.Header.Author != e.Header.Author {
					x.Knew = append(x.Knew, Knew{authorName(s, o.Header.Author), known[e.Header.Seen[o.Header.Author]].Header.Recorded})
				}
			}
		}
		out.Answers = append(out.Answers, x)
	}
	return out
}

// newConflicts lists the conflicts of a joined record that the record before did not have, and counts those it has no more.
func newConflicts(before, after *caserecord.State, entries []caserecord.Entry) (arising []Conflict, settled int) {
	var list []caserecord.Conflict
	for _, c := range after.Conflicts {
		if !slices.ContainsFunc(before.Conflicts, func(x caserecord.Conflict) bool { return x.Field == c.Field && slices.Equal(x.Entries, c.Entries) }) {
			list = append(list, c)
		}
	}
	for _, c := range before.Conflicts {
		if !slices.ContainsFunc(after.Conflicts, func(x caserecord.Conflict) bool { return x.Field == c.Field }) {
			settled++
		}
	}
	return conflictsOf(list, after, entries), settled
}

// FieldWords says for people what a field of the record is.
func FieldWords(field string, s *caserecord.State) string {
	kind, of, _ := strings.Cut(field, " ")
	switch kind {
	case "severity":
		return "severity of the incident"
	case "verdict":
		if v := s.Verdict(of); v != nil {
			return fmt.Sprintf("verdict on %q", v.Current.Data.Title)
		}
		return "verdict on group " + of
	case "decision":
		if d := s.Decision(of); d != nil {
			return fmt.Sprintf("decision on %q", d.Current.Data.Recommended)
		}
		return "decision on " + of
	case "trigger":
		return fmt.Sprintf("moment of the anchor %q", of)
	case "source":
		if of == caserecord.AllSources {
			return "zone, year and columns of all evidence without an answer of its own"
		}
		return "zone, year and columns of " + itemPath(s, of)
	case "document":
		if d := s.Document(of); d != nil {
			return fmt.Sprintf("text of the %s %q", d.Draft.Data.Class, d.Draft.Data.Title)
		}
		return "text of document " + of
	case "model":
		if of == "" {
			return "whether the model may work"
		}
		return "whether the model may do " + of
	case "correction":
		return "correction of entry " + of[:min(12, len(of))]
	case "succession":
		return "who follows as " + incident.Role(of).Title()
	case "lane":
		if l := s.Lane(of); l != nil {
			return fmt.Sprintf("members of the privileged lane %q", l.Data.Name)
		}
		return "members of lane " + of
	case "custody":
		return "who holds " + itemPath(s, of)
	}
	return field
}

// ProposeResolution says what settling a conflict would sign. chosen is an entry of it, or the beginning of its id. A person
// who holds several roles settles in one that may write the entry chosen.
func (b *Bench) ProposeResolution(field, chosen, code, reason string) (ActProposal, error) {
	s := b.State()
	at := slices.IndexFunc(s.Conflicts, func(c caserecord.Conflict) bool { return c.Field == field })
	if at < 0 {
		return ActProposal{}, fmt.Errorf("%w: no conflict about %q; `record conflicts` lists them", ErrNotFound, field)
	}
	c := s.Conflicts[at]
	var found []caserecord.ID
	for _, id := range c.Entries {
		if len(chosen) >= 6 && strings.HasPrefix(string(id), strings.ToLower(chosen)) {
			found = append(found, id)
		}
	}
	if len(found) != 1 {
		return ActProposal{}, fmt.Errorf("%w: entry %q is none of this conflict, or several; `record conflicts` lists them", ErrNotFound, chosen)
	}
	act := decision.Override
	switch kind, _, _ := strings.Cut(field, " "); kind {
	case "severity":
		act = decision.Severity
	case "verdict":
		act = decision.Verdict
	}
	if err := decision.ValidateReason(code, reason, act); err != nil {
		return ActProposal{}, ReasonError(err)
	}
	over := slices.Clone(c.Entries)
	slices.Sort(over)
	d := &caserecord.ConflictResolvedData{Field: field, Chosen: found[0], Over: over, ReasonCode: code, Reason: decision.CleanReason(reason), Role: b.Acting()}
	for _, h := range b.RolesHeld() {
		if b.mayWrite(s, d) == nil {
			break
		}
		other := *d
		if other.Role = h.Role; b.mayWrite(s, &other) == nil {
			d = &other
		}
	}
	follows := []string{"Both histories stay in the record; from here on this answer counts.", "The other laptops learn of it with the next copy."}
	if kind, _, _ := strings.Cut(field, " "); kind == "source" {
		follows = append(follows, "The rows of what this is about are made again.")
	}
	return b.propose(d, follows...), nil
}

// SetAside is an entry that changes nothing since authority refuses it. It is kept.
type SetAside struct {
	Entry      caserecord.ID `json:"entry"`
	Kind       string        `json:"kind"`
	Name       string        `json:"name"`
	Recorded   time.Time     `json:"recorded"`
	Code       string        `json:"code"`
	Why        string        `json:"why"`
	Story      string        `json:"story"`
	Admissible bool          `json:"admissible"` // an authority holder may admit it; the others are given anew, or wrong
}

// RefusedEntries lists the entries that are set aside, in causal order.
func (b *Bench) RefusedEntries() []SetAside { return setAside(b.State(), b.Entries()) }

func setAside(s *caserecord.State, entries []caserecord.Entry) []SetAside {
	ids := make([]caserecord.ID, len(s.Refused))
	for i, r := range s.Refused {
		ids[i] = r.Entry
	}
	found := pick(entries, ids)
	out := []SetAside{}
	for _, r := range s.Refused {
		x := SetAside{Entry: r.Entry, Kind: string(r.Kind), Name: authorName(s, r.Author), Code: string(r.Code), Why: r.Text, Admissible: r.Admissible()}
		if e, ok := found[r.Entry]; ok {
			x.Recorded, x.Story = e.Header.Recorded, caserecord.Story(e, s)
			x.Admissible = x.Admissible && !e.Withheld()
		}
		out = append(out, x)
	}
	return out
}
