package identity

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"adjutant/backend/caserecord"
)

const (
	cardEnd = ".json"
	keyEnd  = ".key.age"
)

func peopleDir(home string) string   { return filepath.Join(home, "people") }
func defaultPath(home string) string { return filepath.Join(home, "default") }
func cardPath(home string, id caserecord.PersonID) string {
	return filepath.Join(peopleDir(home), string(id)+cardEnd)
}
func keyPath(home string, id caserecord.PersonID) string {
	return filepath.Join(peopleDir(home), string(id)+keyEnd)
}

// readFile reads a whole small file. What is no file, such as a pipe that would never end, is damage.
func readFile(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: %s: not a file", ErrDamaged, path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("identity: read %s: %w", path, err)
	}
	if len(b) > maxFileBytes {
		return nil, fmt.Errorf("%w: %s: longer than %d bytes", ErrDamaged, path, maxFileBytes)
	}
	return b, nil
}

// writeFile puts a private file in place as a whole or not at all.
func writeFile(path string, b []byte) error {
	staged, err := stage(path, b)
	if err != nil {
		return err
	}
	return commit(staged, path)
}

// stage writes the bytes, synced, to a private temporary file beside path. Its name begins with stagedPrefix.
func stage(path string, b []byte) (staged string, err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("identity: folder for keys: %w", err)
	}
	f, err := os.CreateTemp(dir, stagedPrefix(path)+"*") // 0600
	if err != nil {
		return "", fmt.Errorf("identity: write %s: %w", path, err)
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name()) //nolint:errcheck // the error that counts is the first
		return "", fmt.Errorf("identity: write %s: %w", path, err)
	}
	return f.Name(), nil
}

// commit renames a staged file over path, which is the old file until then, and makes that durable.
func commit(staged, path string) error {
	if err := os.Rename(staged, path); err != nil {
		os.Remove(staged) //nolint:errcheck // the error that counts is the first
		return fmt.Errorf("identity: write %s: %w", path, err)
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return fmt.Errorf("identity: write %s: %w", path, err)
	}
	return nil
}

func stagedPrefix(path string) string { return "." + filepath.Base(path) + ".new-" }

// sweep removes what a killed program left staged for path.
func sweep(path string) error {
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("identity: %w", err)
	}
	for _, f := range files {
		if strings.HasPrefix(f.Name(), stagedPrefix(path)) {
			err = errors.Join(err, remove(filepath.Join(filepath.Dir(path), f.Name())))
		}
	}
	return err
}

// remove deletes a file; one that is not there is no fault.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("identity: remove: %w", err)
	}
	return nil
}

// taken reports whether a person has a card or a key here, whole or damaged: nothing may be written over it.
func taken(home string, id caserecord.PersonID) bool {
	for _, p := range []string{cardPath(home, id), keyPath(home, id)} {
		if _, err := os.Lstat(p); err == nil || !errors.Is(err, os.ErrNotExist) {
			return true
		}
	}
	return false
}

// syncDir makes a rename durable. Windows has no such call and does not need it for MoveFileEx on NTFS's log.
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
