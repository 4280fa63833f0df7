package bundle

import (
	"bytes"
	"encoding/json"
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

// TestReasonsOfAbsence: that an item's bytes were deleted, or never were in the case, is believed only when the record says
// so; that they were not asked for, or withheld, is told as the word of whoever made the copy.
func TestReasonsOfAbsence(t *testing.T) {
	for why, believed := range map[Why]bool{WhyNotAsked: true, WhyWithheld: true, WhyPurged: false, WhyReferenced: false} {
		dir, _, m := written(t)
		if len(m.Evidence) != 1 || m.Evidence[0].Why != WhyNotAsked {
			t.Fatalf("%+v", m.Evidence)
		}
		m.Evidence[0].Why = why
		b, err := json.MarshalIndent(m, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		spill(t, filepath.Join(dir, ManifestFile), append(b, '\n'))
		r := check(t, dir)
		if names(r, caserecord.CodeManifest, "") == believed {
			t.Errorf("%q: %v", why, r.Problems)
		}
		if !strings.Contains(strings.Join(r.Checked, "\n"), "only whoever made the copy says") {
			t.Errorf("%q: checked %q", why, r.Checked)
		}
	}
}
