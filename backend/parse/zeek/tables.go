package zeek

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"adjutant/backend/event"
	"adjutant/backend/parse/sentence"
	"adjutant/backend/parse/table"
)

//go:embed tables/*.csv
var files embed.FS

// how a column's value becomes a field.
type how uint8

const (
	howText how = iota
	howIP
	howSeconds
	howURL
	howStatus
	howOutcome
	howAccount
)

var hows = map[string]how{"text": howText, "ip": howIP, "seconds": howSeconds, "url": howURL, "status": howStatus, "outcome": howOutcome, "account": howAccount}

// target is where a column goes.
type target struct {
	field string
	how   how
}

// logPath is what is known about one kind of log.
type logPath struct {
	name       string
	categories []string
	kind       string
	keys       []string
	message    sentence.Sentence
}

type known struct {
	fields map[string][]target // "path column"
	times  map[string]event.TimeKind
	paths  map[string]*logPath
	keyed  []*logPath // those with keys, in the order of the table
}

// knowledge loads the tables once; a fault in them is a broken build, which the package's tests find.
var knowledge = sync.OnceValue(func() *known {
	k, err := load()
	if err != nil {
		panic("zeek: embedded tables: " + err.Error())
	}
	return k
})

func load() (*known, error) {
	k := &known{fields: map[string][]target{}, times: map[string]event.TimeKind{}, paths: map[string]*logPath{}}
	rows, err := table.Read(files, "tables/fields.csv", 4)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		h, ok := hows[r[3]]
		if !ok {
			return nil, fmt.Errorf("fields.csv: %s %s: how %q", r[0], r[1], r[3])
		}
		k.fields[r[0]+" "+r[1]] = append(k.fields[r[0]+" "+r[1]], target{r[2], h})
	}
	if rows, err = table.Read(files, "tables/times.csv", 3); err != nil {
		return nil, err
	}
	for _, r := range rows {
		k.times[r[0]+" "+r[1]] = event.TimeKind(r[2])
	}
	if rows, err = table.Read(files, "tables/paths.csv", 5); err != nil {
		return nil, err
	}
	for _, r := range rows {
		p := &logPath{name: r[0], categories: strings.Fields(r[1]), kind: r[2], keys: strings.Fields(r[3])}
		if p.message, err = sentence.Parse(r[4]); err != nil {
			return nil, fmt.Errorf("paths.csv: %s: %w", r[0], err)
		}
		k.paths[p.name] = p
		if len(p.keys) > 0 {
			k.keyed = append(k.keyed, p)
		}
	}
	return k, nil
}

// targets of a column; none when it stays under its own name.
func (k *known) targets(path, column string) []target {
	if t := k.fields[path+" "+column]; t != nil {
		return t
	}
	return k.fields["* "+column]
}

func (k *known) meaning(path, column string) event.TimeKind {
	if column == "ts" {
		return event.Occurred
	}
	if m := k.times[path+" "+column]; m != "" {
		return m
	}
	return k.times["* "+column]
}
