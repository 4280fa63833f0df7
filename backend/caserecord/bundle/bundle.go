// Package bundle writes and reads the plain exchange form of a case record: a folder that anyone can read with a text
// editor and check with caseverify, without a secret.
//
// It stands after the record in the flow: workbench exports with Write, cmd/caseverify and merging read with Read. It
// keeps true that entries travel byte for byte, that reading never trusts what the folder says of itself (every claim
// becomes a comparison, every difference a named problem), and that a folder appears whole or not at all.
//
// The layout is specified in backend/doc/record-format.md §7: entries.jsonl, bundle.json, README.txt, SHA256SUMS.
// It deliberately encrypts nothing; an encrypted bundle is this folder inside an age file.
package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

// The files of a bundle.
const (
	EntriesFile  = "entries.jsonl"
	ManifestFile = "bundle.json"
	ReadmeFile   = "README.txt"
	SumsFile     = "SHA256SUMS"
)

// Format and Version stand in every manifest. A change of the layout is a new version.
const (
	Format  = "adjutant-bundle"
	Version = 1
)

// Manifest is bundle.json: what the writer says is inside. Nothing in it is believed; it helps to name what is missing.
type Manifest struct {
	Format   string        `json:"format"`
	Version  int           `json:"version"`
	Case     string        `json:"case"`
	Name     string        `json:"name"`
	Mode     incident.Mode `json:"mode"`
	TLP      incident.TLP  `json:"tlp"`
	Exercise bool          `json:"exercise"` // a drill: fictional signers, no real incident
	Written  string        `json:"written"`  // RFC 3339
	Entries  int           `json:"entries"`
	Withheld int           `json:"withheld"`
	Head     string        `json:"head"`
	HeadCode string        `json:"head_code"`
	Heads    []AuthorHead  `json:"heads"` // newest entry of each chain, by author, then entry
}

// AuthorHead is the end of one author's chain.
type AuthorHead struct {
	Author caserecord.Author `json:"author"`
	Seq    uint64            `json:"seq"`
	Entry  caserecord.ID     `json:"entry"`
}

// Options for Write.
type Options struct {
	Written  time.Time                   // injected clock
	Withhold func(caserecord.Entry) bool // bodies to leave out; nil for none. Openings and admissions stay
}

// ErrNotEmpty is returned by Write for a folder that holds something already.
var ErrNotEmpty = errors.New("bundle: the folder is not empty")

// ErrNoEntries is returned by Write for nothing to write.
var ErrNoEntries = errors.New("bundle: no entries")

// Write makes the folder dir, which must not exist or be empty, from the entries of one case. It appears whole, synced
// to disk, or not at all.
func Write(dir string, entries []caserecord.Entry, o Options) (Manifest, error) {
	if len(entries) == 0 {
		return Manifest{}, ErrNoEntries
	}
	if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
		return Manifest{}, fmt.Errorf("%w: %s", ErrNotEmpty, dir)
	}
	dir = filepath.Clean(dir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return Manifest{}, fmt.Errorf("bundle: folder: %w", err)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), ".bundle-*")
	if err != nil {
		return Manifest{}, fmt.Errorf("bundle: folder: %w", err)
	}
	m, err := fill(tmp, caserecord.CausalOrder(entries), o)
	if err == nil {
		os.Remove(dir) //nolint:errcheck // an empty folder, or nothing: Rename reports what is in the way
		err = os.Rename(tmp, dir)
	}
	if err != nil {
		os.RemoveAll(tmp) //nolint:errcheck // the error that counts is the first
		return Manifest{}, fmt.Errorf("bundle: write %s: %w", dir, err)
	}
	return m, syncDir(filepath.Dir(dir))
}

func fill(dir string, entries []caserecord.Entry, o Options) (Manifest, error) {
	if o.Withhold != nil {
		for i, e := range entries {
			if o.Withhold(e) {
				entries[i] = e.WithoutBody()
			}
		}
	}
	m := describe(entries, o)
	manifest, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return m, err
	}
	lines, err := writeEntries(filepath.Join(dir, EntriesFile), entries)
	if err != nil {
		return m, err
	}
	files := map[string][]byte{ManifestFile: append(manifest, '\n'), ReadmeFile: []byte(readme(m))}
	sums := map[string]string{EntriesFile: lines}
	for name, b := range files {
		if err := writeFile(filepath.Join(dir, name), b); err != nil {
			return m, err
		}
		sum := sha256.Sum256(b)
		sums[name] = hex.EncodeToString(sum[:])
	}
	var text strings.Builder
	for _, name := range listed {
		fmt.Fprintf(&text, "%s  %s\n", sums[name], name)
	}
	if err := writeFile(filepath.Join(dir, SumsFile), []byte(text.String())); err != nil {
		return m, err
	}
	return m, syncDir(dir)
}

// listed are the files in SHA256SUMS, in its order.
var listed = []string{ReadmeFile, ManifestFile, EntriesFile}

func describe(entries []caserecord.Entry, o Options) Manifest {
	s := caserecord.Fold(entries)
	m := Manifest{
		Format: Format, Version: Version, Case: s.Case.ID, Name: s.Case.Name, Mode: s.Case.Mode, TLP: s.Case.TLP,
		Exercise: s.Case.Mode == incident.ModeExercise, Written: o.Written.UTC().Format(time.RFC3339),
		Entries: len(entries), Head: s.Head, HeadCode: caserecord.HeadCode(s.Head), Heads: headsOf(entries),
	}
	for _, e := range entries {
		if e.Withheld() {
			m.Withheld++
		}
	}
	return m
}

// headsOf lists the entries that no other entry of the same author follows.
func headsOf(entries []caserecord.Entry) []AuthorHead {
	followed := map[caserecord.ID]bool{}
	for _, e := range entries {
		followed[e.Header.Prev] = true
	}
	heads := []AuthorHead{}
	for _, e := range entries {
		if !followed[e.ID] {
			heads = append(heads, AuthorHead{e.Header.Author, e.Header.Seq, e.ID})
		}
	}
	slices.SortFunc(heads, func(a, b AuthorHead) int {
		return strings.Compare(string(a.Author)+string(a.Entry), string(b.Author)+string(b.Entry))
	})
	return heads
}

// parseManifest reads bundle.json, known fields only.
func parseManifest(b []byte) (*Manifest, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var m Manifest
	if err := dec.Decode(&m); err != nil {
		return nil, err
	}
	if m.Format != Format || m.Version != Version {
		return nil, fmt.Errorf("format %.40q version %d: this program reads %s version %d", m.Format, m.Version, Format, Version)
	}
	return &m, nil
}
