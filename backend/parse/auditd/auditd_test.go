package auditd

import (
	"strings"
	"testing"

	"adjutant/backend/parse"
	"adjutant/backend/parse/parsetest"
)

func TestSample(t *testing.T) {
	b := parsetest.Read(t, "testdata", "audit.log")
	res, events := parsetest.Run(t, New(), b, "audit.log", parse.Assume{})
	parsetest.ValidText(t, events)
	if len(events) != 3 || res.Status != parse.StatusPartial || res.Read != 4 || !strings.HasPrefix(res.Note, "9 audit records make 3 events") {
		t.Fatalf("%d events, %+v", len(events), res)
	}
	parsetest.Fields(t, "execve", events[0], map[string]string{
		"@": "2026-03-14T01:02:03.4560000Z", "host.name": "web01", "event.action": "executed", "event.category": "process", "event.type": "start", "event.outcome": "success",
		"event.kind": "event", "event.module": "auditd", "event.dataset": "auditd.log", "process.args": "sh -c curl -s x", "process.command_line": "sh -c curl -s x",
		"process.name": "sh", "process.executable": "/usr/bin/dash", "process.pid": "4243", "process.parent.pid": "4242", "process.working_directory": "/root", "process.title": "sh -c",
		"user.id": "0", "user.name": "root", "user.audit.id": "1000", "user.audit.name": "mia", "user.effective.name": "root", "user.group.name": "root", "user.saved.id": "0", "user.filesystem.id": "0",
		"user.effective.group.id": "0", "user.saved.group.name": "root", "user.filesystem.group.id": "0",
		"file.path": "/tmp/a b ", "file.inode": "17", "file.mode": "0755", "file.owner": "mia", "file.group": "mia", "file.uid": "1000", "file.device": "00:00",
		"auditd.sequence": "901", "auditd.records": "6", "auditd.record_types": "SYSCALL EXECVE CWD PATH PROCTITLE", "auditd.key": "rootcmd", "auditd.session": "7",
		"auditd.data.syscall": "execve", "auditd.data.arch": "x86_64", "auditd.data.tty": "pts0", "auditd.data.exit": "0", "auditd.data.a0": "55d0", "auditd.data.argc": "3",
		"auditd.paths.0.nametype": "NORMAL", "auditd.selinux.user": "unconfined", "auditd.summary.object.type": "file", "auditd.summary.how": "/usr/bin/dash", "auditd.category": "audit-rule",
		"message": "mia executed /tmp/a b  with /usr/bin/dash: sh -c curl -s x; success",
	})
	l := events[0].Locator
	if framed := string(b[l.Offset : l.Offset+l.Length]); !strings.HasPrefix(framed, "node=web01 type=SYSCALL") || !strings.HasSuffix(framed, ":901): ") {
		t.Errorf("the locator frames %q", framed)
	}
	parsetest.Fields(t, "login", events[1], map[string]string{"event.action": "logged-in", "event.outcome": "failure", "user.name": "mia mia", "source.ip": "10.0.0.9", "user.audit.id": "", "event.category": "authentication"})
	parsetest.Fields(t, "connect", events[2], map[string]string{"event.action": "connected-to", "destination.ip": "2001:db8::1", "destination.port": "443", "network.direction": "egress",
		"auditd.data.exit": "ECONNREFUSED", "auditd.data.arch": "aarch64", "auditd.key": "", "message": "uid 33 connected to 2001:db8::1 (443) with /usr/bin/curl; failure (ECONNREFUSED)"})
}

func TestTables(t *testing.T) {
	set, err := loadTables()
	if err != nil {
		t.Fatal(err)
	}
	if set.syscalls["x86_64"]["59"] != "execve" || set.syscalls["aarch64"]["221"] != "execve" || set.types["1323"] != "MMAP" || set.category["MMAP"] != "audit-rule" || set.errno["13"] != "EACCES" || set.byCall["*"] == nil {
		t.Error("a table is not what it should be")
	}
}

// TestAbsent: numbers that do not occur are counted, those that come late or after a start of the machine are none.
func TestAbsent(t *testing.T) {
	for _, c := range []struct {
		serials []uint32
		want    int64
	}{
		{[]uint32{1, 2, 3}, 0}, {[]uint32{1, 5}, 3}, {[]uint32{10, 9, 11}, 0}, {[]uint32{4294967295, 0, 1, 3}, 1}, {[]uint32{5000, 1, 2}, 0}, {[]uint32{1, 2_000_000, 2_000_001}, 0},
	} {
		var s serials
		for _, n := range c.serials {
			s.saw(n)
		}
		if s.absent != c.want {
			t.Errorf("%v: %d absent, want %d", c.serials, s.absent, c.want)
		}
	}
}

func TestHeader(t *testing.T) {
	for line, want := range map[string]bool{
		"type=A msg=audit(1.2:3): x": true, "type=A msg=audit(1.2:3)": true, "type=A msg=audit(1.2:3) x": true, "type=UNKNOWN[1329] msg=audit(1.2:3):": true, "node=a.b type=A msg=audit(1.2:3):": true,
		"type=A msg=audit(1:3): x": false, "type=A msg=audit(): x": false, "type= msg=audit(1.2:3):": false, "msg=audit(1.2:3):": false, "type=a msg=audit(1.2:3):": false,
		"type=A msg=audit(1.2:4294967296):": false, "type=A msg=audit(1.2:3)x": false, "type=A[x] msg=audit(1.2:3):": false, "node=a": false, "type=A msg=audit(-1.2:3):": false, "": false,
	} {
		if _, _, ok := parseHeader(line); ok != want {
			t.Errorf("%q: %v", line, ok)
		}
	}
	if New().Detect([]byte("type=A msg=audit(1.2:3): x\n"), "x") != 97 || New().Detect([]byte("Mar 1 00:00:00 h audit: type=1400 audit(1.2:3): x\n"), "x") != 0 {
		t.Error("detection")
	}
	parsetest.EmitErrorStops(t, New(), []byte("type=A msg=audit(1.2:3): x\ntype=A msg=audit(1234567890.2:3): x\n"), parse.Assume{})
}

func FuzzParse(f *testing.F) {
	f.Add("type=SYSCALL msg=audit(1170021493.977:293): arch=c000003e syscall=59 success=no exit=-13 key=\"a\"\x1dAUID=\"x\"\ntype=EXECVE msg=audit(1170021493.977:293): argc=2 a0=\"x\" a1[0]=41 a1[1]=42\ntype=PATH msg=audit(1170021493.977:293): item=0 name=2F41 mode=0100644\ntype=EOE msg=audit(1170021493.977:293):")
	f.Add("type=SOCKADDR msg=audit(1170021493.977:293): saddr=0200\ntype=AVC msg=audit(1170021493.977:293): avc:  denied  { read } for  pid=1\ntype=USER_LOGIN msg=audit(1170021493.977:294): msg='acct=\"'")
	f.Fuzz(func(t *testing.T, s string) {
		New().Detect([]byte(s), "audit.log")
		_, events := parsetest.Run(t, New(), []byte(s), "audit.log", parse.Assume{})
		parsetest.ValidText(t, events)
	})
}
