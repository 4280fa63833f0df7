package workbench

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/caserecord/extract"
	"adjutant/backend/identity/confirm"
)

// unpacked is a parcel as a folder.
func unpacked(t *testing.T, env Env, parcel string, r ImportRequest) string {
	t.Helper()
	r.Path, r.Dir = parcel, filepath.Join(t.TempDir(), "plain")
	if _, err := Unpack(t.Context(), env, r, nil); err != nil {
		t.Fatal(err)
	}
	return r.Dir
}

// TestCopiesKeepTheWall: what counsel marked or members sealed is in no file of a copy unless everybody who can open it is in
// the lane, or counsel lets it out by name; the entries verify all the same, and the log says what stays out.
func TestCopiesKeepTheWall(t *testing.T) {
	r := newLaneRoom(t)
	all := CopyRequest{Evidence: EvidenceAll, Papers: PapersAll}
	place := func(q CopyRequest) CopyRequest { q.Out = filepath.Join(t.TempDir(), "x"); return q }
	plain := all
	plain.Form = FormPlain
	to := func(names ...string) CopyRequest {
		q := all
		q.Form, q.Recipients = FormParcel, names
		return q
	}
	word := all
	word.Form, word.Passphrase = FormParcel, wordPass
	reads := ImportRequest{Person: "Ben", Key: r.pass, Passphrase: wordPass}
	for name, c := range map[string]struct {
		who, role string
		q         CopyRequest
		open      bool // everything may be there
		sealed    bool // the box with sealed words goes along
	}{
		"plain": {"Ada", "", plain, false, false}, "plain by a member": {"Cy", "", plain, false, false}, "plain by counsel": {"Ben", "legal-counsel", plain, false, false},
		"for members": {"Ada", "", to("Ben", "Cy"), true, true}, "for one outside too": {"Cy", "", to("Ben", "Dee"), false, true}, "by passphrase": {"Ada", "", word, false, true},
		"let out": {"Ben", "legal-counsel", func() CopyRequest { q := plain; q.Lanes = []string{"silver"}; return q }(), true, true},
	} {
		r.as(c.who, c.role)
		q := place(c.q)
		plan, err := r.b.ProposeCopy(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		// What Ada is shown of a copy for others tells nothing that she may not see.
		if tells := marker.FindString(string(ShownOf(plan)) + string(plan.Shown)); c.who == "Ada" && tells != "" {
			t.Errorf("%s: the person who makes it is told %q", name, tells)
		}
		done := export(t, r.b, q)
		dir := done.Out
		if c.q.Form == FormParcel {
			dir = unpacked(t, r.env, done.Out, reads)
		}
		f, err := bundle.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		rep := f.Verify(caserecord.Anchors{})
		if rep.ExitCode() != 0 || rep.Head != done.Head {
			t.Fatalf("%s: %s %v", name, rep.Verdict, rep.Problems)
		}
		withheld, box := 0, false
		var text strings.Builder
		for _, e := range f.Entries {
			text.Write(e.Body())
			if e.Withheld() {
				withheld++
			}
			box = box || e.Header.Kind == caserecord.WordsSealed && !e.Withheld()
		}
		for _, x := range f.Files {
			raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(x.Name)))
			if err != nil {
				t.Fatal(err)
			}
			if x.Name != bundle.EntriesFile { // bodies are in base64 there
				text.Write(raw)
			}
		}
		_, listed := f.Manifest.File(bundle.PrivilegeFile)
		found := marker.FindString(text.String())
		if c.open && (found == "" || withheld > 0 || listed) || !c.open && (found != "" || withheld == 0 || !listed) || withheld != done.Withheld || box != c.sealed {
			t.Errorf("%s: %q stands in it, %d of %d withheld, log %v, sealed words %v", name, found, withheld, done.Withheld, listed, box)
		}
		_, bytes := f.Manifest.File("evidence/" + r.secret)
		grounds := strings.Contains(text.String(), "lane Silver") && strings.Contains(text.String(), "2026-7")
		if bytes != c.open || !c.open && !grounds {
			t.Errorf("%s: the item's bytes are here: %v; the log says on what ground: %v", name, bytes, grounds)
		}
	}
	r.as("Ada", "")
	q := plain
	q.Lanes = []string{"silver"}
	if _, err := r.b.ProposeCopy(t.Context(), place(q)); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("a lane let out by the commander: %v", err)
	}
}

// extractOf makes an extract by the person at the keyboard, with a checkpoint of theirs before when one is needed.
func extractOf(t *testing.T, b *Bench, r ExtractRequest) (Copied, error) {
	t.Helper()
	r.To, r.Reason = "the insurer", "to settle the claim"
	x, err := b.ProposeExtract(t.Context(), r)
	if err != nil {
		return Copied{}, err
	}
	if x.NeedsCheckpoint {
		if _, err := x.Run(t.Context(), confirmed(t, b, x.Proposal)); !errors.Is(err, ErrNoCheckpoint) {
			t.Fatalf("without the checkpoint: %v", err)
		}
		checkpointOf(t, b)
		if x, err = b.ProposeExtract(t.Context(), r); err != nil || x.NeedsCheckpoint {
			t.Fatalf("after the checkpoint: %v", err)
		}
	}
	return x.Run(t.Context(), confirmed(t, b, x.Proposal))
}

