package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
	"adjutant/backend/incident"
)

// Format and Version stand in every manifest. A change of the layout is a new version; version 1 (the record alone) is
// still read.
const (
	Format     = "adjutant-bundle"
	Version    = 2
	versionOne = 1
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
	Heads    []AuthorHead  `json:"heads"`    // newest entry of each chain, by author, then entry
	Evidence []Item        `json:"evidence"` // every item that the entries here name, by SHA-256; nil in version 1
	Files    []File        `json:"files"`    // all but bundle.json and SHA256SUMS, by name; nil in version 1
}

// AuthorHead is the end of one author's chain.
type AuthorHead struct {
	Author caserecord.Author `json:"author"`
	Seq    uint64            `json:"seq"`
	Entry  caserecord.ID     `json:"entry"`
}

// File is one file of the bundle. Name has at most one folder, parted by "/".
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Item is one item of evidence that the record names, here or not.
type Item struct {
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"` // as taken into custody; 0 when that receipt is not here
	Here   bool   `json:"here"`
	Why    Why    `json:"why,omitempty"` // why the bytes are not here
}

// Why is the closed list of reasons for which an item's bytes stay out.
type Why string

// The reasons.
const (
	WhyReferenced Why = "referenced"    // the case never held the bytes: they stay on a disk of their own
	WhyNotAsked   Why = "not asked for" // the case holds them, this copy was made without
	WhyWithheld   Why = "withheld"      // somebody decided that this reader may not have them
	WhyPurged     Why = "purged"        // the record says that the bytes were deleted
)

// Whys lists the reasons.
var Whys = []Why{WhyReferenced, WhyNotAsked, WhyWithheld, WhyPurged}

// absent says in words how many items of evidence are not here, "" when all are.
func (m *Manifest) absent() string {
	count, n := map[Why]int{}, 0
	for _, it := range m.Evidence {
		if !it.Here {
			n, count[it.Why] = n+1, count[it.Why]+1
		}
	}
	if n == 0 {
		return ""
	}
	var parts []string
	for _, w := range Whys {
		if count[w] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[w], w))
		}
	}
	return fmt.Sprintf("%d of %d items of evidence are named by the record and not here: %s", n, len(m.Evidence), strings.Join(parts, ", "))
}

