package bundle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"adjutant/backend/caserecord"
)

// hashFile returns the SHA-256 of a file that has the size listed; also is told what passes.
func hashFile(ctx context.Context, from tree, want File, also ...io.Writer) (string, error) {
	f, size, err := from.open(want.Name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if size != want.Bytes {
		return "", fmt.Errorf("%w: %d bytes are here, %d listed", errSize, size, want.Bytes)
	}
	// One byte more than listed: a file that grows under the reader has another size.
	m := &meter{ctx: ctx, to: io.MultiWriter(also...), hash: sha256.New(), left: want.Bytes}
	if _, err := io.CopyBuffer(m, struct{ io.Reader }{io.LimitReader(f, want.Bytes+1)}, stepFor(want.Bytes)); err != nil {
		return "", err
	}
	if m.left != 0 {
		return "", fmt.Errorf("%w: it ends %d bytes early", errSize, m.left)
	}
	return hex.EncodeToString(m.hash.Sum(nil)), nil
}

var errSize = errors.New("another size")

// files checks everything beside the record: what is listed is here with these bytes, and nothing else is here. A folder
// of version 1 lists no files; what lies in it unasked was never part of it.
func (r *reader) files() {
	m := r.b.Manifest
	if m == nil || m.Version == versionOne {
		return
	}
	r.tree.strays(r, m)
	evidence := 0
	for _, f := range m.Files {
		if r.ctx.Err() != nil {
			return
		}
		if !r.file(f) {
			continue
		}
		r.b.Files = append(r.b.Files, f)
		if kind, _, _ := KindOf(f.Name); kind == KindEvidence {
			evidence++
		}
	}
	r.b.checked = append(r.b.checked, fmt.Sprintf(
		"the size and SHA-256 of %d files, %d of them evidence under the hash that the record names; only the record is signed, papers beside it are not", len(r.b.Files), evidence))
	if text := m.absent(); text != "" {
		r.b.checked = append(r.b.checked, text+"; why they were not asked for or withheld, only whoever made the copy says")
	}
}

// file checks one listed file. The record's own bytes are hashed already; what is wrong there is named by entry, and a
// missing entry must stay "incomplete", so the file as a whole is accused only when nothing else explains it.
func (r *reader) file(f File) bool {
	sum, read := r.sums[f.Name]
	size := r.sizes[f.Name]
	switch {
	case !read && (f.Name == EntriesFile || f.Name == ReadmeFile):
		return false // named already
	case f.Name == EntriesFile && (sum != f.SHA256 || size != f.Bytes) && len(r.b.Problems) > 0:
		r.wrong[f.Name] = true
		return false
	case !read:
		var err error
		sum, err = hashFile(r.ctx, r.tree, f, r)
		size = f.Bytes
		switch {
		case err == nil:
			r.sums[f.Name] = sum
		case r.ctx.Err() != nil:
			return false
		case errors.Is(err, fs.ErrNotExist):
			r.wrongFile(caserecord.CodeBundleFile, f.Name, "it is missing")
			return false
		case errors.Is(err, errNotRegular):
			r.wrongFile(CodeFileType, f.Name, "a link, a device or a folder stands in its place")
			return false
		case errors.Is(err, errSize) || errors.Is(err, ErrSource):
			r.wrongFile(CodeFileHash, f.Name, "%v", err)
			return false
		default:
			r.wrongFile(caserecord.CodeBundleFile, f.Name, "cannot be read: %v", err)
			return false
		}
	}
	if sum != f.SHA256 || size != f.Bytes {
		r.wrongFile(CodeFileHash, f.Name, "its bytes are not the ones that %s lists", ManifestFile)
		return false
	}
	return true
}

func (r *reader) stray(name string, kind fs.FileMode) {
	_, _, known := KindOf(name)
	switch {
	case !kind.IsRegular() && !kind.IsDir():
		r.wrongFile(CodeFileType, name, "a link or a device has no place in a bundle")
	case kind.IsDir() || known || nameOK(name):
		r.wrongFile(CodeFileUnlisted, name, "%s does not list it", ManifestFile)
	default:
		r.wrongFile(CodeFileName, name, "a bundle has no file of this name, and %s does not list it", ManifestFile)
	}
}

// desktopLitter are files that desktops leave wherever somebody looks. They are not read, and a court's folder is not
// forged by being opened.
func desktopLitter(name string) bool {
	return name == ".DS_Store" || name == "Thumbs.db" || name == "desktop.ini" || strings.HasPrefix(name, "._")
}

// shown quotes a name that is not plain.
func shown(name string) string {
	if _, _, ok := KindOf(name); ok {
		return name
	}
	return strconv.QuoteToASCII(name[:min(len(name), 200)])
}