func checkpointOf(t *testing.T, b *Bench) []byte {
	t.Helper()
	p, err := b.ProposeCheckpoint()
	if err != nil {
		t.Fatal(err)
	}
	me, err := b.Me()
	if err != nil {
		t.Fatal(err)
	}
	note, _, err := b.MakeCheckpoint(t.Context(), confirm.New(me, p.Text.Shown, p.Text.Kinds...), confirm.New(me, p.Entry.Shown, p.Entry.Kinds...))
	if err != nil {
		t.Fatal(err)
	}
	return note
}

// TestExtracts: chosen entries leave with proofs under the checkpoints of those who signed them, and nothing else does.
func TestExtracts(t *testing.T) {
	ada, ben := laptops(t)
	ada.note("the first note, which stays here")
	n := ada.note("the second note, which leaves")
	old := checkpointOf(t, ada.b)
	later := ada.note("the third note")
	of := func(ids ...caserecord.ID) ExtractRequest {
		r := ExtractRequest{Out: filepath.Join(t.TempDir(), "x")}
		for _, id := range ids {
			r.Entries = append(r.Entries, string(id)[:16])
		}
		return r
	}
	before := len(ada.b.whole().Checkpoints)
	done, err := extractOf(t, ada.b, of(n.ID))
	if err != nil || len(ada.b.whole().Checkpoints) != before {
		t.Fatalf("%v", err)
	}
	verify := func(dir string, notes ...[]byte) extract.Report {
		t.Helper()
		x, err := extract.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		return x.Verify(caserecord.Anchors{}, notes...)
	}
	if rep := verify(done.Out, old); rep.ExitCode() != 0 || !rep.Anchored || rep.Entries != done.Entries {
		t.Errorf("%+v", rep)
	}
	if found := holding(t, done.Out, "stays here", "third note"); len(found) > 0 {
		t.Errorf("more than was chosen: %v", found)
	}
	last := ada.b.whole().Exports
	if x := last[len(last)-1].Data; x.Form != FormExtract || x.Entries != done.Entries || x.To != "the insurer" {
		t.Errorf("%+v", x)
	}
	// A newer entry needs a newer checkpoint; the reader's older one is proved to be of the same history.
	r := of(later.ID)
	r.Against = [][]byte{old}
	if done, err = extractOf(t, ada.b, r); err != nil || len(ada.b.whole().Checkpoints) != before+1 {
		t.Fatalf("%v", err)
	}
	if rep := verify(done.Out, old); rep.ExitCode() != 0 || !rep.Anchored {
		t.Errorf("%+v", rep)
	}
	// A colleague's entry needs the colleague's checkpoint.
	theirs := ben.note("Ben saw it too")
	ada.merge(ben.dir)
	if _, err := extractOf(t, ada.b, of(theirs.ID)); !errors.Is(err, ErrNoCheckpoint) || !strings.Contains(err.Error(), "Ben (key ") {
		t.Errorf("without Ben's checkpoint: %v", err)
	}
	checkpointOf(t, ben.b)
	ada.merge(ben.dir)
	if done, err = extractOf(t, ada.b, of(theirs.ID, n.ID)); err != nil {
		t.Fatal(err)
	}
	if rep := verify(done.Out); rep.ExitCode() != 0 || rep.Authors != 2 {
		t.Errorf("%+v", rep)
	}
	for name, c := range map[string]struct {
		r   ExtractRequest
		err error
	}{
		"nothing chosen": {of(), ErrUsage}, "no such entry": {ExtractRequest{Out: "x", Entries: []string{"ffffffffffff"}}, ErrNotFound}, "no such kind": {ExtractRequest{Out: "x", Kinds: []string{"x"}}, ErrUsage},
		"no such paper": {ExtractRequest{Out: "x", Documents: []string{"x"}}, ErrNotFound}, "inside": {ExtractRequest{Out: filepath.Join(ada.dir, "x"), Entries: []string{string(n.ID)}}, ErrUsage},
	} {
		if _, err := extractOf(t, ada.b, c.r); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestExtractsKeepTheWall: a chosen entry behind a wall goes without its words; a paper behind it does not go.
func TestExtractsKeepTheWall(t *testing.T) {
	r := newLaneRoom(t)
	for _, who := range []string{"Ben", "Cy"} {
		r.as(who, "")
		checkpointOf(t, r.b)
	}
	r.as("Ada", "")
	done, err := extractOf(t, r.b, ExtractRequest{Out: filepath.Join(t.TempDir(), "x"), Entries: []string{string(r.note.ID)}, Kinds: []string{"words.sealed"}})
	if err != nil || done.Withheld != 2 {
		t.Fatalf("%+v %v", done, err)
	}
	if found := marker.FindString(strings.Join(holding(t, done.Out, inRows, inPath, inNotes, inWords), " ")); found != "" {
		t.Errorf("%s stands in it", found)
	}
	if _, err := extractOf(t, r.b, ExtractRequest{Out: filepath.Join(t.TempDir(), "x"), Documents: []string{r.paper}}); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("a paper behind the wall: %v", err)
	}
	r.as("Ben", "legal-counsel")
	done, err = extractOf(t, r.b, ExtractRequest{Out: filepath.Join(t.TempDir(), "x"), Entries: []string{string(r.note.ID)}, Lanes: []string{"silver"}})
	if err != nil || done.Withheld != 0 {
		t.Errorf("let out: %+v %v", done, err)
	}
}
