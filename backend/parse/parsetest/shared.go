package parsetest

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"adjutant/backend/event"
)

// SharedData is a folder of the shared evidence: under ADJUTANT_SHARED_DATA, else beside the checkout. Where it is absent the
// test is skipped, with the words for what is not checked.
func SharedData(t testing.TB, sub, what string) string {
	t.Helper()
	root := os.Getenv("ADJUTANT_SHARED_DATA")
	if root == "" {
		root = filepath.Join(moduleRoot(t), "..", "shared", "data")
	}
	dir := filepath.Join(root, filepath.FromSlash(sub))
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("SKIPPED: %s is absent; NOT checked: %s", dir, what)
	}
	return dir
}

// moduleRoot climbs from the package under test, which is where go test runs, to go.mod.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test's folder")
		}
		dir = up
	}
}

// Read is a whole file.
func Read(t testing.TB, parts ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Rows is a table of expected values without its header line.
func Rows(t testing.TB, path string) [][]string {
	t.Helper()
	return cells(t, path)[1:]
}

// Table is a table of expected values, each row by the names of the header.
func Table(t testing.TB, path string) []map[string]string {
	t.Helper()
	all := cells(t, path)
	var out []map[string]string
	for _, row := range all[1:] {
		m := map[string]string{}
		for i, c := range row {
			m[all[0][i]] = c
		}
		out = append(out, m)
	}
	return out
}

func cells(t testing.TB, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatalf("%s has no header line", path)
	}
	return all
}

// Value is what a published table gives for one field of one record.
type Value struct {
	Record string // file and number, for messages
	Event  *event.Event
	Field  string
	Want   string
}

// Values takes from a table (file, number of the record, offset, field, value) the rows of the files that were read. A record
// that stands at another offset is an error, and its values are left out.
func Values(t testing.TB, path string, byFile map[string][]*event.Event) []Value {
	t.Helper()
	var out []Value
	for _, row := range Rows(t, path) {
		events := byFile[row[0]]
		if events == nil {
			continue
		}
		record := row[0] + " #" + row[1]
		i, err := strconv.Atoi(row[1])
		if err != nil || i < 0 || i >= len(events) {
			t.Errorf("%s: there are %d events", record, len(events))
			continue
		}
		offset, err := strconv.ParseInt(row[2], 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", record, err)
		}
		if at := events[i].Locator.Offset; at != offset {
			t.Errorf("%s stands at %d, want %d", record, at, offset)
			continue
		}
		out = append(out, Value{Record: record, Event: events[i], Field: row[3], Want: row[4]})
	}
	return out
}
