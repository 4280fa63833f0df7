package caserecord

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord/authority"
	"adjutant/backend/incident"
)

const ic, counsel, responder = incident.RoleIncidentCommander, incident.RoleLegalCounsel, incident.RoleResponder

// refusedFor returns the code under which an entry was set aside, "" when it was taken.
func refusedFor(s *State, e Entry) Code {
	for _, r := range s.Refused {
		if r.Entry == e.ID {
			return r.Code
		}
	}
	return ""
}

// fullCase is a case with the first 26 kinds of entries, and the three laptops that wrote it; fullCase2 has the others.
func fullCase(t testing.TB) (ada, ben, cy *signer) {
	ada, ben, cy = team(t)
	x, doc := hash("x"), hash("doc")[:32]
	cite := Citation{RowID: hash("e")[:32] + "/occurred.0", EventID: hash("e")[:32], EvidenceSHA256: x, Locator: "0+10#1.0", Parser: "evtx 1", RawSHA256: hash("raw"), Text: "FS01 logon"}
	ben.write(&ClockObservedData{Reference: "wall clock of the bridge", OffsetSeconds: -1.5})
	ben.write(&EvidenceReceivedData{SHA256: x, Path: "logs.zip!Security.evtx", Bytes: 69632, Kept: KeptSealed, Custodian: "Ben Okafor", Source: "FS01", Why: "logon trail", Acquired: "2026-03-04T04:00:00+01:00", AcquiredZone: "Europe/Paris"})
	ben.write(&EvidenceImportedData{SHA256: x, Path: "logs.zip!Security.evtx", Format: "evtx", ParserVersion: "1", Status: "partial", Read: 10, Parsed: 8, Skipped: []Skipped{{"bad checksum", 2}}, Warnings: 1, First: "2026-03-01T00:00:00Z", Last: "2026-03-03T00:00:00Z"})
	ben.write(&SourceAssumedData{SHA256: x, Zone: "Europe/Lisbon", Year: 2026, SkewSeconds: 42, Columns: map[string]string{`a "b"`: "@timestamp", "z": "host.name"}, Basis: "the site keeps local time"})
	ben.write(&RowTaggedData{Rows: []string{cite.RowID, "other/occurred.0"}, Tag: "entry point"})
	ben.write(&RowUntaggedData{Rows: []string{"other/occurred.0"}, Tag: "entry point"})
	noted := ben.write(&NoteMadeData{About: cite.RowID, Text: "the <first> logon & more\nsecond line"})
	ben.write(&EventPromotedData{Title: "First logon", At: "2026-03-01T00:00:00Z", Rows: []Citation{cite}})
	ben.write(&DetectionRanData{Pack: "own", PackHash: hash("pack"), Loaded: 12, Matched: 3, NotApplicable: 4, Findings: 5})
	ben.write(&VerdictGivenData{Group: "g1", Title: "Logon from outside", Verdict: incident.VerdictTruePositive, Suggested: incident.VerdictSuspicious, SuggestedBy: Origin{"score", "triage", "1"}, ReasonCode: "seen", Reason: "the account is not used by hand", Rows: []string{cite.RowID}, Role: responder})
	ben.write(&ModelRanData{Function: "narrative", Model: "smol", Digest: "sha256:00", ServerVersion: "0.24.0", Params: map[string]string{"temperature": "0"}, PromptVersion: "1", InputSHA256: x, OutputSHA256: x, Outcome: "refused: unfit", DurationMS: 1200})
	ada.take(ben)
	ada.write(&MergeReceivedData{Heads: ben.log.Heads()})
	ada.write(&SeverityDeclaredData{Level: incident.SeverityHigh, Suggested: incident.SeverityMedium, SuggestedBy: &Origin{"score", "triage", "1"}, ReasonCode: "impact", Reason: "the ferry control network is reachable", Rows: []string{cite.RowID}, Role: ic})
	ada.write(&DecisionMadeData{Recommendation: "r1", Subject: "containment", Outcome: OutcomeOverride, Recommended: "isolate FS01", RecommendedBy: Origin{"rule", "isolate-host", "1"}, Action: "isolate", Instead: "watch it until the ferry is in", Target: "FS01", ReasonCode: "operations", Reason: "the crane would stop in mid-lift", Rows: []Citation{cite}, ShownSHA256: hash("shown"), Role: ic})
	ada.write(&ModelSwitchedData{On: false, Why: "unfit"})
	ada.write(&TriggerDeclaredData{Anchor: "aware", At: "2026-03-04T06:00:00+01:00", TZ: "Europe/Paris", Basis: "the log was read", Role: ic})
	ada.write(&DocumentDraftedData{Document: doc, Template: "gdpr-33", Class: ClassNotice, Title: "Notice to the authority", ModelSHA256: hash("m1"), AsOf: ada.log.Head(), Slots: map[string]string{"records": "about 300"}})
	ada.write(&CorrectionMadeData{Supersedes: noted.ID, Text: "the second logon"})
	cy.take(ada)
	cy.write(&DocumentApprovedData{Document: doc, ModelSHA256: hash("m1"), Role: counsel})
	cy.write(&DocumentReleasedData{Document: doc, Channel: "portal", To: "CNPD", Role: counsel})
	cy.write(&TriggerSubmittedData{Regime: "gdpr", Stage: "notification", At: "2026-03-04T09:00:00Z", Proof: "receipt 12", Role: counsel})
	cy.write(&BundleExportedData{To: "courier", Head: cy.log.Head(), Entries: cy.log.Len()})
	ada.take(cy)
	ada.write(&RoleEndedData{Person: ben.ref.ID, Role: responder, Why: "shift over", ByRole: ic})
	return ada, ben, cy
}

