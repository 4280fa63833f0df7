package ferry

import (
	"strconv"
	"time"

	ew "adjutant/backend/scenario/evtxwriter"
)

// Providers of Windows, by the GUIDs of their manifests.
var (
	auditGUID      = guid("54849625-5478-4994-a5ba-3e3b0328c30d")
	sysmonGUID     = guid("5770385f-c22a-43e0-bf4c-06f5698ffbd9")
	powershellGUID = guid("a0c1853b-5c40-4b15-8766-3cf1c58f985a")
	scmGUID        = guid("555908d1-a6d7-4695-8e1e-26931d2012f4")
)

func guid(s string) ew.GUID {
	g, err := ew.ParseGUID(s)
	if err != nil {
		panic("ferry: " + err.Error()) // constants only
	}
	return g
}

// audit describes the security events used here: version, task and whether they report a failure.
var audit = map[uint16]struct {
	version uint8
	task    uint16
	failure bool
}{
	4624: {2, 12544, false}, 4625: {0, 12544, true}, 4634: {0, 12545, false}, 4648: {0, 12544, false}, 4672: {0, 12548, false},
	4688: {2, 13312, false}, 4698: {1, 12804, false}, 4720: {0, 13824, false}, 4722: {0, 13824, false}, 4728: {0, 13826, false},
	4768: {0, 14339, false}, 4769: {0, 14337, false}, 4771: {0, 14339, true}, 4776: {0, 14336, false},
	5140: {1, 12808, false}, 5145: {0, 12811, false},
}

func (m *machine) audit(at time.Time, id uint16, failure bool, data []pair, tags ...string) {
	a := audit[id]
	keywords := uint64(0x8020000000000000) // audit success
	if a.failure || failure {
		keywords = 0x8010000000000000
	}
	m.security.add(at, ew.Record{
		Provider: "Microsoft-Windows-Security-Auditing", GUID: auditGUID, EventID: id, Version: a.version, Task: a.task,
		Keywords: keywords, PID: 668, TID: uint32(1000 + 4*m.dice.n(600)), Channel: "Security", Computer: m.fqdn, Data: stored(data),
	}, tags...)
}

// origin is where a network logon came from.
type origin struct {
	workstation, ip string
	port            int
}

// logon4624 is a successful logon.
func (m *machine) logon4624(at time.Time, s *session, kind uint32, pkg string, from origin, tags ...string) {
	process, lm, exe := "Kerberos", "-", "-"
	keyLen, pid := uint32(0), ew.Hex64(0)
	subject := nobody
	switch {
	case pkg == "NTLM":
		process, lm, keyLen = "NtLmSsp ", "NTLM V2", 128
	case kind == 5 || kind == 2 || kind == 7:
		process, pkg, exe, pid, subject = "Advapi  ", "Negotiate", `C:\Windows\System32\services.exe`, 0x2cc, m.asSystem().account
		if kind != 5 {
			process, exe = "User32 ", `C:\Windows\System32\svchost.exe`
		}
	}
	m.audit(at, 4624, false, []pair{
		{"SubjectUserSid", subject.sid}, {"SubjectUserName", subject.name}, {"SubjectDomainName", subject.domain},
		{"SubjectLogonId", subjectLogon(subject)}, {"TargetUserSid", s.sid}, {"TargetUserName", s.name}, {"TargetDomainName", s.domain},
		{"TargetLogonId", s.id}, {"LogonType", kind}, {"LogonProcessName", process}, {"AuthenticationPackageName", pkg},
		{"WorkstationName", from.workstation}, {"LogonGuid", s.guid}, {"TransmittedServices", "-"}, {"LmPackageName", lm}, {"KeyLength", keyLen},
		{"ProcessId", pid}, {"ProcessName", exe}, {"IpAddress", from.ip}, {"IpPort", port(from.port)}, {"ImpersonationLevel", "%%1833"},
		{"RestrictedAdminMode", "-"}, {"TargetOutboundUserName", "-"}, {"TargetOutboundDomainName", "-"}, {"VirtualAccount", "%%1843"},
		{"TargetLinkedLogonId", ew.Hex64(0)}, {"ElevatedToken", "%%1842"},
	}, tags...)
}

