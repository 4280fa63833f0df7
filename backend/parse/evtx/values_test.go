package evtx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse/parsetest"
)

// TestValuesAgainstAnotherReader compares every System and EventData value with what another reader printed as JSON for
// the same 98 logs. By convention GUIDs differ there in braces and case, times have microseconds, and spaces at the end of
// a value are cut off, which we keep.
func TestValuesAgainstAnotherReader(t *testing.T) {
	dir := parsetest.SharedData(t, "sigma/events", notChecked)
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(files) != 98 {
		t.Fatalf("%d JSON files, want 98", len(files))
	}
	records, compared := 0, 0
	for _, f := range files {
		_, events := run(t, parsetest.Read(t, strings.TrimSuffix(f, ".json")+".evtx"), f)
		byRecord := map[string]*event.Event{}
		for _, e := range events {
			byRecord[e.Get("winlog.record_id")] = e
		}
		dec := json.NewDecoder(bytes.NewReader(parsetest.Read(t, f)))
		dec.UseNumber()
		for dec.More() {
			var rec struct{ Event map[string]any }
			if err := dec.Decode(&rec); err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			sys := map[string]string{}
			leaves(sys, "", rec.Event["System"])
			e := byRecord[sys["EventRecordID"]]
			if e == nil {
				t.Errorf("%s: record %s is missing", filepath.Base(f), sys["EventRecordID"])
				continue
			}
			records++
			for from, to := range map[string]string{
				"EventID": "event.code", "Channel": "winlog.channel", "Computer": "host.name", "Provider.Name": "event.provider",
				"Keywords": "winlog.keywords", "Task": "winlog.task", "Version": "winlog.version", "Security.UserID": "winlog.user.identifier",
				"Execution.ProcessID": "winlog.process.pid", "Execution.ThreadID": "winlog.process.thread.id",
			} {
				if got := e.Get(to); got != sys[from] {
					t.Errorf("%s #%s: %s is %q, want %q", filepath.Base(f), sys["EventRecordID"], to, got, sys[from])
				}
			}
			want, err := time.Parse(time.RFC3339Nano, sys["TimeCreated.SystemTime"])
			if err != nil || len(e.Times) == 0 || !e.Times[0].At.Truncate(time.Microsecond).Equal(want) {
				t.Errorf("%s: times %v, want %s", filepath.Base(f), e.Times, sys["TimeCreated.SystemTime"])
			}
			for _, section := range []string{"EventData", "UserData"} {
				data := map[string]string{}
				if m, ok := rec.Event[section].(map[string]any); ok && section == "EventData" {
					if attrs, ok := m["#attributes"].(map[string]any); ok {
						if got := e.Get("winlog.event_data_name"); got != attrs["Name"] {
							t.Errorf("%s: EventData name is %q, want %v", filepath.Base(f), got, attrs["Name"])
						}
						delete(m, "#attributes")
					}
				}
				leaves(data, "", rec.Event[section])
				for name, v := range data {
					if section == "UserData" {
						_, name, _ = strings.Cut(name, ".")
					}
					compared++
					if got := strings.Join(e.All("winlog.event_data."+name), "\n"); !same(got, v) {
						t.Errorf("%s #%s: %s is %q, want %q", filepath.Base(f), sys["EventRecordID"], name, got, v)
					}
				}
			}
		}
	}
	if records < 98 || compared < 1500 {
		t.Errorf("only %d records and %d values compared", records, compared)
	}
	t.Logf("%d records, %d values equal", records, compared)
}

func leaves(out map[string]string, name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, c := range v {
			switch {
			case k == "#attributes" || k == "#text":
				leaves(out, name, c)
			case strings.HasPrefix(k, "xmlns"):
			case name == "":
				leaves(out, k, c)
			default:
				leaves(out, name+"."+k, c)
			}
		}
	case []any:
		var parts []string
		for _, c := range v {
			if s := fmt.Sprint(c); s != "" && c != nil {
				parts = append(parts, s)
			}
		}
		out[name] = strings.Join(parts, "\n")
	case nil:
	default:
		if s := fmt.Sprint(v); s != "" {
			out[name] = s
		}
	}
}

func same(got, want string) bool {
	if strings.TrimRight(got, " ") == want {
		return true
	}
	bare := strings.Trim(got, "{}")
	if len(bare) == 36 && strings.EqualFold(bare, strings.Trim(want, "{}")) {
		return true
	}
	gt, err1 := time.Parse(time.RFC3339Nano, got)
	wt, err2 := time.Parse(time.RFC3339Nano, want)
	return err1 == nil && err2 == nil && gt.Truncate(time.Microsecond).Equal(wt.Truncate(time.Microsecond))
}

// TestWrittenTimes checks the first and last written time of each log against the scan of record headers. Headers may
// be later than the event's own time; within a second that is not kept as a second time.
func TestWrittenTimes(t *testing.T) {
	dir := parsetest.SharedData(t, "evtx", notChecked)
	exact := 0
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		b := parsetest.Read(t, dir, row["file"])
		if lo, hi := wanted(row["file"], 0); lo != hi || row["headers_without_time"] != "0" {
			continue
		}
		_, events := run(t, b, row["file"])
		for _, col := range []string{"first_written_utc", "last_written_utc"} {
			want, err := time.Parse(time.RFC3339Nano, row[col])
			if err != nil {
				t.Fatal(err)
			}
			nearest := time.Duration(1 << 62)
			for _, e := range events {
				for _, at := range e.Times {
					nearest = min(nearest, at.At.Sub(want).Abs())
				}
			}
			if nearest > time.Second {
				t.Errorf("%s: no event within a second of %s %s", row["file"], col, row[col])
			}
			if nearest == 0 {
				exact++
			}
		}
	}
	if exact < 70 {
		t.Errorf("only %d first and last times are equal at 100 ns", exact)
	}
	t.Logf("%d first and last times equal at 100 ns", exact)
}
