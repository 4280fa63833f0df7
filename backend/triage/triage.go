// Package triage puts findings into groups that one person can judge at once, and says of each how urgent it looks and
// why: a score made of named factors, a severity with a floor, a suggested verdict.
//
// Stage 6 of the flow: detect hands in findings, recommend and a person take the groups. It keeps true that the score is
// exactly the sum of weight × value over the factors shown, that each factor says its reason in words, that the same
// findings give the same groups in the same order, and that nothing a model writes can reach the number, the severity or
// its floor: no text of evidence and no answer of a model is an input here, only what rules and detectors counted.
//
// It decides nothing. The verdict is a person's, signed; ours is a suggestion with its reason.
package triage

import (
	"crypto/sha256"
	"encoding/hex"
	"sort"
	"strings"
	"time"

	"adjutant/backend/attack"
	"adjutant/backend/detect"
	"adjutant/backend/event"
	"adjutant/backend/incident"
)

// Version changes whenever the same findings give other groups, scores or suggestions.
const Version = "1"

// Context is what triage knows beside the findings.
type Context struct {
	Zone      *time.Location // of the case, for working hours; nil: that factor is left out
	Important []string       // hosts that a person has marked as important
}

// Factor is one named part of a score: weight × value counts, words say why.
type Factor struct {
	Name   string  `json:"name"`
	Weight float64 `json:"weight"`
	Value  float64 `json:"value"`
	Words  string  `json:"words"`
}

// Group is a line of the triage queue.
type Group struct {
	ID           string               `json:"id"` // of place, family and first finding: stays when later findings join
	Title        string               `json:"title"`
	Family       Family               `json:"family"`
	Severity     incident.Severity    `json:"severity"` // suggested
	Floor        incident.Severity    `json:"floor"`    // only a person may go below it, with a reason
	Score        float64              `json:"score"`
	Factors      []Factor             `json:"factors"`
	Suggested    incident.Verdict     `json:"suggested"`
	SuggestedWhy string               `json:"suggested_why"`
	Count        int64                `json:"count"` // events
	Hosts        []string             `json:"hosts"`
	Users        []string             `json:"users"`
	Techniques   []incident.Technique `json:"techniques"`
	First        time.Time            `json:"first"`
	Last         time.Time            `json:"last"`
	Rows         []event.RowID        `json:"rows"` // at most MaxRows, finding by finding
	Findings     []detect.Finding     `json:"findings"`
}

// MaxRows is how many rows a group cites; Count says how many events there are.
const MaxRows = 1000

// Family is the phase of an intrusion that a group belongs to: tactics that one person judges together.
type Family string

// The families.
const (
	FamilyEntry       Family = "entry"       // initial access, execution
	FamilyFoothold    Family = "foothold"    // persistence, privilege escalation
	FamilyCredentials Family = "credentials" // credential access
	FamilyDiscovery   Family = "discovery"
	FamilyMovement    Family = "movement"   // lateral movement
	FamilyControl     Family = "control"    // command and control
	FamilyTheft       Family = "theft"      // collection, exfiltration
	FamilyDamage      Family = "damage"     // impact, defense evasion: what was destroyed or hidden
	FamilyDeception   Family = "deception"  // texts written for a model
	FamilyVisibility  Family = "visibility" // gaps, clocks
	FamilyOther       Family = "other"
)

var familyOf = map[string]Family{
	"reconnaissance": FamilyDiscovery, "resource-development": FamilyEntry, "initial-access": FamilyEntry, "execution": FamilyEntry,
	"persistence": FamilyFoothold, "privilege-escalation": FamilyFoothold, "defense-evasion": FamilyDamage, "impact": FamilyDamage,
	"credential-access": FamilyCredentials, "discovery": FamilyDiscovery, "lateral-movement": FamilyMovement,
	"command-and-control": FamilyControl, "collection": FamilyTheft, "exfiltration": FamilyTheft,
}

var familyWords = map[Family]string{
	FamilyEntry: "entry and execution", FamilyFoothold: "foothold", FamilyCredentials: "credentials", FamilyDiscovery: "discovery",
	FamilyMovement: "movement between hosts", FamilyControl: "remote control", FamilyTheft: "collection and theft of data",
	FamilyDamage: "destruction and hiding of traces", FamilyDeception: "text written for a model", FamilyVisibility: "what cannot be seen", FamilyOther: "other",
}

// Words is the family in plain words.
func (f Family) Words() string { return familyWords[f] }

// familyFor takes the kind first, then the first tactic that the rule names.
func familyFor(f *detect.Finding) Family {
	switch f.Kind {
	case detect.KindPlanted:
		return FamilyDeception
	case detect.KindGap, detect.KindSkew:
		return FamilyVisibility
	}
	for _, t := range f.Tactics {
		if fam, ok := familyOf[t]; ok {
			return fam
		}
	}
	return FamilyOther
}

// placeFor is what the finding is about: the host, else the first address or user that it names.
func placeFor(f *detect.Finding) string {
	if len(f.Hosts) > 0 && f.Hosts[0] != "" {
		return detect.ShortHost(f.Hosts[0])
	}
	for _, e := range f.Entities {
		if e.Type == detect.EntitySource {
			return e.Value
		}
	}
	if len(f.Users) > 0 {
		return f.Users[0]
	}
	return ""
}

// Proximity is how far apart in time findings of one place and family may lie to be judged together.
const Proximity = 6 * time.Hour

