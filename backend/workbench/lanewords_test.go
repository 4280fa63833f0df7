package workbench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/identity"
)

// TestWhoMayInLanes: counsel opens, marks and lifts; members write; the record refuses the rest.
func TestWhoMayInLanes(t *testing.T) {
	r := newLaneRoom(t)
	r.as("Ada", "incident-commander")
	r.refused(r.b.ProposeLane(LaneOpening{Name: "Gold", Direction: "mine", Members: []string{"Ada"}}))
	r.refused(r.b.ProposeLaneMembers("Silver", []string{"Ada"}, "to see it"))
	r.refused(r.b.ProposeLift("evidence", r.secret, "the commander would like to see it"))
	r.wrong(ErrNotAllowed, "a note by somebody outside")(r.b.ProposeLaneNote(LaneNote{Lane: "Silver", Track: "fact", Text: "x"}))
	if _, err := r.b.Withheld(Leaving{Lanes: []string{"Silver"}}); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("the commander lets a lane out: %v", err)
	}
	p, err := r.b.ProposeLaneModel("Silver", true, "faster")
	if err != nil || p.Refused == nil {
		t.Errorf("the commander opens a lane to the model: %v", err)
	}
	r.as("Cy", "responder")
	r.do(r.b.ProposeLaneNote(LaneNote{Lane: "Silver", Track: "fact", Text: "by a member"}))
	r.wrong(ErrNotAllowed, "a member who is not counsel passes words on")(r.b.ProposeLaneShare("Silver", string(r.b.State().Sealed[0].Entry), "Ben"))

	r.as("Ben", "legal-counsel")
	r.wrong(ErrUsage, "the same mark twice")(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: r.secret, Lane: "Silver", Track: "fact", Basis: "b"}))
	r.wrong(ErrUsage, "a track of its own")(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: r.secret, Lane: "Silver", Track: "secret", Basis: "b"}))
	for _, e := range r.b.Entries() {
		switch e.Header.Kind {
		case caserecord.CaseOpened, caserecord.RoleGranted, caserecord.LaneOpened, caserecord.PrivilegeMarked:
			r.wrong(ErrUsage, "a mark on "+string(e.Header.Kind))(r.b.ProposeMark(MarkRequest{Of: "entry", Ref: string(e.ID), Lane: "Silver", Track: "fact", Basis: "b"}))
		}
	}
	r.wrong(ErrUsage, "a second lane of that name")(r.b.ProposeLane(LaneOpening{Name: "SILVER", Direction: "d"}))

	r.do(r.b.ProposeLift("evidence", r.secret[:12], "counsel waives the privilege on this log"))
	r.as("Dee", "")
	if _, rows, _ := r.b.Timeline().Count(context.Background()); rows != 82 || len(r.b.State().Notes) != 2 {
		t.Errorf("after the mark was lifted everybody sees %d rows", rows)
	}
	if w, err := r.b.LaneWords("Silver"); err != nil || len(w) != 2 || w[0].Open {
		t.Errorf("sealed words stay sealed: %+v (%v)", w, err)
	}
}

