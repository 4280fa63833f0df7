// Package durable writes files so that a pulled plug leaves either the old bytes or the new ones, and tells a full disk
// apart from other failures.
//
// It stands under casefolder and its parts (case.json, entries.log, vault), which all promise that what they
// acknowledged is on the disk. It keeps true that a call which returned nil has synced both the bytes and the name. It
// knows nothing of what the bytes mean.
package durable

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// FileMode and DirMode keep everything of a case to its owner.
const (
	FileMode os.FileMode = 0o600
	DirMode  os.FileMode = 0o700
)

// ReserveBytes must stay free on the disk before anything is written. Badger maps its files into memory and extends them
// sparsely, so a disk that fills up under it kills the process; stopping earlier gives a clear sentence instead. It is more
// than what store itself demands (64 MiB), so that an append is refused before its first copy is written, not after.
const ReserveBytes = 80 << 20

// ErrDiskFull says that the disk (or a quota or file size limit) has no room; nothing acknowledged is lost.
var ErrDiskFull = errors.New("the disk is full")

// Wrap turns the system's many ways of saying "no room" into ErrDiskFull and leaves other errors alone.
func Wrap(err error) error {
	if err == nil || errors.Is(err, ErrDiskFull) || !noRoom(err) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrDiskFull, err)
}

// Room returns ErrDiskFull when fewer than need plus ReserveBytes bytes are free where dir lies. A system that cannot
// tell is taken to have room: the write itself will then say.
func Room(dir string, need int64) error {
	free, err := Free(dir)
	if err != nil {
		return nil
	}
	if need < 0 {
		need = 0
	}
	if free < uint64(need)+ReserveBytes {
		return fmt.Errorf("%w: %d MiB free at %s, %d MiB needed", ErrDiskFull, free>>20, dir, (uint64(need)+ReserveBytes)>>20)
	}
	return nil
}

// WriteFile replaces path by data: temporary file beside it, sync, rename, sync of the folder.
func WriteFile(path string, data []byte) error {
	return Replace(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Replace is WriteFile for content that fill writes. When fill fails, path is as it was.
func Replace(path string, fill func(io.Writer) error) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return Wrap(err)
	}
	tmp := f.Name()
	err = fill(f)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		os.Remove(tmp) //nolint:errcheck // the first error is the one to tell
		return Wrap(err)
	}
	return SyncDir(dir)
}
