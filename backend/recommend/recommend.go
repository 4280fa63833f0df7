// Package recommend proposes courses of action: what could be done, to what, why, on which rows, what it would change
// and what could go wrong. It never acts and it never decides.
//
// Stage 7 of the flow: triage hands in groups and detect the coverage; a named person accepts, overrides or rejects each
// recommendation with a reason. It keeps true that every recommendation cites rows or names the missing source, carries
// the rule and version that made it, and has the same id for the same rule, action and target, so that a decision about
// it stays attached when more evidence comes in.
//
// What is proposed when stands in table.yaml. Nothing here says that somebody must be notified: the assessment of a
// personal-data breach is proposed to counsel, whose it is. The words for actions follow STIX 2.1 "course of action".
package recommend

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"sort"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"adjutant/backend/attack"
	"adjutant/backend/detect"
	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/triage"
)

// Action is a kind of course of action.
type Action string

// The closed list of actions.
const (
	ActionIsolateHost       Action = "isolate-host"
	ActionDisableAccount    Action = "disable-account"
	ActionResetCredentials  Action = "reset-credentials"
	ActionBlockAddress      Action = "block-address"
	ActionRemovePersistence Action = "remove-persistence"
	ActionRotateCloudKeys   Action = "rotate-cloud-keys"
	ActionRestoreLogging    Action = "restore-logging"
	ActionProtectBackups    Action = "protect-backups"
	ActionPreserveEvidence  Action = "preserve-evidence"
	ActionHuntIndicator     Action = "hunt-indicator"
	ActionNotifyAssessment  Action = "notify-assessment"
	ActionConfirmTime       Action = "confirm-time"
)

// Actions lists every action.
var Actions = []Action{
	ActionIsolateHost, ActionDisableAccount, ActionResetCredentials, ActionBlockAddress, ActionRemovePersistence, ActionRotateCloudKeys,
	ActionRestoreLogging, ActionProtectBackups, ActionPreserveEvidence, ActionHuntIndicator, ActionNotifyAssessment, ActionConfirmTime,
}

// Recommendation is a course of action that waits for a person.
type Recommendation struct {
	ID          string            `json:"id"` // of rule, action and target
	Action      Action            `json:"action"`
	Title       string            `json:"title"`
	Why         string            `json:"why"`
	Rule        string            `json:"rule"`
	RuleVersion string            `json:"rule_version"`
	Severity    incident.Severity `json:"severity"`
	Group       string            `json:"group"`  // id of the group it comes from, "" when it comes from the coverage
	Target      string            `json:"target"` // host, account, address, key, log
	Query       string            `json:"query"`  // for hunts: the query to run, in the language of the timeline
	Rows        []event.RowID     `json:"rows"`   // at most MaxRows
	Changes     []string          `json:"changes"`
	Risks       []string          `json:"risks"`
	MayDecide   []incident.Role   `json:"may_decide"`
}

// ZoneAnswer is an item whose times were read in a zone that it does not state.
type ZoneAnswer struct {
	Path string
	Zone string
	By   string // "default" when nobody has answered
}

// Facts is what the case knows beside groups and coverage.
type Facts struct {
	Zones []ZoneAnswer
}

// Bounds: a list that nobody can read helps nobody.
const (
	MaxRows    = 200 // cited rows of one recommendation
	MaxTargets = 25  // recommendations of one rule
)

//go:embed table.yaml
var tableText string

// Rule is one row of the table.
type Rule struct {
	ID         string               `yaml:"id"`
	Action     Action               `yaml:"action"`
	Title      string               `yaml:"title"`
	Why        string               `yaml:"why"`
	Families   []triage.Family      `yaml:"families"`
	Techniques []incident.Technique `yaml:"techniques"`
	Kinds      []detect.Kind        `yaml:"kinds"`
	Blind      []detect.BlindKind   `yaml:"blind"`
	Least      string               `yaml:"least"`
	Suspicious bool                 `yaml:"suspicious"`
	Target     string               `yaml:"target"`
	Severity   string               `yaml:"severity"`
	Changes    []string             `yaml:"changes"`
	Risks      []string             `yaml:"risks"`
	MayDecide  []incident.Role      `yaml:"may_decide"`

	least, severity incident.Severity
}

