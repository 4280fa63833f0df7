package bundle

import (
	"errors"
	"fmt"
	"syscall"
)

// Windows' numbers for no room (WinError.h); package syscall has no names for them.
const (
	errorHandleDiskFull   = syscall.Errno(39)
	errorDiskFull         = syscall.Errno(112)
	errorFileTooLarge     = syscall.Errno(223)
	errorDiskQuotaExceeds = syscall.Errno(1295)
)

// NoRoom puts a name to the system's many ways of saying "no room" (ErrDiskFull, ErrTooLarge) and leaves other errors alone.
func NoRoom(err error) error {
	switch {
	case errors.Is(err, errorHandleDiskFull), errors.Is(err, errorDiskFull), errors.Is(err, errorDiskQuotaExceeds):
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	case errors.Is(err, errorFileTooLarge):
		return fmt.Errorf("%w: %w", ErrTooLarge, err)
	}
	return err
}
