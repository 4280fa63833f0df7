package workbench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"adjutant/backend/casefolder"
	"adjutant/backend/evidence"
	"adjutant/backend/identity"
	"adjutant/backend/identity/confirm"
	"adjutant/backend/incident"
	"adjutant/backend/timeline"
)

// TestEntriesAreKeptWithTheirAuthor: what lies in the folder says beside each entry whose it is and which, so that a loss
// in both copies is named by author and number.
func TestEntriesAreKeptWithTheirAuthor(t *testing.T) {
	ctx := context.Background()
	b, err := CreateCase(ctx, testEnv(t.TempDir()), CaseConfig{Dir: filepath.Join(t.TempDir(), "a.case"), Name: "A", Person: "P", Passphrase: []byte("long enough")}, signs)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	me, err := b.Me()
	if err != nil {
		t.Fatal(err)
	}
	p := b.ProposeNote("case", "a note")
	if _, err := b.Note(ctx, confirm.New(me, p.Shown, p.Kinds...), "case", "a note"); err != nil {
		t.Fatal(err)
	}
	if n := b.folder.Len(); n != 2 {
		t.Fatalf("%d entries", n)
	}
	err = b.folder.Each(0, 2, func(block []casefolder.Raw) error {
		for i, r := range block {
			if r.Author != string(me.Person().Key) || r.Seq != uint64(i+1) {
				t.Errorf("entry %d is kept as number %d of %q", i+1, r.Seq, r.Author)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestNothingIsSignedThatWasNotShown is P1 for every use case whose content is all there is to see: an act over other
// words signs nothing, the act over these words does.
func TestNothingIsSignedThatWasNotShown(t *testing.T) {
	ctx := context.Background()
	env := testEnv(t.TempDir())
	b, err := CreateCase(ctx, env, CaseConfig{Dir: filepath.Join(t.TempDir(), "a.case"), Name: "A", Person: "P", Passphrase: []byte("long enough")}, signs)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	take(t, b, evidence.KeepSealed, filepath.Join(t.TempDir(), "a.log"), lines("fs01", 40))
	page, _, err := b.Page(ctx, "", timeline.Options{Limit: 1})
	if err != nil || len(page.Rows) == 0 {
		t.Fatal(err)
	}
	rows := []string{string(page.Rows[0].ID)}
	if _, err := CreatePerson(env, "Q", []byte("long enough")); err != nil {
		t.Fatal(err)
	}
	trigger := TriggerRequest{Anchor: "aware", At: b.Now().Format("2006-01-02T15:04:05Z07:00"), Basis: "the call with the site manager at noon"}
	draft := DraftRequest{Template: "situation-report", Slots: map[string]string{"assessment": "as shown"}}
	export := CopyRequest{Out: filepath.Join(t.TempDir(), "out"), Form: FormPlain, To: "counsel"}
	must := func(p Proposal, err error) Proposal {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, c := range []struct {
		name    string
		propose func() Proposal
		sign    func(identity.Act) error
	}{
		{"tag", func() Proposal { return b.ProposeTag(rows, "key", false) }, func(a identity.Act) error { return b.Tag(ctx, a, rows, "key", false) }},
		{"note", func() Proposal { return b.ProposeNote("case", "n") }, func(a identity.Act) error { _, err := b.Note(ctx, a, "case", "n"); return err }},
		{"promotion", func() Proposal { return b.ProposePromote(rows, "T", "") }, func(a identity.Act) error { _, err := b.Promote(ctx, a, rows, "T", ""); return err }},
		{"admission", func() Proposal { p, err := b.ProposeAdmission(Newcomer{Who: "Q"}); return must(p.Proposal, err) }, func(a identity.Act) error { _, err := b.SignAct(ctx, a); return err }},
		{"grant", func() Proposal {
			p, err := b.ProposeGrant(Grant{Person: "Q", Role: "operations-section-chief"})
			return must(p.Proposal, err)
		}, func(a identity.Act) error { _, err := b.SignAct(ctx, a); return err }},
		{"trigger", func() Proposal { p, _, err := b.ProposeTrigger(trigger); return must(p, err) }, func(a identity.Act) error { _, err := b.DeclareTrigger(ctx, a, trigger); return err }},
		{"submission", func() Proposal {
			return must(b.ProposeSubmitted("eu-nis2-23/early-warning", "2026-03-03T10:00:00+01:00", " ref 7 "))
		}, func(a identity.Act) error {
			_, err := b.Submitted(ctx, a, "eu-nis2-23/early-warning", "2026-03-03T10:00:00+01:00", " ref 7 ")
			return err
		}},
		{"draft", func() Proposal { return must(b.ProposeDraft(draft)) }, func(a identity.Act) error { _, err := b.Draft(ctx, a, draft); return err }},
		{"model", func() Proposal { return b.ProposeModel(false) }, func(a identity.Act) error { _, err := b.SwitchModel(ctx, a, false); return err }},
		{"export", func() Proposal { x, err := b.ProposeCopy(ctx, export); return must(x.Proposal, err) }, func(a identity.Act) error {
			x, err := b.ProposeCopy(ctx, export)
			must(x.Proposal, err)
			_, err = x.Run(ctx, a, nil)
			return err
		}},
	} {
		me, err := b.Me()
		if err != nil {
			t.Fatal(err)
		}
		p, before := c.propose(), len(b.Entries())
		if p.Refused != nil {
			t.Fatalf("%s: %v", c.name, p.Refused)
		}
		if err := c.sign(confirm.New(me, append(p.Shown[:len(p.Shown):len(p.Shown)], ' '), p.Kinds...)); !errors.Is(err, ErrShownChanged) || len(b.Entries()) != before {
			t.Errorf("%s: an act over other words gives %v and %d entries", c.name, err, len(b.Entries())-before)
		}
		if err := c.sign(confirm.New(me, p.Shown, p.Kinds...)); err != nil || len(b.Entries()) != before+1 {
			t.Errorf("%s: %v, %d entries", c.name, err, len(b.Entries())-before)
		}
	}
}

// TestLockedCaseOpensToThoseItKnows: whoever makes a key on this laptop cannot use it to unlock a case left alone; a role
// that does not exist admits nobody; a namesake gets no role by mistake.
func TestLockedCaseOpensToThoseItKnows(t *testing.T) {
	ctx := context.Background()
	env, pass := testEnv(t.TempDir()), []byte("long enough")
	c := CaseConfig{Dir: filepath.Join(t.TempDir(), "a.case"), Name: "A", Person: "P", Passphrase: pass}
	b, err := CreateCase(ctx, env, c, signs)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := CreatePerson(env, "Q", pass); err != nil {
		t.Fatal(err)
	}
	if _, err := b.ProposeGrant(Grant{Person: "Q", Role: "king"}); !errors.Is(err, ErrUsage) {
		t.Errorf("a role that does not exist: %v", err)
	}
	b.Lock()
	if err := b.SwitchPerson("Q", pass); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("a stranger unlocks: %v", err)
	}
	if _, err := b.Me(); !errors.Is(err, ErrLocked) {
		t.Errorf("after the stranger: %v", err)
	}
	if err := b.SwitchPerson("P", pass); err != nil || b.Acting() != incident.RoleIncidentCommander {
		t.Errorf("the person who locked it: %v, acting as %q", err, b.Acting())
	}
	if err := b.SwitchPerson("Q", pass); err != nil || b.Acting() != "" {
		t.Errorf("a stranger at an open case, to look at it: %v, acting as %q", err, b.Acting())
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	// The same case on another laptop, where another P has a key.
	other := testEnv(t.TempDir())
	if _, err := CreatePerson(other, "P", []byte("another one")); err != nil {
		t.Fatal(err)
	}
	if b, err = OpenCase(ctx, other, OpenConfig{Dir: c.Dir, Passphrase: pass}); err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := b.ProposeGrant(Grant{Person: "P", Role: "operations-section-chief"}); !errors.Is(err, ErrUsage) {
		t.Errorf("two people of one name: %v", err)
	}
}

// TestRowsThatComeDuringARun: findings over the rows of a moment never count as those of later rows, and the strip does
// not wait for rules that run.
func TestRowsThatComeDuringARun(t *testing.T) {
	ctx := context.Background()
	b, err := CreateCase(ctx, testEnv(t.TempDir()), CaseConfig{Dir: filepath.Join(t.TempDir(), "a.case"), Name: "A", Person: "P", Passphrase: []byte("long enough")}, signs)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	take(t, b, evidence.KeepSealed, filepath.Join(t.TempDir(), "a.log"), lines("fs01", 40))
	first, err := b.Analysis(ctx)
	if err != nil {
		t.Fatal(err)
	}
	take(t, b, evidence.KeepSealed, filepath.Join(t.TempDir(), "b.log"), lines("db01", 30))
	b.keepAnalysis(ctx, first) // as a run does that began before the second import
	if b.storedOf(ctx, b.look()) != nil {
		t.Error("findings of earlier rows are kept as those of all rows")
	}
	if a, err := b.Analysis(ctx); err != nil || a.Report.Events != 70 {
		t.Errorf("findings of %d events, want 70: %v", a.Report.Events, err)
	}
	b.analysisMu.Lock() // as a run holds it
	b.OpenDecisions()
	b.analysisMu.Unlock()
}

// TestStoppedCheckAccusesNothing: hashing that was cancelled half-way says nothing about an item.
func TestStoppedCheckAccusesNothing(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	b, err := CreateCase(ctx, testEnv(t.TempDir()), CaseConfig{Dir: filepath.Join(t.TempDir(), "a.case"), Name: "A", Person: "P", Passphrase: []byte("long enough")}, signs)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	dir := t.TempDir()
	take(t, b, evidence.KeepSealed, filepath.Join(dir, "a.log"), lines("fs01", 40))
	take(t, b, evidence.KeepSealed, filepath.Join(dir, "b.log"), lines("db01", 40))
	err = b.VerifyEvidence(ctx, identity.Act{}, func(c EvidenceCheck) error {
		if c.State != "same" {
			t.Errorf("%+v", c)
		}
		stop()
		return nil
	}, nil)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	d, err := incident.ParseDigest(b.State().Evidence[0].SHA256)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.folder.Vault().Remove(d); err != nil {
		t.Fatal(err)
	}
	state := ""
	if err := b.VerifyEvidence(context.Background(), identity.Act{}, func(c EvidenceCheck) error { state += fmt.Sprint(c.State, c.Damage, " "); return nil }, nil); err != nil || state != "absenttrue samefalse " {
		t.Errorf("a sealed copy that is gone: %q %v", state, err)
	}
}
