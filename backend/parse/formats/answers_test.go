package formats

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// answer is what a published table says about one file.
type answer struct {
	set, file string
	expected  string // records; "a..b" where readers differ; "" where the table gives none
	data      []byte
}

// TestAnswers reads every shared file as an import does, by what its content looks like, and prints one table of records found
// and expected. A difference fails unless testdata/differences.csv names it with its reason; so does a reason without one.
func TestAnswers(t *testing.T) {
	parsetest.SharedData(t, "logs", "counts of every shared log against the published ones")
	reasons := map[string]string{}
	for _, row := range parsetest.Table(t, "testdata/differences.csv") {
		reasons[row["set"]+"/"+row["file"]] = row["found"] + ": " + row["reason"]
	}
	type line struct{ files, same, listed, found, expected int }
	table := map[string]*line{}
	for _, a := range answers(t) {
		l := table[a.set]
		if l == nil {
			l = &line{}
			table[a.set] = l
		}
		l.files++
		found, format := read(t, a)
		low, high, given := bounds(t, a.expected)
		l.found, l.expected = l.found+found, l.expected+max(low, 0)
		key := a.set + "/" + a.file
		switch listed := reasons[key]; {
		case given && found >= low && found <= high:
			l.same++
			if listed != "" {
				t.Errorf("%s: as expected now; take it out of differences.csv", key)
			}
		case strings.HasPrefix(listed, strconv.Itoa(found)+": "):
			l.listed++
		default:
			t.Errorf("%s: %d records by %s, expected %s", key, found, format, a.expected)
		}
		delete(reasons, key)
	}
	for _, key := range slices.Sorted(maps.Keys(reasons)) {
		t.Errorf("differences.csv names %s, which is not among the answers", key)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-20s %6s %6s %8s %9s %9s\n", "ANSWERS", "files", "same", "reasons", "found", "expected")
	for _, set := range slices.Sorted(maps.Keys(table)) {
		l := table[set]
		fmt.Fprintf(&b, "%-20s %6d %6d %8d %9d %9d\n", set, l.files, l.same, l.listed, l.found, l.expected)
	}
	t.Log(b.String())
}

func bounds(t *testing.T, s string) (low, high int, given bool) {
	if s == "" {
		return 0, 0, false
	}
	a, b, span := strings.Cut(s, "..")
	low, err := strconv.Atoi(a)
	high = low
	if span && err == nil {
		high, err = strconv.Atoi(b)
	}
	if err != nil {
		t.Fatalf("expected %q: %v", s, err)
	}
	return low, high, true
}

// read parses a file by the format that fits its content, as intake does, and returns how many records gave events.
func read(t *testing.T, a answer) (int, string) {
	name := path.Base(a.file)
	f := parse.Detect(All(), a.data[:min(len(a.data), parse.HeadBytes)], name)
	if f == nil {
		return 0, "no format"
	}
	n := 0
	in := parse.Input{
		Reader: bytes.NewReader(a.data), Size: int64(len(a.data)), Name: name, Started: time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC),
		Assume: parse.Assume{Zone: time.UTC, ZoneBy: "default", Year: 2019, YearBy: "test"},
	}
	res, err := f.Parse(context.Background(), in, func(*event.Event) error { n++; return nil })
	if err != nil {
		return n, f.Name() + ", " + err.Error()
	}
	if int64(n) != res.Parsed {
		t.Errorf("%s/%s: %d events, %d parsed", a.set, a.file, n, res.Parsed)
	}
	if len(a.data) > 0 && n == 0 && res.Status != parse.StatusEmpty && res.Status != parse.StatusFailed {
		t.Errorf("%s/%s: content without a row is %s", a.set, a.file, res.Status)
	}
	return n, f.Name()
}

// answers gathers the published counts. The files are held one set at a time by the tables' order.
func answers(t *testing.T) []answer {
	var out []answer
	file := func(dir, name string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	tabled := func(set, sub, files, column string) {
		dir := parsetest.SharedData(t, sub, set)
		for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
			out = append(out, answer{set, row["file"], row[column], file(filepath.Join(dir, files), row["file"])})
		}
	}
	tabled("filebeat", "logs/filebeat", "", "expected_records")
	tabled("zeek", "logs/zeek", "", "expected_records")
	tabled("cloudtrail", "logs/cloudtrail-stratus", "", "expected_records")
	tabled("timeline exports", "logs/timeline-exports", "", "expected_records")
	tabled("timesketch", "formats/timesketch", "", "data_rows")
	plasoFiles(t, &out, file)
	eventLogs(t, &out, file)
	return out
}

// plasoFiles takes each file once: a second case of it looks at another part of the same records.
func plasoFiles(t *testing.T, out *[]answer, file func(dir, name string) []byte) {
	dir := parsetest.SharedData(t, "plaso", "plaso")
	seen := map[string]bool{}
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		if !seen[row["file"]] {
			seen[row["file"]] = true
			*out = append(*out, answer{"plaso", row["file"], row["expected_records"], file(filepath.Join(dir, "files"), row["file"])})
		}
	}
}

func eventLogs(t *testing.T, out *[]answer, file func(dir, name string) []byte) {
	dir := parsetest.SharedData(t, "evtx", "event logs")
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		want := row["expected_records"]
		switch { // readers that carve find more, peers.md §1
		case strings.Contains(row["file"], "zero-data-size"):
			want = "335..450"
		case strings.Contains(row["file"], "bad_chunk_magic"), strings.Contains(row["file"], "bad-chunk-magic"):
			want = "270..301"
		}
		*out = append(*out, answer{"event logs", row["file"], want, file(dir, row["file"])})
	}
	z, err := zip.OpenReader(filepath.Join(dir, "ordinary-win10-vm.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	want := map[string]string{}
	for _, row := range parsetest.Table(t, filepath.Join(dir, "ordinary-win10-vm.csv")) {
		want[row["file"]] = row["expected_records"]
	}
	for _, f := range z.File {
		n, ok := want[path.Base(f.Name)]
		if !ok {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		*out = append(*out, answer{"ordinary machine", path.Base(f.Name), n, b})
	}
}
