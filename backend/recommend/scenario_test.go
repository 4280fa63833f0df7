package recommend_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"adjutant/backend/detect"
	"adjutant/backend/detect/detecttest"
	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/recommend"
	"adjutant/backend/triage"
)

// ferryReport runs detection over the sample incident.
func ferryReport(t *testing.T) detect.Report {
	t.Helper()
	events, _ := detecttest.Ferry(t)
	rep, err := detect.Run(context.Background(), detect.Sorted(events), detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

// TestScenario: what is proposed for the sample incident is as agreed (testdata/ferry.golden).
func TestScenario(t *testing.T) {
	rep := ferryReport(t)
	groups := triage.Groups(rep.Findings, triage.Context{Zone: time.FixedZone("CET", 3600)})
	facts := recommend.Facts{Zones: []recommend.ZoneAnswer{{"collection/GW01/firewall.csv", "UTC", "default"}, {"other.csv", "Europe/Copenhagen", "entry"}}}
	recs := recommend.For(groups, rep.Coverage, facts)
	severity, why := triage.IncidentSeverity(groups)
	if severity != incident.SeverityCritical || len(why) < 4 {
		t.Errorf("incident severity %s for %v", severity, why)
	}
	actions := map[recommend.Action]int{}
	ids := map[string]bool{}
	rows := map[event.RowID]bool{}
	for _, f := range rep.Findings {
		for _, r := range f.Rows {
			rows[r] = true
		}
	}
	for _, r := range recs {
		actions[r.Action]++
		if ids[r.ID] || r.ID == "" {
			t.Errorf("%s: id %q stands twice or is empty", r.Title, r.ID)
		}
		ids[r.ID] = true
		if r.Title == "" || r.Why == "" || r.Rule == "" || r.RuleVersion != recommend.Version() || len(r.Changes) == 0 || len(r.MayDecide) == 0 || r.Severity == 0 || r.Target == "" {
			t.Errorf("incomplete: %+v", r)
		}
		if len(r.Rows) == 0 && r.Rule != "confirm-zone" && r.Action != recommend.ActionPreserveEvidence {
			t.Errorf("%s cites no row", r.Title)
		}
		for _, row := range r.Rows {
			if !rows[row] {
				t.Errorf("%s cites %s, which no finding cites", r.Title, row)
			}
		}
		if (r.Action == recommend.ActionHuntIndicator) != (r.Query != "") {
			t.Errorf("%s: query %q", r.Title, r.Query)
		}
		text := strings.ToLower(strings.Join(append(append([]string{r.Title, r.Why}, r.Changes...), r.Risks...), " "))
		for _, word := range []string{"must notify", "must be notified", "obliged", "no evidence of", "{"} {
			if strings.Contains(text, word) {
				t.Errorf("%s: says %q", r.Title, word)
			}
		}
	}
	if len(actions) != len(recommend.Actions) {
		t.Errorf("%d kinds of action, want all %d: %v", len(actions), len(recommend.Actions), actions)
	}
	var b strings.Builder
	for _, g := range groups {
		fmt.Fprintf(&b, "group|%.0f|%s|%s|%s\n", g.Score, g.Severity, g.Suggested, g.Title)
	}
	for _, r := range recs {
		fmt.Fprintf(&b, "%s|%s|%s|%d rows\n", r.Severity, r.Action, r.Title, len(r.Rows))
	}
	detecttest.Golden(t, "ferry.golden", b.String())
}