// Table is the whole table.
type Table struct {
	Version string `yaml:"version"`
	Rules   []Rule `yaml:"rules"`
}

// ErrTable is the cause when the table is wrong.
var ErrTable = errors.New("recommend: table")

// table is read once; a fault in it is a broken build, which the tests find.
var table = sync.OnceValue(func() *Table {
	t, err := parseTable(tableText)
	if err != nil {
		panic(err)
	}
	return t
})

func parseTable(text string) (*Table, error) {
	var t Table
	dec := yaml.NewDecoder(strings.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&t); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTable, err)
	}
	seen := map[string]bool{}
	for i := range t.Rules {
		r := &t.Rules[i]
		if r.ID == "" || seen[r.ID] || r.Title == "" || r.Why == "" || len(r.MayDecide) == 0 || len(r.Changes) == 0 {
			return nil, fmt.Errorf("%w: rule %d (%q): id, title, why, changes or roles are missing, or the id stands twice", ErrTable, i, r.ID)
		}
		seen[r.ID] = true
		known := false
		for _, a := range Actions {
			known = known || a == r.Action
		}
		if _, ok := targets[r.Target]; !known || !ok && len(r.Blind) == 0 && r.Target != "zone" {
			return nil, fmt.Errorf("%w: rule %q: action %q or target %q", ErrTable, r.ID, r.Action, r.Target)
		}
		for _, role := range r.MayDecide {
			if !role.Valid() {
				return nil, fmt.Errorf("%w: rule %q: role %q", ErrTable, r.ID, role)
			}
		}
		for word, to := range map[string]*incident.Severity{r.Least: &r.least, r.Severity: &r.severity} {
			if word == "" {
				continue
			}
			s, err := incident.ParseSeverity(word)
			if err != nil {
				return nil, fmt.Errorf("%w: rule %q: %w", ErrTable, r.ID, err)
			}
			*to = s
		}
	}
	return &t, nil
}

// Version of the table in use.
func Version() string { return table().Version }

// For makes the recommendations: the most severe first, then in the order of the table, then by target.
func For(groups []triage.Group, cov detect.Coverage, facts Facts) []Recommendation {
	t := table()
	var out []Recommendation
	named := map[string]bool{} // accounts that another rule speaks about already
	own := ownHosts(cov)
	for i := range t.Rules {
		r := &t.Rules[i]
		var made []Recommendation
		switch {
		case len(r.Blind) > 0:
			made = r.forBlindSpots(cov)
		case r.Target == "zone":
			made = r.forZones(facts)
		default:
			made = r.forGroups(groups)
		}
		for _, m := range made {
			if r.Target == "actor" && named[m.Target] || r.Target == "indicator" && own[detect.ShortHost(m.Target)] {
				continue
			}
			named[m.Target] = named[m.Target] || r.Target == "winner" || r.Target == "account"
			m.RuleVersion = t.Version
			out = append(out, m)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Severity > out[j].Severity })
	return out
}

// ownHosts are the hosts whose logs are in the case: their names are no indicators.
func ownHosts(cov detect.Coverage) map[string]bool {
	own := map[string]bool{}
	for _, c := range cov.Sources {
		own[detect.ShortHost(c.Host)] = true
	}
	return own
}

