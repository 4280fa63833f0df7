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

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/incident"
)

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
