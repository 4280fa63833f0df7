package detect_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"adjutant/backend/detect"
	"adjutant/backend/detect/detecttest"
	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/scenario/ferry"
)

// TestScenario runs everything over the sample incident: each step is found on its own rows, nothing high is found on
// other rows, and the list of findings is as agreed (testdata/ferry.golden).
func TestScenario(t *testing.T) {
	events, truth := detecttest.Ferry(t)
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
	detecttest.Golden(t, "ferry.golden", b.String())
}

func cites(f detect.Finding, id event.ID) bool {
	for _, e := range f.Events {
		if e == id {
			return true
		}
	}
	return false
}

// TestSameTwice: the same events give the same report, byte for byte.
func TestSameTwice(t *testing.T) {
	events, _ := detecttest.Ferry(t)
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
