package utmp

import (
	"bytes"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const at = 1773450123 // 2026-03-14T01:02:03Z

// made writes a record as a machine of the layout would.
func made(l *layout, kind uint16, pid uint32, line, id, user, host string, sec uint64, usec uint32, address ...byte) []byte {
	b := make([]byte, l.size)
	o := l.in
	switch l.kind {
	case macos:
		copy(b, user)
		copy(b[256:], id)
		copy(b[260:], line)
		o.PutUint32(b[292:], pid)
		o.PutUint16(b[296:], kind)
		o.PutUint32(b[300:], uint32(sec))
		o.PutUint32(b[304:], usec)
		copy(b[308:], host)
		return b
	case lastlog:
		from := 4
		o.PutUint32(b, uint32(sec))
		if l.wide {
			o.PutUint64(b, sec)
			from = 8
		}
		copy(b[from:], line)
		copy(b[from+32:], host)
		return b
	}
	o.PutUint16(b, kind)
	o.PutUint32(b[4:], pid)
	copy(b[8:], line)
	copy(b[40:], id)
	copy(b[44:], user)
	copy(b[76:], host)
	o.PutUint16(b[334:], 3)
	if l.wide {
		o.PutUint64(b[336:], 77)
		o.PutUint64(b[344:], sec)
		o.PutUint64(b[352:], uint64(usec))
		copy(b[360:], address)
	} else {
		o.PutUint32(b[336:], 77)
		o.PutUint32(b[340:], uint32(sec))
		o.PutUint32(b[344:], usec)
		copy(b[348:], address)
	}
	return b
}

// TestMachines: the same five records as four kinds of machines write them.
func TestMachines(t *testing.T) {
	for _, l := range layouts[:4] {
		data := bytes.Join([][]byte{
			made(l, 2, 0, "~", "~~", "reboot", "6.1.0-18", at, 0),
			made(l, 7, 4243, "pts/0", "ts/0", "mia", "10.0.0.9", at, 123456, 10, 0, 0, 9),
			made(l, 7, 4244, "pts/1", "ts/1", "mia", "gw.example", at+1, 0, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
			make([]byte, l.size),
			made(l, 8, 4243, "pts/0", "ts/0", "", "", at+2, 0),
			made(l, 1, '5'|'3'<<8, "~", "~~", "runlevel", "6.1", at+3, 0),
		}, nil)
		if got := New().Detect(data, "x"); got != 96 {
			t.Errorf("%s: detected with %d", l.name, got)
		}
		res, events := parsetest.Run(t, New(), data, "wtmp", parse.Assume{})
		if len(events) != 6 || res.Status != parse.StatusOK || res.Note != "Records of "+l.name+"; 1 records are empty: never used, or erased" {
			t.Fatalf("%d events, %+v", len(events), res)
		}
		parsetest.Fields(t, l.name, events[1], map[string]string{"@": "2026-03-14T01:02:03.1234560Z", "event.kind": "event", "event.category": "authentication", "event.type": "start", "event.action": "session-opened",
			"event.outcome": "success", "event.module": "utmp", "event.dataset": "utmp.record", "user.name": "mia", "source.ip": "10.0.0.9", "source.address": "10.0.0.9", "process.pid": "4243", "utmp.line": "pts/0",
			"utmp.host": "10.0.0.9", "utmp.id": "ts/0", "utmp.type": "7", "utmp.type_name": "USER_PROCESS", "utmp.session": "77", "utmp.exit_termination": "0", "utmp.exit_status": "3",
			"message": "mia logged in on pts/0 from 10.0.0.9"})
		parsetest.Fields(t, l.name, events[0], map[string]string{"message": "system booted, kernel 6.1.0-18", "source.address": "", "utmp.host": "6.1.0-18", "event.action": "system-boot", "event.category": "host"})
		parsetest.Fields(t, l.name, events[2], map[string]string{"source.ip": "2001:db8::1", "source.domain": "gw.example", "@": "2026-03-14T01:02:04.0000000Z"})
		parsetest.Fields(t, l.name, events[3], map[string]string{"event.action": "record-empty", "@": "", "message": "empty login record: never used, or erased"})
		parsetest.Fields(t, l.name, events[4], map[string]string{"message": "session ended on pts/0", "event.type": "end"})
		parsetest.Fields(t, l.name, events[5], map[string]string{"message": "run level changed to 5 from 3"})
		if loc := events[1].Locator; loc.Offset != int64(l.size) || loc.Length != int64(l.size) {
			t.Errorf("%v", loc)
		}
	}
}

func TestFailedLogins(t *testing.T) {
	res, events := parsetest.Run(t, New(), made(layouts[0], 6, 9, "ssh:notty", "", "root", "10.0.0.9", at, 0), "btmp.1", parse.Assume{})
	parsetest.Fields(t, "btmp", events[0], map[string]string{"event.action": "login-failed", "event.outcome": "failure", "event.category": "authentication", "message": "failed login of root on ssh:notty from 10.0.0.9"})
	if !strings.Contains(res.Note, "by the file's name they are failed logins") {
		t.Error(res.Note)
	}
}

func TestLastlog(t *testing.T) {
	for _, l := range layouts[4:] {
		data := bytes.Join([][]byte{make([]byte, 3*l.size), made(l, 0, 0, "pts/0", "", "", "10.0.0.9", at, 0), make([]byte, l.size)}, nil)
		if New().Detect(data, "lastlog") != 96 || New().Detect(data, "x") != 0 {
			t.Errorf("%s: detection", l.name)
		}
		res, events := parsetest.Run(t, New(), data, "lastlog", parse.Assume{})
		if len(events) != 1 || res.Read != 1 {
			t.Fatalf("%s: %+v", l.name, res)
		}
		parsetest.Fields(t, l.name, events[0], map[string]string{"user.id": "3", "event.action": "last-login", "message": "last login of uid 3 on pts/0 from 10.0.0.9", "@": "2026-03-14T01:02:03.0000000Z", "event.dataset": "utmp.lastlog"})
	}
}

func TestMac(t *testing.T) {
	l := macLayout
	data := bytes.Join([][]byte{made(l, 10, 0, "", "", macMark, "", 0, 0), made(l, 11, 0, "", "", "", "", at, 0), made(l, 7|0x8000, 67, "console", "/\x00\x01\x00", "mia", "", at, 5)}, nil)
	if New().Detect(data, "utmpx") != 100 {
		t.Error("detection")
	}
	_, events := parsetest.Run(t, New(), data, "utmpx", parse.Assume{})
	if len(events) != 2 {
		t.Fatalf("%d events", len(events))
	}
	parsetest.Fields(t, "shutdown", events[0], map[string]string{"event.action": "system-shutdown", "utmp.type_name": "SHUTDOWN_TIME"})
	parsetest.Fields(t, "login", events[1], map[string]string{"event.action": "session-opened", "utmp.type": "32775", "utmp.id_number": "65583", "utmp.id": "", "event.dataset": "utmp.utmpx", "@": "2026-03-14T01:02:03.0000050Z"})
}

// TestDamage: a piece is missing from the middle, a record is rubbish, the end is cut.
func TestDamage(t *testing.T) {
	l := layouts[0]
	login := made(l, 7, 1, "pts/0", "ts/0", "mia", "10.0.0.9", at, 0)
	var whole []byte
	for range 20 {
		whole = append(whole, login...)
	}
	data := append(append(append([]byte{}, whole...), login[100:]...), whole...)
	data = append(data, bytes.Repeat([]byte{0xff}, l.size)...)
	data = append(append(data, whole...), 1, 2, 3)
	res, events := parsetest.Run(t, New(), data, "wtmp", parse.Assume{})
	if len(events) != 60 || res.Status != parse.StatusPartial || res.Read != 62 || res.WarningCount != 3 {
		t.Errorf("%d events, %+v", len(events), res)
	}
	for _, e := range events {
		if e.Get("user.name") != "mia" {
			t.Errorf("at %d: %v", e.Locator.Offset, e.Fields)
		}
	}
	if res, _ := parsetest.Run(t, New(), nil, "wtmp", parse.Assume{}); res.Status != parse.StatusEmpty {
		t.Errorf("%+v", res)
	}
	for _, b := range [][]byte{nil, make([]byte, 4096), []byte(strings.Repeat("text of a file, line by line\n", 40)), bytes.Repeat([]byte{7, 0, 0, 0}, 400)} {
		if got := New().Detect(b, "x"); got != 0 {
			t.Errorf("%.20q is detected with %d", b, got)
		}
	}
	parsetest.EmitErrorStops(t, New(), login, parse.Assume{})
}

func FuzzParse(f *testing.F) {
	for _, l := range append(layouts[:2:2], layouts[4], macLayout) {
		f.Add(append(made(l, 10, 0, "a", "b", macMark, "c", at, 0), made(l, 7, 1, "a", "b", "c", "d", at, 0, 1)...), "lastlog")
		f.Add(append(made(l, 7, 1, "a", "b", "c", "d", at, 0, 1), 1, 2, 3), "btmp")
	}
	f.Fuzz(func(t *testing.T, b []byte, name string) {
		New().Detect(b, name)
		_, events := parsetest.Run(t, New(), b, name, parse.Assume{})
		parsetest.ValidText(t, events)
	})
}

// TestTimelineTool compares with what another timeline tool reads.
func TestTimelineTool(t *testing.T) {
	dir := parsetest.SharedData(t, "plaso", "login records of Linux and macOS")
	byFile := map[string][]*event.Event{}
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		if row["kind"] != "utmp" && row["kind"] != "utmpx" {
			continue
		}
		b := parsetest.Read(t, dir, "files", row["file"])
		if New().Detect(b, "x") < 92 {
			t.Errorf("%s is not detected", row["file"])
		}
		_, events := parsetest.Run(t, New(), b, filepath.Base(row["file"]), parse.Assume{})
		t.Logf("ANSWERS plaso %s: found %d expected %s", row["file"], len(events), row["expected_records"])
		if strconv.Itoa(len(events)) != row["expected_records"] {
			t.Errorf("%s: %d events, want %s", row["file"], len(events), row["expected_records"])
		}
		byFile[row["file"]] = events
	}
	names := map[string]string{"exit_status": "utmp.exit_status", "hostname": "utmp.host", "ip_address": "source.ip", "login_type": "utmp.type", "pid": "process.pid", "terminal": "utmp.line",
		"terminal_identifier": "utmp.id_number", "username": "user.name"}
	for _, v := range parsetest.Table(t, filepath.Join(dir, "values.csv")) {
		events := byFile[v["file"]]
		if events == nil || v["field"] == "data_type" {
			continue
		}
		i, _ := strconv.Atoi(v["record_index"])
		e, want := events[i], v["expected_value"]
		got := e.Get(names[v["field"]])
		switch v["field"] {
		case "hostname":
			if got == "" && want == "localhost" { // the other tool's word for an empty field
				continue
			}
		case "offset":
			got = strconv.FormatInt(e.Locator.Offset, 10)
		case "written_time":
			got = e.Times[0].At.Format("2006-01-02T15:04:05.000000") + "+00:00"
		}
		if got != want {
			t.Errorf("%s #%d: %s is %q, want %q", v["file"], i, v["field"], got, want)
		}
	}
}
