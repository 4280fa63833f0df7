package workbench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/llm/llmtest"
)

// TestPapersKnowNothingOfTheLane: whoever drafts, a paper holds what everybody may see; one that counsel marked for the
// lane holds what the lane holds, and is hidden.
func TestPapersKnowNothingOfTheLane(t *testing.T) {
	r := newLaneRoom(t)
	ctx := context.Background()
	text := func(p Paper) string { return fmt.Sprintf("%+v", p) }
	for _, who := range []string{"Ada", "Ben", "Cy"} {
		r.as(who, "")
		if p := r.draft(""); marker.MatchString(text(p)) || !strings.Contains(text(p), "web01") {
			t.Errorf("%s drafts a paper with %q", who, marker.FindString(text(p)))
		}
	}
	r.as("Ada", "")
	papers, err := r.b.Papers()
	if err != nil || papers[0].ID != r.paper || papers[0].State != PaperBehind {
		t.Errorf("the paper drafted before stands as %q (%v)", papers[0].State, err)
	}
	if p := r.draft(r.paper); p.State == PaperBehind || marker.MatchString(text(p)) {
		t.Errorf("drafted again it is %s", p.State)
	}
	r.as("Ben", "legal-counsel")
	id := r.draft("").ID
	r.do(r.b.ProposeMark(MarkRequest{Of: "document", Ref: id, Lane: "Silver", Track: "advice", Basis: "for counsel's advice"}))
	if p := r.draft(id); !strings.Contains(text(p), inRows) {
		t.Error("a paper for the lane does not hold what the lane holds")
	}
	r.as("Ada", "")
	if _, err := r.b.Paper(ctx, id); !errors.Is(err, ErrNotFound) {
		t.Errorf("the commander reads the lane's paper: %v", err)
	}
	for _, x := range r.b.State().Documents {
		if x.Document == id {
			t.Error("the lane's paper is in the commander's list")
		}
	}
}

