//go:build unix

package bundle

import (
	"errors"
	"fmt"
	"syscall"
)

// NoRoom puts a name to the system's many ways of saying "no room" (ErrDiskFull, ErrTooLarge) and leaves other errors alone.
func NoRoom(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	case errors.Is(err, syscall.EFBIG):
		return fmt.Errorf("%w: %w", ErrTooLarge, err)
	}
	return err
}
