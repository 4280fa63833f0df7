package teamviewer

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "2026/03/14 01:02:03.004  2136       3688  0   Logger started.\n" +
	"Start:              2026/03/14 01:02:03.010 (UTC-8:00)\nVersion:            15.1\nID:                 123456789\nIP:                 10.0.2.15\nIE                  11.1\n\n" +
	"2026/03/14 01:02:04.004  2136       2276 S0!! broke\nwhile reading\n" +
	"Start:              2026/03/15 01:02:03.010 (UTC+5:30)\nIP:                 10.0.2.16\n" +
	"2026/03/15 01:02:05.004  2136       2492 S0   Negotiating session encryption: client hello received from 987654321, RSA key length = 4096\n"

func TestRecord(t *testing.T) {
	if s := New().Detect([]byte(sample), "x"); s < 92 {
		t.Fatalf("detected with %d", s)
	}
	res, events := parsetest.Run(t, New(), []byte(sample), "x", parse.Assume{})
	parsetest.ValidText(t, events)
	if res.Status != parse.StatusOK || len(events) != 3 || res.Local != 0 {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	for i, want := range []map[string]string{
		{"@": "2026-03-14T09:02:03.0040000Z", "process.pid": "2136", "process.thread.id": "3688", "teamviewer.mark": "0", "message": "Logger started.", "event.kind": "event", "event.module": "teamviewer", "event.dataset": "teamviewer.log"},
		{"@": "2026-03-14T09:02:04.0040000Z", "process.pid": "2136", "process.thread.id": "2276", "teamviewer.mark": "S0!!", "log.level": "error", "message": "broke\nwhile reading", "host.ip": "10.0.2.15", "teamviewer.id": "123456789", "event.kind": "event", "event.module": "teamviewer", "event.dataset": "teamviewer.log"},
		{"@": "2026-03-14T19:32:05.0040000Z", "process.pid": "2136", "process.thread.id": "2492", "teamviewer.mark": "S0", "message": "Negotiating session encryption: client hello received from 987654321, RSA key length = 4096", "host.ip": "10.0.2.16", "teamviewer.id": "123456789",
			"teamviewer.participant_id": "987654321", "event.action": "session-incoming", "event.category": "network", "event.kind": "event", "event.module": "teamviewer", "event.dataset": "teamviewer.log"},
	} {
		parsetest.AllFields(t, "sample", events[i], want)
	}
	parsetest.EmitErrorStops(t, New(), []byte(sample), parse.Assume{})
}

func TestForms(t *testing.T) {
	parsetest.Lines(t, New(), parse.Assume{}, map[string]map[string]string{
		"2026/03/14 01:02:03.004  2136       2488 S0   CPersistentParticipantManager::AddParticipant: [1660360496,115469523] type=6 name=some one": {
			"@": "2026-03-14T01:02:03.0040000Z", "teamviewer.participant_id": "1660360496", "teamviewer.participant_name": "some one", "event.action": "participant-added"},
		"2026/03/14 01:02:03.004  2136       2488 S0   UDPv4: punch received a=203.0.113.9:50112: (*)":               {"source.ip": "203.0.113.9", "source.port": "50112"},
		"2026/03/14 01:02:03.004  2136       2488 S0   X::Run: authentication using dynamic password was successful": {"event.outcome": "success", "event.category": "authentication"},
		"2026/03/14 01:02:03.004  2136       2488 S0   X::Run: authentication using dynamic password was denied":     {"event.outcome": "failure"},
		"123456789\tSome One\t16-02-2026 14:16:32\t16-02-2026 14:18:36\tann\tRemoteControl\t{b3a4df33-d027-44d5-b50f-4e61115494d4}": {
			"@": "2026-02-16T14:16:32.0000000Z", "@ended": "2026-02-16T14:18:36.0000000Z", "teamviewer.peer_id": "123456789", "teamviewer.peer_name": "Some One", "user.name": "ann", "teamviewer.kind": "RemoteControl",
			"teamviewer.connection_id": "{b3a4df33-d027-44d5-b50f-4e61115494d4}", "event.action": "connection-incoming", "event.dataset": "teamviewer.connections", "message": "RemoteControl from 123456789 (Some One), account ann"},
		"123456789\t\t20-02-2026 13:10:33\t20-02-2026 13:11:52\tann\tFileTransfer\t{b35110b2-7dc5-4bb9-8d54-ca80953f65f8}\t": {
			"@": "2026-02-20T13:10:33.0000000Z", "teamviewer.peer_name": "", "event.action": "connection", "message": "FileTransfer with 123456789, account ann"},
	})
	if s := New().Detect([]byte("1\tA\t16-02-2026 14:16:32\t16-02-2026 14:18:36\tann\tRemoteControl\t{b3}\n"), "x"); s < 92 {
		t.Errorf("a list is detected with %d", s)
	}
}

func TestDamage(t *testing.T) {
	res, events := parsetest.Run(t, New(), []byte("lost\n2026/02/31 01:02:03.004  1  2 S0   x\n1\t\t31-02-2026 14:16:32\t16-02-2026 14:18:36\ta\tb\t{c}\n1\t\t28-02-2026 14:16:32\t31-02-2026 14:18:36\ta\tb\t{c}\n"), "x", parse.Assume{})
	if len(events) != 1 || res.Read != 4 || res.WarningCount != 4 || res.Status != parse.StatusPartial {
		t.Errorf("%d events, %+v", len(events), res)
	}
	for _, text := range []string{"", "hello\n", "{\"a\":1}\n", "2026/03/14 01:02:03 [error] 7#7: *1 x\n", "2026-03-14T01:02:03Z something happened\n", "a\tb\n"} {
		if s := New().Detect([]byte(text), "x.log"); s != 0 {
			t.Errorf("%q: %d", text, s)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Add("123456789\tSome One\t16-02-2026 14:16:32\t16-02-2026 14:18:36\tann\tRemoteControl\t{b3a4}\nStart: (UTC\nStart: (UTC+99:00)\n" + strings.ReplaceAll(sample, "/", "-"))
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "")
		res, events, err := parsetest.Collect(New(), []byte(s), "x", parse.Assume{})
		if err != nil {
			t.Skip()
		}
		parsetest.Counts(t, "fuzzed", res, events)
		parsetest.ValidText(t, events)
	})
}

// TestPlaso compares the count. The values that the table gives under this name are those of two lists that were not published.
func TestPlaso(t *testing.T) {
	a := answersPlaso(t)
	a.Log(t)
	if a.Found != a.Expected || a.Values != 0 {
		t.Errorf("%+v", a)
	}
}

func answersPlaso(t *testing.T) parsetest.Answers {
	return parsetest.Plaso(t, New(), parse.Assume{}, "teamviewer/TeamViewer15_Logfile.log", nil, func(*event.Event, string) (string, bool) { return "", false })
}
