package evidence

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Every file is listed before anything is read, comes under way, and leaves when its receipt is there.
func TestProgressOfEachFile(t *testing.T) {
	dir := t.TempDir()
	for i := range 8 {
		write(t, filepath.Join(dir, fmt.Sprintf("f%d.log", i)), "log\n"+strings.Repeat(fmt.Sprint("line ", i, "\n"), 50_000))
	}
	writeZip(t, filepath.Join(dir, "z.zip"), member{name: "in.log", content: "log\n" + strings.Repeat("member\n", 500_000)})
	b := newBench(t)
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	b.in.Now = func() time.Time { at = at.Add(300 * time.Millisecond); return at }
	var listed []string
	b.in.Listed = func(files []FileProgress) {
		for _, f := range files {
			if f.State != FileWaiting || f.Total == 0 || f.Done != 0 {
				t.Errorf("%+v", f)
			}
			listed = append(listed, filepath.Base(f.Path))
		}
	}
	met := map[string][]FileState{}
	var last Progress
	rated := false
	b.in.Progress = func(p Progress) {
		if p.Done < last.Done || p.Done > p.Total || p.Files > p.FilesTotal || p.Files != len(b.receipts) && p.Files != len(b.receipts)+1 {
			t.Errorf("from %+v to %+v", last, p)
		}
		if len(p.Active) > filesAhead+membersAhead+workers()+2 {
			t.Errorf("%d files under way", len(p.Active))
		}
		for _, f := range p.Active {
			if f.Done > f.Total {
				t.Errorf("%+v", f)
			}
			name := filepath.Base(f.Path)
			if s := met[name]; len(s) == 0 || s[len(s)-1] != f.State {
				met[name] = append(s, f.State)
			}
		}
		for _, r := range b.receipts {
			if slices.ContainsFunc(p.Active, func(f FileProgress) bool { return f.Path == r.Path }) {
				t.Errorf("%s is under way and has its receipt", r.Path)
			}
		}
		rated = rated || p.Rate > 0 && p.Remaining > 0
		last = p
	}
	b.take(dir)
	if got := strings.Join(listed, " "); got != "f0.log f1.log f2.log f3.log f4.log f5.log f6.log f7.log z.zip" {
		t.Errorf("listed %s", got)
	}
	order := []FileState{FileHashing, FileHashed, FileParsing}
	parsed := 0
	for name, states := range met {
		for i := 1; i < len(states); i++ {
			if slices.Index(order, states[i-1]) >= slices.Index(order, states[i]) {
				t.Errorf("%s went through %v", name, states)
			}
		}
		if slices.Contains(states, FileParsing) {
			parsed++
		}
	}
	if !rated || parsed < 8 || len(met["z.zip!in.log"]) == 0 {
		t.Errorf("rated %v, %d parsed, %v", rated, parsed, met)
	}
}

// Rate and what remains follow the last ten seconds, not the whole past.
func TestRateFollowsTheLastSeconds(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	m := newMeter(func() time.Time { return at })
	m.grow(1, 100<<30)
	look := func() Progress {
		m.stale = true
		p, due := m.due("x")
		if !due {
			t.Fatal("nothing to tell")
		}
		return p
	}
	if p := look(); p.Rate != 0 || p.Remaining != 0 {
		t.Errorf("at the start: %+v", p)
	}
	for range 60 {
		at = at.Add(time.Second)
		m.step("x", 1000<<20)
		look()
	}
	for range 20 {
		at = at.Add(time.Second)
		m.step("x", 100<<20)
		look()
	}
	p := look()
	if want := int64(100 << 20); p.Rate < want*9/10 || p.Rate > want*11/10 {
		t.Errorf("%d bytes a second", p.Rate)
	}
	if want := time.Duration(p.Total-p.Done) / time.Duration(p.Rate) * time.Second; p.Remaining < want-2*time.Second || p.Remaining > want+2*time.Second {
		t.Errorf("%s remain, want %s", p.Remaining, want)
	}
}

// The order of all hooks depends on the evidence alone, however many files are hashed at once.
func TestHooksComeInOneOrder(t *testing.T) {
	from := killEvidence(t)
	var first []string
	for run := range 3 {
		b := newBench(t)
		b.take(from)
		if run == 0 {
			first = b.order
		} else if !slices.Equal(b.order, first) {
			t.Fatalf("run %d:\n%s\nfirst:\n%s", run, strings.Join(b.order, "\n"), strings.Join(first, "\n"))
		}
	}
	if len(first) < 60 {
		t.Errorf("only %d calls", len(first))
	}
}

// The same batch again: each receipt says so, nothing is received, opened or sealed twice.
func TestSameBatchAgain(t *testing.T) {
	from := killEvidence(t)
	c, err := openSmallCase(newSmallCase(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.take(from); err != nil {
		t.Fatal(err)
	}
	want := c.result(t)
	had := len(c.lines)
	if err := c.take(from); err != nil {
		t.Fatal(err)
	}
	if more := len(c.lines) - had; more != 1 { // what failed is tried again
		t.Errorf("%d lines were added: %+v", more, c.lines[had:])
	}
	got := c.result(t)
	for k, v := range got {
		if onceEach(k, v) != want[k] {
			t.Errorf("%s: %s, before %s", k, v, want[k])
		}
	}
}
