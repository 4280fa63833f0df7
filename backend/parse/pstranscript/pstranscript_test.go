package pstranscript

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "\ufeff**********************\r\nWindows PowerShell transcript start\r\nStart time: 20260314010203\r\nUsername: HARBOUR\\mira\r\nRunAs User: HARBOUR\\admin\r\nConfiguration Name: \r\nMachine: WEB01 (Microsoft Windows NT 10.0)\r\nHost Application: powershell.exe -nop\r\nProcess ID: 6456\r\nPSVersion: 5.1\r\n**********************\r\nPS C:\\> whoami\r\nharbour\\mira\r\n**********************\r\nCommand start time: 20260314010300\r\n**********************\r\nPS C:\\> ping x\r\n**********************\r\nWindows PowerShell transcript end\r\nEnd time: 20260314010400\r\n**********************\r\n"

var assume = parse.Assume{Year: 2026, YearBy: "test"}

func TestRecord(t *testing.T) {
	parsetest.Sample(t, New(), sample, assume, []map[string]string{
		{"@timestamp": "2026-03-14T01:02:03.0000000Z", "user.name": "HARBOUR\\mira", "user.effective.name": "HARBOUR\\admin", "host.name": "WEB01", "process.command_line": "powershell.exe -nop", "process.pid": "6456", "powershell.transcript.psversion": "5.1", "powershell.command": "whoami", "powershell.transcript.text": "PS C:\\> whoami\nharbour\\mira", "event.action": "session-start", "message": "PowerShell on WEB01, HARBOUR\\mira as HARBOUR\\admin: whoami"},
		{"@timestamp": "2026-03-14T01:03:00.0000000Z", "user.name": "HARBOUR\\mira", "host.name": "WEB01", "process.pid": "6456", "powershell.command": "ping x", "event.action": "command", "powershell.transcript.text": "PS C:\\> ping x"},
	})
}

// TestFrames: places of the stretches in the file, the end of the session, and lines of stars that a command showed.
func TestFrames(t *testing.T) {
	_, events := parsetest.Run(t, New(), []byte(sample), "x", assume)
	for i, begins := range []string{"Windows PowerShell transcript start\r\n", "Command start time: "} {
		l := events[i].Locator
		if got := sample[l.Offset : l.Offset+l.Length]; !strings.HasPrefix(got, begins) {
			t.Errorf("%d: %q", i, got)
		}
	}
	if times := events[1].Times; len(times) != 2 || times[1].Meaning != event.Ended || event.FormatTime(times[1].At) != "2026-03-14T01:04:00.0000000Z" {
		t.Errorf("%+v", times)
	}
	shown := strings.Replace(sample, "harbour\\mira\r\n", "a\r\n"+stars+"\r\nb\r\nc\r\n"+stars+"\r\n", 1)
	_, events = parsetest.Run(t, New(), []byte(shown), "x", assume)
	if len(events) != 2 || events[0].Get("powershell.transcript.text") != "PS C:\\> whoami\na\nb\nc" {
		t.Errorf("%d events, %q", len(events), events[0].Get("powershell.transcript.text"))
	}
}

// TestVersions: heads of other versions have fewer lines.
func TestVersions(t *testing.T) {
	two := stars + "\nWindows PowerShell transcript start\nStart time: 20260314010203\nUsername  : H\\m \nMachine\t  : WEB01 (Microsoft Windows NT 6.1.7601) \n" + stars + "\nTranscript started\n"
	_, events := parsetest.Run(t, New(), []byte(two), "x", assume)
	parsetest.Fields(t, "version 2", events[0], map[string]string{"user.name": `H\m`, "host.name": "WEB01", "user.effective.name": "", "process.pid": ""})
	if New().Detect([]byte(two), "x") == 0 {
		t.Error("version 2 is not detected")
	}
	seven := stars + "\nPowerShell transcript start\nStart time: 20260314010203\nUsername: ann\nRunAs User: ann\nConfiguration Name: \nMachine: web02 (Unix 6.1.0.0)\nHost Application: pwsh\nProcess ID: 7\nPSVersion: 7.4\nodd key: x\n" + stars + "\n"
	_, events = parsetest.Run(t, New(), []byte(seven), "x", assume)
	parsetest.Fields(t, "version 7", events[0], map[string]string{"user.name": "ann", "host.name": "web02", "process.pid": "7", "powershell.transcript.psversion": "7.4",
		"powershell.transcript.other": "odd key: x", "message": "PowerShell on web02, ann"})
}

func TestNotItsOwn(t *testing.T) {
	parsetest.NotItsOwn(t, New(), sample, assume)
}

func FuzzParse(f *testing.F) {
	parsetest.Fuzz(f, New(), assume, sample, strings.ReplaceAll(sample, " ", "\n"))
}

// TestPlaso compares counts and every published value.
func TestPlaso(t *testing.T) {
	for _, file := range []string{"powershell_transcript.txt", "powershell_transcript_ger.txt"} {
		a := answersPlaso(t, file)
		a.Log(t)
		if a.Found != a.Expected || a.Missed > 0 || a.Values < 15 {
			t.Errorf("%+v", a)
		}
	}
}

func answersPlaso(t *testing.T, file string) parsetest.Answers {
	var beyond map[int]string
	if strings.HasSuffix(file, "_ger.txt") {
		beyond = map[int]string{2: "the other tool drops the commands behind the last time, because no line of stars ends them"}
	}
	fields := map[string]string{"build_version": "buildversion", "clr_version": "clrversion", "compatible_versions": "pscompatibleversions", "edition": "psedition", "machine": "machine",
		"remoting_protocol_version": "psremotingprotocolversion", "serialization_version": "serializationversion", "version": "psversion", "ws_man_stack_version": "wsmanstackversion"}
	return parsetest.Plaso(t, New(), parse.Assume{}, file, beyond, func(e *event.Event, field string) (string, bool) {
		switch field {
		case "commands":
			var kept []string
			for _, line := range strings.Split(e.Get("powershell.transcript.text"), "\n") {
				if line = strings.TrimSpace(line); line != "" {
					kept = append(kept, line)
				}
			}
			return strings.Join(kept, "; "), true
		case "host_application":
			return e.Get("process.command_line"), true
		case "process_identifier":
			return e.Get("process.pid"), true
		case "username":
			return e.Get("user.name"), true
		case "runas_user":
			return e.Get("user.effective.name"), true
		case "start_time":
			return parsetest.PrimaryTime(e), true
		}
		return e.Get("powershell.transcript." + fields[field]), field != "data_type"
	})
}
