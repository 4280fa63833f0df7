// Package sigma reads Sigma rules and matches them against the fields of one event.
//
// It is the engine under detect, stage 5 of the flow: detect decides which rules may see which event (strict routing by
// log source) and what a field is called there; this package knows only rule text and values. It keeps true that every
// document of a rule file becomes either a rule that runs or a Refused with its reason, that rule text cannot make it
// panic or run away, and that a match names the fields and values that made it.
//
// Specification: Sigma Rules Specification 2.1.0 with its appendix of modifiers. Strings match without regard to case
// unless "cased"; "*" and "?" are wildcards and "\" escapes them. An event that lacks a field and one where it is empty
// are the same to null and to ”. Regular expressions are Go's (RE2): a rule that needs lookaround is refused. Not yet
// run, and said so: correlations, filters, placeholders (expand) and parts of timestamps.
package sigma

import (
	"sort"
	"strings"

	"adjutant/backend/incident"
)

// Level is a rule's own grade. It is the author's word, not our severity.
type Level string

// The levels of the specification.
const (
	LevelInformational Level = "informational"
	LevelLow           Level = "low"
	LevelMedium        Level = "medium"
	LevelHigh          Level = "high"
	LevelCritical      Level = "critical"
)

// Severity is the level in our words; a rule without a level counts as medium, as the specification suggests no default
// and hiding it would be worse.
func (l Level) Severity() incident.Severity {
	if s, err := incident.ParseSeverity(string(l)); err == nil {
		return s
	}
	return incident.SeverityMedium
}

// LogSource names what a rule was written for. Empty means: the rule does not say.
type LogSource struct {
	Category, Product, Service string
}

// String is the log source as "product=windows category=process_creation".
func (l LogSource) String() string {
	var parts []string
	for _, p := range [][2]string{{"product", l.Product}, {"category", l.Category}, {"service", l.Service}} {
		if p[1] != "" {
			parts = append(parts, p[0]+"="+p[1])
		}
	}
	if len(parts) == 0 {
		return "empty log source"
	}
	return strings.Join(parts, " ")
}

// Rule is one detection rule that runs. It is never changed after Parse and is safe for concurrent use.
type Rule struct {
	ID             string
	Title          string
	Description    string
	Status         string
	Author         string
	License        string
	Date, Modified string
	Level          Level
	Tags           []string
	References     []string
	FalsePositives []string
	LogSource      LogSource
	Conditions     []string        // as written; any of them suffices
	Expr           Expr            // what Match evaluates
	Hash           incident.Digest // of the document's bytes
	Source         string          // file the rule came from
}

// Techniques lists the ATT&CK techniques among the tags, sorted, each once.
func (r *Rule) Techniques() []incident.Technique {
	seen := map[incident.Technique]bool{}
	var out []incident.Technique
	for _, tag := range r.Tags {
		rest, ok := strings.CutPrefix(strings.ToLower(tag), "attack.t")
		t := incident.Technique("T" + rest)
		if ok && t.Valid() && !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// Tactics lists the ATT&CK tactics among the tags by their short names, in the rule's order, each once.
func (r *Rule) Tactics() []string {
	var out []string
	for _, tag := range r.Tags {
		short, ok := strings.CutPrefix(strings.ToLower(tag), "attack.")
		short = strings.ReplaceAll(short, "_", "-") // older rules write attack.lateral_movement
		if ok && tactics[short] && !contains(out, short) {
			out = append(out, short)
		}
	}
	return out
}

// tactics are the short names of ATT&CK 17.
var tactics = map[string]bool{
	"reconnaissance": true, "resource-development": true, "initial-access": true, "execution": true, "persistence": true, "privilege-escalation": true,
	"defense-evasion": true, "credential-access": true, "discovery": true, "lateral-movement": true, "collection": true, "command-and-control": true,
	"exfiltration": true, "impact": true,
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// Fields lists the fields that the rule looks at, sorted, each once. Keyword searches have no field.
func (r *Rule) Fields() []string {
	seen := map[string]bool{}
	var walk func(Expr)
	walk = func(e Expr) {
		switch e := e.(type) {
		case And:
			for _, x := range e {
				walk(x)
			}
		case Or:
			for _, x := range e {
				walk(x)
			}
		case AtLeast:
			for _, x := range e.Parts {
				walk(x)
			}
		case Not:
			walk(e.X)
		case Named:
			walk(e.X)
		case *Item:
			if e.Field != "" {
				seen[e.Field] = true
			}
			for i := range e.Tests {
				if e.Tests[i].Op == OpFieldRef {
					seen[e.Tests[i].Text] = true
				}
			}
		}
	}
	walk(r.Expr)
	out := make([]string, 0, len(seen))
	for f := range seen {
		out = append(out, f)
	}
	sort.Strings(out)
	return out
}

// Expr is a node of a rule's expression: And, Or, AtLeast, Not, Named or *Item.
type Expr interface{ isExpr() }

// And holds when all parts hold.
type And []Expr

// Or holds when one part holds.
type Or []Expr

// AtLeast holds when N parts hold.
type AtLeast struct {
	N     int
	Parts []Expr
}

// Not holds when its part does not.
type Not struct{ X Expr }

// Named is a search identifier and what it stands for.
type Named struct {
	Name string
	X    Expr
}

// Item is one line of a search: a field and the values it may have. Field "" is a keyword search over all values.
type Item struct {
	Field     string
	Modifiers []string // as written
	All       bool     // every test must hold, not just one
	Tests     []Test
}

func (And) isExpr()     {}
func (Or) isExpr()      {}
func (AtLeast) isExpr() {}
func (Not) isExpr()     {}
func (Named) isExpr()   {}
func (*Item) isExpr()   {}

// FieldValue is a field, by the rule's name, and the value that matched. Value is cut at MaxMatchedBytes.
type FieldValue struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

// Refused is a document that is not run, and why.
type Refused struct {
	ID     string
	Title  string
	Source string
	Reason string
	// Kind is "failed" for text we cannot read or run, "not-applicable" for what is no single-event rule.
	Kind RefusedKind
}

// RefusedKind tells the two apart in reports.
type RefusedKind string

// The kinds of refusal.
const (
	Failed        RefusedKind = "failed"
	NotApplicable RefusedKind = "not-applicable"
)