// TestWhatIsGivenStaysTheCallers: entries that stand in causal order already are not shared with what is made of them.
func TestWhatIsGivenStaysTheCallers(t *testing.T) {
	ada, _, _ := fullCase(t)
	all := slices.Clone(ada.log.Entries())
	sorted, s, part := CausalOrder(all), Fold(all), Until(all, all[5].Header.Recorded)
	for i := range all {
		sorted[i], all[i] = Entry{}, Entry{}
	}
	if ada.log.Entries()[1].ID == "" || s.All()[1].ID == "" || part[1].ID == "" {
		t.Error("one list is shared")
	}
}

// TestFoldCounts folds a whole case: counts first, then the answers that screens need.
func TestFoldCounts(t *testing.T) {
	ada, ben, cy := fullCase(t)
	s := Fold(ada.log.Entries())
	if s.Entries != 28 || len(s.Refused) != 0 || len(s.Conflicts) != 0 || s.Withheld != 0 {
		t.Fatalf("%d entries, refused %v, conflicts %v", s.Entries, s.Refused, s.Conflicts)
	}
	kinds := map[Kind]int{}
	for _, e := range ada.log.Entries() {
		kinds[e.Header.Kind]++
	}
	if len(kinds) != 26 { // the others are in fullCase2
		t.Errorf("the case has %d kinds", len(kinds))
	}
	for name, n := range map[string]int{"people": len(s.People) - 3, "roles": len(s.Roles) - 3, "clocks": len(s.Clocks) - 1, "evidence": len(s.Evidence) - 1,
		"assumptions": len(s.Assumptions) - 1, "notes": len(s.Notes) - 1, "promoted": len(s.Promoted) - 1, "detections": len(s.Detections) - 1,
		"verdicts": len(s.Verdicts) - 1, "severities": len(s.Severity.History) - 1, "decisions": len(s.Decisions) - 1, "triggers": len(s.Triggers) - 1,
		"submissions": len(s.Submissions) - 1, "documents": len(s.Documents) - 1, "models": len(s.Models) - 1, "switches": len(s.Switches) - 1,
		"exports": len(s.Exports) - 1, "merges": len(s.Merges) - 1, "corrections": len(s.Corrections) - 1} {
		if n != 0 {
			t.Errorf("%s: %+d", name, n)
		}
	}
	if s.Case.Name != "Harbour" || s.Case.Mode != incident.ModeExercise || s.Case.Creator != ada.ref.ID || s.Case.Name == "" {
		t.Errorf("case %+v", s.Case)
	}
	if got := s.TagsOf(hash("e")[:32] + "/occurred.0"); !slices.Equal(got, []string{"entry point"}) || len(s.TaggedRows()) != 1 {
		t.Errorf("tags %v %v", got, s.TaggedRows())
	}
	if s.Severity.Current.Data.Level != incident.SeverityHigh || s.Decision("r1").Current.Data.Outcome != OutcomeOverride || s.Decision("r2") != nil {
		t.Error("severity or decision")
	}
	if d := s.Document(hash("doc")[:32]); d.Approved() == nil || !d.Releases[0].Approved || d.Approved().Name != "Cy Marsh" {
		t.Errorf("document %+v", d)
	}
	if it := s.Item(hash("x")); it.Latest().Data.Status != "partial" || it.Received[0].Data.Source != "FS01" {
		t.Errorf("item %+v", it)
	}
	if a := s.AssumptionFor(hash("x")); a == nil || a.Data.SkewSeconds != 42 || s.AssumptionFor(hash("y")) != nil {
		t.Errorf("assumption %+v", a)
	}
	if s.ModelOn("narrative", true) || s.Trigger("aware").Current.At.Hour() != 5 || len(s.NotesAbout(hash("e")[:32]+"/occurred.0")) != 1 {
		t.Error("model, trigger or notes")
	}
	if r := s.RolesOf(ben.ref.ID, s.Latest); len(r) != 0 {
		t.Errorf("ben still holds %v", r)
	}
	if r := s.RolesOf(cy.ref.ID, s.Latest); !slices.Equal(r, []incident.Role{counsel}) {
		t.Errorf("cy holds %v", r)
	}
	for _, e := range ada.log.Entries() {
		if text := Story(e, s); !strings.HasSuffix(text, ".") || strings.Contains(text, "%!") || strings.Contains(text, string(e.Header.Kind)) {
			t.Errorf("%s: %s", e.Header.Kind, text)
		}
	}
}

