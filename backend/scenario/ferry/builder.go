package ferry

import (
	"sort"
	"time"
)

// builder gathers entries log by log; nothing is rendered before all of noise and attack are in.
type builder struct {
	seed     int64
	people   []account
	machines []*machine
	book     *machine // WS-BOOK07, the booking clerk's workstation
	ops      *machine // WS-OPS02, the operations room
	fs       *machine // FS01, the file server whose clock is fast
	dc       *machine // DC01
	winLogs  []*winLog
	textLogs []*textLog

	implant  *proc    // the intruders' program on WS-BOOK07
	deskUser *session // the clerk's session it runs in

	webAuth, webAccess, dbAuth, firewall, cloud, downloads *textLog

	files      []File
	truth      Truth
	steps      []*Step // attack and decoys, in the order of their declaration
	injections []*Injection
	byID       map[string]*Step
	injected   map[string]*Injection
}

// Streams of random numbers, one a file, so that they stay apart.
const (
	streamBook = iota + 1
	streamOps
	streamFS
	streamDC
	streamWebAuth
	streamWebAccess
	streamDBAuth
	streamFirewall
	streamCloud
	streamDownloads
	streamOthers
)

// fs01Skew is how far FS01's clock runs ahead.
const fs01Skew = 7 * time.Minute

// Times of the two clearings on FS01, true UTC.
var (
	securityCleared    = time.Date(2026, 3, 5, 2, 6, 31, 482_113_500, time.UTC)
	applicationCleared = time.Date(2026, 3, 5, 2, 6, 44, 903_271_200, time.UTC)
)

func newBuilder(seed int64) *builder {
	b := &builder{seed: seed, people: people(), byID: map[string]*Step{}, injected: map[string]*Injection{}}
	b.book = b.newMachine("WS-BOOK07", "10.20.30.107", streamBook)
	b.ops = b.newMachine("WS-OPS02", "10.20.31.22", streamOps)
	b.fs = b.newMachine("FS01", "10.20.20.15", streamFS)
	b.dc = b.newMachine("DC01", "10.20.20.10", streamDC)
	b.fs.skew = fs01Skew

	const sysmon, power = "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-PowerShell/Operational"
	b.book.security = b.winLog(b.book, "Security", "Security.evtx", 1_204_511)
	b.book.sysmon = b.winLog(b.book, sysmon, "Microsoft-Windows-Sysmon%4Operational.evtx", 318_204)
	b.book.power = b.winLog(b.book, power, "Microsoft-Windows-PowerShell%4Operational.evtx", 9_117)
	b.winLog(b.book, "Microsoft-Windows-TaskScheduler/Operational", "Microsoft-Windows-TaskScheduler%4Operational.evtx", 1)
	b.ops.security = b.winLog(b.ops, "Security", "Security.evtx", 877_342)
	b.ops.system = b.winLog(b.ops, "System", "System.evtx", 41_006)
	b.ops.system.cutAt = 4096 + 2*65536 + 24_001
	b.dc.security = b.winLog(b.dc, "Security", "Security.evtx", 55_120_904)
	b.fs.security = b.winLog(b.fs, "Security", "Security.evtx", 7_402_118)
	b.fs.security.clearedAt = securityCleared
	b.fs.sysmon = b.winLog(b.fs, sysmon, "Microsoft-Windows-Sysmon%4Operational.evtx", 702_551)
	b.fs.system = b.winLog(b.fs, "System", "System.evtx", 88_320)

	b.webAuth = b.textLog("WEB01", "auth.log", "syslog", "")
	b.webAccess = b.textLog("WEB01", "access.log", "access", "")
	b.dbAuth = b.textLog("DB01", "auth.log", "syslog", "")
	b.firewall = b.textLog("GW01", "firewall.csv", "csv", "time;action;proto;src_ip;src_port;dst_ip;dst_port;bytes_out;bytes_in;rule")
	b.cloud = b.textLog("", "cloud/audit.json", "jsonl", "")
	b.cloud.array = true
	b.downloads = b.textLog("WS-BOOK07", "downloads.jsonl", "jsonl", "")
	return b
}

func (b *builder) winLog(m *machine, channel, name string, firstID uint64) *winLog {
	l := &winLog{path: Root + "/" + m.name + "/" + name, host: m.name, channel: channel, firstID: firstID, skew: m.skew}
	b.winLogs = append(b.winLogs, l)
	return l
}

