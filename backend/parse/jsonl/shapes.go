package jsonl

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"adjutant/backend/event"
	"adjutant/backend/parse/table"
)

//go:embed tables/*.csv
var tableFiles embed.FS

// shapes are the compiled tables.
type shapes struct {
	names      map[string]string // lower-case name to ECS field
	cloudTrail map[string][]target
	times      []timeName
	timeRank   map[string]int // lower-case name to index in times
}

type target struct{ field, how string }

type timeName struct {
	name    string
	meaning event.TimeKind
}

// compiled reads the tables once; a fault in them is a broken build, which the package's tests find.
var compiled = sync.OnceValue(func() *shapes {
	s, err := compile()
	if err != nil {
		panic("jsonl: embedded tables: " + err.Error())
	}
	return s
})

func compile() (*shapes, error) {
	s := &shapes{names: map[string]string{}, cloudTrail: map[string][]target{}, timeRank: map[string]int{}}
	rows, err := table.Read(tableFiles, "tables/names.csv", 2)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		s.names[strings.ToLower(r[0])] = r[1]
	}
	if rows, err = table.Read(tableFiles, "tables/cloudtrail.csv", 3); err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r[2] != "text" && r[2] != "address" {
			return nil, fmt.Errorf("cloudtrail.csv: %s: unknown way %q", r[0], r[2])
		}
		s.cloudTrail[r[0]] = append(s.cloudTrail[r[0]], target{r[1], r[2]})
	}
	if rows, err = table.Read(tableFiles, "tables/times.csv", 2); err != nil {
		return nil, err
	}
	for _, r := range rows {
		s.timeRank[strings.ToLower(r[0])] = len(s.times)
		s.times = append(s.times, timeName{r[0], event.TimeKind(r[1])})
	}
	return s, nil
}
