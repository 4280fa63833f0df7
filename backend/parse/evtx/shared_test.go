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
	t.Logf("ANSWERS evtx files: found %d expected %d to %d", total, 11463, 11463+115+31)
}

// sharedLogs are all shared Windows logs: 96 files and the 109 of an ordinary machine.
func sharedLogs(t testing.TB) map[string][]byte {
	dir := parsetest.SharedData(t, "evtx", notChecked)
	logs := map[string][]byte{}
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		logs[row["file"]] = parsetest.Read(t, dir, row["file"])
	}
	z, err := zip.OpenReader(filepath.Join(dir, "ordinary-win10-vm.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > 0 {
			logs[filepath.Base(f.Name)] = b
		}
	}
	return logs
}

func TestCountsOfOrdinaryMachine(t *testing.T) {
	logs := sharedLogs(t)
	total, rows := int64(0), 0
	for _, row := range parsetest.Table(t, filepath.Join(parsetest.SharedData(t, "evtx", notChecked), "ordinary-win10-vm.csv")) {
		b, ok := logs[row["file"]]
		if !ok {
			t.Errorf("%s is not in the zip", row["file"])
			continue
		}
		rows++
		res, events := run(t, b, row["file"])
		total += res.Parsed
		if want := row["expected_records"]; strconv.FormatInt(res.Parsed, 10) != want || len(res.Skipped) > 0 {
			t.Errorf("%s: parsed %d, want %s; skipped %v; warnings %v", row["file"], res.Parsed, want, res.Skipped, first(res.Warnings))
		}
		if len(events) == 0 && res.Status != parse.StatusEmpty {
			t.Errorf("%s: no record, status %s, want empty", row["file"], res.Status)
		}
	}
	if rows != 109 || total != 42409 {
		t.Errorf("%d records in %d logs, want 42409 in 109", total, rows)
	}
	t.Logf("ANSWERS evtx ordinary machine: found %d expected 42409", total)
}

// TestEventIDs compares how often each provider, event id and computer stands in a log with what another reader prints. That
// reader gives up in some logs, so it may list less, but never more.
func TestEventIDs(t *testing.T) {
	dir := parsetest.SharedData(t, "evtx", notChecked)
	type line struct{ file, provider, id, computer string }
	want, listed, all := map[line]int{}, map[string]int{}, 0
	for _, row := range parsetest.Table(t, filepath.Join(dir, "event-ids.csv")) {
		n, err := strconv.Atoi(row["count"])
		if err != nil {
			t.Fatal(err)
		}
		want[line{row["file"], row["provider"], row["event_id"], row["computer"]}] += n
		listed[row["file"]] += n
		all += n
	}
	found := 0
	for file, n := range listed {
		_, events := run(t, parsetest.Read(t, dir, file), file)
		got := map[line]int{}
		for _, e := range events {
			l := line{file, e.Get("event.provider"), e.Get("event.code"), e.Get("host.name")}
			if old := e.Get("winlog.provider_source"); old != "" { // that reader names the source where there is one
				l.provider = old
			}
			got[l]++
		}
		for l, n := range want {
			if l.file != file {
				continue
			}
			found += min(got[l], n)
			if got[l] < n || got[l] > n && listed[file] == len(events) {
				t.Errorf("%+v: %d, want %d", l, got[l], n)
			}
		}
		if n > len(events) {
			t.Errorf("%s: %d events, want %d", file, len(events), n)
		}
	}
	t.Logf("ANSWERS evtx event ids: found %d expected %d", found, all)
}

func first(w []parse.Warning) []parse.Warning {
	if len(w) > 3 {
		return w[:3]
	}
	return w
}
