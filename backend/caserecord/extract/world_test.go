package extract

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
	"adjutant/backend/incident"
)

var (
	start = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	day   = time.Date(2026, 3, 9, 10, 0, 0, 0, time.UTC)
)

// signer is a person with one key, and the copy of the record on their laptop.
type signer struct {
	t    testing.TB
	ref  caserecord.PersonRef
	key  ed25519.PrivateKey
	log  *caserecord.Log
	now  time.Time
	salt uint64
}

// newSigner derives key and id from the name, so that every run makes the same bytes.
func newSigner(t testing.TB, name string) *signer {
	seed := sha256.Sum256([]byte(name))
	key := ed25519.NewKeyFromSeed(seed[:])
	return &signer{t: t, key: key, log: caserecord.NewLog(), now: start, ref: caserecord.PersonRef{
		ID: caserecord.PersonID(hex.EncodeToString(seed[:16])), Name: name, Key: caserecord.Author(hex.EncodeToString(key.Public().(ed25519.PublicKey)))}}
}

func (s *signer) sign(msg []byte) ([]byte, error) { return ed25519.Sign(s.key, msg), nil }

func (s *signer) seal(h caserecord.Header, c caserecord.Content) caserecord.Entry {
	s.t.Helper()
	s.salt++
	seed := sha256.Sum256(fmt.Appendf(nil, "%s %d", s.ref.Name, s.salt))
	var salt [16]byte
	copy(salt[:], seed[:])
	binary.BigEndian.PutUint16(salt[:], uint16(s.salt))
	e, err := caserecord.Seal(h, c, salt, s.sign)
	if err != nil {
		s.t.Fatal(err)
	}
	s.log.Add(e)
	return e
}

// write signs the next entry one second later and adds it to the signer's copy.
func (s *signer) write(c caserecord.Content) caserecord.Entry {
	s.t.Helper()
	s.now = s.now.Add(time.Second)
	h, err := s.log.Next(s.ref.Key, s.now)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.seal(h, c)
}

func (s *signer) open(mode incident.Mode) caserecord.Entry {
	return s.seal(caserecord.Header{Mode: mode, Author: s.ref.Key, Seq: 1, Recorded: s.now},
		&caserecord.CaseOpenedData{Name: "Harbour", TLP: incident.TLPAmber, Zone: "Europe/Lisbon", Person: s.ref})
}

func (s *signer) admit(o *signer) caserecord.Entry {
	return s.write(&caserecord.PersonAdmittedData{Person: o.ref})
}

func (s *signer) grant(o *signer, r incident.Role) caserecord.Entry {
	return s.write(&caserecord.RoleGrantedData{Person: o.ref.ID, Role: r, From: s.now.Format(time.RFC3339), ByRole: ic})
}

func (s *signer) end(o *signer, r incident.Role) caserecord.Entry {
	return s.write(&caserecord.RoleEndedData{Person: o.ref.ID, Role: r, Why: "shift over", ByRole: ic})
}

// note makes a note with words that stand nowhere else.
func (s *signer) note() caserecord.Entry {
	return s.write(&caserecord.NoteMadeData{About: "case", Text: secretOf(s.ref.Name, s.salt)})
}

func secretOf(name string, n uint64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "secret %s %d", name, n))
	return "secret-" + hex.EncodeToString(sum[:12])
}

func (s *signer) severity(r incident.Role) caserecord.Entry {
	return s.write(&caserecord.SeverityDeclaredData{Level: incident.SeverityHigh, ReasonCode: "impact", Reason: secretOf(s.ref.Name, s.salt) + " reachable", Role: r})
}

// take copies everything from another laptop, as a USB stick does.
func (s *signer) take(o *signer) {
	s.log.Union(o.log)
	if o.now.After(s.now) {
		s.now = o.now
	}
}

// checkpoint signs the signer's whole chain.
func (s *signer) checkpoint() []byte {
	s.t.Helper()
	c, err := CheckpointOf(s.log.Entries(), s.ref.Key)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.signed(c)
}

func (s *signer) signed(c checkpoint.Checkpoint) []byte {
	s.t.Helper()
	n, err := checkpoint.Sign(c, s.sign)
	if err != nil {
		s.t.Fatal(err)
	}
	return n.Note()
}

const (
	ic   = incident.RoleIncidentCommander
	resp = incident.RoleResponder
)

// team opens a case by ada (commander) and admits ben as responder; both write and exchange; all hold the same copy. The
// entries: ada 1 opened, 2 admits ben, 3 grants responder, 4 note; ben 1 … 3 notes; ada 5 severity, 6 note.
func team(t testing.TB) (ada, ben *signer) {
	ada, ben = newSigner(t, "Ada Lind"), newSigner(t, "Ben Okafor")
	ada.open(incident.ModeExercise)
	ada.admit(ben)
	ada.grant(ben, resp)
	ada.note()
	ben.take(ada)
	ben.note()
	ben.note()
	ben.note()
	ada.take(ben)
	ada.severity(ic)
	ada.note()
	ben.take(ada)
	return ada, ben
}

// find gives an author's entry by its number.
func find(t testing.TB, s *signer, seq uint64) caserecord.Entry {
	t.Helper()
	for _, e := range s.log.Entries() {
		if e.Header.Author == s.ref.Key && e.Header.Seq == seq {
			return e
		}
	}
	t.Fatalf("%s has no entry %d", s.ref.Name, seq)
	return caserecord.Entry{}
}

func options(ada, ben *signer, chosen ...caserecord.Entry) Options {
	o := Options{Entries: ada.log.Entries(), To: "Harbour authority", Reason: "the berth plan", Written: day,
		Checkpoints: [][]byte{ada.checkpoint(), ben.checkpoint()}}
	for _, e := range chosen {
		o.Chosen = append(o.Chosen, e.ID)
	}
	return o
}

func write(t testing.TB, o Options) (dir string, m Manifest) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "extract")
	m, err := Write(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return dir, m
}

func verify(t testing.TB, dir string, a caserecord.Anchors, notes ...[]byte) Report {
	t.Helper()
	x, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return x.Verify(a, notes...)
}

func slurp(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// spill writes in place: cutting a file to nothing first makes ext4 flush it, which thousands of flips would feel.
func spill(t testing.TB, path string, b []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(b, 0)
	if info, statErr := f.Stat(); statErr == nil && info.Size() > int64(len(b)) {
		err = errors.Join(err, f.Truncate(int64(len(b))))
	}
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// names lists the codes of a report that change the verdict, each once, in order.
func codes(r Report) (out []caserecord.Code) {
	seen := map[caserecord.Code]bool{}
	for _, p := range r.Problems {
		if !seen[p.Code] {
			seen[p.Code] = true
			out = append(out, p.Code)
		}
	}
	return out
}
