package syslog

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

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
		t.Skipf("SKIPPED: %s is absent; counts and values of real syslog files are NOT checked", dir)
	}
	return dir
}

func rows(t testing.TB, path string) [][]string {
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
	return r[1:]
}

// TestRealLogs compares counts, and every value that the published table gives for the first records of each file. The
// table stops at 100 records a file; there the count is that of the lines which begin a record.
func TestRealLogs(t *testing.T) {
	dir := filepath.Join(sharedData(t, "logs"), "filebeat")
	byFile := map[string][]*event.Event{}
	for _, row := range rows(t, filepath.Join(dir, "expected.csv")) {
		if row[1] != "system.auth" && row[1] != "system.syslog" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, row[0]))
		if err != nil {
			t.Fatal(err)
		}
		if New().Detect(b, filepath.Base(row[0])) < 60 {
			t.Errorf("%s is not detected", row[0])
		}
		res, events := run(t, string(b), parse.Assume{ModTime: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		want, _ := strconv.Atoi(row[3])
		if want == 100 {
			want = 0
			for _, l := range strings.Split(string(b), "\n") {
				if l != "" && l[0] != ' ' && l[0] != '\t' {
					want++
				}
			}
		}
		if len(events) != want || len(res.Skipped) > 0 {
			t.Errorf("%s: %d events, want %d; %v %v", row[0], len(events), want, res.Skipped, res.Warnings)
		}
		byFile[row[0]] = events
	}
	compared := 0
	for _, row := range rows(t, filepath.Join(dir, "values.csv")) {
		events := byFile[row[0]]
		if events == nil {
			continue
		}
		i, _ := strconv.Atoi(row[1])
		offset, _ := strconv.ParseInt(row[2], 10, 64)
		e := events[i]
		if e.Locator.Offset != offset {
			t.Errorf("%s #%d stands at %d, want %d", row[0], i, e.Locator.Offset, offset)
			continue
		}
		compared++
		got, want := e.Get(row[3]), row[4]
		switch row[3] {
		case "event.action": // the table has one word for all of sshd's lines
			got, want = strings.Replace(got, "-login-accepted", "_login", 1), "ssh_login"
			got = strings.Replace(got, "-login-failed", "_login", 1)
		case "@timestamp":
			got = event.FormatTime(e.Times[0].At)
			at, err := time.Parse(time.RFC3339Nano, want)
			if err != nil {
				t.Fatal(err)
			}
			// The table's test had its clock at -02:00 for times without a zone; it keeps milliseconds.
			if e.Times[0].Assumed != "" {
				at = at.Add(-2 * time.Hour)
			}
			if e.Times[0].At.Truncate(time.Millisecond).Equal(at) {
				got = want
			}
		case "process.name": // the table takes launchd's pid and service as part of the name
			if h := e.Get("syslog.service"); h != "" && want == got+"["+e.Get("process.pid")+"] ("+h+")" {
				want = got
			}
		case "message":
			want = strings.TrimLeft(want, " ")
		}
		if got != want {
			t.Errorf("%s #%d: %s is %q, want %q", row[0], i, row[3], got, want)
		}
	}
	if compared < 1000 {
		t.Errorf("only %d values compared", compared)
	}
	t.Logf("%d values compared", compared)
}
