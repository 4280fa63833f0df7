package santa

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "[2026-03-14T01:02:03.004Z] I santad: action=EXEC|decision=DENY|reason=BINARY|sha256=ab12|path=/tmp/x|args=x -y|pid=77|ppid=1|uid=501|user=mira|gid=20|group=staff|mode=M\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	if s := New().Detect([]byte(sample), "x.log"); s < 92 {
		t.Fatalf("detected with %d", s)
	}
	res, events := parsetest.Run(t, New(), []byte(sample), "x.log", assume)
	parsetest.ValidText(t, events)
	if res.Status != parse.StatusOK || len(events) != 1 {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	for i, want := range []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0040000Z", "event.action": "exec", "event.outcome": "failure", "process.hash.sha256": "ab12", "process.executable": "/tmp/x", "process.command_line": "x -y", "process.pid": "77", "process.parent.pid": "1", "user.name": "mira", "user.id": "501", "group.name": "staff", "santa.mode": "M", "message": "EXEC DENY (BINARY): /tmp/x by mira"},
	} {
		e := events[i]
		got := ""
		if len(e.Times) > 0 {
			got = event.FormatTime(e.Times[0].At)
		}
		if got != want["@timestamp"] {
			t.Errorf("record %d: time %s, want %s", i, got, want["@timestamp"])
		}
		for name, v := range want {
			if name != "@timestamp" && strings.Join(e.All(name), "|") != v {
				t.Errorf("record %d: %s is %q, want %q", i, name, e.All(name), v)
			}
		}
	}
}

// TestBars: a bar inside a value stays in it.
func TestBars(t *testing.T) {
	parsetest.Lines(t, New(), assume, map[string]map[string]string{
		"[2026-03-14T01:02:03.004Z] I santad: action=EXEC|decision=DENY|reason=BINARY|args=/bin/sh -c curl x|sh|A=1|pid=7": {
			"process.command_line": "/bin/sh -c curl x|sh|A=1", "process.pid": "7", "event.outcome": "failure"},
	})
}

func TestNotItsOwn(t *testing.T) {
	for _, text := range []string{"", "hello\n", "{\"a\":1}\n", "Mar 14 01:02:03 h p: m\n", "2026-03-14T01:02:03Z something happened\n", "a,b,c\n1,2,3\n"} {
		if s := New().Detect([]byte(text), "x.log"); s != 0 {
			t.Errorf("%q: %d", text, s)
		}
	}
	parsetest.EmitErrorStops(t, New(), []byte(sample), assume)
	cut := sample[:len(sample)/2]
	res, events := parsetest.Run(t, New(), []byte(cut+"\x00\xff\n"), "x.log", assume)
	parsetest.ValidText(t, events)
	if res.Status == parse.StatusEmpty {
		t.Errorf("a cut file is called empty: %+v", res)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Add(strings.ReplaceAll(sample, " ", "\n"))
	f.Fuzz(func(t *testing.T, s string) {
		res, events, err := parsetest.Collect(New(), []byte(s), "x", assume)
		if err != nil {
			t.Skip()
		}
		parsetest.Counts(t, "fuzzed", res, events)
		parsetest.ValidText(t, events)
	})
}
