package plaso

import (
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	delimited "adjutant/backend/parse/csv"
	"adjutant/backend/parse/parsetest"
	"adjutant/backend/parse/tln"
)

// TestOneSet reads the same 20 events in the outputs of five kinds: one set of (time, message). Plaso's tables write a blank for a
// comma, so commas count as blanks; rawpy rounds to the microsecond and dynamic_without_dynamic_time.log stands up to one above it,
// so times are compared at the millisecond; rawpy keeps
// the line ending inside of a message, which its own formatters leave out.
func TestOneSet(t *testing.T) {
	dir := parsetest.SharedData(t, "logs/timeline-exports", "timelines that Plaso exported")
	sets := map[string][]string{}
	found, expected := 0, 0
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		b := parsetest.Read(t, dir, row["file"])
		formats := []parse.Format{New(), tln.New(), delimited.New()}
		f := parse.Detect(formats, b, row["file"])
		if f == nil {
			t.Errorf("%s is not detected", row["file"])
			continue
		}
		res, events := parsetest.Run(t, f, b, row["file"], parse.Assume{})
		n, _ := strconv.Atoi(row["expected_records"])
		expected += n
		found += len(events)
		if len(events) != n || res.Status != parse.StatusOK || len(res.Skipped) > 0 {
			t.Errorf("%s (%s): %d events, want %d; %+v", row["file"], f.Name(), len(events), n, res)
		}
		if n != 20 {
			continue // another export, or l2tcsv, which joins two events in a row
		}
		var set []string
		for _, e := range events {
			if len(e.Times) != 1 || e.Times[0].Assumed != "" {
				t.Errorf("%s: times %+v", row["file"], e.Times)
				continue
			}
			set = append(set, e.Times[0].At.Truncate(time.Millisecond).Format(time.RFC3339Nano)+" "+strings.ReplaceAll(e.Get("message"), ",", " "))
		}
		sort.Strings(set)
		key := strings.Join(set, "\n")
		sets[key] = append(sets[key], f.Name()+" "+row["file"])
	}
	t.Logf("ANSWERS logs/timeline-exports: found %d expected %d", found, expected)
	if len(sets) != 1 {
		for set, files := range sets {
			t.Errorf("%v:\n%s", files, set)
		}
		return
	}
	for _, files := range sets {
		if len(files) != 8 {
			t.Errorf("only %v", files)
		}
	}
}

const line = `{"__container_type__":"event","__type__":"AttributeContainer","data_type":"fs:stat","date_time":{"__class_name__":"Filetime","__type__":"DateTimeValues","timestamp":134179237234567891},"display_name":"NTFS:\\a","filename":"\\a","file_size":18446744073709551615,"hostname":"FS01","inode":"5-1","message":"NTFS:\\a Type: file","parser":"filestat","pathspec":{"__type__":"PathSpec","location":"\\a","type_indicator":"NTFS"},"sha256_hash":"aa","timestamp":1773450123456789,"timestamp_desc":"Content Modification Time; Metadata Modification Time","username":"-","new":{"x":[1,2]}}`

