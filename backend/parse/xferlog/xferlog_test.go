package xferlog

import (
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

const day = "Sat Mar  7 01:02:03 2026 "

func TestLines(t *testing.T) {
	parsetest.Lines(t, New(), parse.Assume{}, map[string]map[string]string{
		day + "1 10.0.0.9 1884648 /srv/a b _ i c.bin b _ i r mia ftp 0 * c": {"@": "2026-03-07T01:02:03.0000000Z", "event.kind": "event", "event.category": "file", "event.type": "creation", "event.action": "file-uploaded",
			"event.outcome": "success", "event.module": "xferlog", "event.dataset": "xferlog.log", "event.duration": "1000000000", "network.protocol": "ftp", "source.ip": "10.0.0.9", "source.address": "10.0.0.9",
			"file.size": "1884648", "file.path": "/srv/a b _ i c.bin", "user.name": "mia", "xferlog.transfer_type": "binary", "xferlog.special_action": "", "xferlog.access": "real",
			"xferlog.authentication_method": "none", "xferlog.authenticated_user": "", "message": "mia at 10.0.0.9: /srv/a b _ i c.bin received, 1884648 bytes"},
		day + "0 h.example 0 /a a CU o a me@x ftp 1 bob i": {"event.outcome": "failure", "event.duration": "0", "source.domain": "h.example", "xferlog.special_action": "CU", "xferlog.authenticated_user": "bob", "xferlog.access": "anonymous",
			"message": "me@x at h.example: /a sent, 0 bytes, incomplete"},
		day + "0 h 7 /a a _ d g x sftp 0 *": {"event.outcome": "", "event.action": "file-deleted", "network.protocol": "sftp"},
	})
	for text, want := range map[string]int{day + "1 h 7 /a b _ i r mia ftp 0 * c\n": 96, day + "[pid 2] CONNECT: Client \"10.0.0.9\"    \n": 0, day + "one two three four five six seven eight nine\n": 0} {
		if got := New().Detect([]byte(text), "x"); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestDamage(t *testing.T) {
	res, _ := parsetest.Run(t, New(), []byte("Sat Feb 30 01:02:03 2026 1 h 7 /a b _ i r mia ftp 0 * c\n"+day+"1 h 7 /a b _ i\n"), "x", parse.Assume{})
	if res.Read != 2 || res.Parsed != 0 || len(res.Skipped) != 2 {
		t.Errorf("%+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(day+"1 h 7 /a b _ i r mia ftp 0 * c\n"), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add(day + "1 10.0.0.9 1884648 /srv/a b _ i r mia ftp 0 * c")
	f.Add(day + "1 h 7  b _ i r  ftp 0 * ")
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "x")
		_, events := parsetest.Run(t, New(), []byte(s), "x", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}
