package evtx

import (
	"archive/zip"
	"io"
	"path/filepath"
	"strconv"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const notChecked = "the counts and values of real Windows logs"

// run parses bytes and checks what must hold for every input.
func run(t testing.TB, b []byte, name string) (parse.Result, []*event.Event) {
	t.Helper()
	return parsetest.Run(t, New(), b, name, parse.Assume{})
}

// wanted says how many records a file must give: exactly, but for the two damaged samples, where readers differ.
func wanted(file string, expected int64) (lo, hi int64) {
	switch filepath.Base(file) {
	case "sample-with-zero-data-size-event.evtx":
		return 335, 450
	case "sample_with_a_bad_chunk_magic.evtx":
		return 270, 301
	}
	return expected, expected
}

func TestCountsOfRealLogs(t *testing.T) {
	dir := parsetest.SharedData(t, "evtx", notChecked)
	total := int64(0)
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		b := parsetest.Read(t, dir, row["file"])
		expected, _ := strconv.ParseInt(row["expected_records"], 10, 64)
		res, events := run(t, b, row["file"])
		if lo, hi := wanted(row["file"], expected); res.Parsed < lo || res.Parsed > hi {
			t.Errorf("%s: parsed %d, want %d to %d; skipped %v; warnings %v", row["file"], res.Parsed, lo, hi, res.Skipped, first(res.Warnings))
		}
		total += res.Parsed
		seen := map[event.Locator]bool{}
		for _, e := range events {
			if seen[e.Locator] {
				t.Fatalf("%s: two events at %s", row["file"], e.Locator)
			}
			seen[e.Locator] = true
			if string(b[e.Locator.Offset:e.Locator.Offset+4]) != recordMagic {
				t.Fatalf("%s: locator %s does not lead to a record", row["file"], e.Locator)
			}
		}
	}
	if total < 11463 {
		t.Errorf("%d records in all, want at least 11463", total)
	}
}

func TestCountsOfOrdinaryMachine(t *testing.T) {
	dir := parsetest.SharedData(t, "evtx", notChecked)
	z, err := zip.OpenReader(filepath.Join(dir, "ordinary-win10-vm.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	expected := map[string]map[string]string{}
	for _, row := range parsetest.Table(t, filepath.Join(dir, "ordinary-win10-vm.csv")) {
		expected[row["file"]] = row
	}
	total := int64(0)
	for _, f := range z.File {
		row, ok := expected[filepath.Base(f.Name)]
		if !ok {
			continue
		}
		delete(expected, filepath.Base(f.Name))
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			t.Fatal(err)
		}
		res, events := run(t, b, f.Name)
		total += res.Parsed
		if want := row["expected_records"]; strconv.FormatInt(res.Parsed, 10) != want || len(res.Skipped) > 0 {
			t.Errorf("%s: parsed %d, want %s; skipped %v; warnings %v", f.Name, res.Parsed, want, res.Skipped, first(res.Warnings))
		}
		if len(events) == 0 && res.Status != parse.StatusEmpty {
			t.Errorf("%s: no record, status %s, want empty", f.Name, res.Status)
		}
	}
	if len(expected) > 0 || total != 42409 {
		t.Errorf("%d records, want 42409; not in the zip: %v", total, expected)
	}
}

func first(w []parse.Warning) []parse.Warning {
	if len(w) > 3 {
		return w[:3]
	}
	return w
}