// forGroups makes one recommendation for each target; a target of several groups cites the worst one and counts the rest.
func (r *Rule) forGroups(groups []triage.Group) []Recommendation {
	type entry struct {
		g     *triage.Group
		cites []*detect.Finding
		more  int
	}
	byTarget := map[string]*entry{}
	var order []string
	for i := range groups {
		g := &groups[i]
		if !r.applies(g) {
			continue
		}
		for target, cites := range targets[r.Target](r, g) {
			e := byTarget[target]
			switch {
			case e == nil:
				byTarget[target] = &entry{g: g, cites: cites}
				order = append(order, target)
			case r.Target == "case":
				e.cites = append(e.cites, cites...)
				e.more++
			case g.Severity > e.g.Severity:
				byTarget[target] = &entry{g, cites, e.more + 1}
			default:
				e.more++
			}
		}
	}
	sort.Slice(order, func(i, j int) bool {
		a, b := byTarget[order[i]].g, byTarget[order[j]].g
		if a.Severity != b.Severity {
			return a.Severity > b.Severity
		}
		if a.Score != b.Score {
			return a.Score > b.Score
		}
		return order[i] < order[j]
	})
	var out []Recommendation
	for _, target := range order {
		if len(out) == MaxTargets {
			break
		}
		e := byTarget[target]
		out = append(out, r.make(target, e.g, e.cites, e.more))
	}
	return out
}

// applies says whether the rule speaks about the group.
func (r *Rule) applies(g *triage.Group) bool {
	if g.Severity < r.least || g.Suggested == incident.VerdictBenign || g.Suggested == incident.VerdictFalsePositive {
		return false
	}
	if !r.Suspicious && g.Suggested != incident.VerdictTruePositive {
		return false
	}
	if len(r.Families) > 0 && !has(r.Families, g.Family) {
		return false
	}
	for i := range g.Findings {
		if r.cites(&g.Findings[i]) {
			return true
		}
	}
	return false
}

// cites says whether a finding is one that the rule rests on.
func (r *Rule) cites(f *detect.Finding) bool {
	if len(r.Kinds) > 0 && !has(r.Kinds, f.Kind) {
		return false
	}
	if len(r.Techniques) == 0 {
		return true
	}
	for _, t := range f.Techniques {
		if has(r.Techniques, t) || has(r.Techniques, attack.Parent(t)) {
			return true
		}
	}
	return false
}

func has[T comparable](list []T, x T) bool {
	for _, y := range list {
		if y == x {
			return true
		}
	}
	return false
}

func (r *Rule) make(target string, g *triage.Group, cites []*detect.Finding, more int) Recommendation {
	var events int64
	var rows []event.RowID
	seen := map[event.RowID]bool{}
	texts := make([]string, 0, len(cites))
	for _, f := range cites {
		events += f.Count
		texts = append(texts, f.Text)
		for _, row := range f.Rows {
			if !seen[row] && len(rows) < MaxRows {
				seen[row] = true
				rows = append(rows, row)
			}
		}
	}
	counted := fmt.Sprintf("%d finding%s, %d event%s", len(cites), s(len(cites)), events, s(int(events)))
	fill := strings.NewReplacer("{target}", target, "{group}", "“"+g.Title+"”", "{count}", counted, "{text}", strings.Join(texts, " "))
	rec := Recommendation{
		Action: r.Action, Title: fill.Replace(r.Title), Why: fill.Replace(r.Why), Rule: r.ID, Severity: g.Severity, Group: g.ID, Target: target,
		Rows: rows, MayDecide: r.MayDecide,
	}
	if more > 0 {
		rec.Why += fmt.Sprintf(" It also stands in %d other group%s.", more, s(more))
	}
	for _, c := range r.Changes {
		rec.Changes = append(rec.Changes, fill.Replace(c))
	}
	for _, c := range r.Risks {
		rec.Risks = append(rec.Risks, fill.Replace(c))
	}
	if r.severity != 0 && rec.Severity > r.severity {
		rec.Severity = r.severity
	}
	if r.Target == "indicator" {
		rec.Query = query(target)
	}
	rec.ID = r.id(target)
	return rec
}

// id is the same for the same rule, action and target.
func (r *Rule) id(target string) string {
	sum := sha256.Sum256([]byte(r.ID + "\x00" + string(r.Action) + "\x00" + target))
	return hex.EncodeToString(sum[:16])
}

func s(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}
