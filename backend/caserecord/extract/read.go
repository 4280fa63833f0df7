package extract

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"adjutant/backend/caserecord"
)

// Extract is what Read found in a folder.
type Extract struct {
	Manifest *Manifest            // nil when extract.json cannot be read
	Shown    []Shown              // in file order, well-formed; signatures and proofs are not yet checked
	Problems []caserecord.Problem // what is wrong with the files; Verify reports them
}

// Is reports whether a folder says that it is an extract, by holding extract.json.
func Is(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, ManifestFile))
	return err == nil
}

// Read reads a folder from anywhere. Whatever is wrong inside becomes a problem; the error is only for a path that is no
// folder or cannot be listed.
func Read(dir string) (*Extract, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("extract: %s is not a folder", dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	defer root.Close()
	r := &reader{root: root, sums: map[string]string{}, lineOf: map[caserecord.ID]int{}}
	r.manifest()
	r.entries()
	r.small(ReadmeFile)
	r.documents()
	if err := r.listing(); err != nil {
		return nil, fmt.Errorf("extract: list %s: %w", dir, err)
	}
	r.order()
	r.compare()
	r.checksums()
	return &r.x, nil
}

type reader struct {
	x      Extract
	root   *os.Root
	sums   map[string]string // file -> SHA-256 as read
	lineOf map[caserecord.ID]int
	broken bool // a line is not sound, so that counts and order say nothing
}

func (r *reader) problem(code caserecord.Code, entry, format string, a ...any) {
	r.x.Problems = append(r.x.Problems, caserecord.Problem{Code: code, Entry: entry, Text: fmt.Sprintf(format, a...)})
}

// small reads one of the small files and keeps its checksum.
func (r *reader) small(name string) []byte {
	most := int64(maxSmall)
	if name == ManifestFile {
		most = maxManifest
	}
	b, err := readFile(r.root, name, most)
	if err != nil {
		r.problem(CodeFile, name, "cannot be read: %s", cause(err))
		return nil
	}
	r.sums[name] = hexSum(b)
	return b
}

// cause is an error without the path, which is the verifying person's business.
func cause(err error) string {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

func (r *reader) manifest() {
	b := r.small(ManifestFile)
	if b == nil {
		return
	}
	m, err := parseManifest(b)
	if err != nil {
		r.problem(caserecord.CodeManifest, ManifestFile, "%v", err)
		return
	}
	r.x.Manifest = m
}

func (r *reader) entries() {
	f, err := openRegular(r.root, EntriesFile)
	if err != nil {
		r.problem(CodeFile, EntriesFile, "cannot be read: %s", cause(err))
		r.broken = true
		return
	}
	defer f.Close()
	sum := sha256.New()
	if err := r.lines(io.LimitReader(f, MaxEntriesBytes+1), sum); err != nil {
		r.problem(CodeFile, EntriesFile, "cannot be read to its end: %s", cause(err))
		r.broken = true
	}
	r.sums[EntriesFile] = hex.EncodeToString(sum.Sum(nil))
}

// lines reads lines of bounded length; what is longer is named and passed over.
func (r *reader) lines(f io.Reader, sum hash.Hash) error {
	in := bufio.NewReaderSize(io.TeeReader(f, sum), maxLine)
	total := 0
	for n := 1; ; n++ {
		line, err := in.ReadSlice('\n')
		total += len(line)
		head := bytes.Clone(line[:min(len(line), len(lineHead)+idDigits)])
		long := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) {
			line, err = in.ReadSlice('\n')
			total += len(line)
		}
		switch {
		case long:
			r.damage(caserecord.CodeForm, statedID(head), n, "longer than %d bytes", maxLine)
		case err == nil:
			r.line(n, line[:len(line)-1])
		case len(line) > 0:
			r.damage(caserecord.CodeForm, statedID(head), n, "the line has no end")
		}
		switch {
		case total > MaxEntriesBytes:
			return fmt.Errorf("longer than %d bytes", MaxEntriesBytes)
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case n >= MaxEntries:
			return fmt.Errorf("more than %d entries", MaxEntries)
		}
	}
}

// damage names an entry that is not sound, by its id if any is known, else by its line.
func (r *reader) damage(code caserecord.Code, id caserecord.ID, n int, format string, a ...any) {
	name := string(id)
	if name == "" {
		name = fmt.Sprintf("line %d", n)
	}
	r.broken = true
	r.problem(code, name, "line %d: %s", n, fmt.Sprintf(format, a...))
}

func (r *reader) line(n int, line []byte) {
	s, err := parseLine(line)
	if err != nil {
		code, text := caserecord.CodeForm, strings.TrimPrefix(err.Error(), "checkpoint: ")
		var ee *caserecord.EntryError
		if errors.As(err, &ee) {
			code, text = ee.Code, strings.TrimPrefix(err.Error(), "caserecord: ")
		}
		r.damage(code, statedID(line), n, "%s", text)
		if s.Entry.ID == "" {
			return
		}
	}
	if first, ok := r.lineOf[s.Entry.ID]; ok {
		r.damage(caserecord.CodeDuplicate, s.Entry.ID, n, "stands in line %d already", first)
		return
	}
	r.lineOf[s.Entry.ID] = n
	r.x.Shown = append(r.x.Shown, s)
}

// order checks that the lines stand in the causal order of what is here.
func (r *reader) order() {
	if r.broken {
		return
	}
	entries := make([]caserecord.Entry, len(r.x.Shown))
	for i, s := range r.x.Shown {
		entries[i] = s.Entry
	}
	for i, want := range caserecord.CausalOrder(entries) {
		if want.ID != entries[i].ID {
			r.problem(caserecord.CodeOrder, string(entries[i].ID), "stands in line %d, where entry %s belongs", i+1, want.ID)
			return
		}
	}
}

// compare holds what extract.json counts and names against the entries.
func (r *reader) compare() {
	m := r.x.Manifest
	if m == nil || r.broken {
		return
	}
	withheld := 0
	authors := map[caserecord.Author]bool{}
	for _, s := range r.x.Shown {
		authors[s.Entry.Header.Author] = true
		if s.Entry.Withheld() {
			withheld++
		}
		if d, ok := s.Entry.Content().(*caserecord.CaseOpenedData); ok && s.Entry.Header.Case == m.Case && (d.Name != m.Name || d.TLP != m.TLP) {
			r.problem(caserecord.CodeManifest, ManifestFile, "name or sharing limit is not the one of the opening")
		}
	}
	switch n := len(r.x.Shown); {
	case n < m.Entries:
		r.problem(caserecord.CodeTruncated, "", "%d entries are here, %s says %d", n, ManifestFile, m.Entries)
	case n > m.Entries || withheld != m.Withheld:
		r.problem(caserecord.CodeManifest, ManifestFile, "%d entries are here, %d of them without body; it says %d and %d", n, withheld, m.Entries, m.Withheld)
	default:
		for _, l := range m.Logs {
			if !authors[l.Author] {
				r.problem(caserecord.CodeManifest, ManifestFile, "holds a checkpoint of %s, of whom nothing is shown", caserecord.KeyCode(l.Author))
			}
		}
	}
}

// documents hashes the papers that extract.json lists.
func (r *reader) documents() {
	if r.x.Manifest == nil {
		return
	}
	for _, d := range r.x.Manifest.Documents {
		name := DocumentsDir + "/" + d.Name
		n, sum, err := hashFile(r.root, name, d.Bytes)
		if err != nil {
			r.problem(CodeFile, name, "cannot be read: %s", cause(err))
			continue
		}
		r.sums[name] = sum
		if n != d.Bytes || sum != d.SHA256 {
			r.problem(CodeDocument, name, "is not the document that %s lists", ManifestFile)
		}
	}
}

// listing names what lies in the folder and is vouched for by nothing.
func (r *reader) listing() error {
	known := map[string]bool{ManifestFile: true, EntriesFile: true, ReadmeFile: true, SumsFile: true}
	docs := map[string]bool{}
	if m := r.x.Manifest; m != nil {
		known[DocumentsDir] = len(m.Documents) > 0
		for _, d := range m.Documents {
			docs[d.Name] = true
		}
	}
	names, err := firstNames(r.root, ".", len(known)+1)
	if err != nil {
		return err
	}
	for _, name := range names {
		if !known[name] {
			r.problem(CodeUnlisted, fmt.Sprintf("%.120q", name), "%s does not list it", ManifestFile)
		}
	}
	info, err := r.root.Lstat(DocumentsDir)
	if err != nil || len(docs) == 0 {
		return nil // a missing folder shows at its documents
	}
	if !info.IsDir() {
		r.problem(CodeFile, DocumentsDir, "is not a folder")
		return nil
	}
	names, err = firstNames(r.root, DocumentsDir, len(docs)+1)
	if err != nil {
		r.problem(CodeFile, DocumentsDir, "cannot be listed: %s", cause(err))
	}
	for _, name := range names {
		if !docs[name] {
			r.problem(CodeUnlisted, fmt.Sprintf("%s/%.120q", DocumentsDir, name), "%s does not list it", ManifestFile)
		}
	}
	return nil
}

// checksums compares the files with SHA256SUMS. It guards against accidents: a forger writes new sums.
func (r *reader) checksums() {
	b := r.small(SumsFile)
	if b == nil || r.x.Manifest == nil {
		return
	}
	delete(r.sums, SumsFile)
	got, want := strings.Split(string(b), "\n"), strings.Split(sumsText(r.sums), "\n")
	for i, line := range want {
		if i >= len(got) || got[i] != line {
			_, name, _ := strings.Cut(line, "  ")
			r.problem(caserecord.CodeChecksum, name, "the file and its line in %s differ", SumsFile)
			return
		}
	}
	if len(got) != len(want) {
		r.problem(caserecord.CodeChecksum, SumsFile, "lists other files than it should")
	}
}
