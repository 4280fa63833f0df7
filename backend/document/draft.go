package document

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"adjutant/backend/deadline"
	"adjutant/backend/incident"
)

// Draft fills a template from facts. Fields nobody filled stay empty and show as such; Check stops them. The result
// depends on template and facts alone.
func Draft(template string, f Facts) (Document, error) {
	t, err := FindTemplate(template)
	if err != nil {
		return Document{}, err
	}
	w := &writer{t: t, f: f, slots: map[string]SlotValue{}}
	for _, s := range f.Slots {
		w.slots[s.Name] = s
	}
	w.findClock()
	w.d = Document{
		Format: Format, Template: t.ID, Class: t.Class, Title: t.Title, Subtitle: t.Subtitle, Audience: t.Audience, Privilege: f.Privilege,
		Footnotes: t.Footnotes, NeedsRole: t.NeedsRole, Case: f.Case, AsOf: f.AsOf, Generated: f.Generated.UTC(), Letterhead: f.Organisation,
	}
	for _, line := range t.Addressee {
		if s := w.fill(line); s != "" {
			w.d.Addressee = append(w.d.Addressee, strings.Split(s, "\n")...)
		}
	}
	for _, p := range t.References {
		if v := w.fill(p.Value); v != "" {
			w.d.References = append(w.d.References, Pair{p.Label, v})
		}
	}
	for _, b := range t.HeadSlots {
		w.slot(b)
	}
	for _, p := range t.Sections {
		w.section(p)
	}
	for _, r := range t.Signatories {
		role := incident.Role(r)
		w.d.Signatories = append(w.d.Signatories, Signatory{Name: w.person(role), Role: role.Title()})
	}
	w.citations()
	if t.Exhibits {
		w.exhibits()
	}
	if err := w.d.bounds(); err != nil {
		return Document{}, fmt.Errorf("document: draft %s: %w", template, err)
	}
	w.d.normalise()
	return w.d, nil
}

type writer struct {
	t     Template
	f     Facts
	d     Document
	slots map[string]SlotValue
	clock *deadline.Clock // of the template's duty
}

func (w *writer) findClock() {
	for i := range w.f.Clocks {
		if c := &w.f.Clocks[i]; c.Regime == w.t.Regime && c.Stage == w.t.Stage && w.t.Regime != "" {
			w.clock = c
		}
	}
}

// late reports whether the paper is drafted after the strict reading of its duty.
func (w *writer) late() bool {
	return w.clock != nil && w.clock.Strict != nil && w.f.Generated.After(*w.clock.Strict)
}

func (w *writer) section(p partText) {
	s := Section{ID: p.ID, Title: p.Title, Basis: strings.ReplaceAll(p.Basis, " ", nbsp)}
	for _, b := range p.Blocks {
		switch {
		case b.Build != "":
			s.Clauses = append(s.Clauses, builders[b.Build](w)...)
		case b.Slot != "":
			if c, ok := w.slot(b); ok {
				s.Clauses = append(s.Clauses, c)
			}
		default:
			s.Clauses = append(s.Clauses, w.fixed(w.fill(b.Text)))
		}
	}
	for i := range s.Clauses {
		if s.Clauses[i].ID == "" {
			s.Clauses[i].ID = fmt.Sprintf("%s.%d", p.ID, i+1)
		}
	}
	for _, c := range p.Content {
		w.d.Covers = append(w.d.Covers, Cover{Content: c, Section: p.ID})
	}
	w.d.Sections = append(w.d.Sections, s)
}

// slot registers a field and gives its clause; an optional field that nobody filled has none.
func (w *writer) slot(b block) (Clause, bool) {
	v := w.slots[b.Slot]
	value := strings.TrimSpace(v.Value)
	if IsNotYetKnown(value) {
		value = NotYetKnown
	}
	s := Slot{Name: b.Slot, Label: b.screenName(), Hint: b.Hint, Required: b.Required || b.RequiredIf == "late" && w.late(), Value: value}
	origin := Origin{Kind: OriginRule, Name: "template " + w.t.ID}
	if value != "" {
		s.By, s.Role, s.At = v.By, v.Role.Title(), stamp(v.At)
		origin = Origin{Kind: OriginPerson, Name: v.By, Role: s.Role, At: s.At}
	}
	w.d.Slots = append(w.d.Slots, s)
	c := Clause{ID: "slot." + b.Slot, Slot: b.Slot, Origin: origin}
	if b.Label != "" {
		c.Lead = b.Label + "."
	}
	switch {
	case value != "":
		for _, paragraph := range strings.Split(value, "\n") {
			if p := strings.TrimSpace(paragraph); p != "" {
				c.Sentences = append(c.Sentences, Sentence{Text: p})
			}
		}
	case s.Required:
		c.Sentences = []Sentence{{Text: "[ to be filled in: " + s.Label + " ]"}}
	default:
		return c, false
	}
	return c, true
}

// fixed is a clause of the template's own words.
func (w *writer) fixed(text string) Clause {
	return Clause{Origin: Origin{Kind: OriginRule, Name: "template " + w.t.ID}, Sentences: []Sentence{{Text: text}}}
}

// computed is a clause that code worded.
func computed(name string, sentences ...Sentence) Clause {
	return Clause{Origin: Origin{Kind: OriginComputed, Name: name}, Sentences: sentences}
}

