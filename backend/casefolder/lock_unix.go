//go:build unix

package casefolder

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lockFile takes the folder's lock without waiting; the system frees it when the process ends, however it ends.
func lockFile(f *os.File) (held bool, err error) {
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return true, nil
	}
	return false, err
}
