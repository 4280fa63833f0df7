package dpkg

import (
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func TestLines(t *testing.T) {
	parsetest.Lines(t, New(), parse.Assume{}, map[string]map[string]string{
		"2026-03-14 01:02:03 install netcat:amd64 <none> 1.10-41": {"@": "2026-03-14T01:02:03.0000000Z", "event.action": "package-install", "event.type": "installation", "event.category": "package",
			"event.kind": "event", "event.module": "dpkg", "event.dataset": "dpkg.log", "package.name": "netcat", "package.architecture": "amd64", "dpkg.installed_version": "<none>", "package.version": "1.10-41",
			"message": "install netcat:amd64 <none> 1.10-41"},
		"2026-03-14 01:02:03 upgrade curl:amd64 7.1 7.2":           {"event.action": "package-upgrade", "dpkg.installed_version": "7.1", "package.version": "7.2"},
		"2026-03-14 01:02:03 status half-installed curl:amd64 7.1": {"event.action": "package-status", "dpkg.status": "half-installed", "package.name": "curl", "package.version": "7.1"},
		"2026-03-14 01:02:03 startup archives install":             {"event.action": "startup", "dpkg.type": "archives", "dpkg.command": "install"},
		"2026-03-14 01:02:03 conffile /etc/X11/a b keep":           {"event.action": "conffile", "file.path": "/etc/X11/a b", "dpkg.decision": "keep"},
		"2026-03-14 01:02:03 remove old:all 1 <none>":              {"event.type": "deletion", "package.version": "<none>"},
		"2026-03-14 01:02:03 disappear old:all 1":                  {"event.action": "package-disappear", "package.name": "old"},
	})
	for text, want := range map[string]int{"2026-03-14 01:02:03 status installed a 1\n": 96, "2026-03-14 01:02:03 INFO hello world\n": 0, "2026-03-14 01:02:03 install the thing\n": 0, "": 0} {
		if got := New().Detect([]byte(text), "dpkg.log"); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestDamage(t *testing.T) {
	text := "2026-02-30 01:02:03 startup archives install\n2026-03-14 01:02:03 sta"
	res, _ := parsetest.Run(t, New(), []byte(text), "dpkg.log", parse.Assume{})
	if res.Read != 2 || res.Parsed != 0 || res.Status != parse.StatusFailed || len(res.Skipped) != 2 {
		t.Errorf("%+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte("2026-03-14 01:02:03 startup archives install\n"), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add("2026-03-14 01:02:03 install netcat:amd64 <none> 1.10-41\n2026-03-14 01:02:03 conffile / keep\n2026-03-14 01:02:03 status a b\n")
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "dpkg.log")
		_, events := parsetest.Run(t, New(), []byte(s), "dpkg.log", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}

// TestTimelineTool compares with what another timeline tool reads.
func TestTimelineTool(t *testing.T) {
	dir := parsetest.SharedData(t, "plaso", "dpkg.log")
	b := parsetest.Read(t, dir, "files", "dpkg.log")
	_, events := parsetest.Run(t, New(), b, "dpkg.log", parse.Assume{})
	if len(events) != 4 {
		t.Fatalf("%d events", len(events))
	}
	for _, v := range parsetest.Table(t, filepath.Join(dir, "values.csv")) {
		if v["file"] != "dpkg.log" {
			continue
		}
		switch v["field"] {
		case "added_time":
			if got := events[0].Times[0].At.Format("2006-01-02T15:04:05"); got != v["expected_value"] {
				t.Error(got)
			}
		case "message_body":
			if got := events[0].Get("message"); got != v["expected_value"] {
				t.Error(got)
			}
		}
	}
	t.Logf("ANSWERS plaso dpkg.log: found %d expected %d", len(events), strings.Count(string(b), "\n"))
}
