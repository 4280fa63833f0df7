package recommend_test

import (
	"bytes"
	"context"
	"path"
	"testing"
	"time"

	"adjutant/backend/detect"
	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
	"adjutant/backend/parse/formats"
	"adjutant/backend/recommend"
	"adjutant/backend/scenario/ferry"
	"adjutant/backend/triage"
)

// ferryReport runs detection over the sample incident.
func ferryReport(t *testing.T) detect.Report {
	t.Helper()
	s, err := ferry.Build(447)
	if err != nil {
		t.Fatal(err)
	}
	var all []*event.Event
	for _, f := range s.Files {
		format := parse.Detect(formats.All(), f.Data[:min(len(f.Data), parse.HeadBytes)], path.Base(f.Path))
		if format == nil {
			continue
		}
		in := parse.Input{Reader: bytes.NewReader(f.Data), Size: int64(len(f.Data)), Name: path.Base(f.Path), Assume: parse.Assume{ModTime: f.ModTime}}
		if path.Ext(f.Path) == ".csv" {
			in.Assume.Zone = time.FixedZone("CET", 3600)
		}
		if _, err := format.Parse(context.Background(), in, func(e *event.Event) error {
			e.Path, e.Evidence = f.Path, incident.Digest{1}
			all = append(all, e)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	rep, err := detect.Run(context.Background(), detect.Sorted(all), detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func TestScenario(t *testing.T) {
	rep := ferryReport(t)
	groups := triage.Groups(rep.Findings, triage.Context{Zone: time.FixedZone("CET", 3600)})
	sev, why := triage.IncidentSeverity(groups)
	for _, g := range groups {
		t.Logf("%5.1f %-8s %-14s %-10s %s [%d]", g.Score, g.Severity, g.Suggested, g.Family, g.Title, len(g.Findings))
		for _, f := range g.Factors {
			t.Logf("        %+.0f×%.0f %s: %s", f.Weight, f.Value, f.Name, f.Words)
		}
		t.Logf("        %s", g.SuggestedWhy)
	}
	t.Log(sev, why)
	for _, r := range recommend.For(groups, rep.Coverage, recommend.Facts{}) {
		t.Logf("%-8s %-18s %s | %s | rows %d %s", r.Severity, r.Action, r.Title, r.Why, len(r.Rows), r.Query)
	}
}
