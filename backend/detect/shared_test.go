package detect_test

import (
	"archive/zip"
	"context"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"adjutant/backend/detect"
	"adjutant/backend/detect/detecttest"
	"adjutant/backend/detect/rules"
	"adjutant/backend/detect/sigma"
	"adjutant/backend/event"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
	"adjutant/backend/parse/evtx"
	"adjutant/backend/parse/jsonl"
	"adjutant/backend/parse/parsetest"
)

// TestSharedPairs runs every rule of the shared pairs on its own log, read as EVTX and as JSON.
func TestSharedPairs(t *testing.T) {
	t.Run("evtx", func(t *testing.T) { sharedPairs(t, evtx.New(), 2) })
	t.Run("json", func(t *testing.T) { sharedPairs(t, jsonl.New(), 3) })
}

func sharedPairs(t *testing.T, format parse.Format, column int) {
	dir := parsetest.SharedData(t, "sigma", "98 pairs of rule and log")
	pack, err := sigma.LoadDir(filepath.Join(dir, "rules"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range pack.Refused {
		t.Errorf("refused %s: %s", r.Source, r.Reason)
	}
	if len(pack.Rules) != 98 {
		t.Errorf("%d rules, want 98", len(pack.Rules))
	}
	pairs, fired, others := 0, 0, 0
	for _, row := range parsetest.Rows(t, filepath.Join(dir, "pairs.csv")) {
		pairs++
		want, err := strconv.Atoi(row[4])
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, filepath.FromSlash(row[column]))
		rep, err := detect.Run(context.Background(), detect.Sorted(detecttest.Parsed(t, format, row[column], parsetest.Read(t, path), parse.Assume{})), detect.Options{Packs: []sigma.Pack{pack}})
		if err != nil {
			t.Fatal(err)
		}
		var got int64
		for _, f := range rep.Findings {
			switch {
			case f.Rule.ID == row[0]:
				got += f.Count
				if f.Rule.Author == "" || len(f.Matched) == 0 || len(f.Rows) == 0 {
					t.Errorf("%s: finding without author, matched values or rows: %+v", row[1], f)
				}
			case f.Kind == detect.KindRule:
				others++
			}
		}
		if got < int64(want) {
			t.Errorf("%s: %d hits on its own log, want at least %d", row[1], got, want)
			continue
		}
		fired++
	}
	t.Logf("%d of %d pairs; %d findings of other rules on those logs", fired, pairs, others)
	if pairs != 98 {
		t.Errorf("%d pairs read, want 98", pairs)
	}
}

// TestOrdinaryMachine runs our rules, our detectors and the 98 shared rules over a machine on which nothing happened:
// a high finding there is a false alarm.
func TestOrdinaryMachine(t *testing.T) {
	dir := parsetest.SharedData(t, ".", "false alarms on an ordinary machine")
	z, err := zip.OpenReader(filepath.Join(dir, "evtx", "ordinary-win10-vm.zip"))
	if err != nil {
		t.Skipf("the ordinary machine is absent, false alarms are not checked: %v", err)
	}
	defer z.Close()
	var all []*event.Event
	for _, f := range z.File {
		if !strings.HasSuffix(strings.ToLower(f.Name), ".evtx") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, detecttest.Parsed(t, evtx.New(), f.Name, data, parse.Assume{})...)
	}
	own, err := rules.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	shared, err := sigma.LoadDir(filepath.Join(dir, "sigma", "rules"))
	if err != nil {
		t.Fatal(err)
	}
	rep, err := detect.Run(context.Background(), detect.Sorted(all), detect.Options{Packs: []sigma.Pack{own, shared}})
	if err != nil {
		t.Fatal(err)
	}
	if rep.Events < 40_000 || rep.Ran < 50 {
		t.Errorf("%d events, %d rules ran: too few to mean anything", rep.Events, rep.Ran)
	}
	for _, f := range rep.Findings {
		if f.Severity >= incident.SeverityHigh {
			t.Errorf("false alarm: %s %s %v", f.Severity, f.Text, f.Matched)
		} else {
			t.Logf("%s %s: %s", f.Severity, f.Kind, f.Text)
		}
	}
	t.Logf("%d events; rules: %d loaded, %d ran, %d matched", rep.Events, rep.Loaded, rep.Ran, rep.Matched)
	for _, b := range rep.Coverage.BlindSpots {
		t.Logf("blind spot: %s", b.Text)
	}
}
