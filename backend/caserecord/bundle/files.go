package bundle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"adjutant/backend/caserecord"
)

// openRegular opens a file of the bundle. Links, devices and pipes are refused: a hostile folder could hang a reader or
// show it other files. The root lets no name, and no link on the way to it, lead out of the folder.
func openRegular(root *os.Root, name string) (*os.File, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	if now, err := f.Stat(); err != nil || !os.SameFile(info, now) {
		return nil, errors.Join(errNotRegular, err, f.Close())
	}
	return f, nil
}

var errNotRegular = errors.New("not a regular file")

func readSmall(root *os.Root, name string, limit int64) ([]byte, error) {
	f, err := openRegular(root, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("longer than %d bytes", limit)
	}
	return b, err
}

// hashFile returns the SHA-256 of a file that has the size listed; also is told what passes.
func hashFile(ctx context.Context, root *os.Root, want File, also ...io.Writer) (string, error) {
	f, err := openRegular(root, want.Name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() != want.Bytes {
		return "", errors.Join(err, fmt.Errorf("%w: %d bytes are here, %d listed", errSize, info.Size(), want.Bytes))
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
	r.strays(m)
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
		r.b.checked = append(r.b.checked, text)
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
		sum, err = hashFile(r.ctx, r.root, f, r)
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

// strays names what lies in the folder and is not listed.
func (r *reader) strays(m *Manifest) {
	dirs := map[string]bool{}
	for _, f := range m.Files {
		dirs[path.Dir(f.Name)] = true
	}
	dirs["."] = true
	found := 0
	for _, dir := range sorted(dirs) {
		if dir != "." && !isDir(r.root, dir) {
			continue // each file in it is named as missing, and what stands there as a stray
		}
		odd, err := straysIn(r.root, dir, func(d fs.DirEntry) bool {
			name := path.Join(dir, d.Name())
			_, listed := m.File(name)
			return listed || name == ManifestFile || name == SumsFile || // file() looks at type and bytes
				(d.IsDir() && dir == "." && dirs[name]) || (d.Type().IsRegular() && desktopLitter(d.Name()))
		}, maxStrays-found)
		if err != nil {
			r.problem(caserecord.CodeBundleFile, "", "%s cannot be listed: %v", shown(dir), err)
		}
		for _, d := range odd {
			r.stray(path.Join(dir, d.Name()), d.Type())
		}
		if found += len(odd); found >= maxStrays {
			r.problem(CodeFileUnlisted, "", "%d files are named here that %s does not list; there may be more", found, ManifestFile)
			return
		}
	}
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

// straysIn returns at most limit names of a folder that are not expected, by name. It reads a few hundred names at a
// time: a hostile folder may hold millions.
func straysIn(root *os.Root, dir string, expected func(fs.DirEntry) bool, limit int) (odd []fs.DirEntry, err error) {
	d, err := root.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	for err == nil && len(odd) < limit {
		var some []fs.DirEntry
		some, err = d.ReadDir(512)
		for _, e := range some {
			if !expected(e) && len(odd) < limit {
				odd = append(odd, e)
			}
		}
	}
	slices.SortFunc(odd, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	if err == io.EOF {
		err = nil
	}
	return odd, err
}

// desktopLitter are files that desktops leave wherever somebody looks. They are not read, and a court's folder is not
// forged by being opened.
func desktopLitter(name string) bool {
	return name == ".DS_Store" || name == "Thumbs.db" || name == "desktop.ini" || strings.HasPrefix(name, "._")
}

func isDir(root *os.Root, name string) bool {
	info, err := root.Lstat(name)
	return err == nil && info.IsDir()
}

func sorted(set map[string]bool) []string {
	var out []string
	for s := range set {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// shown quotes a name that is not plain.
func shown(name string) string {
	if _, _, ok := KindOf(name); ok {
		return name
	}
	return strconv.QuoteToASCII(name[:min(len(name), 200)])
}