func TestJSON(t *testing.T) {
	xml := `<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\n <System>\n  <Provider Name=\"Microsoft-Windows-Security-Auditing\"/><EventID>4624</EventID><TimeCreated SystemTime=\"2026-03-14T01:02:03.456Z\"/><Channel>Security</Channel><Computer>FS01</Computer></System>\n <EventData><Data Name=\"TargetUserName\">bob</Data><Data Name=\"LogonType\">3</Data></EventData></Event>`
	text := line + "\n" +
		`{"__container_type__":"event","data_type":"x","date_time":{"__class_name__":"SemanticTime","string":"Not set"},"parser":"p","pathspec":{},"timestamp":0,"timestamp_desc":"Not a time","message":"m"}` + "\n" +
		`{"__container_type__":"event","data_type":"windows:evtx:record","date_time":{"__class_name__":"Filetime","timestamp":134179237234560000},"parser":"winevtx","computer_name":"FS01","message":"[4624 / 0x1210] x","timestamp":1773450123456000,"timestamp_desc":"Content Modification Time","xml_string":"` + xml + `"}` + "\n" +
		`{"other":"kind"}` + "\n"
	res, events := parsetest.Run(t, New(), []byte(text), "x.jsonl", parse.Assume{})
	if res.Status != parse.StatusOK || len(events) != 4 || res.WarningCount != 1 {
		t.Fatalf("%+v", res)
	}
	e := events[0]
	if len(e.Times) != 2 || event.FormatTime(e.Times[0].At) != "2026-03-14T01:02:03.4567891Z" || e.Times[0].Meaning != event.Modified || e.Times[1].Meaning != event.Changed || e.Times[0].Zone != "UTC" {
		t.Errorf("%+v", e.Times)
	}
	for name, want := range map[string]string{"host.name": "FS01", "user.name": "", "plaso.username": "-", "file.size": "18446744073709551615", "file.inode": "5-1", "file.path": `\a`, "log.file.path": `\a`,
		"message": `NTFS:\a Type: file`, "plaso.data_type": "fs:stat", "plaso.sha256_hash": "aa", "plaso.new.x": "1", "plaso.timestamp_desc": "Content Modification Time; Metadata Modification Time",
		"plaso.date_time.timestamp": "134179237234567891", "event.module": "plaso", "event.dataset": "plaso", "plaso.timestamp": ""} {
		if got := e.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if len(events[1].Times) != 0 || events[1].Get("message") != "m" {
		t.Errorf("not a time: %+v", events[1])
	}
	w := events[2]
	for name, want := range map[string]string{"winlog.channel": "Security", "event.code": "4624", "user.name": "bob", "winlog.event_data.LogonType": "3", "host.name": "FS01", "message": "[4624 / 0x1210] x", "event.module": "plaso"} {
		if got := w.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if len(w.All("event.kind")) != 1 || w.Get("winlog.event_data.Data") != "" {
		t.Errorf("%v", w.Fields)
	}
	parsetest.EmitErrorStops(t, New(), []byte(text), parse.Assume{})
}

func TestRaw(t *testing.T) {
	const rule = "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-\n"
	text := rule + "[Timestamp]:\n  2026-03-14T01:02:03.456789+00:00\n\n[Pathspec]:\n  type: OS, location: /x.gz\n  type: GZIP\n\n[Reserved attributes]:\n  {data_type} a:b\n  {hostname} FS01\n\n[Additional attributes]:\n  {message_body} one\n\ttwo {not} a key\n  {pid} 7\n  {empty} \n\n" +
		rule + "[Timestamp]:\n  Not set\n\n[Reserved attributes]:\n  {data_type} c\n" + rule + "[Nothing]:\n"
	res, events := parsetest.Run(t, New(), []byte(text), "x.log", parse.Assume{})
	if len(events) != 2 || res.Read != 3 || res.Skipped[0].Reason != reasonForm {
		t.Fatalf("%+v", res)
	}
	for name, want := range map[string]string{"host.name": "FS01", "process.pid": "7", "plaso.message_body": "one\n\ttwo {not} a key", "message": "one\ttwo {not} a key", "log.file.path": "/x.gz", "plaso.timestamp": ""} {
		if got := events[0].Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if len(events[0].Times) != 1 || event.FormatTime(events[0].Times[0].At) != "2026-03-14T01:02:03.4567890Z" || len(events[1].Times) != 0 || events[1].Get("plaso.timestamp") != "Not set" {
		t.Errorf("%+v %+v", events[0].Times, events[1])
	}
	if l := events[0].Locator; !strings.HasPrefix(text[l.Offset:], rule) || !strings.Contains(text[l.Offset:l.Offset+l.Length], "{pid} 7") {
		t.Errorf("%v", l)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(line))
	f.Add([]byte("+-+-+-+-+-+-+-+-+-+-+-+-+-\n[Timestamp]:\n  2026-03-14T01:02:03+00:00\n  {a} b\nc\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		New().Detect(b, "x")
		res, events := parsetest.Run(t, New(), b, "x", parse.Assume{})
		parsetest.Counts(t, "x", res, events)
		parsetest.ValidText(t, events)
	})
}
