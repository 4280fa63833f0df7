package store

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// dirLock is a file opened without sharing; Windows drops it when the process ends.
type dirLock struct{ h windows.Handle }

func lockDir(dir string) (*dirLock, error) {
	name, err := windows.UTF16PtrFromString(path(dir, "HELD"))
	if err != nil {
		return nil, fmt.Errorf("store: lock: %w", err)
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil,
		windows.OPEN_ALWAYS, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
		return nil, fmt.Errorf("%w: %s", ErrInUse, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("store: lock %s: %w", dir, err)
	}
	return &dirLock{h}, nil
}

func (l *dirLock) release() { _ = windows.CloseHandle(l.h) }

// syncDir does nothing: NTFS journals renames, and a folder cannot be flushed.
func syncDir(string) error { return nil }

// enoughSpace is ErrFull when the volume has less than reserve bytes left for us.
func enoughSpace(dir string, reserve uint64) error {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return fmt.Errorf("store: free space: %w", err)
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return fmt.Errorf("store: free space of %s: %w", dir, &os.PathError{Op: "stat", Path: dir, Err: err})
	}
	if free < reserve {
		return fmt.Errorf("%w: %d MB free for %s, %d MB needed", ErrFull, free>>20, dir, reserve>>20)
	}
	return nil
}
