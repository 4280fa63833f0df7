package document

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"sync"

	"adjutant/backend/deadline"
	"adjutant/backend/incident"
)

//go:embed templates/*.json
var templateFiles embed.FS

// ErrTemplate is returned for a template that does not exist.
var ErrTemplate = errors.New("document: unknown template")

// Template is a kind of paper. Its texts stand in templates/, one file each, so that counsel can read them and another
// language can be added beside.
type Template struct {
	Format      string        `json:"format"`
	ID          string        `json:"id"`
	Class       string        `json:"class"`
	Title       string        `json:"title"`
	Subtitle    string        `json:"subtitle"`
	Words       string        `json:"words"`
	Audience    string        `json:"audience"`
	NeedsRole   incident.Role `json:"needs_role"`
	Footnotes   bool          `json:"footnotes"`
	Exhibits    bool          `json:"exhibits"`
	Regime      string        `json:"regime"`
	Stage       string        `json:"stage"`
	Addressee   []string      `json:"addressee"`
	References  []Pair        `json:"references"`
	HeadSlots   []block       `json:"head_slots"`
	Sections    []partText    `json:"sections"`
	Signatories []string      `json:"signatories"`
}

type partText struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Basis   string   `json:"basis"`
	Content []string `json:"content"`
	Blocks  []block  `json:"blocks"`
}

// block is one of: fixed text, a slot, or the name of a builder.
type block struct {
	Text       string `json:"text"`
	Build      string `json:"build"`
	Slot       string `json:"slot"`
	Label      string `json:"label"` // printed before the text
	Name       string `json:"name"`  // on the screen, when nothing is printed
	Hint       string `json:"hint"`
	Required   bool   `json:"required"`
	RequiredIf string `json:"required_if"` // "late": the strict reading has passed
}

// Templates lists the built-in templates, notices first.
func Templates() []Template {
	list, err := builtIn()
	if err != nil {
		panic("document: built-in templates are damaged: " + err.Error()) // a broken program, not an input
	}
	return append([]Template(nil), list...)
}

// FindTemplate returns a built-in template; ErrTemplate names the ones that exist.
func FindTemplate(id string) (Template, error) {
	names := ""
	for _, t := range Templates() {
		if t.ID == id {
			return t, nil
		}
		names += " " + t.ID
	}
	return Template{}, fmt.Errorf("%w: %.60q (there are:%s)", ErrTemplate, id, names)
}

// SlotList is what a person is asked to fill, in the order of the paper.
func (t Template) SlotList() []Slot {
	var out []Slot
	add := func(b block) {
		if b.Slot != "" {
			out = append(out, Slot{Name: b.Slot, Label: b.screenName(), Hint: b.Hint, Required: b.Required})
		}
	}
	for _, b := range t.HeadSlots {
		add(b)
	}
	for _, s := range t.Sections {
		for _, b := range s.Blocks {
			add(b)
		}
	}
	return out
}

func (b block) screenName() string {
	if b.Name != "" {
		return b.Name
	}
	return b.Label
}

var builtIn = sync.OnceValues(func() ([]Template, error) {
	names, err := templateFiles.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	var all []Template
	for _, n := range names {
		b, err := templateFiles.ReadFile("templates/" + n.Name())
		if err != nil {
			return nil, err
		}
		dec := json.NewDecoder(bytes.NewReader(b))
		dec.DisallowUnknownFields()
		var t Template
		if err := dec.Decode(&t); err != nil {
			return nil, fmt.Errorf("%s: %w", n.Name(), err)
		}
		if err := t.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", n.Name(), err)
		}
		all = append(all, t)
	}
	rank := map[string]int{"notice": 0, "report": 1, "message": 2}
	sort.SliceStable(all, func(i, j int) bool { return rank[all[i].Class] < rank[all[j].Class] })
	return all, nil
})

// check holds a template against the builders, roles and the content list of its duty.
func (t Template) check() error {
	if t.Format != "adjutant-template/1" || t.ID == "" || t.Title == "" || !t.NeedsRole.Valid() {
		return errors.New("format, id, title or role is missing")
	}
	have := map[string]bool{}
	slots := map[string]bool{}
	for _, b := range t.HeadSlots {
		slots[b.Slot] = true
	}
	for _, s := range t.Sections {
		for _, c := range s.Content {
			have[c] = true
		}
		for _, b := range s.Blocks {
			if b.Build != "" && builders[b.Build] == nil {
				return fmt.Errorf("unknown builder %q", b.Build)
			}
			if b.Slot != "" && slots[b.Slot] {
				return fmt.Errorf("slot %q stands twice", b.Slot)
			}
			slots[b.Slot] = true
		}
	}
	if t.Regime == "" {
		return nil
	}
	r, ok := deadline.Find(t.Regime)
	if !ok {
		return fmt.Errorf("unknown duty %q", t.Regime)
	}
	for _, c := range r.Content {
		if !have[c] {
			return fmt.Errorf("content %q of %s has no section", c, t.Regime)
		}
	}
	return nil
}
