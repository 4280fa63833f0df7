package extract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/checkpoint"
	"adjutant/backend/incident"
)

// The files of an extract. Documents lie in DocumentsDir.
const (
	ManifestFile = "extract.json"
	EntriesFile  = "entries.jsonl"
	ReadmeFile   = "README.txt"
	SumsFile     = "SHA256SUMS"
	DocumentsDir = "documents"
)

// Format and Version stand in every manifest. A change of the layout is a new version.
const (
	Format  = "adjutant-extract"
	Version = 1
)

// Manifest is extract.json. Nobody signed it: the checkpoints in it are signed, everything else is the writer's word and
// is compared with the entries where that is possible.
type Manifest struct {
	Format    string         `json:"format"`
	Version   int            `json:"version"`
	Case      string         `json:"case"`
	Mode      incident.Mode  `json:"mode"`
	Exercise  bool           `json:"exercise"` // a drill: fictional signers, no real incident
	Name      string         `json:"name"`
	TLP       incident.TLP   `json:"tlp"`
	Written   string         `json:"written"` // RFC 3339, UTC, by the writer's clock
	To        string         `json:"to"`      // for whom, in words
	Reason    string         `json:"reason"`  // what for, in words
	Entries   int            `json:"entries"`
	Withheld  int            `json:"withheld"` // entries here whose body is not
	Logs      []AuthorLog    `json:"logs"`     // one for each author of an entry here, ascending
	Documents []DocumentFile `json:"documents"`
}

// AuthorLog is the checkpoint under which an author's entries are proved.
type AuthorLog struct {
	Author     caserecord.Author `json:"author"`
	Size       uint64            `json:"size"`       // entries of this author at the checkpoint
	Checkpoint string            `json:"checkpoint"` // the signed note
	Others     []OtherCheckpoint `json:"others"`     // ascending by size
}

// OtherCheckpoint is an older or newer checkpoint of the same author, which somebody may hold, with the proof that both
// are of one history (from the smaller to the greater).
type OtherCheckpoint struct {
	Checkpoint string           `json:"checkpoint"`
	Proof      checkpoint.Proof `json:"proof"`
}

// DocumentFile is a file in DocumentsDir.
type DocumentFile struct {
	Name   string `json:"name"` // without the folder
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func (m *Manifest) encode() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(m)
	return b.Bytes(), err
}

// parseManifest reads extract.json in its one form: known fields in order, two spaces of indent, nothing else.
func parseManifest(b []byte) (*Manifest, error) {
	if len(b) > maxManifest {
		return nil, fmt.Errorf("longer than %d bytes", maxManifest)
	}
	var m Manifest
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		return nil, err
	}
	if m.Format != Format || m.Version != Version {
		return nil, fmt.Errorf("format %.40q version %d: this program reads %s version %d", m.Format, m.Version, Format, Version)
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	if again, err := m.encode(); err != nil || !bytes.Equal(again, b) {
		return nil, errors.New("not in its one form")
	}
	return &m, nil
}

// check holds the bounds of every field.
func (m *Manifest) check() error {
	at, err := time.Parse(time.RFC3339, m.Written)
	switch {
	case !isHex(m.Case, 32):
		return errors.New("case: not 32 hexadecimal digits")
	case m.Mode != incident.ModeLive && m.Mode != incident.ModeExercise:
		return errors.New("mode: neither live nor exercise")
	case m.Exercise != (m.Mode == incident.ModeExercise):
		return errors.New("exercise: not as the mode says")
	case len(m.Name) > maxName || len(m.TLP) > 32:
		return errors.New("name or tlp: too long")
	case err != nil || at.UTC().Format(time.RFC3339) != m.Written:
		return errors.New("written: not a time in UTC")
	case !isLine(m.To, maxWords) || !isLine(m.Reason, maxWords):
		return fmt.Errorf("to and reason: one printable line of 1 to %d bytes each", maxWords)
	case m.Entries < 1 || m.Entries > MaxEntries || m.Withheld < 0 || m.Withheld > m.Entries:
		return errors.New("entries: out of bounds")
	case m.Logs == nil || len(m.Logs) > caserecord.MaxAuthors || m.Documents == nil || len(m.Documents) > MaxDocuments:
		return errors.New("logs or documents: missing or too many")
	}
	for i, l := range m.Logs {
		if !isHex(string(l.Author), 64) || (i > 0 && m.Logs[i-1].Author >= l.Author) || l.Others == nil || len(l.Others) > MaxAgainst {
			return errors.New("logs: authors are keys, ascending, each once")
		}
		for _, o := range l.Others {
			if o.Proof == nil || len(o.Proof) > checkpoint.MaxProof {
				return errors.New("logs: a proof is missing or too long")
			}
		}
	}
	total := int64(0)
	for i, d := range m.Documents {
		total += d.Bytes
		if !goodName(d.Name) || !isHex(d.SHA256, 64) || d.Bytes < 0 || d.Bytes > MaxDocumentBytes || total > MaxDocumentBytes {
			return fmt.Errorf("documents: %.120q", d.Name)
		}
		if i > 0 && (m.Documents[i-1].Name >= d.Name || strings.EqualFold(m.Documents[i-1].Name, d.Name)) {
			return errors.New("documents: ascending by name, each once")
		}
	}
	return nil
}

// log finds an author's checkpoint, nil when none is here.
func (m *Manifest) log(a caserecord.Author) *AuthorLog {
	i, ok := slices.BinarySearchFunc(m.Logs, a, func(l AuthorLog, a caserecord.Author) int { return strings.Compare(string(l.Author), string(a)) })
	if !ok {
		return nil
	}
	return &m.Logs[i]
}

// goodName admits names that are the same file on every system: letters, digits, dots, hyphens and underscores, ending in
// .pdf, and none of the words that Windows takes for devices.
func goodName(name string) bool {
	stem, ok := strings.CutSuffix(name, ".pdf")
	if !ok || stem == "" || len(name) > maxDocName || strings.HasPrefix(stem, ".") || strings.HasSuffix(stem, ".") {
		return false
	}
	for _, r := range stem {
		if r >= utf8.RuneSelf || !(r == '.' || r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return false
		}
	}
	first, _, _ := strings.Cut(strings.ToUpper(stem), ".")
	switch {
	case first == "CON", first == "PRN", first == "AUX", first == "NUL":
		return false
	case len(first) == 4 && (strings.HasPrefix(first, "COM") || strings.HasPrefix(first, "LPT")):
		return first[3] < '0' || first[3] > '9'
	}
	return true
}

// isLine admits printable text on one line. Direction marks and other invisible characters are not printable.
func isLine(s string, most int) bool {
	return s != "" && len(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

func isHex(s string, digits int) bool {
	return len(s) == digits && strings.Trim(s, "0123456789abcdef") == ""
}
