package bundle

import (
	"fmt"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
)

// checksums compares the files with SHA256SUMS. It guards against accidents: a forger writes new sums. For a file that a
// problem names already it is silent, and for the entries it speaks only when nothing better was found, so that a missing
// entry stays "incomplete".
func (r *reader) checksums() {
	b := r.small(SumsFile)
	if b == nil || r.ctx.Err() != nil {
		return
	}
	names := []string{ReadmeFile, ManifestFile, EntriesFile}
	if m := r.b.Manifest; m != nil && m.Version != versionOne {
		names = []string{ManifestFile}
		for _, f := range m.Files {
			names = append(names, f.Name)
		}
		slices.Sort(names)
	}
	got := strings.Split(string(b), "\n")
	lineOf := make(map[string]string, len(got))
	for _, line := range got {
		if len(line) > 66 {
			lineOf[line[66:]] = line
		}
	}
	named := len(r.b.Problems) > 0
	for i, name := range names {
		if r.wrong[name] || (named && name == EntriesFile && lineOf[name] != "") {
			continue
		}
		want := fmt.Sprintf("%s  %s", r.sums[name], name)
		// By place, so that the order is checked too; by name where a file more or less moved all places.
		if (len(got) == len(names)+1 && (i >= len(got) || got[i] != want)) || lineOf[name] != want {
			r.problem(caserecord.CodeChecksum, "", "%s and its line in %s differ", name, SumsFile)
		}
	}
	if r.b.Manifest == nil && len(got) > len(names) {
		return // without the list of files nobody can say which lines should be here
	}
	if len(got) != len(names)+1 || got[len(got)-1] != "" {
		r.problem(caserecord.CodeChecksum, "", "%s lists other files than it should", SumsFile)
	}
}
