package delimited

import (
	"embed"
	"fmt"
	"sync"

	"adjutant/backend/event"
	"adjutant/backend/parse/table"
)

//go:embed tables/*.csv
var tableFiles embed.FS

// tables are the compiled files of tables/.
type tables struct {
	times    []timeName
	timeRank map[string]int
	headers  map[string]target
	known    []known
}

type timeName struct {
	name    string
	meaning event.TimeKind
}

type target struct{ field, kind string }

// tablesOnce compiles the tables; a fault in them is a broken build, which the package's tests find.
var tablesOnce = sync.OnceValue(func() *tables {
	t, err := compile()
	if err != nil {
		panic("csv: embedded tables: " + err.Error())
	}
	return t
})

func compile() (*tables, error) {
	t := &tables{timeRank: map[string]int{}, headers: map[string]target{}}
	rows, err := table.Read(tableFiles, "tables/times.csv", 2)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if _, twice := t.timeRank[r[0]]; twice || r[0] != normal(r[0]) {
			return nil, fmt.Errorf("times.csv: %s stands twice or is not in its normal form", r[0])
		}
		t.timeRank[r[0]] = len(t.times)
		t.times = append(t.times, timeName{r[0], event.TimeKind(r[1])})
	}
	if rows, err = table.Read(tableFiles, "tables/headers.csv", 3); err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r[2] != "text" && r[2] != "number" && r[2] != "address" {
			return nil, fmt.Errorf("headers.csv: %s: unknown kind %q", r[0], r[2])
		}
		if _, twice := t.headers[r[0]]; twice || r[0] != normal(r[0]) {
			return nil, fmt.Errorf("headers.csv: %s stands twice or is not in its normal form", r[0])
		}
		t.headers[r[0]] = target{r[1], r[2]}
	}
	if rows, err = table.Read(tableFiles, "tables/known.csv", 11); err != nil {
		return nil, err
	}
	for _, r := range rows {
		k, err := compileKnown(r)
		if err != nil {
			return nil, err
		}
		t.known = append(t.known, k)
	}
	return t, nil
}
