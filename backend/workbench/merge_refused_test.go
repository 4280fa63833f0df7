package workbench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
)

// TestWhatIsNoCopyIsRefused: another case, another mode, a changed byte, a stranger's entry, a cut middle. Each is named and
// nothing is changed.
func TestWhatIsNoCopyIsRefused(t *testing.T) {
	ctx := context.Background()
	ada, ben := laptops(t, incident.RoleResponder)
	ben.note("one")
	ben.note("two")
	ben.note("three")
	write := func(entries []caserecord.Entry) string {
		dir := filepath.Join(t.TempDir(), "out")
		if _, err := bundle.Write(ctx, dir, entries, bundle.Options{Written: ben.b.Now()}); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	all := ben.b.wholeEntries()
	other := &laptop{t: t, name: "Eve", env: testEnv(t.TempDir()), dir: filepath.Join(t.TempDir(), "eve.case")}
	var err error
	if other.b, err = CreateCase(ctx, other.env, CaseConfig{Dir: other.dir, Name: "Harbour", Person: "Eve", Passphrase: casePass, Mode: incident.ModeExercise}, signs); err != nil {
		t.Fatal(err)
	}
	defer other.close()
	flipped := write(all)
	file := filepath.Join(flipped, bundle.EntriesFile)
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(raw, []byte(`"sig":"`)) + 10 // another letter of base64: still one form, no signature
	raw[at] = map[bool]byte{true: 'B', false: 'A'}[raw[at] == 'A']
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	eve, err := other.b.Me()
	if err != nil {
		t.Fatal(err)
	}
	h, err := caserecord.NewLog(all...).Next(eve.Person().Key, ben.b.Now())
	if err != nil {
		t.Fatal(err)
	}
	act := confirm.New(eve, []byte("x"), string(caserecord.NoteMade))
	forged, err := caserecord.Seal(h, &caserecord.NoteMadeData{Text: "by a stranger"}, [16]byte{}, func(pae []byte) ([]byte, error) {
		return eve.Sign(act, string(caserecord.NoteMade), pae)
	})
	if err != nil {
		t.Fatal(err)
	}
	hole := slices.Clone(all)
	hole = slices.Delete(hole, len(hole)-2, len(hole)-1)
	for _, c := range []struct {
		name string
		path string
		is   error
		code caserecord.Code
		rest int // entries that come in with KeepGoing, -1 when nothing does
	}{
		{"another case", other.dir, ErrOtherCase, "", -1},
		{"nothing there", filepath.Join(t.TempDir(), "none"), ErrNotFound, "", -1},
		{"an empty folder", t.TempDir(), casefolder.ErrNotCase, "", -1},
		{"the case itself", ada.dir, ErrUsage, "", -1},
		{"a hole", write(hole), ErrCopyDamaged, caserecord.CodeGap, 2},
		{"a changed byte", flipped, ErrCopyDamaged, caserecord.CodeSignature, 1},
		{"a stranger", write(append(slices.Clone(all), forged)), ErrCopyDamaged, caserecord.CodeUnknownAuthor, 0},
	} {
		head, items := ada.head(), ada.b.wholeLen()
		_, _, err := ada.tryMerge(ctx, MergeRequest{Path: c.path, Passphrase: casePass}, nil)
		if !errors.Is(err, c.is) || ada.head() != head || ada.b.wholeLen() != items {
			t.Errorf("%s: %v", c.name, err)
		}
		if f := Explain(err); f.Code == CodeFailed || strings.Contains(f.Sentence, "workbench:") {
			t.Errorf("%s: told as %+v", c.name, f)
		}
		var damage *CopyDamage
		if c.code != "" && (!errors.As(err, &damage) || !slices.ContainsFunc(damage.Problems, func(p caserecord.Problem) bool { return p.Code == c.code })) {
			t.Errorf("%s: not named as %s: %v", c.name, c.code, err)
		}
		if c.rest < 0 {
			continue
		}
		v, m, err := ada.tryMerge(ctx, MergeRequest{Path: c.path, Passphrase: casePass, KeepGoing: true}, nil)
		if err != nil || m.Entries != c.rest || len(m.LeftOut) == 0 || !v.Blocked {
			t.Errorf("%s, going on: %v %+v", c.name, err, m)
		}
		if _, known := ada.b.entry(forged.ID); known {
			t.Errorf("%s: a stranger's entry was stored", c.name)
		}
	}
	// What was left out of one copy stood in another; while it did, both had something that the other had not, and Ada signed.
	ada.merge(ben.dir)
	ben.merge(ada.dir)
	same(t, ada, ben)
	if n := len(ada.b.State().Notes); n != 3 {
		t.Errorf("%d notes", n)
	}
	if _, _, err := ada.tryMerge(ctx, MergeRequest{Path: ben.dir, Passphrase: []byte("wrong passphrase")}, nil); !errors.Is(err, casefolder.ErrPassphrase) {
		t.Errorf("a wrong passphrase: %v", err)
	}
}

// TestWhoMayMerge: somebody the case does not know catches up, and is told who has to join copies that both went on.
func TestWhoMayMerge(t *testing.T) {
	ctx := context.Background()
	ada, ben := laptops(t, incident.RoleResponder)
	ben.note("from Ben")
	ada.close()
	l := *ada
	l.env, l.name = testEnv(t.TempDir()), ""
	l.open() // nobody's key is on this device
	v, m, err := l.tryMerge(ctx, MergeRequest{Path: ben.dir, Passphrase: casePass}, nil)
	if err != nil || m.Entries != 1 || v.Signs || v.Refused != nil {
		t.Errorf("catching up: %v %+v", err, m)
	}
	l.close()
	ada.open()
	ada.note("from Ada")
	ben.note("again from Ben")
	ada.close()
	l.open()
	defer l.close()
	head := l.head()
	v, _, err = l.tryMerge(ctx, MergeRequest{Path: ben.dir, Passphrase: casePass}, nil)
	if !errors.Is(err, ErrLocked) || v == nil || !v.Signs || !strings.Contains(fmt.Sprint(err), "Ada, Ben") || l.head() != head {
		t.Errorf("joining: %v", err)
	}
}

// TestARevokedColleague: what a revoked key signed, unseen by whoever revoked it, comes in and is set aside; the merge counts
// it, and no word of it is lost.
func TestARevokedColleague(t *testing.T) {
	ada, ben := laptops(t, incident.RoleResponder)
	me, err := ben.b.Me()
	if err != nil {
		t.Fatal(err)
	}
	ada.sign(&caserecord.KeyRevokedData{Person: me.Person().ID, Key: me.Person().Key, Why: "the laptop was lost at the quay", ByRole: incident.RoleIncidentCommander})
	n := ben.note("written after the key was revoked")
	v, m := ada.merge(ben.dir)
	if len(v.SetAside) != 1 || v.SetAside[0].Code != string(caserecord.CodeKeyRevoked) || !v.SetAside[0].Admissible || m.Signed == "" {
		t.Fatalf("%+v %+v", v.SetAside, m)
	}
	if r := ada.b.RefusedEntries(); len(r) != 1 || r[0].Entry != n.ID || !strings.Contains(r[0].Story, "written after") {
		t.Errorf("%+v", r)
	}
	ada.verified()
	if _, _, err := ben.tryMerge(context.Background(), MergeRequest{Path: ada.dir, Passphrase: casePass}, nil); err != nil {
		t.Errorf("catching up with one's own revocation: %v", err)
	}
	if ada.head() != ben.head() {
		t.Error("heads differ")
	}
}
