package auditd

import (
	"encoding/json"
	"os"
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

func asJSON(t *testing.T, path string, into any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func plain(f fields) map[string]string {
	m := map[string]string{}
	for _, x := range f {
		m[x.name] = x.value
	}
	return m
}

// TestMessages compares each record's header and every value with the published ones.
func TestMessages(t *testing.T) {
	dir := parsetest.SharedData(t, "logs/linux-audit/messages", "audit records, each value")
	logs, _ := filepath.Glob(filepath.Join(dir, "*.log"))
	found, expected, values := 0, 0, 0
	for _, path := range logs {
		var want []*struct {
			At    string            `json:"@timestamp"`
			Kind  string            `json:"record_type"`
			N     uint32            `json:"sequence"`
			Data  map[string]string `json:"data"`
			Tags  []string          `json:"keys"`
			Error string            `json:"error"`
		}
		asJSON(t, path+"-expected.json", &want)
		i := 0
		for _, line := range strings.Split(string(parsetest.Read(t, path)), "\n") {
			if line == "" {
				continue
			}
			if i >= len(want) {
				t.Fatalf("%s: more lines than answers", path)
			}
			w := want[i]
			i++
			h, body, ok := parseHeader(line)
			if ok != (w != nil) {
				t.Errorf("%s line %d: read %v", path, i, ok)
				continue
			}
			if w == nil {
				continue
			}
			expected++
			found++
			m := tables().message(h, body)
			at, _ := time.Parse(time.RFC3339Nano, w.At)
			sec, _ := strconv.ParseFloat(m.time, 64)
			if strings.ToLower(m.kind) != w.Kind || m.serial != w.N || at.UnixMilli() != int64(sec*1000+0.5) {
				t.Errorf("%s line %d: %s %d %s, want %s %d %s", path, i, m.kind, m.serial, m.time, w.Kind, w.N, w.At)
			}
			if !slices.Equal(m.keys, w.Tags) {
				t.Errorf("%s line %d: keys %q, want %q", path, i, m.keys, w.Tags)
			}
			got := plain(m.data)
			for k, v := range w.Data {
				values++
				if got[k] != v && !decodesFurther(k, v, got[k]) {
					t.Errorf("%s line %d %s: %s is %q, want %q", filepath.Base(path), i, m.kind, k, got[k], v)
				}
				delete(got, k)
			}
			if w.Error == "" && len(got) > 0 {
				t.Errorf("%s line %d %s: %v beyond the answers", filepath.Base(path), i, m.kind, got)
			}
		}
	}
	if values < 800 {
		t.Errorf("only %d values compared", values)
	}
	t.Logf("ANSWERS linux-audit messages: found %d expected %d (%d values)", found, expected, values)
}

// decodesFurther: the tables leave some names in hexadecimal (comm, acct of records other than USER_LOGIN); we read them.
func decodesFurther(name, want, got string) bool {
	text, ok := decode(want)
	return ok && got == text && (name == "comm" || name == "acct" || name == "path" || name == "name")
}

type expectedEvent struct {
	At       string            `json:"@timestamp"`
	N        uint32            `json:"sequence"`
	Category string            `json:"category"`
	Kind     string            `json:"record_type"`
	Result   string            `json:"result"`
	Session  string            `json:"session"`
	Tags     []string          `json:"tags"`
	Data     map[string]string `json:"data"`
	Summary  struct {
		Actor  struct{ Primary, Secondary string }
		Action string
		Object struct{ Type, Primary, Secondary string }
		How    string
	}
	User struct {
		IDs     map[string]string `json:"ids"`
		SELinux map[string]string `json:"selinux"`
	}
	Process struct {
		PID, PPID, Title, Name, Exe, CWD string
		Args                             []string
	}
	File        map[string]any
	Source      map[string]string
	Destination map[string]string
	Network     map[string]string
	Paths       []map[string]string
	ECS         struct {
		Event struct {
			Kind           string
			Category, Type []string
		}
		User struct {
			ID, Name                   string
			Effective, Target, Changes struct{ ID, Name string }
		}
		Group struct{ ID, Name string }
	}
}

// TestEvents compares joined events, each value: 48 from eight systems.
func TestEvents(t *testing.T) {
	dir := parsetest.SharedData(t, "logs/linux-audit/events", "joined audit events, each value")
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	found, expected, values := 0, 0, 0
	for _, path := range files {
		var cases []struct {
			Name     string
			Lines    []string
			Expected expectedEvent
		}
		asJSON(t, path, &cases)
		for _, c := range cases {
			expected++
			text := strings.Join(c.Lines, "\n") + "\n"
			res, events := parsetest.Run(t, New(), []byte(text), "audit.log", parse.Assume{})
			if len(events) != 1 || res.Status != parse.StatusOK {
				t.Errorf("%s: %d events, %+v", c.Name, len(events), res)
				continue
			}
			found++
			var messages []*message
			for _, line := range c.Lines {
				h, body, _ := parseHeader(line)
				if h.kind != endOfEvent {
					messages = append(messages, tables().message(h, body))
				}
			}
			values += compareEvent(t, c.Name, tables().join(messages), events[0], c.Expected)
		}
	}
	if values < 1000 {
		t.Errorf("only %d values compared", values)
	}
	t.Logf("ANSWERS linux-audit events: found %d expected %d (%d values)", found, expected, values)
}

func compareEvent(t *testing.T, name string, s *sum, e *event.Event, w expectedEvent) (values int) {
	t.Helper()
	same := func(what, got, want string) {
		values++
		if got != want {
			t.Errorf("%s: %s is %q, want %q", name, what, got, want)
		}
	}
	all := func(what string, got fields, want map[string]string) {
		g := plain(got)
		for k, v := range want {
			values++
			if g[k] != v && !decodesFurther(k, v, g[k]) {
				t.Errorf("%s: %s.%s is %q, want %q", name, what, k, g[k], v)
			}
		}
	}
	at, _ := time.Parse(time.RFC3339Nano, w.At)
	same("@timestamp", e.Times[0].At.Format(time.RFC3339Nano), at.Format(time.RFC3339Nano))
	same("sequence", e.Get("auditd.sequence"), strconv.Itoa(int(w.N)))
	same("category", s.category, w.Category)
	same("record_type", strings.ToLower(s.kind), w.Kind)
	same("result", s.result, w.Result)
	same("session", s.session, w.Session)
	if want := strings.Join(w.Tags, " "); want != "x86_64" { // the tables take ARCH=x86_64, whose separator was lost, for a key
		same("tags", strings.Join(s.keys, " "), want)
	}
	same("actor.primary", s.actor, w.Summary.Actor.Primary)
	same("actor.secondary", s.actor2, w.Summary.Actor.Secondary)
	same("action", s.action, w.Summary.Action)
	// The tables take Go's file modes for those of Unix, by which everything is an ordinary file.
	if what := s.what; what == "directory" || what == "character-device" || what == "socket" && w.Summary.Object.Type == "file" {
		same("object.type", "file", w.Summary.Object.Type)
	} else {
		same("object.type", what, w.Summary.Object.Type)
	}
	same("object.primary", s.object, w.Summary.Object.Primary)
	same("object.secondary", s.object2, w.Summary.Object.Secondary)
	same("how", s.how, w.Summary.How)
	all("ids", s.ids, w.User.IDs)
	all("selinux", s.selinux, w.User.SELinux)
	same("pid", e.Get("process.pid"), w.Process.PID)
	same("ppid", e.Get("process.parent.pid"), w.Process.PPID)
	same("title", e.Get("process.title"), w.Process.Title)
	same("name", e.Get("process.name"), w.Process.Name)
	same("exe", e.Get("process.executable"), w.Process.Exe)
	same("cwd", e.Get("process.working_directory"), w.Process.CWD)
	same("args", strings.Join(s.args, "\x00"), strings.Join(w.Process.Args, "\x00"))
	for k, v := range w.File {
		if text, ok := v.(string); ok {
			same("file."+k, e.Get("file."+k), text)
		}
	}
	for _, side := range []struct {
		name string
		got  fields
		want map[string]string
	}{{"source", s.source, w.Source}, {"destination", s.dest, w.Destination}} {
		same(side.name+".ip", side.got.get("addr"), side.want["ip"])
		same(side.name+".port", side.got.get("port"), side.want["port"])
		same(side.name+".path", side.got.get("path"), side.want["path"])
	}
	same("direction", s.direction, w.Network["direction"])
	all("data", s.data, w.Data)
	for i, p := range w.Paths {
		if i < len(s.paths) {
			all("path", s.paths[i], p)
		} else {
			t.Errorf("%s: path %d is missing", name, i)
		}
	}
	kind := w.ECS.Event.Kind
	if kind == "" {
		kind = "event"
	}
	same("event.kind", e.Get("event.kind"), kind)
	same("event.category", strings.Join(e.All("event.category"), " "), strings.Join(unique(w.ECS.Event.Category), " "))
	same("event.type", strings.Join(e.All("event.type"), " "), strings.Join(unique(w.ECS.Event.Type), " "))
	for _, u := range []struct{ field, id, name string }{
		{"user", w.ECS.User.ID, w.ECS.User.Name}, {"user.effective", w.ECS.User.Effective.ID, w.ECS.User.Effective.Name},
		{"user.target", w.ECS.User.Target.ID, w.ECS.User.Target.Name}, {"user.changes", w.ECS.User.Changes.ID, w.ECS.User.Changes.Name}, {"group", w.ECS.Group.ID, w.ECS.Group.Name},
	} {
		got := s.users[u.field]
		if got == "" {
			got = "unset" // the tables' word
		}
		if u.id+u.name != "" {
			same(u.field, got, u.id+u.name)
		}
	}
	return values
}

// TestOrders: records of several events mixed, lost and turned over give the same events.
func TestOrders(t *testing.T) {
	dir := parsetest.SharedData(t, "logs/linux-audit/order", "orders of audit records")
	for file, want := range map[string]struct {
		records, events int
		absent          string
	}{
		"normal.log": {17, 5, ""}, "out_of_order.log": {17, 5, ""}, "lost_messages.log": {17, 5, "9 serial numbers"}, "rollover.log": {5, 5, ""},
	} {
		b := parsetest.Read(t, dir, file)
		res, events := parsetest.Run(t, New(), b, file, parse.Assume{})
		records, serials := 0, []string{}
		for _, e := range events {
			n, _ := strconv.Atoi(e.Get("auditd.records"))
			records += n
			serials = append(serials, e.Get("auditd.sequence"))
		}
		if records != want.records || len(events) != want.events || strings.Contains(res.Note, "serial numbers") != (want.absent != "") || !strings.Contains(res.Note, want.absent) {
			t.Errorf("%s: %d records in %d events %v; %q", file, records, len(events), serials, res.Note)
		}
		t.Logf("ANSWERS linux-audit order/%s: found %d expected %d", file, records, want.records)
	}
}

// TestFilebeat compares the published values of each record: event n of the table is record n of the log.
func TestFilebeat(t *testing.T) {
	dir := parsetest.SharedData(t, "logs/filebeat", "counts and values of audit logs")
	type at struct {
		file   string
		offset int64
	}
	events, messages := map[at]*event.Event{}, map[at]*message{}
	found, expected := 0, 0
	for _, row := range parsetest.Rows(t, filepath.Join(dir, "expected.csv")) {
		if row[1] != "auditd.log" {
			continue
		}
		b := parsetest.Read(t, dir, row[0])
		if got := New().Detect(b, "x"); got < 92 {
			t.Errorf("%s is detected with %d", row[0], got)
		}
		res, out := parsetest.Run(t, New(), b, row[0], parse.Assume{})
		for _, skip := range res.Skipped { // 119 lines of audit-rhel7.log are type=UNKNOWN[1329] with two bytes of rubbish for time and serial
			found += int(skip.Count)
			if skip.Count != 119 || skip.Reason != reasonForm {
				t.Errorf("%s: %v", row[0], skip)
			}
		}
		for _, e := range out {
			n, _ := strconv.Atoi(e.Get("auditd.records"))
			found += n
			for off := e.Locator.Offset; off < e.Locator.Offset+e.Locator.Length; {
				line, _, _ := strings.Cut(string(b[off:]), "\n")
				if h, body, ok := parseHeader(line); ok && strconv.Itoa(int(h.serial)) == e.Get("auditd.sequence") {
					events[at{row[0], off}], messages[at{row[0], off}] = e, tables().message(h, body)
				}
				off += int64(len(line)) + 1
			}
		}
		expected += strings.Count(strings.TrimRight(string(b), "\n"), "\n") + 1
	}
	if found != expected {
		t.Errorf("%d records, want %d", found, expected)
	}
	t.Logf("ANSWERS filebeat auditd: found %d expected %d", found, expected)
	compared := 0
	for _, row := range parsetest.Rows(t, filepath.Join(dir, "values.csv")) {
		if !strings.HasPrefix(row[0], "auditd-log/") {
			continue
		}
		offset, _ := strconv.ParseInt(row[2], 10, 64)
		e, m := events[at{row[0], offset}], messages[at{row[0], offset}]
		if e == nil {
			t.Errorf("%s: no event at %d", row[0], offset)
			continue
		}
		compared++
		got, want := e.Get(row[3]), row[4]
		switch row[3] {
		case "@timestamp":
			got = strings.TrimSuffix(event.FormatTime(e.Times[0].At), "0000Z") + "Z"
		case "event.action": // the table keeps the record's type, we say what happened
			got = strings.ToLower(m.kind)
		case "event.outcome": // the table leaves numbers as they are, and tells it by record
			if got = m.data.get("result"); want == "1" {
				want = "success"
			}
		case "event.category", "message", "process.pid", "process.name":
			if row[3] == "process.pid" {
				got = m.data.get("pid")
			}
		case "source.ip", "source.address":
		}
		if got != want && row[3] != "message" && row[3] != "event.category" { // ours are sentences, and the words of ECS 8
			t.Errorf("%s at %d: %s is %q, want %q", row[0], offset, row[3], got, want)
		}
	}
	t.Logf("%d values compared", compared)
}

// TestTimelineTool compares with what another timeline tool reads: records, and the values of some.
func TestTimelineTool(t *testing.T) {
	dir := parsetest.SharedData(t, "plaso", "raw and enriched audit logs")
	values := parsetest.Table(t, filepath.Join(dir, "values.csv"))
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		if row["kind"] != "text_plugins/selinux" {
			continue
		}
		b := parsetest.Read(t, dir, "files", row["file"])
		res, events := parsetest.Run(t, New(), b, row["file"], parse.Assume{})
		found := 0
		for _, e := range events {
			n, _ := strconv.Atoi(e.Get("auditd.records"))
			found += n
		}
		skipped := int64(0)
		for _, s := range res.Skipped {
			skipped += s.Count
		}
		if strconv.Itoa(found) != row["expected_records"] || row["expected_errors"] != "" && strconv.FormatInt(skipped, 10) != row["expected_errors"] {
			t.Errorf("%s: %d records, %d skipped; want %s and %s", row["file"], found, skipped, row["expected_records"], row["expected_errors"])
		}
		t.Logf("ANSWERS plaso %s: found %d expected %s", row["file"], found, row["expected_records"])
		var records []*message
		for _, line := range strings.Split(string(b), "\n") {
			if h, body, ok := parseHeader(line); ok {
				records = append(records, tables().message(h, body))
			}
		}
		for _, v := range values {
			if v["file"] != row["file"] {
				continue
			}
			i, _ := strconv.Atoi(v["record_index"])
			m, want := records[i], v["expected_value"]
			got := ""
			switch v["field"] {
			case "data_type", "message_body":
				continue // the other tool keeps the text; ours is told by its fields
			case "audit_type":
				got, want = m.kind, strings.Replace(want, "UNKNOWN[1323]", "MMAP", 1)
			case "audit_serial":
				got = strconv.Itoa(int(m.serial))
			case "last_written_time":
				sec, msec, _ := strings.Cut(m.time, ".")
				n, _ := strconv.ParseInt(sec, 10, 64)
				got = time.Unix(n, 0).UTC().Format("2006-01-02T15:04:05") + "." + (msec + "000")[:3] + "+00:00"
			case "security_context":
				for _, part := range []string{"user", "role", "domain", "level", "category"} {
					got = strings.TrimPrefix(got+":"+m.data.get("subj_"+part), ":")
				}
				got = strings.TrimSuffix(got, ":")
			case "success":
				got = map[string]string{"success": "yes"}[m.data.get("result")]
			case "system_call": // a number where the log states no name
				if got = m.data.get("syscall"); want == "197" {
					want = "fstat64"
				}
			default:
				got = m.data.get(map[string]string{"pid": "pid", "audit_login_identifier": "auid", "audit_session_identifier": "ses", "executable": "exe", "exit_code": "exit",
					"group_identifier": "gid", "parent_process_identifier": "ppid", "process_name": "comm", "user_identifier": "uid"}[v["field"]])
			}
			if got != want {
				t.Errorf("%s record %d: %s is %q, want %q", row["file"], i, v["field"], got, want)
			}
		}
	}
}
