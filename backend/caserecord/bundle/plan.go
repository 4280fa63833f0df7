package bundle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"time"

	"adjutant/backend/caserecord"
)

// Options say what goes into a bundle, for Write, Prepare and Estimate.
type Options struct {
	Written          time.Time                   // injected clock
	Withhold         func(caserecord.Entry) bool // bodies to leave out; nil for none. Openings and admissions stay
	WithholdEvidence func(sha256 string) bool    // items that are said to be withheld; nil for none
	Attachments      []Attachment                // files beside the record, in any order
	Progress         func(done, total int64)     // called from Write with bytes; nil for nobody
}

// Size is how much a bundle will hold, to the byte.
type Size struct {
	Files int
	Bytes int64
}

// Plan is a bundle before it is written: every file with its exact size and SHA-256. It serves a folder (Write) and a
// stream (package parcel) alike, and holds no bytes of attachments.
type Plan struct {
	manifest Manifest
	files    []planned // by name
}

type planned struct {
	File
	open func() (io.ReadCloser, error)
}

// Estimate says how much Write will need, without reading any attachment. ErrNoEntries, ErrAttachment.
func Estimate(entries []caserecord.Entry, o Options) (Size, error) {
	p, err := outline(entries, o)
	if err != nil {
		return Size{}, err
	}
	for i := range p.files {
		if f := &p.files[i]; f.SHA256 == "" {
			f.SHA256 = strings.Repeat("0", 2*sha256.Size) // every hash has the same length
		}
	}
	if err := p.seal(); err != nil {
		return Size{}, err
	}
	return p.Size(), nil
}

// Prepare reads every attachment whose hash is not known yet, and settles sizes, hashes and the manifest. ErrNoEntries,
// ErrAttachment, ErrSource, or the context's error.
func Prepare(ctx context.Context, entries []caserecord.Entry, o Options) (*Plan, error) {
	p, err := outline(entries, o)
	if err != nil {
		return nil, err
	}
	for i := range p.files {
		f := &p.files[i]
		if f.SHA256 == "" {
			if f.SHA256, err = f.copy(ctx, io.Discard); err != nil {
				return nil, fmt.Errorf("bundle: read %s: %w", f.Name, err)
			}
		}
	}
	return p, p.seal()
}

// outline lists all files but bundle.json and SHA256SUMS, hashes missing where nobody knows them yet.
func outline(entries []caserecord.Entry, o Options) (*Plan, error) {
	entries, m, err := described(entries, o)
	if err != nil {
		return nil, err
	}
	files, err := place(&m, o)
	if err != nil {
		return nil, err
	}
	files = append(files,
		planned{File: File{Name: EntriesFile, Bytes: linesBytes(entries)}, open: func() (io.ReadCloser, error) { return newLines(entries), nil }},
		inMemory(ReadmeFile, []byte(readme(m, files))))
	slices.SortFunc(files, func(a, b planned) int { return strings.Compare(a.Name, b.Name) })
	return &Plan{manifest: m, files: files}, nil
}

func inMemory(name string, b []byte) planned {
	sum := sha256.Sum256(b)
	return planned{File{name, int64(len(b)), hex.EncodeToString(sum[:])}, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

// seal adds the manifest and the sums, which need all other hashes.
func (p *Plan) seal() error {
	p.manifest.Files = make([]File, len(p.files))
	for i, f := range p.files {
		p.manifest.Files[i] = f.File
	}
	if err := p.manifest.checkFiles(); err != nil { // two names that differ by case, or twice the same
		return fmt.Errorf("%w: %w", ErrAttachment, err)
	}
	b, err := p.manifest.encode()
	if err != nil {
		return fmt.Errorf("bundle: %s: %w", ManifestFile, err)
	}
	p.add(inMemory(ManifestFile, b))
	p.add(inMemory(SumsFile, []byte(sumsText(p.Files()))))
	return nil
}

func (p *Plan) add(f planned) {
	i, _ := slices.BinarySearchFunc(p.files, f.Name, func(f planned, n string) int { return strings.Compare(f.Name, n) })
	p.files = slices.Insert(p.files, i, f)
}

// sumsText is SHA256SUMS over files in the order of their names.
func sumsText(files []File) string {
	var text strings.Builder
	for _, f := range files {
		fmt.Fprintf(&text, "%s  %s\n", f.SHA256, f.Name)
	}
	return text.String()
}

// Manifest is what bundle.json will say.
func (p *Plan) Manifest() Manifest { return p.manifest }

// Files lists every file of the bundle, bundle.json and SHA256SUMS too, by name.
func (p *Plan) Files() []File {
	out := make([]File, len(p.files))
	for i, f := range p.files {
		out[i] = f.File
	}
	return out
}

// Size sums the files.
func (p *Plan) Size() Size {
	s := Size{Files: len(p.files)}
	for _, f := range p.files {
		s.Bytes += f.Bytes
	}
	return s
}

// Copy writes the bytes of file i (of Files) to w. ErrSource when they are not those of the plan; what w holds then is
// to be thrown away. It stops within a megabyte after ctx is cancelled.
func (p *Plan) Copy(ctx context.Context, i int, w io.Writer) error {
	f := p.files[i]
	sum, err := f.copy(ctx, w)
	if err == nil && sum != f.SHA256 {
		err = fmt.Errorf("%w: SHA-256 %s", ErrSource, sum)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	return nil
}

// copy writes the file to w and returns its SHA-256; it must have the size promised.
func (f *planned) copy(ctx context.Context, w io.Writer) (sum string, err error) {
	in, err := f.open()
	if err != nil {
		return "", err
	}
	defer in.Close()
	m := &meter{ctx: ctx, to: w, hash: sha256.New(), left: f.Bytes}
	if _, err := io.CopyBuffer(m, struct{ io.Reader }{in}, stepFor(f.Bytes)); err != nil {
		return "", err
	}
	if m.left != 0 {
		return "", fmt.Errorf("%w: %d bytes fewer than %d", ErrSource, m.left, f.Bytes)
	}
	return hex.EncodeToString(m.hash.Sum(nil)), nil
}

// stepFor is a buffer to copy a file with; a folder may hold thousands of small ones.
func stepFor(size int64) []byte { return make([]byte, min(copyStep, size+1)) }

// meter hashes what passes, takes no more than promised, and ends with its context.
type meter struct {
	ctx  context.Context
	to   io.Writer
	hash hash.Hash
	left int64
}

func (m *meter) Write(b []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	if m.left -= int64(len(b)); m.left < 0 {
		return 0, fmt.Errorf("%w: it is longer", ErrSource)
	}
	m.hash.Write(b)
	return m.to.Write(b)
}
