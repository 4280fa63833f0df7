package workbench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
	"adjutant/backend/parcel"

	"filippo.io/age"
)

var wordPass = []byte("the word of the parcel")

// export makes a copy by the person at the keyboard.
func (l *laptop) export(r CopyRequest) Copied {
	l.t.Helper()
	return export(l.t, l.b, r)
}

func export(t *testing.T, b *Bench, r CopyRequest) Copied {
	t.Helper()
	c, err := b.ProposeCopy(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	done, err := c.Run(t.Context(), confirmed(t, b, c.Proposal), nil)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func confirmed(t *testing.T, b *Bench, p Proposal) identity.Act {
	t.Helper()
	me, err := b.Me()
	if err != nil {
		t.Fatal(err)
	}
	return confirm.New(me, p.Shown, p.Kinds...)
}

// receive makes a case of a copy, on a laptop that knows nothing of it.
func receive(t *testing.T, env Env, r ImportRequest) (*laptop, Merged) {
	t.Helper()
	i, err := OpenImport(t.Context(), env, r, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	m, err := i.Run(t.Context(), casePass, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := OpenCase(t.Context(), env, OpenConfig{Dir: r.Dir, Passphrase: casePass})
	if err != nil {
		t.Fatal(err)
	}
	l := &laptop{t: t, name: "the receiver", env: env, dir: r.Dir, b: b}
	t.Cleanup(l.close)
	return l, m
}

// TestWhatLeavesComesBack: random cases leave in every form and become cases again, with every entry byte for byte, the same
// head and the same rows; taken into the case they came from they change nothing.
func TestWhatLeavesComesBack(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	for run := range 3 {
		rng := rand.New(rand.NewPCG(seed, uint64(run)))
		ada, ben := laptops(t, incident.RoleIncidentCommander, incident.RoleResponder)
		for i := range 3 + rng.IntN(4) {
			switch l := []*laptop{ada, ben}[rng.IntN(2)]; rng.IntN(4) {
			case 0:
				l.severity(incident.Severity(1 + rng.IntN(5)))
			case 1:
				l.addLog(fmt.Sprintf("host%d.log", i), 3+rng.IntN(40))
			default:
				l.note(fmt.Sprintf("note %d of run %d", i, run))
			}
		}
		ben.addLog("always.log", 20)
		ada.merge(ben.dir)
		reader, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		base := t.TempDir()
		for form, r := range map[string]CopyRequest{
			"plain": {Form: FormPlain, Evidence: EvidenceAll}, "key": {Form: FormParcel, Recipients: []string{"Ben", reader.Recipient().String()}},
			"passphrase": {Form: FormParcel, Passphrase: wordPass},
		} {
			r.Out = filepath.Join(base, form)
			rows := ada.digest()
			done := ada.export(r)
			want := ada.b.wholeEntries() // the entry about the copy goes along
			if done.Head != caserecord.NewLog(want...).Head() || done.Entries != len(want) || done.Evidence != len(ada.b.whole().Evidence) {
				t.Fatalf("seed %d run %d, %s: %+v", seed, run, form, done)
			}
			in := ImportRequest{Path: r.Out, Passphrase: wordPass, Dir: filepath.Join(base, form+".case"), Key: casePass}
			if form == "key" && run%2 == 0 {
				in.Identity = []byte(reader.String())
			}
			got, m := receive(t, ben.env, in)
			if m.Entries != len(want) || m.Elsewhere != 0 || m.Signed != "" || m.Head != done.Head || got.head() != done.Head {
				t.Errorf("seed %d run %d, %s: %+v", seed, run, form, m)
			}
			for i, e := range got.b.wholeEntries() {
				if !bytes.Equal(e.Line(), want[i].Line()) || !bytes.Equal(e.Body(), want[i].Body()) {
					t.Errorf("seed %d run %d, %s: entry %d is another one", seed, run, form, i)
				}
			}
			if got.digest() != rows || got.b.Mode() != incident.ModeExercise || got.b.ID() != ada.b.ID() {
				t.Errorf("seed %d run %d, %s: rows, mode or case differ", seed, run, form)
			}
			got.verified()
			got.close()
			head := ada.head()
			if _, m, err := ada.tryMerge(t.Context(), MergeRequest{Path: r.Out, Passphrase: wordPass, Identity: in.Identity, Key: casePass}, nil); form != "key" || in.Identity != nil {
				if err != nil || m.Entries+m.Bodies+m.Evidence != 0 || m.Signed != "" || ada.head() != head {
					t.Errorf("seed %d run %d, %s: one's own copy changed the case: %+v %v", seed, run, form, m, err)
				}
			}
		}
		b, err := bundle.Read(filepath.Join(base, "plain"))
		if err != nil {
			t.Fatal(err)
		}
		if rep := b.Verify(caserecord.Anchors{}); rep.ExitCode() != 0 || len(b.Problems) != 0 {
			t.Errorf("%s %v", rep.Verdict, rep.Problems)
		}
		raw, err := os.ReadFile(filepath.Join(base, "plain", bundle.PageFile)) // the page tells what it lies beside
		if err != nil || !bytes.Contains(raw, []byte(b.Manifest.HeadCode)) {
			t.Errorf("the page has another head than the record (%v)", err)
		}
		if left := hiddenIn(t, base); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		ada.close()
		ben.close()
	}
}

// hiddenIn lists what copies that grow leave beside their place.
func hiddenIn(t *testing.T, dir string) (out []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if strings.HasPrefix(d.Name(), ".") {
			out = append(out, d.Name())
		}
	}
	return out
}

// holding lists the files under a folder in which some bytes stand.
func holding(t *testing.T, dir string, what ...string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, w := range what {
			if bytes.Contains(raw, []byte(w)) {
				out = append(out, path+": "+w)
			}
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return out
}

// TestNothingPlainWhileAParcelIsTakenIn looks at the disk at every word of progress of an import, a parcel going out and in.
func TestNothingPlainWhileAParcelIsTakenIn(t *testing.T) {
	ada, ben := laptops(t)
	base := t.TempDir()
	mark := "a line that only this evidence holds"
	path := filepath.Join(t.TempDir(), "big.log")
	if err := os.WriteFile(path, []byte(strings.Repeat("Mar  3 21:10:00 web01 app[1]: "+mark+"\n", 60_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	ada.add(IntakeRequest{Paths: []string{path}, Keep: evidence.KeepSealed, Why: "test", Custodian: "Ada", Year: 2026})
	looks := 0
	look := func(Progress) {
		if looks++; looks%8 != 1 {
			return
		}
		if found := holding(t, base, mark); len(found) > 0 {
			t.Fatalf("in plain: %v", found)
		}
	}
	c, err := ada.b.ProposeCopy(t.Context(), CopyRequest{Out: filepath.Join(base, "x.adjutant"), Form: FormParcel, Recipients: []string{"Ben"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Run(t.Context(), confirmed(t, ada.b, c.Proposal), look); err != nil {
		t.Fatal(err)
	}
	i, err := OpenImport(t.Context(), ben.env, ImportRequest{Path: c.Out, Key: casePass, Dir: filepath.Join(base, "b.case")}, look)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	if m, err := i.Run(t.Context(), casePass, look); err != nil || m.Evidence != 1 {
		t.Fatalf("%+v %v", m, err)
	}
	look(Progress{})
	if looks < 16 {
		t.Errorf("only %d looks", looks)
	}
}

// TestACopyIsWholeOrNotThere: cancelled, refused, and shown other than signed. Nothing is there of which the record says
// nothing.
func TestACopyIsWholeOrNotThere(t *testing.T) {
	ada, _ := laptops(t)
	ada.addLog("web01.log", 3000)
	base := t.TempDir()
	for _, r := range []CopyRequest{{Form: FormPlain, Evidence: EvidenceAll}, {Form: FormParcel, Passphrase: wordPass}} {
		r.Out = filepath.Join(base, r.Form)
		propose := func() *Copying {
			t.Helper()
			c, err := ada.b.ProposeCopy(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		entries := len(ada.b.wholeEntries())
		gone := func(what string, signed int, err, want error) {
			t.Helper()
			list, rerr := os.ReadDir(base)
			entries += signed
			if n := len(ada.b.wholeEntries()); !errors.Is(err, want) || rerr != nil || len(list) != 0 || n != entries || len(ada.b.copyCutOff()) != 0 {
				t.Errorf("%s, %s: %v; left %v; %d entries, want %d", r.Form, what, err, list, n, entries)
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		c := propose()
		_, err := c.Run(ctx, confirmed(t, ada.b, c.Proposal), func(Progress) { stop() })
		gone("cancelled", 1, err, context.Canceled)
		_, err = propose().Run(t.Context(), identity.Act{}, nil)
		gone("without an act", 0, err, identity.ErrNoAct)
		other := r
		other.To = "somebody else"
		o, err := ada.b.ProposeCopy(t.Context(), other)
		if err != nil {
			t.Fatal(err)
		}
		_, err = propose().Run(t.Context(), confirmed(t, ada.b, o.Proposal), nil)
		gone("another one was shown", 0, err, ErrShownChanged)
		c = propose()
		a := confirmed(t, ada.b, c.Proposal)
		me, err := ada.b.Me()
		if err != nil {
			t.Fatal(err)
		}
		me.Lock()
		_, err = c.Run(t.Context(), a, nil)
		gone("cannot be signed", 0, err, identity.ErrLocked)
		ada.close()
		ada.open()
		done := ada.export(r)
		if info, err := os.Stat(done.Out); err != nil || done.Bytes < 1000 || !info.IsDir() && info.Size() != done.Bytes {
			t.Errorf("%s: %+v %v", r.Form, done, err)
		}
		if _, err := ada.b.ProposeCopy(t.Context(), r); !errors.Is(err, bundle.ErrNotEmpty) && !errors.Is(err, parcel.ErrExists) {
			t.Errorf("%s: over another copy: %v", r.Form, err)
		}
		if err := os.RemoveAll(done.Out); err != nil {
			t.Fatal(err)
		}
	}
}

// TestACopyThatWasKilledGoesOn: what is left is told at opening, counts when the copy is made again, and is told no more.
func TestACopyThatWasKilledGoesOn(t *testing.T) {
	ada, _ := laptops(t)
	ada.addLog("web01.log", 500)
	r := CopyRequest{Form: FormPlain, Evidence: EvidenceAll, Out: filepath.Join(t.TempDir(), "court")}
	c, err := ada.b.ProposeCopy(t.Context(), r)
	if err != nil || c.Resumes {
		t.Fatal(err)
	}
	if err := ada.b.beginCopy(c.Out); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	c.options.Progress = func(done, total int64) {
		if done > total/2 {
			stop()
		}
	}
	if err := c.write(ctx); !errors.Is(err, context.Canceled) || bundle.Unfinished(c.Out) == "" {
		t.Fatal(err)
	}
	ada.close()
	ada.open()
	if p := ada.b.Problems(); len(p) != 1 || !strings.Contains(p[0].Text, "its end was not noted") {
		t.Errorf("at opening: %v", p)
	}
	if c, err = ada.b.ProposeCopy(t.Context(), r); err != nil || !c.Resumes {
		t.Fatalf("it does not go on: %v", err)
	}
	ada.export(r)
	ada.close()
	ada.open()
	if p := ada.b.Problems(); len(p) != 0 {
		t.Errorf("afterwards: %v", p)
	}
}

// TestForWhom: everybody who can open a parcel is named, by keys that count.
func TestForWhom(t *testing.T) {
	ada, ben := laptops(t)
	stranger := testEnv(t.TempDir())
	if _, err := CreatePerson(stranger, "Cy", casePass); err != nil {
		t.Fatal(err)
	}
	raw, cy, err := ExportCard(stranger, "Cy", casePass)
	if err != nil {
		t.Fatal(err)
	}
	card := filepath.Join(t.TempDir(), "cy.json")
	if err := os.WriteFile(card, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	here, err := identity.List(ben.env.Home)
	if err != nil {
		t.Fatal(err)
	}
	benKey := here[0].Key
	s := ada.b.whole()
	for name, c := range map[string]struct {
		given          []string
		names, outside int
		err            error
	}{
		"a person": {[]string{"ben"}, 1, 0, nil}, "twice": {[]string{"Ben", string(benKey), " " + strings.ToUpper(string(benKey)) + " "}, 1, 0, nil},
		"two": {[]string{"Ada", "Ben"}, 2, 0, nil}, "a card": {[]string{card, "Ben"}, 2, 1, nil}, "its key": {[]string{string(cy.Key)}, 1, 1, nil},
		"nobody": {[]string{"Cy"}, 0, 0, ErrNotFound}, "none": {nil, 0, 0, ErrUsage}, "no point of the curve": {[]string{"02" + strings.Repeat("0", 62)}, 0, 0, parcel.ErrRecipient},
		"a broken age key": {[]string{"age1xyz"}, 0, 0, parcel.ErrRecipient},
	} {
		got, err := ada.b.readersOf(s, CopyRequest{Form: FormParcel, Recipients: c.given})
		if !errors.Is(err, c.err) || len(got.names) != c.names || len(got.keys) != c.names || len(got.notes) != c.outside {
			t.Errorf("%s: %+v %v", name, got, err)
		}
		if err == nil && (got.sealed != (c.outside == 0) || (len(got.people) > 0) != (c.outside == 0)) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for name, r := range map[string]CopyRequest{
		"plain with a key": {Form: FormPlain, Recipients: []string{"Ben"}}, "plain with a passphrase": {Form: FormPlain, Passphrase: wordPass},
		"both": {Form: FormParcel, Recipients: []string{"Ben"}, Passphrase: wordPass}, "short": {Form: FormParcel, Passphrase: []byte("short")},
	} {
		if _, err := ada.b.readersOf(s, r); !errors.Is(err, ErrUsage) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ada.sign(&caserecord.KeyRevokedData{Person: here[0].ID, Key: benKey, Why: "the laptop was left on a train", ByRole: incident.RoleIncidentCommander})
	if _, err := ada.b.readersOf(ada.b.whole(), CopyRequest{Form: FormParcel, Recipients: []string{"Ben"}}); !errors.Is(err, ErrNotFound) {
		t.Errorf("a revoked key: %v", err)
	}
}

// TestPlacesForCopies: inside the case, over something, nowhere.
func TestPlacesForCopies(t *testing.T) {
	ada, _ := laptops(t)
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		r   CopyRequest
		err error
	}{
		"inside": {CopyRequest{Form: FormPlain, Out: filepath.Join(ada.dir, "store", "copy")}, ErrUsage}, "the case": {CopyRequest{Form: FormPlain, Out: ada.dir}, ErrUsage},
		"nowhere": {CopyRequest{Form: FormPlain, Out: " "}, ErrUsage}, "full": {CopyRequest{Form: FormPlain, Out: full}, bundle.ErrNotEmpty},
		"a file is there": {CopyRequest{Form: FormParcel, Passphrase: wordPass, Out: filepath.Join(full, "x")}, parcel.ErrExists},
		"no form":         {CopyRequest{Out: filepath.Join(full, "y")}, ErrUsage}, "evidence": {CopyRequest{Form: FormPlain, Out: filepath.Join(full, "y"), Evidence: "some"}, ErrUsage},
		"papers": {CopyRequest{Form: FormPlain, Out: filepath.Join(full, "y"), Papers: "some"}, ErrUsage}, "verifiers": {CopyRequest{Form: FormPlain, Out: filepath.Join(full, "y"), Verifiers: full}, ErrNotFound},
	} {
		if _, err := ada.b.ProposeCopy(t.Context(), c.r); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhatGoesAlong: sealed, referenced, altered, lost and purged evidence, and papers.
func TestWhatGoesAlong(t *testing.T) {
	ada, _ := laptops(t)
	ada.addLog("sealed.log", 5)
	ada.addLog("altered.log", 6)
	ada.addLog("lost.log", 7)
	ref := filepath.Join(t.TempDir(), "referenced.log")
	if err := os.WriteFile(ref, []byte(lines("ref", 8)), 0o600); err != nil {
		t.Fatal(err)
	}
	ada.add(IntakeRequest{Paths: []string{ref}, Keep: evidence.KeepReferenced, Why: "test", Custodian: "Ada"})
	sha := map[string]string{}
	for _, it := range ada.b.EvidenceItems() {
		sha[strings.TrimSuffix(filepath.Base(it.Path), ".log")] = it.SHA256
	}
	lost, err := incident.ParseDigest(sha["lost"])
	if err != nil {
		t.Fatal(err)
	}
	if err := ada.b.folder.Vault().Remove(lost); err != nil {
		t.Fatal(err)
	}
	check := ada.sign(&caserecord.EvidenceCheckedData{Items: 1, Altered: []string{sha["altered"]}, Absent: []string{}, Version: "test"})
	if _, err := ada.b.ProposeCopy(t.Context(), CopyRequest{Form: FormPlain, Out: filepath.Join(t.TempDir(), "x")}); !errors.Is(err, ErrMismatch) {
		t.Fatalf("an unexplained mismatch: %v", err)
	}
	ada.sign(&caserecord.MismatchExplainedData{SHA256: sha["altered"], Check: check.ID, Text: "the disk lost a sector, see the note of the site", Role: incident.RoleIncidentCommander})
	why := func(r CopyRequest) map[string]string {
		t.Helper()
		r.Out = filepath.Join(t.TempDir(), "x")
		c, err := ada.b.ProposeCopy(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, x := range c.Items {
			out[strings.TrimSuffix(filepath.Base(x.Path), ".log")] = x.Why
		}
		if _, err := c.Run(t.Context(), confirmed(t, ada.b, c.Proposal), nil); err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, c := range map[string]struct {
		r    CopyRequest
		want map[string]string
	}{
		"plain":      {CopyRequest{Form: FormPlain}, map[string]string{"sealed": "not asked for", "altered": "not asked for", "lost": "not asked for", "referenced": "referenced"}},
		"all":        {CopyRequest{Form: FormPlain, Evidence: EvidenceAll}, map[string]string{"sealed": "", "altered": "altered", "lost": "not on this laptop", "referenced": "referenced"}},
		"referenced": {CopyRequest{Form: FormParcel, Passphrase: wordPass, Referenced: true}, map[string]string{"sealed": "", "altered": "altered", "lost": "not on this laptop", "referenced": ""}},
		"one":        {CopyRequest{Form: FormParcel, Passphrase: wordPass, Items: []string{sha["sealed"][:8]}}, map[string]string{"sealed": "", "altered": "not asked for", "lost": "not asked for", "referenced": "referenced"}},
	} {
		if got := why(c.r); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if err := os.WriteFile(ref, []byte(lines("rex", 8)), 0o600); err != nil { // other bytes, the same size
		t.Fatal(err)
	}
	c, err := ada.b.ProposeCopy(t.Context(), CopyRequest{Form: FormPlain, Referenced: true, Out: filepath.Join(t.TempDir(), "x")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Run(t.Context(), confirmed(t, ada.b, c.Proposal), nil); !errors.Is(err, bundle.ErrSource) || !strings.Contains(err.Error(), "says that this copy left") {
		t.Errorf("a referenced file that was changed: %v", err)
	}
}
