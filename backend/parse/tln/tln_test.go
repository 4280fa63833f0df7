package tln

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func TestForms(t *testing.T) {
	text := "Time|Source|Host|User|Description|TZ|Notes\n" +
		"1773450123|EVTX|FS01|bob|2026-03-14T01:02:03.456789123+00:00; Creation Time; a | b|UTC|File: x\n" +
		"1773450123|EVTX|:|-|2026-03-14T01:02:09+00:00; Creation Time; another second|UTC|\n" +
		"0|REG|-|-|no time|UTC|-\n" +
		"soon|REG|-|-|x|UTC|-\n" +
		"99999999999999999|REG|-|-|x|UTC|-\n"
	res, events := parsetest.Run(t, New(), []byte(text), "x.tln", parse.Assume{})
	if len(events) != 3 || res.Read != 5 || res.Status != parse.StatusPartial || len(res.Skipped) != 2 {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	for i, want := range []map[string]string{
		{"host.name": "FS01", "user.name": "bob", "message": "a | b", "tln.source": "EVTX", "tln.zone": "UTC", "tln.notes": "File: x", "tln.time": "1773450123", "tln.timestamp_desc": "Creation Time", "@": "2026-03-14T01:02:03.4567891Z created"},
		{"host.name": "", "user.name": "", "message": "2026-03-14T01:02:09+00:00; Creation Time; another second", "@": "2026-03-14T01:02:03.0000000Z occurred"},
		{"message": "no time", "@": ""},
	} {
		for name, w := range want {
			got := events[i].Get(name)
			if name == "@" && len(events[i].Times) > 0 {
				got = event.FormatTime(events[i].Times[0].At) + " " + string(events[i].Times[0].Meaning)
			}
			if got != w {
				t.Errorf("%d: %s is %q, want %q", i, name, got, w)
			}
		}
	}
	five := "1773450123|EVTX|FS01|bob|a | b|UTC is a word here\n"
	_, events = parsetest.Run(t, New(), []byte("Time|Source|Host|User|Description\n"+five), "x", parse.Assume{})
	if m := events[0].Get("message"); m != "a | b|UTC is a word here" {
		t.Errorf("%q", m)
	}
	if New().Detect([]byte(five), "x") < 92 || New().Detect([]byte(text), "x") < 60 {
		t.Error("not detected")
	}
	for _, other := range []string{"a|b|c|d|e\n", "0|/etc/passwd|5|r/rrw|0|0|1|1|1|1\n|\n", "Mar 14 01:02:03 h a: x|y\n"} {
		if s := New().Detect([]byte(other), "x.csv"); s > 90 && !strings.HasPrefix(other, "0|") {
			t.Errorf("%q: %d", other, s)
		}
	}
	parsetest.EmitErrorStops(t, New(), []byte(five), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add("Time|Source|Host|User|Description|TZ|Notes\n1773450123|EVTX|FS01|bob|2026-03-14T01:02:03+00:00; Creation Time; a | b|UTC|n\n")
	f.Add("1|2|3|4|5|UTC|6")
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "x")
		_, events := parsetest.Run(t, New(), []byte(s), "x", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}
