package velociraptor

import (
	"embed"
	"strings"
	"sync"

	"adjutant/backend/event"
	"adjutant/backend/parse/table"
)

//go:embed tables/*.csv
var tableFiles embed.FS

type tables struct {
	fields map[string]string
	times  []timeColumn
	rank   map[string]int
}

type timeColumn struct {
	name    string
	meaning event.TimeKind
}

// compiled reads the tables once; a fault in them is a broken build, which the package's tests find.
var compiled = sync.OnceValue(func() *tables {
	t, err := compile()
	if err != nil {
		panic("velociraptor: embedded tables: " + err.Error())
	}
	return t
})

func compile() (*tables, error) {
	t := &tables{fields: map[string]string{}, rank: map[string]int{}}
	rows, err := table.Read(tableFiles, "tables/times.csv", 2)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		t.rank[strings.ToLower(r[0])] = len(t.times)
		t.times = append(t.times, timeColumn{r[0], event.TimeKind(r[1])})
	}
	if rows, err = table.Read(tableFiles, "tables/fields.csv", 2); err != nil {
		return nil, err
	}
	for _, r := range rows {
		t.fields[strings.ToLower(r[0])] = r[1]
	}
	return t, nil
}
