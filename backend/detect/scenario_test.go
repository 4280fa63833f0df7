package detect_test

import (
	"context"
	"path"
	"strings"
	"testing"
	"time"

	"adjutant/backend/detect"
	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/formats"
	"adjutant/backend/scenario/ferry"
)

func scenarioEvents(t testing.TB) ([]*event.Event, ferry.Truth) {
	t.Helper()
	s, err := ferry.Build(447)
	if err != nil {
		t.Fatal(err)
	}
	var all []*event.Event
	seen := map[string]bool{}
	for _, f := range s.Files {
		if seen[string(f.Data)] {
			continue // the second copy of a log
		}
		seen[string(f.Data)] = true
		head := f.Data[:min(len(f.Data), parse.HeadBytes)]
		var format parse.Format
		best := 0
		for _, x := range formats.All() {
			if n := x.Detect(head, path.Base(f.Path)); n > best {
				format, best = x, n
			}
		}
		if format == nil {
			continue
		}
		zone, err := time.LoadLocation(ferry.ZoneName)
		if err != nil {
			zone = time.FixedZone("CET", 3600)
		}
		all = append(all, parsed(t, format, f.Path, f.Data, parse.Assume{ModTime: f.ModTime, Zone: zoneFor(f.Path, zone)})...)
	}
	return all, s.Truth
}

func TestScenario(t *testing.T) {
	events, truth := scenarioEvents(t)
	rep, err := detect.Run(context.Background(), detect.Sorted(events), detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d events, loaded %d ran %d matched %d", rep.Events, rep.Loaded, rep.Ran, rep.Matched)
	for _, f := range rep.Findings {
		t.Logf("%-8s %-20s %s", f.Severity, f.Kind, f.Text)
	}
	for _, b := range rep.Coverage.BlindSpots {
		t.Logf("BLIND %s", b.Text)
	}
	for _, n := range rep.NotApplicable {
		t.Logf("NA %s %s", n.Title, n.Reason)
	}
	t.Log(rep.Unmapped, rep.Unrouted, rep.Failed)
	_ = truth
}

// zoneFor answers the one zone question of the scenario; the Linux servers run in UTC.
func zoneFor(file string, local *time.Location) *time.Location {
	if strings.HasSuffix(file, ".csv") {
		return local
	}
	return nil
}
