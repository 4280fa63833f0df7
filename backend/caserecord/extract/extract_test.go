package extract

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
	"adjutant/backend/incident"

	"pgregory.net/rapid"
)

// TestWriteRead: what is chosen comes out byte for byte with what it rests on, verifies, and twice the same.
func TestWriteRead(t *testing.T) {
	ada, ben := team(t)
	o := options(ada, ben, find(t, ben, 2), find(t, ada, 5))
	o.Documents = []Document{{"notice.pdf", []byte("%PDF-1.7 notice")}, {"Berth-plan_2.pdf", []byte("%PDF-1.7 plan")}}
	dir, m := write(t, o)
	if m.Entries != 5 || m.Withheld != 0 || len(m.Logs) != 2 || len(m.Documents) != 2 || !m.Exercise || m.Name != "Harbour" {
		t.Errorf("manifest %+v", m)
	}
	x, err := Read(dir)
	if err != nil || len(x.Problems) != 0 || len(x.Shown) != 5 {
		t.Fatalf("%v %v", err, x.Problems)
	}
	got := map[caserecord.ID]bool{}
	for _, s := range x.Shown {
		e, ok := ada.log.Get(s.Entry.ID)
		if !ok || !bytes.Equal(e.Line(), s.Entry.Line()) || !bytes.Equal(e.Body(), s.Entry.Body()) || s.Index != e.Header.Seq-1 {
			t.Errorf("entry %s changed on the way", s.Entry.ID)
		}
		got[s.Entry.ID] = true
	}
	for _, e := range []caserecord.Entry{find(t, ada, 1), find(t, ada, 2), find(t, ada, 3), find(t, ada, 5), find(t, ben, 2)} {
		if !got[e.ID] {
			t.Errorf("%s %d is not shown", e.Header.Kind, e.Header.Seq)
		}
	}
	r := x.Verify(caserecord.Anchors{})
	if r.Verdict != caserecord.VerdictConsistent || r.ExitCode() != 0 || r.Entries != 5 || r.Authors != 2 || r.Documents != 2 || len(r.Logs) != 2 ||
		!slices.Equal(codes(r), []caserecord.Code{CodeDocumentUnvouched}) {
		t.Errorf("%+v", r)
	}
	for _, words := range []string{"nothing here speaks for or against", "held the role at that moment", "nobody signed extract.json", "--key"} {
		if !strings.Contains(strings.Join(r.NotChecked, "\n"), words) {
			t.Errorf("the report does not say %q", words)
		}
	}
	again, _ := write(t, o)
	for _, name := range []string{ManifestFile, EntriesFile, ReadmeFile, SumsFile, "documents/notice.pdf"} {
		if !bytes.Equal(slurp(t, filepath.Join(dir, name)), slurp(t, filepath.Join(again, name))) {
			t.Errorf("%s differs when written twice", name)
		}
	}
	if text := string(slurp(t, filepath.Join(dir, ReadmeFile))); !strings.HasPrefix(text, "EXERCISE") || !strings.Contains(text, "does not show that nothing else was written") {
		t.Error(text)
	}
	if !Is(dir) || Is(t.TempDir()) {
		t.Error("Is")
	}
}

