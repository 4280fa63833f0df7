package workbench

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord"
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
