package bundle

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
)

// TestManyUnsoundLines: a small file of nothing but line ends does not become a report of a gigabyte. What is beyond the
// first lines is counted, and the copy is damaged all the same.
func TestManyUnsoundLines(t *testing.T) {
	const more = 50_000
	dir, entries, _ := written(t)
	path := filepath.Join(dir, EntriesFile)
	spill(t, path, append(slurp(t, path), bytes.Repeat([]byte("\n"), maxNamed+more)...))
	b, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	named, counted := 0, ""
	for _, p := range b.Problems {
		if strings.HasPrefix(p.Entry, "line ") {
			named++
		} else if strings.Contains(p.Text, "more lines") {
			counted = p.Text
		}
	}
	if named != maxNamed || !strings.HasPrefix(counted, "50000 more lines") || len(b.Problems) > maxNamed+10 {
		t.Errorf("%d problems, %d lines named, %q", len(b.Problems), named, counted)
	}
	if r := b.Verify(caserecord.Anchors{}); r.ExitCode() != 1 || len(b.Entries) != len(entries) {
		t.Errorf("exit %d, %d entries", r.ExitCode(), len(b.Entries))
	}
}
