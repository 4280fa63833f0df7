package caserecord

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"
	"time"

	"adjutant/backend/incident"
)

// choice gives a number from 0 to n-1: drawn by rapid, or read from a fuzzer's bytes.
type choice func(n int) int

func oneOf[T any](pick choice, list ...T) T { return list[pick(len(list))] }

// crowd is a case that people with copies of their own write at random, in all kinds, well and badly.
type crowd struct {
	pick    choice
	leave   []Kind    // never drawn
	signers []*signer // Ada commands, Ben (two keys), Cy is counsel, Eve is nobody
}

func newCrowd(t testing.TB, pick choice) *crowd {
	ada, ben, cy := newSigner(t, "Ada Lind"), newSigner(t, "Ben Okafor"), newSigner(t, "Cy Marsh")
	w := &crowd{pick: pick, signers: []*signer{ada, ben, cy, device(t, ben, "second laptop"), newSigner(t, "Eve")}}
	opened := &CaseOpenedData{Name: "Harbour", TLP: incident.TLPAmber, Zone: "Europe/Lisbon", Person: ada.ref}
	h := Header{Mode: incident.ModeExercise, Author: ada.ref.Key, Seq: 1, Recorded: start}
	h.Case = CaseID(ada.ref.Key, [16]byte{15: 1})
	w.add(ada, forge(t, h, opened, [16]byte{15: 1}))
	for _, c := range []Content{
		&PersonAdmittedData{ben.ref}, &PersonAdmittedData{cy.ref}, &PersonAdmittedData{w.signers[3].ref},
		&RoleGrantedData{Person: ben.ref.ID, Role: oneOf(pick, ic, responder, counsel), From: "2026-01-01T00:00:00Z", ByRole: ic},
		&RoleGrantedData{Person: cy.ref.ID, Role: oneOf(pick, counsel, ic), From: "2026-01-01T00:00:00Z", ByRole: ic},
	} {
		w.write(ada, c)
	}
	for _, s := range w.signers[1:] {
		s.log.Union(ada.log)
	}
	return w
}

// forge makes an entry with a signature that nobody made: the fold does not look at it, and it costs nothing.
func forge(t testing.TB, h Header, c Content, salt [16]byte) Entry {
	t.Helper()
	body, err := encodeBody(c, salt)
	if err != nil {
		t.Fatalf("%s: %v", c.Kind(), err)
	}
	sum := sha256.Sum256(body)
	h.V, h.Kind, h.BodySHA256, h.Recorded = 1, c.Kind(), hex.EncodeToString(sum[:]), h.Recorded.UTC().Truncate(time.Millisecond)
	line := envelopeHead + b64.EncodeToString(h.encode()) + envelopeKey + string(h.Author) + envelopeSig + b64.EncodeToString(make([]byte, 64)) + envelopeTail
	e, err := ParseSealed([]byte(line), body)
	if err != nil {
		t.Fatalf("%s: %v", c.Kind(), err)
	}
	return e
}

func (w *crowd) add(s *signer, e Entry) Entry { s.log.Add(e); return e }

// write adds a signer's next entry; false when the key may not sign any more.
func (w *crowd) write(s *signer, c Content) (Entry, bool) {
	s.now = s.now.Add(time.Second)
	h, err := s.log.Next(s.ref.Key, s.now)
	if err != nil {
		return Entry{}, false
	}
	return w.add(s, forge(s.t, h, c, s.nextSalt())), true
}

// entry picks an entry of one of these kinds from the writer's copy, now and then another or one that does not exist.
func (w *crowd) entry(s *signer, kinds ...Kind) ID {
	all := s.log.Entries()
	var of []Entry
	for _, e := range all {
		if len(kinds) == 0 || slices.Contains(kinds, e.Header.Kind) {
			of = append(of, e)
		}
	}
	switch {
	case w.pick(12) == 0:
		return ID(hash("no such entry"))
	case len(of) == 0:
		return all[w.pick(len(all))].ID
	}
	return of[len(of)-1-w.pick(min(len(of), 4))].ID
}

func (w *crowd) person() PersonID {
	return w.signers[oneOf(w.pick, 0, 0, 1, 1, 2, 2, 4)].ref.ID
}

