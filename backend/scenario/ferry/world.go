package ferry

import (
	"fmt"
	"strings"
	"time"

	"adjutant/backend/scenario/evtxwriter"
)

// Names and addresses of the scenario. All invented; addresses only from RFC 1918, RFC 5737 and RFC 3849.
const (
	netbios   = "KRAGSUND"
	adDomain  = "corp.kragsund.example"
	domainSID = "S-1-5-21-1204471882-2730014416-880417203"

	lureHost  = "claims-portal.test"
	lureIP    = "192.0.2.44"
	c2Host    = "cdn-sync.test"
	c2IP      = "203.0.113.77"
	exfilHost = "files-relay.test"
	exfilIP   = "203.0.113.50"
	bruteIP   = "192.0.2.66"
	cloudIP   = "203.0.113.91"

	webPublicIP = "198.51.100.10"
	natIP       = "198.51.100.1"
)

// machine is one host with its logs and its running numbers.
type machine struct {
	b        *builder
	name     string
	fqdn     string
	ip       string
	skew     time.Duration // how far its clock runs ahead
	dice     *dice
	security *winLog
	sysmon   *winLog
	system   *winLog
	power    *winLog
	nextPID  uint32
	system0  *proc // services.exe, the parent of what has none
}

// account is a user of the domain or a local one.
type account struct {
	name   string
	full   string
	domain string
	sid    evtxwriter.SID
}

func (a account) String() string { return a.domain + `\` + a.name }

var (
	localSystem = account{"SYSTEM", "Local System", "NT AUTHORITY", "S-1-5-18"}
	nobody      = account{"-", "", "-", "S-1-0-0"}
)

// session is one logon.
type session struct {
	account
	id   evtxwriter.Hex64
	guid evtxwriter.GUID
	term uint32
}

// proc is one process.
type proc struct {
	pid   uint32
	guid  evtxwriter.GUID
	image string
	cmd   string
	by    *session
}

var familyNames = []string{
	"Dahl", "Holm", "Bruun", "Nygaard", "Krogh", "Lund", "Friis", "Vestergaard", "Bak", "Toft", "Winther", "Skov", "Juhl", "Thorsen", "Mørk",
	"Ravn", "Overgaard", "Kjær", "Damgaard", "Brandt", "Schou", "Hald", "Bundgaard", "Lindholm", "Riis", "Steen", "Villadsen", "Østergaard",
	"Balle", "Enevoldsen", "Fog", "Grau", "Hviid", "Iversen", "Jepsen", "Kofoed", "Laub", "Munk", "Nissen", "Olesen", "Panduro", "Quist",
	"Rask", "Sand", "Trap", "Ulrik", "Vad", "Wulff", "Ager", "Bay", "Carstens", "Dyhr", "Elkjær", "Foged", "Glud", "Have",
}

var givenNames = []string{"Mette", "Jens", "Karin", "Lars", "Anne", "Peter", "Sofie", "Ole", "Ida", "Henrik", "Maja", "Niels", "Emma", "Bo", "Rikke", "Erik"}

// people are the domain's users: named ones first, then enough clerks, deckhands and officers for a spray to be one.
func people() []account {
	var out []account
	add := func(name, full string) {
		out = append(out, account{name, full, netbios, evtxwriter.SID(fmt.Sprintf("%s-%d", domainSID, 1103+len(out)))})
	}
	for i, family := range familyNames {
		given := givenNames[i%len(givenNames)]
		add(strings.ToLower(given[:1]+ascii(family)), given+" "+family)
	}
	add("adm-jholm", "Jens Holm (administrator)")
	add("svc-backup", "Backup service")
	add("svc-ticketing", "Ticketing service")
	add("svc-monitor", "Monitoring service")
	return out
}

func ascii(s string) string {
	return strings.NewReplacer("ø", "oe", "Ø", "Oe", "æ", "ae", "Æ", "Ae", "å", "aa").Replace(s)
}

func (b *builder) user(name string) account {
	for _, a := range b.people {
		if a.name == name {
			return a
		}
	}
	panic("ferry: no user " + name) // names are constants of this package
}

func (b *builder) newMachine(name, ip string, stream uint64) *machine {
	m := &machine{b: b, name: name, fqdn: name + "." + adDomain, ip: ip, dice: newDice(b.seed, stream), nextPID: uint32(1200 + 4*stream)}
	b.machines = append(b.machines, m)
	m.system0 = &proc{pid: 716, image: `C:\Windows\System32\services.exe`, cmd: `C:\Windows\system32\services.exe`, by: &session{account: localSystem, id: 0x3e7}}
	copy(m.system0.guid[:], m.dice.bytes(16))
	return m
}

// clock is the time the host itself showed.
func (m *machine) clock(t time.Time) time.Time { return t.Add(m.skew) }

func (m *machine) logon(a account) *session {
	s := &session{account: a, id: evtxwriter.Hex64(0x40000 + m.dice.n(0x3ffffff)), term: 1}
	copy(s.guid[:], m.dice.bytes(16))
	return s
}

// asSystem is the session in which services run.
func (m *machine) asSystem() *session {
	return &session{account: account{m.name + "$", "", netbios, "S-1-5-18"}, id: 0x3e7}
}
