package shellhistory

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// shown is what the events of a history say, one line each: time, command, duration.
func shown(t *testing.T, text, name string) string {
	t.Helper()
	_, events := parsetest.Run(t, New(), []byte(text), name, parse.Assume{})
	parsetest.ValidText(t, events)
	var b strings.Builder
	for _, e := range events {
		if len(e.Times) > 0 {
			b.WriteString(e.Times[0].At.Format("15:04:05 "))
		}
		b.WriteString(e.Get("shellhistory.shell") + " " + strconv.Quote(e.Get("process.command_line")) + " " + e.Get("event.duration") + "|")
	}
	return b.String()
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		score            int
	}{
		{"x", "ls\n#1773450123\ncat a\n#1773450124\nfor i in 1\ndo echo\ndone\n", `bash "ls" |01:02:03 bash "cat a" |01:02:04 bash "for i in 1\ndo echo\ndone" |`, 95},
		{".bash_history", "ls -l\n- x\ncat a\n", `bash "ls -l" |bash "- x" |bash "cat a" |`, 75},
		{"x", ": 1773450123:0;ls\n: 1773450124:12;echo a\\\nb\n: 1773450125:0;echo caf\xc3\x83\x89\n", `01:02:03 zsh "ls" |01:02:04 zsh "echo a\nb" 12000000000|01:02:05 zsh "echo café" |`, 95},
		{".zsh_history", "ls\n", `zsh "ls" |`, 75},
		{"fish_history", "- cmd: echo a\\nb \\\\x\n  when: 1773450123\n  paths:\n    - /tmp/a\n- cmd: ls\n", `01:02:03 fish "echo a\nb \\x" |fish "ls" |`, 95},
		{".python_history", "_HiStOrY_V2_\nprint(1,\\0402)\na\\\\b\n", `python "print(1, 2)" |python "a\\b" |`, 95},
		{"user_ConsoleHost_history.txt", "Get-Process\n", `powershell "Get-Process" |`, 75},
		{"x", "ls -l\ncat a\n", "", 0}, {"notes.txt", "#1\n#12345\ntext\n", "", 0}, {"x", "", "", 0},
	} {
		if got := New().Detect([]byte(c.text), c.name); got != c.score {
			t.Errorf("%s %q is detected with %d, want %d", c.name, c.text, got, c.score)
		}
		if c.score == 0 {
			continue
		}
		if got := shown(t, c.text, c.name); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.name, got, c.want)
		}
	}
}

func TestFields(t *testing.T) {
	text := "- cmd: rm /tmp/a\n  when: 1773450123\n  paths:\n    - /tmp/a\n"
	_, events := parsetest.Run(t, New(), []byte(text), "fish_history", parse.Assume{})
	parsetest.Fields(t, "fish", events[0], map[string]string{"@": "2026-03-14T01:02:03.0000000Z", "event.kind": "event", "event.category": "process", "event.type": "start",
		"event.action": "command-entered", "event.module": "shellhistory", "event.dataset": "shellhistory.command", "shellhistory.shell": "fish", "shellhistory.number": "1",
		"shellhistory.paths": "/tmp/a", "process.command_line": "rm /tmp/a", "message": "rm /tmp/a"})
	if l := events[0].Locator; l.Offset != 0 || l.Length != int64(len(text)-1) {
		t.Errorf("%v", l)
	}
}

func TestDamage(t *testing.T) {
	res, events := parsetest.Run(t, New(), []byte("#1773450123\n#1773450124\nls\xff\n#1773450125\n"), "x", parse.Assume{})
	if len(events) != 1 || res.Read != 3 || res.Status != parse.StatusPartial || res.Skipped[0].Reason != reasonEmpty || events[0].Get("message") != "ls\uFFFD" {
		t.Errorf("%+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte("#1773450124\nls\n"), parse.Assume{})
	if res, _ := parsetest.Run(t, New(), nil, ".bash_history", parse.Assume{}); res.Status != parse.StatusEmpty {
		t.Errorf("%+v", res)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("ls\n#1773450123\ncat a\n#9\n", ".bash_history")
	f.Add(": 1773450124:12;echo a\\\nb\x83\n: 1:2\n", "x")
	f.Add("- cmd: a\n  when: 9999999999999\n x\n", "x")
	f.Add(libeditHead+"\n\\377\\\\\\0", "x")
	f.Fuzz(func(t *testing.T, s, name string) {
		New().Detect([]byte(s), name)
		_, events := parsetest.Run(t, New(), []byte(s), name, parse.Assume{})
		parsetest.ValidText(t, events)
	})
}

// TestTimelineTool compares with what another timeline tool reads.
func TestTimelineTool(t *testing.T) {
	dir := parsetest.SharedData(t, "plaso", "bash histories")
	found, expected := 0, 0
	byFile := map[string][]*event.Event{}
	for _, row := range parsetest.Table(t, filepath.Join(dir, "expected.csv")) {
		if row["kind"] != "text_plugins/bash_history" {
			continue
		}
		b := parsetest.Read(t, dir, "files", row["file"])
		if New().Detect(b, "x") < 92 {
			t.Errorf("%s is not detected", row["file"])
		}
		_, events := parsetest.Run(t, New(), b, "x", parse.Assume{})
		n, _ := strconv.Atoi(row["expected_records"])
		found, expected = found+len(events), expected+n
		byFile[row["file"]] = events
	}
	for _, v := range parsetest.Table(t, filepath.Join(dir, "values.csv")) {
		events := byFile[v["file"]]
		if events == nil || v["field"] == "data_type" {
			continue
		}
		i, _ := strconv.Atoi(v["record_index"])
		got, want := "", v["expected_value"]
		switch v["field"] {
		case "command": // the other tool puts one blank for each line break
			got = strings.ReplaceAll(events[i].Get("process.command_line"), "\n", " ")
		case "written_time":
			got = events[i].Times[0].At.Format("2006-01-02T15:04:05") + "+00:00"
		}
		if got != want {
			t.Errorf("%s #%d: %s is %q, want %q", v["file"], i, v["field"], got, want)
		}
	}
	if found != expected {
		t.Errorf("%d commands, want %d", found, expected)
	}
	t.Logf("ANSWERS plaso bash_history: found %d expected %d", found, expected)
}
