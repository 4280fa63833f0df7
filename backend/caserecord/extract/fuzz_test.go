package extract

import (
	"bytes"
	"path/filepath"
	"testing"

	"adjutant/backend/caserecord"
)

// FuzzLine reads any bytes as a line. What is taken has one form.
func FuzzLine(f *testing.F) {
	ada, ben := team(f)
	dir, _ := write(f, options(ada, ben, find(f, ben, 2), find(f, ada, 5)))
	for line := range bytes.Lines(slurp(f, filepath.Join(dir, EntriesFile))) {
		f.Add(bytes.TrimSuffix(line, []byte("\n")))
	}
	f.Add([]byte(lineHead + lineEnvelope + lineBody + "null" + lineIndex + "0" + lineProof + "[]" + lineTail))
	f.Fuzz(func(t *testing.T, line []byte) {
		s, err := parseLine(line)
		if err == nil && !bytes.Equal(appendLine(nil, s), line) {
			t.Fatalf("a second form of a line: %q", line)
		}
	})
}

// FuzzRead reads any bytes as the entries and the manifest of an extract: no panic, and nothing foreign is taken as good.
func FuzzRead(f *testing.F) {
	ada, ben := team(f)
	dir, _ := write(f, options(ada, ben, find(f, ben, 2)))
	entries, manifest := slurp(f, filepath.Join(dir, EntriesFile)), slurp(f, filepath.Join(dir, ManifestFile))
	f.Add(entries, manifest)
	f.Add([]byte("\n\n{}\n"), []byte("{}"))
	f.Add(bytes.Repeat(entries, 2), manifest)
	note := ada.checkpoint()
	f.Fuzz(func(t *testing.T, lines, m []byte) {
		dir := t.TempDir()
		spill(t, filepath.Join(dir, EntriesFile), lines)
		spill(t, filepath.Join(dir, ManifestFile), m)
		spill(t, filepath.Join(dir, ReadmeFile), nil)
		reseal(t, dir)
		r := verify(t, dir, caserecord.Anchors{Keys: []string{string(ada.ref.Key)}}, note)
		if r.Verdict == caserecord.VerdictGood && !bytes.Equal(lines, entries) {
			t.Fatalf("taken as good: %q", lines)
		}
	})
}
