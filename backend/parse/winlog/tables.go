package winlog

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strings"
	"sync"

	"adjutant/backend/parse/table"
)

//go:embed tables/*.csv
var tableFiles embed.FS

// how says in which way a source field becomes an ECS field. The words are explained in tables/fields.csv.
type how string

const (
	howText      how = "text"
	howName      how = "name"
	howNumber    how = "number"
	howAddress   how = "address"
	howAccount   how = "account"
	howDomain    how = "domain"
	howHashes    how = "hashes"
	howObject    how = "object"
	howLogonType how = "logontype"
)

// rule is one row of fields.csv.
type rule struct {
	source, target string
	how            how
}

// kind is one row of kinds.csv: what is said about an event id of a provider.
type kind struct {
	action, category, outcome string
	message                   sentence
}

// tables are the files of tables/. What they say about a provider is read when the first event of it comes: a parser child
// lives for one log, which seldom holds more than one.
type tables struct {
	datasets map[string]string
	words    map[string]string // by list + "\x00" + value
	rules    string            // fields.csv
	kinds    string            // kinds.csv
	mu       sync.Mutex
	known    map[string]*provider
}

// provider is what the tables say about the events of one provider.
type provider struct {
	rules []idRule        // in file order
	kinds map[string]kind // by event id
	mu    sync.Mutex
	byID  map[string][]rule // rules chosen for an event id
}

type idRule struct {
	ids    string // " 1 2 3 ", "" means all
	except bool   // ids are those left out
	rule   rule
}

// compiled reads the embedded tables once. They are part of the program: a fault in them is a broken build, which the
// package's tests find.
var compiled = sync.OnceValue(func() *tables {
	t, err := compile()
	if err != nil {
		panic("winlog: embedded tables: " + err.Error())
	}
	return t
})

func compile() (*tables, error) {
	t := &tables{datasets: map[string]string{}, words: map[string]string{}, known: map[string]*provider{}}
	rows, err := table.Read(tableFiles, "tables/datasets.csv", 2)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		t.datasets[r[0]] = r[1]
	}
	if rows, err = table.Read(tableFiles, "tables/words.csv", 3); err != nil {
		return nil, err
	}
	for _, r := range rows {
		t.words[r[0]+"\x00"+r[1]] = r[2]
	}
	for name, text := range map[string]*string{"tables/fields.csv": &t.rules, "tables/kinds.csv": &t.kinds} {
		b, err := tableFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		*text = string(b)
	}
	return t, nil
}

// nobody is a provider of which the tables say nothing.
var nobody = &provider{}

// provider returns what the tables say about a provider.
func (t *tables) provider(name string) *provider {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p, ok := t.known[name]; ok {
		return p
	}
	p, err := t.read(name)
	if err != nil {
		panic("winlog: embedded tables: " + err.Error())
	}
	if p != nobody {
		t.known[strings.Clone(name)] = p // evidence names any number of others
	}
	return p
}

// rows reads those rows of a table that begin with a provider.
func rows(text, provider string, columns int) ([][]string, error) {
	var own strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, provider) && strings.HasPrefix(line[len(provider):], ",") {
			own.WriteString(line)
		}
	}
	if own.Len() == 0 {
		return nil, nil
	}
	r := csv.NewReader(strings.NewReader(own.String()))
	r.FieldsPerRecord = columns
	return r.ReadAll()
}

func (t *tables) read(name string) (*provider, error) {
	p := &provider{kinds: map[string]kind{}, byID: map[string][]rule{}}
	rules, err := rows(t.rules, name, 5)
	if err != nil {
		return nil, fmt.Errorf("fields.csv: %w", err)
	}
	for _, r := range rules {
		ir := idRule{rule: rule{source: r[2], target: r[3], how: how(r[4])}}
		switch ir.rule.how {
		case howText, howName, howNumber, howAddress, howAccount, howDomain, howHashes, howObject, howLogonType:
		default:
			return nil, fmt.Errorf("fields.csv: %s %s: unknown way %q", r[0], r[2], r[4])
		}
		if r[1] != "*" {
			list, except := strings.CutPrefix(r[1], "!")
			ir.except, ir.ids = except, " "+list+" "
		}
		p.rules = append(p.rules, ir)
	}
	kinds, err := rows(t.kinds, name, 6)
	if err != nil {
		return nil, fmt.Errorf("kinds.csv: %w", err)
	}
	for _, r := range kinds {
		s, err := parseSentence(r[5])
		if err != nil {
			return nil, fmt.Errorf("kinds.csv: %s %s: %w", r[0], r[1], err)
		}
		for _, id := range strings.Fields(r[1]) {
			if _, twice := p.kinds[id]; twice {
				return nil, fmt.Errorf("kinds.csv: %s %s stands twice", r[0], id)
			}
			p.kinds[id] = kind{action: r[2], category: r[3], outcome: r[4], message: s}
		}
	}
	if len(rules)+len(kinds) == 0 {
		return nobody, nil
	}
	return p, nil
}

// maxRuleSets bounds the cache of chosen rules: hostile logs can hold any number of event ids.
const maxRuleSets = 10_000

// rulesFor returns the rows that hold for an event id, in file order.
func (p *provider) rulesFor(id string) []rule {
	if len(p.rules) == 0 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if rs, ok := p.byID[id]; ok {
		return rs
	}
	var rs []rule
	for i := range p.rules {
		if p.rules[i].holds(id) {
			rs = append(rs, p.rules[i].rule)
		}
	}
	if len(p.byID) < maxRuleSets {
		p.byID[strings.Clone(id)] = rs
	}
	return rs
}

// holds says whether the row is for an event id.
func (r *idRule) holds(id string) bool {
	return r.ids == "" || (id != "" && !strings.Contains(id, " ") && strings.Contains(r.ids, " "+id+" ")) != r.except
}

// dataset names event.dataset for a channel.
func (t *tables) dataset(channel string) string {
	if d, ok := t.datasets[channel]; ok {
		return d
	}
	s := strings.ToLower(channel)
	s = strings.TrimPrefix(s, "microsoft-windows-")
	s, _, _ = strings.Cut(s, "/")
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, s)
	if s == "" {
		return "windows.eventlog"
	}
	return "windows." + s
}