func describe(entries []caserecord.Entry, written time.Time) (Manifest, *caserecord.State) {
	s := caserecord.Fold(entries)
	m := Manifest{
		Format: Format, Version: Version, Case: s.Case.ID, Name: s.Case.Name, Mode: s.Case.Mode, TLP: s.Case.TLP,
		Exercise: s.Case.Mode == incident.ModeExercise, Written: written.UTC().Format(time.RFC3339),
		Entries: len(entries), Head: s.Head, HeadCode: caserecord.HeadCode(s.Head), Heads: headsOf(entries),
		Evidence: itemsOf(s),
	}
	for _, e := range entries {
		if e.Withheld() {
			m.Withheld++
		}
	}
	return m, s
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

// itemsOf lists the evidence of the record, none of it here yet. An item whose receipts are withheld is not among them,
// so that the list gives nothing away.
func itemsOf(s *caserecord.State) []Item {
	items := make([]Item, 0, len(s.Evidence))
	for _, e := range s.Evidence {
		it := Item{SHA256: e.SHA256, Why: WhyReferenced}
		for _, r := range e.Received {
			it.Bytes = r.Data.Bytes
			if r.Data.Kept != caserecord.KeptReferenced {
				it.Why = WhyNotAsked
			}
		}
		if len(e.Received) == 0 {
			it.Why = WhyNotAsked // only its import is known here
		}
		if s.PurgeOf(e.SHA256) != nil {
			it.Why = WhyPurged
		}
		items = append(items, it)
	}
	slices.SortFunc(items, func(a, b Item) int { return strings.Compare(a.SHA256, b.SHA256) })
	return items
}

func (m Manifest) encode() ([]byte, error) {
	b, err := json.MarshalIndent(m, "", "  ")
	return append(b, '\n'), err
}

// ParseManifest reads bundle.json of any version, known fields only. What it says of files has been checked for form
// (names, order, sizes), not for truth. Version 2 has one byte form: fields in order, two spaces of indent, one line feed.
func ParseManifest(b []byte) (*Manifest, error) {
	if len(b) > MaxManifest {
		return nil, fmt.Errorf("longer than %d bytes", MaxManifest)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	var m Manifest
	if err := dec.Decode(&m); err != nil {
		return nil, err
	}
	if m.Format != Format || m.Version < versionOne || m.Version > Version {
		return nil, fmt.Errorf("format %.40q version %d: this program reads %s versions 1 to %d", m.Format, m.Version, Format, Version)
	}
	if m.Version == versionOne {
		if _, err := dec.Token(); err != io.EOF {
			return nil, fmt.Errorf("something follows the end")
		}
		if m.Files != nil || m.Evidence != nil {
			return nil, fmt.Errorf("version 1 lists no files")
		}
		return &m, nil
	}
	again, err := m.encode()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, b) {
		return nil, fmt.Errorf("not in the one form of version %d", m.Version)
	}
	if m.Heads == nil || m.Evidence == nil {
		return nil, fmt.Errorf("a list is missing")
	}
	if err := m.checkFiles(); err != nil {
		return nil, err
	}
	if err := m.checkItems(); err != nil {
		return nil, err
	}
	return &m, nil
}

// checkFiles holds the list of files to its form.
func (m *Manifest) checkFiles() error {
	if len(m.Files) > MaxFiles {
		return fmt.Errorf("more than %d files", MaxFiles)
	}
	folded := map[string]bool{}
	for i, f := range m.Files {
		kind, own, ok := KindOf(f.Name)
		switch lower := strings.ToLower(f.Name); {
		case !ok:
			return fmt.Errorf("%.120q is no name of a file in a bundle", f.Name)
		case i > 0 && m.Files[i-1].Name >= f.Name:
			return fmt.Errorf("%.120q stands out of order or twice", f.Name)
		case folded[lower]:
			return fmt.Errorf("%.120q differs from another name by case alone", f.Name)
		case !isSHA256(f.SHA256) || f.Bytes < 0 || f.Bytes > MaxFileBytes:
			return fmt.Errorf("%.120q has no SHA-256 or an impossible size", f.Name)
		case kind == KindEvidence && own != f.SHA256:
			return fmt.Errorf("%.120q is not named by its SHA-256", f.Name)
		default:
			folded[lower] = true
		}
	}
	for _, name := range []string{ReadmeFile, EntriesFile} {
		if _, ok := m.File(name); !ok {
			return fmt.Errorf("%s is not listed", name)
		}
	}
	return nil
}

// checkItems holds the list of evidence to its form and to the list of files.
func (m *Manifest) checkItems() error {
	if len(m.Evidence) > MaxItems {
		return fmt.Errorf("more than %d items of evidence", MaxItems)
	}
	for i, it := range m.Evidence {
		f, here := m.File(evidenceDir + "/" + it.SHA256)
		switch {
		case !isSHA256(it.SHA256) || it.Bytes < 0:
			return fmt.Errorf("item %d has no SHA-256 or an impossible size", i+1)
		case i > 0 && m.Evidence[i-1].SHA256 >= it.SHA256:
			return fmt.Errorf("item %s stands out of order or twice", it.SHA256)
		case it.Here != here || (here && f.Bytes != it.Bytes):
			return fmt.Errorf("item %s and the list of files differ", it.SHA256)
		case it.Here != (it.Why == ""):
			return fmt.Errorf("item %s is neither here nor is it said why not", it.SHA256)
		case it.Why != "" && !slices.Contains(Whys, it.Why):
			return fmt.Errorf("item %s: unknown reason %.40q", it.SHA256, it.Why)
		}
	}
	return nil
}

// File finds a listed file by name.
func (m *Manifest) File(name string) (File, bool) {
	i, ok := slices.BinarySearchFunc(m.Files, name, func(f File, n string) int { return strings.Compare(f.Name, n) })
	if !ok {
		return File{}, false
	}
	return m.Files[i], true
}
