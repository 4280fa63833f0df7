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

// write notes that entry i set a field. Writes that i has seen are settled by it.
func (f *folder) write(field string, i int, value string) {
	c := f.fields[field]
	if c == nil {
		c = &contested{}
		f.fields[field] = c
	}
	c.open = slices.DeleteFunc(c.open, func(w write) bool { return f.g.before(w.at, i) })
	c.open = append(c.open, write{i, value})
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
			if name := f.s.nameOf(f.s.byAuthor[e.Header.Author]); !slices.Contains(who, name) {
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
