package detect_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"adjutant/backend/detect"
	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
	"adjutant/backend/parse/formats"
	"adjutant/backend/scenario/ferry"
)

var scenario struct {
	once   sync.Once
	events []*event.Event
	truth  ferry.Truth
}

// scenarioEvents makes and reads the sample incident, once for all tests.
func scenarioEvents(t testing.TB) ([]*event.Event, ferry.Truth) {
	t.Helper()
	scenario.once.Do(func() { scenario.events, scenario.truth = readScenario(t) })
	if scenario.events == nil {
		t.Fatal("the sample incident could not be read")
	}
	return scenario.events, scenario.truth
}

func readScenario(t testing.TB) ([]*event.Event, ferry.Truth) {
	t.Helper()
	s, err := ferry.Build(447)
	if err != nil {
		t.Fatal(err)
	}
	var all []*event.Event
	copies := map[string]bool{}
	for _, f := range s.Truth.Files {
		copies[f.Path] = f.Status == "duplicate"
	}
	for _, f := range s.Files {
		if copies[f.Path] {
			continue
		}
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

var update = flag.Bool("update", false, "rewrite golden files")

// TestScenario runs everything over the sample incident: each step is found on its own rows, nothing high is found on
// other rows, and the list of findings is as agreed (testdata/ferry.golden).
func TestScenario(t *testing.T) {
	events, truth := scenarioEvents(t)
	rep, err := detect.Run(context.Background(), detect.Sorted(events), detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if rep.Loaded != rep.Ran+len(rep.NotApplicable)+len(rep.Failed) || rep.Ran < 38 || len(rep.Failed) != 0 || len(rep.Unmapped) != 0 {
		t.Errorf("loaded %d, ran %d, not applicable %d, failed %v, unmapped %v", rep.Loaded, rep.Ran, len(rep.NotApplicable), rep.Failed, rep.Unmapped)
	}
	found := map[event.ID][]string{} // by event: ids of rules that found it
	for _, f := range rep.Findings {
		if len(f.Rows) == 0 || f.Text == "" || f.ID == "" || f.Key == "" || len(f.Evidence)+len(f.Hosts) == 0 {
			t.Errorf("finding without rows, text, ids or evidence: %+v", f)
		}
		for _, e := range f.Events {
			found[e] = append(found[e], f.Rule.ID)
		}
	}
	place := map[string]event.ID{}
	for _, e := range events {
		place[fmt.Sprint(e.Path, "@", e.Locator.Offset)] = e.ID()
	}
	known := map[event.ID]bool{} // rows of steps and decoys
	for _, s := range append(append([]ferry.Step(nil), truth.Steps...), truth.Decoys...) {
		hit := false
		for _, r := range s.Rows {
			id, ok := place[fmt.Sprint(r.File, "@", r.Offset)]
			if !ok {
				t.Errorf("%s: no event at %s, byte %d", s.ID, r.File, r.Offset)
			}
			known[id] = true
			hit = hit || len(found[id]) > 0
		}
		if decoy := strings.HasPrefix(s.ID, "D"); !hit && !decoy {
			t.Errorf("%s (%s): no finding cites one of its %d rows", s.ID, s.Title, len(s.Rows))
		}
	}
	for _, in := range truth.Injections {
		hit := false
		for _, r := range in.Rows {
			id := place[fmt.Sprint(r.File, "@", r.Offset)]
			known[id] = true
			for _, rule := range found[id] {
				hit = hit || rule == "adjutant-planted-instructions"
			}
		}
		if !hit {
			t.Errorf("%s (%s): the planted text %q was not found", in.ID, in.Where, in.Text)
		}
	}
	for _, f := range rep.Findings {
		if f.Severity < incident.SeverityHigh {
			continue
		}
		for _, e := range f.Events {
			if !known[e] {
				t.Errorf("%s finding on a row of no step: %s", f.Severity, f.Text)
				break
			}
		}
	}
	for _, d := range truth.Decoys {
		for _, r := range d.Rows {
			for _, rule := range found[place[fmt.Sprint(r.File, "@", r.Offset)]] {
				for _, f := range rep.Findings {
					if f.Rule.ID == rule && f.Severity >= incident.SeverityHigh && cites(f, place[fmt.Sprint(r.File, "@", r.Offset)]) {
						t.Errorf("decoy %s (%s) gives a finding of level %s: %s", d.ID, d.Title, f.Severity, f.Text)
					}
				}
			}
		}
	}
	var b strings.Builder
	for _, f := range rep.Findings {
		fmt.Fprintf(&b, "%s|%s|%s|%s\n", f.Severity, f.Kind, f.Rule.Title, f.Text)
	}
	for _, s := range rep.Coverage.BlindSpots {
		fmt.Fprintf(&b, "blind|%s|%s|%s\n", s.Kind, s.Source, s.Text)
	}
	golden(t, "ferry.golden", b.String())
}

func cites(f detect.Finding, id event.ID) bool {
	for _, e := range f.Events {
		if e == id {
			return true
		}
	}
	return false
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s differs (-want +got); rewrite it with -update when that is meant:\n%s", file, diff)
	}
}

// TestSameTwice: the same events give the same report, byte for byte.
func TestSameTwice(t *testing.T) {
	events, _ := scenarioEvents(t)
	sorted := detect.Sorted(events)
	var texts []string
	for range 2 {
		rep, err := detect.Run(context.Background(), sorted, detect.Options{})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(rep)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
		var back detect.Report
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if again, err := json.Marshal(back); err != nil || string(again) != string(text) {
			t.Errorf("a report does not come back from its JSON: %v", err)
		}
	}
	if texts[0] != texts[1] {
		t.Error("two runs over the same events differ")
	}
}

// zoneFor answers the one zone question of the scenario; the Linux servers run in UTC.
func zoneFor(file string, local *time.Location) *time.Location {
	if strings.HasSuffix(file, ".csv") {
		return local
	}
	return nil
}
