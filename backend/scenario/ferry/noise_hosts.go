package ferry

import (
	"fmt"
	"time"
)

// How many moments of ordinary life each log gets; one moment is one to four records.
const (
	dcMoments       = 4300
	bookMoments     = 1900
	bookScripts     = 260
	opsMoments      = 1150
	opsStates       = 700
	fsMoments       = 1500
	fsSessions      = 2600
	fsStates        = 420
	lateClerkLogons = 34 // honest wrong passwords
)

// noise is everything that would have happened without the attackers.
func (b *builder) noise() {
	b.domainNoise()
	b.workstationNoise(b.book, b.user("mdahl"), bookMoments, bookPrograms)
	b.workstationNoise(b.ops, b.user("kbruun"), opsMoments, opsPrograms)
	b.scriptNoise()
	b.serverNoise()
	b.stateNoise(b.fs, fsStates, serverServices)
	b.stateNoise(b.ops, opsStates, clientServices)
	b.webNoise()
	b.linuxNoise()
	b.firewallNoise()
	b.cloudNoise()
	b.downloadNoise()
}

// clientIP is the address of the workstation of the user at place i in the list of people.
func clientIP(i int) string {
	if i == 3 { // WS-BOOK03, of which no log was collected
		return "10.20.30.103"
	}
	return fmt.Sprintf("10.20.%d.%d", 30+i%3, 121+i/3)
}

func (b *builder) domainNoise() {
	d, m := b.dc.dice, b.dc
	targets := []struct{ spn, ip string }{{"FS01$", ""}, {"DC01$", ""}, {"WS-BOOK03$", ""}, {"DB-GATE$", ""}, {"krbtgt", ""}}
	for _, at := range d.times(dcMoments, serverHours) {
		i := d.n(len(b.people))
		a := b.people[i]
		ip := clientIP(i)
		switch {
		case a.name == "mdahl":
			ip = b.book.ip
		case a.name == "kbruun":
			ip = b.ops.ip
		}
		s := m.logon(a)
		switch roll := d.n(100); {
		case roll < 30:
			m.ticket4768(at, a, ip)
			m.service4769(d.jitter(at, 80*time.Millisecond), a, pick(d, targets).spn, ip)
		case roll < 58:
			m.service4769(at, a, pick(d, targets).spn, ip)
		case roll < 92:
			m.logon4624(at, s, 3, "Kerberos", origin{"-", ip, 49152 + d.n(16000)})
			m.logoff4634(at.Add(time.Duration(d.between(1, 240))*time.Second), s, 3)
		case roll < 96:
			s = m.logon(b.user("adm-jholm"))
			m.logon4624(at, s, 3, "Kerberos", origin{"-", "10.20.31.20", 49152 + d.n(16000)})
			m.privileges4672(d.jitter(at, time.Millisecond), s)
		default:
			m.ntlm4776(at, b.user("svc-monitor"), "MON01", 0)
		}
	}
	for _, at := range d.times(lateClerkLogons, officeHours) {
		i := d.n(len(b.people) - 4)
		if d.chance(50) {
			m.preauth4771(at, b.people[i], clientIP(i))
		} else {
			m.ntlm4776(at, b.people[i], fmt.Sprintf("WS-%02d", i), 0xc000006a)
			m.failed4625(d.jitter(at, 20*time.Millisecond), b.people[i], 0xc000006a, origin{fmt.Sprintf("WS-%02d", i), clientIP(i), 49152 + d.n(16000)})
		}
	}
}

// usual is a program that people or the system run, with its command line.
type usual struct {
	image, cmd string
	parent     string // image of the parent
	system     bool
}

const (
	explorer = `C:\Windows\explorer.exe`
	services = `C:\Windows\System32\services.exe`
	svchost  = `C:\Windows\System32\svchost.exe`
	edge     = `C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`
	booking  = `C:\Program Files\Kragsund\Booking\BookingDesk.exe`
)

var bookPrograms = []usual{
	{edge, `"` + edge + `" --type=renderer --lang=da`, edge, false},
	{edge, `"` + edge + `" --type=utility --utility-sub-type=network.mojom.NetworkService`, edge, false},
	{booking, `"` + booking + `" /desk:07`, explorer, false},
	{`C:\Program Files\Kragsund\Booking\TicketPrint.exe`, `TicketPrint.exe /queue "Desk 7"`, booking, false},
	{`C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE`, `"OUTLOOK.EXE" /recycle`, explorer, false},
	{`C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE`, `"EXCEL.EXE" "\\FS01\Booking\Rosters\March.xlsx"`, explorer, false},
	{`C:\Windows\System32\RuntimeBroker.exe`, `C:\Windows\System32\RuntimeBroker.exe -Embedding`, svchost, false},
	{`C:\Windows\System32\backgroundTaskHost.exe`, `"C:\Windows\system32\backgroundTaskHost.exe" -ServerName:App.AppX`, svchost, false},
	{`C:\Windows\System32\taskhostw.exe`, `taskhostw.exe`, svchost, true},
	{`C:\Windows\System32\SearchProtocolHost.exe`, `"C:\Windows\system32\SearchProtocolHost.exe" Global\UsGthrFltPipe`, `C:\Windows\System32\SearchIndexer.exe`, true},
	{`C:\Windows\System32\svchost.exe`, `C:\Windows\system32\svchost.exe -k netsvcs -p -s BITS`, services, true},
	{`C:\Windows\System32\wbem\WmiPrvSE.exe`, `C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding`, svchost, true},
	{`C:\Windows\System32\conhost.exe`, `\??\C:\Windows\system32\conhost.exe 0xffffffff -ForceV1`, `C:\Program Files\Monitor\agent.exe`, true},
	{`C:\Windows\System32\gpupdate.exe`, `gpupdate.exe /target:computer`, svchost, true},
}

