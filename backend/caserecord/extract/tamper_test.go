package extract

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
	"adjutant/backend/incident"
)

// reseal writes new checksums, as a forger would.
func reseal(t testing.TB, dir string) {
	t.Helper()
	sums := map[string]string{}
	names := []string{ManifestFile, EntriesFile, ReadmeFile}
	if docs, err := os.ReadDir(filepath.Join(dir, DocumentsDir)); err == nil {
		for _, d := range docs {
			names = append(names, DocumentsDir+"/"+d.Name())
		}
	}
	for _, name := range names {
		sums[name] = hexSum(slurp(t, filepath.Join(dir, name)))
	}
	spill(t, filepath.Join(dir, SumsFile), []byte(sumsText(sums)))
}

// lie changes extract.json, with new checksums.
func lie(t testing.TB, dir string, change func(*Manifest)) {
	t.Helper()
	m, err := parseManifest(slurp(t, filepath.Join(dir, ManifestFile)))
	if err != nil {
		t.Fatal(err)
	}
	change(m)
	b, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	spill(t, filepath.Join(dir, ManifestFile), b)
	reseal(t, dir)
}

// relines changes the lines of entries.jsonl, with new checksums.
func relines(t testing.TB, dir string, change func([][]byte) [][]byte) {
	t.Helper()
	path := filepath.Join(dir, EntriesFile)
	lines := bytes.SplitAfter(slurp(t, path), []byte("\n"))
	spill(t, path, bytes.Join(change(lines[:len(lines)-1]), nil))
	reseal(t, dir)
}

// TestFlippedBytes flips a bit of every byte of every file: the extract is refused. With checksums made anew it is still
// refused, but for the words that nobody signed.
func TestFlippedBytes(t *testing.T) {
	ada, ben := team(t)
	o := options(ada, ben, find(t, ada, 4))
	o.Documents = []Document{{"n.pdf", []byte("%PDF-1.7")}}
	ada.note()
	o.Entries = ada.log.Entries()
	o.Against = [][]byte{ada.checkpoint()} // newer, so that proofs of both kinds are in the files
	dir, _ := write(t, o)
	for _, name := range []string{ManifestFile, EntriesFile, ReadmeFile, SumsFile, "documents/n.pdf"} {
		path := filepath.Join(dir, name)
		good := slurp(t, path)
		unsigned := func(i int) bool { // the free words of extract.json
			line := good[bytes.LastIndexByte(good[:i], '\n')+1:]
			return bytes.HasPrefix(line, []byte(`  "to": `)) || bytes.HasPrefix(line, []byte(`  "reason": `)) || bytes.HasPrefix(line, []byte(`  "written": `))
		}
		sums := slurp(t, filepath.Join(dir, SumsFile))
		for i := range good {
			bad := bytes.Clone(good)
			bad[i] ^= 1 << (i % 7)
			spill(t, path, bad)
			if name == ManifestFile || name == EntriesFile {
				spill(t, filepath.Join(dir, SumsFile), bytes.Replace(sums, []byte(hexSum(good)), []byte(hexSum(bad)), 1))
				if r := verify(t, dir, caserecord.Anchors{}); r.ExitCode() == 0 && !(name == ManifestFile && unsigned(i)) {
					t.Fatalf("%s byte %d with new checksums: %s %v\n%s", name, i, r.Verdict, r.Problems, bad)
				}
				continue
			}
			if r := verify(t, dir, caserecord.Anchors{}); r.ExitCode() != 1 {
				t.Fatalf("%s byte %d: %s %v", name, i, r.Verdict, r.Problems)
			}
		}
		spill(t, path, good)
		reseal(t, dir)
	}
	if r := verify(t, dir, caserecord.Anchors{}); r.ExitCode() != 0 {
		t.Fatal("the test left the extract damaged")
	}
	// Without new checksums any byte at all is refused.
	for _, name := range []string{ManifestFile, EntriesFile} {
		path := filepath.Join(dir, name)
		good := slurp(t, path)
		for i := 0; i < len(good); i += 13 {
			bad := bytes.Clone(good)
			bad[i] ^= 1
			spill(t, path, bad)
			if r := verify(t, dir, caserecord.Anchors{}); r.ExitCode() != 1 {
				t.Fatalf("%s byte %d: %s %v", name, i, r.Verdict, r.Problems)
			}
		}
		spill(t, path, good)
	}
}

