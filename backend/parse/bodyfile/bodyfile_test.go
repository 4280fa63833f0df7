package bodyfile

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func TestLines(t *testing.T) {
	text := "# made by fls -m C:\n" +
		"0|C:/Users/bob/a|b.lnk ($FILE_NAME)|4242-48-2|r/rrwxrwxrwx|1001|513|812|1773450124|1773450123|1773450125|1773450122\n" +
		"d41d8cd98f00b204e9800998ecf8427e|/var/x -> /etc/y (deleted)|17|l/lrwxrwxrwx|0|0|0|0|1773450123.25|0|-1\n" +
		"0|C:/none|5|d/d---------|0|0|18446744073709551615|0|0|0|0\n" +
		"not a line\n" +
		"0|C:/odd|5|r/r|x|0|1|99999999999999999|1773450123|0|0\n"
	res, events := parsetest.Run(t, New(), []byte(text), "body.txt", parse.Assume{})
	if len(events) != 4 || res.Read != 5 || res.Status != parse.StatusPartial || res.WarningCount != 2 || res.Local != 0 {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	for i, want := range []map[string]string{
		{"file.path": "C:/Users/bob/a|b.lnk ($FILE_NAME)", "file.inode": "4242-48-2", "file.mode": "r/rrwxrwxrwx", "file.uid": "1001", "file.gid": "513", "file.size": "812", "file.hash.md5": "",
			"event.kind": "event", "event.category": "file", "event.module": "bodyfile", "event.dataset": "bodyfile", "message": "macb C:/Users/bob/a|b.lnk ($FILE_NAME)",
			"@": "2026-03-14T01:02:03.0000000Z modified, 2026-03-14T01:02:04.0000000Z accessed, 2026-03-14T01:02:05.0000000Z changed, 2026-03-14T01:02:02.0000000Z created"},
		{"file.path": "/var/x", "file.target_path": "/etc/y (deleted)", "file.hash.md5": "d41d8cd98f00b204e9800998ecf8427e", "message": "m... /var/x -> /etc/y (deleted)", "@": "2026-03-14T01:02:03.2500000Z modified"},
		{"file.size": "18446744073709551615", "message": ".... C:/none", "@": ""},
		{"bodyfile.uid": "x", "bodyfile.accessed": "99999999999999999", "@": "2026-03-14T01:02:03.0000000Z modified"},
	} {
		var times []string
		for _, at := range events[i].Times {
			times = append(times, event.FormatTime(at.At)+" "+string(at.Meaning))
		}
		for name, w := range want {
			got := events[i].Get(name)
			if name == "@" {
				got = strings.Join(times, ", ")
			}
			if got != w {
				t.Errorf("%d: %s is %q, want %q", i, name, got, w)
			}
		}
	}
	if at := events[0].Times[0]; at.Original != "1773450123" || at.Zone != "UTC" || at.Assumed != "" {
		t.Errorf("%+v", at)
	}
	if s := New().Detect([]byte(text), "x"); s < 60 {
		t.Errorf("score %d", s)
	}
	for _, other := range []string{"a|b|c\n1|2|3\n", "Time|Source|Host|User|Description\n1773450123|a|b|c|d\n", "date,size\n1,2\n"} {
		if s := New().Detect([]byte(other), "body.txt"); s > 0 {
			t.Errorf("%q: %d", other, s)
		}
	}
	parsetest.EmitErrorStops(t, New(), []byte(text), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add("0|a|1|r/r|0|0|0|1|1773450123.5|0|-1\n")
	f.Add("|||||||||||\n0|a -> b (deleted)|1|m|0|0|0|1|2|3|4")
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "x")
		_, events := parsetest.Run(t, New(), []byte(s), "x", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}
