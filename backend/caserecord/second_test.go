package caserecord_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"
)

// exits reads what every code means from record-format.md, as the second verifier does.
func exits(t testing.TB) map[caserecord.Code]int {
	b, err := os.ReadFile("../doc/record-format.md")
	if err != nil {
		t.Fatal(err)
	}
	out := map[caserecord.Code]int{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z-]{3,})` \\| (\\d) \\|").FindAllStringSubmatch(string(b), -1) {
		out[caserecord.Code(m[1])], _ = strconv.Atoi(m[2])
	}
	if len(out) < 35 {
		t.Fatalf("only %d codes in record-format.md", len(out))
	}
	return out
}

// aboutFiles are the codes of what stands beside entries.jsonl.
var aboutFiles = []caserecord.Code{caserecord.CodeBundleFile, caserecord.CodeManifest, caserecord.CodeChecksum, caserecord.CodeTruncated}

// opinion is what a verifier says of a record, made comparable: the verdict, the head, and the set of codes with entries.
type opinion struct {
	verdict, head string
	problems      []string // "code entry", sorted, each once
}

// said leaves out what leave says, and computes the verdict of the rest.
func said(exit map[caserecord.Code]int, head string, entries int, problems []caserecord.Problem, leave func(caserecord.Problem) bool) opinion {
	o, found := opinion{head: head}, map[int]bool{}
	for _, p := range problems {
		if slices.Contains(aboutFiles, p.Code) || (leave != nil && leave(p)) {
			continue
		}
		found[exit[p.Code]] = true
		o.problems = append(o.problems, string(p.Code)+" "+p.Entry)
	}
	slices.Sort(o.problems)
	o.problems = slices.Compact(o.problems)
	switch {
	case found[1]:
		o.verdict = caserecord.VerdictDamaged
	case found[4]:
		o.verdict = caserecord.VerdictEquivocation
	case found[3] || entries == 0:
		o.verdict = caserecord.VerdictIncomplete
	default:
		o.verdict = caserecord.VerdictConsistent
	}
	return o
}

// first is what this program says of a file of lines, read as a bundle whose other files are missing.
func first(t testing.TB, file string) (caserecord.Report, []caserecord.Entry) {
	dir := t.TempDir()
	b, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, bundle.EntriesFile), b, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	read, err := bundle.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return read.Verify(caserecord.Anchors{}), read.Entries
}

// second asks the verifier in Python about all files at once.
func second(t testing.TB, files []string) []opinion {
	if err := exec.Command("python3", "-c", "import cryptography, sys; sys.exit(sys.version_info < (3, 11))").Run(); err != nil {
		t.Skip("NOT CHECKED: the second verifier needs python3 from 3.11 on with cryptography (python3-cryptography); the two were not compared")
	}
	cmd := exec.Command("python3", append([]string{"testdata/verify.py"}, files...)...)
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errOut.String())
	}
	var all []opinion
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var r struct {
			Verdict  string
			Head     string
			Problems []struct{ Code, Entry string }
		}
		if err := dec.Decode(&r); err != nil {
			t.Fatal(err)
		}
		o := opinion{verdict: r.Verdict, head: r.Head}
		for _, p := range r.Problems {
			o.problems = append(o.problems, p.Code+" "+p.Entry)
		}
		slices.Sort(o.problems)
		o.problems = slices.Compact(o.problems)
		all = append(all, o)
	}
	if len(all) != len(files) {
		t.Fatalf("%d answers for %d files", len(all), len(files))
	}
	return all
}

// leftOut says what the second verifier does not look at (its head comment): checkpoints, bounds of values, and of kinds that
// give no authority what they refer to and the rules that no row says.
func leftOut(entries []caserecord.Entry) func(caserecord.Problem) bool {
	kind, admitted := map[string]caserecord.Kind{}, map[string]bool{}
	decided := true
	for _, e := range entries {
		k := e.Header.Kind
		kind[string(e.ID)] = k
		switch k {
		case caserecord.EntryAdmitted:
			if d, ok := e.Content().(*caserecord.EntryAdmittedData); ok {
				admitted[string(d.Entry)] = true
			}
		}
		switch k {
		case caserecord.SuccessionSet, caserecord.RoleAssumed, caserecord.AuthorityChanged, caserecord.EntryAdmitted:
			decided = false
		}
	}
	own := []caserecord.Kind{
		caserecord.CorrectionMade, caserecord.DocumentDrafted, caserecord.DocumentApproved, caserecord.DocumentReleased, caserecord.CustodyTaken, caserecord.EvidencePurged,
		caserecord.MismatchExplained, caserecord.HoldReleased, caserecord.LaneOpened, caserecord.LaneChanged, caserecord.WordsSealed, caserecord.PrivilegeMarked,
		caserecord.ActCosigned, caserecord.GlassReviewed, caserecord.ConflictResolved, caserecord.ImportUndone,
	}
	return func(p caserecord.Problem) bool {
		switch p.Code {
		case caserecord.CodeCheckpoint, caserecord.CodeTooMany:
			return true
		case caserecord.CodeKeyRevoked, caserecord.CodeNotYetAdmitted:
			return admitted[p.Entry]
		case caserecord.CodeNotAuthorised, caserecord.CodeOutOfPlace:
			return !decided || slices.Contains(own, kind[p.Entry])
		}
		return false
	}
}

type listed struct {
	File, What string
	Problems   []struct {
		Code  caserecord.Code
		Entry string
	}
}

func badIndex(t testing.TB) (index []listed) {
	b, err := os.ReadFile("testdata/bad/index.json")
	if err == nil {
		err = json.Unmarshal(b, &index)
	}
	if err != nil {
		t.Fatal(err)
	}
	return index
}

// TestBadIndex: of every published bad record this program says what the index says: these codes of these entries and no
// others.
func TestBadIndex(t *testing.T) {
	exit := exits(t)
	for _, v := range badIndex(t) {
		r, _ := first(t, filepath.Join("testdata", "bad", v.File))
		var want []caserecord.Problem
		for _, p := range v.Problems {
			want = append(want, caserecord.Problem{Code: p.Code, Entry: p.Entry})
		}
		got, expected := said(exit, "", r.Entries, r.Problems, nil), said(exit, "", r.Entries, want, nil)
		if fmt.Sprint(got) != fmt.Sprint(expected) {
			t.Errorf("%s (%s):\n%q\nwant\n%q", v.File, v.What, got, expected)
		}
	}
}

// TestSecondVerifier: a verifier in another language, written from the specification, says the same of every published
// record, good or bad: the same verdict, head and codes.
func TestSecondVerifier(t *testing.T) {
	b, err := os.ReadFile("testdata/verify.py")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b, []byte("\n")); n > 200 {
		t.Errorf("verify.py has %d lines; 200 are what one reads in an hour", n)
	}
	files := []string{"bundle/testdata/v1/entries.jsonl"}
	for _, name := range []string{"entries-v1.txt", "entries-v1-part2.txt", "entries-v1-part3.txt"} {
		files = append(files, asLines(t, filepath.Join("testdata", "golden", name)))
	}
	for _, v := range badIndex(t) {
		files = append(files, filepath.Join("testdata", "bad", v.File))
	}
	files = append(files, large(t, files[1])...)
	agree(t, files)
}

// TestSecondVerifierAtRandom compares the two on random histories: people and keys who come and go, roles granted, lent,
// taken and ended at once, forks, holes and clocks that disagree.
func TestSecondVerifierAtRandom(t *testing.T) {
	agree(t, caserecord.RandomRecords(t, 40))
}

// agree compares the two verifiers.
func agree(t *testing.T, files []string) {
	exit, answers := exits(t), second(t, files)
	for i, file := range files {
		r, entries := first(t, file)
		leave := leftOut(entries)
		one, two := said(exit, r.Head, r.Entries, r.Problems, leave), answers[i]
		two.problems = slices.DeleteFunc(two.problems, func(s string) bool {
			code, entry, _ := strings.Cut(s, " ")
			return leave(caserecord.Problem{Code: caserecord.Code(code), Entry: entry})
		})
		if fmt.Sprint(one) != fmt.Sprint(two) {
			only := func(a, b opinion) []string {
				return slices.DeleteFunc(slices.Clone(a.problems), func(p string) bool { return slices.Contains(b.problems, p) })
			}
			t.Errorf("%s: Go says %q, head %.8s, and alone %q; Python %q, head %.8s, and alone %q", filepath.Base(file), one.verdict, one.head, only(one, two), two.verdict, two.head, only(two, one))
		}
	}
}

// asLines writes a file of envelopes and bodies as a bundle has them.
func asLines(t testing.TB, file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
	var entries []caserecord.Entry
	for i := 0; i+1 < len(lines); i += 2 {
		e, err := caserecord.Parse(lines[i], lines[i+1])
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	return written(t, entries)
}

// written writes entries as a bundle and returns its lines.
func written(t testing.TB, entries []caserecord.Entry) string {
	dir := filepath.Join(t.TempDir(), "b")
	if _, err := bundle.Write(t.Context(), dir, entries, bundle.Options{}); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, bundle.EntriesFile)
}

// large are vectors that are not worth their bytes in a repository: a body of ten megabytes, and one just above the bound.
func large(t testing.TB, good string) (files []string) {
	b, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(b, []byte("\n"))
	for n, size := range []int{10 << 20, 1<<20 + 1, 1 << 20} {
		at := bytes.LastIndex(lines[6], []byte(`,"body":"`)) + len(`,"body":"`)
		big := append(bytes.Clone(lines[6][:at]), bytes.Repeat([]byte("QUFB"), size/3)...)
		big = append(big, `"}`...)
		file := filepath.Join(t.TempDir(), fmt.Sprintf("large-%d.jsonl", n))
		if err := os.WriteFile(file, bytes.Join(slices.Concat(lines[:6], [][]byte{big}, lines[7:]), []byte("\n")), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}
