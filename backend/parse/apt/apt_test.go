package apt

import (
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const historyLog = `
Start-Date: 2026-03-14  01:02:03
Commandline: apt-get install netcat
Requested-By: mia (1000)
Install: netcat:amd64 (1.10-41), libfoo:amd64 (1.0, automatic)
Remove: old:all (1)
End-Date: 2026-03-14  01:02:09

Start-Date: 2026-03-14  02:00:00
Upgrade: a:amd64 (1, 2), b:amd64 (1, 2), c:amd64 (1, 2), d:amd64 (1, 2)
Error: Sub-process /usr/bin/dpkg returned an error code (1)
`

func TestHistory(t *testing.T) {
	res, events := parsetest.Run(t, New(), []byte(historyLog), "history.log", parse.Assume{})
	if len(events) != 2 || res.Status != parse.StatusOK {
		t.Fatalf("%+v", res)
	}
	parsetest.Fields(t, "install", events[0], map[string]string{"@": "2026-03-14T01:02:03.0000000Z", "@ended": "2026-03-14T01:02:09.0000000Z", "event.kind": "event", "event.category": "package", "event.type": "installation deletion",
		"event.action": "packages-installed packages-removed", "event.outcome": "success", "event.module": "apt", "event.dataset": "apt.history", "process.command_line": "apt-get install netcat",
		"user.name": "mia", "user.id": "1000", "apt.install": "netcat:amd64 (1.10-41) libfoo:amd64 (1.0, automatic)", "apt.remove": "old:all (1)", "package.name": "netcat libfoo old", "apt.unfinished": "",
		"message": "apt-get install netcat: installed 2 (netcat, libfoo); removed 1 (old)"})
	parsetest.Fields(t, "upgrade", events[1], map[string]string{"event.outcome": "failure", "apt.unfinished": "true", "error.message": "Sub-process /usr/bin/dpkg returned an error code (1)",
		"message": "apt: upgraded 4 (a, b, c, …); error: Sub-process /usr/bin/dpkg returned an error code (1)"})
	l := events[0].Locator
	if framed := historyLog[l.Offset : l.Offset+l.Length]; !strings.HasPrefix(framed, "Start-Date") || !strings.HasSuffix(framed, "01:02:09") {
		t.Errorf("%q", framed)
	}
	if got := New().Detect([]byte(historyLog), "x"); got != 97 {
		t.Error(got)
	}
}

func TestTerm(t *testing.T) {
	text := "\nLog started: 2026-03-14  01:02:03\nSelecting previously unselected package netcat.\nLog ended: fake\nSetting up netcat (1.10-41) ...\nLog ended: 2026-03-14  01:02:09\n\nLog started: 2026-03-14  02:00:00\nx\n"
	_, events := parsetest.Run(t, New(), []byte(text), "term.log", parse.Assume{})
	if len(events) != 2 {
		t.Fatalf("%d events", len(events))
	}
	parsetest.Fields(t, "term", events[0], map[string]string{"@": "2026-03-14T01:02:03.0000000Z", "@ended": "2026-03-14T01:02:09.0000000Z", "event.dataset": "apt.term", "apt.unfinished": "",
		"apt.output": "Selecting previously unselected package netcat.\nLog ended: fake\nSetting up netcat (1.10-41) ...", "message": "dpkg run by apt printed 3 lines: Selecting previously unselected package netcat."})
	parsetest.Fields(t, "cut", events[1], map[string]string{"apt.unfinished": "true", "apt.output": "x"})
}

func TestDamage(t *testing.T) {
	res, _ := parsetest.Run(t, New(), []byte("End-Date: 2026-03-14  01:02:09\nStart-Date: never\nInstall: a\nStart-Date: 2026-03-14  01:02:09\nEnd-Date: soon\n"), "x", parse.Assume{})
	if res.Read != 3 || res.Parsed != 1 || res.WarningCount != 3 {
		t.Errorf("%+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(historyLog), parse.Assume{})
	for _, text := range []string{"", "Start-Date: x\n", "Log started: yesterday, it was\n"} {
		if got := New().Detect([]byte(text), "history.log"); got != 0 {
			t.Errorf("%q: %d", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(historyLog)
	f.Add("Log started: 2026-03-14  01:02:03\nLog ended: 2026-03-14  01:02:09\nx")
	f.Add("Log started: 2026-03-14  01:02:03\nLog ended: ")
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "x")
		_, events := parsetest.Run(t, New(), []byte(s), "x", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}

// TestTimelineTool compares with what another timeline tool reads.
func TestTimelineTool(t *testing.T) {
	dir := parsetest.SharedData(t, "plaso", "apt's history.log")
	b := parsetest.Read(t, dir, "files", "apt_history.log")
	if New().Detect(b, "x") < 92 {
		t.Error("not detected")
	}
	res, events := parsetest.Run(t, New(), b, "history.log", parse.Assume{})
	t.Logf("ANSWERS plaso apt_history.log: found %d expected 10", len(events))
	if len(events) != 10 || res.Status != parse.StatusOK {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	for _, v := range parsetest.Table(t, filepath.Join(dir, "values.csv")) {
		if v["file"] != "apt_history.log" || v["field"] == "data_type" {
			continue
		}
		e := events[2]
		got := map[string]string{"command": "", "command_line": e.Get("process.command_line"), "packages": strings.Join(e.All("apt.install"), ", "),
			"start_time": e.Times[0].At.Format("2006-01-02T15:04:05"), "end_time": e.Times[1].At.Format("2006-01-02T15:04:05")}[v["field"]]
		if v["field"] == "command" && len(e.All("apt.install")) > 0 {
			got = "Install"
		}
		if got != v["expected_value"] {
			t.Errorf("%s is %q, want %q", v["field"], got, v["expected_value"])
		}
	}
}
