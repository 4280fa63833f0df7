package jsonl

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/jsonrec"
	"adjutant/backend/parse/parsetest"
)

func run(t testing.TB, text string) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "x.jsonl", parse.Assume{})
	parsetest.ValidText(t, events)
	for _, e := range events {
		end := e.Locator.Offset + e.Locator.Length
		if e.Locator.Offset < 0 || end > int64(len(text)) || text[e.Locator.Offset] != '{' || text[end-1] != '}' {
			t.Fatalf("locator %v does not frame an object", e.Locator)
		}
		for _, f := range e.Fields {
			if !utf8.ValidString(f.Name) { // names come from the text, too
				t.Fatalf("%q is not valid UTF-8", f.Name)
			}
		}
	}
	return res, events
}

func TestLayouts(t *testing.T) {
	a, b := `{"time":"2026-03-14T01:02:03Z","n":1}`, `{"time":"2026-03-14T01:02:04Z","n":2}`
	pretty := "{\n  \"time\": \"2026-03-14T01:02:03Z\",\n  \"n\": 1\n}"
	for name, text := range map[string]string{
		"lines":        a + "\n" + b + "\n",
		"lines, crlf":  "\xef\xbb\xbf" + a + "\r\n\r\n  " + b + "  ",
		"array":        "[" + a + "," + b + "]",
		"pretty array": "[\n" + pretty + ",\n" + b + "\n]\n",
		"records":      `{"count":2,"Records":[` + a + "," + b + `],"next":null}`,
		"value":        "{\n \"@odata.context\": \"x\",\n \"value\": [\n" + pretty + ",\n" + b + "]}",
		"concatenated": pretty + "\n" + strings.Replace(pretty, "1", "2", 1),
		"keyed":        `{"event_0": ` + a + "\n, \"event_1\": " + b + "}",
		"hits":         `{"_source":{"@timestamp":"2026-03-14T01:02:03Z","event":{"code":"1"}}}` + "\n" + b,
		"array inside": `{"events":[{"a":1}],"time":"2026-03-14T01:02:03Z"}` + "\n" + b,
	} {
		res, events := run(t, text)
		if len(events) != 2 || res.Status != parse.StatusOK || res.WarningCount != 0 {
			t.Errorf("%s: %d events, %+v", name, len(events), res)
			continue
		}
		for _, e := range events {
			if len(e.Times) != 1 {
				t.Errorf("%s: times %v", name, e.Times)
			}
		}
	}
	for text, status := range map[string]parse.Status{"": parse.StatusEmpty, "[]": parse.StatusEmpty, `{"Records":[]}`: parse.StatusEmpty, "[": parse.StatusFailed,
		"[1]": parse.StatusFailed, "{": parse.StatusFailed, "hello": parse.StatusFailed, "[" + a + ",]": parse.StatusPartial, "[" + a: parse.StatusPartial,
		"[" + a + " " + b + "]": parse.StatusPartial, "[" + a + "] x": parse.StatusPartial} {
		if res, _ := run(t, text); res.Status != status {
			t.Errorf("%q: %s, want %s; %v", text, res.Status, status, res.Warnings)
		}
	}
}

func TestDamage(t *testing.T) {
	good := `{"time":"2026-03-14T01:02:03Z"}`
	text := good + "\n" + `{"time":"2026-03` + "\n" + good + "\nnull\n" + strings.Repeat(`{"a":`, 80) + "1" + strings.Repeat("}", 80) + "\n{\"msg\":\"caf\xe9\\ud800\"}\n" + good
	res, events := run(t, text)
	if res.Read != 7 || res.Parsed != 4 || res.WarningCount != 4 || res.Warnings[0].Offset != int64(len(good)+1) {
		t.Errorf("%+v", res)
	}
	if m := events[2].Get("message"); !strings.HasPrefix(m, "caf\uFFFD") {
		t.Errorf("message %q", m)
	}
	// A quote is missing in the second record: the ones behind it come back.
	array := "[\n  " + good + ",\n  {\"time\":\"2026-03-14T01:02:03Z},\n  " + good + ",\n  " + good + "\n]"
	res, events = run(t, array)
	if len(events) != 3 || res.Status != parse.StatusPartial {
		t.Errorf("%d events after a missing quote, %+v", len(events), res)
	}
	long := `{"a":"` + strings.Repeat("x", parse.MaxRecordBytes) + `"}`
	if res, events = run(t, "["+long+","+good+"]"); len(events) != 1 || res.Skipped[0].Reason != jsonrec.ReasonLong {
		t.Errorf("%d events, %+v", len(events), res.Skipped)
	}
	var many strings.Builder
	for i := 0; i < parse.MaxFields+5; i++ {
		many.WriteString(`,"k` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/26) + `":1`)
	}
	if res, events = run(t, `{"time":1773450123`+many.String()+"}"); len(events[0].Fields) != parse.MaxFields || res.WarningCount != 1 {
		t.Errorf("%d fields, %d warnings", len(events[0].Fields), res.WarningCount)
	}
	parsetest.EmitErrorStops(t, New(), []byte(good), parse.Assume{})
}