var opsPrograms = []usual{
	{edge, `"` + edge + `" --type=renderer --lang=da`, edge, false},
	{`C:\Program Files\Kragsund\Traffic\TrafficBoard.exe`, `TrafficBoard.exe /room ops`, explorer, false},
	{`C:\Program Files\Kragsund\Traffic\AisView.exe`, `AisView.exe --layer ferries`, explorer, false},
	{`C:\Windows\System32\taskhostw.exe`, `taskhostw.exe`, svchost, true},
	{`C:\Windows\System32\svchost.exe`, `C:\Windows\system32\svchost.exe -k LocalService -p`, services, true},
	{`C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE`, `"WINWORD.EXE" "\\FS01\Operations\Weather brief.docx"`, explorer, false},
}

var serverPrograms = []usual{
	{`C:\Windows\System32\svchost.exe`, `C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule`, services, true},
	{`C:\Windows\System32\taskhostw.exe`, `taskhostw.exe`, svchost, true},
	{`C:\Program Files\Monitor\agent.exe`, `"C:\Program Files\Monitor\agent.exe" --check disk`, `C:\Program Files\Monitor\agent.exe`, true},
	{`C:\Windows\System32\cmd.exe`, `C:\Windows\system32\cmd.exe /c "C:\Program Files\Backup\job.cmd" incremental`, `C:\Program Files\Backup\backupd.exe`, true},
	{`C:\Windows\System32\wbem\WmiPrvSE.exe`, `C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding`, svchost, true},
	{`C:\Windows\System32\dllhost.exe`, `C:\Windows\system32\DllHost.exe /Processid:{AB8902B4-09CA-4BB6-B78D-A8F59079A8D5}`, svchost, true},
	{`C:\Windows\System32\SrTasks.exe`, `C:\Windows\system32\srtasks.exe ExecuteScopeRestorePoint`, svchost, true},
}

var legitNames = []struct {
	name, ip string
	port     uint16
}{
	{"mail.kragsund.example", "198.51.100.25", 443}, {"booking.kragsund.example", "10.20.40.10", 443}, {"weather.sea.example", "198.51.100.61", 443},
	{"news.island.example", "198.51.100.72", 443}, {"updates.vendor.example", "198.51.100.130", 443}, {"harbour.vesteroe.example", "198.51.100.84", 443},
	{"cards.acquirer.example", "198.51.100.143", 443}, {"timetable.rail.example", "198.51.100.97", 443},
}

// parents keeps one process for each image, so that children name a parent that was there.
type parents map[string]*proc

func (p parents) of(m *machine, image string, s *session) *proc {
	if p[image] == nil {
		q := &proc{pid: uint32(800 + 4*m.dice.n(900)), image: image, cmd: image, by: s}
		copy(q.guid[:], m.dice.bytes(16))
		p[image] = q
	}
	return p[image]
}

func (b *builder) workstationNoise(m *machine, a account, moments int, from []usual) {
	d := m.dice
	user, sys, ps := m.logon(a), m.asSystem(), parents{}
	for _, at := range d.times(moments, officeHours) {
		b.programMoment(m, at, from, user, sys, ps)
		switch roll := d.n(100); {
		case roll < 9:
			s := m.logon(localSystem)
			s.id = 0x3e7
			m.logon4624(at, s, 5, "Negotiate", origin{"-", "-", 0})
			m.privileges4672(d.jitter(at, time.Millisecond), s)
		case roll < 12:
			s := m.logon(a)
			m.logon4624(at, s, 7, "Negotiate", origin{m.name, "127.0.0.1", 0})
			m.logoff4634(at.Add(time.Duration(d.between(60, 4000))*time.Second), s, 7)
		}
	}
}

