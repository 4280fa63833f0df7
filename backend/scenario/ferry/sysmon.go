package ferry

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	ew "adjutant/backend/scenario/evtxwriter"
)

// sysmonVersions are the template versions of Sysmon 15.
var sysmonVersions = map[uint16]uint8{1: 5, 3: 5, 5: 3, 10: 3, 11: 2, 13: 2, 15: 2, 22: 5}

func (m *machine) sysmonEvent(at time.Time, id uint16, data []pair, tags ...string) {
	if m.sysmon == nil {
		return
	}
	data = append([]pair{{"RuleName", "-"}, {"UtcTime", m.utcTime(at)}}, data...)
	if id == 13 {
		data = append([]pair{{"RuleName", "-"}, {"EventType", "SetValue"}, {"UtcTime", m.utcTime(at)}}, data[2:]...)
	}
	m.sysmon.add(at.Add(1300*time.Microsecond), ew.Record{
		Provider: "Microsoft-Windows-Sysmon", GUID: sysmonGUID, EventID: id, Version: sysmonVersions[id], Level: 4, Task: id,
		Keywords: 0x8000000000000000, PID: 3064, TID: 3680, Channel: "Microsoft-Windows-Sysmon/Operational", Computer: m.fqdn, UserSID: "S-1-5-18", Data: stored(data),
	}, tags...)
}

func (m *machine) utcTime(at time.Time) string {
	return m.clock(at).UTC().Format("2006-01-02 15:04:05.000")
}

// program describes an executable for Sysmon 1.
type program struct{ description, product, company, original string }

var programs = map[string]program{
	"powershell.exe": {"Windows PowerShell", "Microsoft® Windows® Operating System", "Microsoft Corporation", "PowerShell.EXE"},
	"cmd.exe":        {"Windows Command Processor", "Microsoft® Windows® Operating System", "Microsoft Corporation", "Cmd.Exe"},
	"wscript.exe":    {"Microsoft ® Windows Based Script Host", "Microsoft ® Windows Script Host", "Microsoft Corporation", "wscript.exe"},
	"schtasks.exe":   {"Task Scheduler Configuration Tool", "Microsoft® Windows® Operating System", "Microsoft Corporation", "schtasks.exe"},
	"rundll32.exe":   {"Windows host process (Rundll32)", "Microsoft® Windows® Operating System", "Microsoft Corporation", "RUNDLL32.EXE"},
	"vssadmin.exe":   {"Command Line Interface for Microsoft® Volume Shadow Copy Service", "Microsoft® Windows® Operating System", "Microsoft Corporation", "VSSADMIN.EXE"},
	"wevtutil.exe":   {"Eventing Command Line Utility", "Microsoft® Windows® Operating System", "Microsoft Corporation", "wevtutil.exe"},
	"whoami.exe":     {"whoami - displays logged on user information", "Microsoft® Windows® Operating System", "Microsoft Corporation", "whoami.exe"},
	"net.exe":        {"Net Command", "Microsoft® Windows® Operating System", "Microsoft Corporation", "net.exe"},
	"nltest.exe":     {"Microsoft® Logon Server Test Utility", "Microsoft® Windows® Operating System", "Microsoft Corporation", "nltestrk.exe"},
	"bcdedit.exe":    {"Boot Configuration Data Editor", "Microsoft® Windows® Operating System", "Microsoft Corporation", "bcdedit.exe"},
	"wmic.exe":       {"WMI Commandline Utility", "Microsoft® Windows® Operating System", "Microsoft Corporation", "wmic.exe"},
	"psexesvc.exe":   {"PsExec Service", "Sysinternals PsExec", "Sysinternals - www.sysinternals.example", "psexesvc.exe"},
	"psexec64.exe":   {"Execute processes remotely", "Sysinternals PsExec", "Sysinternals - www.sysinternals.example", "psexec.c"},
	"rar.exe":        {"Command line RAR", "WinRAR", "Alexander Roshal", "-"},
	"7z.exe":         {"7-Zip Console", "7-Zip", "Igor Pavlov", "7z.exe"},
	"rclone.exe":     {"Rsync for cloud storage", "Rclone", "rclone", "rclone.exe"},
}

// shown is the user as Sysmon prints it: the security log names the computer account where Sysmon says SYSTEM.
func shown(s *session) string {
	if s.sid == localSystem.sid {
		return localSystem.String()
	}
	return s.account.String()
}

