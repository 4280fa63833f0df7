package asa

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"adjutant/backend/parse/table"
)

//go:embed tables/*.csv
var files embed.FS

// message is one row of messages.csv.
type message struct {
	action     string
	categories []string
	types      []string
	outcome    string
	pattern    []token
}

type target struct{ field, how string }

type known struct {
	messages map[string][]message // by number, or by its front with "*"
	names    map[string]target
}

// knowledge loads the tables once; a fault in them is a broken build, which the package's tests find.
var knowledge = sync.OnceValue(func() *known {
	k, err := load()
	if err != nil {
		panic("asa: embedded tables: " + err.Error())
	}
	return k
})

func load() (*known, error) {
	k := &known{messages: map[string][]message{}, names: map[string]target{}}
	rows, err := table.Read(files, "tables/messages.csv", 6)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		pattern, err := compile(r[5])
		if err != nil {
			return nil, fmt.Errorf("messages.csv: %s: %w", r[0], err)
		}
		k.messages[r[0]] = append(k.messages[r[0]], message{r[1], strings.Fields(r[2]), strings.Fields(r[3]), r[4], pattern})
	}
	if rows, err = table.Read(files, "tables/names.csv", 3); err != nil {
		return nil, err
	}
	for _, r := range rows {
		switch r[2] {
		case "text", "number", "lower", "ip", "user", "duration", "decision", "direction", "end":
		default:
			return nil, fmt.Errorf("names.csv: %s: how %q", r[0], r[2])
		}
		k.names[r[0]] = target{r[1], r[2]}
	}
	return k, nil
}

// find gives the row that fits a message and what it captured. Where none fits but the number is known, the first row is given
// without captures: the number alone says what happened.
func (k *known) find(id, text string) (*message, []capture) {
	var first *message
	if strings.Contains(text, "  ") { // some versions write two spaces
		text = strings.Join(strings.Fields(text), " ")
	}
	for _, key := range [3]string{id, id[:4] + "*", id[:3] + "*"} {
		rows := k.messages[key]
		for i := range rows {
			m := matcher{steps: maxSteps}
			if len(text) <= maxText && m.match(&list{rows[i].pattern, nil}, text) {
				return &rows[i], m.found
			}
			if first == nil && key == id {
				first = &rows[i]
			}
		}
	}
	return first, nil
}
