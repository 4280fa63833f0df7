package workbench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord"
	"adjutant/backend/identity/confirm"
)

// room is a case with people who share a keyboard, and a clock that the test moves.
type room struct {
	t    *testing.T
	b    *Bench
	env  Env
	dir  string
	now  time.Time
	pass []byte
}

// newRoom opens a case by Ada, who is Incident Commander, and gives the others a role each ("" admits them without one).
func newRoom(t *testing.T, roles map[string]string) *room {
	t.Helper()
	r := &room{t: t, env: testEnv(t.TempDir()), dir: filepath.Join(t.TempDir(), "a.case"), now: time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC), pass: []byte("long enough")}
	r.env.Now = func() time.Time { r.now = r.now.Add(time.Second); return r.now }
	b, err := CreateCase(context.Background(), r.env, CaseConfig{Dir: r.dir, Name: "Harbour", Person: "Ada", Passphrase: r.pass, Zone: "Europe/Copenhagen"}, signs)
	if err != nil {
		t.Fatal(err)
	}
	r.b = b
	t.Cleanup(func() { r.b.Close() })
	for _, name := range []string{"Ben", "Cy", "Dee"} {
		role, in := roles[name]
		if _, err := CreatePerson(r.env, name, r.pass); err != nil {
			t.Fatal(err)
		}
		if !in {
			continue
		}
		r.do(b.ProposeAdmission(Newcomer{Who: name}))
		if role != "" {
			r.do(b.ProposeGrant(Grant{Person: name, Role: role}))
		}
	}
	return r
}

// as puts somebody at the keyboard, in a role when one is named.
func (r *room) as(name, role string) {
	r.t.Helper()
	if err := r.b.SwitchPerson(name, r.pass); err != nil {
		r.t.Fatal(err)
	}
	if role == "" {
		return
	}
	x, err := roleNamed(role)
	if err == nil {
		err = r.b.ActAs(x)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// do signs a proposal.
func (r *room) do(p ActProposal, err error) caserecord.Entry {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	if p.Refused != nil {
		r.t.Fatalf("%s: %v", p.Sentence, p.Refused)
	}
	if len(p.Consequences) < 2 {
		r.t.Errorf("%s: says too little of what follows: %q", p.Sentence, p.Consequences)
	}
	e, err := r.b.SignAct(context.Background(), confirm.New(r.me(), p.Shown, p.Kinds...))
	if err != nil {
		r.t.Fatal(err)
	}
	return e
}

// refused expects that a proposal can be made and may not be signed, neither by what it says nor when it is tried.
func (r *room) refused(p ActProposal, err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	if p.Refused == nil {
		r.t.Errorf("not refused: %s", p.Sentence)
	}
	if _, err := r.b.SignAct(context.Background(), confirm.New(r.me(), p.Shown, p.Kinds...)); !errors.Is(err, ErrNotAllowed) {
		r.t.Errorf("signed all the same: %s: %v", p.Sentence, err)
	}
}

// wrong expects that a proposal is not made at all.
func (r *room) wrong(want error, what string) func(ActProposal, error) {
	return func(_ ActProposal, err error) {
		r.t.Helper()
		if !errors.Is(err, want) {
			r.t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
}

// tasks lists the things to do of a kind.
func (r *room) tasks(k TaskKind) []Task {
	var out []Task
	for _, t := range r.b.ToDo() {
		if t.Kind == k {
			out = append(out, t)
		}
	}
	return out
}

// copyTo is the case on another laptop that shares the people's folder: a copy, opened by somebody.
func (r *room) copyTo(name string, at time.Time) *room {
	r.t.Helper()
	o := *r
	o.dir, o.now = filepath.Join(r.t.TempDir(), "b.case"), at
	if err := os.CopyFS(o.dir, os.DirFS(r.dir)); err != nil {
		r.t.Fatal(err)
	}
	o.env.Now = func() time.Time { o.now = o.now.Add(time.Second); return o.now }
	b, err := OpenCase(context.Background(), o.env, OpenConfig{Dir: o.dir, Passphrase: r.pass, Person: name})
	if err != nil {
		r.t.Fatal(err)
	}
	o.b = b
	r.t.Cleanup(func() { b.Close() })
	return &o
}

// close and reopen, as somebody.
func (r *room) reopen(name string) {
	r.t.Helper()
	if err := r.b.Close(); err != nil && !errors.Is(err, casefolder.ErrClosed) {
		r.t.Fatal(err)
	}
	b, err := OpenCase(context.Background(), r.env, OpenConfig{Dir: r.dir, Passphrase: r.pass, Person: name})
	if err != nil {
		r.t.Fatal(err)
	}
	r.b = b
}

// takeEntries brings what another laptop has, as a merge does.
func (r *room) takeEntries(from *room) {
	r.t.Helper()
	r.b.mu.Lock()
	defer r.b.mu.Unlock()
	for _, e := range from.b.wholeEntries() {
		if _, ok := r.b.log.Get(e.ID); ok {
			continue
		}
		if err := r.b.folder.Append(context.Background(), rawOf(e)); err != nil {
			r.t.Fatal(err)
		}
		r.b.log.Add(e)
	}
}