// TestAuthorityInFold lists what colleagues with own keys may not do.
func TestAuthorityInFold(t *testing.T) {
	ada, ben, cy := team(t)
	eve := newSigner(t, "Eve")
	eve.take(ada)
	stranger := eve.write(note("let me in"))
	early := ben.write(severity(incident.SeverityLow, responder))
	claim := ben.write(severity(incident.SeverityLow, ic))
	selfRole := ben.write(&RoleGrantedData{Person: ben.ref.ID, Role: ic, From: "2026-01-01T00:00:00Z", ByRole: ic})
	letIn := ben.write(&PersonAdmittedData{eve.ref})
	after := ben.write(severity(incident.SeverityLow, ic))
	doc := hash("doc")[:32]
	draft := &DocumentDraftedData{Document: doc, Template: "gdpr-33", Class: ClassNotice, Title: "Notice", ModelSHA256: hash("m1"), AsOf: hash("h")}
	ada.write(draft)
	icApproves := ada.write(&DocumentApprovedData{Document: doc, ModelSHA256: hash("m1"), Role: ic})
	milder := *draft
	milder.Class = ClassReport
	asReport := ada.write(&milder)
	cy.take(ada)
	unseen := cy.write(&DocumentApprovedData{Document: doc, ModelSHA256: hash("m2"), Role: counsel})
	good := cy.write(&DocumentApprovedData{Document: doc, ModelSHA256: hash("m1"), Role: counsel})
	words := cy.write(note("mine"))
	ben.take(cy)
	others := ben.write(&CorrectionMadeData{Supersedes: words.ID, Text: "not what I said"})
	nobody := ada.write(&RoleGrantedData{Person: eve.ref.ID, Role: responder, From: "2026-01-01T00:00:00Z", ByRole: ic})
	late := ada.write(&RoleGrantedData{Person: cy.ref.ID, Role: responder, From: "2026-03-04T00:00:00Z", To: "2026-03-04T00:00:01Z", ByRole: ic})
	cy.take(ada)
	expired := cy.write(&EvidenceReceivedData{SHA256: hash("x"), Path: "a", Kept: KeptSealed})
	again := ada.write(&PersonAdmittedData{PersonRef{ID: PersonID(hash("other")[:32]), Name: "Other", Key: ben.ref.Key}})
	ada.take(eve)
	ada.take(ben)
	ada.take(cy)

	s := Fold(ada.log.Entries())
	for name, c := range map[string]struct {
		e    Entry
		want Code
	}{
		"stranger's note":                {stranger, CodeUnknownAuthor},
		"responder declares severity":    {early, CodeNotAuthorised},
		"role that is not held":          {claim, CodeNotAuthorised},
		"grants himself command":         {selfRole, CodeNotAuthorised},
		"admits a friend":                {letIn, CodeNotAuthorised},
		"acts on the refused grant":      {after, CodeNotAuthorised},
		"commander approves a notice":    {icApproves, CodeNotAuthorised},
		"notice redrafted as report":     {asReport, CodeOutOfPlace},
		"approves a text never drafted":  {unseen, CodeOutOfPlace},
		"counsel approves the notice":    {good, ""},
		"corrects somebody else":         {others, CodeNotAuthorised},
		"role for someone not admitted":  {nobody, CodeOutOfPlace},
		"grant that is over":             {late, ""},
		"acts after the grant ran out":   {expired, CodeNotAuthorised},
		"second person for the same key": {again, CodeOutOfPlace},
	} {
		if got := refusedFor(s, c.e); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if s.Accepted(c.e.ID) != (c.want == "") {
			t.Errorf("%s: accepted %v", name, s.Accepted(c.e.ID))
		}
	}
	if s.Severity.Current != nil {
		t.Error("a refused severity counts")
	}
}

