package delimited

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
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
			if len(e.Times) != 1 && e.Get("csv.MACB") != "M.C." || e.Times[0].Assumed != "" || e.Get("message") == "" {
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

// noTimes are columns that a list of header lines takes for times by their names, and why they are none.
var noTimes = map[string]string{
	"UpdateSequenceNumber": "a number", "updatesequencenumber": "a number", "UpdateReasons": "words", "LastUsedEntryNumber": "a number", "TimeZone": "names a zone",
	"timezone": "names a zone", "TotalAccesses": "a count", "timestamp_desc": "words", "TimestampInfo": "words", "eventtimesource": "words", "OSVersionAtInstallTime": "a version",
	"BackgroundCycleTime": "processor cycles", "ForegroundCycleTime": "processor cycles", "FaceTime": "a duration", "ConnectedTime": "a duration", "ActiveAcTime": "a duration",
	"ActiveDcTime": "a duration", "ActiveDischargeTime": "a duration", "CsAcTime": "a duration", "CsDcTime": "a duration", "CsDischargeTime": "a duration",
	"RuleModifiedDate": "of the rule, not of the event", "RuleCreationDate": "of the rule, not of the event", "file accessed/written": "a path",
	"time": "the clock of the date beside it", "time-UTC": "the clock of the date beside it",
}

// knownHeaders gives each header line of well-known tools one row in which each time differs, and says which columns were read
// as times. It returns how many tables were recognised and how many columns of times came out right.
func knownHeaders(t *testing.T) (tables, allTables, columns, allColumns int) {
	dir := parsetest.SharedData(t, "formats", notChecked)
	for _, row := range parsetest.Table(t, filepath.Join(dir, "headers.csv")) {
		allTables++
		head := row["header_line"] + "\n"
		if row["name"] == "DensityScout" {
			head = "(0.12345) | C:\\a.exe\n(0.2) | C:\\b.exe\n" // its header line is no header, its lines are known
		}
		d, ok := dialectOf([]byte(head))
		k := tablesOnce().knownTable(d.header)
		if !ok || k == nil {
			t.Errorf("%s (%s) is not recognised", row["name"], row["description"])
			continue
		}
		tables++
		if d.headless {
			continue
		}
		names := uniqueNames(d.header)
		values := make([]string, len(names))
		want := map[string]string{}
		for i, n := range names {
			values[i] = "x"
			for _, kt := range k.times {
				day, clock := fmt.Sprintf("2026-03-%02d", i%15+13), fmt.Sprintf("01:02:%02d", i%60)
				switch {
				case kt.clock == normal(n):
					values[i] = clock
				case kt.column != normal(n):
				case kt.clock != "":
					clock = fmt.Sprintf("01:02:%02d", (i+1)%60)
					values[i], want[n] = fmt.Sprintf("03/%02d/2026", i%15+13), day+"T"+clock+".0000000Z"
				case kt.formed && kt.form.Name == "date":
					values[i], want[n] = day, day+"T00:00:00.0000000Z"
				default:
					values[i], want[n] = day+" "+clock, day+"T"+clock+".0000000Z"
				}
			}
			if k.meaning == normal(n) || normal(n) == "timezone" {
				values[i] = ""
			}
		}
		if _, ok := want["date"]; ok && k.name == "plaso.l2tcsv" {
			values[0], want["date"] = "03/28/2026", "2026-03-28T01:02:01.0000000Z"
		}
		text := head + strings.Join(values, d.separator) + "\n"
		_, events, err := run(t, text, parse.Assume{})
		if err != nil || len(events) != 1 {
			t.Errorf("%s: %v, %d events", row["name"], err, len(events))
			continue
		}
		got := map[string]bool{}
		for _, at := range events[0].Times {
			got[event.FormatTime(at.At)] = true
		}
		expected := strings.Split(row["columns_that_look_like_times"], " | ")
		for n := range want { // the list overlooks some
			if !slices.Contains(expected, n) {
				expected = append(expected, n)
			}
		}
		for _, n := range expected {
			if n == "" || noTimes[n] != "" && want[n] == "" {
				continue
			}
			allColumns++
			if w := want[n]; w == "" && n != strings.TrimSuffix(n, "_2") || w == "" || !got[w] && !(k.meaning != "" && len(got) > 0) {
				t.Errorf("%s: column %q is no time (%v)", row["name"], n, events[0].Times)
				continue
			}
			columns++
		}
		if k.meaning == "" && len(events[0].Times) != len(want) {
			t.Errorf("%s: %d times, want %d", row["name"], len(events[0].Times), len(want))
		}
		if events[0].Get("event.dataset") != k.name || events[0].Get("message") == "" {
			t.Errorf("%s: %v", row["name"], events[0].Fields)
		}
	}
	return tables, allTables, columns, allColumns
}

func TestKnownHeaders(t *testing.T) {
	tables, allTables, columns, allColumns := knownHeaders(t)
	t.Logf("ANSWERS formats/headers: found %d tables and %d time columns, expected %d and %d", tables, columns, allTables, allColumns)
	if tables != 93 || allTables != 93 || columns != allColumns || columns < 170 {
		t.Errorf("%d of %d tables, %d of %d columns", tables, allTables, columns, allColumns)
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
		r := newRows(parse.Input{Reader: strings.NewReader(text), Size: int64(len(text))}, d, &event.Slab{})
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
				got = append(got, append([]string(nil), row.fields...))
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
