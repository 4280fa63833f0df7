package bundle

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

// Bundle is what Read found in a folder.
type Bundle struct {
	Manifest *Manifest            // nil when bundle.json cannot be read
	Entries  []caserecord.Entry   // in file order, well-formed, signatures not yet checked
	Problems []caserecord.Problem // what is wrong with the files; hand them to Verify
}

// Verify checks the entries and joins what Read found.
func (b *Bundle) Verify(a caserecord.Anchors) caserecord.Report {
	return caserecord.VerifyAgainst(b.Entries, a, b.Problems)
}

// Read reads a folder from anywhere. Whatever is wrong inside becomes a problem that names the entry; the error is only
// for a path that is no folder or cannot be listed.
func Read(dir string) (*Bundle, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("bundle: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("bundle: %s is not a folder", dir)
	}
	r := &reader{dir: dir, sums: map[string]string{}, lineOf: map[caserecord.ID]int{}, damaged: map[string]bool{}}
	r.entries()
	r.manifest()
	r.small(ReadmeFile)
	r.order()
	r.compare()
	r.checksums()
	return &r.b, nil
}

type reader struct {
	b       Bundle
	dir     string
	sums    map[string]string // file -> SHA-256 as read
	lineOf  map[caserecord.ID]int
	damaged map[string]bool // ids that a problem names as not sound
}

func (r *reader) problem(code caserecord.Code, entry, format string, a ...any) {
	r.b.Problems = append(r.b.Problems, caserecord.Problem{Code: code, Entry: entry, Text: fmt.Sprintf(format, a...)})
}

func (r *reader) entries() {
	f, err := openRegular(filepath.Join(r.dir, EntriesFile))
	if err != nil {
		r.problem(caserecord.CodeBundleFile, "", "%s cannot be read: %v", EntriesFile, err)
		return
	}
	defer f.Close()
	sum := sha256.New()
	if err := r.lines(f, sum); err != nil {
		r.problem(caserecord.CodeBundleFile, "", "%s cannot be read to its end: %v", EntriesFile, err)
	}
	r.sums[EntriesFile] = hex.EncodeToString(sum.Sum(nil))
}

// lines reads lines of bounded length; what is longer is named and passed over.
func (r *reader) lines(f io.Reader, sum hash.Hash) error {
	in := bufio.NewReaderSize(io.TeeReader(f, sum), maxLine)
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
	name := string(id)
	if name == "" {
		name = fmt.Sprintf("line %d", n)
	}
	r.damaged[name] = true
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
	e, err := caserecord.ParseSealed(bytes.Clone(envelope), body)
	if e.ID != "" && e.ID != id {
		// Either the line's id or the envelope was changed; the signature tells which.
		if _, sigErr := caserecord.Parse(e.Line, nil); sigErr != nil {
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
	b, err := readSmall(filepath.Join(r.dir, name))
	if err != nil {
		r.problem(caserecord.CodeBundleFile, "", "%s cannot be read: %v", name, err)
		return nil
	}
	sum := sha256.Sum256(b)
	r.sums[name] = hex.EncodeToString(sum[:])
	return b
}

func (r *reader) manifest() {
	b := r.small(ManifestFile)
	if b == nil {
		return
	}
	m, err := parseManifest(b)
	if err != nil {
		r.problem(caserecord.CodeManifest, "", "%s: %v", ManifestFile, err)
		return
	}
	r.b.Manifest = m
}

// checksums compares the files with SHA256SUMS. It guards against accidents: a forger writes new sums. For the entries it
// speaks only when nothing better was found, so that a missing entry stays "incomplete".
func (r *reader) checksums() {
	b := r.small(SumsFile)
	if b == nil {
		return
	}
	var want strings.Builder
	for _, name := range listed {
		fmt.Fprintf(&want, "%s  %s\n", r.sums[name], name)
	}
	got, expected := strings.Split(string(b), "\n"), strings.Split(want.String(), "\n")
	named := len(r.b.Problems) > 0
	for i, name := range listed {
		if named && name == EntriesFile && i < len(got) && strings.HasSuffix(got[i], "  "+name) {
			continue
		}
		if i >= len(got) || got[i] != expected[i] {
			r.problem(caserecord.CodeChecksum, "", "%s and its line in %s differ", name, SumsFile)
		}
	}
	if len(got) != len(expected) || got[len(got)-1] != "" {
		r.problem(caserecord.CodeChecksum, "", "%s lists other files than it should", SumsFile)
	}
}