// TestAnchors: a key, and checkpoints that the reader holds: the very one, an older and a newer one.
func TestAnchors(t *testing.T) {
	ada, ben := team(t)
	older := ada.checkpoint()
	ada.note()
	ada.note()
	under := ada.checkpoint()
	ada.note()
	newer := ada.checkpoint()
	o := options(ada, ben, find(t, ada, 8))
	o.Checkpoints = [][]byte{under}
	plainDir, _ := write(t, o)
	o.Against = [][]byte{newer, older, under}
	dir, m := write(t, o)
	if len(m.Logs[0].Others) != 2 || m.Logs[0].Size != 8 {
		t.Fatalf("%+v", m.Logs)
	}
	for _, c := range []struct {
		name     string
		dir      string
		anchors  caserecord.Anchors
		notes    [][]byte
		verdict  string
		anchored bool
		code     caserecord.Code
	}{
		{"nothing", dir, caserecord.Anchors{}, nil, caserecord.VerdictConsistent, false, ""},
		{"the same", dir, caserecord.Anchors{}, [][]byte{under}, caserecord.VerdictGood, true, ""},
		{"older", dir, caserecord.Anchors{}, [][]byte{older}, caserecord.VerdictGood, true, ""},
		{"newer", dir, caserecord.Anchors{}, [][]byte{newer}, caserecord.VerdictGood, true, ""},
		{"all", dir, caserecord.Anchors{}, [][]byte{under, newer, older}, caserecord.VerdictGood, true, ""},
		{"older, not proved", plainDir, caserecord.Anchors{}, [][]byte{older}, caserecord.VerdictIncomplete, false, CodeNoConsistency},
		{"of somebody not shown", dir, caserecord.Anchors{}, [][]byte{ben.checkpoint()}, caserecord.VerdictIncomplete, false, CodeNoConsistency},
		{"none", dir, caserecord.Anchors{}, [][]byte{[]byte("x")}, caserecord.VerdictDamaged, false, CodeCheckpoint},
		{"opener's key", dir, caserecord.Anchors{Keys: []string{caserecord.KeyCode(ada.ref.Key)}}, nil, caserecord.VerdictGood, true, ""},
		{"opener's key, typed", dir, caserecord.Anchors{Keys: []string{strings.ToLower(strings.ReplaceAll(caserecord.KeyCode(ada.ref.Key), "-", " "))}}, nil, caserecord.VerdictGood, true, ""},
		{"another key", dir, caserecord.Anchors{Keys: []string{string(ben.ref.Key)}}, nil, caserecord.VerdictDamaged, false, caserecord.CodeAnchorKey},
		{"a head", dir, caserecord.Anchors{Head: "PR2DK-9G3CB-P7VTG-XNKFA"}, nil, caserecord.VerdictIncomplete, false, CodeHeadNotShown},
	} {
		r := verify(t, c.dir, c.anchors, c.notes...)
		if r.Verdict != c.verdict || r.Anchored != c.anchored || (c.code != "" && !slices.Contains(codes(r), c.code)) {
			t.Errorf("%s: %s %v %v", c.name, r.Verdict, r.Anchored, r.Problems)
		}
	}
	// A checkpoint of the same size that the same key signed over another history proves two histories.
	other, err := checkpoint.Verify(under)
	if err != nil {
		t.Fatal(err)
	}
	other.Root[0] ^= 1
	if r := verify(t, dir, caserecord.Anchors{}, ada.signed(other)); r.Verdict != caserecord.VerdictEquivocation || r.ExitCode() != 4 {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
	other.Size = 6 // of the size of one that is proved to belong here
	if r := verify(t, dir, caserecord.Anchors{}, ada.signed(other)); r.Verdict != caserecord.VerdictEquivocation {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
	if r := verify(t, dir, caserecord.Anchors{}, older); !strings.Contains(strings.Join(r.Checked, "\n"), "1 entries shown came later") {
		t.Error(r.Checked)
	}
}

// TestFoundInRecord: checkpoints that stand in the record itself are used, the greatest that reaches.
func TestFoundInRecord(t *testing.T) {
	ada, ben := team(t)
	c, err := CheckpointOf(ada.log.Entries(), ben.ref.Key)
	if err != nil {
		t.Fatal(err)
	}
	made := ben.write(&caserecord.CheckpointMadeData{Size: int(c.Size), Root: fmt.Sprintf("%x", c.Root[:]), Note: string(ben.signed(c))})
	ada.take(ben)
	o := options(ada, ben, find(t, ben, 1))
	o.Checkpoints = o.Checkpoints[:1] // ada's own
	if _, m := write(t, o); m.Logs[0].Size+m.Logs[1].Size != 6+3 {
		t.Errorf("%+v", m.Logs)
	}
	o.Chosen = append(o.Chosen, made.ID)
	var cover *CoverError
	if _, err := Write(filepath.Join(t.TempDir(), "x"), o); !errors.Is(err, ErrNoCheckpoint) || !errors.As(err, &cover) || cover.Author != ben.ref.Key || cover.Need != 4 {
		t.Errorf("%v", err)
	}
}

// TestRefused: what Write does not do, with nothing left behind.
func TestRefused(t *testing.T) {
	ada, ben := team(t)
	cy := newSigner(t, "Cy Marsh")
	cy.open(incident.ModeLive)
	forged, err := checkpoint.Verify(ada.checkpoint())
	if err != nil {
		t.Fatal(err)
	}
	forged.Root[3] ^= 4
	ahead := forged
	ahead.Size = 99
	for _, c := range []struct {
		name   string
		change func(*Options)
		want   error
	}{
		{"nothing chosen", func(o *Options) { o.Chosen = nil }, ErrUnknownEntry},
		{"no such entry", func(o *Options) { o.Chosen = append(o.Chosen, caserecord.ID(strings.Repeat("0", 64))) }, ErrUnknownEntry},
		{"no checkpoint", func(o *Options) { o.Checkpoints = o.Checkpoints[1:] }, ErrNoCheckpoint},
		{"another root", func(o *Options) { o.Checkpoints[0] = ada.signed(forged) }, ErrOtherHistory},
		{"against another root", func(o *Options) { o.Against = [][]byte{ada.signed(forged)} }, ErrOtherHistory},
		{"against the future", func(o *Options) { o.Against = [][]byte{ada.signed(ahead)} }, ErrOtherHistory},
		{"another case", func(o *Options) { o.Checkpoints = append(o.Checkpoints, cy.checkpoint()) }, ErrBadCheckpoint},
		{"no note", func(o *Options) { o.Against = [][]byte{[]byte("x")} }, ErrBadCheckpoint},
		{"no words", func(o *Options) { o.To = "" }, ErrBounds},
		{"two lines", func(o *Options) { o.Reason = "a\nb" }, ErrBounds},
		{"direction marks", func(o *Options) { o.Reason = "a\u202eb" }, ErrBounds},
		{"document outside", func(o *Options) { o.Documents = []Document{{"../x.pdf", nil}} }, ErrDocument},
		{"document twice", func(o *Options) { o.Documents = []Document{{"a.pdf", nil}, {"A.pdf", nil}} }, ErrDocument},
		{"device", func(o *Options) { o.Documents = []Document{{"nul.pdf", nil}} }, ErrDocument},
	} {
		o := options(ada, ben, find(t, ada, 4))
		c.change(&o)
		parent := t.TempDir()
		if _, err := Write(filepath.Join(parent, "x"), o); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if left, err := os.ReadDir(parent); err != nil || len(left) != 0 {
			t.Errorf("%s: %v was left behind", c.name, left)
		}
	}
	dir, _ := write(t, options(ada, ben, find(t, ada, 4)))
	if _, err := Write(dir, options(ada, ben, find(t, ada, 4))); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("over a full folder: %v", err)
	}
}

// TestForked: of a key that signed two histories only the branch of the checkpoint can be shown.
func TestForked(t *testing.T) {
	ada, ben := team(t)
	h, err := ben.log.Next(ben.ref.Key, ben.now)
	if err != nil {
		t.Fatal(err)
	}
	one := ben.seal(h, &caserecord.NoteMadeData{About: "case", Text: "one"})
	mine := ben.log.Entries()
	note, err := CheckpointOf(mine, ben.ref.Key)
	if err != nil {
		t.Fatal(err)
	}
	two := ben.seal(h, &caserecord.NoteMadeData{About: "case", Text: "two"})
	ada.take(ben)
	if _, err := CheckpointOf(ada.log.Entries(), ben.ref.Key); !errors.Is(err, ErrChain) {
		t.Errorf("a checkpoint of a forked chain: %v", err)
	}
	o := options(ada, ada, one)
	o.Checkpoints = append(o.Checkpoints, ben.signed(note))
	if _, err := Write(filepath.Join(t.TempDir(), "x"), o); err != nil {
		t.Error(err)
	}
	o.Chosen = []caserecord.ID{two.ID}
	if _, err := Write(filepath.Join(t.TempDir(), "x"), o); !errors.Is(err, ErrOtherHistory) {
		t.Errorf("the other branch: %v", err)
	}
}

// TestNeeded: admissions, grants and ends go along when the author can have rested on them, and no others.
func TestNeeded(t *testing.T) {
	ada, ben := team(t)
	cy, old := newSigner(t, "Cy Marsh"), newSigner(t, "Ben's other laptop")
	old.ref.ID, old.ref.Name = ben.ref.ID, ben.ref.Name
	admitCy := ada.admit(cy)
	makeCy := ada.grant(cy, ic)
	cy.take(ada)
	admitOld := cy.admit(old) // by cy, who is a commander by ada's grant
	old.take(cy)
	chosen := old.note()
	ben.take(ada)
	endBen := ada.end(ben, resp) // concurrent with what old wrote: it counts against it
	ada.take(old)
	late := ada.grant(ben, incident.RoleLegalCounsel) // nobody shown had seen it
	endLate := ada.end(cy, ic)                        // after all that is shown
	cy2 := ada.note()
	want := map[caserecord.ID]string{
		find(t, ada, 1).ID: "opening", find(t, ada, 2).ID: "first admission of ben", find(t, ada, 3).ID: "grant to ben", admitCy.ID: "admission of cy",
		makeCy.ID: "grant to cy", admitOld.ID: "admission of the other laptop", endBen.ID: "concurrent end",
	}
	got := Needed(ada.log.Entries(), []caserecord.ID{chosen.ID})
	for _, id := range got {
		if want[id] == "" {
			e, _ := ada.log.Get(id)
			t.Errorf("%s %d of %s is not needed", e.Header.Kind, e.Header.Seq, e.Header.Author)
		}
		delete(want, id)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	// Once something later by the commander is shown, what she knew then matters for her, and still nothing of ben's future.
	got = Needed(ada.log.Entries(), []caserecord.ID{chosen.ID, cy2.ID})
	if slices.Contains(got, late.ID) || slices.Contains(got, endLate.ID) || len(got) != 7 {
		t.Errorf("%d needed", len(got))
	}
	if Needed(ada.log.Entries(), nil) != nil {
		t.Error("needed for nothing")
	}
	if got := Needed(ada.log.Entries(), []caserecord.ID{find(t, ada, 1).ID}); len(got) != 0 {
		t.Errorf("the opening needs %v", got)
	}
}

// TestRoles: what is told about roles and keys that are given, ended and revoked.
func TestRoles(t *testing.T) {
	ada, ben := team(t)
	act := ben.severity(resp)
	other := ben.severity(incident.RoleSafety)
	ada.end(ben, resp)
	ada.take(ben)
	ada.write(&caserecord.KeyRevokedData{Person: ben.ref.ID, Key: ben.ref.Key, Why: "laptop lost", ByRole: ic})
	dir, _ := write(t, options(ada, ben, act, other, find(t, ben, 1)))
	r := verify(t, dir, caserecord.Anchors{})
	if r.ExitCode() != 0 || !slices.Equal(codes(r), []caserecord.Code{CodeRoleEnded, CodeRoleNotShown}) {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
	late := ada.checkpoint() // with the revocation chosen as well
	o := options(ada, ben, act, find(t, ada, 8))
	o.Checkpoints[0] = late
	dir, _ = write(t, o)
	if r := verify(t, dir, caserecord.Anchors{}); r.ExitCode() != 0 || !slices.Contains(codes(r), CodeKeyRevoked) {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
}

// TestVouched: a document whose hash a signed entry names is said to be named.
func TestVouched(t *testing.T) {
	ada, ben := team(t)
	paper := []byte("%PDF-1.7 receipt")
	e := ada.write(&caserecord.EvidenceReceivedData{SHA256: hexSum(paper), Path: "receipt.pdf", Bytes: int64(len(paper)), Kept: "sealed", Custodian: "Ada Lind", Source: "desk", Why: "handed in"})
	o := options(ada, ben, e)
	o.Documents = []Document{{"receipt.pdf", paper}}
	dir, _ := write(t, o)
	r := verify(t, dir, caserecord.Anchors{})
	if len(codes(r)) != 0 || !strings.Contains(strings.Join(r.Checked, "\n"), string(e.ID)) {
		t.Errorf("%v %v", r.Problems, r.Checked)
	}
}

// TestExtracts: of random histories and random choices the extract verifies, shows the chosen, and holds no word, salt or
// body of what was not.
func TestExtracts(t *testing.T) {
	parent := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		ada, ben := team(t)
		cy := newSigner(t, "Cy Marsh")
		ada.admit(cy)
		cy.take(ada)
		people := []*signer{ada, ben, cy}
		for range rapid.IntRange(0, 25).Draw(rt, "steps") {
			p, q := rapid.SampledFrom(people).Draw(rt, "who"), rapid.SampledFrom(people).Draw(rt, "other")
			switch rapid.IntRange(0, 7).Draw(rt, "what") {
			case 0, 1:
				p.take(q)
			case 2:
				p.grant(q, rapid.SampledFrom(incident.Roles).Draw(rt, "role"))
			case 3:
				p.end(q, rapid.SampledFrom(incident.Roles).Draw(rt, "role"))
			case 4:
				p.severity(ic)
			default:
				p.note()
			}
		}
		ada.take(ben)
		ada.take(cy)
		all := ada.log.Entries()
		o := Options{Entries: all, To: "x", Reason: "y", Written: day}
		var known [][]byte
		for _, p := range people {
			if caserecord.NewLog(p.log.Entries()...).Heads()[p.ref.Key] != "" {
				note := p.checkpoint()
				o.Checkpoints = append(o.Checkpoints, note)
				known = append(known, note)
			}
		}
		picked := map[caserecord.ID]bool{}
		withheld := map[caserecord.ID]bool{}
		for range rapid.IntRange(1, 6).Draw(rt, "chosen") {
			e := rapid.SampledFrom(all).Draw(rt, "entry")
			if !picked[e.ID] {
				picked[e.ID] = true
				o.Chosen = append(o.Chosen, e.ID)
				withheld[e.ID] = e.Header.Kind == caserecord.NoteMade && rapid.Bool().Draw(rt, "withheld")
			}
		}
		o.Withhold = func(e caserecord.Entry) bool { return withheld[e.ID] }
		for _, id := range Needed(all, o.Chosen) {
			picked[id] = true
		}
		n++
		dir := filepath.Join(parent, fmt.Sprint(n))
		m, err := Write(dir, o)
		if err != nil {
			rt.Fatal(err)
		}
		if m.Entries != len(picked) {
			rt.Fatalf("%d entries of %d", m.Entries, len(picked))
		}
		r := verify(t, dir, caserecord.Anchors{Keys: []string{string(ada.ref.Key)}}, o.Checkpoints[:len(known)]...)
		for _, p := range r.Problems {
			// A key that nobody with authority admitted, and a checkpoint of somebody not shown, are said to be so.
			if exit := exitOf(p.Code); exit != 0 && p.Code != caserecord.CodeAuthorUnproven && p.Code != CodeNoConsistency {
				rt.Fatalf("%v", p)
			}
		}
		if !r.Anchored || r.Entries != len(picked) {
			rt.Fatalf("%+v", r)
		}
		var text []byte
		for _, name := range []string{ManifestFile, EntriesFile, ReadmeFile, SumsFile} {
			text = append(text, slurp(t, filepath.Join(dir, name))...)
		}
		for _, e := range all {
			if picked[e.ID] && !withheld[e.ID] {
				if !bytes.Contains(text, []byte(base64.StdEncoding.EncodeToString(e.Body()))) {
					rt.Fatalf("%s is not shown", e.ID)
				}
				continue
			}
			salt := e.Body()[len(`{"salt":"`):][:32]
			for _, secret := range [][]byte{salt, e.Data(), []byte(base64.StdEncoding.EncodeToString(e.Body())), []byte(base64.RawStdEncoding.EncodeToString(e.Body()[:30]))} {
				if bytes.Contains(text, secret) {
					rt.Fatalf("the extract holds %q of an entry that was not chosen", secret)
				}
			}
			if d, ok := e.Content().(*caserecord.NoteMadeData); ok {
				for from := range 3 { // the words at each place in base64
					coded := base64.RawStdEncoding.EncodeToString([]byte(d.Text)[from:])
					if bytes.Contains(text, []byte(d.Text)) || bytes.Contains(text, []byte(coded[:len(coded)-2])) {
						rt.Fatalf("the extract holds the words of an entry that was not chosen")
					}
				}
			}
		}
		if err := os.RemoveAll(dir); err != nil {
			rt.Fatal(err)
		}
	})
}