func base(path string) string {
	return strings.ToLower(path[strings.LastIndexByte(path, '\\')+1:])
}

// hashes of a program depend on its name and host, so that the same program looks the same wherever it runs.
func hashes(image string) string {
	h := sha256.Sum256([]byte("ferry:" + strings.ToLower(image)))
	return fmt.Sprintf("MD5=%X,SHA256=%X,IMPHASH=%X", h[:16], h[:], h[16:])
}

// start records a new process in the logs the host has: Sysmon 1 and Security 4688. The zero parent is services.exe.
func (m *machine) start(at time.Time, parent *proc, image, cmd string, s *session, tags ...string) *proc {
	if parent == nil {
		parent = m.system0
	}
	p := &proc{pid: m.nextPID, image: image, cmd: cmd, by: s}
	m.nextPID += uint32(4 * m.dice.between(1, 23))
	if m.nextPID > 60_000 {
		m.nextPID = 1_200
	}
	h := sha256.Sum256(fmt.Appendf(nil, "%s %d %d", m.name, p.pid, at.UnixMicro()))
	copy(p.guid[:], h[:16])
	binary.LittleEndian.PutUint32(p.guid[10:], p.pid)

	about, ok := programs[base(image)]
	if !ok {
		about = program{"-", "-", "-", "-"}
		if strings.HasPrefix(image, `C:\Windows\`) {
			about = program{strings.TrimSuffix(base(image), ".exe"), "Microsoft® Windows® Operating System", "Microsoft Corporation", base(image)}
		}
	}
	level, label := "Medium", ew.SID("S-1-16-8192")
	if s.sid == "S-1-5-18" {
		level, label = "System", "S-1-16-16384"
	}
	dir := `C:\Windows\system32\`
	if s.sid != "S-1-5-18" {
		dir = `C:\Users\` + s.name + `\`
	}
	m.sysmonEvent(at, 1, []pair{
		{"ProcessGuid", p.guid}, {"ProcessId", p.pid}, {"Image", image}, {"FileVersion", "-"}, {"Description", about.description}, {"Product", about.product},
		{"Company", about.company}, {"OriginalFileName", about.original}, {"CommandLine", cmd}, {"CurrentDirectory", dir}, {"User", shown(s)},
		{"LogonGuid", s.guid}, {"LogonId", s.id}, {"TerminalSessionId", s.term}, {"IntegrityLevel", level}, {"Hashes", hashes(image)},
		{"ParentProcessGuid", parent.guid}, {"ParentProcessId", parent.pid}, {"ParentImage", parent.image}, {"ParentCommandLine", parent.cmd},
		{"ParentUser", shown(parent.by)},
	}, tags...)
	if m.security != nil {
		m.audit(at, 4688, false, []pair{
			{"SubjectUserSid", s.sid}, {"SubjectUserName", s.name}, {"SubjectDomainName", s.domain}, {"SubjectLogonId", s.id}, {"NewProcessId", ew.Hex64(p.pid)},
			{"NewProcessName", image}, {"TokenElevationType", "%%1936"}, {"ProcessId", ew.Hex64(parent.pid)}, {"CommandLine", cmd}, {"TargetUserSid", nobody.sid},
			{"TargetUserName", "-"}, {"TargetDomainName", "-"}, {"TargetLogonId", ew.Hex64(0)}, {"ParentProcessName", parent.image}, {"MandatoryLabel", label},
		}, tags...)
	}
	return p
}

func (m *machine) end(at time.Time, p *proc) {
	m.sysmonEvent(at, 5, []pair{{"ProcessGuid", p.guid}, {"ProcessId", p.pid}, {"Image", p.image}, {"User", shown(p.by)}})
}

func (m *machine) connect(at time.Time, p *proc, dstIP, dstHost string, dstPort uint16, tags ...string) {
	m.sysmonEvent(at, 3, []pair{{"ProcessGuid", p.guid}, {"ProcessId", p.pid}, {"Image", p.image}, {"User", shown(p.by)}, {"Protocol", "tcp"},
		{"Initiated", true}, {"SourceIsIpv6", false}, {"SourceIp", m.ip}, {"SourceHostname", m.fqdn}, {"SourcePort", uint16(49152 + m.dice.n(16000))},
		{"SourcePortName", "-"}, {"DestinationIsIpv6", false}, {"DestinationIp", dstIP}, {"DestinationHostname", dstHost}, {"DestinationPort", dstPort},
		{"DestinationPortName", "-"}}, tags...)
}

func (m *machine) access(at time.Time, from, to *proc, granted ew.Hex32, trace string, tags ...string) {
	m.sysmonEvent(at, 10, []pair{{"SourceProcessGUID", from.guid}, {"SourceProcessId", from.pid}, {"SourceThreadId", from.pid + 12}, {"SourceImage", from.image},
		{"TargetProcessGUID", to.guid}, {"TargetProcessId", to.pid}, {"TargetImage", to.image}, {"GrantedAccess", granted}, {"CallTrace", trace},
		{"SourceUser", shown(from.by)}, {"TargetUser", localSystem.String()}}, tags...)
}

func (m *machine) fileCreate(at time.Time, p *proc, path string, tags ...string) {
	m.sysmonEvent(at, 11, []pair{{"ProcessGuid", p.guid}, {"ProcessId", p.pid}, {"Image", p.image}, {"TargetFilename", path},
		{"CreationUtcTime", m.utcTime(at)}, {"User", shown(p.by)}}, tags...)
}

func (m *machine) zoneMark(at time.Time, p *proc, path, url string, tags ...string) {
	m.sysmonEvent(at, 15, []pair{{"ProcessGuid", p.guid}, {"ProcessId", p.pid}, {"Image", p.image}, {"TargetFilename", path + ":Zone.Identifier"},
		{"CreationUtcTime", m.utcTime(at)}, {"Hash", hashes(path)}, {"Contents", "[ZoneTransfer]  ZoneId=3  HostUrl=" + url}, {"User", shown(p.by)}}, tags...)
}

func (m *machine) regSet(at time.Time, p *proc, key, value string, tags ...string) {
	m.sysmonEvent(at, 13, []pair{{"ProcessGuid", p.guid}, {"ProcessId", p.pid}, {"Image", p.image}, {"TargetObject", key}, {"Details", value},
		{"User", shown(p.by)}}, tags...)
}

func (m *machine) dns(at time.Time, p *proc, name, answer string, tags ...string) {
	m.sysmonEvent(at, 22, []pair{{"ProcessGuid", p.guid}, {"ProcessId", p.pid}, {"QueryName", name}, {"QueryStatus", "0"},
		{"QueryResults", "::ffff:" + answer + ";"}, {"Image", p.image}, {"User", shown(p.by)}}, tags...)
}

// script4104 is a PowerShell script block.
func (m *machine) script4104(at time.Time, p *proc, text, path string, level uint8, tags ...string) {
	h := sha256.Sum256([]byte(text))
	id := fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
	m.power.add(at, ew.Record{
		Provider: "Microsoft-Windows-PowerShell", GUID: powershellGUID, EventID: 4104, Version: 1, Level: level, Task: 2, Opcode: 15,
		PID: p.pid, TID: p.pid + 8, Channel: "Microsoft-Windows-PowerShell/Operational", Computer: m.fqdn, UserSID: p.by.sid, ActivityID: p.guid,
		Data: stored([]pair{{"MessageNumber", int32(1)}, {"MessageTotal", int32(1)}, {"ScriptBlockText", text}, {"ScriptBlockId", id}, {"Path", path}}),
	}, tags...)
}

// control is a record of the Service Control Manager: 7045 a new service, 7036 a change of state, 7040 of start type.
func (m *machine) control(at time.Time, id uint16, level uint8, by ew.SID, data []pair, tags ...string) {
	q := uint16(16384)
	m.system.add(at, ew.Record{
		Provider: "Service Control Manager", GUID: scmGUID, EventSource: "Service Control Manager", EventID: id, Qualifiers: &q, Level: level,
		Keywords: 0x8080000000000000, PID: 716, TID: uint32(2000 + 4*m.dice.n(900)), Channel: "System", Computer: m.fqdn, UserSID: by, Data: stored(data),
	}, tags...)
}

func (m *machine) service7045(at time.Time, by ew.SID, name, path, start, runAs string, tags ...string) {
	m.control(at, 7045, 4, by, []pair{{"ServiceName", name}, {"ImagePath", path}, {"ServiceType", "user mode service"}, {"StartType", start},
		{"AccountName", runAs}}, tags...)
}

func (m *machine) state7036(at time.Time, name, state string, tags ...string) {
	m.control(at, 7036, 4, "", []pair{{"param1", name}, {"param2", state}}, tags...)
}