// fill replaces {name} in a template's line. A line whose field is empty gives "".
func (w *writer) fill(line string) string {
	i, j := strings.IndexByte(line, '{'), strings.IndexByte(line, '}')
	if i < 0 || j < i {
		return line
	}
	v := w.field(line[i+1 : j])
	if v == "" {
		return ""
	}
	return line[:i] + v + line[j+1:]
}

func (w *writer) field(name string) string {
	kind, arg, _ := strings.Cut(name, ":")
	switch kind {
	case "case":
		return w.f.Case.Name + " (" + group(w.f.Case.ID, 8) + ")"
	case "as_of":
		return w.f.AsOf.Code + " of " + Moment(w.f.AsOf.At) + ", " + count(w.f.AsOf.Entries, "entry")
	case "severity":
		if w.f.Severity == nil {
			return "not declared"
		}
		return w.f.Severity.Level.String() + ", declared by " + w.f.Severity.By + " (" + w.f.Severity.Role.Title() + ")"
	case "computed_aid":
		return deadline.ComputedAid
	case "role":
		return w.person(incident.Role(arg))
	case "slot":
		if v := strings.TrimSpace(w.slots[arg].Value); v != "" {
			return v
		}
		for _, b := range w.t.HeadSlots {
			if b.Slot == arg {
				return "[ to be filled in: " + b.screenName() + " ]"
			}
		}
	case "trigger":
		if w.clock != nil && w.clock.Trigger != nil {
			t := w.clock.Trigger
			return local(t) + ", declared by " + t.By
		}
		return "not declared"
	case "strict":
		if w.clock != nil && w.clock.Strict != nil {
			return limit(w.clock.Strict) + " (computed aid)"
		}
	case "extended":
		if w.clock != nil && w.clock.Extended != nil {
			return limit(w.clock.Extended) + " (" + w.clock.ExtendedBasis + ")"
		}
	}
	return ""
}

// person names who holds a role; "" when nobody does.
func (w *writer) person(r incident.Role) string {
	for _, p := range w.f.People {
		if p.Role == r {
			return p.Name
		}
	}
	return ""
}

// citations collects what the footnotes print, in the order of first mention.
func (w *writer) citations() {
	rows := map[string]CitedRow{}
	for _, r := range w.f.Rows {
		rows[r.ID] = r
	}
	entries := map[string]string{}
	for _, x := range w.f.Decisions {
		entries[x.Entry] = "decision of " + x.Person + " (" + x.Role.Title() + ") on " + Moment(x.At)
	}
	for _, p := range w.f.Promoted {
		entries[p.Entry] = "promotion by " + p.By + " (" + p.Role.Title() + ")"
	}
	if s := w.f.Severity; s != nil {
		entries[s.Entry] = "severity declared by " + s.By + " (" + s.Role.Title() + ") on " + Moment(s.At)
	}
	for _, c := range w.f.Clocks {
		if c.Trigger != nil && c.Trigger.Entry != "" {
			entries[c.Trigger.Entry] = "declaration by " + c.Trigger.By + " on " + Moment(c.Trigger.Recorded)
		}
	}
	done := map[string]bool{"": true}
	add := func(id string) {
		if done[id] {
			return
		}
		done[id] = true
		if r, ok := rows[id]; ok {
			w.d.Citations = append(w.d.Citations, Citation{ID: id, Kind: "row", At: r.At, Host: r.Host, Path: r.Path, Evidence: r.Evidence,
				Locator: r.Locator, Parser: r.Parser, RowHash: r.RowHash})
		} else if words, ok := entries[id]; ok {
			w.d.Citations = append(w.d.Citations, Citation{ID: id, Kind: "entry", Words: words})
		}
	}
	w.d.Numbered(func(_ *Section, c *Clause, _ string) {
		for _, s := range c.Sentences {
			each(s.Rows, add)
			each(s.Entries, add)
		}
		if c.Table != nil {
			for _, r := range c.Table.Rows {
				each(r.Rows, add)
				each(r.Entries, add)
			}
		}
	})
}

func each(ids []string, f func(string)) {
	for _, id := range ids {
		f(id)
	}
}

// exhibits lists the items that cited rows come from, in the order of their paths.
func (w *writer) exhibits() {
	used := map[string]bool{}
	for _, c := range w.d.Citations {
		if c.Kind == "row" {
			used[c.Evidence] = true
		}
	}
	items := append([]EvidenceItem(nil), w.f.Evidence...)
	sort.SliceStable(items, func(i, j int) bool { return items[i].Path < items[j].Path })
	for _, e := range items {
		if !used[e.SHA256] {
			continue
		}
		used[e.SHA256] = false // the same bytes under two paths are one exhibit
		taken := "taken in " + shortMoment(e.Taken)
		if e.TakenBy != "" {
			taken += " by " + e.TakenBy
		}
		w.d.Exhibits = append(w.d.Exhibits, Exhibit{Label: "E" + itoa(len(w.d.Exhibits)+1), Path: e.Path, SHA256: e.SHA256, Bytes: e.Bytes, Format: e.Format, Taken: taken})
	}
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// group cuts an id short for reading.
func group(id string, n int) string {
	if len(id) > n {
		return id[:n]
	}
	return id
}
