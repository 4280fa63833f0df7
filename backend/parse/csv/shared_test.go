package delimited

import (
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const notChecked = "tables that other tools wrote"

// TestTimelineExports reads the same events in several tools' tables: the counts, and one set of times.
func TestTimelineExports(t *testing.T) {
	dir := parsetest.SharedData(t, "logs/timeline-exports", notChecked)
	sets := map[string]string{}
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		if strings.HasPrefix(row["file"], "json") || strings.HasPrefix(row["file"], "rawpy") {
			continue
		}
		text := string(parsetest.Read(t, dir, row["file"]))
		if New().Detect([]byte(text[:min(len(text), parse.HeadBytes)]), row["file"]) < 60 {
			t.Errorf("%s is not detected", row["file"])
		}
		res, events, err := run(t, text, parse.Assume{})
		if err != nil || strconv.Itoa(len(events)) != row["expected_records"] || len(res.Skipped) > 0 {
			t.Errorf("%s: %d events, want %s; %v %+v", row["file"], len(events), row["expected_records"], err, res)
			continue
		}
		var times []string
		for _, e := range events {
			if len(e.Times) != 1 || e.Times[0].Assumed != "" || e.Get("message") == "" {
				t.Errorf("%s: %+v %v", row["file"], e.Times, e.Fields)
				break
			}
			times = append(times, e.Times[0].At.Format(time.DateTime)) // some of the tables stop at seconds
		}
		sort.Strings(times)
		if len(events) == 20 {
			sets[strings.Join(times, " ")] += row["file"] + " "
		}
	}
	if len(sets) != 1 {
		t.Errorf("the 20 events have different times: %v", sets)
	}
}

// TestTimesketchTables: tables that are well give their rows, the others one clear sentence.
func TestTimesketchTables(t *testing.T) {
	dir := parsetest.SharedData(t, "formats/timesketch", notChecked)
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		if !strings.HasSuffix(row["file"], ".csv") {
			continue
		}
		res, events, err := run(t, string(parsetest.Read(t, dir, row["file"])), parse.Assume{})
		if row["file"] == "incorrect.csv" {
			if !errors.Is(err, parse.ErrNeedsAnswer) || !strings.Contains(res.Note, "No., DT") && !strings.Contains(res.Note, "No, DT") {
				t.Errorf("%s: %v %q", row["file"], err, res.Note)
			}
			continue
		}
		if err != nil || strconv.Itoa(len(events)) != row["data_rows"] {
			t.Errorf("%s: %d events, want %s; %v %+v", row["file"], len(events), row["data_rows"], err, res)
			continue
		}
		if row["file"] == "validate_time_precision.csv" && event.FormatTime(events[0].Times[0].At) != "2024-07-24T10:57:02.8772970Z" {
			t.Errorf("%s: %+v", row["file"], events[0].Times)
		}
	}
}

// TestKnownHeaders gives each header line of well-known tools one row of its times and wants a time to be found.
func TestKnownHeaders(t *testing.T) {
	dir := parsetest.SharedData(t, "formats", notChecked)
	all, missed := 0, []string{}
	for _, row := range parsetest.Table(t, filepath.Join(dir, "headers.csv")) {
		if row["columns_that_look_like_times"] == "" {
			continue
		}
		d, ok := dialectOf([]byte(row["header_line"] + "\n"))
		if !ok {
			continue
		}
		like := map[string]bool{}
		for _, c := range strings.Split(row["columns_that_look_like_times"], " | ") {
			like[c] = true
		}
		var values []string
		for _, h := range d.header {
			v := "x"
			if like[h] {
				v = "2026-03-14 01:02:03"
			}
			values = append(values, v)
		}
		all++
		_, events, err := run(t, row["header_line"]+"\n"+strings.Join(values, string(d.separator))+"\n", parse.Assume{})
		if err != nil || len(events) != 1 || len(events[0].Times) == 0 {
			missed = append(missed, row["name"])
		}
	}
	t.Logf("%d of %d known tables get a time; missed: %v", all-len(missed), all, missed)
	if all < 60 || len(missed)*10 > all {
		t.Errorf("%d of %d missed: %v", len(missed), all, missed)
	}
}

// TestHostileCSV compares rows with what a test suite gives as objects.
func TestHostileCSV(t *testing.T) {
	dir := parsetest.SharedData(t, "hostile/csv", notChecked)
	for _, want := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		text := string(parsetest.Read(t, dir, want["file"]))
		d, ok := dialectOf([]byte(text))
		if !ok {
			t.Errorf("%s is no table", want["file"])
			continue
		}
		var expected []map[string]string
		if err := json.Unmarshal(parsetest.Read(t, dir, strings.TrimSuffix(want["file"], ".csv")+"-expected.json"), &expected); err != nil {
			t.Fatal(err)
		}
		r := newRows(parse.Input{Reader: strings.NewReader(text), Size: int64(len(text))}, d)
		var got [][]string
		for {
			row, err := r.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if !row.header {
				got = append(got, row.fields)
			}
		}
		if strconv.Itoa(len(got)) != want["expected_records"] {
			t.Errorf("%s: %d rows, want %s", want["file"], len(got), want["expected_records"])
			continue
		}
		for i, row := range got {
			for j, h := range d.header {
				if row[j] != expected[i][h] {
					t.Errorf("%s row %d: %s is %q, want %q", want["file"], i, h, row[j], expected[i][h])
				}
			}
		}
	}
}
