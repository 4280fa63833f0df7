package workbench

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/evidence"
	"adjutant/backend/incident"
)

// sealedRoom is a case with one item of evidence and a lane of counsel alone.
func sealedRoom(t *testing.T) (r *room, item string) {
	t.Helper()
	r = newRoom(t, map[string]string{"Ben": "legal-counsel", "Cy": "responder"})
	take(t, r.b, evidence.KeepSealed, filepath.Join(t.TempDir(), inPath+".log"), lines("fs01", 5))
	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeLane(LaneOpening{Name: "Silver", Matter: "2026-7", Direction: "counsel's investigation"}))
	return r, r.b.State().Evidence[0].SHA256
}

// TestAHoldBindsWhoeverMayNotReadIt: no mark hides a hold or a check, so that nobody can delete or export for not knowing.
func TestAHoldBindsWhoeverMayNotReadIt(t *testing.T) {
	r, item := sealedRoom(t)
	hold := r.do(r.b.ProposeHold("2026-7", "a suit is coming", []string{item}))
	check := r.do(r.b.proposeWith(&caserecord.EvidenceCheckedData{Items: 1, Altered: []string{item}, Version: "test"}))
	for _, e := range []caserecord.Entry{hold, check} {
		r.wrong(ErrUsage, string(e.Header.Kind))(r.b.ProposeMark(MarkRequest{Of: "entry", Ref: string(e.ID), Lane: "Silver", Track: "advice", Basis: "counsel's own words"}))
		// Another program may sign the mark all the same.
		r.do(r.b.proposeWith(&caserecord.PrivilegeMarkedData{Of: caserecord.MarkEntry, Ref: string(e.ID), Lane: r.b.State().Lanes[0].Data.Lane, Track: caserecord.TrackAdvice, Basis: "counsel's own words", Role: incident.RoleLegalCounsel}))
	}
	r.do(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: item, Lane: "Silver", Track: "fact", Basis: "collected for counsel"}))
	binds := func(who string) {
		t.Helper()
		if err := r.b.MayDelete(); !errors.Is(err, ErrHeld) {
			t.Errorf("%s may delete the case: %v", who, err)
		}
		err := r.b.ExportBlocked()
		if !errors.Is(err, ErrMismatch) || who != "Ben" && strings.Contains(err.Error(), inPath) {
			t.Errorf("%s may export: %v", who, err)
		}
	}
	binds("Ben")
	r.as("Ada", "")
	binds("Ada")
	r.b.Lock()
	binds("nobody")

	// An explanation that stands behind the wall explains for everybody, also for who is not told it.
	r.as("Ben", "legal-counsel")
	text := "the disk was replaced, see the letter of the expert"
	p, err := r.b.ProposeExplanation(item, text)
	if p.Refused != nil { // counsel may not; whoever may is let in
		r.as("Ada", "incident-commander")
		me := r.b.MyName()
		r.as("Ben", "legal-counsel")
		r.do(r.b.ProposeLaneMembers("Silver", []string{"Ben", me}, "she explains"))
		r.as("Ada", "incident-commander")
		p, err = r.b.ProposeExplanation(item, text)
	}
	r.do(p, err)
	for _, who := range []string{"Ada", "Cy"} {
		r.as(who, "")
		if err := r.b.ExportBlocked(); err != nil {
			t.Errorf("%s: %v", who, err)
		}
		if n := len(r.tasks(TaskMismatch)); n != 0 {
			t.Errorf("%s is told of %d mismatches that are explained", who, n)
		}
	}
	if strings.Contains(string(ShownOf(r.b.Entries())), "letter of the expert") {
		t.Error("the explanation is told outside the lane")
	}
}

// proposeWith is propose in the form that room.do takes; it says as much as a proposal of a stage.
func (b *Bench) proposeWith(d caserecord.Content) (ActProposal, error) {
	return b.propose(d, "made by a test", "as another program would"), nil
}

