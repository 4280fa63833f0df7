package extract

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

// Options for Write.
type Options struct {
	Entries     []caserecord.Entry          // the whole record as the writer has it: proofs are made from it
	Chosen      []caserecord.ID             // what is shown; Needed is added
	Withhold    func(caserecord.Entry) bool // chosen entries that are shown without their body; nil for none
	Checkpoints [][]byte                    // signed notes of authors; those that the record holds (checkpoint.made) are found
	Against     [][]byte                    // checkpoints that the reader may hold: consistency is proved to each
	Documents   []Document
	To          string // for whom, one line
	Reason      string // what for, one line
	Written     time.Time
	// Before is called when the extract lies whole and checked in its hidden folder, right before it gets its name; with an
	// error from it there is no extract. nil for nothing.
	Before func() error
}

// Document is a paper that goes along. Its name ends in .pdf and holds letters, digits, dots, hyphens and underscores.
type Document struct {
	Name    string
	Content []byte
}

// What Write refuses, beside errors of the file system.
var (
	// ErrNotEmpty: the folder holds something already.
	ErrNotEmpty = errors.New("extract: the folder is not empty")
	// ErrUnknownEntry: nothing is chosen, or an entry that is not in the record.
	ErrUnknownEntry = errors.New("extract: no such entry in the record")
	// ErrNoCheckpoint: no checkpoint reaches to an entry that is shown. See CoverError for whose is needed.
	ErrNoCheckpoint = errors.New("extract: no signed checkpoint reaches so far")
	// ErrOtherHistory: a checkpoint that was handed in, signed, does not fit the record. Somebody's chain was rewritten.
	ErrOtherHistory = errors.New("extract: a signed checkpoint does not fit the record")
	// ErrBadCheckpoint: what was handed in as a checkpoint is none, or of another case.
	ErrBadCheckpoint = errors.New("extract: not a signed checkpoint of this case")
	// ErrDocument: a name or size that an extract cannot hold, or two of one name.
	ErrDocument = errors.New("extract: a document cannot go along")
	// ErrBounds: words, entries or checkpoints beyond the bounds of the format.
	ErrBounds = errors.New("extract: outside the bounds of the format")
	// ErrUnsound: what was written does not verify, so nothing is left of it. The record itself is damaged.
	ErrUnsound = errors.New("extract: the entries do not verify")
)

// CoverError names the author of whom a checkpoint of at least Need entries is missing. It wraps ErrNoCheckpoint.
type CoverError struct {
	Author caserecord.Author
	Need   uint64
}

func (e *CoverError) Error() string {
	return fmt.Sprintf("%v: a checkpoint of key %s over at least %d entries is needed", ErrNoCheckpoint, caserecord.KeyCode(e.Author), e.Need)
}

// Unwrap gives ErrNoCheckpoint.
func (e *CoverError) Unwrap() error { return ErrNoCheckpoint }

// unfinished is where an extract to dir grows; the name follows from the target, so that the next call finds what a killed
// one left.
func unfinished(dir string) string {
	dir = filepath.Clean(dir)
	return filepath.Join(filepath.Dir(dir), ".extract-"+hexSum([]byte(filepath.Base(dir)))[:16]+".part")
}

// Unfinished names the folder of an extract to dir that was broken off, "" when there is none.
func Unfinished(dir string) string {
	part := unfinished(dir)
	if _, err := os.Lstat(part); err != nil {
		return ""
	}
	return part
}

// Write makes the folder dir, which must not exist or be empty. It appears whole, synced to disk and verified, or not at
// all. The same options give the same bytes. A killed call leaves a hidden folder, which the next one to dir removes.
func Write(dir string, o Options) (Manifest, error) {
	if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
		return Manifest{}, fmt.Errorf("%w: %s", ErrNotEmpty, dir)
	}
	m, shown, err := prepare(o)
	if err != nil {
		return Manifest{}, err
	}
	dir = filepath.Clean(dir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return Manifest{}, fmt.Errorf("extract: folder: %w", err)
	}
	tmp := unfinished(dir)
	if err := errors.Join(os.RemoveAll(tmp), os.Mkdir(tmp, 0o700)); err != nil {
		return Manifest{}, fmt.Errorf("extract: folder: %w", err)
	}
	err = fill(tmp, m, shown, o.Documents)
	if err == nil {
		err = selfCheck(tmp, o.Against)
	}
	if err == nil && o.Before != nil {
		err = o.Before()
	}
	if err == nil {
		os.Remove(dir) //nolint:errcheck // an empty folder, or nothing: Rename reports what is in the way
		err = os.Rename(tmp, dir)
	}
	if err != nil {
		os.RemoveAll(tmp) //nolint:errcheck // the error that counts is the first
		return Manifest{}, fmt.Errorf("extract: write %s: %w", dir, err)
	}
	return m, syncDir(filepath.Dir(dir))
}

// selfCheck reads back what was written. Only what is damaged is refused: a record may be incomplete and still be shown.
func selfCheck(dir string, against [][]byte) error {
	x, err := Read(dir)
	if err != nil {
		return err
	}
	r := x.Verify(caserecord.Anchors{}, against...)
	for _, p := range r.Problems {
		if exit := exitOf(p.Code); exit == 1 || exit == 4 {
			return fmt.Errorf("%w: [%s] %s %s", ErrUnsound, p.Code, p.Entry, p.Text)
		}
	}
	return nil
}

