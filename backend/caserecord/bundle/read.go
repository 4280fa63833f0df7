package bundle

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
)

// Bundle is what Read found in a folder.
type Bundle struct {
	Dir      string
	Manifest *Manifest            // nil when bundle.json cannot be read
	Entries  []caserecord.Entry   // in file order, well-formed, signatures not yet checked
	Files    []File               // of version 2, by name: those whose bytes are as listed
	Problems []caserecord.Problem // what is wrong with the files; hand them to Verify

	checked []string // what was checked of the files, in sentences
	tree    tree     // where the files lie when that is no folder
}

// Verify checks the entries and joins what Read found.
func (b *Bundle) Verify(a caserecord.Anchors) caserecord.Report {
	r := caserecord.VerifyAgainst(b.Entries, a, b.Problems)
	r.Checked = append(r.Checked, b.checked...)
	return r
}

// Open opens one of Files. What it gives may have changed since Read: whoever keeps the bytes hashes them again.
func (b *Bundle) Open(name string) (io.ReadCloser, error) {
	if !slices.ContainsFunc(b.Files, func(f File) bool { return f.Name == name }) {
		return nil, fmt.Errorf("bundle: open %.120q: not a sound file of this bundle", name)
	}
	if b.tree != nil {
		f, _, err := b.tree.open(name)
		return f, err
	}
	root, err := os.OpenRoot(b.Dir)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	defer root.Close()
	f, err := openRegular(root, name)
	if err != nil {
		return nil, fmt.Errorf("bundle: open %s: %w", name, err)
	}
	return f, nil
}

// Read is ReadContext for a folder of any size and a caller who waits.
func Read(dir string) (*Bundle, error) { return ReadContext(context.Background(), dir, nil) }

