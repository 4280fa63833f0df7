package caserecord

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord/checkpoint"
	"adjutant/backend/incident"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"
)

// device is a second key of the same person, on another laptop.
func device(t testing.TB, of *signer, name string) *signer {
	d := newSigner(t, of.ref.Name+" "+name)
	d.ref.ID, d.ref.Name = of.ref.ID, of.ref.Name
	return d
}

// opening is the opening of a case under a name.
func opening(s *signer, name string) Entry {
	return s.seal(Header{Mode: incident.ModeExercise, Author: s.ref.Key, Seq: 1, Recorded: s.now},
		&CaseOpenedData{Name: name, TLP: incident.TLPAmberStrict, Zone: "Europe/Lisbon", Person: s.ref, Organisation: "Tagus Ferries"})
}

// checkpointOf is a real checkpoint of a signer's whole chain.
func checkpointOf(t testing.TB, s *signer) *CheckpointMadeData {
	var ids [][32]byte
	for _, e := range s.log.Entries() {
		if e.Header.Author == s.ref.Key {
			b, err := hex.DecodeString(string(e.ID))
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, [32]byte(b))
		}
	}
	c := checkpoint.Checkpoint{Case: s.log.Case(), Author: string(s.ref.Key), Size: uint64(len(ids)), Root: checkpoint.Root(ids)}
	signed, err := checkpoint.Sign(c, s.sign)
	if err != nil {
		t.Fatal(err)
	}
	return &CheckpointMadeData{Size: len(ids), Root: hex.EncodeToString(c.Root[:]), Note: string(signed.Note())}
}

