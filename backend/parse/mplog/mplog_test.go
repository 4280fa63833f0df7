package mplog

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

// sample is written for this test in the form of the product; no such thing happened.
const sample = "----------\r\nProduct: Microsoft Antimalware\r\n\r\n" +
	"2026-03-14T01:02:03.004Z ProcessImageName: x, y.exe, Pid: 7836, TotalTime: 6070, Count: 24, MaxTime: 828, MaxTimeFile: \\Device\\HarddiskVolume1\\a, b.exe, EstimatedImpact: 12%\r\n" +
	"2026-03-14T01:02:04.004Z DETECTIONEVENT MPSOURCE_REALTIME HackTool:Win32/Test file:C:\\a b.exe;process:pid:7;file:C:\\c.exe;\r\n" +
	"2026-03-14T01:02:05.004Z SDN:Issuing SDN query for \\\\?\\C:\\a.exe (\\\\?\\C:\\a.exe) (sha1=00AA, sha2=11bb)\r\n" +
	"2026-03-14T01:02:06.004Z Engine:command line reported as lowfi: C:\\x.exe(-enc AA)\r\n" +
	"BEGIN BM telemetry\r\nGUID:{1}\r\nEND BM telemetry\r\n" +
	"2026-03-14T01:02:07.004Z Signature updated\r\n"

// wide is the text as the product writes it.
func wide(s string) []byte {
	b := []byte{0xff, 0xfe}
	for _, c := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	return b
}

func TestRecord(t *testing.T) {
	common := map[string]string{"event.module": "windows", "event.dataset": "windows.defender_mplog", "event.kind": "event"}
	lines := strings.Split(strings.ReplaceAll(sample, "\r\n", "\n"), "\n")
	message := func(i int) string { return lines[i][len("2026-03-14T01:02:03.004Z "):] }
	for name, b := range map[string][]byte{"UTF-8": []byte(sample), "UTF-16": wide(sample)} {
		if s := New().Detect(b, "x"); s < 92 {
			t.Fatalf("%s is detected with %d", name, s)
		}
		res, events := parsetest.Run(t, New(), b, "x", parse.Assume{})
		parsetest.ValidText(t, events)
		if res.Status != parse.StatusOK || len(events) != 5 || res.Local != 0 {
			t.Fatalf("%d events, %+v", len(events), res)
		}
		for i, want := range []map[string]string{
			{"@": "2026-03-14T01:02:03.0040000Z", "process.name": "x, y.exe", "process.pid": "7836", "mplog.TotalTime": "6070", "mplog.Count": "24", "mplog.MaxTime": "828", "file.path": `\Device\HarddiskVolume1\a, b.exe`,
				"mplog.EstimatedImpact": "12", "event.category": "process", "event.action": "scan-impact", "message": message(3)},
			{"@": "2026-03-14T01:02:04.0040000Z", "event.kind": "alert", "mplog.source": "MPSOURCE_REALTIME", "threat.name": "HackTool:Win32/Test", "file.path": `C:\a b.exe C:\c.exe`, "mplog.resource": "process:pid:7",
				"event.category": "malware", "event.action": "detectionevent", "message": message(4)},
			{"@": "2026-03-14T01:02:05.0040000Z", "file.path": `C:\a.exe`, "file.hash.sha1": "00aa", "file.hash.sha256": "11bb", "event.category": "file", "event.action": "cloud-query", "message": message(5)},
			{"@": "2026-03-14T01:02:06.0040000Z", "process.command_line": `C:\x.exe(-enc AA)`, "event.category": "process", "event.action": "command-line", "message": message(6) + "\nBEGIN BM telemetry\nGUID:{1}\nEND BM telemetry"},
			{"@": "2026-03-14T01:02:07.0040000Z", "message": "Signature updated"},
		} {
			for k, v := range common {
				if want[k] == "" {
					want[k] = v
				}
			}
			parsetest.AllFields(t, name, events[i], want)
		}
	}
	parsetest.EmitErrorStops(t, New(), []byte(sample), parse.Assume{})
}

func TestNotItsOwn(t *testing.T) {
	for _, text := range []string{"", "hello\n", "{\"a\":1}\n", "2026-03-14T01:02:03.004Z something happened\n", "2026-03-14T01:02:03.123456Z 0 [Note] InnoDB: started\n", "Windows Defender was started\n", "2026-03-14T01:02:03.004Z app: ProcessImageName: x, Windows Defender\n"} {
		if s := New().Detect([]byte(text), "x.log"); s != 0 {
			t.Errorf("%q: %d", text, s)
		}
	}
	res, events := parsetest.Run(t, New(), []byte("head\n2026-02-31T01:02:03.004Z x\n2026-02-28T01:02:03.004Z ProcessImageName: a\nEstimatedImpact: \n"), "x", parse.Assume{})
	if len(events) != 1 || res.Read != 2 || res.Status != parse.StatusPartial {
		t.Errorf("%d events, %+v", len(events), res)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sample))
	f.Add(wide(sample))
	f.Add([]byte("2026-02-28T01:02:03.004Z ProcessImageName: , Pid: , Pid: x\n2026-02-28T01:02:03.004Z DETECTION\n2026-02-28T01:02:03.004Z SDN:Issuing SDN query for  (sha1="))
	f.Fuzz(func(t *testing.T, b []byte) {
		New().Detect(b, "")
		res, events, err := parsetest.Collect(New(), b, "x", parse.Assume{})
		if err != nil {
			t.Skip()
		}
		parsetest.Counts(t, "fuzzed", res, events)
		parsetest.ValidText(t, events)
	})
}
