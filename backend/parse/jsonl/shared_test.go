package jsonl

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/parsetest"
)

const notChecked = "JSON that other tools wrote"

func TestPlasoAndZeek(t *testing.T) {
	dir := parsetest.SharedData(t, "logs", notChecked)
	for _, row := range parsetest.Table(t, filepath.Join(dir, "timeline-exports", "expected.csv")) {
		if !strings.HasPrefix(row["file"], "json") {
			continue
		}
		res, events := run(t, string(parsetest.Read(t, dir, "timeline-exports", row["file"])))
		if strconv.Itoa(len(events)) != row["expected_records"] || res.Status != parse.StatusOK || events[0].Times[0].Meaning != event.Modified {
			t.Errorf("%s: %d events, want %s; %+v", row["file"], len(events), row["expected_records"], res)
		}
	}
	for _, row := range parsetest.Table(t, filepath.Join(dir, "zeek", "expected.csv")) {
		if row["format"] != "json" {
			continue
		}
		text := string(parsetest.Read(t, dir, "zeek", row["file"]))
		if strings.Contains(text, ":XXXXXXXXXX") {
			continue // the publisher put letters for a number: not JSON
		}
		res, events := run(t, text)
		if strconv.Itoa(len(events)) != row["expected_records"] || len(res.Skipped) > 0 {
			t.Errorf("%s: %d events, want %s; %+v", row["file"], len(events), row["expected_records"], res)
		}
	}
	ts := parsetest.SharedData(t, "formats/timesketch", notChecked)
	for _, row := range parsetest.Table(t, filepath.Join(ts, "expected.csv")) {
		if !strings.HasSuffix(row["file"], ".jsonl") {
			continue
		}
		res, events := run(t, string(parsetest.Read(t, ts, row["file"])))
		if strconv.Itoa(len(events)) != row["data_rows"] {
			t.Errorf("%s: %d events, want %s; %+v", row["file"], len(events), row["data_rows"], res)
		}
	}
}

// TestHostileJSON takes the verdicts of a JSON test suite: what must be refused gives a warning and is not all well, what must
// be accepted is never called invalid. Most of its texts hold no object and so give no event.
func TestHostileJSON(t *testing.T) {
	dir := parsetest.SharedData(t, "hostile/json", notChecked)
	n := 0
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		res, _ := run(t, string(parsetest.Read(t, dir, row["file"])))
		n++
		syntax := false
		for _, s := range res.Skipped {
			syntax = syntax || s.Reason == jsonrec.ReasonSyntax || s.Reason == jsonrec.ReasonCut
		}
		for _, w := range res.Warnings {
			syntax = syntax || strings.Contains(w.Text, "comma") || strings.Contains(w.Text, "list")
		}
		switch row["expected"] {
		case "reject":
			if res.WarningCount == 0 && res.Status != parse.StatusEmpty {
				t.Errorf("%s: %q was taken without a word: %+v", row["file"], clip(string(parsetest.Read(t, dir, row["file"]))), res)
			}
		case "accept":
			if syntax {
				t.Errorf("%s: %q was called invalid: %+v", row["file"], clip(string(parsetest.Read(t, dir, row["file"]))), res)
			}
		}
	}
	if n < 300 {
		t.Errorf("only %d texts", n)
	}
}

func clip(s string) string {
	if len(s) > 60 {
		return s[:60]
	}
	return s
}

// TestSigmaEvents reads the JSON of the rule proofs: the values must be those that the logs themselves give.
func TestSigmaEvents(t *testing.T) {
	dir := parsetest.SharedData(t, "sigma/events", notChecked)
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	total := 0
	for _, f := range files {
		res, events := run(t, string(parsetest.Read(t, f)))
		total += len(events)
		if len(events) == 0 || res.Status != parse.StatusOK {
			t.Errorf("%s: %+v", f, res)
			continue
		}
		if e := events[0]; e.Get("event.code") == "" || e.Get("host.name") == "" || len(e.Times) != 1 || e.Get("event.dataset") == "" {
			t.Errorf("%s: %v %v", f, e.Times, e.Fields)
		}
	}
	if total < 116 {
		t.Errorf("%d events", total)
	}
}
