package syslog

import (
	"fmt"
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func TestRepeated(t *testing.T) {
	log := "Jan  3 01:02:03 h sshd[1]: Failed password for root from 10.0.0.9 port 22 ssh2\n" +
		"Jan  3 01:02:04 h last message repeated 3 times\n" +
		"Jan  3 01:02:05 other last message repeated 2 times\n" +
		"Jan  3 01:02:06 h sshd[1]: message repeated 5 times: [ Failed password for invalid user a from 10.0.0.8 port 23 ssh2]\n" +
		"Jan  3 01:02:07 --- last message repeated 1 time ---\n" +
		"Jan  3 01:02:08 h a: last message repeated many times\n"
	res, events := run(t, log, parse.Assume{ModTime: mtime})
	if len(events) != 6 || res.Status != parse.StatusOK {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	for i, want := range []map[string]string{
		{"syslog.repeated": "", "event.action": "ssh-login-failed"},
		{"syslog.repeated": "3", "event.action": "ssh-login-failed", "user.name": "root", "source.ip": "10.0.0.9", "syslog.repeated_program": "sshd",
			"syslog.repeated_message": "Failed password for root from 10.0.0.9 port 22 ssh2", "message": "last message repeated 3 times", "event.dataset": "system.auth", "process.name": ""},
		{"syslog.repeated": "2", "event.action": "", "syslog.repeated_message": ""}, // another host's line
		{"syslog.repeated": "5", "event.action": "ssh-login-failed", "user.name": "a", "source.ip": "10.0.0.8", "process.name": "sshd"},
		{"syslog.repeated": "1", "source.ip": "10.0.0.9"}, // the line before that was not itself a repetition
		{"syslog.repeated": "", "event.action": ""},
	} {
		parsetest.Fields(t, fmt.Sprint(i), events[i], want)
	}
}

// TestFrames: octet-counted messages, one of them with a line break in it, one cut short by the end of the file.
func TestFrames(t *testing.T) {
	messages := []string{"<34>1 2026-03-14T01:02:03Z h su - ID47 - 'su root' failed", "<13>1 2026-03-14T01:02:04Z h app 7 - - two\nlines", "<13>Mar 14 01:02:05 h app[7]: old form"}
	var b strings.Builder
	for _, m := range messages {
		fmt.Fprintf(&b, "%d %s", len(m), m)
	}
	text := b.String()
	if New().Detect([]byte(text), "x") != 85 || New().Detect([]byte("12 <34> nonsense"), "x") != 0 || New().Detect([]byte("3 monkeys\n"), "x") != 0 {
		t.Error("detection of frames")
	}
	res, events := run(t, text+"999 <13>1 2026-03-14T01:02:06Z h app - - - cut", parse.Assume{ModTime: mtime.AddDate(0, 3, 0)})
	if len(events) != 4 || res.Status != parse.StatusOK {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	for i, m := range messages {
		l := events[i].Locator
		if got := text[l.Offset : l.Offset+l.Length]; got != m {
			t.Errorf("the locator frames %q", got)
		}
	}
	if events[1].Get("message") != "two\nlines" || events[2].Get("process.pid") != "7" || events[3].Get("message") != "cut" {
		t.Errorf("%v %v %v", events[1].Fields, events[2].Fields, events[3].Fields)
	}
	// Where a count is lost the rest of the line is skipped, and what stands behind it is read.
	res, events = run(t, text+"garbage\n"+text, parse.Assume{ModTime: mtime.AddDate(0, 3, 0)})
	if len(events) != 6 || res.Read != 7 || res.Skipped[0].Count != 1 {
		t.Errorf("%d events, %+v", len(events), res)
	}
	parsetest.EmitErrorStops(t, New(), []byte(text), parse.Assume{ModTime: mtime})
}

func TestContinuations(t *testing.T) {
	res, events := run(t, "head\nJan  3 01:02:03 h app: a\nb\nc\nJan 40 01:02:03 h damaged\nnot of the line before\n2026-03-14T01:02:03Z h app: d\n", parse.Assume{ModTime: mtime})
	if len(events) != 2 || events[0].Get("message") != "a\nb\nc" || res.Read != 4 || res.WarningCount != 3 {
		t.Fatalf("%d events, %+v", len(events), res)
	}
}

func TestRsyslogTemplates(t *testing.T) {
	parsetest.Lines(t, New(), parse.Assume{ModTime: mtime}, map[string]map[string]string{
		"<15>1 2021-03-06T04:07:38.251122+00:00 hostname log_tag - 123 -  this is debug": {"@": "2021-03-06T04:07:38.2511220Z", "process.name": "log_tag", "log.syslog.msgid": "123",
			"log.syslog.severity.name": "debug", "log.syslog.facility.name": "user", "message": " this is debug"},
		"Mar  6 04:07:28 hostname log_tag this is debug":                        {"process.name": "log_tag", "message": "log_tag this is debug", "host.name": "hostname"},
		"Mar  6 04:07:28 hostname this-and that":                                {"process.name": "this-and", "message": "this-and that"},
		"Mar  6 04:07:28 hostname link up, all well":                            {"process.name": "", "message": "link up, all well"},
		"Mar  6 04:07:28.123456 hostname cron[1]: x":                            {"@": "2025-03-06T04:07:28.1234560Z"},
		"2026-03-14T01:02:03.123456-05:00 h kernel: [1.5] x":                    {"@": "2026-03-14T06:02:03.1234560Z", "process.name": "kernel"},
		"<30>2026-03-14T01:02:03.5+01:00 h systemd[1]: Started x.":              {"@": "2026-03-14T00:02:03.5000000Z", "log.syslog.facility.name": "daemon"},
		`<165>1 2003-10-11T22:14:15Z h a - ID47 [x@1 k="a\"b\\c\]d" e=""][y] m`: {"log.syslog.structured_data.x@1.k": `a"b\c]d`, "log.syslog.structured_data.x@1.e": "", "message": "m"},
		`<165>1 2003-10-11T22:14:15Z h a - ID47 [x@1 k="never closed m`:         {"message": `[x@1 k="never closed m`},
	})
}

func TestAccounts(t *testing.T) {
	want := map[string]map[string]string{}
	for line, fields := range map[string]map[string]string{
		"sshd[1]: Starting session: shell on pts/0 for mia from 10.0.0.1 port 5 id 0":                               {"event.action": "ssh-session-started", "syslog.tty": "pts/0", "user.name": "mia", "event.type": "start"},
		"sshd[1]: Starting session: subsystem 'sftp' for mia from 10.0.0.1 port 5 id 0":                             {"event.action": "ssh-session-started", "user.name": "mia", "syslog.verb": "subsystem"},
		"sshd-session[1]: Disconnecting invalid user x 10.0.0.1 port 5: Too many authentication failures [preauth]": {"event.action": "ssh-disconnected", "user.name": "x", "source.ip": "10.0.0.1"},
		"sshd[1]: Unable to negotiate with 10.0.0.1 port 5: no matching key exchange method found.":                 {"event.action": "ssh-negotiation-failed", "source.port": "5"},
		"sshd[1]: error: PAM: Authentication failure for illegal user x from 10.0.0.1":                              {"event.action": "ssh-login-failed", "user.name": "x", "source.ip": "10.0.0.1"},
		"sudo:      mia : TTY=pts/0 ; PWD=/root ; USER=root ; TSID=00001 ; ENV=A=b ; COMMAND=/bin/sh -c ls ; id":    {"event.action": "sudo-command", "process.command_line": "/bin/sh -c ls ; id"},
		"su[3]: - pts/0 mia:root": {"event.action": "su-failed", "user.target.name": "root", "event.outcome": "failure"},
		"pkexec[3]: mia: Executing command [USER=root] [TTY=unknown] [CWD=/home/mia] [COMMAND=/usr/bin/id]": {"event.action": "pkexec-command", "process.command_line": "/usr/bin/id"},
		"usermod[3]: lock user 'mia' password":                                        {"event.action": "user-locked", "user.name": "mia", "event.category": "iam", "event.type": "change"},
		"gpasswd[3]: user mia removed by root from group sudo":                        {"event.action": "user-removed-from-group", "user.effective.name": "root", "group.name": "sudo"},
		"passwd[3]: password for 'mia' changed by 'root'":                             {"event.action": "password-changed", "user.name": "mia"},
		"login[3]: FAILED LOGIN (1) on '/dev/tty1' FOR 'mia', Authentication failure": {"event.action": "login-failed", "user.name": "mia"},
		"login[3]: ROOT LOGIN  ON tty1":                                               {"event.action": "login-accepted", "syslog.tty": "tty1"},
		"vsftpd[3]: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=a rhost=10.0.0.4  user=mia": {"event.action": "authentication-failed", "syslog.pam_service": "vsftpd", "source.ip": "10.0.0.4", "user.name": "mia", "event.dataset": "system.auth"},
		"systemd[3]: pam_unix(systemd-user:session): session opened for user mia(uid=1000) by (uid=0)":                             {"event.action": "session-opened", "user.name": "mia"},
		"systemd[1]: Started Session 3 of user mia.":                                                                               {"event.action": "", "event.dataset": "system.syslog"},
		"dropbear[9]: Password auth succeeded for 'root' from 10.0.0.5:4444":                                                       {"event.action": "ssh-login-accepted", "source.port": "4444"},
		"crontab[9]: (mia) REPLACE (mia)":                                                                                          {"event.action": "crontab-changed"},
		"CRON[9]: (mia) AUTH (crontab command not allowed)":                                                                        {"event.action": "crontab-refused", "event.outcome": "failure"},
	} {
		want["Jan  3 01:02:03 h "+line] = fields
	}
	parsetest.Lines(t, New(), parse.Assume{ModTime: mtime}, want)
}