func (w *crowd) people() []PersonID {
	var out []PersonID
	for range 1 + w.pick(3) {
		if p := w.person(); !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

func (w *crowd) item() string  { return hash("item", w.pick(2)) }
func (w *crowd) lane() string  { return hash("lane", w.pick(2))[:32] }
func (w *crowd) doc() string   { return hash("doc", w.pick(2))[:32] }
func (w *crowd) model() string { return hash("model", w.pick(2)) }
func (w *crowd) items() []string {
	return oneOf(w.pick, []string{hash("item", 0)}, sorted(hash("item", 0), hash("item", 1)))
}
func (w *crowd) role() incident.Role {
	return oneOf(w.pick, ic, ic, ic, counsel, counsel, responder, incident.RolePublicInformation, incident.RoleOperations)
}
func (w *crowd) class() Class { return oneOf(w.pick, ClassReport, ClassMessage, ClassNotice) }

// content makes something to sign, sound in form, of kind k.
func (w *crowd) content(s *signer, k Kind) Content {
	const why = "words that are long enough to be a reason"
	pick := w.pick
	hour := func(n int) string { return s.now.Add(time.Duration(n) * time.Hour).UTC().Format(time.RFC3339) }
	at := hour(0)
	origin := Origin{"rule", "r", "1"}
	switch k {
	case CaseOpened:
		return &CaseOpenedData{Name: "Again", TLP: incident.TLPRed, Zone: "UTC", Person: s.ref}
	case PersonAdmitted:
		ref := w.signers[pick(len(w.signers))].ref
		if pick(6) == 0 {
			ref.ID = w.person()
		}
		return &PersonAdmittedData{ref}
	case RoleGranted:
		return &RoleGrantedData{Person: w.person(), Role: w.role(), From: hour(oneOf(pick, -9, -9, 1)), To: oneOf(pick, "", "", hour(1)), ByRole: w.role()}
	case RoleEnded:
		r := w.role()
		return &RoleEndedData{Person: w.person(), Role: r, Why: why, ByRole: oneOf(pick, r, ic)}
	case ClockObserved:
		return &ClockObservedData{Reference: "wall"}
	case EvidenceReceived:
		return &EvidenceReceivedData{SHA256: w.item(), Path: "a", Kept: KeptSealed}
	case EvidenceImported:
		return &EvidenceImportedData{SHA256: w.item(), Path: "a", Status: "ok"}
	case SourceAssumed:
		return &SourceAssumedData{SHA256: w.item(), Zone: oneOf(pick, "UTC", "Europe/Lisbon"), Basis: why}
	case ImportUndone:
		return &ImportUndoneData{Imports: []ID{w.entry(s, EvidenceImported)}, Why: why}
	case LimitsSet:
		return &LimitsSetData{Limits: map[string]int64{"max_depth": int64(pick(3))}, Why: why}
	case MappingSaved:
		return &MappingSavedData{Name: oneOf(pick, "a", "b"), Mapping: oneOf(pick, "{}", `{"v":1}`)}
	case RowTagged:
		return &RowTaggedData{Rows: []string{"r"}, Tag: oneOf(pick, "a", "b")}
	case RowUntagged:
		return &RowUntaggedData{Rows: []string{"r"}, Tag: oneOf(pick, "a", "b")}
	case NoteMade:
		return &NoteMadeData{Text: fmt.Sprint("note ", pick(9))}
	case EventPromoted:
		return &EventPromotedData{Title: "t", At: at}
	case DetectionRan:
		return &DetectionRanData{Pack: "p", PackHash: hash("p")}
	case VerdictGiven:
		return &VerdictGivenData{Group: oneOf(pick, "g", "h"), Verdict: oneOf(pick, incident.VerdictBenign, incident.VerdictSuspicious), Role: w.role()}
	case SeverityDeclared:
		return &SeverityDeclaredData{Level: incident.Severity(1 + pick(5)), ReasonCode: "x", Reason: why, Role: w.role()}
	case DecisionMade:
		return &DecisionMadeData{Recommendation: "r", Outcome: oneOf(pick, OutcomeAccept, OutcomeReject), Recommended: "x", RecommendedBy: origin, ReasonCode: "x", Reason: why, ShownSHA256: hash("s"), Role: w.role()}
	case TriggerDeclared:
		return &TriggerDeclaredData{Anchor: "aware", At: oneOf(pick, "2026-03-04T06:00:00Z", "2026-03-04T07:00:00Z"), TZ: "UTC", Basis: why, Role: w.role()}
	case TriggerSubmitted:
		return &TriggerSubmittedData{Regime: "gdpr", Stage: "x", At: at, Role: w.role()}
	case DocumentDrafted:
		return &DocumentDraftedData{Document: w.doc(), Template: "t", Class: w.class(), Title: "t", ModelSHA256: w.model(), AsOf: hash("h")}
	case DocumentApproved:
		return &DocumentApprovedData{Document: w.doc(), ModelSHA256: w.model(), Role: w.role()}
	case DocumentReleased:
		return &DocumentReleasedData{Document: w.doc(), Channel: "mail", Role: w.role()}
	case ModelRan:
		return &ModelRanData{Function: "f", Outcome: "ok"}
	case ModelSwitched:
		return &ModelSwitchedData{On: pick(2) == 0, Function: oneOf(pick, "", "f")}
	case BundleExported:
		return &BundleExportedData{Head: hash("h")}
	case MergeReceived:
		return &MergeReceivedData{Heads: s.log.Heads()}
	case CorrectionMade:
		return &CorrectionMadeData{Supersedes: w.entry(s, NoteMade), Text: fmt.Sprint("rather ", pick(3))}
	case RoleDelegated:
		r := w.role()
		scope := oneOf(pick, nil, nil, []Kind{SeverityDeclared}, sorted(DecisionMade, SeverityDeclared, CorrectionMade))
		return &RoleDelegatedData{Person: w.person(), Role: r, Scope: scope, From: hour(-9), To: hour(oneOf(pick, 9, 9, -1)), Why: why, ByRole: r}
	case SuccessionSet:
		return &SuccessionSetData{Role: oneOf(pick, ic, counsel), Order: w.people(), ByRole: w.role()}
	case RoleAssumed:
		return &RoleAssumedData{Role: oneOf(pick, ic, counsel), Absent: sorted(w.people()...), Why: why}
	case GlassBroken:
		return &GlassBrokenData{Role: oneOf(pick, ic, incident.RolePublicInformation, incident.RoleOperations), Why: why, To: hour(oneOf(pick, 2, 2, 11, 14, -1))}
	case GlassReviewed:
		return &GlassReviewedData{Entry: w.entry(s, GlassBroken), Outcome: oneOf(pick, ReviewUpheld, ReviewNotUpheld), Why: why, Role: w.role()}
	case AuthorityChanged:
		of := oneOf(pick, SeverityDeclared, EvidencePurged, NoteMade, HoldReleased, DocumentApproved, DocumentReleased, CustodyTaken, WordsSealed, LaneChanged)
		class := Class("")
		if of == DocumentApproved || of == DocumentReleased {
			class = w.class()
		}
		roles := oneOf(pick, []incident.Role{ic}, sorted(ic, counsel), []incident.Role{responder}, []incident.Role{counsel})
		return &AuthorityChangedData{Of: of, Class: class, Roles: roles, TwoPerson: pick(2) == 0, Why: why, ByRole: w.role()}
	case ActCosigned:
		return &ActCosignedData{Entry: w.entry(s, SeverityDeclared, EvidencePurged, HoldReleased, DocumentApproved, CorrectionMade, WordsSealed), ShownSHA256: hash("s"), Role: w.role()}
	case EntryAdmitted:
		return &EntryAdmittedData{Entry: w.entry(s, NoteMade, SeverityDeclared, RoleGranted, WordsSealed, CustodyTaken), Why: why, ByRole: w.role()}
	case KeyRevoked:
		of := w.signers[pick(len(w.signers))].ref
		return &KeyRevokedData{Person: of.ID, Key: of.Key, Why: why, ByRole: oneOf(pick, "", ic, counsel)}
	case ConflictResolved:
		return w.resolution(s)
	case CustodyGiven:
		return &CustodyGivenData{Items: w.items(), To: oneOf(pick, "", w.person(), w.person()), Receiver: oneOf(pick, "a", "b"), Purpose: "p", Place: "q", Condition: "c", At: at, Role: w.role()}
	case CustodyTaken:
		return &CustodyTakenData{Transfer: w.entry(s, CustodyGiven), Accepted: pick(3) > 0, Condition: "c", Place: "q", At: at}
	case EvidenceChecked:
		return &EvidenceCheckedData{Items: 1, Altered: []string{w.item()}}
	case MismatchExplained:
		return &MismatchExplainedData{SHA256: w.item(), Check: w.entry(s, EvidenceChecked), Text: why, Role: w.role()}
	case EvidencePurged:
		return &EvidencePurgedData{SHA256: w.item(), Why: why, Role: w.role()}
	case HoldPlaced:
		return &HoldPlacedData{Matter: "m", Why: why, Items: oneOf(pick, nil, w.items()), Role: w.role()}
	case HoldReleased:
		return &HoldReleasedData{Hold: w.entry(s, HoldPlaced), Why: why, Role: w.role()}
	case LaneOpened:
		return &LaneOpenedData{Lane: w.lane(), Name: "n", Direction: why, Members: sorted(w.people()...), Role: w.role()}
	case LaneChanged:
		return &LaneChangedData{Lane: w.lane(), Members: sorted(w.people()...), Why: why, Role: w.role()}
	case WordsSealed:
		return &WordsSealedData{Lane: w.lane(), Track: TrackFact, To: []Author{s.ref.Key}, Box: "QUFB"}
	case PrivilegeMarked:
		return &PrivilegeMarkedData{Of: MarkEvidence, Ref: w.item(), Lane: w.lane(), Track: TrackFact, Basis: why, Role: w.role()}
	case PrivilegeLifted:
		return &PrivilegeLiftedData{Of: MarkEvidence, Ref: w.item(), Why: why, Role: w.role()}
	case CheckpointMade:
		return &CheckpointMadeData{Size: 1, Root: hash("r"), Note: "n"}
	case WitnessReceived:
		return &WitnessReceivedData{Head: hash("h"), How: WitnessPaper, By: "b", At: at}
	case SlotsChanged:
		return &SlotsChangedData{SlotsSHA256: hash("s"), What: "w"}
	}
	s.t.Fatalf("no content for %s", k)
	return nil
}

// resolution settles a conflict that the writer sees, or tries to settle what is none.
func (w *crowd) resolution(s *signer) Content {
	d := &ConflictResolvedData{Field: "severity", ReasonCode: "x", Reason: "words that are long enough to be a reason", Role: w.role()}
	if open := Fold(s.log.Entries()).Conflicts; len(open) > 0 && w.pick(4) > 0 {
		c := open[w.pick(len(open))]
		d.Field, d.Over = c.Field, sorted(c.Entries...)
	} else {
		d.Over = sorted(w.entry(s, SeverityDeclared), w.entry(s, SeverityDeclared, NoteMade))
		d.Over = slices.Compact(d.Over)
		for len(d.Over) < 2 {
			d.Over = sorted(append(d.Over, ID(hash("none", len(d.Over))))...)
		}
	}
	d.Chosen = d.Over[w.pick(len(d.Over))]
	return d
}

// frequent are the kinds that are about authority and conflict; a history of the others alone would say little.
var frequent = []Kind{
	RoleGranted, RoleEnded, SeverityDeclared, RoleDelegated, SuccessionSet, RoleAssumed, GlassBroken, AuthorityChanged, ActCosigned, EntryAdmitted, KeyRevoked,
	ConflictResolved, HoldPlaced, HoldReleased, EvidencePurged, LaneOpened, LaneChanged, WordsSealed, CustodyGiven, DocumentDrafted, DocumentApproved, PersonAdmitted, NoteMade,
}

func (w *crowd) kind() Kind {
	k := frequent[w.pick(len(frequent))]
	if w.pick(3) == 0 {
		k = Kinds[1+w.pick(len(Kinds)-1)] // an opening is no next entry
	}
	if slices.Contains(w.leave, k) {
		return NoteMade
	}
	return k
}

// step lets somebody take a copy over or write something, by a clock of their own.
func (w *crowd) step() {
	s := w.signers[oneOf(w.pick, 0, 0, 0, 1, 1, 2, 2, 3, 4)]
	s.now = s.now.Add(time.Duration(oneOf(w.pick, 0, 1, 1, 60, 3600, -7200)) * time.Second)
	if w.pick(3) == 0 {
		s.log.Union(w.signers[w.pick(len(w.signers))].log)
		return
	}
	w.write(s, w.content(s, w.kind()))
}

// all is the union of every copy.
func (w *crowd) all() []Entry {
	l := NewLog()
	for _, s := range w.signers {
		l.Union(s.log)
	}
	return l.Entries()
}

// signed returns the entries with real signatures. Their ids stay: an id does not cover the signature.
func (w *crowd) signed(entries []Entry) []Entry {
	keys := map[Author]*signer{}
	for _, s := range w.signers {
		keys[s.ref.Key] = s
	}
	out := make([]Entry, len(entries))
	for i, e := range entries {
		s := keys[e.Header.Author]
		signed, err := Parse(envelope(s, e.Header.encode()), e.Body())
		if err != nil {
			s.t.Fatal(err)
		}
		out[i] = signed
	}
	return out
}
