package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
)

// Errors that callers tell apart.
var (
	ErrNotFound = errors.New("store: no such key")
	ErrDamaged  = errors.New("store: damaged")
	ErrInUse    = errors.New("store: in use by another process")
	ErrFull     = errors.New("store: too little free space")
	ErrTooBig   = errors.New("store: transaction too big")
	ErrClosed   = errors.New("store: closed")
	ErrKey      = errors.New("store: key empty, too long or reserved")
	ErrReadOnly = errors.New("store: read-only transaction")
)

// DamageError names what is not as it was written. errors.Is(err, ErrDamaged) holds.
type DamageError struct {
	File  string // the file, or the store's folder when no single file can be blamed
	Key   []byte // the key whose value is damaged, when it is one value
	Cause error
}

// Error gives file, key and cause.
func (e *DamageError) Error() string {
	if len(e.Key) > 0 {
		return fmt.Sprintf("store: damaged value of key %q in %s: %v", e.Key, e.File, e.Cause)
	}
	return fmt.Sprintf("store: damaged: %s: %v", e.File, e.Cause)
}

// Is makes a DamageError match ErrDamaged.
func (e *DamageError) Is(target error) bool { return target == ErrDamaged }

// Unwrap returns the cause.
func (e *DamageError) Unwrap() error { return e.Cause }

var badgerFile = regexp.MustCompile(`[0-9]{5,6}\.(vlog|mem|sst)|MANIFEST|KEYREGISTRY|DISCARD`)

// blame finds the file that Badger's error text speaks of; without one it is the folder.
func blame(dir string, err error) string {
	if m := badgerFile.FindString(err.Error()); m != "" {
		return filepath.Join(dir, m)
	}
	return dir
}
