package deadline

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

type workedCase struct {
	ID        string `json:"id"`
	Regime    string `json:"regime"`
	Stage     string `json:"stage"`
	Trigger   string `json:"trigger_time"`
	TZ        string `json:"tz"`
	Aware     string `json:"aware_time"`
	Expected  string `json:"expected_deadline"`
	Precision string `json:"precision"`
	Alternate string `json:"alternate_deadline"`
	Rule      struct {
		Relief string `json:"relief"`
	} `json:"rule"`
}

func (c workedCase) check(t *testing.T) {
	t.Helper()
	r, ok := Find(c.Regime)
	if !ok {
		t.Errorf("%s: no duty %s", c.ID, c.Regime)
		return
	}
	in := Inputs{Trigger: mustTime(t, c.Trigger), Zone: c.TZ, Relief: c.Rule.Relief}
	if c.Aware != "" {
		in.Aware = mustTime(t, c.Aware)
	}
	res, err := Compute(r, c.Stage, in)
	if err != nil {
		t.Errorf("%s: %v", c.ID, err)
		return
	}
	if !res.Deadline.Equal(mustTime(t, c.Expected)) || res.Deadline.Format(fileLayout) != c.Expected {
		t.Errorf("%s: deadline %s, expected %s", c.ID, res.Deadline.Format(fileLayout), c.Expected)
	}
	if c.Precision != "" && res.Precision != c.Precision {
		t.Errorf("%s: precision %s, expected %s", c.ID, res.Precision, c.Precision)
	}
	got := ""
	if !res.Alternate.IsZero() {
		got = res.Alternate.Format(fileLayout)
	}
	if got != c.Alternate {
		t.Errorf("%s: alternate %q, expected %q", c.ID, got, c.Alternate)
	}
	if res.Citation == "" || res.Edition == "" || res.Text == "" || got != "" && res.AlternateBasis == "" {
		t.Errorf("%s: citation, edition, text or basis is missing: %+v", c.ID, res)
	}
}

func mustTime(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func readCases(t *testing.T, path string) []workedCase {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var list []workedCase
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// sharedData finds the given data outside the repository; the product's own tests do not need it.
func sharedData(t *testing.T, rel string) string {
	t.Helper()
	dir := os.Getenv("ADJUTANT_SHARED_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	path := filepath.Join(dir, rel)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED: %s is absent; the wider set of worked deadline cases is NOT checked", path)
	}
	return path
}

func TestOwnCases(t *testing.T) {
	list := readCases(t, "testdata/cases.json")
	if len(list) != 13 {
		t.Fatalf("%d cases, expected 13", len(list))
	}
	for _, c := range list {
		c.check(t)
	}
}

func TestSharedCases(t *testing.T) {
	list := readCases(t, sharedData(t, "regulation/deadline-cases.json"))
	if len(list) != 50 {
		t.Fatalf("%d cases, expected 50", len(list))
	}
	for _, c := range list {
		c.check(t)
	}
}

// TestSharedTable reads the wider table of worked examples out of the prose.
func TestSharedTable(t *testing.T) {
	b, err := os.ReadFile(sharedData(t, "regulation/regulations.md"))
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^/|]+)/([^ |]+) \\| ([^|]+) \\| ([^ |]+) \\| (?:\\w{3} )?(\\S+) \\| (\\S+) \\|")
	n := 0
	for _, m := range line.FindAllStringSubmatch(string(b), -1) {
		c := workedCase{ID: m[1], Regime: m[2], Stage: m[3], Trigger: m[4], TZ: m[5], Expected: m[6], Alternate: m[7]}
		if c.Alternate == "-" {
			c.Alternate = ""
		}
		if a, cl, two := strings.Cut(c.Trigger, "; classified "); two {
			c.Aware, c.Trigger = strings.TrimPrefix(a, "aware "), cl
		}
		if c.ID == "dora-05-weekend-relief" || c.ID == "dora-07-intermediate-relief" {
			c.Rule.Relief = "de" // the table says so in its last column only
		}
		c.check(t)
		n++
	}
	if n < 80 {
		t.Fatalf("%d rows read from the table, expected at least 80", n)
	}
	t.Logf("%d worked examples", n)
}

