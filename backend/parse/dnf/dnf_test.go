package dnf

import (
	"testing"
	"time"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

var assume = parse.Assume{ModTime: time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)}

func TestLines(t *testing.T) {
	parsetest.Lines(t, New(), assume, map[string]map[string]string{
		"Mar 14 01:02:03 Installed: 1:nmap-ncat-6.40-19.el7.x86_64": {"@": "2026-03-14T01:02:03.0000000Z", "event.kind": "event", "event.category": "package", "event.type": "installation", "event.action": "package-installed",
			"event.outcome": "success", "event.module": "dnf", "event.dataset": "dnf.yum", "package.name": "nmap-ncat", "package.version": "6.40-19.el7", "package.architecture": "x86_64", "dnf.package": "1:nmap-ncat-6.40-19.el7.x86_64",
			"message": "Installed: 1:nmap-ncat-6.40-19.el7.x86_64"},
		"Mar  4 01:02:03 Erased: auditd":                                     {"event.type": "deletion", "package.name": "auditd", "package.version": ""},
		"2026-03-14T01:02:03+0100 SUBDEBUG Upgraded: curl-7.2-1.fc40.x86_64": {"@": "2026-03-14T00:02:03.0000000Z", "event.dataset": "dnf.log", "log.level": "subdebug", "event.action": "package-updated", "package.name": "curl"},
		"2026-03-14T01:02:03Z DDEBUG Command: dnf install -y nmap: extra":    {"log.level": "ddebug", "event.type": "info", "event.action": "", "message": "Command: dnf install -y nmap: extra"},
		"2026-03-14T01:02:03Z INFO --- logging initialized ---":              {"message": "--- logging initialized ---"},
	})
	for text, want := range map[string]int{
		"2026-03-14T01:02:03Z INFO --- logging initialized ---\n2026-03-14T01:02:03Z DDEBUG timer: config: 3 ms\n": 95, "Mar 14 01:02:03 Installed: a-1-2.noarch\n": 95,
		"2026-03-14T01:02:03Z INFO server started\n": 0, "Mar 14 01:02:03 host Installed: a\n": 0, "": 0,
	} {
		if got := New().Detect([]byte(text), "x"); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestDamageAndContinuation(t *testing.T) {
	text := "lost\n2026-03-14T01:02:03Z INFO Dependencies resolved.\n====\n Package\n2026-02-30T01:02:03Z INFO never\nFeb 30 01:02:03 Installed: a\n"
	res, events := parsetest.Run(t, New(), []byte(text), "dnf.log", assume)
	if res.Read != 4 || res.Parsed != 1 || events[0].Get("message") != "Dependencies resolved.\n====\n Package" {
		t.Errorf("%+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(text), assume)
}

func FuzzParse(f *testing.F) {
	f.Add("Mar 14 01:02:03 Installed: 1:nmap-ncat-6.40-19.el7.x86_64\n2026-03-14T01:02:03Z SUBDEBUG Erase: -.-\n x")
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "x")
		_, events := parsetest.Run(t, New(), []byte(s), "x", assume)
		parsetest.ValidText(t, events)
	})
}
