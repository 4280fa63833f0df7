package jsonl

import (
	"encoding/json"
	"errors"
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

// TestStringsUnchanged sends a list of strings that break programs through JSON, as values and as names: each comes back as it was.
func TestStringsUnchanged(t *testing.T) {
	dir := parsetest.SharedData(t, "hostile/strings", "strings that break programs")
	var all []string
	if err := json.Unmarshal(parsetest.Read(t, dir, "blns.json"), &all); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, s := range all {
		line, err := json.Marshal(map[string]any{"time": "2026-03-14T01:02:03Z", "note": s, "in": map[string]string{s: "x"}})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	res, events := run(t, b.String())
	if res.Status != parse.StatusOK || len(events) != len(all) {
		t.Fatalf("%d events, want %d; %+v", len(events), len(all), res)
	}
	same := 0
	for i, s := range all {
		s = strings.ToValidUTF8(s, "\uFFFD")
		if got := events[i].Get("json.note"); got != s {
			t.Errorf("%q became %q", s, got)
			continue
		}
		if got := events[i].Get("json.in." + s); got != "x" {
			t.Errorf("the name %q is lost: %v", s, events[i].Fields)
			continue
		}
		same++
	}
	t.Logf("ANSWERS hostile/strings through jsonl: found %d expected %d", same, len(all))
}

// TestMapping reads JSON as a person said.
func TestMapping(t *testing.T) {
	m := `{"v":1,"shape":"json","times":[{"column":"a.t","form":"syslog","meaning":"occurred"},{"column":"made","utc":true,"form":"auto","meaning":"created"}],"zone":"Europe/Berlin","fields":{"a.who":"user.name"},"constants":{"host.name":"px1"}}`
	text := `{"a":{"t":"Mar 14 01:02:03","who":"bob"},"made":"2026-03-14 01:02:03","n":18446744073709551615}` + "\n"
	res, events, err := parsetest.Collect(New(), []byte(text), "x.jsonl", parse.Assume{Mapping: []byte(m), Year: 2026, YearBy: "entry1", MappingBy: "entry1"})
	if err != nil || len(events) != 1 {
		t.Fatalf("%v %+v", err, res)
	}
	e := events[0]
	for name, want := range map[string]string{"user.name": "bob", "host.name": "px1", "json.n": "18446744073709551615", "json.a.t": "Mar 14 01:02:03"} {
		if got := e.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	var got []string
	for _, at := range e.Times {
		got = append(got, event.FormatTime(at.At)+" "+string(at.Meaning)+" "+at.Zone+" "+at.Assumed)
	}
	if s := strings.Join(got, ", "); s != "2026-03-14T00:02:03.0000000Z occurred Europe/Berlin entry1, 2026-03-14T01:02:03.0000000Z created UTC " {
		t.Error(s)
	}
	if _, _, err := parsetest.Collect(New(), []byte(text), "x", parse.Assume{Mapping: []byte(`{"v":1,"shape":"table","delimiter":","}`)}); !errors.Is(err, parse.ErrNeedsAnswer) {
		t.Error(err)
	}
}
