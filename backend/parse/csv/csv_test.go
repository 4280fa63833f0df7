package delimited

import (
	"errors"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// run parses and checks what holds for every input. Only a needed answer may be an error.
func run(t testing.TB, text string, a parse.Assume) (parse.Result, []*event.Event, error) {
	t.Helper()
	res, events, err := parsetest.Collect(New(), []byte(text), "t.csv", a)
	if err != nil && !errors.Is(err, parse.ErrNeedsAnswer) {
		t.Fatal(err)
	}
	parsetest.Counts(t, "t.csv", res, events)
	parsetest.ValidText(t, events)
	if err != nil && res.Status != parse.StatusFailed {
		t.Fatalf("status %q with %v", res.Status, err)
	}
	for _, e := range events {
		if end := e.Locator.Offset + e.Locator.Length; e.Locator.Offset < 0 || e.Locator.Length < 1 || end > int64(len(text)) {
			t.Fatalf("locator %v lies outside", e.Locator)
		}
	}
	return res, events, err
}

func TestFirewall(t *testing.T) {
	text := "\xef\xbb\xbfDate;Time;Action;Source IP;Source Port;Dest IP;Dest Port;Protocol;Bytes Sent;Rule;Odd Column\r\n" +
		"14.03.2026;01:02:03;deny;10.0.0.5;50123;203.0.113.7;443;tcp;0120;\"block; all\";\"a \"\"b\"\"\"\r\n" +
		"14.03.2026;01:02:04;allow;not an address;x;2001:db8::1;53;udp;;;\r\n"
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	res, events, _ := run(t, text, parse.Assume{Zone: berlin, ZoneBy: "entry7"})
	if res.Status != parse.StatusOK || len(events) != 2 || res.Note != "times without a zone were read as Europe/Berlin, as answered in entry entry7" {
		t.Fatalf("%+v", res)
	}
	for i, want := range []map[string]string{
		{"event.action": "deny", "source.ip": "10.0.0.5", "source.port": "50123", "destination.ip": "203.0.113.7", "destination.port": "443", "network.transport": "tcp",
			"source.bytes": "120", "rule.name": "block; all", "csv.Odd Column": `a "b"`, "message": "deny 10.0.0.5:50123 to 203.0.113.7:443 tcp", "@": "2026-03-14T00:02:03.0000000Z"},
		{"source.ip": "", "csv.Source IP": "not an address", "csv.Source Port": "x", "destination.ip": "2001:db8::1", "@": "2026-03-14T00:02:04.0000000Z"},
	} {
		for name, v := range want {
			got := events[i].Get(name)
			if name == "@" {
				got = event.FormatTime(events[i].Times[0].At)
			}
			if got != v {
				t.Errorf("row %d: %s is %q, want %q", i, name, got, v)
			}
		}
	}
	at := events[0].Times[0]
	if at.Original != "14.03.2026 01:02:03" || at.Zone != "Europe/Berlin" || at.Assumed != "entry7" {
		t.Errorf("%+v", at)
	}
	if l := events[1].Locator; text[l.Offset:l.Offset+l.Length] != "14.03.2026;01:02:04;allow;not an address;x;2001:db8::1;53;udp;;;" {
		t.Errorf("the bytes at %v are not the row", l)
	}
	res, _, _ = run(t, text, parse.Assume{})
	if res.Note != "times without a zone were read as UTC; nobody has answered which zone this source used" {
		t.Errorf("note %q", res.Note)
	}
}

func TestTimes(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		a    parse.Assume
		want string
	}{
		"iso":              {"TimeCreated,EventId\n2026-03-14T01:02:03.4567891Z,4624\n", parse.Assume{}, "2026-03-14T01:02:03.4567891Z UTC  occurred"},
		"utc in header":    {"LastModifiedTimeUTC,Path\n2026-03-14 01:02:03,x\n", parse.Assume{Zone: time.FixedZone("X", 3600)}, "2026-03-14T01:02:03.0000000Z UTC  modified"},
		"epoch":            {"ts\tuid\n1773450123.25\tC1\n", parse.Assume{}, "2026-03-14T01:02:03.2500000Z UTC  occurred"},
		"zone column":      {"date,time,timezone,MACB,type\n03/04/2026,08:52:33,CET,M...,Content Modification Time\n", parse.Assume{}, "2026-03-04T07:52:33.0000000Z CET  modified"},
		"settled by row":   {"Visit Time,URL\n03/04/2026 1:00:00 PM,a\n04/13/2026 1:00:00 PM,b\n", parse.Assume{}, "2026-03-04T13:00:00.0000000Z UTC default occurred"},
		"fallback column":  {"message,timestamp,datetime,timestamp_desc\nm,1773450123000000, ,Logging\nn,,2026-03-14T01:02:04Z,x\n", parse.Assume{}, "2026-03-14T01:02:03.0000000Z UTC  occurred"},
		"several meanings": {"Name,Created0x10,LastModified0x10\nx,2026-03-14 01:02:03,2026-03-15 01:02:03\n", parse.Assume{}, "2026-03-14T01:02:03.0000000Z UTC default created, 2026-03-15T01:02:03.0000000Z UTC default modified"},
		"speaking name":    {"Sheet,Boarding time seen\nx,2026-03-14 01:02:03\n", parse.Assume{}, "2026-03-14T01:02:03.0000000Z UTC default occurred"},
		"named":            {"when,what\n2026-03-14 01:02:03,x\n", parse.Assume{Columns: map[string]string{"when": "@timestamp"}}, "2026-03-14T01:02:03.0000000Z UTC default occurred"},
		"named with order": {"when,what\n03/04/2026 01:02:03,x\n", parse.Assume{Columns: map[string]string{"when:dmy": "@timestamp"}}, "2026-04-03T01:02:03.0000000Z UTC default occurred"},
		"named mdy":        {"when,what\n03/04/2026 01:02:03,x\n", parse.Assume{Columns: map[string]string{"when": "@timestamp:mdy"}}, "2026-03-04T01:02:03.0000000Z UTC default occurred"},
	} {
		res, events, err := run(t, c.text, c.a)
		if err != nil || len(events) == 0 || res.Status != parse.StatusOK {
			t.Errorf("%s: %v %+v", name, err, res)
			continue
		}
		var got []string
		for _, at := range events[0].Times {
			got = append(got, event.FormatTime(at.At)+" "+at.Zone+" "+at.Assumed+" "+string(at.Meaning))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
}

func TestNeedsAnswer(t *testing.T) {
	for text, want := range map[string]string{
		"Name,Size\na,1\nb,2\n": "parse: needs an answer: no column of t.csv holds a time that can be recognised (columns: Name, Size); name it with --time-column",
		"Date and time,x\n03/04/2026 10:00,1\n05/06/2026 10:00,2\n": `parse: needs an answer: the dates in column "Date and time" of t.csv could have the day or the month first, for example "03/04/2026 10:00", and no row settles it; answer with --time-column "Date and time:dmy" or "Date and time:mdy"`,
		"time,x\n13/04/2026 10:00,1\n04/13/2026 10:00,2\n":          `parse: needs an answer: the dates in column "time" of t.csv disagree about day and month ("13/04/2026 10:00" and "04/13/2026 10:00"); answer with --time-column "time:dmy" or "time:mdy"`,
		"time,x\nsoon,1\n": "parse: needs an answer: no column of t.csv holds a time that can be recognised (columns: time, x); name it with --time-column",
	} {
		res, events, err := run(t, text, parse.Assume{})
		if !errors.Is(err, parse.ErrNeedsAnswer) || err.Error() != want || len(events) > 0 || !strings.HasSuffix(want, res.Note) || res.Note == "" {
			t.Errorf("%q: %v, note %q", text, err, res.Note)
		}
	}
	for column, want := range map[string]string{"nowhere": "has no column", "Name": "holds none that can be read"} {
		if _, _, err := run(t, "Name,Size\na,1\n", parse.Assume{Columns: map[string]string{column: "@timestamp"}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", column, err)
		}
	}
}

func TestAnsweredColumns(t *testing.T) {
	_, events, err := run(t, "time,who,Action\n2026-03-14T01:02:03Z,mia,x\n", parse.Assume{Columns: map[string]string{"who": "user.name", "Action": "event.reason"}})
	if err != nil || events[0].Get("user.name") != "mia" || events[0].Get("event.reason") != "x" || events[0].Get("event.action") != "" {
		t.Errorf("%v %+v", err, events)
	}
}

// TestEvtxECmd: a row with its payload is a Windows event like one of a log.
func TestEvtxECmd(t *testing.T) {
	text := "RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,ProcessId,ThreadId,Computer,ChunkNumber,UserId,MapDescription,UserName,RemoteHost,PayloadData1,PayloadData2,PayloadData3,PayloadData4,PayloadData5,PayloadData6,ExecutableInfo,HiddenRecord,SourceFile,Keywords,ExtraDataOffset,Payload\n" +
		`1,18446744073709551615,2026-03-14 01:02:03.4567891,4624,LogAlways,Microsoft-Windows-Security-Auditing,Security,632,700,FS01,0,,Successful logon,CORP\bob,- (10.0.0.9),Target: CORP\bob,LogonType 3,,,,,,False,C:\Security.evtx,Audit success,0,"{""EventData"":{""Data"":[{""@Name"":""TargetUserName"",""#text"":""bob""},{""@Name"":""LogonType"",""#text"":""3""},{""@Name"":""IpAddress"",""#text"":""10.0.0.9""},{""@Name"":""Empty""}]}}"` + "\n" +
		`2,2,2026-03-14 01:02:04,1,Info,P,C,1,1,FS01,0,,,,,,,,,,,,False,x,,0,not JSON` + "\n"
	res, events, err := run(t, text, parse.Assume{})
	if err != nil || len(events) != 2 || res.Local != 0 {
		t.Fatalf("%v %+v", err, res)
	}
	for i, want := range []map[string]string{
		{"event.code": "4624", "winlog.channel": "Security", "event.provider": "Microsoft-Windows-Security-Auditing", "winlog.event_data.TargetUserName": "bob", "user.name": "bob", "source.ip": "10.0.0.9",
			"message": "bob logged on (Network) from 10.0.0.9", "evtxecmd.sentence": `Microsoft-Windows-Security-Auditing event 4624: Successful logon; Target: CORP\bob; LogonType 3`, "event.outcome": "success",
			"event.dataset": "windows.security", "winlog.record_id": "18446744073709551615", "csv.MapDescription": "Successful logon", "evtxecmd.user.name": `CORP\bob`, "log.file.path": `C:\Security.evtx`, "csv.Payload": ""},
		{"event.code": "1", "event.dataset": "evtxecmd", "csv.Payload": "not JSON"},
	} {
		for name, w := range want {
			if got := events[i].Get(name); got != w {
				t.Errorf("%d: %s is %q, want %q", i, name, got, w)
			}
		}
	}
	if at := events[0].Times[0]; event.FormatTime(at.At) != "2026-03-14T01:02:03.4567891Z" || at.Zone != "UTC" || at.Assumed != "" {
		t.Errorf("%+v", at)
	}
}

func TestDamage(t *testing.T) {
	text := "time,a,b\n2026-03-14T01:02:03Z,1\n2026-03-14T01:02:04Z,1,2,3,4\nnever,1,2\n\n2026-03-14T01:02:05Z,\"two\r\nlines\",caf\xe9\n2026-03-14T01:02:06Z,\"open,2\n2026-03-14T01:02:07Z,1,2"
	res, events, err := run(t, text, parse.Assume{})
	if err != nil || res.Read != 6 || res.Parsed != 6 || res.WarningCount != 6 || res.Status != parse.StatusOK {
		t.Fatalf("%v %+v", err, res)
	}
	for i, want := range []map[string]string{{"csv.a": "1", "csv.b": ""}, {"csv.b": "2", "csv.column_5": "4"}, {"csv.time": "never"},
		{"csv.a": "two\r\nlines", "csv.b": "caf\uFFFD"}, {"csv.a": "open,2"}, {"csv.a": "1"}} {
		for name, v := range want {
			if got := events[i].Get(name); got != v {
				t.Errorf("row %d: %s is %q, want %q", i, name, got, v)
			}
		}
	}
	if l := events[3].Locator; text[l.Offset:l.Offset+l.Length] != "2026-03-14T01:02:05Z,\"two\r\nlines\",caf\xe9" {
		t.Errorf("the bytes at %v are not the row", l)
	}
	if len(events[2].Times) != 0 || !strings.Contains(res.Note, "1 rows have no time") {
		t.Errorf("%v, note %q", events[2].Times, res.Note)
	}
	for text, want := range map[string]parse.Status{"": parse.StatusEmpty, "time,a\n": parse.StatusEmpty, "one\ntwo\n": parse.StatusFailed, "1,2\n3,4\n": parse.StatusFailed} {
		if res, _, err := run(t, text, parse.Assume{}); err != nil || res.Status != want {
			t.Errorf("%q: %v, %s, want %s", text, err, res.Status, want)
		}
	}
	parsetest.EmitErrorStops(t, New(), []byte(text), parse.Assume{})
}

func TestDialects(t *testing.T) {
	for _, c := range []struct {
		text string
		sep  byte
		name string
		take bool
	}{
		{"a,b;c\n1,2;3\n4,5;6\n", ',', "x.csv", true},
		{"time;b,c;d\n1;2,3;4\n", ';', "x", true},
		{"sep=|\ntime|b\n1|2\n", '|', "x.csv", true},
		{"# made by a tool\ntime\tb\n1\t2\n", '\t', "x", true},
		{"Dear all, this is a letter.\nIt has commas, here, and there.\nThat is all.\n", ',', "letter.txt", false},
		{"{\"a\":1,\"b\":2}\n", 0, "x.csv", false},
		{"#separator \\x09\n1\t2\n", 0, "x.log", false},
		{"| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n", '|', "x.md", false},
		{"Jan  3 01:02:03 h a: b, c\nJan  3 01:02:04 h a: b, c\nJan  3 01:02:05 h a: b, c\n", ',', "messages", false},
	} {
		d, ok := dialectOf([]byte(c.text))
		if ok && c.take && d.separator != string(c.sep) {
			t.Errorf("%q: separator %q, want %q", c.text, d.separator, c.sep)
		}
		if score := New().Detect([]byte(c.text), c.name); (score >= 45) != c.take {
			t.Errorf("%q: score %d", c.text, score)
		}
	}
	if _, err := compile(); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"time,a\n2026-03-14T01:02:03Z,1\n", "date;time;x\n14.03.2026;01:02:03;\"a\nb\"\n", "a|b\n1|\"", "when\twhat\n03/04/2026 01:02:03\tx\n", "sep=;\n\xef\xbb\xbf,,\n"} {
		f.Add(s, "")
	}
	f.Add("a,b\n1,2\n", "a:dmy")
	f.Fuzz(func(t *testing.T, s, column string) {
		New().Detect([]byte(s), "x.csv")
		a := parse.Assume{}
		if column != "" {
			a.Columns = map[string]string{column: "@timestamp"}
		}
		run(t, s, a)
	})
}
