package winlog

import (
	"embed"
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

// tables are the compiled files of tables/.
type tables struct {
	datasets map[string]string
	rules    map[string][]idRule // by provider, in file order
	kinds    map[string]kind     // by provider + "\x00" + id
	words    map[string]string   // by list + "\x00" + value
	mu       sync.Mutex
	byID     map[string][]rule // rules chosen for provider + "\x00" + id
}

type idRule struct {
	ids    map[string]bool // nil means all
	except bool            // ids are those left out
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
	t := &tables{datasets: map[string]string{}, rules: map[string][]idRule{}, kinds: map[string]kind{}, words: map[string]string{}, byID: map[string][]rule{}}
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
	if rows, err = table.Read(tableFiles, "tables/fields.csv", 5); err != nil {
		return nil, err
	}
	for _, r := range rows {
		ir := idRule{rule: rule{source: r[2], target: r[3], how: how(r[4])}}
		switch ir.rule.how {
		case howText, howName, howNumber, howAddress, howAccount, howDomain, howHashes, howObject, howLogonType:
		default:
			return nil, fmt.Errorf("fields.csv: %s %s: unknown way %q", r[0], r[2], r[4])
		}
		if r[1] != "*" {
			list, except := strings.CutPrefix(r[1], "!")
			ir.except, ir.ids = except, map[string]bool{}
			for _, id := range strings.Fields(list) {
				ir.ids[id] = true
			}
		}
		t.rules[r[0]] = append(t.rules[r[0]], ir)
	}
	if rows, err = table.Read(tableFiles, "tables/kinds.csv", 6); err != nil {
		return nil, err
	}
	for _, r := range rows {
		s, err := parseSentence(r[5])
		if err != nil {
			return nil, fmt.Errorf("kinds.csv: %s %s: %w", r[0], r[1], err)
		}
		for _, id := range strings.Fields(r[1]) {
			key := r[0] + "\x00" + id
			if _, twice := t.kinds[key]; twice {
				return nil, fmt.Errorf("kinds.csv: %s %s stands twice", r[0], id)
			}
			t.kinds[key] = kind{action: r[2], category: r[3], outcome: r[4], message: s}
		}
	}
	return t, nil
}

// maxRuleSets bounds the cache of chosen rules: hostile logs can hold any number of event ids.
const maxRuleSets = 10_000

// rulesFor returns the rows that hold for an event id, in file order.
func (t *tables) rulesFor(provider, id string) []rule {
	all := t.rules[provider]
	if len(all) == 0 {
		return nil
	}
	key := provider + "\x00" + id
	t.mu.Lock()
	defer t.mu.Unlock()
	if rs, ok := t.byID[key]; ok {
		return rs
	}
	var rs []rule
	for _, ir := range all {
		if ir.ids == nil || ir.ids[id] != ir.except {
			rs = append(rs, ir.rule)
		}
	}
	if len(t.byID) < maxRuleSets {
		t.byID[key] = rs
	}
	return rs
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
