package vsftpd

import (
	"path/filepath"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const day = "Sat Mar 14 01:02:03 2026 "

func TestLines(t *testing.T) {
	parsetest.Lines(t, New(), parse.Assume{}, map[string]map[string]string{
		day + `[pid 2] CONNECT: Client "::ffff:10.0.0.9"`: {"@": "2026-03-14T01:02:03.0000000Z", "event.action": "ftp-connection", "source.ip": "10.0.0.9", "source.address": "::ffff:10.0.0.9", "process.pid": "2",
			"event.kind": "event", "event.category": "network", "event.type": "start", "event.module": "vsftpd", "event.dataset": "vsftpd.log", "network.protocol": "ftp", "message": `[pid 2] CONNECT: Client "::ffff:10.0.0.9"`},
		day + `[pid 3] [mia] FAIL LOGIN: Client "10.0.0.9"`:                                              {"event.action": "ftp-login", "event.outcome": "failure", "user.name": "mia"},
		day + `[pid 3] [ftp] OK LOGIN: Client "10.0.0.9", anon password "a"b"`:                           {"vsftpd.anon_password": `a"b`, "event.outcome": "success"},
		day + `[pid 3] [mia] OK UPLOAD: Client "10.0.0.9", "/tmp/a "b", c.bin", 17 bytes, 1.50Kbyte/sec`: {"file.path": `/tmp/a "b", c.bin`, "file.size": "17", "vsftpd.kbyte_per_second": "1.50", "event.action": "file-uploaded", "event.type": "creation"},
		day + `[pid 3] [mia] FAIL DOWNLOAD: Client "10.0.0.9", "/x", 0.00Kbyte/sec`:                      {"file.path": "/x", "file.size": "", "event.outcome": "failure"},
		day + `[pid 3] [mia] OK RENAME: Client "10.0.0.9", "/a /b"`:                                      {"file.path": "/a", "vsftpd.renamed_to": "/b"},
		day + `[pid 3] [mia] FTP command: Client "10.0.0.9", "PASS <password>"`:                          {"event.action": "ftp-command", "vsftpd.text": "PASS <password>"},
		day + `[pid 3] [] FAIL LOGIN: Client "host.example"`:                                             {"source.domain": "host.example", "user.name": ""},
	})
	for text, want := range map[string]int{day + "[pid 2] CONNECT: Client \"a\"\n": 96, day + "[pid 2] nonsense: x\n": 0, day + "1 10.0.0.9 17 /a b _ i r mia ftp 0 * c\n": 0} {
		if got := New().Detect([]byte(text), "x"); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestDamage(t *testing.T) {
	res, _ := parsetest.Run(t, New(), []byte("Sat Feb 30 01:02:03 2026 [pid 2] CONNECT: Client \"a\"\n"+day+"[pid 2] CONNECT: Client \"\n"), "x", parse.Assume{})
	if res.Read != 2 || res.Parsed != 0 || len(res.Skipped) != 2 {
		t.Errorf("%+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(day+"[pid 2] CONNECT: Client \"a\"\n"), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add(day + `[pid 3] [mia] OK UPLOAD: Client "10.0.0.9", "/a", 17 bytes, 1.50Kbyte/sec`)
	f.Add(day + `[pid 3] [mia] OK RENAME: Client "", "`)
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "x")
		_, events := parsetest.Run(t, New(), []byte(s), "x", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}

// TestTimelineTool compares with what another timeline tool reads.
func TestTimelineTool(t *testing.T) {
	dir := parsetest.SharedData(t, "plaso", "vsftpd.log")
	b := parsetest.Read(t, dir, "files", "vsftpd.log")
	if New().Detect(b, "x") < 92 {
		t.Error("not detected")
	}
	res, events := parsetest.Run(t, New(), b, "vsftpd.log", parse.Assume{})
	t.Logf("ANSWERS plaso vsftpd.log: found %d expected 25", len(events))
	if len(events) != 25 || res.Status != parse.StatusOK {
		t.Fatalf("%d events", len(events))
	}
	for _, v := range parsetest.Table(t, filepath.Join(dir, "values.csv")) {
		if v["file"] != "vsftpd.log" {
			continue
		}
		got := map[string]string{"added_time": events[12].Times[0].At.Format("2006-01-02T15:04:05"), "text": events[12].Get("message"), "data_type": v["expected_value"]}[v["field"]]
		if got != v["expected_value"] {
			t.Errorf("%s is %q, want %q", v["field"], got, v["expected_value"])
		}
	}
}
