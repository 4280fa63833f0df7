package syslog

import (
	"errors"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

var mtime = time.Date(2026, 1, 3, 12, 0, 0, 0, time.UTC)

func run(t testing.TB, text string, a parse.Assume) (parse.Result, []*event.Event) {
	t.Helper()
	res, events := parsetest.Run(t, New(), []byte(text), "auth.log", a)
	parsetest.ValidText(t, events)
	return res, events
}

func TestForms(t *testing.T) {
	for _, c := range []struct {
		line, at, assumed, host, program, pid, message string
	}{
		{"<34>Oct 11 22:14:15 mymachine su: 'su root' failed", "2025-10-11T22:14:15.0000000Z", "default", "mymachine", "su", "", "'su root' failed"},
		{"Jan  3 01:02:03.5 fs01 sshd[77]: hello", "2026-01-03T01:02:03.5000000Z", "default", "fs01", "sshd", "77", "hello"},
		{"Jan 03 2024 01:02:03 fw01 kernel: [1.2] drop", "2024-01-03T01:02:03.0000000Z", "default", "fw01", "kernel", "", "[1.2] drop"},
		{"Jan  3 01:02:03 systemd[1]: no host here", "2026-01-03T01:02:03.0000000Z", "default", "", "systemd", "1", "no host here"},
		{"Jan  3 01:02:03 fs01 no program here", "2026-01-03T01:02:03.0000000Z", "default", "fs01", "", "", "no program here"},
		{"Jan  3 01:02:03 mac com.apple.xpc.launchd[1] (com.x.y): exited", "2026-01-03T01:02:03.0000000Z", "default", "mac", "com.apple.xpc.launchd", "1", "exited"},
		{"Jan  3 01:02:03 --- last message repeated 2 times ---", "2026-01-03T01:02:03.0000000Z", "default", "", "", "", "--- last message repeated 2 times ---"},
		{"2026-03-14T01:02:03.123456+02:00 fs01 cron[9]: x", "2026-03-13T23:02:03.1234560Z", "", "fs01", "cron", "9", "x"},
		{"<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut=\"3\" eventSource=\"App\\\"lication\"] BOM", "2003-10-11T22:14:15.0030000Z", "", "mymachine.example.com", "evntslog", "", "BOM"},
		{"<34>1 - - - - - -", "", "", "", "", "", ""},
	} {
		_, events := run(t, c.line+"\n", parse.Assume{ModTime: mtime})
		if len(events) != 1 {
			t.Errorf("%q: %d events", c.line, len(events))
			continue
		}
		e := events[0]
		at, assumed := "", ""
		if len(e.Times) > 0 {
			at, assumed = event.FormatTime(e.Times[0].At), e.Times[0].Assumed
		}
		if at != c.at || assumed != c.assumed || e.Get("host.name") != c.host || e.Get("process.name") != c.program || e.Get("process.pid") != c.pid || e.Get("message") != c.message {
			t.Errorf("%q: %s %q host %q program %q pid %q message %q", c.line, at, assumed, e.Get("host.name"), e.Get("process.name"), e.Get("process.pid"), e.Get("message"))
		}
	}
	_, events := run(t, "<165>1 2003-10-11T22:14:15Z h a - ID47 [x@1 iut=\"3\"][y k=\"a\\]b\"] m\n", parse.Assume{})
	if e := events[0]; e.Get("log.syslog.structured_data.x@1.iut") != "3" || e.Get("log.syslog.structured_data.y.k") != "a]b" ||
		e.Get("log.syslog.facility.name") != "local4" || e.Get("log.syslog.severity.code") != "5" || e.Get("log.syslog.msgid") != "ID47" {
		t.Errorf("%+v", e.Fields)
	}
}

func TestYears(t *testing.T) {
	log := "Nov 30 10:00:00 h a: 1\nDec 31 23:59:59 h a: 2\nJan  1 00:00:01 h a: 3\nDec 31 23:59:58 h a: late\nJan  2 00:00:00 h a: 4\n"
	years := func(events []*event.Event) (out []int) {
		for _, e := range events {
			out = append(out, e.Times[0].At.Year())
		}
		return out
	}
	same := func(got []int, want ...int) bool {
		for i := range want {
			if i >= len(got) || got[i] != want[i] {
				return false
			}
		}
		return len(got) == len(want)
	}
	res, events := run(t, log, parse.Assume{ModTime: mtime})
	if got := years(events); !same(got, 2025, 2025, 2026, 2025, 2026) {
		t.Errorf("by the file's time: %v", got)
	}
	if want := "Times without a year were put into 2025 to 2026 by the file's modification time; nobody has answered which year it was. times without a zone were read as UTC; nobody has answered which zone this source used"; res.Note != want {
		t.Errorf("note %q", res.Note)
	}
	res, events = run(t, log, parse.Assume{Year: 2019, YearBy: "abc", Zone: time.FixedZone("+01:00", 3600), ZoneBy: "def", ModTime: mtime})
	if got := years(events); !same(got, 2019, 2019, 2019, 2019, 2020) { // 00:00:01 at +01:00 is still 2019 in UTC
		t.Errorf("answered: %v", got)
	}
	if events[0].Times[0].Assumed != "def" || !strings.Contains(res.Note, "as answered in entry abc") {
		t.Errorf("%+v, %q", events[0].Times, res.Note)
	}
	_, events = run(t, "Mar 10 10:00:00 h a: 1\n", parse.Assume{ModTime: mtime})
	if got := years(events); !same(got, 2025) {
		t.Errorf("not after the file's time: %v", got)
	}
	_, events = run(t, "Feb 29 10:00:00 h a: 1\n", parse.Assume{ModTime: mtime})
	if got := years(events); !same(got, 2024) {
		t.Errorf("leap day: %v", got)
	}
	_, _, err := parsetest.Collect(New(), []byte(log), "x", parse.Assume{})
	if !errors.Is(err, parse.ErrNeedsAnswer) {
		t.Errorf("without any year: %v", err)
	}
}

func TestMeaning(t *testing.T) {
	for line, want := range map[string]map[string]string{
		"sshd[1]: Accepted publickey for vagrant from 10.0.2.2 port 63673 ssh2: RSA 39:33":               {"event.action": "ssh-login-accepted", "event.outcome": "success", "user.name": "vagrant", "source.ip": "10.0.2.2", "source.port": "63673", "syslog.ssh_method": "publickey", "event.dataset": "system.auth"},
		"sshd[1]: Failed password for invalid user a from b from 10.0.2.2 port 1 ssh2":                   {"event.action": "ssh-login-failed", "user.name": "a from b", "source.ip": "10.0.2.2"},
		"sshd[1]: Failed none for invalid user  from fe80::1 port 22 ssh2":                               {"event.action": "ssh-login-failed", "source.ip": "fe80::1"},
		"sudo:  tsg : user NOT in sudoers ; TTY=pts/1 ; PWD=/home/x ; USER=root ; COMMAND=/bin/ls":       {"event.action": "sudo-refused", "event.outcome": "failure", "user.name": "tsg", "user.target.name": "root", "process.command_line": "/bin/ls"},
		"sudo: mia : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/cat /etc/shadow":               {"event.action": "sudo-command", "user.name": "mia", "process.command_line": "/usr/bin/cat /etc/shadow", "process.working_directory": "/root"},
		"su[9]: FAILED SU (to root) mia on pts/1":                                                        {"event.action": "su-failed", "user.name": "mia", "user.target.name": "root"},
		"useradd[6]: new user: name=backup2, UID=0, GID=48, home=/var, shell=/bin/bash, from=/dev/pts/1": {"event.action": "user-added", "user.name": "backup2", "user.id": "0", "event.outcome": "success"},
		"usermod[6]: add 'backup2' to group 'sudo'":                                                      {"event.action": "user-added-to-group", "user.name": "backup2", "group.name": "sudo"},
		"CRON[7]: (root) CMD (  run-parts /etc/cron.hourly)":                                             {"event.action": "cron-command", "user.name": "root", "process.command_line": "  run-parts /etc/cron.hourly"},
		"nginx[7]: hello": {"event.action": "", "event.dataset": "system.syslog"},
	} {
		_, events := run(t, "Jan  3 01:02:03 h "+line+"\n", parse.Assume{ModTime: mtime})
		for name, v := range want {
			if got := events[0].Get(name); got != v {
				t.Errorf("%q: %s is %q, want %q", line, name, got, v)
			}
		}
	}
	if _, err := compileAuth(); err != nil {
		t.Fatal(err)
	}
}

func TestDamage(t *testing.T) {
	text := "garbage\nJan  3 01:02:03 h a: caf\xe9\n\tmore\xff\n\n\x00\x00\nJan 40 01:02:03 h a: x\nFeb 30 01:02:03 h a: x\nJan  3 01:02:04 h a: end"
	res, events := run(t, text, parse.Assume{ModTime: mtime})
	if res.Read != 5 || res.Parsed != 2 || res.Status != parse.StatusPartial || res.WarningCount != 4 {
		t.Errorf("%+v", res)
	}
	e := events[0]
	if e.Get("message") != "caf\uFFFD\n\tmore\uFFFD" || text[e.Locator.Offset:e.Locator.Offset+e.Locator.Length] != "Jan  3 01:02:03 h a: caf\xe9\n\tmore\xff" {
		t.Errorf("%q at %v", e.Get("message"), e.Locator)
	}
	if res, _ := run(t, "", parse.Assume{ModTime: mtime}); res.Status != parse.StatusEmpty {
		t.Errorf("empty file: %+v", res)
	}
	if res, _ := run(t, "a\nb\n", parse.Assume{ModTime: mtime}); res.Status != parse.StatusFailed {
		t.Errorf("no syslog: %+v", res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(text), parse.Assume{ModTime: mtime})
}

func FuzzParse(f *testing.F) {
	f.Add("<34>1 2003-10-11T22:14:15.003Z h a 1 ID [x y=\"z\"] m\nJan  3 01:02:03 h sshd[1]: Failed password for a from 1.2.3.4 port 1 ssh2\n\tmore\n")
	f.Add("Feb 29 23:59:60 x\n2026-03-14T01:02:03 \n<999>\n")
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "messages")
		run(t, s, parse.Assume{ModTime: mtime})
	})
}

// TestPrefixes: no rule is passed over for its prefix on a text that it fits.
func TestPrefixes(t *testing.T) {
	for pattern, want := range map[string]string{`^Accepted (?P<a>x)`: "Accepted ", `^a?b`: "", `^ab*`: "a", `x`: "", `^(?:a|b)`: "", `^pam_unix\(x`: "pam_unix", `^a|^b`: ""} {
		if got := prefixOf(pattern); got != want {
			t.Errorf("%s: %q, want %q", pattern, got, want)
		}
	}
	for program, rules := range authRules() {
		for _, r := range rules {
			if strings.Contains(r.pattern.String()[:len(r.prefix)+1], "|") {
				t.Errorf("%s: %s", program, r.pattern)
			}
		}
	}
}
