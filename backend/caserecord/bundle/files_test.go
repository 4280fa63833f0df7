package bundle

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

// ada signs a case with three items of evidence: two sealed, one referenced.
var items = [][]byte{[]byte("first item\n"), bytes.Repeat([]byte("second item "), 5000), []byte("stays on its disk")}

func sumOf(b []byte) string { h := sha256.Sum256(b); return hex.EncodeToString(h[:]) }

func caseWithEvidence(t testing.TB) []caserecord.Entry {
	t.Helper()
	seed := sha256.Sum256([]byte("Ada Lind"))
	key := ed25519.NewKeyFromSeed(seed[:])
	author := caserecord.Author(hex.EncodeToString(key.Public().(ed25519.PublicKey)))
	log, now := caserecord.NewLog(), time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	var salt [16]byte
	seal := func(h caserecord.Header, c caserecord.Content) {
		salt[0]++
		e, err := caserecord.Seal(h, c, salt, func(b []byte) ([]byte, error) { return ed25519.Sign(key, b), nil })
		if err != nil {
			t.Fatal(err)
		}
		log.Add(e)
	}
	seal(caserecord.Header{Mode: incident.ModeExercise, Author: author, Seq: 1, Recorded: now}, &caserecord.CaseOpenedData{
		Name: "Harbour", TLP: incident.TLPAmber, Zone: "Europe/Lisbon", Person: caserecord.PersonRef{ID: caserecord.PersonID(hex.EncodeToString(seed[:16])), Name: "Ada Lind", Key: author}})
	for i, b := range items {
		now = now.Add(time.Second)
		h, err := log.Next(author, now)
		if err != nil {
			t.Fatal(err)
		}
		kept := caserecord.KeptSealed
		if i == 2 {
			kept = caserecord.KeptReferenced
		}
		seal(h, &caserecord.EvidenceReceivedData{SHA256: sumOf(b), Path: fmt.Sprintf("item-%d.bin", i), Bytes: int64(len(b)), Kept: kept,
			Custodian: "Ada Lind", Source: "FS01", Why: "preserve the logs of the file server"})
	}
	return log.Entries()
}

// attach makes an attachment of bytes and counts how often it is read.
func attach(kind Kind, name string, b []byte, reads map[string]int) Attachment {
	a := Attachment{Kind: kind, Name: name, Bytes: int64(len(b)), Open: func() (io.ReadCloser, error) {
		if reads != nil {
			reads[name]++
		}
		return io.NopCloser(bytes.NewReader(b)), nil
	}}
	if kind == KindEvidence {
		a.Name, a.SHA256 = sumOf(b), sumOf(b)
	}
	return a
}

func everything(reads map[string]int) Options {
	return Options{Written: day, Attachments: []Attachment{
		attach(KindEvidence, "item0", items[0], reads), attach(KindEvidence, "item1", items[1], reads),
		attach(KindDocument, "report.pdf", []byte("%PDF report"), reads), attach(KindDocument, "notice-1.pdf", []byte("%PDF notice"), reads),
		attach(KindVerifier, Verifiers[0], []byte("\x7fELF"), reads), attach(KindVerifier, Verifiers[1], []byte("MZ"), reads),
		attach(KindPage, "", []byte("<!doctype html>"), reads), attach(KindPrivilege, "", []byte("one entry withheld\n"), reads),
	}}
}

func writeAll(t testing.TB) (dir string, m Manifest) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "court")
	m, err := Write(t.Context(), dir, caseWithEvidence(t), everything(nil))
	if err != nil {
		t.Fatal(err)
	}
	return dir, m
}

