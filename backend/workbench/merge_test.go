package workbench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
)

var casePass = []byte("long enough")

// laptop is a copy of a case and a person at it, with a home of their own.
type laptop struct {
	t    *testing.T
	name string
	env  Env
	dir  string
	b    *Bench
}

// clock ticks a second for each look at it, so that entries have an order by time too.
func clock(from time.Time) func() time.Time {
	return func() time.Time { from = from.Add(time.Second); return from }
}

// laptops opens a case by Ada and gives Ben, who is admitted in some roles, a copy of it on a laptop of his own.
func laptops(t *testing.T, roles ...incident.Role) (ada, ben *laptop) {
	t.Helper()
	began := time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC)
	ada = &laptop{t: t, name: "Ada", env: testEnv(t.TempDir()), dir: filepath.Join(t.TempDir(), "ada.case")}
	ben = &laptop{t: t, name: "Ben", env: testEnv(t.TempDir()), dir: filepath.Join(t.TempDir(), "ben.case")}
	ada.env.Now, ben.env.Now = clock(began), clock(began.Add(time.Hour))
	var err error
	if ada.b, err = CreateCase(context.Background(), ada.env, CaseConfig{Dir: ada.dir, Name: "Harbour", Person: "Ada", Passphrase: casePass, Mode: incident.ModeExercise}, signs); err != nil {
		t.Fatal(err)
	}
	if _, err := CreatePerson(ben.env, "Ben", casePass); err != nil {
		t.Fatal(err)
	}
	ada.meet(ben)
	for _, r := range roles {
		ada.grant("Ben", r)
	}
	ada.close()
	copyFolder(t, ada.dir, ben.dir)
	ada.open()
	ben.open()
	t.Cleanup(func() { ada.close(); ben.close() })
	return ada, ben
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

func (l *laptop) open() {
	l.t.Helper()
	b, err := OpenCase(context.Background(), l.env, OpenConfig{Dir: l.dir, Passphrase: casePass, Person: l.name})
	if err != nil {
		l.t.Fatal(err)
	}
	l.b = b
}

func (l *laptop) close() {
	if l.b != nil {
		if err := l.b.Close(); err != nil {
			l.t.Error(err)
		}
		l.b = nil
	}
}

// meet admits the other laptop's person by the key that they have there.
func (l *laptop) meet(o *laptop) {
	l.t.Helper()
	here, err := identity.List(o.env.Home)
	if err != nil || len(here) != 1 {
		l.t.Fatalf("%d people on the other laptop: %v", len(here), err)
	}
	l.sign(&caserecord.PersonAdmittedData{Person: here[0].Ref()})
}

func (l *laptop) grant(who string, r incident.Role) {
	l.t.Helper()
	for _, p := range l.b.State().People {
		if p.Name == who {
			l.sign(&caserecord.RoleGrantedData{Person: p.ID, Role: r, From: "2026-01-01T00:00:00Z", ByRole: incident.RoleIncidentCommander})
		}
	}
}

// sign signs a content as it stands.
func (l *laptop) sign(d caserecord.Content) caserecord.Entry {
	l.t.Helper()
	return l.signProposal(l.b.propose(d))
}

func (l *laptop) signProposal(p ActProposal) caserecord.Entry {
	l.t.Helper()
	me, err := l.b.Me()
	if err != nil {
		l.t.Fatal(err)
	}
	if p.Refused != nil {
		l.t.Fatalf("%s may not: %v", l.name, p.Refused)
	}
	e, err := l.b.SignAct(context.Background(), confirm.New(me, p.Shown, p.Kinds...))
	if err != nil {
		l.t.Fatal(err)
	}
	return e
}

func (l *laptop) note(text string) caserecord.Entry {
	l.t.Helper()
	return l.sign(&caserecord.NoteMadeData{About: "case", Text: text})
}

func (l *laptop) severity(level incident.Severity) caserecord.Entry {
	l.t.Helper()
	return l.sign(&caserecord.SeverityDeclaredData{Level: level, ReasonCode: "impact-greater", Reason: "the ferry control network is reachable", Role: incident.RoleIncidentCommander})
}