// ReadContext reads a folder from anywhere, every file of it to its last byte. Whatever is wrong inside becomes a problem
// that names the entry or file; the error is only for a path that is no folder or cannot be listed, and for a cancelled
// context. progress may be nil.
func ReadContext(ctx context.Context, dir string, progress func(done, total int64)) (*Bundle, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("bundle: %s is not a folder (an encrypted parcel has to be unpacked first)", dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	defer root.Close()
	r := newReader(ctx, folderTree{root}, progress)
	r.b.Dir = dir
	if err := r.all(); err != nil {
		return nil, fmt.Errorf("bundle: read %s: %w", dir, err)
	}
	return &r.b, nil
}

// ReadSource is ReadContext for a bundle that is no folder. The source stays in use: Open reads from it.
func ReadSource(ctx context.Context, src Source, progress func(done, total int64)) (*Bundle, error) {
	r := newReader(ctx, sourceTree{src}, progress)
	r.b.tree = r.tree
	if err := r.all(); err != nil {
		return nil, fmt.Errorf("bundle: read: %w", err)
	}
	return &r.b, nil
}

// all reads every file. The manifest comes first: it says how much there is to read.
func (r *reader) all() error {
	r.manifest()
	r.entries()
	r.small(ReadmeFile)
	r.order()
	r.compare()
	r.files()
	r.checksums()
	return r.ctx.Err()
}

type reader struct {
	b        Bundle
	ctx      context.Context
	tree     tree
	progress func(done, total int64)
	done     int64
	total    int64
	sums     map[string]string // file -> SHA-256 as read
	sizes    map[string]int64  // file -> bytes as read
	lineOf   map[caserecord.ID]int
	damaged  map[string]bool // ids that are not sound; "" stands for lines without one
	unsound  int             // lines that are not
	wrong    map[string]bool // files that a problem names
}

func newReader(ctx context.Context, from tree, progress func(done, total int64)) *reader {
	return &reader{
		ctx: ctx, tree: from, progress: progress, sums: map[string]string{}, sizes: map[string]int64{},
		lineOf: map[caserecord.ID]int{}, damaged: map[string]bool{}, wrong: map[string]bool{},
	}
}

func (r *reader) problem(code caserecord.Code, entry, format string, a ...any) {
	r.b.Problems = append(r.b.Problems, caserecord.Problem{Code: code, Entry: entry, Text: fmt.Sprintf(format, a...)})
}

// wrongFile is a problem of a file as a whole.
func (r *reader) wrongFile(code caserecord.Code, name, format string, a ...any) {
	r.wrong[name] = true
	r.problem(code, "", "%s: %s", shown(name), fmt.Sprintf(format, a...))
}

// Write counts bytes that were read.
func (r *reader) Write(b []byte) (int, error) {
	r.done += int64(len(b))
	if r.progress != nil {
		r.progress(min(r.done, r.total), r.total)
	}
	return len(b), r.ctx.Err()
}

func (r *reader) entries() {
	f, size, err := r.tree.open(EntriesFile)
	if err != nil {
		r.problem(caserecord.CodeBundleFile, "", "%s cannot be read: %v", EntriesFile, err)
		return
	}
	defer f.Close()
	sum := sha256.New()
	n := &counter{}
	room := maxLine
	if size < maxLine {
		room = int(size) + 1 // no line of it can be longer
	}
	if err := r.lines(io.TeeReader(f, io.MultiWriter(r, n)), sum, room); err != nil {
		r.problem(caserecord.CodeBundleFile, "", "%s cannot be read to its end: %v", EntriesFile, err)
	}
	if more := r.unsound - maxNamed; more > 0 {
		r.problem(caserecord.CodeForm, "", "%d more lines of %s are not sound; the first %d are named", more, EntriesFile, maxNamed)
	}
	r.sums[EntriesFile], r.sizes[EntriesFile] = hex.EncodeToString(sum.Sum(nil)), n.bytes
}

type counter struct{ bytes int64 }

func (c *counter) Write(b []byte) (int, error) { c.bytes += int64(len(b)); return len(b), nil }

// lines reads lines of bounded length; what is longer than room is named and passed over.
func (r *reader) lines(f io.Reader, sum hash.Hash, room int) error {
	in := bufio.NewReaderSize(io.TeeReader(f, sum), room)
	for n := 1; ; n++ {
		line, err := in.ReadSlice('\n')
		head := bytes.Clone(line[:min(len(line), len(lineHead)+idDigits)])
		long := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = in.ReadSlice('\n')
		}
		switch {
		case long:
			r.damage(caserecord.CodeForm, statedID(head), n, "longer than %d bytes", maxLine)
		case err == nil:
			r.line(n, line[:len(line)-1])
		case len(line) > 0:
			r.damage(caserecord.CodeForm, statedID(head), n, "the line has no end")
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if n >= MaxEntries {
			return fmt.Errorf("more than %d entries", MaxEntries)
		}
	}
}

// damage names an entry that is not sound, by its id if any is known, else by its line.
func (r *reader) damage(code caserecord.Code, id caserecord.ID, n int, format string, a ...any) {
	r.damaged[string(id)] = true
	if r.unsound++; r.unsound > maxNamed {
		return
	}
	name := string(id)
	if name == "" {
		name = fmt.Sprintf("line %d", n)
	}
	r.problem(code, name, "line %d: %s", n, fmt.Sprintf(format, a...))
}

// statedID is the id that a line says it has, "" when its place holds something else.
func statedID(line []byte) caserecord.ID {
	rest, ok := bytes.CutPrefix(line, []byte(lineHead))
	if !ok || len(rest) < idDigits || strings.Trim(string(rest[:idDigits]), "0123456789abcdef") != "" {
		return ""
	}
	return caserecord.ID(rest[:idDigits])
}

// split takes a line apart; every part has one form only.
func split(line []byte) (id caserecord.ID, envelope, body []byte, err error) {
	id = statedID(line)
	if id == "" {
		return "", nil, nil, errors.New("no id at the beginning")
	}
	rest, ok := bytes.CutPrefix(line[len(lineHead)+idDigits:], []byte(lineEnvelope))
	// The body is looked for from the end: base64 holds no quote.
	at := bytes.LastIndex(rest, []byte(lineBody))
	if !ok || at < 0 {
		return id, nil, nil, errors.New("not an id, an envelope and a body")
	}
	envelope, tail := rest[:at], rest[at+len(lineBody):]
	if string(tail) == "null"+lineTail {
		return id, envelope, nil, nil
	}
	text, ok := bytes.CutSuffix(tail, []byte(`"`+lineTail))
	text, quoted := bytes.CutPrefix(text, []byte(`"`))
	if !ok || !quoted || bytes.ContainsAny(text, "\r\n") {
		return id, envelope, nil, errors.New("the body is neither base64 nor null")
	}
	body = make([]byte, b64.DecodedLen(len(text)))
	n, err := b64.Decode(body, text)
	if err != nil {
		return id, envelope, nil, fmt.Errorf("the body is not base64: %w", err)
	}
	return id, envelope, body[:n], nil
}

// line reads line n. A sound envelope is kept even when the rest of its line is not.
func (r *reader) line(n int, line []byte) {
	id, envelope, body, splitErr := split(line)
	if splitErr != nil && envelope == nil {
		envelope = salvage(line)
	}
	e, err := caserecord.ParseSealed(envelope, body)
	if e.ID != "" && e.ID != id {
		// Either the line's id or the envelope was changed; the signature tells which.
		if _, sigErr := caserecord.Parse(e.Line(), nil); sigErr != nil {
			r.damage(caserecord.CodeForm, id, n, "the envelope is not the one of this entry, and its signature does not hold")
			return
		}
		r.damage(caserecord.CodeForm, e.ID, n, "the line names another entry than it holds")
	}
	switch {
	case e.ID == "" && splitErr != nil:
		r.damage(caserecord.CodeForm, id, n, "%v", splitErr)
		return
	case e.ID == "":
		r.damage(codeOf(err), id, n, "%s", reason(err))
		return
	case splitErr != nil:
		r.damage(caserecord.CodeForm, e.ID, n, "%v", splitErr)
	case err != nil:
		r.damage(codeOf(err), e.ID, n, "%s", reason(err))
	}
	if first, ok := r.lineOf[e.ID]; ok {
		r.damage(caserecord.CodeDuplicate, e.ID, n, "stands in line %d already", first)
		return
	}
	r.lineOf[e.ID] = n
	r.b.Entries = append(r.b.Entries, e)
}

// salvage looks for an envelope in a line whose frame is damaged.
func salvage(line []byte) []byte {
	from := bytes.Index(line, []byte(`{"payloadType"`))
	to := bytes.LastIndex(line, []byte(`"}]}`))
	if from < 0 || to < from {
		return nil
	}
	return line[from : to+len(`"}]}`)]
}

func codeOf(err error) caserecord.Code {
	var ee *caserecord.EntryError
	if errors.As(err, &ee) {
		return ee.Code
	}
	return caserecord.CodeForm
}

func reason(err error) string {
	t := strings.TrimPrefix(err.Error(), "caserecord: entry")
	if i := strings.Index(t, ": "); i >= 0 {
		t = t[i+2:]
	}
	return t
}

// small reads one of the small files and keeps its checksum.
func (r *reader) small(name string) []byte {
	limit := int64(MaxSmallFile)
	if name == ManifestFile || name == SumsFile {
		limit = MaxManifest
	}
	b, err := readSmall(r.tree, name, limit)
	if err != nil {
		r.problem(caserecord.CodeBundleFile, "", "%s cannot be read: %v", name, err)
		return nil
	}
	sum := sha256.Sum256(b)
	r.sums[name], r.sizes[name] = hex.EncodeToString(sum[:]), int64(len(b))
	if name == ReadmeFile {
		r.Write(b) //nolint:errcheck // it counts; a cancelled context is seen at the end
	}
	return b
}

func (r *reader) sizeOf(name string) int64 {
	f, size, err := r.tree.open(name)
	if err != nil {
		return 0
	}
	f.Close() //nolint:errcheck // it was only measured
	return size
}

func (r *reader) manifest() {
	b := r.small(ManifestFile)
	if b == nil {
		return
	}
	m, err := ParseManifest(b)
	if err != nil {
		r.problem(caserecord.CodeManifest, "", "%s: %v", ManifestFile, err)
		return
	}
	r.b.Manifest = m
	for _, f := range m.Files {
		r.total += f.Bytes
	}
	if m.Version == versionOne {
		r.total = r.sizeOf(EntriesFile) + r.sizeOf(ReadmeFile)
	}
}