// draft is a group while findings join.
type draft struct {
	place     string
	family    Family
	findings  []detect.Finding
	last      time.Time
	recurring bool // joined by the same rule and users at another time: takes in nothing by proximity any more
}

// Groups puts findings together and orders the groups by score. Findings come as detect gives them, by time.
func Groups(findings []detect.Finding, c Context) []Group {
	var drafts []*draft
	byKey := map[string][]*draft{}
	for i := range findings {
		f := findings[i]
		place, family := placeFor(&f), familyFor(&f)
		key := place + "\x00" + string(family)
		d := choose(byKey[key], &f)
		if d == nil {
			d = &draft{place: place, family: family}
			byKey[key] = append(byKey[key], d)
			drafts = append(drafts, d)
		}
		d.findings = append(d.findings, f)
		if f.Last.After(d.last) {
			d.last = f.Last
		}
	}
	view := overview(drafts)
	out := make([]Group, 0, len(drafts))
	for _, d := range drafts {
		out = append(out, d.group(c, view))
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := &out[i], &out[j]
		switch {
		case a.Score != b.Score:
			return a.Score > b.Score
		case a.Severity != b.Severity:
			return a.Severity > b.Severity
		case !a.First.Equal(b.First):
			return a.First.Before(b.First)
		}
		return a.ID < b.ID
	})
	return out
}

// choose finds the group that a finding joins: one with the same rule and the same users first, whenever that was; else
// the latest one that ended less than Proximity ago.
func choose(drafts []*draft, f *detect.Finding) *draft {
	for _, d := range drafts {
		for i := range d.findings {
			o := &d.findings[i]
			if o.Rule.ID == f.Rule.ID && len(f.Users) > 0 && strings.Join(o.Users, "\x00") == strings.Join(f.Users, "\x00") {
				if f.First.Sub(d.last) > Proximity {
					if len(d.findings) > 1 && !d.recurring || f.Severity > incident.SeverityMedium {
						break // neither a mixed episode nor anything high becomes a habit
					}
					d.recurring = true
				}
				return d
			}
		}
	}
	for i := len(drafts) - 1; i >= 0; i-- {
		d := drafts[i]
		if !d.recurring && !d.last.IsZero() && !f.First.IsZero() && f.First.Sub(d.last) <= Proximity {
			return d
		}
	}
	if f.First.IsZero() {
		for _, d := range drafts {
			if d.last.IsZero() {
				return d
			}
		}
	}
	return nil
}

// group closes a draft.
func (d *draft) group(c Context, v *view) Group {
	g := Group{Family: d.family, Findings: d.findings}
	hosts, users, techniques, rows := map[string]bool{}, map[string]bool{}, map[incident.Technique]bool{}, map[event.RowID]bool{}
	for i := range d.findings {
		f := &d.findings[i]
		g.Count += f.Count
		for _, h := range f.Hosts {
			hosts[h] = true
		}
		for _, u := range f.Users {
			users[u] = true
		}
		for _, t := range f.Techniques {
			techniques[t] = true
		}
		for _, r := range f.Rows {
			if !rows[r] && len(g.Rows) < MaxRows {
				rows[r] = true
				g.Rows = append(g.Rows, r)
			}
		}
		if !f.First.IsZero() && (g.First.IsZero() || f.First.Before(g.First)) {
			g.First = f.First
		}
		if f.Last.After(g.Last) {
			g.Last = f.Last
		}
		if f.Severity > g.Floor {
			g.Floor = f.Severity
		}
	}
	g.Hosts, g.Users, g.Techniques = keys(hosts), keys(users), keys(techniques)
	sum := sha256.Sum256([]byte(d.place + "\x00" + string(d.family) + "\x00" + d.findings[0].Key))
	g.ID = hex.EncodeToString(sum[:16])
	g.Factors = d.factors(&g, c, v)
	for _, f := range g.Factors {
		g.Score += f.Weight * f.Value
	}
	d.suggest(&g, v)
	g.Title = d.title(&g)
	return g
}

func keys[T ~string](m map[T]bool) []T {
	out := make([]T, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// title is the place and the worst finding: "FS01: Shadow copies deleted and 5 more".
func (d *draft) title(g *Group) string {
	worst := d.worst()
	where := d.place
	if len(g.Hosts) > 0 {
		where, _, _ = strings.Cut(g.Hosts[0], ".")
		if strings.Trim(where, "0123456789") == "" {
			where = g.Hosts[0]
		}
	}
	t := worst.Rule.Title
	if where != "" {
		t = where + ": " + t
	}
	if n := len(d.rules()) - 1; n > 0 {
		t += " and " + number(n) + " more"
	}
	return t
}

// worst is the finding of the highest severity, the earliest of several.
func (d *draft) worst() *detect.Finding {
	w := &d.findings[0]
	for i := range d.findings {
		if d.findings[i].Severity > w.Severity {
			w = &d.findings[i]
		}
	}
	return w
}

// rules are the distinct rules of the group, by id.
func (d *draft) rules() []string {
	seen := map[string]bool{}
	for i := range d.findings {
		seen[d.findings[i].Rule.ID] = true
	}
	return keys(seen)
}

// tactics are the distinct tactics of the group's findings, in the usual order.
func (d *draft) tactics() []string {
	seen := map[string]bool{}
	for i := range d.findings {
		for _, t := range d.findings[i].Tactics {
			seen[t] = true
		}
	}
	var out []string
	for _, t := range attack.Tactics() {
		if seen[t.Short] {
			out = append(out, t.Name)
		}
	}
	return out
}