// box returns a published box: age makes other bytes each time, so they are made once.
func box(t testing.TB, name string, words *NoteMadeData, to ...*signer) string {
	path := filepath.Join("testdata", "golden", name)
	if b, err := os.ReadFile(path); err == nil || !*update {
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(b))
	}
	plain, err := SealedNote(words)
	if err != nil {
		t.Fatal(err)
	}
	var all []age.Recipient
	for _, s := range to {
		pk, err := ssh.NewPublicKey(s.key.Public())
		if err != nil {
			t.Fatal(err)
		}
		r, err := agessh.NewEd25519Recipient(pk)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, all...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	text := base64.StdEncoding.EncodeToString(out.Bytes())
	if err := os.WriteFile(path, []byte(text+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return text
}

func openBox(s *signer, text string) (*NoteMadeData, error) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	id, err := agessh.NewEd25519Identity(ed25519.PrivateKey(s.key))
	if err != nil {
		return nil, err
	}
	r, err := age.Decrypt(bytes.NewReader(b), id)
	if err != nil {
		return nil, err
	}
	var plain bytes.Buffer
	if _, err := plain.ReadFrom(r); err != nil {
		return nil, err
	}
	return OpenNote(plain.Bytes())
}

func sorted[T ~string](list ...T) []T { slices.Sort(list); return list }

// after is a moment after the signer's now, as entries write it.
func (s *signer) after(d time.Duration) string { return s.now.Add(d).Format(time.RFC3339) }

// story2 is a second case with every kind that the first one lacks: Dora commands, Emil works with two laptops, Fay is
// counsel. Dora's laptop knows all of it in the end.
type story2 struct {
	dora, emil, field, fay *signer
	aside                  Entry // signed with the key that was lost, and never admitted
	admitted               Entry // the same, and admitted
	words                  string
}

func fullCase2(t testing.TB) story2 {
	dora, emil, fay := newSigner(t, "Dora Quist"), newSigner(t, "Emil Sato"), newSigner(t, "Fay Nwosu")
	field := device(t, emil, "field laptop")
	disk, logs := hash("disk of the ticket server"), hash("logs of the crane")
	lane, press := hash("lane")[:32], hash("press")[:32]

	opening(dora, "Ferry terminal")
	for _, s := range []*signer{emil, field, fay} {
		dora.admit(s)
	}
	dora.grant(emil, responder)
	dora.grant(fay, counsel)
	dora.write(&SlotsChangedData{SlotsSHA256: hash("slots"), What: "a passphrase was added for the duty officer"})
	dora.write(&SuccessionSetData{Role: ic, Order: []PersonID{emil.ref.ID, fay.ref.ID}, ByRole: ic})
	dora.write(&AuthorityChangedData{Of: EvidencePurged, Roles: sorted(ic, counsel), TwoPerson: true, Why: "nothing is deleted by one person alone", ByRole: ic})
	dora.write(&RoleDelegatedData{Person: emil.ref.ID, Role: ic, Scope: []Kind{SeverityDeclared}, From: dora.after(0), To: dora.after(8 * time.Hour), Why: "I am in the air until noon", ByRole: ic})
	for _, s := range []*signer{emil, field, fay} {
		s.take(dora)
	}

	// Two hands, one chain of custody.
	emil.write(&EvidenceReceivedData{SHA256: disk, Path: "ticket.E01", Bytes: 1 << 30, Kept: KeptSealed, Custodian: "Emil Sato", Source: "TICKET01", Why: "the till stopped at 05:10"})
	emil.write(&EvidenceReceivedData{SHA256: logs, Path: "crane.zip", Bytes: 4096, Kept: KeptReferenced, Custodian: "Emil Sato", Source: "CRANE02", Why: "it shares the switch"})
	given := emil.write(&CustodyGivenData{Items: []string{disk}, To: fay.ref.ID, Receiver: "Fay Nwosu", Organisation: "Nwosu Legal", Purpose: "safekeeping until the hearing", Place: "Pier 3, office", Seal: "A-1071", Condition: "bag sealed, label legible", At: emil.after(0), Role: responder})
	emil.write(&CustodyGivenData{Items: []string{logs}, Receiver: "Crane Works, service desk", Purpose: "reading the controller's format", Place: "Pier 3, gate", Condition: "copy on a stick", At: emil.after(0), Role: responder})
	fay.take(emil)
	fay.write(&CustodyTakenData{Transfer: given.ID, Accepted: true, Condition: "seal A-1071 whole", Place: "Pier 3, office", At: fay.after(0)})
	check := fay.write(&EvidenceCheckedData{Items: 2, Same: 1, Altered: []string{logs}, Absent: []string{}, Version: "adjutant 0.2"})

	// Counsel's lane, a mark on a note that was written in plain, and a hold.
	hold := fay.write(&HoldPlacedData{Matter: "Tagus Ferries v. Till Systems", Why: "a claim is to be expected", Items: []string{}, Role: counsel})
	fay.write(&LaneOpenedData{Lane: lane, Name: "Till claim", Matter: "Tagus Ferries v. Till Systems", Direction: "at my direction, to prepare the answer to the claim", Members: sorted(fay.ref.ID), Role: counsel})
	fay.write(&LaneChangedData{Lane: lane, Members: sorted(dora.ref.ID, fay.ref.ID), Why: "the commander has to instruct me", Role: counsel})
	plain := emil.write(&NoteMadeData{Text: "counsel thinks that the supplier is liable"})
	fay.take(emil)
	fay.write(&PrivilegeMarkedData{Of: MarkEntry, Ref: string(plain.ID), Lane: lane, Track: TrackAdvice, Basis: "it repeats what I advised", Role: counsel})
	fay.write(&PrivilegeMarkedData{Of: MarkEvidence, Ref: disk, Lane: lane, Track: TrackFact, Basis: "until I have seen what is on it", Role: counsel})
	fay.write(&PrivilegeLiftedData{Of: MarkEvidence, Ref: disk, Why: "it holds sales records and nothing else", Role: counsel})
	words := box(t, "box-v1-part2.txt", &NoteMadeData{Text: "We should not answer before Monday."}, dora, fay)
	fay.write(&WordsSealedData{Lane: lane, Track: TrackAdvice, To: sorted(dora.ref.Key, fay.ref.Key), Box: words})

	// The commander is back: two answers that had not seen each other, and what the check found.
	low := emil.write(&SeverityDeclaredData{Level: incident.SeverityMedium, ReasonCode: "impact", Reason: "only the ticket sale is hit", Rows: []string{}, Role: ic})
	high := dora.write(&SeverityDeclaredData{Level: incident.SeverityHigh, ReasonCode: "impact", Reason: "the crane may be hit as well", Rows: []string{}, Role: ic})
	dora.take(emil)
	dora.take(fay)
	dora.write(&ConflictResolvedData{Field: "severity", Chosen: high.ID, Over: sorted(low.ID, high.ID), ReasonCode: "newer facts", Reason: "Emil could not know of the crane", Role: ic})
	dora.write(&MismatchExplainedData{SHA256: logs, Check: check.ID, Text: "the service desk opened the copy and saved it again", Role: ic})
	dora.write(checkpointOf(t, dora))
	dora.write(&WitnessReceivedData{Head: dora.log.Head(), How: WitnessPaper, By: "Harbour police, desk officer Reis", At: dora.after(0), Text: "the code was read out and compared"})

	// The field laptop is stolen. One of two things it had signed is taken in all the same.
	admitted := field.write(&ClockObservedData{Reference: "clock of the ticket hall", OffsetSeconds: 3})
	aside := field.write(&NoteMadeData{Text: "all is well, nothing to see on the crane"})
	dora.write(&KeyRevokedData{Person: emil.ref.ID, Key: field.ref.Key, Why: "stolen from the car at noon", ByRole: ic})
	dora.take(field)
	dora.write(&EntryAdmittedData{Entry: admitted.ID, Why: "Emil read me the offset before the laptop was stolen", ByRole: ic})

	// A night without a press officer, and without the commander.
	emil.take(dora)
	emil.write(&GlassBrokenData{Role: incident.RolePublicInformation, Why: "reporters are at the gate and nobody answers", To: emil.after(2 * time.Hour)})
	emil.write(&DocumentDraftedData{Document: press, Template: "press-line", Class: ClassMessage, Title: "Ticket sale interrupted", ModelSHA256: hash("press 1"), AsOf: emil.log.Head(), Slots: map[string]string{}})
	approved := emil.write(&DocumentApprovedData{Document: press, ModelSHA256: hash("press 1"), Role: incident.RolePublicInformation})
	emil.write(&RoleAssumedData{Role: ic, Absent: []PersonID{dora.ref.ID}, Why: "called three times in an hour, no answer"})
	fay.take(emil)
	fay.write(&GlassReviewedData{Entry: Fold(fay.log.Entries()).GroundOf(approved.ID).Entry, Outcome: ReviewUpheld, Why: "the wording was what we had agreed on", Role: counsel})
	fay.write(&HoldReleasedData{Hold: hold.ID, Why: "the claim was withdrawn in writing", Role: counsel})
	emil.take(fay)
	purge := emil.write(&EvidencePurgedData{SHA256: logs, Why: "holds passengers' names that we may not keep", Role: ic})
	fay.take(emil)
	fay.write(&ActCosignedData{Entry: purge.ID, ShownSHA256: hash("what Fay was shown"), Role: counsel})
	dora.take(fay)
	return story2{dora, emil, field, fay, aside, admitted, words}
}