// TestEverything counts what a full folder holds, reads it again, and holds the estimate to the byte.
func TestEverything(t *testing.T) {
	dir, m := writeAll(t)
	if len(m.Files) != 10 || len(m.Evidence) != 3 || m.Version != 2 {
		t.Fatalf("%+v", m)
	}
	for _, it := range m.Evidence {
		if want := it.SHA256 != sumOf(items[2]); it.Here != want || (it.Why == WhyReferenced) == want {
			t.Errorf("%+v", it)
		}
	}
	var done, total int64
	b, err := ReadContext(t.Context(), dir, func(d, all int64) { done, total = d, all })
	if err != nil || len(b.Problems) != 0 || len(b.Files) != 10 || len(b.Entries) != 4 {
		t.Fatalf("%v %+v", err, b)
	}
	if done != total || total == 0 {
		t.Errorf("progress ends at %d of %d", done, total)
	}
	r := b.Verify(caserecord.Anchors{Head: m.HeadCode})
	if r.Verdict != caserecord.VerdictGood || !slices.ContainsFunc(r.Checked, func(s string) bool { return strings.Contains(s, "10 files, 2 of them evidence") }) ||
		!slices.ContainsFunc(r.Checked, func(s string) bool {
			return strings.Contains(s, "1 of 3 items of evidence are named by the record and not here: 1 referenced")
		}) {
		t.Errorf("%s %v %v", r.Verdict, r.Checked, r.Problems)
	}
	in, err := b.Open("evidence/" + sumOf(items[1]))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(in); err != nil || in.Close() != nil || !bytes.Equal(got, items[1]) {
		t.Error("evidence changed on the way")
	}
	if _, err := b.Open("../court/README.txt"); err == nil {
		t.Error("opens what is not listed")
	}
	size, err := Estimate(caseWithEvidence(t), everything(nil))
	if err != nil {
		t.Fatal(err)
	}
	var onDisk Size
	err = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			info, err := d.Info()
			if err != nil {
				return err
			}
			onDisk.Files, onDisk.Bytes = onDisk.Files+1, onDisk.Bytes+info.Size()
		}
		return err
	})
	if err != nil || size != onDisk {
		t.Errorf("estimated %+v, on disk %+v %v", size, onDisk, err)
	}
	text := string(slurp(t, filepath.Join(dir, ReadmeFile)))
	for _, want := range []string{"2 of 3 items", "2 papers", "index.html", "verify/", "Not here: 1 of 3 items", "EXERCISE"} {
		if !strings.Contains(text, want) {
			t.Errorf("README.txt does not say %q:\n%s", want, text)
		}
	}
}