// TestSealedWords: words open for those they were sealed to, and for nobody else, whenever they came or went.
func TestSealedWords(t *testing.T) {
	r := newLaneRoom(t)
	open := func(who string) (out []string) {
		t.Helper()
		r.as(who, "")
		all, err := r.b.LaneWords("Silver")
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range all {
			if w.Open {
				out = append(out, w.Text)
			} else if w.Text != "" || w.About != "" || w.Why == "" || w.Author == "" || w.Keys == 0 {
				t.Errorf("%s: closed words tell %+v", who, w)
			}
		}
		return out
	}
	first := inWords + ": we should wait"
	if got := open("Ben"); len(got) != 1 || got[0] != first {
		t.Errorf("counsel reads %q", got)
	}
	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeLaneMembers("Silver", []string{"Ben", "Dee"}, "Cy is off the matter, Dee is on it"))
	r.do(r.b.ProposeLaneNote(LaneNote{Lane: "Silver", Track: "fact", Text: "later words"}))
	if got := open("Cy"); len(got) != 1 || got[0] != first {
		t.Errorf("who left reads %q: what was sealed to them before, and nothing later", got)
	}
	if got := open("Dee"); len(got) != 1 || got[0] != "later words" {
		t.Errorf("who came reads %q", got)
	}
	if _, rows, _ := r.b.Timeline().Count(context.Background()); rows != 82 {
		t.Errorf("who came sees %d rows", rows)
	}
	r.as("Cy", "")
	if _, rows, _ := r.b.Timeline().Count(context.Background()); rows != 41 {
		t.Errorf("who left sees %d rows", rows)
	}
	r.as("Ben", "legal-counsel")
	entry := string(r.b.State().Sealed[0].Entry)
	r.wrong(ErrNotAllowed, "passing on to somebody outside")(r.b.ProposeLaneShare("Silver", entry, "Cy"))
	r.do(r.b.ProposeLaneShare("Silver", entry[:10], "Dee"))
	got := open("Dee")
	if len(got) != 2 || !strings.Contains(got[1], first) || !strings.Contains(got[1], "Passed on to Dee by Ben: words of Ben") {
		t.Errorf("passed on: %q", got)
	}
	// A dialog that was left open holds them until its writer leaves.
	r.as("Ben", "legal-counsel")
	p, err := r.b.ProposeLaneNote(LaneNote{Lane: "Silver", Track: "fact", Text: inWords})
	if err != nil {
		t.Fatal(err)
	}
	r.as("Dee", "")
	if _, err := r.b.Prepared(sha256.Sum256(p.Shown)); !errors.Is(err, ErrShownChanged) {
		t.Errorf("words that were not signed are still at hand: %v", err)
	}
	// Nothing of the words lies anywhere in plain: not in a body, not in a draft.
	r.as("Ben", "legal-counsel")
	if err := r.b.KeepWords("lane/note/Silver", inWords+" half typed"); err != nil {
		t.Fatal(err)
	}
	if w, err := r.b.Words("lane/note/Silver"); err != nil || w != inWords+" half typed" {
		t.Errorf("one's own half-typed words: %q (%v)", w, err)
	}
	for _, k := range r.b.folder.Drafts().Keys() {
		if v, _ := r.b.folder.Drafts().Get(k); bytes.Contains(v, []byte(inWords)) {
			t.Errorf("the draft %s holds privileged words in plain", k)
		}
	}
	for _, e := range r.b.wholeEntries() {
		if bytes.Contains(e.Body(), []byte(inWords)) {
			t.Errorf("the body of a %s entry holds privileged words in plain", e.Header.Kind)
		}
	}
	for _, who := range []string{"Dee", "Ada"} {
		r.as(who, "")
		for _, key := range []string{"lane/note/Silver", "lane/note/Silver/" + string(r.b.State().People[1].ID)} {
			if w, err := r.b.Words(key); err != nil || w != "" {
				t.Errorf("%s finds %q under %s (%v)", who, w, key, err)
			}
		}
	}
}

// TestBoxesOfOthers: a box that does not open, or holds something else, costs its own words and says why.
func TestBoxesOfOthers(t *testing.T) {
	r := newLaneRoom(t)
	r.as("Ben", "legal-counsel")
	p, err := r.b.ProposeLaneNote(LaneNote{Lane: "Silver", Track: "fact", Text: "sound"})
	if err != nil {
		t.Fatal(err)
	}
	sound := *p.Data.(*caserecord.WordsSealedData)
	ada := r.b.State().People[0].Keys[0]
	other := func(to []caserecord.Author, plain string) string {
		box, err := identity.Seal(to, []byte(plain))
		if err != nil {
			t.Fatal(err)
		}
		return b64(box)
	}
	for what, c := range map[string]struct{ box, why string }{
		"flipped":          {flipped(t, sound.Box), "was changed"},
		"no age file":      {b64([]byte("words in plain, which is no box")), "was changed"},
		"to somebody else": {other([]caserecord.Author{ada}, "x"), "and it is not"},
		"no note":          {other(sound.To, "just words"), "no words in the form"},
		"half a note":      {other(sound.To, `{"about":"x"}`), "no words in the form"},
	} {
		d := sound
		d.Box = c.box
		r.do(r.b.propose(&d, "a", "b"), nil)
		all, err := r.b.LaneWords("Silver")
		if err != nil {
			t.Fatal(err)
		}
		if w := all[len(all)-1]; w.Open || w.Text != "" || !strings.Contains(w.Why, c.why) {
			t.Errorf("%s: %+v", what, w)
		}
		if !all[0].Open {
			t.Errorf("%s: other words do not open any more", what)
		}
	}
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// flipped is a box with one bit of its sealed words changed.
func flipped(t *testing.T, box string) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(box)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)-3] ^= 1
	return b64(raw)
}
