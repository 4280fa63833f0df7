package workbench

import (
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
	"adjutant/backend/parse"
	"adjutant/backend/timeline"
)

// importer is a case with one person and a log of two lines.
type importer struct {
	*Bench
	t   *testing.T
	log string
}

func newImporter(t *testing.T) *importer {
	b, err := CreateCase(context.Background(), testEnv(t.TempDir()), CaseConfig{Dir: filepath.Join(t.TempDir(), "a.case"), Name: "A", Person: "P", Passphrase: []byte("long enough")}, signs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	log := filepath.Join(t.TempDir(), "auth.log")
	text := "Mar  3 21:11:00 web01 sshd[811]: Accepted password for deploy from 203.0.113.9 port 4023 ssh2\nMar  3 21:12:00 web01 sshd[811]: Connection closed by 203.0.113.9\n"
	if err := os.WriteFile(log, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return &importer{b, t, log}
}

func (m *importer) batch(p Proposal, err error) identity.Act {
	m.t.Helper()
	if err != nil || p.Refused != nil {
		m.t.Fatal(err, p.Refused)
	}
	me, err := m.Me()
	if err != nil {
		m.t.Fatal(err)
	}
	return confirm.Batch(me, p.Shown, p.Kinds...)
}

func (m *importer) add() string {
	m.t.Helper()
	req := IntakeRequest{Paths: []string{m.log}, Year: 2026}
	s, err := m.AddEvidence(context.Background(), m.batch(m.ProposeIntake(req)), req, nil, nil)
	if err != nil || s.Items != 1 {
		m.t.Fatal(s, err)
	}
	return m.State().Evidence[0].SHA256
}

func (m *importer) undo(sha256 string) {
	m.t.Helper()
	p, err := m.ProposeUndo([]string{sha256}, "taken in twice by mistake")
	if err != nil {
		m.t.Fatal(err)
	}
	me, err := m.Me()
	if err != nil {
		m.t.Fatal(err)
	}
	if _, err := m.SignAct(context.Background(), confirm.New(me, p.Shown, p.Kinds...)); err != nil {
		m.t.Fatal(err)
	}
}

// rowTimes are the times of all rows, as the timeline prints them.
func (m *importer) rowTimes() string {
	m.t.Helper()
	page, _, err := m.Page(context.Background(), "", timeline.Options{Limit: 10})
	if err != nil {
		m.t.Fatal(err)
	}
	var out []string
	for _, r := range page.Rows {
		out = append(out, r.Event.Times[0].At.UTC().Format("2006 15:04"))
	}
	return strings.Join(out, " ")
}

// sameAfterRebuild holds that rows made by hand are those that the record asks for.
func (m *importer) sameAfterRebuild() {
	m.t.Helper()
	r, err := m.Rebuild(context.Background(), nil)
	if err != nil || r.Before != r.After {
		m.t.Fatalf("%+v %v", r, err)
	}
}

// TestUndo: the rows of an import that was undone are gone, here and after a rebuild; the evidence stays, and brings them back.
func TestUndo(t *testing.T) {
	m := newImporter(t)
	sha := m.add()
	if got := m.rowTimes(); got != "2026 21:11 2026 21:12" {
		t.Fatal(got)
	}
	if _, err := m.ProposeUndo(nil, "why"); err == nil {
		t.Error("undoing nothing named was offered")
	}
	m.undo(sha)
	if got := m.rowTimes(); got != "" {
		t.Errorf("rows after undoing: %s", got)
	}
	items := m.EvidenceItems()
	if len(items) != 1 || !strings.HasPrefix(items[0].Undone, "undone by P on ") || items[0].Kept != "sealed" {
		t.Errorf("%+v", items)
	}
	m.sameAfterRebuild()
	if _, err := m.ProposeUndo([]string{sha}, "again"); err == nil {
		t.Error("an import was undone twice")
	}
	m.add()
	if got := m.rowTimes(); got != "2026 21:11 2026 21:12" {
		t.Errorf("rows after importing again: %s", got)
	}
	m.sameAfterRebuild()
}

// TestImportAgain: other answers give other rows and a new receipt; a format that does not fit leaves the rows that there are.
func TestImportAgain(t *testing.T) {
	ctx, m := context.Background(), newImporter(t)
	sha := m.add()
	a := Again{SHA256: sha[:8], Zone: "Asia/Tokyo", Year: 2025, Basis: "read off the machine"}
	rc, err := m.ImportAgain(ctx, m.batch(m.ProposeAgain(a)), a, nil)
	if err != nil || rc.Status != parse.StatusOK || rc.Parsed != 2 || rc.Format != "syslog" {
		t.Fatal(rc, err)
	}
	if got := m.rowTimes(); got != "2025 12:11 2025 12:12" {
		t.Errorf("rows after other answers: %s", got)
	}
	m.sameAfterRebuild()
	a = Again{SHA256: sha, Format: "evtx", Zone: "Asia/Tokyo", Year: 2025, Basis: "tried"}
	if rc, err = m.ImportAgain(ctx, m.batch(m.ProposeAgain(a)), a, nil); err != nil || rc.Status != parse.StatusFailed {
		t.Fatal(rc, err)
	}
	if got := m.rowTimes(); got != "2025 12:11 2025 12:12" {
		t.Errorf("rows after a format that does not fit: %s", got)
	}
	m.sameAfterRebuild()
	if n := len(m.State().Item(sha).Imports); n != 3 {
		t.Errorf("%d receipts", n)
	}
	for _, bad := range []Again{{SHA256: sha}, {SHA256: sha, Basis: "b", Zone: "Mars"}, {SHA256: sha, Basis: "b", Format: "mars"}, {SHA256: "123456", Basis: "b"}} {
		if _, err := m.ProposeAgain(bad); err == nil {
			t.Errorf("offered: %+v", bad)
		}
	}
}

// TestTheSameFileAgain: a file that is in the case already adds no second custody and no second receipt, and answers given with
// it do not move the times of rows that are there.
func TestTheSameFileAgain(t *testing.T) {
	m := newImporter(t)
	sha := m.add()
	before := m.State().Entries
	req := IntakeRequest{Paths: []string{m.log}, Year: 2020, Zone: "Asia/Tokyo"}
	s, err := m.AddEvidence(context.Background(), m.batch(m.ProposeIntake(req)), req, nil, nil)
	if err != nil || s.ByStatus[parse.StatusDuplicate] != 1 {
		t.Fatal(s, err)
	}
	if n := m.State().Entries; n != before {
		t.Errorf("%d entries more", n-before)
	}
	if got := m.rowTimes(); got != "2026 21:11 2026 21:12" {
		t.Errorf("rows: %s", got)
	}
	m.sameAfterRebuild()
	twin := filepath.Join(t.TempDir(), "twin.log")
	text, err := os.ReadFile(m.log)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(twin, text, 0o600); err != nil {
		t.Fatal(err)
	}
	req.Paths = []string{twin}
	if _, err = m.AddEvidence(context.Background(), m.batch(m.ProposeIntake(req)), req, nil, nil); err != nil {
		t.Fatal(err)
	}
	if it := m.State().Item(sha); len(it.Received) != 2 || len(it.Imports) != 2 {
		t.Errorf("the same bytes from another place: %d receptions, %d receipts", len(it.Received), len(it.Imports))
	}
	m.sameAfterRebuild()
}

// TestImportCutOff: evidence that came into custody before the program ended is told at the next opening, and taking the file
// in again goes on there.
func TestImportCutOff(t *testing.T) {
	ctx, m := context.Background(), newImporter(t)
	text, err := os.ReadFile(m.log)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	sha := incident.Digest(sum).String()
	req := IntakeRequest{Paths: []string{m.log}, Year: 2026}
	act := m.batch(m.ProposeIntake(req))
	if _, err := m.append(ctx, act, &caserecord.EvidenceReceivedData{SHA256: sha, Path: m.log, Bytes: int64(len(text)), Kept: caserecord.KeptSealed}); err != nil {
		t.Fatal(err)
	}
	dir, env := m.dir, m.env
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := OpenCase(ctx, env, OpenConfig{Dir: dir, Passphrase: []byte("long enough")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	told := 0
	for _, p := range b.Problems() {
		if strings.Contains(p.Text, "cut off before "+m.log) {
			told++
		}
	}
	if told != 1 {
		t.Errorf("problems: %+v", b.Problems())
	}
	n := &importer{b, t, m.log}
	if n.add() != sha || n.rowTimes() != "2026 21:11 2026 21:12" {
		t.Error("it did not go on")
	}
	if it := n.State().Item(sha); len(it.Received) != 1 || len(it.Imports) != 1 {
		t.Errorf("%d receptions, %d receipts", len(it.Received), len(it.Imports))
	}
}