// TestEndedRoleWins: what was signed in a role without knowing that it had ended is set aside; what lies in the past of
// the end stays; a new grant gives it back.
func TestEndedRoleWins(t *testing.T) {
	ada, ben, cy := team(t)
	ada.grant(ben, ic)
	ben.take(ada)
	before := ben.write(severity(incident.SeverityLow, ic))
	ada.take(ben)
	ada.write(&RoleEndedData{Person: ben.ref.ID, Role: ic, Why: "handed over", ByRole: ic})
	concurrent := ben.write(severity(incident.SeverityCritical, ic))
	granted := ben.write(&RoleGrantedData{Person: cy.ref.ID, Role: ic, From: "2026-01-01T00:00:00Z", ByRole: ic})
	cy.take(ben)
	byGranted := cy.write(severity(incident.SeverityCritical, ic))
	cy.take(ada)
	stillCounsel := cy.write(&NoteMadeData{Text: "I am still here"})
	ada.take(cy)
	again := ada.grant(ben, ic)
	ben.take(ada)
	after := ben.write(severity(incident.SeverityMedium, ic))
	s := Fold(ben.log.Entries())
	for name, c := range map[string]struct {
		e    Entry
		want Code
	}{
		"before": {before, ""}, "concurrent": {concurrent, CodeNotAuthorised}, "grant by the ended": {granted, CodeNotAuthorised},
		"by the one he granted": {byGranted, CodeNotAuthorised}, "others": {stillCounsel, ""}, "granted again": {again, ""}, "after": {after, ""},
	} {
		if got := refusedFor(s, c.e); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if s.Severity.Current.Data.Level != incident.SeverityMedium || len(s.Severity.History) != 2 {
		t.Errorf("severity %+v", s.Severity.History)
	}
}

// TestMutualEnd: two commanders end each other's role at once. Both lose it, on both laptops.
func TestMutualEnd(t *testing.T) {
	ada, ben, _ := team(t)
	ada.grant(ben, ic)
	ben.take(ada)
	a := ada.write(&RoleEndedData{Person: ben.ref.ID, Role: ic, Why: "x", ByRole: ic})
	b := ben.write(&RoleEndedData{Person: ada.ref.ID, Role: ic, Why: "y", ByRole: ic})
	ada.take(ben)
	s := Fold(ada.log.Entries())
	if refusedFor(s, a) != "" || refusedFor(s, b) != "" {
		t.Errorf("refused %v", s.Refused)
	}
	for _, p := range []*signer{ada, ben} {
		if slices.Contains(s.RolesOf(p.ref.ID, s.Latest), ic) {
			t.Errorf("%s is still commander", p.ref.Name)
		}
	}
	own := ben.write(&RoleEndedData{Person: ben.ref.ID, Role: responder, Why: "done", ByRole: responder})
	if s := Fold(ben.log.Entries()); refusedFor(s, own) != "" {
		t.Errorf("laying down an own role: %v", s.Refused)
	}
}

// TestConflicts: the same field set without having seen each other is shown until someone who saw both settles it.
func TestConflicts(t *testing.T) {
	ada, ben, _ := team(t)
	assume := func(zone string) *SourceAssumedData {
		return &SourceAssumedData{SHA256: hash("x"), Zone: zone, Basis: "asked"}
	}
	a, b := ada.write(assume("Europe/Lisbon")), ben.write(assume("UTC"))
	ada.write(&RowTaggedData{Rows: []string{"r"}, Tag: "t"})
	ada.take(ben)
	s := Fold(ada.log.Entries())
	if len(s.Conflicts) != 1 || s.Conflicts[0].Field != "source "+hash("x") || len(s.Conflicts[0].Entries) != 2 ||
		!slices.Contains(s.Conflicts[0].Entries, a.ID) || !slices.Contains(s.Conflicts[0].Entries, b.ID) {
		t.Fatalf("conflicts %+v", s.Conflicts)
	}
	ben.write(&RowUntaggedData{Rows: []string{"r"}, Tag: "t"}) // has not seen the tag
	ada.write(assume("Europe/Lisbon"))
	ada.take(ben)
	s = Fold(ada.log.Entries())
	if len(s.Conflicts) != 0 || s.AssumptionFor(hash("x")).Data.Zone != "Europe/Lisbon" {
		t.Errorf("settled: %+v", s.Conflicts)
	}
	if got := s.TagsOf("r"); !slices.Equal(got, []string{"t"}) {
		t.Errorf("tag that the untag had not seen: %v", got)
	}
	same := ben.write(assume("Europe/Lisbon"))
	if s := Fold(append(ada.log.Entries(), same)); len(s.Conflicts) != 0 {
		t.Errorf("the same answer twice is no conflict: %+v", s.Conflicts)
	}
}

// TestApprovalVoid: any edit voids an approval.
func TestApprovalVoid(t *testing.T) {
	ada, _, _ := fullCase(t)
	doc := hash("doc")[:32]
	d := *Fold(ada.log.Entries()).Document(doc)
	redraft := d.Draft.Data
	redraft.ModelSHA256 = hash("m2")
	ada.write(&redraft)
	s := Fold(ada.log.Entries())
	if got := s.Document(doc); got.Approved() != nil || !got.Approvals[0].Void || !got.Releases[0].Approved {
		t.Errorf("after an edit: %+v", got)
	}
}

// TestKnownThen: what a person knew at a decision is its past, whatever arrived later (P2).
func TestKnownThen(t *testing.T) {
	ada, ben, _ := team(t)
	unknown := ben.write(note("FS02 is hit as well"))
	known := ada.write(note("FS01 is hit"))
	decided := ada.write(severity(incident.SeverityLow, ic))
	ada.take(ben)
	all := ada.log.Entries()
	past := Past(all, decided.ID)
	has := func(entries []Entry, e Entry) bool {
		return slices.ContainsFunc(entries, func(x Entry) bool { return x.ID == e.ID })
	}
	if len(past) != 6 || !has(past, known) || has(past, unknown) || has(past, decided) {
		t.Errorf("past of the decision: %d entries", len(past))
	}
	if got := Until(all, unknown.Header.Recorded); !has(got, unknown) || has(got, decided) {
		t.Error("known to someone")
	}
	if got := KnownTo(all, ada.ref.Key, decided.Header.Recorded); len(got) != 7 || has(got, unknown) {
		t.Errorf("known to ada: %d", len(got))
	}
	if s := FoldUntil(all, start.Add(-time.Second)); s.Entries != 0 || len(s.People) != 0 {
		t.Errorf("before everything: %+v", s)
	}
	if Past(all, "nothing") != nil {
		t.Error("past of nothing")
	}
}

// TestMayWriteAgrees asks before signing what the fold decides after.
func TestMayWriteAgrees(t *testing.T) {
	ada, ben, _ := team(t)
	s := Fold(ada.log.Entries())
	if err := s.MayWrite(ada.ref.ID, severity(incident.SeverityHigh, ic), ada.now); err != nil {
		t.Error(err)
	}
	if err := s.MayWrite(ada.ref.ID, severity(incident.SeverityHigh, ic), start.Add(-time.Hour)); err != nil {
		t.Errorf("a laptop clock that lags: %v", err)
	}
	if err := s.MayWrite(ben.ref.ID, severity(incident.SeverityHigh, responder), ben.now); !errors.Is(err, authority.ErrNotAuthorised) {
		t.Errorf("responder: %v", err)
	}
	if err := s.MayWrite(PersonID(hash("nobody")[:32]), note("x"), ben.now); !errors.Is(err, authority.ErrNotAuthorised) {
		t.Errorf("nobody: %v", err)
	}
	if err := s.MayWrite(ada.ref.ID, &DocumentApprovedData{Document: hash("d")[:32], ModelSHA256: hash("m"), Role: ic}, ada.now); !errors.Is(err, ErrOutOfPlace) {
		t.Errorf("no draft: %v", err)
	}
}

// TestAuthorityTableIsComplete ties the table to the list of kinds.
func TestAuthorityTableIsComplete(t *testing.T) {
	var want []string
	for _, k := range Kinds {
		want = append(want, string(k))
	}
	slices.Sort(want)
	if got := authority.Kinds(); !slices.Equal(got, want) {
		t.Errorf("roles.json has %v", got)
	}
	for _, k := range Kinds {
		if c := newContent(k); c == nil || c.Kind() != k || !k.Known() {
			t.Errorf("%s has no body struct", k)
		}
	}
}