// TestOwnExport writes events as our export does and reads them back.
func TestOwnExport(t *testing.T) {
	e := &event.Event{Parser: "evtx", Version: "1", Path: "a.evtx", Locator: event.Locator{Offset: 5, Length: 6, Record: "7"},
		Times: []event.Time{
			{Meaning: event.Occurred, At: time.Date(2026, 3, 14, 1, 2, 3, 456789100, time.UTC), Original: "14.03.2026 02:02:03", Zone: "Europe/Berlin", Assumed: "default"},
			{Meaning: event.Recorded, At: time.Date(2026, 3, 14, 1, 2, 9, 0, time.UTC), Original: "133", Zone: "UTC"}}}
	e.Set("winlog.event_data.URL", event.KindString, "u")
	e.Set("winlog.event_data.URL.scheme", event.KindString, "http")
	e.Set("process.pid", event.KindNumber, "18446744073709551615")
	e.Set("host.ip", event.KindString, "10.0.0.1", "10.0.0.2")
	e.Set("winlog.flag", event.KindBool, "true")
	e.Set("message", event.KindString, "<b>\u2028 \"x\"\x00\n")
	e.Sort()
	res, events := run(t, string(e.JSON(0))+"\n"+string(e.JSON(1))+"\n")
	if res.Status != parse.StatusOK || len(events) != 2 {
		t.Fatalf("%+v", res)
	}
	for i, got := range events {
		if d := cmp.Diff(e.Fields, got.Fields); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(e.Times[i:i+1], got.Times); d != "" {
			t.Error(d)
		}
	}
}

func TestShapes(t *testing.T) {
	for name, c := range map[string]struct {
		json string
		want map[string]string
	}{
		"ecs": {`{"@timestamp":"2026-03-14T01:02:03.1234567Z","event":{"code":"4624","created":"2026-03-14T01:02:09Z"},"host.name":"FS01","winlog":{"event_data":{"X":["a","b"]}}}`,
			map[string]string{"event.code": "4624", "host.name": "FS01", "winlog.event_data.X": "a|b", "@": "2026-03-14T01:02:03.1234567Z occurred, 2026-03-14T01:02:09.0000000Z recorded"}},
		"generic": {`{"ts":1773450123.25,"id.orig_h":"10.0.0.1","id.orig_p":4242,"user":"mia","big":12345678901234567890.10,"nested":{"on":true,"list":[{"x":1},{"x":2}]},"none":null,"src_ip":"not an address","user_name":"second"}`,
			map[string]string{"source.ip": "10.0.0.1", "source.port": "4242", "user.name": "mia", "json.big": "12345678901234567890.10", "json.nested.on": "true",
				"json.nested.list.x": "1|2", "json.none": "", "json.src_ip": "not an address", "json.user_name": "second", "@": "2026-03-14T01:02:03.2500000Z occurred"}},
		"timesketch": {`{"message":"m","timestamp":123456789,"datetime":"2026-03-14T01:02:03+00:00","timestamp_desc":"Content Modification Time"}`,
			map[string]string{"message": "m", "json.timestamp": "123456789", "@": "2026-03-14T01:02:03.0000000Z modified"}},
		"undated": {`{"a":"b","time":"soon"}`, map[string]string{"json.a": "b", "json.time": "soon", "@": ""}},
		"windows": {`{"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},"EventID":4624,"TimeCreated":{"#attributes":{"SystemTime":"2026-03-14T01:02:03.456789Z"}},"Channel":"Security","Computer":"FS01"},"EventData":{"TargetUserName":"bob","LogonType":3,"IpAddress":"10.0.0.9"}}}`,
			map[string]string{"event.code": "4624", "user.name": "bob", "winlog.logon.type": "Network", "winlog.event_data.LogonType": "3", "message": "bob logged on (Network) from 10.0.0.9", "@": "2026-03-14T01:02:03.4567890Z occurred"}},
		"windows, attributes beside": {`{"Event":{"System":{"Provider_attributes":{"Name":"MSExchange CmdletLogs"},"EventID_attributes":{"Qualifiers":"16384"},"EventID":"1","TimeCreated_attributes":{"SystemTime":"2021-11-19T16:52:33.833733500Z"}},"EventData":{"Data":{"#text":["Set-Mailbox","-Identity"]}}}}`,
			map[string]string{"event.provider": "MSExchange CmdletLogs", "winlog.event_qualifiers": "16384", "winlog.event_data.Data": "Set-Mailbox|-Identity", "@": "2021-11-19T16:52:33.8337335Z occurred"}},
	} {
		_, events := run(t, c.json+"\n")
		if len(events) != 1 {
			t.Errorf("%s: %d events", name, len(events))
			continue
		}
		for field, want := range c.want {
			got := strings.Join(events[0].All(field), "|")
			if field == "@" {
				var all []string
				for _, at := range events[0].Times {
					all = append(all, event.FormatTime(at.At)+" "+string(at.Meaning))
				}
				got = strings.Join(all, ", ")
			}
			if got != want {
				t.Errorf("%s: %s is %q, want %q", name, field, got, want)
			}
		}
	}
	if _, err := compile(); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `[{"a":"\ud800"},{"b":[1,{"c":null}]}]`, `{"Records":[{"eventName":"x"}]}`, `{"event_0":{},"event_1":{`, "[\n {\"a\":\"},\n {}\n]", `{"Event":{"System":{"EventID":1},"EventData":{"Data":[{"#text":"x"}]}}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "x.json")
		run(t, s)
	})
}
