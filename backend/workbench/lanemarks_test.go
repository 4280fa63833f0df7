package workbench

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
)

// TestMarkedEntries: a mark on an entry hides it, what corrects it and what is noted about it.
func TestMarkedEntries(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": "legal-counsel", "Cy": "responder"})
	ctx := context.Background()
	note := func(about, text string) caserecord.Entry {
		p := r.b.ProposeNote(about, text)
		e, err := r.b.Note(ctx, confirm.New(r.me(), p.Shown, p.Kinds...), about, text)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	r.as("Cy", "")
	plain, secret := note("case", "ordinary"), note("case", inNotes+" one")
	note(string(secret.ID), inNotes+" two")
	note(string(plain.ID), "about the ordinary one")
	r.do(r.b.propose(&caserecord.CorrectionMadeData{Supersedes: secret.ID, Text: inNotes + " three"}, "a", "b"), nil)
	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeLane(LaneOpening{Name: "L", Direction: "d"}))
	r.do(r.b.ProposeMark(MarkRequest{Of: "entry", Ref: string(secret.ID), Lane: "L", Track: "advice", Basis: "asked counsel"}))
	if n := len(r.b.State().Notes); n != 4 {
		t.Errorf("counsel sees %d notes", n)
	}
	r.as("Cy", "") // not even who wrote it
	if n := len(r.b.State().Notes); n != 2 || len(r.b.State().Corrections) != 0 {
		t.Errorf("%d notes are left, %d corrections", n, len(r.b.State().Corrections))
	}
	note("case", "afterwards") // the sight is continued
	for _, x := range r.b.Stories() {
		if marker.MatchString(x.Story + x.Data) {
			t.Errorf("told: %s", x.Story)
		}
	}
	if len(r.b.State().Notes) != 3 || r.b.State().Entries != len(r.b.wholeEntries()) || r.b.State().Head != r.b.whole().Head {
		t.Errorf("the sight is not the case of now: %d notes", len(r.b.State().Notes))
	}
}

// TestMarksAtIntake: evidence for a lane is behind the wall from its first row on; an archive takes its members along.
func TestMarksAtIntake(t *testing.T) {
	r := newRoom(t, map[string]string{"Ben": "legal-counsel", "Cy": "responder"})
	ctx := context.Background()
	r.do(r.b.ProposeGrant(Grant{Person: "Ben", Role: "responder"}))
	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeLane(LaneOpening{Name: "L", Direction: "d"}))
	zipped := filepath.Join(t.TempDir(), inPath+".zip")
	writeZip(t, zipped, map[string]string{"a.log": guesses(inRows+"host", "u", "198.51.100.7"), "b.log": guesses(inRows+"other", "u", "198.51.100.8")})
	req, m := IntakeRequest{Paths: []string{zipped}, Keep: evidence.KeepSealed}, LaneMark{Lane: "L", Track: "fact", Basis: "collected for counsel"}
	p, err := r.b.ProposeIntake(req)
	if err != nil {
		t.Fatal(err)
	}
	act := confirm.Batch(r.me(), p.Shown, p.Kinds...)
	other := func(p Proposal) (identity.Act, error) { return act, nil }
	if _, err := r.b.AddEvidenceInLane(ctx, act, req, m, other, nil, nil); !errors.Is(err, ErrShownChanged) || len(r.b.whole().Marks) != 0 {
		t.Errorf("marks by the act of the import: %v", err)
	}
	once := func(p Proposal) (identity.Act, error) { return confirm.New(r.me(), p.Shown, p.Kinds...), nil }
	if _, err := r.b.AddEvidenceInLane(ctx, act, req, m, once, nil, nil); err != nil {
		t.Fatal(err)
	}
	received := map[string]int{}
	for i, e := range r.b.wholeEntries() {
		switch d := e.Content().(type) {
		case *caserecord.EvidenceReceivedData:
			received[d.SHA256] = i
		case *caserecord.PrivilegeMarkedData:
			if received[d.Ref] != i-1 {
				t.Errorf("the mark on %.12s does not follow its receipt", d.Ref)
			}
		}
	}
	if n := len(r.b.whole().Marks); n != 3 {
		t.Errorf("%d marks for an archive with two members", n)
	}
	r.as("Cy", "")
	if _, rows, _ := r.b.Timeline().Count(ctx); rows != 0 {
		t.Errorf("somebody outside sees %d rows", rows)
	}
	if marker.MatchString(fmt.Sprintf("%+v %+v", r.b.Stories(), r.b.EvidenceItems())) {
		t.Error("the path or the rows are told")
	}
	// A mark on the archive alone carries over to its members; a mark on a member keeps the archive's bytes in.
	r.as("Ben", "legal-counsel")
	var archive, member string
	for _, it := range r.b.State().Evidence {
		r.do(r.b.ProposeLift("evidence", it.SHA256, "marked one by one below"))
		if strings.Contains(it.Received[0].Data.Path, "!") {
			member = it.SHA256
		} else {
			archive = it.SHA256
		}
	}
	r.do(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: archive, Lane: "L", Track: "fact", Basis: "all of it"}))
	r.as("Cy", "")
	if _, rows, _ := r.b.Timeline().Count(ctx); rows != 0 {
		t.Errorf("a mark on the archive leaves %d rows", rows)
	}
	r.as("Ben", "legal-counsel")
	r.do(r.b.ProposeLift("evidence", archive, "only one member is privileged"))
	r.do(r.b.ProposeMark(MarkRequest{Of: "evidence", Ref: member, Lane: "L", Track: "fact", Basis: "one of it"}))
	w, err := r.b.Withheld(Leaving{})
	if err != nil || !w.Evidence(archive) || !w.Evidence(member) {
		t.Errorf("the bytes of a marked member leave inside their archive (%v)", err)
	}
	r.as("Cy", "")
	if _, rows, _ := r.b.Timeline().Count(ctx); rows != 41 {
		t.Errorf("a mark on one member leaves %d rows", rows)
	}
}

func writeZip(t *testing.T, path string, files map[string]string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := zip.NewWriter(f)
	var names []string
	for n := range files {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		m, err := w.Create(n)
		if err == nil {
			_, err = m.Write([]byte(files[n]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