// TestOldBundles reads the published bytes of version 1, which must be readable forever.
func TestOldBundles(t *testing.T) {
	want := map[string]string{
		"README.txt": "1423", "SHA256SUMS": "235", "bundle.json": "976", "entries.jsonl": "38088",
	}
	for name, bytes := range want {
		if got := fmt.Sprint(len(slurp(t, filepath.Join("testdata/v1", name)))); got != bytes {
			t.Errorf("%s has %s bytes, published were %s", name, got, bytes)
		}
	}
	b, err := Read("testdata/v1")
	if err != nil || len(b.Problems) != 0 || len(b.Entries) != 28 || b.Manifest.Version != 1 || len(b.Files) != 0 {
		t.Fatalf("%v %v", err, b)
	}
	r := b.Verify(caserecord.Anchors{Head: "PR2DK-9G3CB-P7VTG-XNKFA"})
	if r.Verdict != caserecord.VerdictGood {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
}

// TestRefusedAttachments: what cannot go in is refused before anything is written.
func TestRefusedAttachments(t *testing.T) {
	good := everything(nil).Attachments
	with := func(a Attachment) Options { return Options{Written: day, Attachments: append(slices.Clone(good), a)} }
	stranger := attach(KindEvidence, "", []byte("nobody received this"), nil)
	named := func(name string) Options { return with(attach(KindDocument, name, []byte("x"), nil)) }
	big := attach(KindDocument, "big", nil, nil)
	big.Bytes = MaxFileBytes + 1
	short := attach(KindEvidence, "", items[0], nil)
	short.Bytes--
	unhashed := attach(KindEvidence, "", items[0], nil)
	unhashed.SHA256 = ""
	for name, o := range map[string]Options{
		"no custody": with(stranger), "dots": named(".."), "hidden": named(".x"), "slash": named("a/b"), "backslash": named(`a\b`),
		"device": named("con.pdf"), "port": named("LPT1"), "space": named("a b"), "letter": named("é"), "long": named(strings.Repeat("a", maxName+1)),
		"empty": named(""), "end": named("a."), "option": named("-rf"), "twice": named("report.pdf"), "case": named("Report.PDF"), "verifier": with(attach(KindVerifier, "caseverify", nil, nil)),
		"kind": with(attach("entries", "entries.jsonl", nil, nil)), "own": with(attach(kindOwn, "README.txt", nil, nil)), "huge": with(big), "size": with(short), "hash": with(unhashed),
		"page name": with(attach(KindPage, "x", nil, nil)), "no source": with(Attachment{Kind: KindDocument, Name: "x"}),
		"withheld":         {Written: day, Attachments: good, WithholdEvidence: func(string) bool { return true }},
		"receipt withheld": {Written: day, Attachments: good, Withhold: func(e caserecord.Entry) bool { return e.Header.Kind == caserecord.EvidenceReceived }},
	} {
		dir := filepath.Join(t.TempDir(), "out")
		if _, err := Write(t.Context(), dir, caseWithEvidence(t), o); !errors.Is(err, ErrAttachment) {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) != 0 {
			t.Errorf("%s leaves %v", name, left)
		}
	}
	lies := everything(nil)
	lies.Attachments[2].SHA256 = sumOf([]byte("another"))
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := Write(t.Context(), dir, caseWithEvidence(t), lies); !errors.Is(err, ErrSource) {
		t.Errorf("another file than promised: %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a folder appeared all the same")
	}
	for _, by := range []int64{-1, 1} {
		lies = everything(nil)
		lies.Attachments[2].Bytes += by
		if _, err := Write(t.Context(), filepath.Join(t.TempDir(), "out"), caseWithEvidence(t), lies); !errors.Is(err, ErrSource) {
			t.Errorf("size off by %d: %v", by, err)
		}
	}
}

// TestWithheldEvidence: items stay out with a reason, and a withheld receipt names nothing.
func TestWithheldEvidence(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	first := sumOf(items[0])
	m, err := Write(t.Context(), dir, caseWithEvidence(t), Options{Written: day, WithholdEvidence: func(s string) bool { return s == first }})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Why{}
	for _, it := range m.Evidence {
		got[it.SHA256] = it.Why
	}
	if got[first] != WhyWithheld || got[sumOf(items[1])] != WhyNotAsked || got[sumOf(items[2])] != WhyReferenced {
		t.Errorf("%v", got)
	}
	if r := check(t, dir); r.ExitCode() != 0 {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
	dir = filepath.Join(t.TempDir(), "out")
	m, err = Write(t.Context(), dir, caseWithEvidence(t), Options{Written: day, Withhold: func(e caserecord.Entry) bool { return e.Header.Seq == 2 }})
	if err != nil || len(m.Evidence) != 2 || m.Withheld != 1 {
		t.Fatalf("%v %+v", err, m)
	}
	if bytes.Contains(slurp(t, filepath.Join(dir, ManifestFile)), []byte(first)) {
		t.Error("the hash of an item whose receipt is withheld is in bundle.json")
	}
	if r := check(t, dir); r.ExitCode() != 0 || r.Withheld != 1 {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
}

// TestHostileFolders: each thing that does not belong has its code, and exit 1.
func TestHostileFolders(t *testing.T) {
	report := filepath.Join("documents", "report.pdf")
	item := filepath.Join("evidence", sumOf(items[1]))
	for name, c := range map[string]struct {
		code caserecord.Code
		do   func(t *testing.T, dir string)
	}{
		"stray":          {CodeFileUnlisted, func(t *testing.T, dir string) { spill(t, filepath.Join(dir, "more.txt"), nil) }},
		"stray document": {CodeFileUnlisted, func(t *testing.T, dir string) { spill(t, filepath.Join(dir, "documents", "more.pdf"), nil) }},
		"stray evidence": {CodeFileUnlisted, func(t *testing.T, dir string) { spill(t, filepath.Join(dir, "evidence", sumOf(nil)), nil) }},
		"stray folder":   {CodeFileUnlisted, func(t *testing.T, dir string) { mkdir(t, filepath.Join(dir, "evidence", "deep")) }},
		"odd name":       {CodeFileName, func(t *testing.T, dir string) { spill(t, filepath.Join(dir, "a b\u202e.exe"), nil) }},
		"hidden":         {CodeFileName, func(t *testing.T, dir string) { spill(t, filepath.Join(dir, "documents", ".x"), nil) }},
		"link":           {CodeFileType, func(t *testing.T, dir string) { link(t, "/etc/hostname", filepath.Join(dir, "extra")) }},
		"link for file":  {CodeFileType, func(t *testing.T, dir string) { swapLink(t, dir, report) }},
		"link for dir":   {CodeFileType, func(t *testing.T, dir string) { swapLink(t, dir, "documents") }},
		"folder": {CodeFileType, func(t *testing.T, dir string) {
			remove(t, filepath.Join(dir, report))
			mkdir(t, filepath.Join(dir, report))
		}},
		"missing":     {caserecord.CodeBundleFile, func(t *testing.T, dir string) { remove(t, filepath.Join(dir, report)) }},
		"other bytes": {CodeFileHash, func(t *testing.T, dir string) { spill(t, filepath.Join(dir, report), []byte("%PDF rep0rt")) }},
		"other size":  {CodeFileHash, func(t *testing.T, dir string) { spill(t, filepath.Join(dir, item), items[1][:100]) }},
		"flipped item": {CodeFileHash, func(t *testing.T, dir string) {
			b := slurp(t, filepath.Join(dir, item))
			b[30000] ^= 4
			spill(t, filepath.Join(dir, item), b)
		}},
		"forged item": {CodeEvidenceUnknown, func(t *testing.T, dir string) {
			forge(t, dir, func(m *Manifest) {
				b := []byte("never received")
				spill(t, filepath.Join(dir, "evidence", sumOf(b)), b)
				m.Files = append(m.Files, File{"evidence/" + sumOf(b), int64(len(b)), sumOf(b)})
			})
		}},
		"forged list": {caserecord.CodeManifest, func(t *testing.T, dir string) {
			forge(t, dir, func(m *Manifest) { m.Evidence = slices.DeleteFunc(m.Evidence, func(it Item) bool { return !it.Here }) })
		}},
		"outside": {caserecord.CodeManifest, func(t *testing.T, dir string) {
			forge(t, dir, func(m *Manifest) { m.Files = append(m.Files, File{"../x", 0, sumOf(nil)}) })
		}},
		"other form": {caserecord.CodeManifest, func(t *testing.T, dir string) {
			spill(t, filepath.Join(dir, ManifestFile), append(slurp(t, filepath.Join(dir, ManifestFile)), ' '))
		}},
		"sums": {caserecord.CodeChecksum, func(t *testing.T, dir string) {
			spill(t, filepath.Join(dir, SumsFile), append(slurp(t, filepath.Join(dir, SumsFile)), "x\n"...))
		}},
		"swapped sums": {caserecord.CodeChecksum, func(t *testing.T, dir string) {
			l := bytes.SplitAfter(slurp(t, filepath.Join(dir, SumsFile)), []byte("\n"))
			l[3], l[4] = l[4], l[3]
			spill(t, filepath.Join(dir, SumsFile), bytes.Join(l, nil))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dir, _ := writeAll(t)
			c.do(t, dir)
			if r := check(t, dir); r.ExitCode() != 1 || !names(r, c.code, "") {
				t.Errorf("%s %v", r.Verdict, r.Problems)
			}
		})
	}
	dir, _ := writeAll(t)
	for _, name := range []string{".DS_Store", "evidence/Thumbs.db", "documents/._report.pdf"} {
		spill(t, filepath.Join(dir, filepath.FromSlash(name)), []byte("litter"))
	}
	if r := check(t, dir); r.ExitCode() != 0 {
		t.Errorf("what a desktop leaves: %v", r.Problems)
	}
	for i := range maxStrays + 50 {
		spill(t, filepath.Join(dir, "evidence", fmt.Sprintf("%064x", i)), nil)
	}
	if r := check(t, dir); len(r.Problems) != maxStrays+1 {
		t.Errorf("%d problems for many strays", len(r.Problems))
	}
}

// forge changes the manifest and makes every sum right again.
func forge(t *testing.T, dir string, lie func(*Manifest)) {
	t.Helper()
	m, err := ParseManifest(slurp(t, filepath.Join(dir, ManifestFile)))
	if err != nil {
		t.Fatal(err)
	}
	lie(m)
	slices.SortFunc(m.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	b, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	spill(t, filepath.Join(dir, ManifestFile), b)
	all := append(slices.Clone(m.Files), File{ManifestFile, int64(len(b)), sumOf(b)})
	slices.SortFunc(all, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	spill(t, filepath.Join(dir, SumsFile), []byte(sumsText(all)))
}

// TestGoesOn breaks a copy off at many places and goes on: finished files are not read again, and the result is whole.
func TestGoesOn(t *testing.T) {
	entries := caseWithEvidence(t)
	size, err := Estimate(entries, everything(nil))
	if err != nil {
		t.Fatal(err)
	}
	for stop := int64(0); stop < size.Bytes; stop += size.Bytes/9 + 1 {
		dir := filepath.Join(t.TempDir(), "court")
		ctx, cancel := context.WithCancel(t.Context())
		o := everything(nil)
		o.Progress = func(done, total int64) {
			if total != size.Bytes {
				t.Errorf("total %d, estimated %d", total, size.Bytes)
			}
			if done > stop {
				cancel()
			}
		}
		if _, err := Write(ctx, dir, entries, o); !errors.Is(err, context.Canceled) && stop < size.Bytes-1000 {
			t.Fatalf("stopped at %d: %v", stop, err)
		}
		if _, err := os.Stat(dir); err == nil {
			continue // cancelled behind the last byte
		}
		part := Unfinished(dir)
		if part == "" {
			t.Fatal("nothing is left to go on with")
		}
		kept := 0
		if left, err := os.ReadDir(filepath.Join(part, "evidence")); err == nil {
			kept = len(left)
		}
		// What a pulled plug may leave beside finished files.
		spill(t, filepath.Join(part, "README.txt"), []byte("torn"))
		spill(t, filepath.Join(part, "old.part"), []byte("half"))
		reads := map[string]int{}
		var last int64
		o = everything(reads)
		o.Written = day.Add(time.Hour)
		o.Progress = func(done, total int64) { last = done }
		if _, err := Write(t.Context(), dir, entries, o); err != nil {
			t.Fatal(err)
		}
		if got := reads["item0"] + reads["item1"]; got > 2-kept+1 || (kept == 2 && got != 0 && stop > size.Bytes-2000) {
			t.Errorf("stopped at %d: %d items kept, %d read again", stop, kept, got)
		}
		if r := check(t, dir); r.ExitCode() != 0 || len(r.Problems) != 0 || last != size.Bytes {
			t.Errorf("stopped at %d: %s %v, progress %d", stop, r.Verdict, r.Problems, last)
		}
		if Unfinished(dir) != "" {
			t.Error("something is left")
		}
	}
	dir := filepath.Join(t.TempDir(), "court")
	link(t, t.TempDir(), unfinished(dir))
	if _, err := Write(t.Context(), dir, entries, everything(nil)); err != nil {
		t.Fatal(err)
	}
	if r := check(t, dir); r.ExitCode() != 0 {
		t.Error("a link in the place of the unfinished copy was followed")
	}
	mkdir(t, unfinished(dir))
	if err := Discard(dir); err != nil || Unfinished(dir) != "" {
		t.Error("not discarded")
	}
}

// fullDisk takes a number of bytes and then says what a full disk says.
type fullDisk struct {
	file
	left *int
	err  error
}

func (f fullDisk) Write(b []byte) (int, error) {
	if *f.left -= len(b); *f.left < 0 {
		return 0, f.err
	}
	return f.file.Write(b)
}

// TestFullDisk names a full disk and a file too large for the disk.
func TestFullDisk(t *testing.T) {
	plan, err := Prepare(t.Context(), caseWithEvidence(t), everything(nil))
	if err != nil {
		t.Fatal(err)
	}
	for want, sys := range map[error]error{ErrDiskFull: syscall.ENOSPC, ErrTooLarge: syscall.EFBIG} {
		if os.PathSeparator == '\\' {
			t.Skip("NOT CHECKED on Windows: its numbers are others")
		}
		root, err := os.OpenRoot(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		left := 40_000
		w := &folder{root: root, total: plan.Size().Bytes, create: func(name string) (file, error) {
			f, err := createIn(root)(name)
			return fullDisk{f, &left, &os.PathError{Op: "write", Path: name, Err: sys}}, err
		}}
		if err := NoRoom(w.fill(t.Context(), plan)); !errors.Is(err, want) || !strings.Contains(err.Error(), "the disk") {
			t.Errorf("%v", err)
		}
		if err := root.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCodesAreDocumented holds record-format.md to this package: every code with its exit, every file, the reasons.
func TestCodesAreDocumented(t *testing.T) {
	doc := string(slurp(t, "../../doc/record-format.md"))
	for _, c := range []caserecord.Code{CodeFileUnlisted, CodeFileName, CodeFileType, CodeFileHash, CodeEvidenceUnknown} {
		if !strings.Contains(doc, fmt.Sprintf("| `%s` | 1 |", c)) {
			t.Errorf("record-format.md lacks the code %s", c)
		}
	}
	for _, word := range append([]string{EntriesFile, ManifestFile, ReadmeFile, SumsFile, PageFile, PrivilegeFile, "evidence/", "documents/",
		string(WhyReferenced), string(WhyNotAsked), string(WhyWithheld), string(WhyPurged), fmt.Sprint(maxName)}, Verifiers...) {
		if !strings.Contains(doc, word) {
			t.Errorf("record-format.md does not name %s", word)
		}
	}
	b, err := json.Marshal(Manifest{Files: []File{{}}, Evidence: []Item{{Why: "x"}}, Heads: []AuthorHead{{}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(b), `"`) {
		if strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789_") == "" && part != "" && part != "x" && !strings.Contains(doc, "`"+part+"`") {
			t.Errorf("record-format.md does not name the field %s", part)
		}
	}
}

// FuzzManifest: any bytes give an error or a manifest whose own form they are.
func FuzzManifest(f *testing.F) {
	f.Add(slurp(f, "testdata/v1/bundle.json"))
	plan, err := Prepare(context.Background(), caseWithEvidence(f), everything(nil))
	if err != nil {
		f.Fatal(err)
	}
	b, err := plan.manifest.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"format":"adjutant-bundle","version":2}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ParseManifest(b)
		if err != nil || m.Version == versionOne {
			return
		}
		again, err := m.encode()
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("a second form was accepted: %v", err)
		}
		for _, f := range m.Files {
			if strings.Contains(f.Name, "..") && !strings.Contains(filepath.Base(f.Name), "..") || strings.Count(f.Name, "/") > 1 || filepath.IsAbs(f.Name) {
				t.Fatalf("a name that leads away: %q", f.Name)
			}
		}
	})
}

func mkdir(t testing.TB, path string) {
	t.Helper()
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
}

func remove(t testing.TB, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func link(t testing.TB, to, path string) {
	t.Helper()
	if err := os.Symlink(to, path); err != nil {
		t.Skipf("NOT CHECKED: no symbolic links here: %v", err)
	}
}

// swapLink moves a file or folder out of the bundle and puts a link in its place.
func swapLink(t testing.TB, dir, name string) {
	t.Helper()
	away := filepath.Join(t.TempDir(), "away")
	if err := os.Rename(filepath.Join(dir, name), away); err != nil {
		t.Fatal(err)
	}
	link(t, away, filepath.Join(dir, name))
}
