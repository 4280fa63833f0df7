package workbench

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/evidence"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
)

// approvedPaper drafts and approves a situation report by the person at the keyboard.
func approvedPaper(t *testing.T, b *Bench, words string) Paper {
	t.Helper()
	me, err := b.Me()
	if err != nil {
		t.Fatal(err)
	}
	q := DraftRequest{Template: "situation-report", Slots: map[string]string{"assessment": words, "next_steps": "wait"}}
	p, err := b.ProposeDraft(q)
	if err != nil {
		t.Fatal(err)
	}
	paper, err := b.Draft(t.Context(), confirm.New(me, p.Shown, p.Kinds...), q)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = b.ProposeApproval(t.Context(), paper.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Approve(t.Context(), confirm.New(me, p.Shown, p.Kinds...), paper.ID); err != nil {
		t.Fatal(err)
	}
	if paper, err = b.Paper(t.Context(), paper.ID); err != nil {
		t.Fatal(err)
	}
	return paper
}

// TestAPaperWhoseTextStayedElsewhere: after a merge the list of papers is there, names the one that cannot be printed, says
// why, and it can be drafted again with the words that its entry holds.
func TestAPaperWhoseTextStayedElsewhere(t *testing.T) {
	ada, ben := laptops(t, incident.RoleResponder)
	theirs := approvedPaper(t, ada.b, "as far as Ada knows")
	ada.close()
	ben.merge(ada.dir)
	list, err := ben.b.Papers()
	if err != nil || len(list) != 1 || list[0].State != PaperElsewhere || list[0].Hash != theirs.Hash || list[0].Approval == nil || list[0].Approval.By != "Ada" {
		t.Fatalf("%+v (%v)", list, err)
	}
	for what, err := range map[string]error{
		"reading":  func() error { _, err := ben.b.Paper(t.Context(), theirs.ID); return err }(),
		"printing": func() error { _, err := ben.b.PDF(t.Context(), theirs.ID); return err }(),
	} {
		if !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "not on this laptop") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := ben.b.ProposeRelease(theirs.ID, "by hand", "the board"); !errors.Is(err, ErrGate) || !strings.Contains(err.Error(), "not on this laptop") {
		t.Errorf("releasing: %v", err)
	}
	me, err := ben.b.Me()
	if err != nil {
		t.Fatal(err)
	}
	q := DraftRequest{Template: theirs.Template, Document: theirs.ID}
	p, err := ben.b.ProposeDraft(q)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ben.b.Draft(t.Context(), confirm.New(me, p.Shown, p.Kinds...), q)
	if err != nil || again.State == PaperElsewhere || again.Approval != nil || !strings.Contains(fmt.Sprintf("%+v", again.Model), "as far as Ada knows") {
		t.Errorf("drafted again: %s, approval %v (%v)", again.State, again.Approval, err)
	}
}

// TestDraftedAgainWithoutWhatWasTypedOfTheLane: words that were typed while a paper rested on what is marked since are not
// taken over into the text for everybody.
func TestDraftedAgainWithoutWhatWasTypedOfTheLane(t *testing.T) {
	for _, here := range []bool{true, false} {
		r := newRoom(t, map[string]string{"Ben": "legal-counsel"})
		take(t, r.b, evidence.KeepSealed, filepath.Join(t.TempDir(), "auth.log"), guesses("web01", "deploy", "203.0.113.9"))
		paper := approvedPaper(t, r.b, inNotes+" seems to be the culprit")
		r.as("Ben", "legal-counsel")
		r.do(r.b.ProposeLane(LaneOpening{Name: "Silver", Direction: "counsel's investigation"}))
		r.do(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: r.b.State().Evidence[0].SHA256, Lane: "Silver", Track: "fact", Basis: "collected for counsel"}))
		if !here {
			if err := r.b.folder.Drafts().Delete("paper/" + paper.Hash); err != nil {
				t.Fatal(err)
			}
			r.reopen("Ada")
		}
		r.as("Ada", "")
		q := DraftRequest{Template: paper.Template, Document: paper.ID}
		p, err := r.b.ProposeDraft(q)
		if err != nil {
			t.Fatal(err)
		}
		again, err := r.b.Draft(t.Context(), confirm.New(r.me(), p.Shown, p.Kinds...), q)
		if err != nil || strings.Contains(fmt.Sprintf("%+v", again), inNotes) {
			t.Errorf("text here: %v: drafted again it says what was typed (%v)", here, err)
		}
		for _, x := range r.b.Stories() {
			if strings.Contains(x.Story+x.Data, inNotes) {
				t.Errorf("text here: %v: told as %s %s", here, x.Story, x.Data)
			}
		}
	}
}
