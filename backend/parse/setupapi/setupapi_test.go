package setupapi

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "[Device Install Log]\n     OS Version = 10.0\n[BeginLog]\n[Boot Session: 2026/03/14 00:00:00.000]\n>>>  [Device Install (Hardware initiated) - USBSTOR\\Disk\\1]\n>>>  Section start 2026/03/14 01:02:03.004\n      cmd: rundll32.exe x\n     dvi: {Build Driver List}\n<<<  Section end 2026/03/14 01:02:04.005\n<<<  [Exit status: SUCCESS]\n"

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
		{"@timestamp": "2026-03-14T01:02:03.0040000Z", "setupapi.device": "USBSTOR\\Disk\\1", "setupapi.exit_status": "SUCCESS", "event.outcome": "success", "process.command_line": "rundll32.exe x", "event.action": "device install (hardware initiated)", "message": "Device Install (Hardware initiated) - USBSTOR\\Disk\\1: SUCCESS"},
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

// TestDamagedSection: the lines of a section whose first line is damaged are counted, not passed over.
func TestDamagedSection(t *testing.T) {
	text := strings.Replace(sample, ">>>  [Device", "<<<  [Device", 1) + sample
	res, events := parsetest.Run(t, New(), []byte(text), "x.log", assume)
	if len(events) != 1 || res.Status != parse.StatusPartial || len(res.Skipped) == 0 {
		t.Errorf("%d events, %+v", len(events), res)
	}
}
