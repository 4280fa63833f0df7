package thor

import (
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const text = "Mar 14 01:02:03 FS01/10.0.2.15 THOR: Alert: MODULE: Filescan MESSAGE: Malware file found FILE: C:\\Temp\\a: b.exe EXT: .exe SCORE: 140 MD5: d41d8cd98f00b204e9800998ecf8427e SIZE: 812 CREATED: Sat Mar 14 00:01:02.500 2026 MODIFIED: soon REASON_1: YARA rule X / Y SUBSCORE_1: 70\n" +
	"2026-03-14T01:02:04Z FS01 THOR: Info: MODULE: Startup MESSAGE: Thor Version: 10.6\n" +
	"not a line of it\n"

const flat = `{"time":"2026-03-14T01:02:03Z","hostname":"FS01","level":"Warning","module":"ProcessCheck","message":"Suspicious process","scanid":"S-1","uid":"U","log_version":"v2.0.0","pid":7,"command":"x -y","score":80,"reasons":[{"signature":"A","score":50}]}`

const finding = `{"type":"THOR finding","meta":{"time":"2026-03-14T01:02:03Z","level":"Alert","module":"Filescan","scan_id":"S-1","hostname":"FS01"},"message":"Malware file found","subject":{"type":"file","path":"C:\\a.exe","hashes":{"md5":"aa"},"size":18446744073709551615,"created":"2026-03-14T00:00:00Z"},"score":140,"log_version":"v3.0.0"}`

func check(t *testing.T, e *event.Event, want map[string]string) {
	t.Helper()
	var times []string
	for _, at := range e.Times {
		times = append(times, event.FormatTime(at.At)+" "+string(at.Meaning))
	}
	for name, w := range want {
		got := e.Get(name)
		if name == "@" {
			got = strings.Join(times, ", ")
		}
		if got != w {
			t.Errorf("%s is %q, want %q", name, got, w)
		}
	}
}

func TestText(t *testing.T) {
	res, events := parsetest.Run(t, New(), []byte(text), "thor.txt", parse.Assume{ModTime: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)})
	if len(events) != 2 || res.Read != 3 || res.Status != parse.StatusPartial {
		t.Fatalf("%+v", res)
	}
	check(t, events[0], map[string]string{"host.name": "FS01", "host.ip": "10.0.2.15", "log.level": "Alert", "thor.module": "Filescan", "message": "Malware file found", "file.path": `C:\Temp\a: b.exe`,
		"thor.ext": ".exe", "thor.score": "140", "file.hash.md5": "d41d8cd98f00b204e9800998ecf8427e", "file.size": "812", "thor.reason_1": "YARA rule X / Y", "thor.subscore_1": "70", "thor.modified": "soon",
		"thor.created": "Sat Mar 14 00:01:02.500 2026", "event.kind": "alert", "event.module": "thor", "event.dataset": "thor",
		"@": "2026-03-14T01:02:03.0000000Z occurred, 2026-03-14T00:01:02.5000000Z created"})
	check(t, events[1], map[string]string{"event.kind": "event", "message": "Thor Version: 10.6", "host.name": "FS01", "@": "2026-03-14T01:02:04.0000000Z occurred"})
	if s := New().Detect([]byte(text), "x"); s < 60 {
		t.Errorf("score %d", s)
	}
	if s := New().Detect([]byte("Mar 14 01:02:03 h thor: Alert: x\nMar 14 01:02:03 h sshd[1]: THOR: x\n"), "thor.txt"); s != 0 {
		t.Errorf("score %d", s)
	}
	parsetest.EmitErrorStops(t, New(), []byte(text), parse.Assume{Year: 2026})
}

func TestJSON(t *testing.T) {
	res, events := parsetest.Run(t, New(), []byte(flat+"\n"+finding+"\n"), "thor.json", parse.Assume{})
	if len(events) != 2 || res.Status != parse.StatusOK || res.WarningCount != 0 {
		t.Fatalf("%+v", res)
	}
	check(t, events[0], map[string]string{"host.name": "FS01", "log.level": "Warning", "message": "Suspicious process", "process.pid": "7", "process.command_line": "x -y", "thor.score": "80",
		"thor.reasons.signature": "A", "thor.scanid": "S-1", "event.kind": "alert", "@": "2026-03-14T01:02:03.0000000Z occurred"})
	check(t, events[1], map[string]string{"host.name": "FS01", "log.level": "Alert", "message": "Malware file found", "file.path": `C:\a.exe`, "file.hash.md5": "aa", "file.size": "18446744073709551615",
		"thor.score": "140", "@": "2026-03-14T01:02:03.0000000Z occurred, 2026-03-14T00:00:00.0000000Z created"})
	for _, s := range []string{flat, finding} {
		if n := New().Detect([]byte(s), "x.json"); n < 92 {
			t.Errorf("score %d", n)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(text))
	f.Add([]byte(flat))
	f.Add([]byte(finding))
	f.Fuzz(func(t *testing.T, b []byte) {
		New().Detect(b, "x")
		_, events := parsetest.Run(t, New(), b, "x", parse.Assume{Year: 2026})
		parsetest.ValidText(t, events)
	})
}