func subjectLogon(a account) ew.Hex64 {
	if a == nobody {
		return 0
	}
	return 0x3e7
}

func port(n int) string {
	if n == 0 {
		return "-"
	}
	return strconv.Itoa(n)
}

// failed4625 is a refused network logon. sub is 0xc000006a for a wrong password, 0xc0000064 for an unknown user.
func (m *machine) failed4625(at time.Time, a account, sub ew.Hex32, from origin, tags ...string) {
	m.audit(at, 4625, true, []pair{
		{"SubjectUserSid", nobody.sid}, {"SubjectUserName", "-"}, {"SubjectDomainName", "-"}, {"SubjectLogonId", ew.Hex64(0)},
		{"TargetUserSid", nobody.sid}, {"TargetUserName", a.name}, {"TargetDomainName", a.domain}, {"Status", ew.Hex32(0xc000006d)},
		{"FailureReason", "%%2313"}, {"SubStatus", sub}, {"LogonType", uint32(3)}, {"LogonProcessName", "NtLmSsp "},
		{"AuthenticationPackageName", "NTLM"}, {"WorkstationName", from.workstation}, {"TransmittedServices", "-"}, {"LmPackageName", "-"},
		{"KeyLength", uint32(0)}, {"ProcessId", ew.Hex64(0)}, {"ProcessName", "-"}, {"IpAddress", from.ip}, {"IpPort", port(from.port)},
	}, tags...)
}

func (m *machine) logoff4634(at time.Time, s *session, kind uint32, tags ...string) {
	m.audit(at, 4634, false, []pair{{"TargetUserSid", s.sid}, {"TargetUserName", s.name}, {"TargetDomainName", s.domain},
		{"TargetLogonId", s.id}, {"LogonType", kind}}, tags...)
}

func (m *machine) privileges4672(at time.Time, s *session, tags ...string) {
	m.audit(at, 4672, false, []pair{{"SubjectUserSid", s.sid}, {"SubjectUserName", s.name}, {"SubjectDomainName", s.domain}, {"SubjectLogonId", s.id},
		{"PrivilegeList", "SeSecurityPrivilege\n\t\t\tSeBackupPrivilege\n\t\t\tSeRestorePrivilege\n\t\t\tSeDebugPrivilege\n\t\t\tSeImpersonatePrivilege"}}, tags...)
}

func (m *machine) ntlm4776(at time.Time, a account, workstation string, status ew.Hex32, tags ...string) {
	m.audit(at, 4776, status != 0, []pair{{"PackageName", "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0"}, {"TargetUserName", a.name},
		{"Workstation", workstation}, {"Status", status}}, tags...)
}

func (m *machine) ticket4768(at time.Time, a account, ip string, tags ...string) {
	m.audit(at, 4768, false, []pair{{"TargetUserName", a.name}, {"TargetDomainName", netbios}, {"TargetSid", a.sid}, {"ServiceName", "krbtgt"},
		{"ServiceSid", ew.SID(domainSID + "-502")}, {"TicketOptions", ew.Hex32(0x40810010)}, {"Status", ew.Hex32(0)}, {"TicketEncryptionType", ew.Hex32(0x12)},
		{"PreAuthType", "2"}, {"IpAddress", "::ffff:" + ip}, {"IpPort", strconv.Itoa(49152 + m.dice.n(16000))},
		{"CertIssuerName", ""}, {"CertSerialNumber", ""}, {"CertThumbprint", ""}}, tags...)
}

func (m *machine) service4769(at time.Time, a account, service, ip string, tags ...string) {
	g := ew.GUID{}
	copy(g[:], m.dice.bytes(16))
	m.audit(at, 4769, false, []pair{{"TargetUserName", a.name + "@" + adDomain}, {"TargetDomainName", adDomain}, {"ServiceName", service},
		{"ServiceSid", ew.SID(domainSID + "-1009")}, {"TicketOptions", ew.Hex32(0x40810000)}, {"TicketEncryptionType", ew.Hex32(0x12)},
		{"IpAddress", "::ffff:" + ip}, {"IpPort", strconv.Itoa(49152 + m.dice.n(16000))}, {"Status", ew.Hex32(0)}, {"LogonGuid", g}, {"TransmittedServices", "-"}}, tags...)
}