// TestMergeTellsNothingOfTheLane: looking at a copy, taking it in and what goes wrong there name nothing that is marked.
func TestMergeTellsNothingOfTheLane(t *testing.T) {
	ada, ben := laptops(t, incident.RoleLegalCounsel, incident.RoleResponder)
	if err := ben.b.ActAs(incident.RoleResponder); err != nil {
		t.Fatal(err)
	}
	ben.addLog("plain.log", 7)
	ben.addLog(inPath+".log", 9)
	if err := ben.b.ActAs(incident.RoleLegalCounsel); err != nil {
		t.Fatal(err)
	}
	secret, open := "", int64(0)
	for _, it := range ben.b.State().Evidence {
		if r := it.Received[0].Data; strings.Contains(r.Path, inPath) {
			secret = it.SHA256
		} else {
			open = r.Bytes
		}
	}
	p, err := ben.b.ProposeLane(LaneOpening{Name: "Silver", Direction: "counsel's investigation"})
	if err != nil {
		t.Fatal(err)
	}
	ben.signProposal(p)
	if p, err = ben.b.ProposeMark(MarkRequest{Of: "evidence", Ref: secret, Lane: "Silver", Track: "fact", Basis: "collected for counsel"}); err != nil {
		t.Fatal(err)
	}
	ben.signProposal(p)
	ben.close()

	said := []string{}
	v, done, err := ada.tryMerge(context.Background(), MergeRequest{Path: ben.dir, Passphrase: casePass}, func(p Progress) { said = append(said, p.Message) })
	if err != nil {
		t.Fatal(err)
	}
	if v.EvidenceNew != 2 || done.Evidence != 2 || len(said) < 4 {
		t.Fatalf("%d items come, %d came, %d words about it", v.EvidenceNew, done.Evidence, len(said))
	}
	for what, text := range map[string]string{"the preview": string(ShownOf(v)), "the progress": strings.Join(said, "\n"), "what was done": string(ShownOf(done)) + done.Words()} {
		if strings.Contains(text, inPath) {
			t.Errorf("%s names it: %s", what, text)
		}
	}
	for _, x := range v.Evidence {
		if (x.SHA256 == secret) != (x.Path == behindLane("Silver") && x.Bytes == 0) {
			t.Errorf("%+v", x)
		}
	}
	if v.EvidenceBytes != open {
		t.Errorf("%d bytes come, the item outside the lane has %d: the rest tells of the other", v.EvidenceBytes, open)
	}
	if !strings.Contains(strings.Join(said, "\n"), "behind the wall") {
		t.Errorf("nothing was said of what is behind the wall: %q", said)
	}
}

// TestMarksReachWhatAnArchiveHoldsElsewhere: an archive that lies in two others is one item; a mark on one of the two reaches
// what came out of it by the path of the other, in whatever order all that came in.
func TestMarksReachWhatAnArchiveHoldsElsewhere(t *testing.T) {
	item := func(sha256 string, paths ...string) *caserecord.EvidenceItem {
		it := &caserecord.EvidenceItem{SHA256: sha256}
		for _, p := range paths {
			it.Received = append(it.Received, caserecord.EvidenceReceipt{Data: caserecord.EvidenceReceivedData{SHA256: sha256, Path: p}})
		}
		return it
	}
	items := []*caserecord.EvidenceItem{item("file", "b.zip!i.zip!f"), item("deep", "b.zip!i.zip!j.zip!g"), item("jay", "b.zip!i.zip!j.zip"), item("inner", "b.zip!i.zip", "a.zip!i.zip"), item("b", "b.zip"), item("a", "a.zip"), item("other", "c.log")}
	for _, order := range [][]int{{0, 1, 2, 3, 4, 5, 6}, {6, 5, 4, 3, 2, 1, 0}, {5, 0, 2, 1, 3, 6, 4}} {
		s := &caserecord.State{}
		for _, i := range order {
			s.Evidence = append(s.Evidence, items[i])
		}
		w := &wall{evidence: map[string]*caserecord.Mark{"a": {}}, containers: map[string]*caserecord.Mark{}}
		w.archives(s)
		if w.evidence["inner"] == nil || w.evidence["file"] == nil || w.evidence["deep"] == nil || w.evidence["jay"] == nil || len(w.evidence) != 5 || w.containers["b"] == nil || len(w.containers) != 1 {
			t.Errorf("%v: %d marked, %d archives kept in", order, len(w.evidence), len(w.containers))
		}
	}
}

