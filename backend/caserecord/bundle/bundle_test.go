package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"adjutant/backend/caserecord"
)

var day = time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)

// published is the case of caserecord's golden file: 28 entries of all kinds by three people.
func published(t testing.TB) []caserecord.Entry {
	b, err := os.ReadFile("../testdata/golden/entries-v1.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
	var out []caserecord.Entry
	for i := 0; i+1 < len(lines); i += 2 {
		e, err := caserecord.Parse(lines[i], lines[i+1])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

func written(t testing.TB) (dir string, entries []caserecord.Entry, m Manifest) {
	dir, entries = filepath.Join(t.TempDir(), "out"), published(t)
	m, err := Write(t.Context(), dir, entries, Options{Written: day})
	if err != nil {
		t.Fatal(err)
	}
	return dir, entries, m
}

func check(t testing.TB, dir string) caserecord.Report {
	t.Helper()
	b, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return b.Verify(caserecord.Anchors{})
}

func names(r caserecord.Report, code caserecord.Code, entry caserecord.ID) bool {
	return slices.ContainsFunc(r.Problems, func(p caserecord.Problem) bool {
		return p.Code == code && (entry == "" || p.Entry == string(entry))
	})
}

// TestWriteRead: what goes in comes out byte for byte, in causal order whatever the order given, and twice the same.
func TestWriteRead(t *testing.T) {
	dir, entries, m := written(t)
	if m.Entries != 28 || m.Withheld != 0 || !m.Exercise || m.Name != "Harbour" || len(m.Heads) != 3 {
		t.Errorf("manifest %+v", m)
	}
	b, err := Read(dir)
	if err != nil || len(b.Problems) != 0 || len(b.Entries) != 28 {
		t.Fatalf("%v %v", err, b.Problems)
	}
	for i, e := range b.Entries {
		if !bytes.Equal(e.Line(), entries[i].Line()) || !bytes.Equal(e.Body(), entries[i].Body()) {
			t.Errorf("entry %d changed on the way", i)
		}
	}
	if r := check(t, dir); r.Verdict != caserecord.VerdictConsistent || r.Head != m.Head {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
	slices.Reverse(entries)
	again := filepath.Join(t.TempDir(), "again")
	if _, err := Write(t.Context(), again, entries, Options{Written: day}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{EntriesFile, ManifestFile, ReadmeFile, SumsFile} {
		if !bytes.Equal(slurp(t, filepath.Join(dir, name)), slurp(t, filepath.Join(again, name))) {
			t.Errorf("%s differs when written twice", name)
		}
	}
	if text := string(slurp(t, filepath.Join(dir, ReadmeFile))); !strings.HasPrefix(text, "EXERCISE") || !strings.Contains(text, "from elsewhere") || !strings.Contains(text, m.HeadCode) {
		t.Error(text)
	}
	if _, err := Write(t.Context(), dir, entries, Options{}); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("over a full folder: %v", err)
	}
	if _, err := Write(t.Context(), filepath.Join(t.TempDir(), "x"), nil, Options{}); !errors.Is(err, ErrNoEntries) {
		t.Errorf("nothing: %v", err)
	}
}

// TestWithheld leaves out the bodies that a reader may not see.
func TestWithheld(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	m, err := Write(t.Context(), dir, published(t), Options{Written: day, Withhold: func(e caserecord.Entry) bool { return true }})
	held := 0
	for _, e := range published(t) {
		if e.WithoutBody().Withheld() {
			held++
		}
	}
	if err != nil || m.Withheld != held || held < 20 {
		t.Fatalf("%v %+v", err, m)
	}
	if bytes.Contains(slurp(t, filepath.Join(dir, EntriesFile)), []byte("ferry")) {
		t.Error("words of a withheld body are in the file")
	}
	if r := check(t, dir); r.ExitCode() != 0 || r.Withheld != held {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
}

// TestFlippedBytes flips a bit of each byte of one line and of samples of all files: never unnoticed, and a byte in the
// entries names its entry.
func TestFlippedBytes(t *testing.T) {
	dir, entries := filepath.Join(t.TempDir(), "out"), published(t)[:7]
	if _, err := Write(t.Context(), dir, entries, Options{Written: day}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{EntriesFile, ManifestFile, ReadmeFile, SumsFile} {
		path := filepath.Join(dir, name)
		good := slurp(t, path)
		line, from := 0, bytes.IndexByte(good, '\n')
		for i := range good {
			if i%41 == 0 || (name == EntriesFile && i <= from) {
				bad := bytes.Clone(good)
				bad[i] ^= 1
				spill(t, path, bad)
				r := check(t, dir)
				if r.ExitCode() != 1 {
					t.Fatalf("%s byte %d: %s %v", name, i, r.Verdict, r.Problems)
				}
				if name == EntriesFile && !slices.ContainsFunc(r.Problems, func(p caserecord.Problem) bool { return p.Entry == string(entries[line].ID) }) {
					t.Fatalf("byte %d of line %d: entry %s is not named: %v", i, line+1, entries[line].ID, r.Problems)
				}
			}
			if good[i] == '\n' {
				line++
			}
		}
		spill(t, path, good)
	}
	if r := check(t, dir); r.ExitCode() != 0 {
		t.Fatal("the test left the bundle damaged")
	}
}

// TestLines drops, swaps, repeats and cuts lines: each is named.
func TestLines(t *testing.T) {
	dir, entries, _ := written(t)
	path := filepath.Join(dir, EntriesFile)
	good := slurp(t, path)
	lines := bytes.SplitAfter(good, []byte("\n"))
	lines = lines[:len(lines)-1]
	try := func(name string, lines [][]byte) caserecord.Report {
		spill(t, path, bytes.Join(lines, nil))
		return check(t, dir)
	}
	for i := range lines {
		id := entries[i].ID
		r := try("drop", slices.Delete(slices.Clone(lines), i, i+1))
		named := names(r, caserecord.CodeGap, id) || names(r, caserecord.CodeMissingSeen, id) || names(r, caserecord.CodeTruncated, id)
		if r.ExitCode() != 3 || !named {
			t.Fatalf("drop %d: %s %v", i, r.Verdict, r.Problems)
		}
		r = try("repeat", slices.Insert(slices.Clone(lines), len(lines)-i, lines[i]))
		if r.ExitCode() != 1 || !names(r, caserecord.CodeDuplicate, id) {
			t.Fatalf("repeat %d: %s %v", i, r.Verdict, r.Problems)
		}
		if i > 0 {
			swapped := slices.Clone(lines)
			swapped[i], swapped[i-1] = swapped[i-1], swapped[i]
			r = try("swap", swapped)
			if r.ExitCode() != 1 || !(names(r, caserecord.CodeOrder, id) || names(r, caserecord.CodeOrder, entries[i-1].ID)) {
				t.Fatalf("swap %d: %s %v", i, r.Verdict, r.Problems)
			}
		}
	}
	for cut := len(good) - 1; cut > 0; cut -= 997 {
		spill(t, path, good[:cut])
		if r := check(t, dir); r.ExitCode() != 1 && r.ExitCode() != 3 {
			t.Fatalf("cut to %d bytes: %s", cut, r.Verdict)
		}
	}
	spill(t, path, nil)
	if r := check(t, dir); r.ExitCode() != 3 {
		t.Errorf("no lines: %s %v", r.Verdict, r.Problems)
	}
	spill(t, path, append(bytes.Repeat([]byte("x"), maxLine+10), '\n'))
	if r := check(t, dir); r.ExitCode() != 1 || !names(r, caserecord.CodeForm, "line 1") {
		t.Errorf("endless line: %v", r.Problems)
	}
}

// TestManifestLies: what bundle.json says is held against the entries, even with fresh checksums.
func TestManifestLies(t *testing.T) {
	_, entries, _ := written(t)
	for name, lie := range map[string]func(*Manifest){
		"count": func(m *Manifest) { m.Entries-- }, "head": func(m *Manifest) { m.Head = strings.Repeat("0", 64) },
		"mode": func(m *Manifest) { m.Mode, m.Exercise = "live", false }, "name": func(m *Manifest) { m.Name = "Other" },
		"heads": func(m *Manifest) { m.Heads = m.Heads[:2] }, "version": func(m *Manifest) { m.Version = 3 },
		"no list": func(m *Manifest) { m.Files = nil }, "no evidence": func(m *Manifest) { m.Evidence = []Item{} },
	} {
		dir := filepath.Join(t.TempDir(), "out")
		m, err := Write(t.Context(), dir, entries, Options{Written: day})
		if err != nil {
			t.Fatal(err)
		}
		lie(&m)
		b, err := json.MarshalIndent(m, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		spill(t, filepath.Join(dir, ManifestFile), append(b, '\n'))
		if r := check(t, dir); r.ExitCode() != 1 || !names(r, caserecord.CodeManifest, "") {
			t.Errorf("%s: %s %v", name, r.Verdict, r.Problems)
		}
	}
}

// TestMissingFiles removes each file, and puts a link in its place.
func TestMissingFiles(t *testing.T) {
	for _, name := range []string{EntriesFile, ManifestFile, ReadmeFile, SumsFile} {
		dir, _, _ := written(t)
		path := filepath.Join(dir, name)
		if err := os.Rename(path, path+".away"); err != nil {
			t.Fatal(err)
		}
		if r := check(t, dir); r.ExitCode() != 1 || !names(r, caserecord.CodeBundleFile, "") {
			t.Errorf("without %s: %s %v", name, r.Verdict, r.Problems)
		}
		if err := os.Symlink(path+".away", path); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
		if r := check(t, dir); !names(r, caserecord.CodeBundleFile, "") {
			t.Errorf("%s is a link: %v", name, r.Problems)
		}
	}
	if _, err := Read(filepath.Join(t.TempDir(), "nowhere")); err == nil {
		t.Error("no folder: no error")
	}
}

// FuzzRead reads any bytes as the entries of a bundle: no panic, and what it keeps can be written and read again.
func FuzzRead(f *testing.F) {
	entries := published(f)
	var all []byte
	for _, e := range entries[:6] {
		line := append(appendLine(nil, e), '\n')
		f.Add(line)
		all = append(all, line...)
	}
	f.Add(all)
	f.Add(append(appendLine(nil, entries[5].WithoutBody()), '\n'))
	f.Add([]byte(lineHead + strings.Repeat("0", 64) + lineEnvelope + `{}` + lineBody + `null}`))
	f.Add([]byte(fmt.Sprintf("%s\n\n\x00", lineHead)))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := newReader(t.Context(), nil, nil)
		if err := r.lines(bytes.NewReader(b), sha256.New(), maxLine); err != nil {
			t.Fatal(err)
		}
		r.order()
		var again []byte
		for _, e := range r.b.Entries {
			again = append(appendLine(again, e), '\n')
		}
		if len(r.b.Problems) == 0 && len(b) > 0 && !bytes.Equal(again, b) {
			t.Fatalf("a second form of a line was accepted:\n%q\n%q", b, again)
		}
	})
}

func slurp(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func spill(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}
