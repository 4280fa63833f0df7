package evidence

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"adjutant/backend/parse"
)

// found is one thing under the given paths: a file to take, or something with its receipt already written.
type found struct {
	path   string // to open
	label  string // to show: as the person named it
	size   int64
	sealed bool   // copied into the vault, else referenced
	walked bool   // found in a folder, not named
	name   string // absolute, with slashes; of walked files
	refuse *Receipt
}

func refused(path string, status parse.Status, note string) found {
	r := Receipt{Path: label(path), Status: status}
	r.note(note)
	return found{path: path, label: r.Path, refuse: &r}
}

// list walks the paths, folders in name order, without following links. A file that is named twice is listed once.
func (t *taker) list(paths []string) []found {
	var out []found
	once := map[string]bool{}
	for _, p := range paths {
		// A link that a person names is meant; what it leads to is walked like everything else.
		target, err := filepath.EvalSymlinks(p)
		if err != nil {
			out = append(out, refused(p, parse.StatusFailed, "cannot be opened: "+err.Error()))
			continue
		}
		info, err := os.Lstat(target)
		if err != nil {
			out = append(out, refused(p, parse.StatusFailed, "cannot be opened: "+err.Error()))
			continue
		}
		out = t.walk(out, once, place{target, filepath.Clean(p)}, info, 0)
	}
	return out
}

// place is a path to open and the same as the person named it; they differ behind a named link.
type place struct{ path, shown string }

func (p place) join(name string) place {
	return place{filepath.Join(p.path, name), filepath.Join(p.shown, name)}
}

func (t *taker) walk(out []found, once map[string]bool, at place, info fs.FileInfo, depth int) []found {
	switch mode := info.Mode(); {
	case len(out) >= t.in.Limits.MaxFiles:
		if len(out) == t.in.Limits.MaxFiles {
			out = append(out, refused(at.shown, parse.StatusFailed, fmt.Sprintf("more than %d files at once; take in the rest by itself", t.in.Limits.MaxFiles)))
		}
		return out
	case mode.IsRegular():
		if abs, err := filepath.Abs(at.path); err == nil {
			if once[abs] {
				return out
			}
			once[abs] = true
		}
		return append(out, found{path: at.path, label: label(at.shown), size: info.Size(), walked: depth > 0})
	case mode.IsDir():
		return t.walkFolder(out, once, at, depth)
	}
	return append(out, refused(at.shown, parse.StatusQuarantined, kindOf(info.Mode())+"; not opened"))
}

func (t *taker) walkFolder(out []found, once map[string]bool, at place, depth int) []found {
	if depth > maxWalkDepth {
		return append(out, refused(at.shown, parse.StatusFailed, fmt.Sprintf("folders more than %d deep; name this one by itself", maxWalkDepth)))
	}
	entries, err := readFolder(at.path)
	if err != nil {
		out = append(out, refused(at.shown, parse.StatusFailed, "the folder cannot be read: "+err.Error()))
	}
	if isCase(entries) {
		return append(out, refused(at.shown, parse.StatusQuarantined, "a case folder of Adjutant; merge cases instead of taking them in as evidence"))
	}
	for _, e := range entries {
		p := at.join(e.Name())
		info, err := e.Info()
		if err != nil {
			out = append(out, refused(p.shown, parse.StatusFailed, "cannot be opened: "+err.Error()))
			continue
		}
		out = t.walk(out, once, p, info, depth+1)
	}
	return out
}

// readFolder lists a folder in name order without touching its access time where the system allows that. With an error
// it returns what could be read.
func readFolder(path string) ([]fs.DirEntry, error) {
	d, err := openQuietly(path)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	entries, err := d.ReadDir(-1)
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	return entries, err
}

func isCase(entries []fs.DirEntry) bool {
	n := 0
	for _, e := range entries {
		if e.Name() == "case.json" || e.Name() == "entries.log" || e.Name() == "vault" {
			n++
		}
	}
	return n == 3
}

func kindOf(m fs.FileMode) string {
	switch {
	case m&fs.ModeSymlink != 0:
		return "a symbolic link"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "no regular file"
}
