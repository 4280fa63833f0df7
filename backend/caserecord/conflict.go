package caserecord

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// contested is one field that holds a single value: the writes to it that no other write has seen.
type contested struct{ open []write }

type write struct {
	at    int
	value string
}

// setting is a field with the value that an entry gives it.
type setting struct{ field, value string }

// fieldSuccession begins the one field that no resolution settles, only a further list.
const fieldSuccession = "succession "

// settings lists the single-valued fields that an entry sets.
func settings(c Content) []setting {
	one := func(field, value string) []setting { return []setting{{field, value}} }
	switch d := c.(type) {
	case *VerdictGivenData:
		return one("verdict "+d.Group, string(d.Verdict))
	case *SeverityDeclaredData:
		return one("severity", d.Level.String())
	case *DecisionMadeData:
		return one("decision "+d.Recommendation, string(d.Outcome)+" "+d.Instead)
	case *TriggerDeclaredData:
		return one("trigger "+d.Anchor, d.At+" "+d.TZ)
	case *SourceAssumedData:
		answer := *d
		answer.Basis = ""
		return one("source "+d.SHA256, jsonText(answer))
	case *LimitsSetData:
		return one("limits", jsonText(d.Limits))
	case *MappingSavedData:
		return one("mapping "+d.Name, d.Mapping)
	case *DocumentDraftedData:
		return one("document "+d.Document, d.ModelSHA256)
	case *ModelSwitchedData:
		return one("model "+d.Function, onOff(d.On))
	case *CorrectionMadeData:
		return one("correction "+string(d.Supersedes), d.Text)
	case *SuccessionSetData:
		return one(fieldSuccession+string(d.Role), jsonText(d.Order))
	case *LaneChangedData:
		return one("lane "+d.Lane, jsonText(d.Members))
	case *CustodyGivenData:
		out := make([]setting, 0, len(d.Items))
		for _, sha := range d.Items {
			out = append(out, setting{"custody " + sha, string(d.To) + " " + d.Receiver})
		}
		return out
	}
	return nil
}

// sets reports whether an entry sets a field.
func sets(c Content, field string) bool {
	return slices.ContainsFunc(settings(c), func(x setting) bool { return x.field == field })
}

// write notes the fields that entry i sets. Writes that i has seen are settled by it. A resolution sets its field to what
// the entry chosen says.
func (f *folder) write(i int, c Content) {
	d, resolves := c.(*ConflictResolvedData)
	if !resolves {
		for _, x := range settings(c) {
			f.note(x, i)
		}
		return
	}
	if _, chosen, ok := f.s.settled(d.Chosen, f.accepted); ok {
		for _, x := range settings(chosen) {
			if x.field == d.Field {
				f.note(x, i)
			}
		}
	}
}

func (f *folder) note(x setting, i int) {
	c := f.fields[x.field]
	if c == nil {
		c = &contested{}
		f.fields[x.field] = c
	}
	c.open = slices.DeleteFunc(c.open, func(w write) bool { return f.g.before(w.at, i) })
	c.open = append(c.open, write{i, x.value})
}

// accepted returns the content of an entry that counts.
func (f *folder) accepted(id ID) (Content, bool) {
	at, ok := f.s.entries.get(id)
	if !ok || f.g.entries[at].content == nil {
		return nil, false
	}
	return f.g.entries[at].content, true
}

// conflicts lists the fields with concurrent writes of different values, by name of the field.
func (f *folder) conflicts() []Conflict {
	var out []Conflict
	for _, field := range sortedKeys(f.fields) {
		open := f.fields[field].open
		if len(open) < 2 || !slices.ContainsFunc(open, func(w write) bool { return w.value != open[0].value }) {
			continue
		}
		c := Conflict{Field: field}
		var who []string
		for _, w := range open {
			e := &f.g.entries[w.at]
			c.Entries = append(c.Entries, e.ID)
			if name := f.s.nameOf(f.authorAt(f.view, w.at)); !slices.Contains(who, name) {
				who = append(who, name)
			}
		}
		c.Text = fmt.Sprintf("%s: %d answers were given without having seen each other, by %s; the later one is shown until a person settles it",
			field, len(open), strings.Join(who, " and "))
		out = append(out, c)
	}
	return out
}

// jsonText compares plain structs by their text.
func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
