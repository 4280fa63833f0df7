package jsonl

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

func sharedData(t testing.TB, sub string) string {
	t.Helper()
	root := os.Getenv("ADJUTANT_SHARED_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(root, sub)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("SKIPPED: %s is absent; its JSON is NOT checked", dir)
	}
	return dir
}

func rows(t testing.TB, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range r[1:] {
		m := map[string]string{}
		for i, c := range row {
			m[r[0][i]] = c
		}
		out = append(out, m)
	}
	return out
}

func read(t testing.TB, parts ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCloudTrail(t *testing.T) {
	dir := sharedData(t, "logs/cloudtrail-stratus")
	for _, row := range rows(t, filepath.Join(dir, "expected.csv")) {
		text := read(t, dir, row["file"])
		res, events := run(t, text)
		if strconv.Itoa(len(events)) != row["expected_records"] || res.Status != parse.StatusOK {
			t.Errorf("%s: %d events, want %s; %+v", row["file"], len(events), row["expected_records"], res.Warnings)
			continue
		}
		if New().Detect([]byte(text), row["file"]) < 80 {
			t.Errorf("%s is not detected", row["file"])
		}
		names := map[string]bool{}
		for _, e := range events {
			names[e.Get("event.action")] = true
			if e.Get("event.dataset") != "aws.cloudtrail" || e.Get("message") == "" || e.Get("source.address") == "" {
				t.Errorf("%s: %v", row["file"], e.Fields)
			}
		}
		var got []string
		for n := range names {
			got = append(got, n)
		}
		sort.Strings(got)
		if strings.Join(got, " ") != row["event_names"] {
			t.Errorf("%s: %v, want %s", row["file"], got, row["event_names"])
		}
		if f, l := res.First.Format("2006-01-02T15:04:05Z"), res.Last.Format("2006-01-02T15:04:05Z"); f != row["first_time"] || l != row["last_time"] {
			t.Errorf("%s: %s to %s, want %s to %s", row["file"], f, l, row["first_time"], row["last_time"])
		}
	}
}

func TestPlasoAndZeek(t *testing.T) {
	dir := sharedData(t, "logs")
	for _, row := range rows(t, filepath.Join(dir, "timeline-exports", "expected.csv")) {
		if !strings.HasPrefix(row["file"], "json") {
			continue
		}
		res, events := run(t, read(t, dir, "timeline-exports", row["file"]))
		if strconv.Itoa(len(events)) != row["expected_records"] || res.Status != parse.StatusOK || events[0].Times[0].Meaning != event.Modified {
			t.Errorf("%s: %d events, want %s; %+v", row["file"], len(events), row["expected_records"], res)
		}
	}
	for _, row := range rows(t, filepath.Join(dir, "zeek", "expected.csv")) {
		if row["format"] != "json" {
			continue
		}
		text := read(t, dir, "zeek", row["file"])
		if strings.Contains(text, ":XXXXXXXXXX") {
			continue // the publisher put letters for a number: not JSON
		}
		res, events := run(t, text)
		if strconv.Itoa(len(events)) != row["expected_records"] || len(res.Skipped) > 0 {
			t.Errorf("%s: %d events, want %s; %+v", row["file"], len(events), row["expected_records"], res)
		}
	}
	ts := sharedData(t, "formats/timesketch")
	for _, row := range rows(t, filepath.Join(ts, "expected.csv")) {
		if !strings.HasSuffix(row["file"], ".jsonl") {
			continue
		}
		res, events := run(t, read(t, ts, row["file"]))
		if strconv.Itoa(len(events)) != row["data_rows"] {
			t.Errorf("%s: %d events, want %s; %+v", row["file"], len(events), row["data_rows"], res)
		}
	}
}

// TestHostileJSON takes the verdicts of a JSON test suite: what must be refused gives a warning and is not all well, what must
// be accepted is never called invalid. Most of its texts hold no object and so give no event.
func TestHostileJSON(t *testing.T) {
	dir := sharedData(t, "hostile/json")
	n := 0
	for _, row := range rows(t, filepath.Join(dir, "expected.csv")) {
		res, _ := run(t, read(t, dir, row["file"]))
		n++
		syntax := false
		for _, s := range res.Skipped {
			syntax = syntax || s.Reason == reasonSyntax || s.Reason == reasonCut
		}
		for _, w := range res.Warnings {
			syntax = syntax || strings.Contains(w.Text, "comma") || strings.Contains(w.Text, "list")
		}
		switch row["expected"] {
		case "reject":
			if res.WarningCount == 0 && res.Status != parse.StatusEmpty {
				t.Errorf("%s: %q was taken without a word: %+v", row["file"], clip(read(t, dir, row["file"])), res)
			}
		case "accept":
			if syntax {
				t.Errorf("%s: %q was called invalid: %+v", row["file"], clip(read(t, dir, row["file"])), res)
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
	dir := sharedData(t, "sigma/events")
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	total := 0
	for _, f := range files {
		res, events := run(t, read(t, f))
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