// TestTampered changes one thing at a time, with new checksums: each has its own code.
func TestTampered(t *testing.T) {
	ada, ben := team(t)
	cy, dee := newSigner(t, "Cy Marsh"), newSigner(t, "Dee Roe")
	dee.open(incident.ModeExercise) // another case
	for range 5 {
		dee.note()
	}
	small := ada.log.Entries()[:4] // ada's first four
	smaller, err := CheckpointOf(small, ada.ref.Key)
	if err != nil || smaller.Size != 4 {
		t.Fatalf("%+v %v", smaller, err)
	}
	whole, err := checkpoint.Verify(ada.checkpoint())
	if err != nil {
		t.Fatal(err)
	}
	// A signature by another key under ada's origin: right form, wrong signer.
	text, err := checkpoint.Format(whole)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := cy.sign(text)
	if err != nil {
		t.Fatal(err)
	}
	byCy := checkpoint.Signed{Text: text, Signature: sig}.Note()
	otherRoot := whole
	otherRoot.Root[0] ^= 1
	drop := func(i int) func([][]byte) [][]byte {
		return func(l [][]byte) [][]byte { return slices.Delete(l, i, i+1) }
	}
	lines := func(change func([][]byte) [][]byte) func(string) {
		return func(dir string) { relines(t, dir, change) }
	}
	manifest := func(change func(*Manifest)) func(string) { return func(dir string) { lie(t, dir, change) } }
	note := func(note []byte, size uint64) func(string) {
		return manifest(func(m *Manifest) {
			i := slices.IndexFunc(m.Logs, func(l AuthorLog) bool { return l.Author == ada.ref.Key })
			m.Logs[i].Checkpoint, m.Logs[i].Size, m.Logs[i].Others = string(note), size, []OtherCheckpoint{}
		})
	}
	part := func(line []byte, from, to string) []byte {
		at := bytes.LastIndex(line, []byte(from))
		return line[at : at+bytes.LastIndex(line[at:], []byte(to))]
	}
	for _, c := range []struct {
		name   string
		tamper func(dir string)
		code   caserecord.Code
		exit   int
	}{
		{"line dropped", lines(drop(3)), caserecord.CodeTruncated, 3},
		{"admission dropped", func(dir string) {
			relines(t, dir, drop(1))
			lie(t, dir, func(m *Manifest) { m.Entries-- })
		}, caserecord.CodeAuthorUnproven, 3},
		{"opening dropped", func(dir string) {
			relines(t, dir, drop(0))
			lie(t, dir, func(m *Manifest) { m.Entries-- })
		}, caserecord.CodeNoOpening, 3},
		{"lines swapped", lines(func(l [][]byte) [][]byte { l[1], l[2] = l[2], l[1]; return l }), caserecord.CodeOrder, 1},
		{"line repeated", lines(func(l [][]byte) [][]byte { return append(l, l[2]) }), caserecord.CodeDuplicate, 1},
		{"file cut", lines(func(l [][]byte) [][]byte { l[3] = l[3][:99]; return l }), caserecord.CodeForm, 1},
		{"body withheld", lines(func(l [][]byte) [][]byte {
			l[3] = bytes.Replace(l[3], part(l[3], `,"body":`, `,"index"`), []byte(`,"body":null`), 1)
			return l
		}), caserecord.CodeManifest, 1},
		{"body of another", lines(func(l [][]byte) [][]byte {
			l[3] = bytes.Replace(l[3], part(l[3], `,"body":`, `,"index"`), part(l[4], `,"body":`, `,"index"`), 1)
			return l
		}), caserecord.CodeBodyHash, 1},
		{"proof of another", lines(func(l [][]byte) [][]byte {
			l[1] = bytes.Replace(l[1], part(l[1], `,"proof":`, "}"), part(l[2], `,"proof":`, "}"), 1)
			return l
		}), CodeProof, 1},
		{"no proof", lines(func(l [][]byte) [][]byte {
			l[1] = bytes.Replace(l[1], part(l[1], `,"proof":`, "}"), []byte(`,"proof":[]`), 1)
			return l
		}), CodeProof, 1},
		{"index of another", lines(func(l [][]byte) [][]byte {
			l[1] = bytes.Replace(l[1], []byte(`,"index":1,`), []byte(`,"index":2,`), 1)
			return l
		}), CodeIndex, 1},
		{"entry of another case", func(dir string) {
			relines(t, dir, func(l [][]byte) [][]byte {
				e := dee.log.Entries()[0]
				return append(l, append(appendLine(nil, Shown{e, 0, checkpoint.Proof{}}), '\n'))
			})
		}, caserecord.CodeWrongCase, 1},
		{"checkpoint of another case", note(dee.checkpoint(), 6), CodeCheckpointCase, 1},
		{"checkpoint of another author", note(ben.checkpoint(), 3), CodeCheckpointAuthor, 1},
		{"checkpoint by another key", note(byCy, whole.Size), CodeCheckpointSignature, 1},
		{"no checkpoint", note([]byte("x"), whole.Size), CodeCheckpointForm, 1},
		{"smaller tree", note(ada.signed(smaller), 4), CodeBeyond, 1},
		{"another root", note(ada.signed(otherRoot), whole.Size), CodeProof, 1},
		{"another size", note(ada.checkpoint(), whole.Size+1), caserecord.CodeManifest, 1},
		{"log removed", manifest(func(m *Manifest) {
			m.Logs = slices.DeleteFunc(m.Logs, func(l AuthorLog) bool { return l.Author == ben.ref.Key })
		}), CodeNoCheckpoint, 1},
		{"log added", manifest(func(m *Manifest) {
			m.Logs = append(m.Logs, AuthorLog{Author: cy.ref.Key, Size: 1, Others: []OtherCheckpoint{}})
			slices.SortFunc(m.Logs, func(a, b AuthorLog) int { return strings.Compare(string(a.Author), string(b.Author)) })
		}), caserecord.CodeManifest, 1},
		{"false consistency", manifest(func(m *Manifest) {
			i := slices.IndexFunc(m.Logs, func(l AuthorLog) bool { return l.Author == ada.ref.Key })
			m.Logs[i].Others = []OtherCheckpoint{{string(ada.signed(smaller)), checkpoint.Proof{}}}
		}), CodeConsistency, 1},
		{"two histories", manifest(func(m *Manifest) {
			i := slices.IndexFunc(m.Logs, func(l AuthorLog) bool { return l.Author == ada.ref.Key })
			m.Logs[i].Others = []OtherCheckpoint{{string(ada.signed(otherRoot)), checkpoint.Proof{}}}
		}), caserecord.CodeEquivocation, 4},
		{"another name", manifest(func(m *Manifest) { m.Name = "Other" }), caserecord.CodeManifest, 1},
		{"another limit", manifest(func(m *Manifest) { m.TLP = incident.TLPClear }), caserecord.CodeManifest, 1},
		{"live", manifest(func(m *Manifest) { m.Mode, m.Exercise = incident.ModeLive, false }), caserecord.CodeModeMix, 1},
		{"another case", manifest(func(m *Manifest) { m.Case = strings.Repeat("0", 32) }), caserecord.CodeWrongCase, 1},
		{"version", manifest(func(m *Manifest) { m.Version = 2 }), caserecord.CodeManifest, 1},
		{"document changed", func(dir string) {
			spill(t, filepath.Join(dir, "documents", "n.pdf"), []byte("%PDF-1.7 other"))
			reseal(t, dir)
		}, CodeDocument, 1},
		{"document added", func(dir string) {
			spill(t, filepath.Join(dir, "documents", "m.pdf"), []byte("%PDF-1.7 other"))
			reseal(t, dir)
		}, CodeUnlisted, 1},
		{"file added", func(dir string) { spill(t, filepath.Join(dir, "note.txt"), nil) }, CodeUnlisted, 1},
		{"readme changed", func(dir string) { spill(t, filepath.Join(dir, ReadmeFile), []byte("all is well")) }, caserecord.CodeChecksum, 1},
		{"sum added", func(dir string) {
			path := filepath.Join(dir, SumsFile)
			spill(t, path, append(slurp(t, path), []byte(strings.Repeat("0", 64)+"  x\n")...))
		}, caserecord.CodeChecksum, 1},
	} {
		o := options(ada, ben, find(t, ada, 5), find(t, ben, 2))
		o.Documents = []Document{{"n.pdf", []byte("%PDF-1.7")}}
		dir, _ := write(t, o)
		c.tamper(dir)
		r := verify(t, dir, caserecord.Anchors{})
		if r.ExitCode() != c.exit || !slices.Contains(codes(r), c.code) {
			t.Errorf("%s: want %s, got %s %v", c.name, c.code, r.Verdict, r.Problems)
		}
		if r.Anchored {
			t.Errorf("%s: anchored", c.name)
		}
	}
}