func (b *builder) textLog(host, name, format, header string) *textLog {
	path := Root + "/" + name
	if host != "" {
		path = Root + "/" + host + "/" + name
	}
	l := &textLog{path: path, host: host, format: format, header: header}
	b.textLogs = append(b.textLogs, l)
	return l
}

// step declares a step of the attack, or a decoy when it has no technique. Rows come from entries that carry its id.
func (b *builder) step(s Step) string {
	b.steps = append(b.steps, &s)
	b.byID[s.ID] = &s
	return s.ID
}

func (b *builder) injection(id, where, text string) string {
	in := &Injection{ID: id, Where: where, Text: text}
	b.injections = append(b.injections, in)
	b.injected[id] = in
	return id
}

// found notes the place of an entry that carries a tag.
func (b *builder) found(tag string, at time.Time, r Ref) {
	if in := b.injected[tag]; in != nil {
		in.Rows = append(in.Rows, r)
		return
	}
	s := b.byID[tag]
	s.Rows = append(s.Rows, r)
	s.widen(at)
}

// lost notes an entry that a clearing removed.
func (b *builder) lost(l *winLog, e winEntry) {
	for _, tag := range e.tags {
		if s := b.byID[tag]; s != nil {
			s.Lost++
			s.widen(e.at)
		}
	}
	for i := range b.truth.Cleared {
		if c := &b.truth.Cleared[i]; c.File == l.path {
			c.LostRecords++
		}
	}
}

func (s *Step) widen(at time.Time) {
	if s.At.IsZero() || at.Before(s.At) {
		s.At = at
	}
	if at.After(s.Until) {
		s.Until = at
	}
}

func (b *builder) finishTruth() Truth {
	t := b.truth
	t.Scenario, t.Seed, t.First, t.Last = "Kragsund Ferries", b.seed, First, Last
	sort.Slice(t.Files, func(i, j int) bool { return t.Files[i].Path < t.Files[j].Path })
	for _, f := range t.Files {
		t.Totals.Files++
		if f.DuplicateOf == "" {
			t.Totals.Records += f.Records
		}
	}
	for _, s := range b.steps {
		sort.SliceStable(s.Rows, func(i, j int) bool {
			a, c := s.Rows[i], s.Rows[j]
			return a.File < c.File || a.File == c.File && a.Offset < c.Offset
		})
		if len(s.Techniques) > 0 {
			t.Steps = append(t.Steps, *s)
		} else {
			t.Decoys = append(t.Decoys, *s)
		}
	}
	sort.SliceStable(t.Steps, func(i, j int) bool { return t.Steps[i].At.Before(t.Steps[j].At) })
	for _, in := range b.injections {
		t.Injections = append(t.Injections, *in)
	}
	skew := Skew{Host: "FS01", Seconds: int(fs01Skew / time.Second)}
	for _, f := range t.Files {
		if f.Host == "FS01" && f.Format == "evtx" {
			skew.Files = append(skew.Files, f.Path)
		}
	}
	t.Skews = []Skew{skew}
	t.Zones = []Zone{{b.firewall.path, ZoneName}}
	for i := range t.Cleared {
		c := &t.Cleared[i]
		s := b.byID["S26"]
		for _, r := range s.Rows {
			if r.EventID == 1102 && c.Channel == "Security" || r.EventID == 104 && c.Channel == "Application" {
				said := r
				c.Said = &said
				if c.Channel == "Security" {
					c.FirstRecordID = r.Record
				}
			}
		}
	}
	t.BlindSpots = []string{
		"WS-BOOK03: no logs collected; seen in DC01's and GW01's logs only",
		"FS01 Security before it was cleared on day 3",
		"FS01 Application: cleared, not collected",
		"WS-OPS02 System: the copy is cut off",
		"DC01, WS-OPS02: no Sysmon",
		"DB01: no database log, only auth.log",
		"e-mail: the message with the link was not collected",
	}
	t.PersonalData = PersonalData{
		What:       "the passenger booking database: dumped on DB01, copied with its backups on FS01 and sent out",
		Categories: []string{"name", "date of birth", "contact details", "travel times", "vehicle number plate", "identity document number of international passengers"},
		Steps:      []string{"S18", "S19", "S20", "S24"},
	}
	t.Letter = letterTruth
	return t
}
