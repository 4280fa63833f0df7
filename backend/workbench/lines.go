package workbench

import (
	"crypto/sha256"
	"encoding/hex"

	"adjutant/backend/caserecord"
	"adjutant/backend/detect"
	"adjutant/backend/recommend"
	"adjutant/backend/triage"
)

// The lines of --json for derived things: field names are the contract with scripts (DESIGN §10).

// FindingLine is a finding as `detect run --json` prints it.
func FindingLine(f detect.Finding) map[string]any {
	matched := make([]map[string]string, 0, len(f.Matched))
	for _, m := range f.Matched {
		matched = append(matched, map[string]string{"field": m.Field, "value": m.Value})
	}
	return map[string]any{
		"id": f.ID, "kind": f.Kind, "severity": f.Severity, "text": f.Text, "count": f.Count, "hosts": orEmpty(f.Hosts), "users": orEmpty(f.Users),
		"rule":    map[string]any{"id": f.Rule.ID, "title": f.Rule.Title, "level": f.Rule.Level, "author": f.Rule.Author, "hash": f.Rule.Hash, "pack": f.Rule.Pack},
		"matched": matched, "events": orEmpty(f.Events), "rows": orEmpty(f.Rows), "evidence": orEmpty(f.Evidence), "techniques": orEmpty(f.Techniques),
	}
}

// GroupLine is a group as `triage list --json` prints it.
func GroupLine(g triage.Group) map[string]any {
	fs := make([]map[string]any, 0, len(g.Factors))
	for _, f := range g.Factors {
		fs = append(fs, map[string]any{"name": f.Name, "weight": f.Weight, "value": f.Value, "words": f.Words})
	}
	events := []string{}
	seen := map[string]bool{}
	for _, r := range g.Rows {
		if id := string(rowID(string(r)).EventOf()); !seen[id] {
			seen[id] = true
			events = append(events, id)
		}
	}
	return map[string]any{
		"id": g.ID, "title": g.Title, "severity": g.Severity, "score": g.Score, "factors": fs, "suggested": g.Suggested, "suggested_why": g.SuggestedWhy,
		"count": g.Count, "events": events, "hosts": orEmpty(g.Hosts), "users": orEmpty(g.Users), "techniques": orEmpty(g.Techniques),
	}
}

// RecommendationLine is a recommendation as `recommend list --json` prints it, with the decision that is in force and the
// one that awaits a second person, when there are such.
func RecommendationLine(s *caserecord.State, r recommend.Recommendation) map[string]any {
	told := func(d *caserecord.DecisionEntry) map[string]any {
		return map[string]any{"outcome": d.Data.Outcome, "by": d.Name, "role": d.Data.Role, "entry": d.Entry}
	}
	out := map[string]any{
		"id": r.ID, "action": r.Action, "title": r.Title, "why": r.Why, "rule": r.Rule, "rule_version": r.RuleVersion, "rows": orEmpty(r.Rows),
		"may_decide": orEmpty(r.MayDecide), "severity": r.Severity, "group": r.Group, "target": r.Target, "changes": orEmpty(r.Changes), "risks": orEmpty(r.Risks),
	}
	if d := s.DecisionInForce(r.ID); d != nil {
		out["decision"] = told(d)
	}
	if d := s.DecisionAwaiting(r.ID); d != nil {
		out["awaiting"] = told(d)
	}
	return out
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func digestOf(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