// TestResigned: a whole extract under new keys is told as not checked, and fails against a checkpoint or key from elsewhere.
func TestResigned(t *testing.T) {
	ada, ben := team(t)
	mallory := newSigner(t, "Mallory")
	mallory.ref.Name = "Ada Lind"
	mallory.open(incident.ModeExercise)
	for range 5 {
		mallory.note()
	}
	o := options(mallory, mallory, find(t, mallory, 3))
	dir, _ := write(t, o)
	if r := verify(t, dir, caserecord.Anchors{}); r.Verdict != caserecord.VerdictConsistent || !strings.Contains(r.Verdict, "not checked") {
		t.Error(r.Verdict)
	}
	if r := verify(t, dir, caserecord.Anchors{}, ada.checkpoint()); r.ExitCode() != 1 || !slices.Contains(codes(r), CodeCheckpoint) {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
	if r := verify(t, dir, caserecord.Anchors{Keys: []string{caserecord.KeyCode(ada.ref.Key)}}); r.ExitCode() != 1 {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
	_ = ben
}

// TestMissingFiles removes each file, and puts a link in its place.
func TestMissingFiles(t *testing.T) {
	ada, ben := team(t)
	for _, name := range []string{ManifestFile, EntriesFile, ReadmeFile, SumsFile, "documents/n.pdf", "documents"} {
		o := options(ada, ben, find(t, ada, 4))
		o.Documents = []Document{{"n.pdf", []byte("%PDF-1.7")}}
		dir, _ := write(t, o)
		path := filepath.Join(dir, filepath.FromSlash(name))
		away := filepath.Join(t.TempDir(), "away")
		if err := os.Rename(path, away); err != nil {
			t.Fatal(err)
		}
		if r := verify(t, dir, caserecord.Anchors{}); r.ExitCode() != 1 || !slices.Contains(codes(r), CodeFile) {
			t.Errorf("without %s: %s %v", name, r.Verdict, r.Problems)
		}
		if err := os.Symlink(away, path); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
		if r := verify(t, dir, caserecord.Anchors{}); r.ExitCode() != 1 || !slices.Contains(codes(r), CodeFile) {
			t.Errorf("%s is a link: %s %v", name, r.Verdict, r.Problems)
		}
	}
	if _, err := Read(filepath.Join(t.TempDir(), "nowhere")); err == nil {
		t.Error("no folder: no error")
	}
}

// TestManifestForms: the same values in other bytes, and values out of bounds.
func TestManifestForms(t *testing.T) {
	ada, ben := team(t)
	dir, _ := write(t, options(ada, ben, find(t, ben, 1)))
	good := string(slurp(t, filepath.Join(dir, ManifestFile)))
	if _, err := parseManifest([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"no end": strings.TrimSuffix(good, "\n"), "two ends": good + "\n", "unknown field": strings.Replace(good, `"case"`, `"casus": 1, "case"`, 1),
		"twice": strings.Replace(good, `  "version": 1,`, "  \"version\": 1,\n  \"version\": 1,", 1), "compact": strings.ReplaceAll(good, "\n", ""),
		"other case of a name": strings.Replace(good, `"case"`, `"Case"`, 1), "escaped": strings.Replace(good, "Harbour", `\u0048arbour`, 1),
		"null list": strings.Replace(good, `"documents": []`, `"documents": null`, 1), "no logs": strings.Replace(good, `"others": []`, `"others": null`, 1),
		"empty": "", "null": "null\n", "written": strings.Replace(good, "10:00:00Z", "10:00:00+00:00", 1), "broken UTF-8": strings.Replace(good, "berth", "ber\xff", 1),
		"long words": strings.Replace(good, "berth", strings.Repeat("b", 1001), 1), "huge": good + strings.Repeat(" ", maxManifest),
		"number": strings.Replace(good, `"entries": 4`, `"entries": 4.0`, 1), "exercise": strings.Replace(good, `"exercise": true`, `"exercise": false`, 1),
	} {
		if bad == good {
			t.Fatalf("%s changes nothing", name)
		}
		if _, err := parseManifest([]byte(bad)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	for _, name := range []string{"a.pdf", "Notice-2_final.v1.pdf", "com10.pdf", "console.pdf"} {
		if !goodName(name) {
			t.Errorf("%q refused", name)
		}
	}
	for _, name := range []string{"", ".pdf", "a.PDF", "a.txt", "a/b.pdf", `a\b.pdf`, "..pdf", ".a.pdf", "a..pdf", "a b.pdf", "é.pdf", "con.pdf", "COM1.pdf", "lpt9.x.pdf", "aux.pdf", "a:b.pdf", strings.Repeat("a", 97) + ".pdf"} {
		if goodName(name) {
			t.Errorf("%q taken", name)
		}
	}
}
