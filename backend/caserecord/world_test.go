package caserecord

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"adjutant/backend/incident"
)

// signer is a person with one key, and the copy of the record on their laptop.
type signer struct {
	t    testing.TB
	ref  PersonRef
	key  ed25519.PrivateKey
	log  *Log
	now  time.Time
	salt uint64
}

var start = time.Date(2026, 3, 4, 5, 6, 7, 890_000_000, time.UTC)

// newSigner derives key and id from the name, so that every run makes the same bytes.
func newSigner(t testing.TB, name string) *signer {
	seed := sha256.Sum256([]byte(name))
	key := ed25519.NewKeyFromSeed(seed[:])
	return &signer{
		t: t, key: key, log: NewLog(), now: start,
		ref: PersonRef{PersonID(hex.EncodeToString(seed[:16])), name, Author(hex.EncodeToString(key.Public().(ed25519.PublicKey)))},
	}
}

func (s *signer) sign(toSign []byte) ([]byte, error) { return ed25519.Sign(s.key, toSign), nil }

func (s *signer) nextSalt() (salt [16]byte) {
	s.salt++
	binary.BigEndian.PutUint64(salt[:], s.salt)
	copy(salt[8:], s.ref.Name)
	return salt
}

// write signs the next entry one second later and adds it to the signer's copy.
func (s *signer) write(c Content) Entry {
	s.t.Helper()
	s.now = s.now.Add(time.Second)
	h, err := s.log.Next(s.ref.Key, s.now)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.seal(h, c)
}

func (s *signer) seal(h Header, c Content) Entry {
	s.t.Helper()
	e, err := Seal(h, c, s.nextSalt(), s.sign)
	if err != nil {
		s.t.Fatal(err)
	}
	s.log.Add(e)
	return e
}

func (s *signer) open(mode incident.Mode) Entry {
	return s.seal(Header{Mode: mode, Author: s.ref.Key, Seq: 1, Recorded: s.now},
		&CaseOpenedData{Name: "Harbour", TLP: incident.TLPAmber, Zone: "Europe/Lisbon", Person: s.ref})
}

func (s *signer) admit(other *signer) Entry { return s.write(&PersonAdmittedData{other.ref}) }

func (s *signer) grant(other *signer, r incident.Role) Entry {
	return s.write(&RoleGrantedData{Person: other.ref.ID, Role: r, From: s.now.Format(time.RFC3339), ByRole: incident.RoleIncidentCommander})
}

// take copies everything from another laptop, as a USB stick does.
func (s *signer) take(other *signer) {
	s.log.Union(other.log)
	if other.now.After(s.now) {
		s.now = other.now
	}
}

func hash(words ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(words...)))
	return hex.EncodeToString(sum[:])
}

func note(text string) *NoteMadeData { return &NoteMadeData{About: "case", Text: text} }

func severity(l incident.Severity, role incident.Role) *SeverityDeclaredData {
	return &SeverityDeclaredData{Level: l, ReasonCode: "impact", Reason: "the ferry control network is reachable", Role: role}
}

// team opens a case by ada (Incident Commander) and admits ben as responder and cy as legal counsel; all three hold the same copy.
func team(t testing.TB) (ada, ben, cy *signer) {
	ada, ben, cy = newSigner(t, "Ada Lind"), newSigner(t, "Ben Okafor"), newSigner(t, "Cy Marsh")
	ada.open(incident.ModeExercise)
	ada.admit(ben)
	ada.admit(cy)
	ada.grant(ben, incident.RoleResponder)
	ada.grant(cy, incident.RoleLegalCounsel)
	ben.take(ada)
	cy.take(ada)
	return ada, ben, cy
}
