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
	"path/filepath"
	"runtime"
	"slices"

	"adjutant/backend/caserecord"
)

// Write makes the folder dir, which must not exist or be empty, from the entries of one case and the attachments. It
// appears whole, synced to disk, or not at all. A call that fails or is cancelled leaves what it had in Unfinished(dir);
// the next call for the same dir keeps every file there whose size and hash are right. Two calls for one dir at a time
// are the caller's to prevent.
//
// ErrNoEntries, ErrNotEmpty, ErrAttachment, ErrSource, ErrDiskFull, ErrTooLarge, or the context's error.
func Write(ctx context.Context, dir string, entries []caserecord.Entry, o Options) (Manifest, error) {
	if len(entries) == 0 {
		return Manifest{}, ErrNoEntries
	}
	dir = filepath.Clean(dir)
	if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
		return Manifest{}, fmt.Errorf("%w: %s", ErrNotEmpty, dir)
	}
	plan, err := Prepare(ctx, entries, o)
	if err != nil {
		return Manifest{}, err
	}
	if err := writeFolder(ctx, dir, plan, o.Progress); err != nil {
		return Manifest{}, fmt.Errorf("bundle: write %s: %w", dir, NoRoom(err))
	}
	return plan.manifest, nil
}

// unfinished is where a copy to dir grows. The name follows from the target, so that the next call finds it.
func unfinished(dir string) string {
	dir = filepath.Clean(dir)
	sum := sha256.Sum256([]byte(filepath.Base(dir)))
	return filepath.Join(filepath.Dir(dir), ".bundle-"+hex.EncodeToString(sum[:8])+".part")
}

// Unfinished names the folder of a copy to dir that was broken off, "" when there is none.
func Unfinished(dir string) string {
	part := unfinished(dir)
	if _, err := os.Lstat(part); err != nil {
		return ""
	}
	return part
}

// Discard removes what a broken-off copy to dir left; plain evidence may be in it.
func Discard(dir string) error {
	if err := os.RemoveAll(unfinished(dir)); err != nil {
		return fmt.Errorf("bundle: remove the unfinished copy: %w", err)
	}
	return nil
}

func writeFolder(ctx context.Context, dir string, p *Plan, progress func(done, total int64)) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	part := unfinished(dir)
	// Only a folder of ours goes on: a link there could lead the copy elsewhere.
	if info, err := os.Lstat(part); err == nil && !info.IsDir() {
		if err := os.Remove(part); err != nil {
			return err
		}
	}
	if err := os.Mkdir(part, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	root, err := os.OpenRoot(part)
	if err != nil {
		return err
	}
	w := &folder{root: root, create: createIn(root), progress: progress, total: p.Size().Bytes}
	err = errors.Join(w.fill(ctx, p), root.Close()) // closed first: Windows moves no open folder
	if err != nil {
		return err
	}
	os.Remove(dir) //nolint:errcheck // an empty folder, or nothing: Rename reports what is in the way
	if err := os.Rename(part, dir); err != nil {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

// folder is a copy that grows.
type folder struct {
	root        *os.Root
	create      func(name string) (file, error)
	progress    func(done, total int64)
	done, total int64
}

// file is what the copy needs of an os.File; tests put a full disk behind it.
type file interface {
	io.WriteCloser
	Sync() error
}

func createIn(root *os.Root) func(string) (file, error) {
	return func(name string) (file, error) { return root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) }
}

func (w *folder) fill(ctx context.Context, p *Plan) error {
	kept, err := w.sweep(ctx, p)
	if err != nil {
		return err
	}
	for i, f := range p.files {
		if kept[f.Name] {
			continue
		}
		if err := w.file(ctx, p, i); err != nil {
			return err
		}
	}
	dirs := []string{"."}
	for _, f := range p.files {
		if d := path.Dir(f.Name); !slices.Contains(dirs, d) {
			dirs = append(dirs, d)
		}
	}
	for _, d := range dirs {
		if err := syncDir(filepath.Join(w.root.Name(), d)); err != nil {
			return err
		}
	}
	return nil
}

func (w *folder) advance(n int64) {
	w.done += n
	if w.progress != nil {
		w.progress(w.done, w.total)
	}
}

func (w *folder) Write(b []byte) (int, error) { w.advance(int64(len(b))); return len(b), nil }

// file writes file i of the plan under a name that says that it is not done, then gives it its own.
func (w *folder) file(ctx context.Context, p *Plan, i int) error {
	name := p.files[i].Name
	if dir := path.Dir(name); dir != "." {
		if err := w.root.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	f, err := w.create(name + partSuffix)
	if err != nil {
		return err
	}
	err = p.Copy(ctx, i, io.MultiWriter(f, w))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return w.root.Rename(name+partSuffix, name)
}

const partSuffix = ".part"

// sweep goes through what an earlier call left: right files are kept, everything else goes.
func (w *folder) sweep(ctx context.Context, p *Plan) (kept map[string]bool, err error) {
	kept = map[string]bool{}
	want := map[string]File{}
	dirs := map[string]bool{}
	for _, f := range p.files {
		want[f.Name] = f.File
		dirs[path.Dir(f.Name)] = true
	}
	err = fs.WalkDir(w.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == "." || d.IsDir() && dirs[name]:
			return nil
		}
		if f, ok := want[name]; ok && d.Type().IsRegular() {
			sum, err := hashFile(ctx, folderTree{w.root}, f)
			if err == nil && sum == f.SHA256 {
				kept[name] = true
				w.advance(f.Bytes)
				return nil
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		if err := w.root.RemoveAll(name); err != nil {
			return err
		}
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
	return kept, err
}

// syncDir makes new names durable. Windows has no such call.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