func (m *machine) preauth4771(at time.Time, a account, ip string, tags ...string) {
	m.audit(at, 4771, true, []pair{{"TargetUserName", a.name}, {"TargetSid", a.sid}, {"ServiceName", "krbtgt/" + netbios}, {"TicketOptions", ew.Hex32(0x40810010)},
		{"Status", ew.Hex32(0x18)}, {"PreAuthType", "2"}, {"IpAddress", "::ffff:" + ip}, {"IpPort", strconv.Itoa(49152 + m.dice.n(16000))},
		{"CertIssuerName", ""}, {"CertSerialNumber", ""}, {"CertThumbprint", ""}}, tags...)
}

// share5145 is one access to a file on a share.
func (m *machine) share5145(at time.Time, s *session, from origin, share, path, target string, tags ...string) {
	m.audit(at, 5145, false, []pair{{"SubjectUserSid", s.sid}, {"SubjectUserName", s.name}, {"SubjectDomainName", s.domain}, {"SubjectLogonId", s.id},
		{"ObjectType", "File"}, {"IpAddress", from.ip}, {"IpPort", port(from.port)}, {"ShareName", `\\*\` + share}, {"ShareLocalPath", `\??\` + path},
		{"RelativeTargetName", target}, {"AccessMask", ew.Hex32(0x120089)}, {"AccessList", "%%1538\n\t\t\t\t%%1541\n\t\t\t\t%%4416\n\t\t\t\t%%4419\n\t\t\t\t%%4423\n\t\t\t\t"},
		{"AccessReason", "-"}}, tags...)
}

func (m *machine) task4698(at time.Time, s *session, task, content string, tags ...string) {
	m.audit(at, 4698, false, []pair{{"SubjectUserSid", s.sid}, {"SubjectUserName", s.name}, {"SubjectDomainName", s.domain}, {"SubjectLogonId", s.id},
		{"TaskName", task}, {"TaskContent", content}, {"ClientProcessStartKey", uint64(0x4e2a000000001f)}, {"ClientProcessId", uint32(0)},
		{"ParentProcessId", uint32(0)}, {"RpcCallClientLocality", uint32(0)}, {"FQDN", m.fqdn}}, tags...)
}

// created4720 and what follows it when an account is made and given to a group.
func (m *machine) newAdmin(at time.Time, by *session, a account, tags ...string) {
	subject := []pair{{"SubjectUserSid", by.sid}, {"SubjectUserName", by.name}, {"SubjectDomainName", by.domain}, {"SubjectLogonId", by.id}}
	target := []pair{{"TargetUserName", a.name}, {"TargetDomainName", a.domain}, {"TargetSid", a.sid}}
	m.audit(at, 4720, false, join(target, subject, []pair{{"PrivilegeList", "-"}, {"SamAccountName", a.name}, {"DisplayName", "%%1793"},
		{"UserPrincipalName", a.name + "@" + adDomain}, {"HomeDirectory", "%%1793"}, {"HomePath", "%%1793"}, {"ScriptPath", "%%1793"}, {"ProfilePath", "%%1793"},
		{"UserWorkstations", "%%1793"}, {"PasswordLastSet", "%%1794"}, {"AccountExpires", "%%1794"}, {"PrimaryGroupId", "513"}, {"AllowedToDelegateTo", "-"},
		{"OldUacValue", "0x0"}, {"NewUacValue", "0x15"}, {"UserAccountControl", "\n\t\t%%2080\n\t\t%%2082\n\t\t%%2084"}, {"UserParameters", "%%1793"},
		{"SidHistory", "-"}, {"LogonHours", "%%1793"}}), tags...)
	m.audit(at.Add(31*time.Millisecond), 4722, false, join(target, subject), tags...)
	m.audit(at.Add(6*time.Second), 4728, false, join([]pair{{"MemberName", "CN=" + a.name + ",CN=Users,DC=corp,DC=kragsund,DC=example"}, {"MemberSid", a.sid},
		{"TargetUserName", "Domain Admins"}, {"TargetDomainName", netbios}, {"TargetSid", ew.SID(domainSID + "-512")}}, subject, []pair{{"PrivilegeList", "-"}}), tags...)
}

func join(parts ...[]pair) []pair {
	var out []pair
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}