// programMoment is a program start and what it does.
func (b *builder) programMoment(m *machine, at time.Time, from []usual, user, sys *session, ps parents) {
	d := m.dice
	u := pick(d, from)
	s := user
	if u.system {
		s = sys
	}
	p := m.start(at, ps.of(m, u.parent, s), u.image, u.cmd, s)
	switch roll := d.n(100); {
	case roll < 34:
		n := pick(d, legitNames)
		m.dns(d.jitter(at, time.Second), p, n.name, n.ip)
		m.connect(d.jitter(at.Add(time.Second), time.Second), p, n.ip, n.name, n.port)
	case roll < 48:
		m.fileCreate(d.jitter(at, 3*time.Second), p, fmt.Sprintf(`C:\Users\%s\AppData\Local\Temp\%s.tmp`, user.name, d.hex(8)))
	case roll < 58:
		m.regSet(d.jitter(at, 3*time.Second), p, `HKU\`+string(user.sid)+`\SOFTWARE\Kragsund\Booking\LastSync`, fmt.Sprintf("QWORD (0x%08x-0x%08x)", d.n(1<<30), d.n(1<<30)))
	case roll < 61: // the virus scanner looks at lsass all day: not an attack
		scanner := ps.of(m, `C:\ProgramData\Microsoft\Windows Defender\Platform\4.18\MsMpEng.exe`, sys)
		m.access(at, scanner, b.lsass(m), 0x1000, `C:\Windows\SYSTEM32\ntdll.dll+9d4e4|C:\Program Files\Windows Defender\MpSvc.dll+31c2`)
	}
	if d.chance(55) {
		m.end(at.Add(time.Duration(d.between(2, 900))*time.Second), p)
	}
}

func (b *builder) lsass(m *machine) *proc {
	p := &proc{pid: 668, image: `C:\Windows\system32\lsass.exe`, by: &session{account: localSystem, id: 0x3e7}}
	copy(p.guid[:], fmt.Sprintf("lsass of %-8.8s", m.name))
	return p
}

var scripts = []string{
	`Get-Service | Where-Object Status -eq 'Stopped' | Select-Object Name,StartType`,
	`$p = Get-Printer -Name 'Desk 7'; if ($p.PrinterStatus -ne 'Normal') { Restart-Service Spooler }`,
	`Get-ChildItem 'C:\ProgramData\Kragsund\Spool' -File | Where-Object LastWriteTime -lt (Get-Date).AddDays(-14) | Remove-Item`,
	`Test-NetConnection booking.kragsund.example -Port 443 -InformationLevel Quiet`,
	`Get-WinEvent -LogName System -MaxEvents 20 | Format-Table TimeCreated,Id`,
	`Import-Module 'C:\Program Files\Monitor\Checks.psm1'; Invoke-Check -Name disk`,
	`{ Set-StrictMode -Version 1; $_.PSMessageDetails }`,
}

func (b *builder) scriptNoise() {
	m := b.book
	d := newDice(b.seed, streamOthers+1)
	agent := &proc{image: `C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`, by: m.asSystem()}
	for _, at := range d.times(bookScripts, serverHours) {
		agent.pid = uint32(2000 + 4*d.n(1500))
		copy(agent.guid[:], d.bytes(16))
		m.script4104(at, agent, pick(d, scripts), "", 5)
	}
}

// serverNoise is FS01: Sysmon, and sessions from workstations that only the security log shows.
func (b *builder) serverNoise() {
	m, d := b.fs, b.fs.dice
	sys, ps := m.asSystem(), parents{}
	quiet := *m // the security log of FS01 does not audit process starts
	quiet.security = nil
	for _, at := range d.times(fsMoments, serverHours) {
		b.programMoment(&quiet, at, serverPrograms, sys, sys, ps)
	}
	m.nextPID = quiet.nextPID
	folders := []string{`Rosters\March.xlsx`, `Timetable\Summer 2026.docx`, `Passengers\Manifest template.xlsx`, `Groups\School trips.xlsx`, `Invoices\2026-02.pdf`}
	for _, at := range d.times(fsSessions, officeHours) {
		i := d.n(len(b.people))
		s := m.logon(b.people[i])
		from := origin{"-", clientIP(i), 49152 + d.n(16000)}
		m.logon4624(at, s, 3, "Kerberos", from)
		m.share5145(d.jitter(at, time.Second), s, from, "Booking", `D:\Shares\Booking`, pick(d, folders))
		m.logoff4634(at.Add(time.Duration(d.between(1, 900))*time.Second), s, 3)
	}
}

var (
	serverServices = []string{"Volume Shadow Copy", "Windows Update", "Backup Agent", "Windows Modules Installer", "Print Spooler", "WMI Performance Adapter", "Software Protection"}
	clientServices = []string{"Background Intelligent Transfer Service", "Windows Update", "Device Setup Manager", "Software Protection", "Windows Modules Installer"}
)

func (b *builder) stateNoise(m *machine, n int, names []string) {
	d := m.dice
	for _, at := range d.times(n, flatHours) {
		name := pick(d, names)
		m.state7036(at, name, "running")
		if d.chance(20) {
			m.control(d.jitter(at, time.Minute), 7040, 4, "S-1-5-18", []pair{{"param1", name}, {"param2", "demand start"}, {"param3", "auto start"}, {"param4", "svc"}})
		}
	}
}