func TestPackCounts(t *testing.T) {
	all := Regimes()
	stages, fixed, force := 0, 0, 0
	for _, r := range all {
		stages += len(r.Stages)
		for _, s := range r.Stages {
			if s.Deadline.Kind == "fixed" {
				fixed++
			}
		}
		if r.Status == InForce {
			force++
		}
	}
	if len(all) != 111 || stages != 285 || fixed != 153 || force != 104 {
		t.Errorf("duties %d, stages %d, fixed %d, in force %d; expected 111, 285, 153, 104", len(all), stages, fixed, force)
	}
	for _, id := range DefaultRegimes {
		if r, ok := Find(id); !ok || len(r.Content) == 0 {
			t.Errorf("default duty %s is missing or says no content", id)
		}
	}
}

// TestEveryStageComputes walks the whole pack: no stage may be uncomputable or end before it starts.
func TestEveryStageComputes(t *testing.T) {
	at := time.Date(2027, 3, 27, 23, 30, 0, 0, time.UTC)
	n := 0
	for _, r := range Regimes() {
		for _, s := range r.Stages {
			res, err := Compute(&r, s.ID, Inputs{Trigger: at, Zone: "Europe/Berlin", Aware: at})
			if err != nil {
				t.Errorf("%s/%s: %v", r.ID, s.ID, err)
				continue
			}
			if !res.Deadline.IsZero() && !res.Deadline.After(at) {
				t.Errorf("%s/%s: %s is not after the trigger", r.ID, s.ID, res.Deadline)
			}
			if strings.Contains(strings.ToLower(res.Text), "must notify") {
				t.Errorf("%s/%s: text orders people about: %s", r.ID, s.ID, res.Text)
			}
			n++
		}
	}
	if n != 285 {
		t.Errorf("%d stages, expected 285", n)
	}
}

// TestSlowTwin compares with a reckoning that walks hour by hour on the local clock.
func TestSlowTwin(t *testing.T) {
	zones := []string{"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"}
	rapid.Check(t, func(rt *rapid.T) {
		loc, _ := time.LoadLocation(rapid.SampledFrom(zones).Draw(rt, "zone"))
		at := time.Unix(rapid.Int64Range(1767225600, 1861833600).Draw(rt, "at"), 0).In(loc)
		n := rapid.IntRange(1, 40).Draw(rt, "n")
		unit := rapid.SampledFrom([]string{"hours", "calendar_days", "business_days"}).Draw(rt, "unit")
		s := Stage{ID: "x", Deadline: Rule{Kind: "fixed", Amount: n, Unit: unit, From: "aware", End: "end_of_day", Calendar: "us-federal"}}
		if unit == "hours" {
			s.Deadline.End = "exact"
		}
		res, err := Compute(&Regime{ID: "t", Stages: []Stage{s}}, "x", Inputs{Trigger: at, Zone: loc.String()})
		if err != nil {
			rt.Fatal(err)
		}
		if want := slow(at, n, unit); !res.Deadline.Equal(want) {
			rt.Fatalf("%d %s from %s: %s, slow twin %s", n, unit, at, res.Deadline, want)
		}
	})
}

func slow(at time.Time, n int, unit string) time.Time {
	day := at.Format(time.DateOnly)
	last := at
	for h := at; ; h = h.Add(time.Minute) {
		if unit == "hours" {
			if h.Sub(at) == time.Duration(n)*time.Hour {
				return h
			}
			continue
		}
		if d := h.Format(time.DateOnly); d != day {
			if n == 0 { // the last second before the local date changed
				return h.Truncate(time.Minute).Add(-time.Second)
			}
			day = d
			noon, _ := time.Parse(time.DateOnly, d)
			if unit == "calendar_days" || calendars["us-federal"].workday(noon) {
				n--
			}
		}
		last = h
		if last.Sub(at) > 200*24*time.Hour {
			return last
		}
	}
}