// TestTimesInTasks: what waits for somebody tells times as people read them, also those that entries hold to the nanosecond.
func TestTimesInTasks(t *testing.T) {
	for text, want := range map[string]string{
		"Ada lent the role X to Ben from 2026-11-25T14:14:07.123456789Z until 2026-11-25T18:14:07Z, for a day.": "Ada lent the role X to Ben from 25 Nov 2026 14:14 UTC until 25 Nov 2026 18:14 UTC, for a day.",
		"declared at 2026-03-04T09:00:00+02:00 by Ben":                                                          "declared at 4 Mar 2026 07:00 UTC by Ben",
		"the file 2026-13-45T99:00:00Z.log":                                                                     "the file 2026-13-45T99:00:00Z.log",
	} {
		if got := withTimes(text); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	r := newRoom(t, map[string]string{"Ben": "responder"})
	r.as("Ben", "")
	r.do(r.b.ProposeBreakGlass("incident-commander", "nobody answers and the ferry has to be stopped", time.Hour))
	tasks := r.tasks(TaskReview)
	if len(tasks) != 1 || !strings.Contains(tasks[0].Text, "on 4 Mar 2026 08:00 UTC") || instants.MatchString(tasks[0].Text) {
		t.Errorf("%+v", tasks)
	}
}

// TestLentCounselLetsNothingOut: a member of the lane to whom counsel lent the role for notes, or until an hour ago, may not
// let its words leave.
func TestLentCounselLetsNothingOut(t *testing.T) {
	r := newLaneRoom(t)
	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeDelegation(Delegation{Person: "Cy", Role: "legal-counsel", Only: []string{"document.approved"}, To: "+1h", Why: "in court until the evening"}))
	r.as("Cy", "legal-counsel")
	out := func() error { _, err := r.b.Withheld(Leaving{Lanes: []string{"Silver"}}); return err }
	if err := out(); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("lent for papers: %v", err)
	}
	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeDelegation(Delegation{Person: "Cy", Role: "legal-counsel", To: "+1h", Why: "in court until the evening"}))
	r.as("Cy", "legal-counsel")
	early := out()
	r.now = r.now.Add(2 * time.Hour)
	if err := out(); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("lent until an hour ago: %v (while it was lent: %v)", err, early)
	}
	r.as("Ben", "legal-counsel")
	if err := out(); err != nil {
		t.Errorf("counsel: %v", err)
	}
}

// TestCountsOfTheOneBefore: while rules run, the number of open decisions is the last known one, and not of the person who
// was at the keyboard before.
func TestCountsOfTheOneBefore(t *testing.T) {
	r := newLaneRoom(t)
	r.as("Cy", "")
	if _, err := r.b.Analysis(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r.b.OpenDecisions() == 0 {
		t.Fatal("a member has no open decisions")
	}
	r.as("Dee", "")
	r.b.analysisMu.Lock()
	defer r.b.analysisMu.Unlock()
	if n := r.b.OpenDecisions(); n != 0 {
		t.Errorf("somebody outside is told of %d", n)
	}
}

// TestWhatEndsAMismatch: a finding stands until somebody who knew of it hashed everything again and found the item the same;
// a check on another laptop at the same time, or of fewer items, does not end it.
func TestWhatEndsAMismatch(t *testing.T) {
	ada, ben := laptops(t, incident.RoleResponder)
	ada.addLog("one.log", 3)
	ada.addLog("two.log", 4)
	ada.close()
	ben.merge(ada.dir)
	ada.open()
	item := ada.b.State().Evidence[0].SHA256
	ada.sign(&caserecord.EvidenceCheckedData{Items: 2, Same: 1, Altered: []string{item}, Version: "test"})
	ben.sign(&caserecord.EvidenceCheckedData{Items: 2, Same: 2, Version: "test"}) // an hour later by his clock
	ada.close()
	ben.merge(ada.dir)
	ada.open()
	stands := func(what string, want bool) {
		t.Helper()
		if err := ben.b.ExportBlocked(); errors.Is(err, ErrMismatch) != want || (ben.b.whole().Altered()[item].Entry != "") != want {
			t.Errorf("%s: %v", what, err)
		}
	}
	stands("hashed elsewhere at the same time", true)
	ben.sign(&caserecord.EvidenceCheckedData{Items: 1, Same: 1, Version: "test"})
	stands("fewer items hashed", true)
	ben.sign(&caserecord.EvidenceCheckedData{Items: 2, Same: 1, Absent: []string{item}, Version: "test"})
	stands("not at hand", true)
	ben.sign(&caserecord.EvidenceCheckedData{Items: 2, Same: 2, Version: "test"})
	stands("hashed again", false)
}
