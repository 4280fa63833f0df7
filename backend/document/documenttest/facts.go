// Package documenttest gives the tests of document and of document/pdf one made-up incident at a ferry operator.
//
// It stands beside document, is linked into tests only, and keeps true that its facts are the same at every call.
package documenttest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"adjutant/backend/deadline"
	"adjutant/backend/document"
	"adjutant/backend/incident"
)

// Row is a row of the made-up timeline.
type Row struct {
	ID, Path, Locator, Parser string
	At                        time.Time
	Fields                    map[string][]string
}

// Hash is a made-up SHA-256 with a name.
func Hash(name string) string {
	h := sha256.Sum256([]byte(name))
	return hex.EncodeToString(h[:])
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic("documenttest: " + err.Error())
	}
	return t
}

func row(n int, when, path, locator, parser string, fields ...string) Row {
	f := map[string][]string{}
	for i := 0; i+1 < len(fields); i += 2 {
		f[fields[i]] = append(f[fields[i]], fields[i+1])
	}
	return Row{ID: Hash(fmt.Sprint("row", n))[:32] + "/occurred.0", At: at(when), Path: path, Locator: locator, Parser: parser, Fields: f}
}

// Rows is the made-up timeline.
var Rows = []Row{
	row(0, "2026-11-17T21:14:32Z", "logs/fw-export.csv", "10482+121#97.0", "csv 1.0", "host.name", "GW01", "source.ip", "203.0.113.77", "destination.port", "443"),
	row(1, "2026-11-17T21:40:05Z", "triage-FS01.zip!Security.evtx", "69632+1320#41207.0", "evtx 0.2.0", "host.name", "FS01", "user.name", "svc_backup", "source.ip", "10.20.4.17", "event.code", "4624"),
	row(2, "2026-11-17T21:44:51Z", "triage-FS01.zip!System.evtx", "139264+2088#9120.0", "evtx 0.2.0", "host.name", "FS01", "user.name", "svc_backup", "winlog.event_data.ServiceName", "TideSync", "event.code", "7045"),
	row(3, "2026-11-18T02:10:12Z", "triage-FS01.zip!Security.evtx", "204800+980#41388.0", "evtx 0.2.0", "host.name", "FS01", "user.name", "svc_backup", "process.name", "vssadmin.exe", "event.code", "4688"),
	row(4, "2026-11-18T02:11:40Z", "triage-FS01.zip!Security.evtx", "205780+990#41389.0", "evtx 0.2.0", "host.name", "FS01", "user.name", "svc_backup", "process.name", "vssadmin.exe", "event.code", "4688"),
	row(5, "2026-11-18T03:02:27Z", "cloud/audit.jsonl", "88110+512#214.0", "jsonl 1.0", "host.name", "booking-db", "user.name", "m.okafor", "source.ip", "203.0.113.77", "event.action", "export"),
	row(6, "2026-11-19T23:58:03Z", "triage-FS01.zip!Security.evtx", "512+640#1.0", "evtx 0.2.0", "host.name", "FS01", "user.name", "svc_backup", "event.code", "1102"),
}

// Lookup finds a row of the made-up timeline.
func Lookup(id string) (document.RowFacts, bool) {
	for _, r := range Rows {
		if r.ID == id {
			words := []string{}
			for _, v := range r.Fields {
				words = append(words, v...)
			}
			return document.RowFacts{Times: []time.Time{r.At}, Fields: r.Fields, Text: strings.Join(words, " ")}, true
		}
	}
	return document.RowFacts{}, false
}

