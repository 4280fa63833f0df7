package bundle

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"adjutant/backend/caserecord"
)

// Source gives the files of a bundle that is no folder: package parcel reads them inside an encrypted file.
type Source interface {
	// Names lists all files, ascending.
	Names() []string
	// Open opens a file and says its size. The error for a name that is not there is fs.ErrNotExist.
	Open(name string) (io.ReadCloser, int64, error)
}

// tree is where a bundle's files lie.
type tree interface {
	// open opens a regular file and says its size: errNotRegular, fs.ErrNotExist.
	open(name string) (io.ReadCloser, int64, error)
	// strays names what lies there and is not listed.
	strays(r *reader, m *Manifest)
}

// sourceTree has no folders and no links: only names can be wrong.
type sourceTree struct{ Source }

func (t sourceTree) open(name string) (io.ReadCloser, int64, error) { return t.Open(name) }

func (t sourceTree) strays(r *reader, m *Manifest) {
	found := 0
	for _, name := range t.Names() {
		if _, listed := m.File(name); listed || name == ManifestFile || name == SumsFile {
			continue
		}
		r.stray(name, 0)
		if found++; found >= maxStrays {
			return
		}
	}
}

type folderTree struct{ root *os.Root }

func (t folderTree) open(name string) (io.ReadCloser, int64, error) {
	f, err := openRegular(t.root, name)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

func (t folderTree) strays(r *reader, m *Manifest) {
	dirs := map[string]bool{}
	for _, f := range m.Files {
		dirs[path.Dir(f.Name)] = true
	}
	dirs["."] = true
	found := 0
	for _, dir := range sorted(dirs) {
		if dir != "." && !isDir(t.root, dir) {
			continue // each file in it is named as missing, and what stands there as a stray
		}
		odd, err := straysIn(t.root, dir, func(d fs.DirEntry) bool {
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

func readSmall(from tree, name string, limit int64) ([]byte, error) {
	f, _, err := from.open(name)
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
