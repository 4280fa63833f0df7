package parsetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// Answers counts what a format gave against what a published table gives.
type Answers struct {
	Set                string
	Found, Expected    int            // records
	Equal, Values      int            // values that are equal, values compared
	Excused            map[string]int // values that differ by a reviewed reason
	WrongCount, Missed int            // files whose count differs, values that differ without a reason
}

// Log prints the line that the table of all answers is made of.
func (a *Answers) Log(t testing.TB) {
	t.Helper()
	reasons := ""
	for _, r := range slices.Sorted(maps.Keys(a.Excused)) {
		reasons += fmt.Sprintf("; %d: %s", a.Excused[r], r)
	}
	t.Logf("ANSWERS %s: found %d expected %d records; %d of %d values equal%s", a.Set, a.Found, a.Expected, a.Equal, a.Values, reasons)
}

// Excuse is a reviewed reason for a value that differs, "" when the difference is a fault.
type Excuse func(v Value, got []string) string

// Filebeat compares the files of some sources (second column of logs/filebeat/expected.csv): counts first, then each published
// value. The table stops at 100 records a file; in such a file more records are no fault.
func Filebeat(t testing.TB, f parse.Format, assume parse.Assume, excuse Excuse, sources ...string) Answers {
	t.Helper()
	dir := SharedData(t, "logs/filebeat", "counts and values of "+strings.Join(sources, ", "))
	a := Answers{Set: "filebeat " + strings.Join(sources, " "), Excused: map[string]int{}}
	byFile := map[string][]*event.Event{}
	for _, row := range Rows(t, filepath.Join(dir, "expected.csv")) {
		if !slices.Contains(sources, row[1]) {
			continue
		}
		b := Read(t, dir, row[0])
		if f.Detect(b, filepath.Base(row[0])) < 60 {
			t.Errorf("%s is not detected", row[0])
		}
		res, events := Run(t, f, b, filepath.Base(row[0]), assume)
		ValidText(t, events)
		want, err := strconv.Atoi(row[3])
		if err != nil {
			t.Fatal(err)
		}
		a.Expected += want
		if want == 100 && len(events) > 100 {
			a.Found += want
		} else {
			a.Found += len(events)
		}
		if len(events) != want && !(want == 100 && len(events) > want) || len(res.Skipped) > 0 {
			a.WrongCount++
			t.Errorf("%s: %d events, want %d; %v %v", row[0], len(events), want, res.Skipped, res.Warnings)
		}
		byFile[row[0]] = events
	}
	for _, v := range Values(t, filepath.Join(dir, "values.csv"), byFile) {
		a.compare(t, v, excuse)
	}
	return a
}

func (a *Answers) compare(t testing.TB, v Value, excuse Excuse) {
	t.Helper()
	a.Values++
	got, want := v.Event.All(v.Field), []string{v.Want}
	if strings.HasPrefix(v.Want, "[") && json.Unmarshal([]byte(v.Want), &want) != nil {
		want = []string{v.Want}
	}
	if v.Field == "@timestamp" && len(v.Event.Times) > 0 {
		got = []string{v.Event.Times[0].At.Truncate(time.Millisecond).Format(time.RFC3339Nano)}
		at, err := time.Parse(time.RFC3339Nano, v.Want)
		if err != nil {
			t.Fatal(err)
		}
		if v.Event.Times[0].Assumed != "" { // the table's test had its clock at -02:00 for times without a zone
			_, offset := at.Zone()
			at = at.Add(time.Duration(offset) * time.Second)
		}
		want = []string{at.UTC().Format(time.RFC3339Nano)}
	}
	if slices.Equal(got, want) {
		a.Equal++
		return
	}
	switch reason := excuse(v, got); {
	case reason != "":
		a.Excused[reason]++
	case v.Field == "http.request.method" && len(got) == 1 && strings.EqualFold(got[0], v.Want):
		a.Excused["the method keeps the case of the source, as ECS 8 asks; the table of 2020 made it lower"]++
	case (v.Want == "-" || v.Want == "") && len(got) == 0:
		a.Excused["\"-\" and \"\" are the source's words for none, and give no field"]++
	default:
		a.Missed++
		t.Errorf("%s: %s is %q, want %q", v.Record, v.Field, got, want)
	}
}

// Plaso compares a file of data/plaso: its count, and the values for the fields that get knows. get returns ok false for names
// that do not belong to the record, such as the table's own data_type. beyond names records (by their number here) that the other
// tool gave up, with the reason why they are records all the same.
func Plaso(t testing.TB, f parse.Format, assume parse.Assume, file string, beyond map[int]string, get func(e *event.Event, field string) (got string, ok bool)) Answers {
	t.Helper()
	dir := SharedData(t, "plaso", "count and values of "+file)
	a := Answers{Set: "plaso " + file, Excused: map[string]int{}}
	b := Read(t, dir, "files", filepath.FromSlash(file))
	if f.Detect(b, filepath.Base(file)) < 60 {
		t.Errorf("%s is not detected", file)
	}
	_, all := Run(t, f, b, filepath.Base(file), assume)
	ValidText(t, all)
	var events []*event.Event
	for i, e := range all {
		if reason := beyond[i]; reason != "" {
			a.Excused[reason]++
			continue
		}
		events = append(events, e)
	}
	for _, row := range Table(t, filepath.Join(dir, "expected.csv")) {
		if row["file"] == file {
			n, err := strconv.Atoi(row["expected_records"])
			if err != nil {
				t.Fatal(err)
			}
			a.Found, a.Expected = len(events), n
		}
	}
	a.PlasoValues(t, file, events, get)
	return a
}

// PlasoValues compares the values that data/plaso gives for a file with the events of a file.
func (a *Answers) PlasoValues(t testing.TB, file string, events []*event.Event, get func(e *event.Event, field string) (got string, ok bool)) {
	t.Helper()
	for _, row := range Table(t, filepath.Join(SharedData(t, "plaso", "values of "+file), "values.csv")) {
		if row["file"] != file {
			continue
		}
		i, err := strconv.Atoi(row["record_index"])
		if err != nil || i >= len(events) {
			t.Errorf("%s: no record %s", file, row["record_index"])
			continue
		}
		got, ok := get(events[i], row["field"])
		if !ok {
			continue
		}
		a.Values++
		want := row["expected_value"]
		if at, err := time.Parse(time.RFC3339Nano, want); err == nil {
			want = event.FormatTime(at)
		} else if at, err := time.Parse("2006-01-02T15:04:05.999999", want); err == nil {
			want = event.FormatTime(at)
		}
		if got == want {
			a.Equal++
			continue
		}
		a.Missed++
		t.Errorf("%s #%d: %s is %q, want %q", file, i, row["field"], got, want)
	}
}

// PrimaryTime prints an event's first time, "" when it has none.
func PrimaryTime(e *event.Event) string {
	if len(e.Times) == 0 {
		return ""
	}
	return event.FormatTime(e.Times[0].At)
}

// NoExcuse is an Excuse for formats whose values are all equal.
func NoExcuse(Value, []string) string { return "" }