func TestComputeFile(t *testing.T) {
	in := `[{"id":"a","regime":"eu-gdpr-33","stage":"notify","trigger_time":"2026-11-20T18:30:00+01:00","tz":"Europe/Berlin","extra":1},
	{"id":"b","regime":"eu-gdpr-33","stage":"phases","trigger_time":"2026-11-20T18:30:00Z","tz":""},
	{"id":"c","regime":"uk-nis-2018","stage":"oes","trigger_time":"2026-11-21T03:20:00+00:00","tz":"Europe/London"}]`
	var out bytes.Buffer
	if err := ComputeFile(strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0]["deadline"] != "2026-11-23T18:30:00+01:00" || got[0]["alternate"] != "2026-11-23T19:00:00+01:00" ||
		got[1]["deadline"] != nil || got[1]["precision"] != "none" || got[2]["deadline"] != "2026-11-24T03:20:00+00:00" {
		t.Errorf("unexpected results: %s", out.String())
	}
	out.Reset()
	err := ComputeFile(strings.NewReader(`[{"id":"x","regime":"nowhere"},{"id":"y","regime":"eu-gdpr-33","stage":"notify","trigger_time":"2026-10-25T02:30","tz":"Europe/Berlin"}]`), &out)
	if err == nil || !strings.Contains(out.String(), "unknown duty") || !strings.Contains(out.String(), "happened twice") {
		t.Errorf("bad cases: %v\n%s", err, out.String())
	}
}

func TestParseTime(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-20T18:30:00+01:00": "2026-11-20T17:30:00Z",
		"2026-11-20 18:30":          "2026-11-20T17:30:00Z",
		"2026-03-29T02:30":          "skipped",
		"2026-10-25T02:30":          "twice",
		"tomorrow":                  "not RFC 3339",
	} {
		got, err := ParseTime(text, "Europe/Berlin")
		s := got.UTC().Format(time.RFC3339)
		if err != nil {
			s = err.Error()
		}
		if !strings.Contains(s, want) {
			t.Errorf("%s: %s, expected %s", text, s, want)
		}
	}
}

func FuzzComputeFile(f *testing.F) {
	f.Add([]byte(`[{"id":"a","regime":"eu-gdpr-33","stage":"notify","trigger_time":"2026-11-20T18:30:00+01:00","tz":"Europe/Berlin"}]`))
	f.Add([]byte(`[{"id":"a","regime":"eu-dora-19","stage":"initial","trigger_time":"9999-11-20T18:30:00+01:00","tz":"../etc/passwd","aware_time":"x","relief":"de"}]`))
	f.Add([]byte(`[{"id":"a","regime":"us-fcc-cpni","stage":"customer-wait","trigger_time":"2026-02-30T10:00","tz":"Local"}]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var out bytes.Buffer
		if err := ComputeFile(bytes.NewReader(b), &out); err == nil && !json.Valid(out.Bytes()) {
			t.Errorf("no error and no JSON for %q", b)
		}
	})
}

func FuzzParse(f *testing.F) {
	b, err := files.ReadFile("regimes/japan.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"format":"adjutant-duties/1","edition":"2026-11-23","region":"x","regimes":[]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := Parse(bytes.NewReader(b))
		if err != nil {
			return
		}
		for i := range list { // what Parse admits, the engine has to bear
			for _, s := range list[i].Stages {
				if _, err := Compute(&list[i], s.ID, Inputs{Trigger: time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC)}); err != nil {
					t.Errorf("admitted stage does not compute: %v", err)
				}
			}
			Clocks(list[i:i+1], []Trigger{{Anchor: list[i].Anchor, At: time.Unix(1.8e9, 0)}}, nil, time.Unix(1.8e9, 0))
		}
	})
}
