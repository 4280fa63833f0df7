package formats

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

func TestListIsSound(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range All() {
		if f.Name() == "" || f.Version() == "" || seen[f.Name()] {
			t.Errorf("format %q version %q is unnamed or stands twice", f.Name(), f.Version())
		}
		seen[f.Name()] = true
		if parse.ByName(All(), f.Name()) == nil {
			t.Errorf("%s is not found by its name", f.Name())
		}
	}
	for _, name := range []string{"evtx", "jsonl", "csv", "syslog", "access"} {
		if !seen[name] {
			t.Errorf("%s is missing", name)
		}
	}
	if parse.ByName(All(), "nothing") != nil {
		t.Error("an unknown name was found")
	}
}

// TestEveryPackageIsListed: a format that nobody lists reads nothing. A package is one when it has New and Detect.
func TestEveryPackageIsListed(t *testing.T) {
	text, err := os.ReadFile("formats.go")
	if err != nil {
		t.Fatal(err)
	}
	folders, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, d := range folders {
		files, err := filepath.Glob(filepath.Join("..", d.Name(), "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		all := ""
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all += string(b)
		}
		if strings.Contains(all, "\nfunc New() Format") && strings.Contains(all, "\nfunc (Format) Detect(") {
			if found++; !strings.Contains(string(text), `"adjutant/backend/parse/`+d.Name()+`"`) {
				t.Errorf("%s is not listed", d.Name())
			}
		}
	}
	if found != len(All()) {
		t.Errorf("%d packages, %d formats listed", found, len(All()))
	}
}

func TestDetect(t *testing.T) {
	for content, want := range map[string]string{
		"ElfFile\x00" + strings.Repeat("\x00", 100): "evtx",
		`{"a":1}` + "\n" + `{"a":2}`:                "jsonl",
		"[\n {\"a\":1}\n]":                          "jsonl",
		"TimeCreated,EventId,Computer\n2026-03-14 01:02:03,1,a\n2026-03-14 01:02:04,1,a\n":                                                                               "csv",
		`{"__container_type__":"event","data_type":"a:b","parser":"p","pathspec":{},"timestamp":1,"timestamp_desc":"x"}`:                                                 "plaso",
		"+-+-+-+-+-+-+-+-+-+-+-+-+-\n[Timestamp]:\n  2026-03-14T01:02:03+00:00\n":                                                                                        "plaso",
		`{"Timestamp":"2026-03-14 01:02:03.456 +00:00","RuleTitle":"R","Level":"low","Computer":"H","Channel":"Sec","EventID":4625,"Details":{}}`:                        "hayabusa",
		"\"Timestamp\",\"RuleTitle\",\"Level\",\"Computer\",\"Channel\",\"EventID\",\"RecordID\",\"Details\"\n":                                                          "csv",
		`[{"group":"Sigma","kind":"individual","document":{"data":{}},"name":"R","timestamp":"2026-03-14T01:02:03+00:00","level":"high"}]`:                               "chainsaw",
		`{"OSPath":"C:\\a","Mtime":"2026-03-14T01:02:03Z","ClientId":"C.0123456789abcdef"}`:                                                                              "velociraptor",
		"Mar 14 01:02:03 FS01/10.0.2.15 THOR: Alert: MODULE: Filescan MESSAGE: Malware file found FILE: C:\\a.exe\n":                                                     "thor",
		`{"timestamp":"2026-03-14T01:02:05.123+0000","rule":{"level":5,"description":"d","id":"1"},"agent":{"id":"1","name":"a"},"manager":{"name":"m"},"location":"l"}`: "wazuh",
		"0|C:/a|5-1|r/rrwxrwxrwx|0|0|812|1773450124|1773450123|1773450125|0\n":                                                                                           "bodyfile",
		"Time|Source|Host|User|Description\n1773450123|EVTX|FS01|bob|a\n":                                                                                                "tln",
		"(0.12345) | C:\\a.exe\n(0.2) | C:\\b.exe\n":                                                                                                                     "csv",
		"datetime,timestamp_desc,message\n2026-03-14T01:02:03+00:00,Write,\"a, b\"\n":                                                                                    "csv",
		"Mar 14 01:02:03 fs01 sshd[1]: Failed password for a from 1.2.3.4 port 1 ssh2\n":                                                                                 "syslog",
		"2026-03-14T01:02:03.5+01:00 fs01 sshd[1]: x\n":                                                                                                                  "syslog",
		"<34>1 2026-03-14T01:02:03Z h app - - - m\n":                                                                                                                     "syslog",
		`1.2.3.4 - - [14/Mar/2026:01:02:03 +0000] "GET / HTTP/1.1" 200 1 "-" "curl, {\"a\":1}"` + "\n":                                                                   "access",
		"[14/Mar/2026:01:02:03 +0000] 1.2.3.4 TLSv1.2 C \"GET / HTTP/1.1\" 1\n":                                                                                          "access",
		"type=SYSCALL msg=audit(1773450123.456:901): arch=c000003e syscall=59\n":                                                                                         "auditd",
		"#1773450123\nls -l\n": "shellhistory",
		"Start-Date: 2026-03-14  01:02:03\nInstall: a:amd64 (1)\n":                                                                           "apt",
		"2026-03-14 01:02:03 status installed a:amd64 1\n":                                                                                   "dpkg",
		"Mar 14 01:02:03 Installed: a-1-2.noarch\n":                                                                                          "dnf",
		"2026-03-14T01:02:03Z stdout F {\"a\":1}\n":                                                                                          "containerlog",
		`{"log":"a\n","stream":"stdout","time":"2026-03-14T01:02:03Z"}` + "\n":                                                               "containerlog",
		"Sat Mar 14 01:02:03 2026 [pid 2] CONNECT: Client \"10.0.0.9\"\n":                                                                    "vsftpd",
		"Sat Mar 14 01:02:03 2026 1 10.0.0.9 17 /a b _ i r mia ftp 0 * c\n":                                                                  "xferlog",
		"LPKSHHRH" + strings.Repeat("\x00", 300):                                                                                             "journal",
		`{"__REALTIME_TIMESTAMP":"1773450123123456","MESSAGE":"x"}` + "\n":                                                                   "journaljson",
		`{"timestamp":"2026-03-14T01:02:03Z","host":"h","severity":"info","facility":"daemon","syslog-tag":"app:","message":"hello"}` + "\n": "syslogjson",
		"28 <34>1 2026-03-14T01:02:03Z h\n":                                                                                                  "",
		"41 <34>1 2026-03-14T01:02:03Z h app - - - m41 <34>1 2026-03-14T01:02:03Z h app - - - m":                                             "syslog",
		"Dear colleagues,\n\nplease find attached, as promised, the list.\n":                                                                 "",
		"2026-03-14T01:02:03.004Z DETECTION_ADD#2 Trojan:Win32/X file:C:\\a\n":                                                               "mplog",
		"2026/03/14 01:02:03.004  2136       3688 S0   Logger started.\n":                                                                    "teamviewer",
		`{"t":{"$date":"2026-03-14T01:02:03.004Z"},"s":"I","c":"NETWORK","id":1,"ctx":"c","msg":"m"}` + "\n":                                 "mongodb",
		"2026-03-14 01:02:03.004 CET [7-1] a@b LOG:  m\n":                                                                                    "postgresql",
		"**********************\nWindows PowerShell transcript start\nStart time: 20260314010203\nUsername: a\nMachine: b (Microsoft Windows NT 10.0)\n**********************\n": "pstranscript",
		"2026-03-14T01:02:03.123456Z 0 [Note] InnoDB: started, at last\n": "mysql",
		"":                "",
		"\x7fELF\x02\x01": "",
	} {
		got := ""
		if f := parse.Detect(All(), []byte(content), "unnamed"); f != nil {
			got = f.Name()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", content, got, want)
		}
	}
}

// TestEveryFormatOnEveryFile feeds each format files that are not its own: it must neither panic nor lose count.
func TestEveryFormatOnEveryFile(t *testing.T) {
	root := os.Getenv("ADJUTANT_SHARED_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skipf("SKIPPED: %s is absent; formats are NOT tried on files of other kinds", root)
	}
	files := 0
	for _, sub := range []string{"logs/filebeat", "logs/linux-audit", "logs/timeline-exports", "hostile", "formats", "plaso"} {
		err := filepath.WalkDir(filepath.Join(root, sub), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if info, err := d.Info(); err != nil || info.Size() > 300<<10 {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			files++
			// A quarter of the formats on each file, another quarter on the next: all of them on files of all kinds.
			for i, f := range All() {
				if (i+files)%4 == 0 {
					try(t, f, path, b)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 500 {
		t.Errorf("only %d files were tried", files)
	}
}

func try(t *testing.T, f parse.Format, path string, b []byte) {
	in := parse.Input{Reader: bytes.NewReader(b), Size: int64(len(b)), Name: filepath.Base(path), Started: time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC)}
	emitted := int64(0)
	res, err := f.Parse(context.Background(), in, func(e *event.Event) error {
		emitted++
		if e.Parser != f.Name() || e.Version != f.Version() || e.Locator.Offset < 0 || e.Locator.Offset+e.Locator.Length > in.Size {
			t.Errorf("%s on %s: event %+v", f.Name(), path, e.Locator)
		}
		for i := 1; i < len(e.Fields); i++ {
			if e.Fields[i-1].Name >= e.Fields[i].Name {
				t.Errorf("%s on %s: fields are not sorted at %q", f.Name(), path, e.Fields[i].Name)
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, parse.ErrNeedsAnswer) {
		t.Errorf("%s on %s: %v", f.Name(), path, err)
	}
	skipped := int64(0)
	for _, s := range res.Skipped {
		skipped += s.Count
	}
	if res.Read != res.Parsed+skipped || emitted != res.Parsed || res.Status == "" {
		t.Errorf("%s on %s: read %d, parsed %d, emitted %d, skipped %v, status %q", f.Name(), path, res.Read, res.Parsed, emitted, res.Skipped, res.Status)
	}
}