// prepare decides what is shown under which checkpoints, and proves it.
func prepare(o Options) (Manifest, []Shown, error) {
	all := caserecord.CausalOrder(o.Entries)
	chosen := map[caserecord.ID]bool{}
	for _, id := range o.Chosen {
		chosen[id] = true
	}
	needed := map[caserecord.ID]bool{}
	for _, id := range Needed(all, o.Chosen) {
		needed[id] = true
	}
	var show []caserecord.Entry
	for _, e := range all {
		switch {
		case needed[e.ID]:
			show = append(show, e)
		case chosen[e.ID]:
			delete(chosen, e.ID)
			if o.Withhold != nil && o.Withhold(e) {
				e = e.WithoutBody()
			}
			show = append(show, e)
		}
	}
	if len(o.Chosen) == 0 || len(chosen) > 0 {
		return Manifest{}, nil, fmt.Errorf("%w: %d of %d chosen", ErrUnknownEntry, len(chosen), len(o.Chosen))
	}
	m := describe(show, o)
	docs, err := listDocuments(o.Documents)
	if err != nil {
		return m, nil, err
	}
	m.Documents = docs
	p, err := newProver(all, show, o)
	if err != nil {
		return m, nil, err
	}
	shown, err := p.prove(&m, caserecord.CausalOrder(show)) // the order that a reader can compute from what is shown
	if err != nil {
		return m, nil, err
	}
	if err := m.check(); err != nil {
		return m, nil, fmt.Errorf("%w: %v", ErrBounds, err)
	}
	return m, shown, nil
}

// describe fills what follows from the entries and the options.
func describe(show []caserecord.Entry, o Options) Manifest {
	m := Manifest{
		Format: Format, Version: Version, Written: o.Written.UTC().Format(time.RFC3339), To: o.To, Reason: o.Reason,
		Entries: len(show), Documents: []DocumentFile{}, Logs: []AuthorLog{},
		Case: show[0].Header.Case, Mode: show[0].Header.Mode,
	}
	m.Exercise = m.Mode == incident.ModeExercise
	for _, e := range show {
		if d, ok := e.Content().(*caserecord.CaseOpenedData); ok && e.Header.Case == m.Case {
			m.Name, m.TLP = d.Name, d.TLP
		}
		if e.Withheld() {
			m.Withheld++
		}
	}
	return m
}

func listDocuments(docs []Document) ([]DocumentFile, error) {
	out, total := []DocumentFile{}, int64(0)
	for _, d := range docs {
		if total += int64(len(d.Content)); !goodName(d.Name) || total > MaxDocumentBytes {
			return nil, fmt.Errorf("%w: %.120q", ErrDocument, d.Name)
		}
		if slices.ContainsFunc(out, func(x DocumentFile) bool { return strings.EqualFold(x.Name, d.Name) }) {
			return nil, fmt.Errorf("%w: %q comes twice", ErrDocument, d.Name)
		}
		out = append(out, DocumentFile{d.Name, int64(len(d.Content)), hexSum(d.Content)})
	}
	if len(out) > MaxDocuments {
		return nil, fmt.Errorf("%w: more than %d", ErrDocument, MaxDocuments)
	}
	slices.SortFunc(out, func(a, b DocumentFile) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func fill(dir string, m Manifest, shown []Shown, docs []Document) error {
	manifest, err := m.encode()
	if err != nil {
		return err
	}
	if len(manifest) > maxManifest {
		return fmt.Errorf("%w: %s would have %d bytes", ErrBounds, ManifestFile, len(manifest))
	}
	var lines bytes.Buffer
	for _, s := range shown {
		lines.Write(append(appendLine(nil, s), '\n'))
	}
	if lines.Len() > MaxEntriesBytes {
		return fmt.Errorf("%w: %s would have %d bytes", ErrBounds, EntriesFile, lines.Len())
	}
	files := map[string][]byte{ManifestFile: manifest, EntriesFile: lines.Bytes(), ReadmeFile: []byte(readme(m))}
	if len(docs) > 0 {
		if err := os.Mkdir(filepath.Join(dir, DocumentsDir), 0o755); err != nil {
			return err
		}
	}
	for _, d := range docs {
		files[DocumentsDir+"/"+d.Name] = d.Content
	}
	sums := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		sums[name] = hexSum(files[name])
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(name)), files[name]); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(dir, SumsFile), []byte(sumsText(sums))); err != nil {
		return err
	}
	if len(docs) > 0 {
		if err := syncDir(filepath.Join(dir, DocumentsDir)); err != nil {
			return err
		}
	}
	return syncDir(dir)
}

// sumsText lists files as sha256sum does, ascending by name.
func sumsText(sums map[string]string) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		fmt.Fprintf(&text, "%s  %s\n", sums[name], name)
	}
	return text.String()
}

func sortedAuthors[V any](m map[caserecord.Author]V) []caserecord.Author {
	return slices.Sorted(maps.Keys(m))
}
