package jsonl

import (
	"embed"
	"slices"
	"strings"
	"sync"

	"adjutant/backend/event"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/table"
)

//go:embed tables/*.csv
var tableFiles embed.FS

// shapes are the compiled tables.
type shapes struct {
	names    map[string]string // lower-case name to ECS field
	times    []timeName
	timeRank map[string]int // lower-case name to index in times
}

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
	s := &shapes{names: map[string]string{}, timeRank: map[string]int{}}
	rows, err := table.Read(tableFiles, "tables/names.csv", 2)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		s.names[strings.ToLower(r[0])] = r[1]
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

// known is what the tables say about a name.
type known struct {
	field   string
	meaning event.TimeKind // "" when it holds no time
	rank    int
}

// maxKnown bounds what is remembered of one file's names, which may be made of data.
const maxKnown = 8192

func (p *record) known(name string) known {
	k, seen := p.cache[name]
	if seen {
		return k
	}
	lower := strings.ToLower(name)
	k.field = p.shapes.names[lower]
	if rank, ok := p.shapes.timeRank[lower]; ok {
		k.rank, k.meaning = rank, p.shapes.times[rank].meaning
	}
	if len(p.cache) < maxKnown {
		p.cache[name] = k
	}
	return k
}

// about is known for a leaf, whose name has a number.
func (p *record) about(l *jsonrec.Leaf) *known {
	id := l.ID()
	for len(p.byID) <= id {
		p.byID = append(p.byID, nil)
	}
	if k := p.byID[id]; k != nil && id > 0 {
		return k
	}
	k := p.known(l.Name)
	p.byID[id] = &k
	return &k
}

// KnownName is what is known of a name in JSON that nobody has mapped.
type KnownName struct {
	Name, Field string
	Meaning     event.TimeKind // "" when it holds no time
}

// Known says what is known of names, those that hold times first and in the order in which they are taken as the event's time.
func Known(names []string) []KnownName {
	p := &record{shapes: compiled(), cache: map[string]known{}}
	out := make([]KnownName, 0, len(names))
	for _, n := range names {
		k := p.known(n)
		out = append(out, KnownName{n, k.field, k.meaning})
	}
	slices.SortStableFunc(out, func(a, b KnownName) int {
		rank := func(n KnownName) int {
			if n.Meaning == "" {
				return len(p.shapes.times)
			}
			return p.known(n.Name).rank
		}
		return rank(a) - rank(b)
	})
	return out
}
