// Package recordtest makes large made-up records for tests and measurements: three people, entries of mixed kinds, all
// properly signed, some of them by two people at once.
//
// It stands beside caserecord and is reached from tests and from build/bench alone. The same number gives the same bytes.
package recordtest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

// Began is when the first entry of every case is recorded.
var Began = time.Date(2026, 3, 4, 5, 6, 7, 890_000_000, time.UTC)

// Writer is a person with one key, and what they know of the record.
type Writer struct {
	Ref  caserecord.PersonRef
	Role incident.Role
	key  ed25519.PrivateKey
	seq  uint64
	last caserecord.ID
	seen map[caserecord.Author]caserecord.ID
}

// Sign is the function that caserecord.Seal asks for.
func (w *Writer) Sign(pae []byte) ([]byte, error) { return ed25519.Sign(w.key, pae), nil }

// Case is a made-up record that grows.
type Case struct {
	ID      string
	Entries []caserecord.Entry // in the order in which they were written
	Writers [3]*Writer         // commander, responder, counsel
	heads   map[caserecord.Author]caserecord.ID
	now     time.Time
	salt    uint64
}

// New returns an exercise of at least n entries.
func New(n int) *Case {
	c := &Case{heads: map[caserecord.Author]caserecord.ID{}, now: Began}
	for i, who := range []string{"Ada Lind", "Ben Okafor", "Cy Marsh"} {
		seed := sha256.Sum256([]byte("record test " + who))
		key := ed25519.NewKeyFromSeed(seed[:])
		c.Writers[i] = &Writer{
			key: key, Role: []incident.Role{incident.RoleIncidentCommander, incident.RoleResponder, incident.RoleLegalCounsel}[i],
			Ref: caserecord.PersonRef{ID: caserecord.PersonID(hex.EncodeToString(seed[:16])), Name: who, Key: caserecord.Author(hex.EncodeToString(key.Public().(ed25519.PublicKey)))},
		}
	}
	ada := c.Writers[0]
	c.write(ada, &caserecord.CaseOpenedData{Name: "Harbour", TLP: incident.TLPAmber, Zone: "Europe/Lisbon", Person: ada.Ref})
	for _, w := range c.Writers[1:] {
		c.write(ada, &caserecord.PersonAdmittedData{Person: w.Ref})
		c.write(ada, &caserecord.RoleGrantedData{Person: w.Ref.ID, Role: w.Role, From: Began.Format(time.RFC3339), ByRole: ada.Role})
	}
	for run := 0; len(c.Entries) < n; run++ {
		w := c.Writers[run%3]
		c.exchange(w)
		if run%8 == 7 { // a colleague goes on at the same time, on another laptop
			other := c.Writers[(run+1)%3]
			c.exchange(other)
			c.run(other, run, min(20, n-len(c.Entries)))
		}
		c.run(w, run, min(100, n-len(c.Entries)))
	}
	return c
}

// Write lets a writer, who then knows everything, sign one more entry.
func (c *Case) Write(w *Writer, d caserecord.Content) caserecord.Entry {
	c.exchange(w)
	c.write(w, d)
	return c.Entries[len(c.Entries)-1]
}

// exchange lets a writer know everything.
func (c *Case) exchange(w *Writer) {
	w.seen = maps.Clone(c.heads)
	delete(w.seen, w.Ref.Key)
}

func (c *Case) run(w *Writer, run, n int) {
	for i := range n {
		c.write(w, c.content(w, run, i))
	}
}

func (c *Case) write(w *Writer, d caserecord.Content) {
	c.now = c.now.Add(3 * time.Second)
	var salt [16]byte
	c.salt++
	binary.BigEndian.PutUint64(salt[:], c.salt)
	h := caserecord.Header{Case: c.ID, Mode: incident.ModeExercise, Author: w.Ref.Key, Seq: w.seq + 1, Prev: w.last, Seen: w.seen, Recorded: c.now}
	e, err := caserecord.Seal(h, d, salt, w.Sign)
	if err != nil {
		panic("recordtest: " + err.Error()) // a broken generator, not input
	}
	c.ID, w.seq, w.last = e.Header.Case, e.Header.Seq, e.ID
	c.heads[w.Ref.Key] = e.ID
	c.Entries = append(c.Entries, e)
}

func hash(words ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(words...)))
	return hex.EncodeToString(sum[:])
}

