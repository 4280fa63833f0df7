package winlog

import (
	"strings"
	"testing"

	"adjutant/backend/event"
	"adjutant/backend/parse/table"
)

// TestTables compiles the embedded tables, which a fault would turn into a panic at the first log.
func TestTables(t *testing.T) {
	tab, err := compile()
	if err != nil {
		t.Fatal(err)
	}
	kinds, rules := 0, 0
	for name, columns := range map[string]int{"tables/fields.csv": 5, "tables/kinds.csv": 6} {
		all, err := table.Read(tableFiles, name, columns)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		count := 0
		for _, r := range all {
			if seen[r[0]] {
				continue
			}
			seen[r[0]] = true
			p, err := tab.read(r[0])
			if err != nil {
				t.Fatal(err)
			}
			if columns == 5 {
				rules += len(p.rules)
				count += len(p.rules)
				continue
			}
			kinds += len(p.kinds)
			own, err := rows(tab.kinds, r[0], 6)
			if err != nil {
				t.Fatal(err)
			}
			count += len(own)
		}
		if count != len(all) {
			t.Errorf("%s: %d rows by provider of %d", name, count, len(all))
		}
	}
	if kinds < 110 || rules < 170 {
		t.Errorf("%d kinds of events have a sentence; %d rules", kinds, rules)
	}
	if d := tab.dataset("Microsoft-Windows-Sysmon/Operational"); d != "windows.sysmon" {
		t.Error(d)
	}
	if d := tab.dataset("Microsoft-Windows-CAPI2/Operational"); d != "windows.capi2" {
		t.Error(d)
	}
}

func data(name, v string) Element {
	return Element{Name: "Data", Attrs: []Attr{{"Name", name}}, Texts: []string{v}}
}

func leaf(name, v string) Element { return Element{Name: name, Texts: []string{v}} }

func windows(provider, id, channel string, body ...Element) *Element {
	return &Element{Name: "Event", Children: []Element{
		{Name: "System", Children: []Element{
			{Name: "Provider", Attrs: []Attr{{"Name", provider}}}, leaf("EventID", id), leaf("Channel", channel), leaf("Computer", "FS01"),
			leaf("Keywords", "0x8010000000000000"), {Name: "TimeCreated", Attrs: []Attr{{"SystemTime", "2026-03-14T01:02:03.4567891Z"}}},
		}},
		{Name: "EventData", Children: body},
	}}
}

// TestMapping has one case a way of mapping, and the sentences that people read most.
func TestMapping(t *testing.T) {
	const security, sysmon = "Microsoft-Windows-Security-Auditing", "Microsoft-Windows-Sysmon"
	for _, c := range []struct {
		root *Element
		want map[string]string
	}{
		{windows(security, "4625", "Security", data("TargetUserName", "bob"), data("TargetDomainName", "HARBOR"), data("SubjectUserName", "FS01$"),
			data("LogonType", "10"), data("IpAddress", "::ffff:10.0.0.9"), data("IpPort", "0"), data("SubStatus", "0xC000006A"), data("ProcessId", "0x1f4"), data("ProcessName", "-")),
			map[string]string{"user.name": "bob", "user.domain": "HARBOR", "source.ip": "10.0.0.9", "source.port": "", "winlog.logon.type": "RemoteInteractive",
				"event.outcome": "failure", "process.pid": "500", "process.executable": "", "winlog.event_data.ProcessName": "-", "winlog.event_data.ProcessId": "0x1f4",
				"message": `Logon of HARBOR\bob failed (RemoteInteractive) from 10.0.0.9: the password is wrong`}},
		{windows(security, "4688", "Security", data("SubjectUserName", "mia"), data("NewProcessName", `C:\Windows\System32\cmd.exe`), data("NewProcessId", "0x10"),
			data("CommandLine", "cmd /c whoami"), data("ParentProcessName", `C:\Windows\explorer.exe`), data("ProcessId", "0x20")),
			map[string]string{"process.name": "cmd.exe", "process.pid": "16", "process.parent.pid": "32", "process.parent.name": "explorer.exe", "process.command_line": "cmd /c whoami",
				"message": `mia started C:\Windows\System32\cmd.exe: cmd /c whoami (parent C:\Windows\explorer.exe)`}},
		{windows(security, "4663", "Security", data("SubjectUserName", "mia"), data("ObjectType", "Key"), data("ObjectName", `\REGISTRY\MACHINE\SAM`)),
			map[string]string{"registry.path": `\REGISTRY\MACHINE\SAM`, "file.path": ""}},
		{windows(security, "4732", "Security", data("SubjectUserName", "mia"), data("MemberName", "-"), data("MemberSid", "S-1-5-21-1"), data("TargetUserName", "Administrators")),
			map[string]string{"group.name": "Administrators", "user.target.id": "S-1-5-21-1", "event.action": "user-added-to-group", "message": "mia added S-1-5-21-1 to the local group Administrators"}},
		{windows(sysmon, "1", "Microsoft-Windows-Sysmon/Operational", data("User", `HARBOR\mia`), data("Image", `C:\a\b.exe`), data("Hashes", "SHA1=AB,MD5=CD,IMPHASH=EF")),
			map[string]string{"user.name": "mia", "user.domain": "HARBOR", "process.hash.sha1": "ab", "process.hash.md5": "cd", "process.pe.imphash": "ef", "event.dataset": "windows.sysmon",
				"message": `HARBOR\mia started C:\a\b.exe`}},
		{windows("Some Provider", "77", "Application", Element{Name: "Data", Texts: []string{"one", "two"}}, leaf("Binary", "DEAD")),
			map[string]string{"winlog.event_data.Data": "one|two", "winlog.event_data.Binary": "DEAD", "message": "Some Provider event 77: one, Binary = DEAD", "event.action": ""}},
		{&Element{Name: "Event", Children: []Element{{Name: "System", Children: []Element{{Name: "Provider", Attrs: []Attr{{"Name", "Microsoft-Windows-Eventlog"}}}, leaf("EventID", "1102")}},
			{Name: "UserData", Children: []Element{{Name: "LogFileCleared", Attrs: []Attr{{"xmlns", "x"}}, Children: []Element{leaf("SubjectUserName", "mia"),
				{Name: "URL", Attrs: []Attr{{"scheme", "http"}}, Texts: []string{"u"}, Children: []Element{leaf("Deep", "d")}}}}}}}},
			map[string]string{"user.name": "mia", "event.action": "audit-log-cleared", "message": "The security log was cleared by mia", "winlog.event_data.URL": "u",
				"winlog.event_data.URL.scheme": "http", "winlog.event_data.URL.Deep": "d"}},
	} {
		e := &event.Event{}
		created := Fill(e, c.root)
		e.Sort()
		for name, want := range c.want {
			if got := strings.Join(e.All(name), "|"); got != want {
				t.Errorf("%s: %s is %q, want %q", e.Get("event.code"), name, got, want)
			}
		}
		if at, ok := ParseTime(created); created != "" && (!ok || event.FormatTime(at) != "2026-03-14T01:02:03.4567891Z") {
			t.Errorf("time %q", created)
		}
	}
}

func TestBadTables(t *testing.T) {
	for _, s := range []string{"{", "a ]", "[ {x}", "{}"} {
		if _, err := parseSentence(s); err == nil {
			t.Errorf("%q was taken", s)
		}
	}
}
