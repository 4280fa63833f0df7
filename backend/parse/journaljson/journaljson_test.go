package journaljson

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const entry = `{"__CURSOR":"s=a0a1a2a3a4a5a6a7a8a9aaabacadaeaf;i=1f;b=0b;m=5;t=6;x=7","__REALTIME_TIMESTAMP":"1773450123123456","__MONOTONIC_TIMESTAMP":"77","_BOOT_ID":"0b01","_SOURCE_REALTIME_TIMESTAMP":"1773450123123400",` +
	`"PRIORITY":"5","_HOSTNAME":"web01","SYSLOG_IDENTIFIER":"sudo","_COMM":"sudo","_PID":"9","MESSAGE":"     mia : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/id","_CMDLINE":"sudo id","_EXE":null,"FIELD":["a","b"],"RAW":[104,105,255],"MIX":["x",[104,105]]}`

func TestEntry(t *testing.T) {
	for what, text := range map[string]string{"json": entry + "\n", "json-pretty": strings.ReplaceAll(strings.ReplaceAll(entry, ",\"", ",\n\t\""), "{", "{\n\t") + "\n" + entry} {
		if got := New().Detect([]byte(text), "x"); got != 98 {
			t.Errorf("%s is detected with %d", what, got)
		}
		_, events := parsetest.Run(t, New(), []byte(text), "x", parse.Assume{})
		parsetest.ValidText(t, events)
		if len(events) != strings.Count(text, "__CURSOR") {
			t.Fatalf("%s: %d events", what, len(events))
		}
		parsetest.Fields(t, what, events[0], map[string]string{"@": "2026-03-14T01:02:03.1234000Z", "@recorded": "2026-03-14T01:02:03.1234560Z", "event.action": "sudo-command", "event.dataset": "system.auth", "event.module": "system",
			"user.name": "mia", "host.name": "web01", "host.boot.id": "0b01", "journal.seqnum": "31", "journal.seqnum_id": "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", "journal.monotonic": "77", "log.syslog.severity.name": "notice",
			"process.name": "sudo", "process.pid": "9", "process.command_line": "/usr/bin/id", "journal._CMDLINE": "sudo id", "process.executable": "", "journal.FIELD": "a b", "journal.RAW": "hi\uFFFD", "journal.MIX": "x hi"})
	}
	for text, want := range map[string]int{`{"__REALTIME_TIMESTAMP":"x"}`: 0, `{"MESSAGE":"x"}`: 0, `{"__REALTIME_TIMESTAMP":"1773450123123456"}`: 98} {
		if got := New().Detect([]byte(text), "x"); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
	parsetest.EmitErrorStops(t, New(), []byte(entry), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add(entry)
	f.Add(`{"__REALTIME_TIMESTAMP":"1","__CURSOR":"s=;i=","A":[[[]],{}],"B":[256]}`)
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "x")
		_, events := parsetest.Run(t, New(), []byte(s), "x", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}
