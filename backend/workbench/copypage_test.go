package workbench

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/coverpage"
	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
)

// pageOf is index.html of a plain copy.
func pageOf(t *testing.T, b *Bench, q CopyRequest) string {
	t.Helper()
	q.Form, q.Out = FormPlain, filepath.Join(t.TempDir(), "court")
	raw, err := os.ReadFile(filepath.Join(export(t, b, q).Out, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestThePageSaysWhatIsNotHere: a court is told that nothing was left out only when nothing was.
func TestThePageSaysWhatIsNotHere(t *testing.T) {
	const nothing = "nothing was left out"
	r := newRoom(t, nil)
	take(t, r.b, evidence.KeepSealed, filepath.Join(t.TempDir(), "auth.log"), guesses("web01", "deploy", "203.0.113.9"))
	q := DraftRequest{Template: "situation-report", Slots: map[string]string{"assessment": "as the rows say"}}
	p, err := r.b.ProposeDraft(q)
	if err != nil {
		t.Fatal(err)
	}
	paper, err := r.b.Draft(t.Context(), confirm.New(r.me(), p.Shown, p.Kinds...), q)
	if err != nil {
		t.Fatal(err)
	}
	full := CopyRequest{Evidence: EvidenceAll, Papers: PapersAll}
	if page := pageOf(t, r.b, full); !strings.Contains(page, nothing) {
		t.Error("of a full copy the page does not say that it is full")
	}
	for what, c := range map[string]struct {
		q     CopyRequest
		wants []string
	}{
		"without evidence": {CopyRequest{Papers: PapersAll}, []string{"items of evidence", "made without their bytes"}},
		"without drafts":   {CopyRequest{Evidence: EvidenceAll}, []string{">papers<", "drafts that nobody has approved"}},
		"without papers":   {CopyRequest{Evidence: EvidenceAll, Papers: PapersNone}, []string{">papers<", "made without papers"}},
	} {
		page := pageOf(t, r.b, c.q)
		if strings.Contains(page, nothing) {
			t.Errorf("%s: the page says that %s", what, nothing)
		}
		for _, w := range c.wants {
			if !strings.Contains(page, w) {
				t.Errorf("%s: the page does not say %q", what, w)
			}
		}
	}
	if err := r.b.folder.Drafts().Delete("paper/" + paper.Hash); err != nil { // as in a case that was made from a copy
		t.Fatal(err)
	}
	if page := pageOf(t, r.b, full); strings.Contains(page, nothing) || !strings.Contains(page, "their text stayed on another laptop") {
		t.Error("of a paper whose text is not here the page does not say so")
	}
}

// TestThePageClaimsNoCheckThatWasNotMade: an item that somebody took in while another hashed all of theirs was not hashed,
// however the numbers fall when an item of a lane is left out.
func TestThePageClaimsNoCheckThatWasNotMade(t *testing.T) {
	ada, ben := laptops(t, incident.RoleLegalCounsel, incident.RoleResponder)
	ada.addLog("first.log", 3)
	ada.addLog("second.log", 4)
	ada.close()
	ben.merge(ada.dir)
	ada.open()
	if err := ben.b.ActAs(incident.RoleLegalCounsel); err != nil {
		t.Fatal(err)
	}
	secret := ""
	for _, it := range ben.b.State().Evidence {
		if strings.HasSuffix(it.Received[0].Data.Path, "second.log") {
			secret = it.SHA256
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
	ada.addLog("third.log", 5) // an hour before Ben's check by the clocks, and unknown to him
	if err := ben.b.ActAs(incident.RoleResponder); err != nil {
		t.Fatal(err)
	}
	me, err := ben.b.Me()
	if err != nil {
		t.Fatal(err)
	}
	x := ben.b.ProposeCheck()
	var act identity.Act = confirm.New(me, x.Shown, x.Kinds...)
	if err := ben.b.VerifyEvidence(t.Context(), act, nil, nil); err != nil {
		t.Fatal(err)
	}
	ben.close()
	ada.merge(ben.dir)
	out, err := ada.b.Withheld(Leaving{})
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, it := range coverpage.FromRecord(withoutBodies(ada.b.wholeEntries(), out.Body)).Items {
		said[filepath.Base(it.Path)] = it.Check.Result
	}
	if len(said) != 2 || said["first.log"] != "the same" || said["third.log"] != "" {
		t.Errorf("of %d items the page says %q", len(said), said)
	}
	said = map[string]string{}
	for _, it := range coverpage.FromRecord(ada.b.wholeEntries()).Items {
		said[filepath.Base(it.Path)] = it.Check.Result
	}
	if len(said) != 3 || said["first.log"] != "the same" || said["second.log"] != "the same" || said["third.log"] != "" {
		t.Errorf("of all items the page says %q", said)
	}
}

// TestSetAsideWordsInTheLog: sealed words that the record set aside stay out of copies and stand in the privilege log, which
// can be printed all the same.
func TestSetAsideWordsInTheLog(t *testing.T) {
	r := newLaneRoom(t)
	r.as("Ben", "legal-counsel")
	sealed := r.b.State().Sealed[0].Data
	r.do(r.b.proposeWith(&caserecord.LaneChangedData{Lane: r.lane, Members: []caserecord.PersonID{r.b.MyID()}, Why: "Cy leaves", Role: r.b.Acting()}))
	r.as("Cy", "responder")
	var box caserecord.Content = &caserecord.WordsSealedData{Lane: strings.Repeat("ab", 16), Track: sealed.Track, To: sealed.To, Box: sealed.Box}
	e := r.writePast(box)
	r.as("Ada", "")
	if s := r.b.whole(); len(s.Refused) != 1 || s.Refused[0].Entry != e.ID {
		t.Fatalf("%d entries are set aside", len(s.Refused))
	}
	n := 0
	for _, l := range r.b.PrivilegeLog() {
		if l.Entry == e.ID {
			n++
			if l.Track == "" || !strings.Contains(l.Basis, "set aside") || len(l.Recipients) != 2 {
				t.Errorf("%+v", l)
			}
		}
	}
	if n != 1 {
		t.Errorf("it stands %d times in the log", n)
	}
	if _, err := r.b.PrivilegePaper(); err != nil {
		t.Error(err)
	}
}

// writePast signs with the key of the person at the keyboard what this program would refuse to sign, as another would.
func (r *room) writePast(d caserecord.Content) caserecord.Entry {
	r.t.Helper()
	r.b.mu.Lock()
	defer r.b.mu.Unlock()
	h, err := r.b.log.Next(r.b.me.Person().Key, r.b.env.Now().UTC())
	if err != nil {
		r.t.Fatal(err)
	}
	e, err := r.b.seal(r.t.Context(), r.b.me, confirm.New(r.b.me, []byte("x"), string(d.Kind())), h, d, [16]byte{1})
	if err != nil {
		r.t.Fatal(err)
	}
	return e
}

// TestWordsInDraftsFromBeforeTheMark: what somebody typed into the fields of a paper that rests on evidence marked later
// stands in the signed entry of the draft. It goes into no copy, and is told to nobody outside the lane, also where the text
// of the paper is not at hand; what is left verifies.
func TestWordsInDraftsFromBeforeTheMark(t *testing.T) {
	for _, here := range []bool{true, false} {
		r := newRoom(t, map[string]string{"Ben": "legal-counsel"})
		take(t, r.b, evidence.KeepSealed, filepath.Join(t.TempDir(), "auth.log"), guesses("web01", "deploy", "203.0.113.9"))
		q := DraftRequest{Template: "situation-report", Slots: map[string]string{"assessment": inNotes + " seems to be the culprit", "next_steps": "wait"}}
		p, err := r.b.ProposeDraft(q)
		if err != nil {
			t.Fatal(err)
		}
		paper, err := r.b.Draft(t.Context(), confirm.New(r.me(), p.Shown, p.Kinds...), q)
		if err != nil {
			t.Fatal(err)
		}
		if p, err = r.b.ProposeApproval(t.Context(), paper.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := r.b.Approve(t.Context(), confirm.New(r.me(), p.Shown, p.Kinds...), paper.ID); err != nil {
			t.Fatal(err)
		}
		r.do(r.b.ProposeRelease(paper.ID, "by hand", "the board"))
		r.as("Ben", "legal-counsel")
		r.do(r.b.ProposeLane(LaneOpening{Name: "Silver", Direction: "counsel's investigation"}))
		r.do(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: r.b.State().Evidence[0].SHA256, Lane: "Silver", Track: "fact", Basis: "collected for counsel"}))
		if !here {
			if err := r.b.folder.Drafts().Delete("paper/" + paper.Hash); err != nil {
				t.Fatal(err)
			}
			r.reopen("Ada") // as in a case that was made from a copy
		}
		r.as("Ada", "")
		for _, x := range r.b.Stories() {
			if strings.Contains(x.Story+x.Data, inNotes) {
				t.Errorf("text here: %v: told as %s %s", here, x.Story, x.Data)
			}
		}
		if here {
			if list, err := r.b.Papers(); err != nil || len(list) != 1 || list[0].State != PaperBehind {
				t.Errorf("%d papers: %v", len(list), err)
			}
		}
		done := export(t, r.b, CopyRequest{Form: FormPlain, Out: filepath.Join(t.TempDir(), "x"), Evidence: EvidenceAll, Papers: PapersAll})
		f, err := bundle.Read(done.Out)
		if err != nil {
			t.Fatal(err)
		}
		if rep := f.Verify(caserecord.Anchors{}); rep.ExitCode() != 0 {
			t.Errorf("text here: %v: %s %v", here, rep.Verdict, rep.Problems)
		}
		withheld := 0
		for _, e := range f.Entries {
			if strings.Contains(fmt.Sprintf("%+v", e.Content()), inNotes) {
				t.Errorf("text here: %v: the copy holds the words", here)
			}
			if k := e.Header.Kind; e.Withheld() && (k == caserecord.DocumentDrafted || k == caserecord.DocumentApproved || k == caserecord.DocumentReleased) {
				withheld++
			}
		}
		if withheld != 3 {
			t.Errorf("text here: %v: %d entries about the paper are without words", here, withheld)
		}
	}
}