// content is what people write in a long incident: mostly notes, tags and receipts, now and then what decides something.
func (c *Case) content(w *Writer, run, i int) caserecord.Content {
	n := run*100 + i
	row := hash("event", n)[:32] + "/occurred.0"
	origin := caserecord.Origin{Kind: "rule", Name: "isolate-host", Version: "1"}
	cite := caserecord.Citation{RowID: row, EventID: row[:32], EvidenceSHA256: hash("item", n/40), Locator: "0+10#1.0", Parser: "evtx 1", RawSHA256: hash("raw", n), Text: "FS01 logon of svc-backup from 10.2.0.14"}
	const why = "the log of the gate and the night watch agree on it"
	switch k := i % 20; {
	case i == 99 && w == c.Writers[0]:
		return &caserecord.SeverityDeclaredData{Level: incident.Severity(1 + run%5), ReasonCode: "impact", Reason: why, Role: w.Role}
	case i == 98 && w == c.Writers[0]:
		return &caserecord.DecisionMadeData{Recommendation: fmt.Sprint("r", run), Subject: "containment", Outcome: caserecord.OutcomeAccept, Recommended: "isolate FS01", RecommendedBy: origin, Action: "isolate", Target: "FS01", ReasonCode: "operations", Reason: why, Rows: []caserecord.Citation{cite}, ShownSHA256: hash("shown", n), Role: w.Role}
	case i == 97 && run%30 == 0:
		return &caserecord.TriggerDeclaredData{Anchor: "aware", At: c.now.Format(time.RFC3339), TZ: "Europe/Lisbon", Basis: why, Role: incident.RoleIncidentCommander}
	case i == 96:
		return &caserecord.DocumentDraftedData{Document: hash("doc", run/6)[:32], Template: "gdpr-33", Class: caserecord.ClassNotice, Title: "Notice to the authority", ModelSHA256: hash("model", n), AsOf: hash("head", n), Slots: map[string]string{"records": "about 300", "measures": why}}
	case k < 8:
		return &caserecord.NoteMadeData{About: row, Text: fmt.Sprintf("Note %d: the night watch confirms what the log of the gate shows at %s.", n, c.now.Format(time.TimeOnly))}
	case k < 11:
		return &caserecord.RowTaggedData{Rows: []string{row, hash("event", n-1)[:32] + "/occurred.0"}, Tag: fmt.Sprint("phase ", k)}
	case k == 11:
		return &caserecord.RowUntaggedData{Rows: []string{hash("event", n-1)[:32] + "/occurred.0"}, Tag: "phase 10"}
	case k == 12 && w != c.Writers[2]:
		return &caserecord.EvidenceReceivedData{SHA256: hash("item", n), Path: fmt.Sprintf("disk-%d/Windows/System32/winevt/Logs/Security.evtx", n), Bytes: 69632, Kept: caserecord.KeptSealed, Custodian: w.Ref.Name, Source: "FS01", Why: "logon trail"}
	case k == 13 && w != c.Writers[2]:
		return &caserecord.EvidenceImportedData{SHA256: hash("item", n-1), Path: fmt.Sprintf("disk-%d/Windows/System32/winevt/Logs/Security.evtx", n-1), Format: "evtx", ParserVersion: "1", Status: "ok", Read: 10, Parsed: 10, First: "2026-03-01T00:00:00Z", Last: "2026-03-03T00:00:00Z"}
	case k == 14 && w != c.Writers[2]:
		return &caserecord.VerdictGivenData{Group: hash("group", n/10)[:16], Title: "Logon from outside", Verdict: incident.VerdictTruePositive, Suggested: incident.VerdictSuspicious, SuggestedBy: origin, ReasonCode: "seen", Reason: why, Rows: []string{row}, Role: w.Role}
	case k == 15:
		return &caserecord.EventPromotedData{Title: "Logon of the backup account", Text: why, At: c.now.Add(-24 * time.Hour).Format(time.RFC3339), Rows: []caserecord.Citation{cite}}
	case k == 16:
		return &caserecord.ModelRanData{Function: "narrative", Model: "smol", Digest: "sha256:00", ServerVersion: "0.24.0", Params: map[string]string{"temperature": "0"}, PromptVersion: "1", InputSHA256: hash(n), OutputSHA256: hash(n + 1), Outcome: "ok", DurationMS: 1200}
	case k == 17:
		return &caserecord.DetectionRanData{Pack: "own", PackHash: hash("pack"), Loaded: 12, Matched: 3, NotApplicable: 4, Findings: 5}
	}
	return &caserecord.NoteMadeData{About: "case", Text: fmt.Sprintf("Shift note %d. %s. The tide gate stays shut until the harbour master has called back, and the crane is out of service.", n, why)}
}
