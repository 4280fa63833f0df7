package delimited

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// TestStringsUnchanged sends a list of strings that break programs through a table: each comes back as it was.
func TestStringsUnchanged(t *testing.T) {
	dir := parsetest.SharedData(t, "hostile/strings", "strings that break programs")
	var all []string
	if err := json.Unmarshal(parsetest.Read(t, dir, "blns.json"), &all); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"time", "note", "user"})
	for _, s := range all {
		_ = w.Write([]string{"2026-03-14T01:02:03Z", s, "x" + s})
	}
	w.Flush()
	_, events, err := run(t, b.String(), parse.Assume{})
	if err != nil || len(events) != len(all) {
		t.Fatalf("%v, %d events, want %d", err, len(events), len(all))
	}
	same := 0
	for i, s := range all {
		s = strings.ToValidUTF8(s, "\uFFFD")
		if got := events[i].Get("csv.note"); got != s {
			t.Errorf("%q became %q", s, got)
			continue
		}
		if got := events[i].Get("user.name"); got != "x"+s {
			t.Errorf("%q became %q", "x"+s, got)
			continue
		}
		if len(events[i].Times) != 1 || !utf8.ValidString(events[i].Get("message")) {
			t.Errorf("%q: %v", s, events[i].Times)
		}
		same++
	}
	t.Logf("ANSWERS hostile/strings through csv: found %d expected %d", same, len(all))
}

// TestBytesUnchanged: what no text can hold is shown as U+FFFD, and the locator leads to the bytes as they are.
func TestBytesUnchanged(t *testing.T) {
	text := "time,note\n2026-03-14T01:02:03Z,a\x00b\xff\xfe\u202egpj.exe\x1b[31m\n" + strings.Repeat("2026-03-14T01:02:03Z,ordinary\n", 20)
	res, events, err := run(t, text, parse.Assume{})
	if err != nil || len(events) != 21 || res.WarningCount != 1 {
		t.Fatalf("%v %+v", err, res)
	}
	if got := events[0].Get("csv.note"); got != "a\x00b\uFFFD\uFFFD\u202egpj.exe\x1b[31m" {
		t.Errorf("%q", got)
	}
	if l := events[0].Locator; text[l.Offset:l.Offset+l.Length] != "2026-03-14T01:02:03Z,a\x00b\xff\xfe\u202egpj.exe\x1b[31m" {
		t.Errorf("%v", l)
	}
}

// TestClearMessages: each table of Timesketch's tests that cannot be read whole says in the receipt what is wrong and what to do.
func TestClearMessages(t *testing.T) {
	dir := parsetest.SharedData(t, "formats/timesketch", "tables that are wrong")
	for file, want := range map[string]string{
		"e2e-evtx_fails.csv":   `read as a table of Timesketch. it has no column "message", which Timesketch asks for; a sentence was made of the other columns; to choose another one, map it to message`,
		"incorrect.csv":        `"DT" looks like one, for example "2020-09-18 21:58:07.470323"`,
		"invalid_datetime.csv": `1 rows have no time that could be read and stand at the end of the timeline (the first is row 4: "1234 19:01:01" in column "datetime"); if it is one, map the column with the form of its times`,
	} {
		res, _, _ := run(t, string(parsetest.Read(t, dir, file)), parse.Assume{})
		if !strings.Contains(res.Note, want) {
			t.Errorf("%s: %q, want %q", file, res.Note, want)
		}
	}
}

// TestMapping reads one table as a person said: no header, two lines above it, a clock of its own, no year.
func TestMapping(t *testing.T) {
	text := "export of px1\n\n25.10. | 02:30:00 | bob || in\n26.10. | 02:30:00 | eve || out\n"
	m := `{"v":1,"name":"px","shape":"table","delimiter":" | ","skip":2,"times":[{"column":"column_1","clock":"column_2","form":"pattern:dd.MM. HH:mm:ss","meaning":"started"}],"zone":"Europe/Berlin","year":2026,"fields":{"column_3":"user.name"},"constants":{"host.name":"px1"}}`
	res, events, err := run(t, text, parse.Assume{Mapping: []byte(m), MappingBy: "entry9"})
	if err != nil || len(events) != 2 || res.Local != 2 {
		t.Fatalf("%v %+v", err, res)
	}
	e := events[0]
	for name, want := range map[string]string{"user.name": "bob || in", "host.name": "px1", "csv.column_1": "", "event.kind": "event",
		"event.time_doubt": "ambiguous: the clock was set back; the same clock time came again at 2026-10-25T01:30:00.0000000Z"} {
		if got := e.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if at := e.Times[0]; at.At.Format("2006-01-02T15:04:05Z") != "2026-10-25T00:30:00Z" || at.Meaning != "started" || at.Zone != "Europe/Berlin" || at.Original != "25.10. 02:30:00" || at.Assumed != "entry9" {
		t.Errorf("%+v", at)
	}
	for _, part := range []string{"read by a mapping", "put into 2026", "1 times could be either of two moments", "as answered in entry entry9"} {
		if !strings.Contains(res.Note, part) {
			t.Errorf("note %q lacks %q", res.Note, part)
		}
	}
	for _, c := range []struct{ text, mapping, want string }{
		{text, strings.Replace(m, "column_3", "column_9", 1), `names the column "column_9", which it does not have`},
		{"a,b\n1,2\n", `{"v":1,"shape":"table","delimiter":",","header":true,"times":[{"column":"a","form":"iso","meaning":"occurred"}]}`, `none of the first 1 rows has a time in the form that it names, for example "1"`},
		{text, `{"v":1,"shape":"json"}`, "the mapping is one for JSON"},
		{text, `{}`, "mapping: invalid"},
		{"a,b\n01/02/2026 10:00,2\n", `{"v":1,"shape":"table","delimiter":",","header":true,"times":[{"column":"a","form":"auto","meaning":"occurred"}]}`, "choose the form dmy or mdy"},
	} {
		res, events, err := run(t, c.text, parse.Assume{Mapping: []byte(c.mapping)})
		if err == nil || len(events) > 0 || !strings.Contains(res.Note, c.want) {
			t.Errorf("%s: %v, note %q, want %q", c.mapping, err, res.Note, c.want)
		}
	}
}

// TestUTF16 reads what Autoruns and PowerShell write: the same rows, and the places of the file's own bytes.
func TestUTF16(t *testing.T) {
	text := "Time,Entry Location,Entry,Image Path,Launch String\r\n20260314-010203,HKLM\\Run,a,C:\\ä.exe,\"C:\\ä.exe\r\n-x\"\r\n"
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	if New().Detect(b, "x.csv") < 90 {
		t.Error("not detected")
	}
	res, events, err := run(t, string(b), parse.Assume{})
	if err != nil || len(events) != 1 || res.WarningCount != 0 {
		t.Fatalf("%v %+v", err, res)
	}
	e := events[0]
	if e.Get("process.command_line") != "C:\\ä.exe\r\n-x" || e.Get("process.executable") != `C:\ä.exe` || len(e.Times) != 1 || e.Get("event.dataset") != "autoruns" {
		t.Errorf("%v %v", e.Times, e.Fields)
	}
	if l := e.Locator; string(b[l.Offset:l.Offset+4]) != "2\x000\x00" || string(b[l.Offset+l.Length-2:l.Offset+l.Length]) != "\"\x00" {
		t.Errorf("%v", l)
	}
}
