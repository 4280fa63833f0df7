package bundle

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
)

// The files that every bundle has.
const (
	EntriesFile  = "entries.jsonl"
	ManifestFile = "bundle.json"
	ReadmeFile   = "README.txt"
	SumsFile     = "SHA256SUMS"
)

// The files and folders that a bundle may have.
const (
	PageFile      = "index.html"
	PrivilegeFile = "privilege-log.txt"
	evidenceDir   = "evidence"
	documentsDir  = "documents"
	verifyDir     = "verify"
)

// Kind is the closed list of what a bundle may hold beside the record.
type Kind string

// The kinds.
const (
	KindEvidence  Kind = "evidence"      // evidence/<sha256>: plain bytes of a sealed item
	KindDocument  Kind = "document"      // documents/<name>
	KindVerifier  Kind = "verifier"      // verify/<name>: one of Verifiers
	KindPage      Kind = "page"          // index.html
	KindPrivilege Kind = "privilege-log" // privilege-log.txt
	kindOwn       Kind = "own"           // the record and what describes it
)

// Verifiers are the names that a verifier may have, by system.
var Verifiers = []string{"caseverify-linux-amd64", "caseverify-windows-amd64.exe"}

// Attachment is one file that goes into a bundle beside the record.
type Attachment struct {
	Kind   Kind
	Name   string // in its folder: SHA-256 of the evidence, name of the document or verifier; empty for page and privilege log
	Bytes  int64  // exact size
	SHA256 string // expected; needed for evidence, for others "" takes what is read
	Open   func() (io.ReadCloser, error)
}

// Outcomes of Write, Prepare and Estimate that callers tell apart.
var (
	ErrNotEmpty   = errors.New("bundle: the folder is not empty")
	ErrNoEntries  = errors.New("bundle: no entries")
	ErrAttachment = errors.New("bundle: this cannot go into a bundle")
	ErrSource     = errors.New("bundle: the source gave other bytes than it promised")
	ErrDiskFull   = errors.New("the disk is full")
	ErrTooLarge   = errors.New("the disk takes no file of this size (a FAT32 stick: 4 GiB)")
)

func refuse(a Attachment, format string, args ...any) error {
	return fmt.Errorf("%w: %s %.120q: %s", ErrAttachment, a.Kind, a.Name, fmt.Sprintf(format, args...))
}

// path is the attachment's name in the bundle.
func (a Attachment) path() (string, error) {
	name := map[Kind]string{
		KindEvidence: evidenceDir + "/" + a.Name, KindDocument: documentsDir + "/" + a.Name, KindVerifier: verifyDir + "/" + a.Name,
		KindPage: PageFile + a.Name, KindPrivilege: PrivilegeFile + a.Name,
	}[a.Kind]
	kind, _, ok := KindOf(name)
	switch {
	case !ok || kind != a.Kind:
		return "", refuse(a, "not a kind and name that a bundle knows: A–Z a–z 0–9 . _ - and at most %d characters", maxName)
	case a.Kind == KindEvidence && a.SHA256 != a.Name:
		return "", refuse(a, "evidence is named by its SHA-256")
	case a.SHA256 != "" && !isSHA256(a.SHA256):
		return "", refuse(a, "the expected SHA-256 is none")
	case a.Bytes < 0 || a.Bytes > MaxFileBytes:
		return "", refuse(a, "a size of %d bytes", a.Bytes)
	case kind == KindPrivilege && a.Bytes > MaxSmallFile:
		return "", refuse(a, "longer than %d bytes", MaxSmallFile)
	case a.Open == nil:
		return "", refuse(a, "nothing to read it from")
	}
	return name, nil
}

// KindOf says what a name in a bundle stands for and the file's own name in its folder. ok is false for a name that no
// file of a bundle may have.
func KindOf(path string) (kind Kind, own string, ok bool) {
	switch path {
	case ReadmeFile, EntriesFile:
		return kindOwn, path, true
	case PageFile:
		return KindPage, path, true
	case PrivilegeFile:
		return KindPrivilege, path, true
	}
	dir, own, _ := strings.Cut(path, "/")
	if !nameOK(own) {
		return "", "", false
	}
	switch dir {
	case evidenceDir:
		return KindEvidence, own, isSHA256(own)
	case documentsDir:
		return KindDocument, own, true
	case verifyDir:
		return KindVerifier, own, slices.Contains(Verifiers, own)
	}
	return "", "", false
}

// nameOK allows what every file system can hold and no shell reads as something else.
func nameOK(s string) bool {
	if s == "" || len(s) > maxName || s[0] == '.' || s[0] == '-' || s[len(s)-1] == '.' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	stem, _, _ := strings.Cut(strings.ToUpper(s), ".")
	port := len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9'
	return !port && !slices.Contains([]string{"CON", "PRN", "AUX", "NUL"}, stem) // devices on Windows, whatever the extension
}

func isSHA256(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}

// place puts the attachments into the manifest's lists: a file each, and evidence marked as here. Bytes that the entries
// of this copy do not name stay out: what is withheld from the record must not come in by another door.
func place(m *Manifest, o Options) ([]planned, error) {
	var files []planned
	if len(o.Attachments) > MaxFiles-2 {
		return nil, fmt.Errorf("%w: more than %d files", ErrAttachment, MaxFiles-2)
	}
	for _, a := range o.Attachments {
		name, err := a.path()
		if err != nil {
			return nil, err
		}
		if a.Kind == KindEvidence {
			i, ok := slices.BinarySearchFunc(m.Evidence, a.Name, func(it Item, s string) int { return strings.Compare(it.SHA256, s) })
			switch {
			case !ok:
				return nil, refuse(a, "no entry of this copy took it into custody")
			case o.WithholdEvidence != nil && o.WithholdEvidence(a.Name):
				return nil, refuse(a, "it is withheld")
			case m.Evidence[i].Bytes != a.Bytes:
				return nil, refuse(a, "%d bytes, the record says %d", a.Bytes, m.Evidence[i].Bytes)
			}
			m.Evidence[i].Here, m.Evidence[i].Why = true, ""
		}
		files = append(files, planned{File: File{name, a.Bytes, a.SHA256}, open: a.Open})
	}
	for i, it := range m.Evidence {
		if !it.Here && o.WithholdEvidence != nil && o.WithholdEvidence(it.SHA256) {
			m.Evidence[i].Why = WhyWithheld
		}
	}
	return files, nil
}

// described is the head of an Options' entries after withholding, in causal order.
func described(entries []caserecord.Entry, o Options) ([]caserecord.Entry, Manifest, error) {
	if len(entries) == 0 {
		return nil, Manifest{}, ErrNoEntries
	}
	entries = caserecord.CausalOrder(entries)
	if o.Withhold != nil {
		for i, e := range entries {
			if o.Withhold(e) {
				entries[i] = e.WithoutBody()
			}
		}
	}
	m, _ := describe(entries, o.Written)
	if len(m.Evidence) > MaxItems {
		return nil, m, fmt.Errorf("%w: more than %d items of evidence", ErrAttachment, MaxItems)
	}
	return entries, m, nil
}
