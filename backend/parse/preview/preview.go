// Package preview shows what a table or JSON would become under a mapping, before anything is imported: the first rows, what each
// column seems to hold, the forms in which its times can be read with what that makes of them, and what is doubtful.
//
// It stands beside the formats of parse; the window asks it on each change that a person makes to a mapping. It keeps true that
// it reads as the import would (the same cutting, the same forms), that it is bounded whatever the bytes are, and that it decides
// nothing: what is ambiguous is shown as such. Texts are those of the evidence, clipped; whoever shows them makes them inert.
package preview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	delimited "adjutant/backend/parse/csv"
	"adjutant/backend/parse/jsonl"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/mapping"
)

// Limits: what a person can look at, made in the time between two strokes of a key.
const (
	MaxRows    = 50
	maxColumns = 400
	maxText    = 300 // bytes of a value
	maxHead    = 256 << 10
)

// ErrNothing says that the bytes are neither a table nor JSON under the mapping.
var ErrNothing = errors.New("preview: neither a table nor JSON records")

// Preview is what the first bytes would become.
type Preview struct {
	Mapping    mapping.Mapping // as given, or as it is suggested when none was
	Maker      string          // who writes such tables, "" when nobody known
	Columns    []Column
	Rows       [][]string // at most MaxRows, each with as many values as there are columns
	More       bool       // the file goes on
	AllColumns int        // Columns holds at most 400
	Undated    int        // of the rows shown, how many would have no time
	Problem    string     // why the import would refuse this mapping, "" when it would not
}

// Of looks at the first bytes of a file. m nil asks for a suggestion. whole says that head is the whole file.
func Of(ctx context.Context, head []byte, m *mapping.Mapping, whole bool) (Preview, error) {
	if len(head) > maxHead {
		head, whole = head[:maxHead], false
	}
	if m != nil {
		if err := m.Check(); err != nil {
			return Preview{}, err
		}
	}
	p := Preview{More: !whole}
	isJSON := m != nil && m.Shape == mapping.JSON || m == nil && jsonrec.Likely(head, "") > 0
	var names []string
	var rows [][]string
	if isJSON {
		names, rows = objects(ctx, head)
		if m == nil {
			p.Mapping = suggestJSON(names, rows)
		}
	} else {
		look, ok := delimited.LookAt(head, m, MaxRows+1, whole)
		if !ok && m == nil {
			return p, ErrNothing
		}
		names, rows, p.Maker = look.Names, look.Rows, look.Maker
		if m == nil {
			p.Mapping = look.Mapping
		}
	}
	if m != nil {
		p.Mapping = *m
	}
	if len(rows) > MaxRows {
		rows, p.More = rows[:MaxRows], true
	}
	p.AllColumns = len(names)
	names = names[:min(len(names), maxColumns)]
	for i, name := range names {
		values := make([]string, 0, len(rows))
		for _, r := range rows {
			if i < len(r) && strings.TrimSpace(r[i]) != "" {
				values = append(values, r[i])
			}
		}
		p.Columns = append(p.Columns, columnOf(name, values, &p.Mapping, clockOf(&p.Mapping, name, names, rows)))
	}
	for _, r := range rows {
		shown := make([]string, len(names))
		for i := range names {
			if i < len(r) {
				shown[i] = clip(r[i])
			}
		}
		p.Rows = append(p.Rows, shown)
	}
	p.try(ctx, head, whole)
	return p, nil
}

// try imports the first bytes by the mapping, and keeps what the import would say.
func (p *Preview) try(ctx context.Context, head []byte, whole bool) {
	b, err := p.Mapping.Bytes()
	if err != nil {
		p.Problem = err.Error()
		return
	}
	if !whole {
		if end := bytes.LastIndexByte(head, '\n'); end > 0 {
			head = head[:end+1]
		}
	}
	in := parse.Input{Reader: bytes.NewReader(head), Size: int64(len(head)), Name: "the file", Assume: parse.Assume{Mapping: b, Year: p.Mapping.Year}}
	if in.Assume.Year == 0 {
		in.Assume.Year = 2000 // a year without one is asked for elsewhere; here it only must not refuse
	}
	var f parse.Format = delimited.New()
	if p.Mapping.Format() == jsonl.Name {
		f = jsonl.New()
	}
	n := 0
	_, err = f.Parse(ctx, in, func(e *event.Event) error {
		if len(e.Times) == 0 {
			p.Undated++
		}
		if n++; n == len(p.Rows) {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		p.Problem = strings.TrimPrefix(err.Error(), parse.ErrNeedsAnswer.Error()+": ")
	}
}

var errEnough = errors.New("enough")

// objects are the leaves of the first records, in the order of their names' first appearance.
func objects(ctx context.Context, head []byte) (names []string, rows [][]string) {
	index := map[string]int{}
	in := parse.Input{Reader: bytes.NewReader(head), Size: int64(len(head)), Name: "the file"}
	// Damage is told by the import; a preview shows what can be read.
	_, _ = jsonrec.Parse(ctx, in, jsonrec.Shape{Name: "preview", Version: "1", Fill: func(r *jsonrec.Record) {
		row := make([]string, len(names))
		for _, l := range r.Leaves() {
			i, ok := index[l.Name]
			if !ok {
				if len(names) == maxColumns {
					continue
				}
				i = len(names)
				index[l.Name], names, row = i, append(names, l.Name), append(row, "")
			}
			if row[i] != "" {
				row[i] += ", "
			}
			if len(row[i]) < maxText {
				row[i] += l.Value
			}
		}
		rows = append(rows, row)
	}}, func(*event.Event) error {
		if len(rows) > MaxRows {
			return errEnough
		}
		return nil
	})
	return names, rows
}

// suggestJSON takes as times the keys that the format jsonl takes.
func suggestJSON(names []string, rows [][]string) mapping.Mapping {
	m := mapping.Mapping{Version: 1, Shape: mapping.JSON, Fields: map[string]string{}}
	for _, k := range jsonl.Known(names) {
		if k.Field != "" {
			m.Fields[k.Name] = k.Field
		}
		if k.Meaning != "" && holds(names, rows, k.Name) {
			m.Times = append(m.Times, mapping.Time{Column: k.Name, Form: "auto", Meaning: k.Meaning})
		}
	}
	return m
}

func holds(names []string, rows [][]string, name string) bool {
	for i, n := range names {
		if n != name {
			continue
		}
		for _, r := range rows {
			if i < len(r) && auto(r[i]) {
				return true
			}
		}
	}
	return false
}

// clip shortens a value at a character boundary.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := maxText
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n] + fmt.Sprintf("… (%d bytes)", len(s))
}