// Facts is the made-up incident with every field filled or left open on purpose.
func Facts() document.Facts {
	generated := at("2026-11-20T14:05:00Z")
	aware := deadline.Trigger{Anchor: "aware", At: at("2026-11-19T09:30:00+01:00"), TZ: "Europe/Copenhagen", By: "Ida Holm", Role: string(incident.RoleLegalCounsel),
		Recorded: at("2026-11-19T08:41:00Z"), Basis: "The export of passenger data was confirmed by the provider of the booking system by telephone", Entry: Hash("entry aware")}
	var regimes []deadline.Regime
	for _, id := range deadline.DefaultRegimes {
		if r, ok := deadline.Find(id); ok {
			regimes = append(regimes, *r)
		}
	}
	f := document.Facts{
		Case:         document.Case{ID: Hash("case")[:32], Name: "Sundfähre booking system", Mode: incident.ModeExercise, TLP: incident.TLPAmber},
		AsOf:         document.AsOf{Head: Hash("head"), Code: "K7QM-2R4D-XW9T-H3BN", Entries: 148, At: at("2026-11-20T14:03:12Z")},
		Generated:    generated,
		Organisation: document.Letterhead{Organisation: "Sundfähre Linien A/S", Unit: "Incident response", Lines: []string{"Havnegade 12, 4800 Nykøbing Falster", "cert@sundfaehre.example · +45 5550 0112"}},
		People: []document.Person{{Name: "Rasmus Vos", Role: incident.RoleIncidentCommander}, {Name: "Ida Holm", Role: incident.RoleLegalCounsel},
			{Name: "Ana Ruiz", Role: incident.RolePublicInformation}, {Name: "Mikkel Okafor", Role: incident.RoleOperations}},
		Severity: &document.Severity{Level: incident.SeverityHigh, By: "Rasmus Vos", Role: incident.RoleIncidentCommander, At: at("2026-11-19T08:55:00Z"),
			Reason: "A file server and the booking data are affected, and the intruder deleted shadow copies", Entry: Hash("entry severity")},
		Groups: []document.Group{
			{ID: "g1", Title: "Service installed after a first logon from outside", Severity: incident.SeverityHigh, Score: 7.5, Hosts: []string{"FS01"}, Users: []string{"svc_backup"},
				Count: 4, First: Rows[1].At, Last: Rows[2].At, Rows: []string{Rows[1].ID, Rows[2].ID}, Verdict: incident.VerdictTruePositive, VerdictBy: "Mikkel Okafor"},
			{ID: "g2", Title: "Shadow copies deleted", Severity: incident.SeverityHigh, Score: 7, Hosts: []string{"FS01"}, Count: 2, First: Rows[3].At, Last: Rows[4].At, Rows: []string{Rows[3].ID, Rows[4].ID}},
			{ID: "g3", Title: "Export of booking data from an unusual address", Severity: incident.SeverityCritical, Score: 8.5, Hosts: []string{"booking-db"}, Count: 1, First: Rows[5].At, Last: Rows[5].At, Rows: []string{Rows[5].ID}},
		},
		Decisions: []document.Decision{
			{Entry: Hash("entry d1"), Outcome: "accept", Title: "Disable the account svc_backup", By: "rule disable-account 1", Person: "Rasmus Vos", Role: incident.RoleIncidentCommander, At: at("2026-11-19T09:02:00Z"), Rows: []string{Rows[1].ID}},
			{Entry: Hash("entry d2"), Outcome: "override", Title: "Isolate FS01 at once", Instead: "Isolate FS01 after the last departure at 21:40, with the ports to the booking system closed until then", By: "rule isolate-host 2",
				Person: "Rasmus Vos", Role: incident.RoleIncidentCommander, At: at("2026-11-19T09:20:00Z"), ReasonCode: "operational-risk", Reason: "Boarding at two piers reads its lists from FS01, and the sailings of the evening are full", Rows: []string{Rows[2].ID}},
		},
		Open:   []string{"Reset the passwords of booking administrators"},
		Clocks: deadline.Clocks(regimes, []deadline.Trigger{aware}, nil, generated),
		Evidence: []document.EvidenceItem{
			{Path: "triage-FS01.zip!Security.evtx", SHA256: Hash("triage-FS01.zip!Security.evtx"), Bytes: 21041152, Format: "evtx", Status: "ok", Parsed: 30412, Taken: at("2026-11-19T10:12:00Z"), TakenBy: "Mikkel Okafor"},
			{Path: "triage-FS01.zip!System.evtx", SHA256: Hash("triage-FS01.zip!System.evtx"), Bytes: 5246976, Format: "evtx", Status: "ok", Parsed: 9233, Taken: at("2026-11-19T10:12:00Z"), TakenBy: "Mikkel Okafor"},
			{Path: "logs/fw-export.csv", SHA256: Hash("logs/fw-export.csv"), Bytes: 941120, Format: "csv", Status: "ok", Parsed: 8020, Taken: at("2026-11-19T10:30:00Z"), TakenBy: "Mikkel Okafor"},
			{Path: "cloud/audit.jsonl", SHA256: Hash("cloud/audit.jsonl"), Bytes: 240118, Format: "jsonl", Status: "ok", Parsed: 611, Taken: at("2026-11-19T11:00:00Z"), TakenBy: "Mikkel Okafor"},
			{Path: "notes.one", SHA256: Hash("notes.one"), Bytes: 40118, Format: "", Status: "no-parser", Taken: at("2026-11-19T11:00:00Z"), TakenBy: "Mikkel Okafor"},
		},
		Coverage: []string{
			"Outbound transfers over 100 MB were not seen in the firewall log of GW01 for 17 to 19 November; the log of GW02 is missing",
			"The Security log of FS01 was cleared on 19 November at 23:58; what it held before is missing but for the copies taken earlier",
		},
		Promoted: []document.Promoted{{Title: "Passenger list downloaded", At: Rows[5].At, Rows: []string{Rows[5].ID}, By: "Mikkel Okafor", Role: incident.RoleOperations, Entry: Hash("entry promoted")}},
	}
	key := func(i int, rule, id, phase string, level incident.Severity, artefact string) {
		r := Rows[i]
		k := document.KeyRow{Row: r.ID, At: r.At, Rule: rule, RuleID: id, Level: level, Phase: phase, Rarity: 1, Artefact: artefact}
		k.Host = first(r.Fields["host.name"])
		k.User = first(r.Fields["user.name"])
		k.Address = first(r.Fields["source.ip"])
		f.KeyRows = append(f.KeyRows, k)
	}
	key(1, "First logon of a service account from the remote-access range", "r1", "TA0001", incident.SeverityMedium, "")
	key(2, "New service installed", "r2", "TA0003", incident.SeverityHigh, "TideSync")
	key(3, "Shadow copies deleted", "r3", "TA0040", incident.SeverityHigh, "vssadmin.exe")
	key(4, "Shadow copies deleted", "r3", "TA0040", incident.SeverityHigh, "vssadmin.exe")
	key(5, "Export of booking data from an unusual address", "r4", "TA0010", incident.SeverityCritical, "")
	key(6, "Security log cleared", "r5", "TA0005", incident.SeverityHigh, "")
	for _, r := range Rows {
		f.Rows = append(f.Rows, document.CitedRow{ID: r.ID, At: r.At, Host: first(r.Fields["host.name"]), Path: r.Path, Evidence: Hash(r.Path), Locator: r.Locator, Parser: r.Parser, RowHash: Hash(r.ID)})
	}
	for name, value := range map[string]string{
		"authority": "Datatilsynet\nCarl Jacobsens Vej 35\n2500 Valby", "kind": "Initial", "controller": "Sundfähre Linien A/S, Havnegade 12, 4800 Nykøbing Falster, CVR 00 00 00 00",
		"nature": "Loss of confidentiality: booking records were exported by an intruder. Availability was not lost.", "subjects": "Passengers who booked online, among them children travelling with their parents",
		"subjects_number": "About 4,100, from the size of the export as the provider of the booking system states it", "records": "Names, e-mail addresses, telephone numbers, dates of travel; in some 300 cases passport numbers",
		"records_number": "not yet known", "consequences": "Fraudulent messages that refer to a real booking; misuse of passport numbers in the cases named above.",
		"communication": "Planned by e-mail for 21 November, as soon as the list of addressees is checked (Article 34).",
		"assessment":    "The intruder reached the booking data. We expect attempts to press for money and are prepared for them.", "next_steps": "Mikkel Okafor: FS01 isolated by 22:00 today.\nIda Holm: draft to the authority by 18:00 today.\nAna Ruiz: message to passengers, ready to send tomorrow at 09:00.",
		"happened": "Someone used an account of ours without permission and copied booking data. We found it on Thursday morning and closed that way in.",
		"measures": "Some shared folders are out of reach this evening from 21:40. Ticket sale and boarding go on as usual.",
		"contact":  "Ana Ruiz, extension 112, today until 22:00 and tomorrow from 06:00", "next_message": "Tomorrow at 12:00, even if there is little new",
	} {
		f.Slots = append(f.Slots, document.SlotValue{Name: name, Value: value, By: "Ida Holm", Role: incident.RoleLegalCounsel, At: at("2026-11-20T13:50:00Z")})
	}
	return f
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
