// Package attack is the ATT&CK catalogue, one pinned version: which techniques there are, what they are called and
// which tactics they serve.
//
// It stands beside detect and triage, which put technique identifiers on findings and groups. It keeps true that every
// name comes from the pinned version, which is printed with it, and that an identifier the version does not know is said
// to be unknown rather than guessed. Origin and terms stand in data/README.md.
package attack

import (
	"embed"
	"encoding/csv"
	"fmt"
	"sort"
	"strings"
	"sync"

	"adjutant/backend/incident"
)

// Version is the pinned release of ATT&CK Enterprise.
const Version = "17.0"

// Notice is printed wherever a table of techniques is.
const Notice = "ATT&CK Enterprise " + Version + ", © The MITRE Corporation"

//go:embed data/techniques.csv data/tactics.csv
var data embed.FS

// Tactic is the goal that a technique serves.
type Tactic struct {
	ID    string // TA0001
	Short string // initial-access
	Name  string // Initial Access
}

// Technique is one technique or sub-technique.
type Technique struct {
	ID      incident.Technique
	Name    string // of a sub-technique without its parent's name
	Tactics []string
}

type catalogue struct {
	techniques map[incident.Technique]Technique
	tactics    []Tactic
	place      map[string]int // of a tactic's short name
}

// load reads the embedded tables once; a fault in them is a broken build, which the tests find.
var load = sync.OnceValue(func() *catalogue {
	c, err := parse()
	if err != nil {
		panic("attack: embedded catalogue: " + err.Error())
	}
	return c
})

// order is how an intrusion usually goes, and how tables are sorted; ATT&CK itself numbers tactics by age.
var order = []string{
	"reconnaissance", "resource-development", "initial-access", "execution", "persistence", "privilege-escalation", "defense-evasion",
	"credential-access", "discovery", "lateral-movement", "collection", "command-and-control", "exfiltration", "impact",
}

func parse() (*catalogue, error) {
	c := &catalogue{techniques: map[incident.Technique]Technique{}, place: map[string]int{}}
	ids := map[string]string{}
	rows, err := table("data/tactics.csv", 2)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		ids[r[1]] = r[0]
	}
	for i, short := range order {
		if ids[short] == "" {
			return nil, fmt.Errorf("tactic %q is not in the table", short)
		}
		c.place[short] = i
		c.tactics = append(c.tactics, Tactic{ids[short], short, words(short)})
	}
	if len(ids) != len(order) {
		return nil, fmt.Errorf("%d tactics in the table, %d in order", len(ids), len(order))
	}
	if rows, err = table("data/techniques.csv", 3); err != nil {
		return nil, err
	}
	for _, r := range rows {
		t := Technique{ID: incident.Technique(r[0]), Name: r[1], Tactics: strings.Split(r[2], ";")}
		if !t.ID.Valid() {
			return nil, fmt.Errorf("identifier %q", r[0])
		}
		for _, s := range t.Tactics {
			if _, ok := c.place[s]; !ok {
				return nil, fmt.Errorf("%s has the unknown tactic %q", t.ID, s)
			}
		}
		sort.Slice(t.Tactics, func(i, j int) bool { return c.place[t.Tactics[i]] < c.place[t.Tactics[j]] })
		c.techniques[t.ID] = t
	}
	return c, nil
}

func table(name string, columns int) ([][]string, error) {
	f, err := data.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = columns
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("%s: %d rows: %w", name, len(rows), err)
	}
	return rows[1:], nil
}

// words turns "command-and-control" into "Command and Control".
func words(short string) string {
	parts := strings.Split(short, "-")
	for i, p := range parts {
		if p != "and" {
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, " ")
}

// Lookup returns a technique of the pinned version; false when that version does not list the identifier.
func Lookup(id incident.Technique) (Technique, bool) {
	t, ok := load().techniques[id]
	return t, ok
}

// Title is "T1059.001 Command and Scripting Interpreter: PowerShell"; for an unknown identifier it says so.
func Title(id incident.Technique) string {
	t, ok := Lookup(id)
	if !ok {
		return string(id) + " (not listed in ATT&CK " + Version + ")"
	}
	if p, ok := Lookup(Parent(id)); ok && p.ID != id {
		return string(id) + " " + p.Name + ": " + t.Name
	}
	return string(id) + " " + t.Name
}

// Parent is the technique that a sub-technique belongs to; a technique is its own parent.
func Parent(id incident.Technique) incident.Technique {
	p, _, _ := strings.Cut(string(id), ".")
	return incident.Technique(p)
}

// Tactics lists every tactic in the order in which an intrusion usually goes.
func Tactics() []Tactic { return append([]Tactic(nil), load().tactics...) }

// TacticsOf lists the tactics that any of the techniques serves, in that order. A technique with several tactics counts
// for each: which one was meant is a person's reading.
func TacticsOf(ids []incident.Technique) []Tactic {
	c := load()
	seen := make([]bool, len(c.tactics))
	for _, id := range ids {
		for _, s := range c.techniques[id].Tactics {
			seen[c.place[s]] = true
		}
	}
	var out []Tactic
	for i, t := range c.tactics {
		if seen[i] {
			out = append(out, t)
		}
	}
	return out
}

// All lists every technique, sorted by identifier.
func All() []Technique {
	c := load()
	out := make([]Technique, 0, len(c.techniques))
	for _, t := range c.techniques {
		out = append(out, t)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}