// add takes a file in.
func (l *laptop) add(r IntakeRequest) evidence.Summary {
	l.t.Helper()
	p, err := l.b.ProposeIntake(r)
	if err != nil {
		l.t.Fatal(err)
	}
	me, err := l.b.Me()
	if err != nil {
		l.t.Fatal(err)
	}
	sum, err := l.b.AddEvidence(context.Background(), confirm.Batch(me, p.Shown, p.Kinds...), r, nil, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	return sum
}

func (l *laptop) addLog(name string, n int) {
	l.t.Helper()
	path := filepath.Join(l.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(lines(strings.TrimSuffix(name, ".log"), n)), 0o600); err != nil {
		l.t.Fatal(err)
	}
	l.add(IntakeRequest{Paths: []string{path}, Keep: evidence.KeepSealed, Why: "test", Custodian: l.name})
	if err := os.Remove(path); err != nil { // the stick went back
		l.t.Fatal(err)
	}
}

// merge looks at a copy and takes it in.
func (l *laptop) merge(path string) (*MergePreview, Merged) {
	l.t.Helper()
	v, m, err := l.tryMerge(context.Background(), MergeRequest{Path: path, Passphrase: casePass}, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	return v, m
}

func (l *laptop) tryMerge(ctx context.Context, r MergeRequest, report func(Progress)) (*MergePreview, Merged, error) {
	l.t.Helper()
	before := l.b.whole().Head
	x, err := l.b.OpenMerge(ctx, r, nil)
	if err != nil {
		return nil, Merged{}, err
	}
	defer x.Close()
	v := x.Preview()
	if l.b.whole().Head != before {
		l.t.Fatal("looking changed the case")
	}
	var a identity.Act
	if me, err := l.b.Me(); err == nil && v.Signs {
		a = confirm.New(me, v.Shown, v.Proposal.Kinds...)
	}
	m, err := x.Run(ctx, a, report)
	return v, m, err
}

func (l *laptop) digest() string {
	l.t.Helper()
	d, err := l.b.Digest(context.Background())
	if err != nil {
		l.t.Fatal(err)
	}
	return d.Digest
}

func (l *laptop) head() string { return l.b.whole().Head }

// verified fails unless the record on the disk is sound.
func (l *laptop) verified() {
	l.t.Helper()
	v, err := l.b.Verify()
	if err != nil || v.ExitCode() != 0 {
		l.t.Fatalf("%s: %v %v %v", l.name, err, v.Verdict, v.Problems)
	}
}

// same fails unless two laptops hold the same case: record, rows, and what a rebuild would give.
func same(t *testing.T, a, b *laptop) {
	t.Helper()
	a.verified()
	b.verified()
	if a.head() != b.head() {
		t.Fatalf("the heads differ: %s has %d entries, %s has %d", a.name, a.b.whole().Entries, b.name, b.b.whole().Entries)
	}
	if x, y := a.digest(), b.digest(); x != y {
		t.Fatalf("the rows differ: %s %s", x, y)
	}
	for _, l := range []*laptop{a, b} {
		r, err := l.b.Rebuild(context.Background(), nil)
		if err != nil || r.Before != r.After {
			t.Fatalf("%s: a rebuild changes the rows: %v %s %s", l.name, err, r.Before, r.After)
		}
	}
}

// TestTwoLaptopsJoin: both write different things and take in different evidence, and both declare the severity. They end
// with the same record, rows and head; the conflict is settled by a person and both answers stay.
func TestTwoLaptopsJoin(t *testing.T) {
	ada, ben := laptops(t, incident.RoleIncidentCommander, incident.RoleResponder)
	ada.note("from Ada")
	ben.note("from Ben")
	ada.addLog("fs01.log", 30)
	ben.addLog("web01.log", 40)
	first, second := ada.severity(incident.SeverityHigh), ben.severity(incident.SeverityLow)

	v, m := ada.merge(ben.dir)
	if !v.Signs || v.FastForward || v.Entries != 4 || m.Entries != 4 || m.Signed == "" || m.Evidence != 1 || m.Rows != 1 || m.Conflicts != 1 || v.EvidenceNew != 1 || v.Rows != 1 {
		t.Fatalf("preview %+v\nmerged %+v", v, m)
	}
	if len(v.Conflicts) != 1 || v.Conflicts[0].Title != "severity of the incident" || len(v.Conflicts[0].Answers) != 2 || !v.Conflicts[0].Answers[1].Shown ||
		v.Conflicts[0].Answers[0].Entry != first.ID || v.Conflicts[0].Answers[1].Entry != second.ID || v.Conflicts[0].Answers[1].Name != "Ben" {
		t.Fatalf("conflicts %+v", v.Conflicts)
	}
	v, m = ben.merge(ada.dir)
	if v.Signs || !v.FastForward || m.Signed != "" || m.Entries != 5 || m.Evidence != 1 || m.Rows != 1 { // note, two of the log, severity, merge.received
		t.Fatalf("catching up: %+v\n%+v", v, m)
	}
	same(t, ada, ben)

	p, err := ben.b.ProposeResolution("severity", string(first.ID[:8]), "impact-greater", "Ada has seen the second server, which I had not.")
	if err != nil {
		t.Fatal(err)
	}
	ben.signProposal(p)
	if v, m = ada.merge(ben.dir); m.Signed != "" || v.Settled != 1 || m.Conflicts != 0 {
		t.Fatalf("%+v %+v", v, m)
	}
	same(t, ada, ben)
	for _, l := range []*laptop{ada, ben} {
		if s := l.b.State(); s.SeverityInForce().Data.Level != incident.SeverityHigh || len(s.Severity.History) < 2 || len(s.Notes) != 2 {
			t.Errorf("%s: severity %v, %d notes", l.name, s.SeverityInForce(), len(s.Notes))
		}
	}
	if v, m = ada.merge(ben.dir); !v.Nothing || v.Signs || m.Entries+m.Rows+m.Evidence != 0 || m.Signed != "" {
		t.Errorf("merging again: %+v %+v", v, m)
	}
}

// TestRowsFollowTheJoinedAnswers: an answer about a source that one laptop gave changes the rows on the other.
func TestRowsFollowTheJoinedAnswers(t *testing.T) {
	ada, ben := laptops(t, incident.RoleResponder)
	path := filepath.Join(t.TempDir(), "auth.log")
	text := ""
	for i := range 20 {
		text += fmt.Sprintf("Mar  3 21:%02d:00 web01 sshd[811]: Failed password for root from 203.0.113.9 port 4022 ssh2\n", i)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := IntakeRequest{Paths: []string{path}, Keep: evidence.KeepSealed, Why: "test", Year: 2026}
	ada.add(r)
	ben.merge(ada.dir)
	same(t, ada, ben)
	sha := ada.b.State().Evidence[0].SHA256
	ada.note("meanwhile")
	ben.sign(&caserecord.SourceAssumedData{SHA256: sha, Zone: "Europe/Lisbon", Year: 2025, Basis: "asked the administrator"})
	before := ada.digest()
	v, m := ada.merge(ben.dir)
	if v.Rows != 1 || m.Rows != 1 || ada.digest() == before {
		t.Errorf("rows of %d items announced, of %d made", v.Rows, m.Rows)
	}
	ben.merge(ada.dir)
	same(t, ada, ben)

	// Both answer, unseen by each other: the rows follow the later one, then the one that a person chose.
	first := ada.sign(&caserecord.SourceAssumedData{SHA256: sha, Zone: "Europe/Athens", Year: 2026, Basis: "asked the administrator again"})
	ben.sign(&caserecord.SourceAssumedData{SHA256: sha, Zone: "Asia/Tokyo", Year: 2026, Basis: "read it off the machine"})
	chosen := ada.digest()
	if v, m := ada.merge(ben.dir); len(v.Conflicts) != 1 || m.Rows != 1 || ada.digest() == chosen {
		t.Errorf("%+v %+v", v.Conflicts, m)
	}
	p, err := ada.b.ProposeResolution("source "+sha, string(first.ID), "other", "The administrator is who set the machine up.")
	if err != nil {
		t.Fatal(err)
	}
	ada.signProposal(p)
	if ada.digest() != chosen {
		t.Error("the rows do not follow the answer that was chosen")
	}
	ben.merge(ada.dir)
	same(t, ada, ben)
}

// TestBothTookInTheSame: the same bytes taken in on both laptops are one item with two receipts and one set of rows.
func TestBothTookInTheSame(t *testing.T) {
	ada, ben := laptops(t, incident.RoleResponder)
	ada.addLog("fs01.log", 30)
	ben.addLog("fs01.log", 30)
	ada.merge(ben.dir)
	ben.merge(ada.dir)
	same(t, ada, ben)
	s := ada.b.State()
	if len(s.Evidence) != 1 || len(s.Evidence[0].Received) != 2 {
		t.Errorf("%d items", len(s.Evidence))
	}
}

// TestEvidenceThatStayedElsewhere: entries come without the bytes of an item. It is listed so, is no loss, and comes in when
// somebody brings the bytes: by a merge, or as evidence.
func TestEvidenceThatStayedElsewhere(t *testing.T) {
	ctx := context.Background()
	ada, ben := laptops(t, incident.RoleResponder)
	ben.addLog("web01.log", 40)
	out := filepath.Join(t.TempDir(), "out")
	if _, err := bundle.Write(ctx, out, ben.b.wholeEntries(), bundle.Options{Written: ben.b.Now()}); err != nil {
		t.Fatal(err)
	}
	v, m := ada.merge(out)
	if v.Kind != "bundle" || v.EvidenceAway != 1 || v.Evidence[0].State != ItemElsewhere || v.Rows != 0 || m.Elsewhere != 1 || m.Evidence != 0 || m.Rows != 0 {
		t.Fatalf("%+v\n%+v", v, m)
	}
	items := ada.b.EvidenceItems()
	if len(items) != 1 || !items[0].Elsewhere {
		t.Fatalf("items %+v", items)
	}
	check := func(want string, damage bool) {
		t.Helper()
		err := ada.b.VerifyEvidence(ctx, identity.Act{}, func(c EvidenceCheck) error {
			if c.State != want || c.Damage != damage {
				t.Errorf("checked: %+v", c)
			}
			return nil
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
	}
	check(CheckAbsent, false)
	if v, m = ada.merge(ben.dir); m.Evidence != 1 || m.Elsewhere != 0 || m.Rows != 1 || m.Entries != 0 || v.Nothing {
		t.Fatalf("the bytes: %+v\n%+v", v, m)
	}
	check(CheckSame, false)
	if ada.b.EvidenceItems()[0].Elsewhere {
		t.Error("still said to be elsewhere")
	}
	same(t, ada, ben)
	d, err := incident.ParseDigest(items[0].SHA256)
	if err != nil {
		t.Fatal(err)
	}
	if err := ada.b.folder.Vault().Remove(d); err != nil {
		t.Fatal(err)
	}
	check(CheckAbsent, true) // that is a loss, and another copy mends it
	if _, m := ada.merge(ben.dir); m.Evidence != 1 {
		t.Errorf("mended: %+v", m)
	}
	check(CheckSame, false)
}

// TestBytesComeInAsEvidence: what stayed elsewhere is not taken for a duplicate when somebody has the file here.
func TestBytesComeInAsEvidence(t *testing.T) {
	ada, ben := laptops(t, incident.RoleResponder)
	ben.addLog("web01.log", 40)
	out := filepath.Join(t.TempDir(), "out")
	if _, err := bundle.Write(context.Background(), out, ben.b.wholeEntries(), bundle.Options{Written: ben.b.Now()}); err != nil {
		t.Fatal(err)
	}
	ada.merge(out)
	ada.addLog("web01.log", 40)
	if items := ada.b.EvidenceItems(); len(items) != 2 || items[0].Elsewhere || ada.b.stayedElsewhere(items[0].SHA256) {
		t.Errorf("%+v", items)
	}
	ben.merge(ada.dir)
	same(t, ada, ben)
}

// TestWhatIsNoCopyIsRefused: another case, another mode, a changed byte, a stranger's entry, a cut middle. Each is named and
// nothing is changed.
func TestWhatIsNoCopyIsRefused(t *testing.T) {
	ctx := context.Background()
	ada, ben := laptops(t, incident.RoleResponder)
	ben.note("one")
	ben.note("two")
	ben.note("three")
	write := func(entries []caserecord.Entry) string {
		dir := filepath.Join(t.TempDir(), "out")
		if _, err := bundle.Write(ctx, dir, entries, bundle.Options{Written: ben.b.Now()}); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	all := ben.b.wholeEntries()
	other := &laptop{t: t, name: "Eve", env: testEnv(t.TempDir()), dir: filepath.Join(t.TempDir(), "eve.case")}
	var err error
	if other.b, err = CreateCase(ctx, other.env, CaseConfig{Dir: other.dir, Name: "Harbour", Person: "Eve", Passphrase: casePass, Mode: incident.ModeExercise}, signs); err != nil {
		t.Fatal(err)
	}
	defer other.close()
	flipped := write(all)
	file := filepath.Join(flipped, bundle.EntriesFile)
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)-200] ^= 1
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	eve, err := other.b.Me()
	if err != nil {
		t.Fatal(err)
	}
	h, err := caserecord.NewLog(all...).Next(eve.Person().Key, ben.b.Now())
	if err != nil {
		t.Fatal(err)
	}
	act := confirm.New(eve, []byte("x"), string(caserecord.NoteMade))
	forged, err := caserecord.Seal(h, &caserecord.NoteMadeData{Text: "by a stranger"}, [16]byte{}, func(pae []byte) ([]byte, error) {
		return eve.Sign(act, string(caserecord.NoteMade), pae)
	})
	if err != nil {
		t.Fatal(err)
	}
	hole := slices.Clone(all)
	hole = slices.Delete(hole, len(hole)-2, len(hole)-1)
	for _, c := range []struct {
		name string
		path string
		is   error
		code caserecord.Code
		rest int // entries that come in with KeepGoing, -1 when nothing does
	}{
		{"another case", other.dir, ErrOtherCase, "", -1},
		{"nothing there", filepath.Join(t.TempDir(), "none"), ErrNotFound, "", -1},
		{"an empty folder", t.TempDir(), casefolder.ErrNotCase, "", -1},
		{"the case itself", ada.dir, ErrUsage, "", -1},
		{"a hole", write(hole), ErrCopyDamaged, caserecord.CodeGap, 2},
		{"a changed byte", flipped, ErrCopyDamaged, caserecord.CodeSignature, 1},
		{"a stranger", write(append(slices.Clone(all), forged)), ErrCopyDamaged, caserecord.CodeUnknownAuthor, 0},
	} {
		head, items := ada.head(), ada.b.wholeLen()
		_, _, err := ada.tryMerge(ctx, MergeRequest{Path: c.path, Passphrase: casePass}, nil)
		if !errors.Is(err, c.is) || ada.head() != head || ada.b.wholeLen() != items {
			t.Errorf("%s: %v", c.name, err)
		}
		if f := Explain(err); f.Code == CodeFailed || strings.Contains(f.Sentence, "workbench:") {
			t.Errorf("%s: told as %+v", c.name, f)
		}
		var damage *CopyDamage
		if c.code != "" && (!errors.As(err, &damage) || !slices.ContainsFunc(damage.Problems, func(p caserecord.Problem) bool { return p.Code == c.code })) {
			t.Errorf("%s: not named as %s: %v", c.name, c.code, err)
		}
		if c.rest < 0 {
			continue
		}
		v, m, err := ada.tryMerge(ctx, MergeRequest{Path: c.path, Passphrase: casePass, KeepGoing: true}, nil)
		if err != nil || m.Entries != c.rest || len(m.LeftOut) == 0 || !v.Blocked {
			t.Errorf("%s, going on: %v %+v", c.name, err, m)
		}
		if _, known := ada.b.entry(forged.ID); known {
			t.Errorf("%s: a stranger's entry was stored", c.name)
		}
	}
	// What was left out of one copy stood in another; while it did, both had something that the other had not, and Ada signed.
	ada.merge(ben.dir)
	ben.merge(ada.dir)
	same(t, ada, ben)
	if n := len(ada.b.State().Notes); n != 3 {
		t.Errorf("%d notes", n)
	}
	if _, _, err := ada.tryMerge(ctx, MergeRequest{Path: ben.dir, Passphrase: []byte("wrong passphrase")}, nil); !errors.Is(err, casefolder.ErrPassphrase) {
		t.Errorf("a wrong passphrase: %v", err)
	}
}

// TestWhoMayMerge: somebody the case does not know catches up, and is told who has to join copies that both went on.
func TestWhoMayMerge(t *testing.T) {
	ctx := context.Background()
	ada, ben := laptops(t, incident.RoleResponder)
	ben.note("from Ben")
	ada.close()
	l := *ada
	l.env, l.name = testEnv(t.TempDir()), ""
	l.open() // nobody's key is on this device
	v, m, err := l.tryMerge(ctx, MergeRequest{Path: ben.dir, Passphrase: casePass}, nil)
	if err != nil || m.Entries != 1 || v.Signs || v.Refused != nil {
		t.Errorf("catching up: %v %+v", err, m)
	}
	l.close()
	ada.open()
	ada.note("from Ada")
	ben.note("again from Ben")
	ada.close()
	l.open()
	defer l.close()
	head := l.head()
	v, _, err = l.tryMerge(ctx, MergeRequest{Path: ben.dir, Passphrase: casePass}, nil)
	if !errors.Is(err, ErrLocked) || v == nil || !v.Signs || !strings.Contains(fmt.Sprint(err), "Ada, Ben") || l.head() != head {
		t.Errorf("joining: %v", err)
	}
}

// TestARevokedColleague: what a revoked key signed, unseen by whoever revoked it, comes in and is set aside; the merge counts
// it, and no word of it is lost.
func TestARevokedColleague(t *testing.T) {
	ada, ben := laptops(t, incident.RoleResponder)
	me, err := ben.b.Me()
	if err != nil {
		t.Fatal(err)
	}
	ada.sign(&caserecord.KeyRevokedData{Person: me.Person().ID, Key: me.Person().Key, Why: "the laptop was lost at the quay", ByRole: incident.RoleIncidentCommander})
	n := ben.note("written after the key was revoked")
	v, m := ada.merge(ben.dir)
	if len(v.SetAside) != 1 || v.SetAside[0].Code != string(caserecord.CodeKeyRevoked) || !v.SetAside[0].Admissible || m.Signed == "" {
		t.Fatalf("%+v %+v", v.SetAside, m)
	}
	if r := ada.b.RefusedEntries(); len(r) != 1 || r[0].Entry != n.ID || !strings.Contains(r[0].Story, "written after") {
		t.Errorf("%+v", r)
	}
	ada.verified()
	if _, _, err := ben.tryMerge(context.Background(), MergeRequest{Path: ada.dir, Passphrase: casePass}, nil); err != nil {
		t.Errorf("catching up with one's own revocation: %v", err)
	}
	if ada.head() != ben.head() {
		t.Error("heads differ")
	}
}

// TestWordsThatWereWithheldComeLater: a copy without some bodies is filled by one that has them, durably.
func TestWordsThatWereWithheldComeLater(t *testing.T) {
	ctx := context.Background()
	ada, ben := laptops(t, incident.RoleResponder)
	n := ben.note("the words")
	all := ben.b.wholeEntries()
	for i := range all {
		if all[i].ID == n.ID {
			all = slices.Clone(all)
			all[i] = all[i].WithoutBody()
		}
	}
	out := filepath.Join(t.TempDir(), "out")
	if _, err := bundle.Write(ctx, out, all, bundle.Options{Written: ben.b.Now()}); err != nil {
		t.Fatal(err)
	}
	if v, m := ada.merge(out); v.Withheld != 1 || m.Entries != 1 || len(ada.b.State().Notes) != 0 {
		t.Fatalf("%+v %+v", v, m)
	}
	ada.close()
	ada.open()
	if v, m := ada.merge(ben.dir); v.Bodies != 1 || m.Bodies != 1 || m.Entries != 0 || m.Signed != "" {
		t.Fatalf("%+v %+v", v, m)
	}
	for range 2 {
		if notes := ada.b.State().Notes; len(notes) != 1 || notes[0].Data.Text != "the words" {
			t.Fatalf("%+v", notes)
		}
		ada.close()
		ada.open()
	}
	same(t, ada, ben)
}

// TestACutOffMergeIsCompleted: a merge that is cancelled after each of its steps leaves a sound record; merging again
// completes it, with one merge.received in all.
func TestACutOffMergeIsCompleted(t *testing.T) {
	for _, at := range []string{"taking in entries", "taking in web01.log", "making the rows"} {
		ada, ben := laptops(t, incident.RoleResponder)
		ada.note("from Ada")
		ben.note("from Ben")
		ben.addLog("web01.log", 40)
		ctx, stop := context.WithCancel(context.Background())
		_, _, err := ada.tryMerge(ctx, MergeRequest{Path: ben.dir, Passphrase: casePass}, func(p Progress) {
			if strings.Contains(p.Message, at) || strings.Contains(p.Message, "web01.log") && at == "taking in web01.log" && strings.HasPrefix(p.Message, "taking in") {
				stop()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("%s: %v", at, err)
		}
		ada.verified()
		ada.close()
		ada.open()
		if p := ada.b.Problems(); len(p) != 1 || !strings.Contains(p[0].Text, "cut off") {
			t.Errorf("%s: at opening: %v", at, p)
		}
		_, _ = ada.merge(ben.dir)
		if n := len(ada.b.whole().Merges); n != 1 {
			t.Errorf("%s: %d merges signed", at, n)
		}
		ada.close()
		ada.open()
		if p := ada.b.Problems(); len(p) != 0 {
			t.Errorf("%s: afterwards: %v", at, p)
		}
		ben.merge(ada.dir)
		same(t, ada, ben)
		stop()
	}
}

// TestCopiesAtRandom: two laptops write, take in evidence and merge at random; after a last exchange both ways they hold the
// same, and no note is lost.
func TestCopiesAtRandom(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	for run := range 6 {
		rng := rand.New(rand.NewPCG(seed, uint64(run)))
		ada, ben := laptops(t, incident.RoleIncidentCommander, incident.RoleResponder)
		notes := map[string]bool{}
		for i := range 4 + rng.IntN(5) {
			l, o := ada, ben
			if rng.IntN(2) == 0 {
				l, o = ben, ada
			}
			switch rng.IntN(6) {
			case 0:
				l.severity(incident.Severity(1 + rng.IntN(5)))
			case 1:
				l.addLog(fmt.Sprintf("host%d.log", rng.IntN(4)), 3+rng.IntN(30))
			case 2, 3:
				l.merge(o.dir)
			default:
				text := fmt.Sprintf("note %d of run %d", i, run)
				notes[text] = true
				l.note(text)
			}
		}
		ada.merge(ben.dir)
		if _, m := ben.merge(ada.dir); m.Signed != "" {
			t.Errorf("seed %d run %d: catching up was signed", seed, run)
		}
		same(t, ada, ben)
		for _, n := range ada.b.State().Notes {
			delete(notes, n.Data.Text)
		}
		if len(notes) > 0 {
			t.Errorf("seed %d run %d: lost %v", seed, run, notes)
		}
		ada.close()
		ben.close()
	}
}

// TestTheOtherCopyIsNotChanged: merging reads the other folder and writes nothing in it.
func TestTheOtherCopyIsNotChanged(t *testing.T) {
	ada, ben := laptops(t, incident.RoleResponder)
	ben.addLog("web01.log", 40)
	ben.close()
	before := folderBytes(t, ben.dir)
	ada.merge(ben.dir)
	if !bytes.Equal(before, folderBytes(t, ben.dir)) {
		t.Error("the other copy was changed")
	}
}

func folderBytes(t *testing.T, dir string) []byte {
	t.Helper()
	var out bytes.Buffer
	err := filepath.WalkDir(dir, func(p string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(p)
		fmt.Fprintf(&out, "%s %d %s\n", p, len(raw), digestOf(raw))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
