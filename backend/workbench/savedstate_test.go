package workbench

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/casefolder"
	"adjutant/backend/caserecord/recordtest"
	"adjutant/backend/incident"
)

const madeUpPass = "a passphrase"

// madeUp is a closed case with a made-up record of n entries.
func madeUp(t testing.TB, n int) (dir string, c *recordtest.Case) {
	t.Helper()
	dir, c = filepath.Join(t.TempDir(), "made.case"), recordtest.New(n)
	f, err := casefolder.Create(dir, casefolder.Config{ID: c.ID, Mode: incident.ModeExercise, Created: recordtest.Began}, []byte(madeUpPass), casefolder.Options{WorkFactor: 1})
	if err != nil {
		t.Fatal(err)
	}
	addRaw(t, f, c)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, c
}

func addRaw(t testing.TB, f *casefolder.Folder, c *recordtest.Case) {
	t.Helper()
	var all []casefolder.Raw
	for _, e := range c.Entries[f.Len():] {
		all = append(all, rawOf(e))
	}
	if _, err := f.AppendAll(context.Background(), all); err != nil {
		t.Fatal(err)
	}
}

// reader opens a made-up case without anybody's key.
func reader(t testing.TB, dir string) *Bench {
	t.Helper()
	b, err := OpenCase(context.Background(), NewEnv(filepath.Join(t.TempDir(), "home"), "test"), OpenConfig{Dir: dir, Passphrase: []byte(madeUpPass)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *Bench) closed(t testing.TB) {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestACaseOpensFromItsSavedReading: the second opening parses nothing and tells the same; what came since is parsed; a
// reading that does not fit is not used, and that is said.
func TestACaseOpensFromItsSavedReading(t *testing.T) {
	dir, c := madeUp(t, 600)
	b := reader(t, dir)
	if r := b.Reading(); r.Saved != 0 || r.Entries != 600 || r.Why != "" {
		t.Errorf("first opening: %+v", r)
	}
	head, notes := b.State().Head, len(b.State().Notes)
	b.closed(t)

	b = reader(t, dir)
	if r := b.Reading(); r.Saved != 600 || r.Entries != 600 || len(b.Problems()) > 0 {
		t.Errorf("second opening: %+v, %v", r, b.Problems())
	}
	if s := b.State(); s.Head != head || len(s.Notes) != notes || s.Entries != 600 {
		t.Errorf("head %s, %d notes, %d entries", s.Head, len(s.Notes), s.Entries)
	}
	if v, err := b.Verify(); err != nil || v.ExitCode() != 0 || v.Entries != 600 || len(v.Copies) > 0 {
		t.Errorf("verify: %v %v %v", err, v.Problems, v.Copies)
	}
	b.closed(t)

	longer := recordtest.New(700)
	f, err := casefolder.Open(dir, []byte(madeUpPass))
	if err != nil {
		t.Fatal(err)
	}
	addRaw(t, f, longer)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	b = reader(t, dir)
	if r := b.Reading(); r.Saved != 600 || r.Entries != 700 || b.State().Entries != 700 {
		t.Errorf("with 100 more: %+v", r)
	}
	b.keepDerived(context.Background(), readingKey, []byte("adjutant reading 1\n and nothing else"))
	b.closed(t)

	b = reader(t, dir)
	r := b.Reading()
	if r.Saved != 0 || r.Why == "" || b.State().Entries != 700 {
		t.Errorf("a reading that is none: %+v", r)
	}
	if p := b.Problems(); len(p) != 1 || !strings.Contains(p[0].Text, "read from its own bytes") || !p[0].Mended {
		t.Errorf("problems: %v", p)
	}
	b.closed(t)
	b = reader(t, dir)
	if r := b.Reading(); r.Saved != 700 || len(b.Problems()) > 0 {
		t.Errorf("made again: %+v, %v", r, b.Problems())
	}
	b.closed(t)
	_ = c
}
