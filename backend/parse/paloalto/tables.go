package paloalto

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"adjutant/backend/parse/table"
)

//go:embed tables/*.csv
var files embed.FS

type target struct{ field, how string }

type known struct {
	columns map[string][]string
	fields  map[string]target
}

// knowledge loads the tables once; a fault in them is a broken build, which the package's tests find.
var knowledge = sync.OnceValue(func() *known {
	k, err := load()
	if err != nil {
		panic("paloalto: embedded tables: " + err.Error())
	}
	return k
})

func load() (*known, error) {
	k := &known{columns: map[string][]string{}, fields: map[string]target{}}
	rows, err := table.Read(files, "tables/columns.csv", 2)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		k.columns[r[0]] = strings.Fields(r[1])
	}
	if rows, err = table.Read(files, "tables/fields.csv", 3); err != nil {
		return nil, err
	}
	for _, r := range rows {
		switch r[2] {
		case "text", "number", "ip", "end", "lower", "user", "seconds", "nat", "hash":
		default:
			return nil, fmt.Errorf("fields.csv: %s: how %q", r[0], r[2])
		}
		k.fields[r[0]] = target{r[1], r[2]}
	}
	return k, nil
}
