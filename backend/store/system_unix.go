//go:build unix

package store

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// dirLock is an advisory lock on a file of its own: Badger locks the folder itself.
type dirLock struct{ f *os.File }

func lockDir(dir string) (*dirLock, error) {
	f, err := os.OpenFile(path(dir, "HELD"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: lock: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: %s", ErrInUse, dir)
		}
		return nil, fmt.Errorf("store: lock %s: %w", dir, err)
	}
	return &dirLock{f}, nil
}

func (l *dirLock) release() { l.f.Close() }

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	return err
}

// enoughSpace is ErrFull when the file system has less than reserve bytes left for us.
func enoughSpace(dir string, reserve uint64) error {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return fmt.Errorf("store: free space of %s: %w", dir, err)
	}
	if free := uint64(st.Bavail) * uint64(st.Bsize); free < reserve {
		return fmt.Errorf("%w: %d MB free for %s, %d MB needed", ErrFull, free>>20, dir, reserve>>20)
	}
	return nil
}
