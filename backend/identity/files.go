package identity

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"adjutant/backend/caserecord"
)

// maxFileBytes bounds every file read here; an age file of a seed is under 1 KiB.
const maxFileBytes = 64 << 10

func peopleDir(home string) string   { return filepath.Join(home, "people") }
func defaultPath(home string) string { return filepath.Join(home, "default") }
func cardPath(home string, id caserecord.PersonID) string {
	return filepath.Join(peopleDir(home), string(id)+".json")
}
func keyPath(home string, id caserecord.PersonID) string {
	return filepath.Join(peopleDir(home), string(id)+".key.age")
}

func readFile(path string) ([]byte, error) {
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

// writeFile puts a private file in place as a whole or not at all: temporary file, sync, rename, sync of the folder.
func writeFile(path string, b []byte) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("identity: folder for keys: %w", err)
	}
	f, err := os.CreateTemp(dir, ".new-*") // 0600
	if err != nil {
		return fmt.Errorf("identity: write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name()) //nolint:errcheck // the error that counts is the first
			err = fmt.Errorf("identity: write %s: %w", path, err)
		}
	}()
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
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