// TestModelIsToldNothing runs the real path to a model server that keeps what it was told.
func TestModelIsToldNothing(t *testing.T) {
	told := llmtest.Install(t)
	r := newLaneRoom(t)
	write := func(who string) Compared {
		t.Helper()
		r.as(who, "")
		p := r.b.ProposeModelRun()
		c, err := r.b.LetModelWrite(context.Background(), confirm.New(r.me(), p.Shown, p.Kinds...), nil)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, who := range []string{"Ben", "Cy", "Ada"} {
		write(who)
	}
	if all := told(); strings.Count(all, "\n") != 3 || !strings.Contains(all, "web01") || marker.MatchString(all) {
		t.Fatalf("the model was told %q in %d requests", marker.FindString(all), strings.Count(all, "\n"))
	}
	// The commander cannot open it, counsel can, and anybody who may switch the model closes it.
	r.as("Ada", "incident-commander")
	p, err := r.b.ProposeLaneModel("Silver", true, "to be quick")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.b.SignAct(context.Background(), confirm.New(r.me(), p.Shown, p.Kinds...)); err != nil {
		t.Fatal(err) // the record lets the commander switch a model; it does not open the lane
	}
	write("Cy")
	if marker.MatchString(told()) {
		t.Fatal("the commander opened the lane to the model")
	}
	r.as("Ben", "legal-counsel")
	p, err = r.b.ProposeLaneModel("Silver", true, "counsel wants a draft")
	if err != nil || p.Refused != nil {
		t.Fatal(err, p.Refused)
	}
	if _, err := r.b.SignAct(context.Background(), confirm.New(r.me(), p.Shown, p.Kinds...)); err != nil {
		t.Fatal(err)
	}
	write("Cy")
	if !strings.Contains(told(), inRows) {
		t.Error("counsel opened the lane, and the model was told nothing of it")
	}
	n, err := r.b.Narrative(context.Background())
	if err != nil || n.Other == nil {
		t.Fatalf("a member does not see what was written: %v", err)
	}
	r.as("Ada", "incident-commander")
	if n, err = r.b.Narrative(context.Background()); err != nil || marker.MatchString(fmt.Sprintf("%+v", n)) {
		t.Errorf("the commander is shown what the model wrote of the lane: %v", err)
	}
	before := len(told())
	p, _ = r.b.ProposeLaneModel("Silver", false, "enough")
	if _, err := r.b.SignAct(context.Background(), confirm.New(r.me(), p.Shown, p.Kinds...)); err != nil {
		t.Fatal(err)
	}
	write("Ben")
	if marker.MatchString(told()[before:]) {
		t.Error("the lane was closed to the model again, and it was told of it")
	}
}

// TestWithheldBundle: a copy without the lane verifies, says how much it lacks, and holds nothing of it in any byte.
func TestWithheldBundle(t *testing.T) {
	r := newLaneRoom(t)
	ctx := context.Background()
	r.as("Ben", "legal-counsel")
	write := func(o Leaving) (string, Withheld, caserecord.Report) {
		t.Helper()
		w, err := r.b.Withheld(o)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "out")
		if _, err := bundle.Write(ctx, dir, r.b.wholeEntries(), bundle.Options{Written: r.now, Withhold: w.Body, WithholdEvidence: w.Evidence}); err != nil {
			t.Fatal(err)
		}
		read, err := bundle.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		var all bytes.Buffer
		for _, e := range read.Entries {
			all.Write(e.Body())
		}
		for _, f := range []string{bundle.ReadmeFile, bundle.ManifestFile} {
			b, err := os.ReadFile(filepath.Join(dir, f))
			if err != nil {
				t.Fatal(err)
			}
			all.Write(b)
		}
		return all.String(), w, caserecord.VerifyAgainst(read.Entries, caserecord.Anchors{Head: caserecord.HeadCode(r.b.State().Head)}, nil)
	}
	all, w, rep := write(Leaving{})
	if marker.MatchString(all) {
		t.Errorf("the copy holds %s", marker.FindString(all))
	}
	// Received, imported, tag, two notes, two promoted events, a decision, the draft that rests on it, the sealed words.
	if rep.ExitCode() != 0 || !rep.Anchored || rep.Withheld != 10 || len(w.Log) != 10 {
		t.Errorf("%d bodies withheld, %d in the log, exit %d: %+v", rep.Withheld, len(w.Log), rep.ExitCode(), rep.Problems)
	}
	for _, p := range rep.Problems {
		if p.Code != caserecord.CodeWithheld {
			t.Errorf("the copy is told to have a problem: %+v", p)
		}
	}
	for _, l := range w.Log {
		if l.Author == "" || l.Lane != "Silver" || l.Matter != "2026-7" || l.Track == "" || l.Basis == "" || len(l.Recipients) != 2 || marker.MatchString(fmt.Sprintf("%+v", l)) {
			t.Errorf("log: %+v", l)
		}
	}
	if !w.Evidence(r.secret) || !w.Document(r.paper) || w.Evidence(r.b.State().Evidence[0].SHA256) == w.Evidence(r.b.State().Evidence[1].SHA256) {
		t.Error("items and papers of the lane go along, or those beside it do not")
	}
	if all, _, rep = write(Leaving{Lanes: []string{"silver"}}); rep.Withheld != 0 || !marker.MatchString(all) {
		t.Errorf("counsel let the lane out: %d bodies withheld", rep.Withheld)
	}
	ids := map[string]caserecord.PersonID{}
	for _, p := range r.b.State().People {
		ids[p.Name] = p.ID
	}
	if all, _, rep = write(Leaving{Sealed: true, People: []caserecord.PersonID{ids["Ben"], ids["Ada"]}}); rep.Withheld != 9 || marker.MatchString(all) {
		t.Errorf("encrypted also to somebody outside: %d withheld; the sealed words alone go along", rep.Withheld)
	}
	if _, _, rep = write(Leaving{Sealed: true, People: []caserecord.PersonID{ids["Ben"], ids["Cy"]}}); rep.Withheld != 0 {
		t.Errorf("encrypted to members alone: %d withheld", rep.Withheld)
	}
}
