package containerlog

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func shown(events []*event.Event) string {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintf(&b, "%s %q %s %s|", e.Get("containerlog.stream"), e.Get("message"), e.Get("containerlog.pieces"), e.Get("containerlog.incomplete"))
	}
	return b.String()
}

func TestCRI(t *testing.T) {
	text := "2026-03-14T01:02:03.123456789Z stdout P one \n2026-03-14T01:02:03.2Z stderr F between\n2026-03-14T01:02:03.3Z stdout P two \n2026-03-14T01:02:03.4Z stdout F three\n" +
		"2026-03-14T01:02:04Z stdout F \n2026-03-14T01:02:05+01:00 stderr P never ended\n2026-03-14T01:02:05Z stderr F:x another line\n2026-03-14T01:02:05Z stdin F no\n"
	res, events := parsetest.Run(t, New(), []byte(text), "x", parse.Assume{})
	if want := `stdout "one two three" 3 |stderr "between"  |stdout ""  |stderr "never ended"  true|stderr "another line"  |`; shown(events) != want {
		t.Errorf("%s\nwant\n%s", shown(events), want)
	}
	if res.Read != 6 || res.Parsed != 5 || res.Skipped[0].Reason != reasonForm {
		t.Errorf("%+v", res)
	}
	parsetest.Fields(t, "first", events[0], map[string]string{"@": "2026-03-14T01:02:03.1234567Z", "@ended": "2026-03-14T01:02:03.4000000Z", "event.kind": "event", "event.module": "container", "event.dataset": "container.cri",
		"container.runtime": "cri", "containerlog.tags": "F"})
	l := events[0].Locator
	if framed := text[l.Offset : l.Offset+l.Length]; !strings.HasSuffix(framed, "three") {
		t.Errorf("%q", framed)
	}
	parsetest.EmitErrorStops(t, New(), []byte(text), parse.Assume{})
}

func TestDocker(t *testing.T) {
	text := `{"log":"{\"a\": \"caf\u00e9\"}\n","stream":"stdout","time":"2026-03-14T01:02:03.123456789Z"}` + "\n" +
		`{"log":"long ","stream":"stdout","attrs":{"tag":"web"},"time":"2026-03-14T01:02:04Z"}` + "\n" +
		`{"log":"err\r\n","stream":"stderr","time":"2026-03-14T01:02:04.1Z"}` + "\n" +
		`{"log":"line\n","stream":"stdout","time":"2026-03-14T01:02:04.2Z"}` + "\n" + `{"log":"cut` + "\n" + `{"log":"at the end","stream":"stdout","time":"2026-03-14T01:02:05Z"}` + "\n"
	if got := New().Detect([]byte(text), "x"); got < 75 {
		t.Errorf("detected with %d", got)
	}
	res, events := parsetest.Run(t, New(), []byte(text), "x", parse.Assume{})
	if want := `stdout "{\"a\": \"café\"}"  |stdout "long line" 2 |stderr "err"  |stdout "at the end"  true|`; shown(events) != want || res.Read != 5 || res.Parsed != 4 {
		t.Errorf("%s\nwant\n%s\n%+v", shown(events), want, res)
	}
	parsetest.Fields(t, "second", events[1], map[string]string{"event.dataset": "container.docker", "containerlog.attrs.tag": "web", "@": "2026-03-14T01:02:04.0000000Z"})
	for line, want := range map[string]int{`{"log":"a\n","stream":"stdout","time":"2026-03-14T01:02:03Z"}`: 98, `{"log":"a\n","stream":"stdout","time":"2026-03-14T01:02:03Z","level":"info"}`: 0, `{"log":1,"stream":"stdout","time":"x"}`: 0,
		`{"log":"` + strings.Repeat("{[", 200) + `\n","stream":"stdout","time":"2026-03-14T01:02:03Z"}`: 98, `{"a":` + strings.Repeat("[", 200): 0} {
		if got := New().Detect([]byte(line+"\n"), "x"); got != want {
			t.Errorf("%s: %d, want %d", line, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("2026-03-14T01:02:03.123456789Z stdout P one \n2026-03-14T01:02:03.2Z stdout F b\n")
	f.Add(`{"log":"a","stream":"s","attrs":{"":[]},"time":"2026-03-14T01:02:03Z"}` + "\n" + `{"log":"\ud800\n","stream":"s","time":"2026-03-14T01:02:03Z"}`)
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "x")
		_, events := parsetest.Run(t, New(), []byte(s), "x", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}

// TestTimelineTool compares with what another timeline tool reads: it takes each piece for a record, and there is one whose end
// never came.
func TestTimelineTool(t *testing.T) {
	dir := parsetest.SharedData(t, "plaso", "CRI logs")
	b := parsetest.Read(t, dir, "files", "cri.log")
	if New().Detect(b, "x") < 92 {
		t.Error("not detected")
	}
	_, events := parsetest.Run(t, New(), b, "x", parse.Assume{})
	t.Logf("ANSWERS plaso cri.log: found %d expected 17", len(events))
	if len(events) != 17 {
		t.Fatalf("%d events", len(events))
	}
	for _, v := range parsetest.Table(t, filepath.Join(dir, "values.csv")) {
		if v["file"] != "cri.log" {
			continue
		}
		e, want := events[0], v["expected_value"]
		got := ""
		switch v["field"] {
		case "data_type":
			continue
		case "flags":
			got = e.Get("containerlog.tags")
		case "message_body": // the other tool keeps the blank that parts the tag from the text
			got = " " + e.Get("message")
		case "stream":
			got = e.Get("containerlog.stream")
		case "written_time":
			got = strings.TrimSuffix(e.Times[0].Original, "Z") + "+00:00"
		}
		if got != want {
			t.Errorf("%s is %q, want %q", v["field"], got, want)
		}
	}
}
