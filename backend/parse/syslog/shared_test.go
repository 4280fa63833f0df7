package syslog

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// TestRealLogs compares counts, and every value that the published table gives for the first records of each file. The
// table stops at 100 records a file; there the count is that of the lines which begin a record.
func TestRealLogs(t *testing.T) {
	dir := parsetest.SharedData(t, "logs/filebeat", "counts and values of real syslog files")
	byFile := map[string][]*event.Event{}
	for _, row := range parsetest.Rows(t, filepath.Join(dir, "expected.csv")) {
		if row[1] != "system.auth" && row[1] != "system.syslog" {
			continue
		}
		b := parsetest.Read(t, dir, row[0])
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
		t.Logf("ANSWERS filebeat %s: found %d expected %d", row[0], len(events), want)
	}
	compared := 0
	for _, v := range parsetest.Values(t, filepath.Join(dir, "values.csv"), byFile) {
		compared++
		e, got, want := v.Event, v.Event.Get(v.Field), v.Want
		switch v.Field {
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
			t.Errorf("%s: %s is %q, want %q", v.Record, v.Field, got, want)
		}
	}
	if compared < 1000 {
		t.Errorf("only %d values compared", compared)
	}
	t.Logf("%d values compared", compared)
}

// TestTimelineTool compares with what another timeline tool reads in rsyslog's two templates.
func TestTimelineTool(t *testing.T) {
	dir := parsetest.SharedData(t, "plaso", "rsyslog's templates")
	found, expected := 0, 0
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		if row["kind"] != "text_plugins/syslog" {
			continue
		}
		b := parsetest.Read(t, dir, "files", row["file"])
		if New().Detect(b, "x") < 60 {
			t.Errorf("%s is not detected", row["file"])
		}
		_, events := run(t, string(b), parse.Assume{ModTime: time.Date(2021, 6, 1, 0, 0, 0, 0, time.UTC)})
		want, _ := strconv.Atoi(row["expected_records"])
		found, expected = found+len(events), expected+want
		if len(events) != want {
			t.Errorf("%s: %d events, want %d", row["file"], len(events), want)
		}
		for _, v := range parsetest.Table(t, filepath.Join(dir, "values.csv")) {
			if v["file"] != row["file"] {
				continue
			}
			i, _ := strconv.Atoi(v["record_index"])
			name := map[string]string{"hostname": "host.name", "reporter": "process.name", "message_identifier": "log.syslog.msgid",
				"severity": "log.syslog.severity.name", "facility": "log.syslog.facility.name"}[v["field"]]
			got, want := events[i].Get(name), v["expected_value"]
			switch v["field"] {
			case "data_type":
				continue
			case "last_written_time":
				// The other tool keeps a year that is not stated as 0.
				got = events[i].Times[0].At.Format("2006-01-02T15:04:05.999999")
				want = strings.TrimSuffix(strings.Replace(want, "0000-", "2021-", 1), "+00:00")
			case "facility":
				want = strings.TrimSuffix(want, "-level message") // its words for the number; ours are syslog.conf's
			case "severity":
				want = strings.ToLower(want)
			}
			if got != want {
				t.Errorf("%s #%d: %s is %q, want %q", row["file"], i, v["field"], got, want)
			}
		}
	}
	t.Logf("ANSWERS plaso syslog: found %d expected %d", found, expected)
}
