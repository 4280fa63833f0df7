package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncData flushes a file whose length does not change.
func syncData(f *os.File) error { return unix.Fdatasync(int(f.Fd())) }
