// Package parcel puts a case bundle into one encrypted file and takes it out again: what travels on a stick between two
// laptops, or goes to a court that gave its key.
//
// It stands after caserecord/bundle in the flow: workbench hands Write the same entries and options as bundle.Write, reads a
// parcel where it lies with Open and bundle.ReadSource, and takes it apart with Unpack for those who want the folder. It
// keeps true that no plain byte touches the disk while writing or reading, that a parcel appears whole or not at all, and
// that nothing is taken but the files of a bundle, within the sizes which its own bundle.json announced, to the
// authenticated end of the stream.
//
// The form is one age file (age-encryption.org/v1) around a tar stream; both are open formats, so that `age -d | tar x`
// works in twenty years. backend/doc/record-format.md §7 specifies it. It deliberately proves no sender: whoever can open
// a parcel could have made it, and what counts is the signed record inside. The header shows in clear how many recipients
// there are and a short hash of each signing key among them. A write that was killed cannot go on, since an age stream
// cannot be appended to: it leaves one temporary file, which the next write to the same path removes.
package parcel

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Extension is how a parcel's name ends.
const Extension = ".adjutant"

// Outcomes that callers tell apart. A damaged parcel gives a *DamageError, which is ErrDamaged; bundle.ErrDiskFull and
// bundle.ErrTooLarge say what they say there.
var (
	ErrNotParcel    = errors.New("parcel: not an encrypted parcel")
	ErrNotForYou    = errors.New("parcel: none of the keys given opens it")
	ErrPassphrase   = errors.New("parcel: it is locked with a passphrase, and what was given does not open it")
	ErrDamaged      = errors.New("parcel: damaged")
	ErrExists       = errors.New("parcel: something of this name is here already")
	ErrRecipient    = errors.New("parcel: not a recipient")
	ErrNoRecipients = errors.New("parcel: nobody to encrypt to")
	ErrTooBig       = errors.New("parcel: it holds more than is allowed here")
)

// DamageError says what is wrong with a parcel and where.
type DamageError struct {
	Offset int64  // bytes of the parcel that had been read
	File   string // file of the bundle that was being read, "" outside of one
	What   string
	Err    error // cause, nil when What says it all
}

// Error is one sentence.
func (e *DamageError) Error() string {
	var w strings.Builder
	fmt.Fprintf(&w, "parcel: damaged near byte %d", e.Offset)
	if e.File != "" {
		fmt.Fprintf(&w, ", in %s", e.File)
	}
	fmt.Fprintf(&w, ": %s", e.What)
	if e.Err != nil {
		fmt.Fprintf(&w, ": %v", e.Err)
	}
	return w.String()
}

// Is makes every DamageError an ErrDamaged.
func (e *DamageError) Is(target error) bool { return target == ErrDamaged }

// Unwrap is the cause.
func (e *DamageError) Unwrap() error { return e.Err }

// intro begins every age file; the one line of stanza after it decides whether a passphrase opens it.
const intro = "age-encryption.org/v1\n"

// IsParcel reports whether path is a regular file that begins as an age file does. It opens nothing else.
func IsParcel(path string) bool {
	head, err := beginning(path)
	return err == nil && strings.HasPrefix(head, intro)
}

// ByPassphrase reports whether a passphrase opens the parcel, else a person's or a case's key does. ErrNotParcel.
func ByPassphrase(path string) (bool, error) {
	head, err := beginning(path)
	if err != nil {
		return false, err
	}
	if !strings.HasPrefix(head, intro) {
		return false, fmt.Errorf("%w: %s", ErrNotParcel, path)
	}
	return strings.HasPrefix(head[len(intro):], "-> scrypt "), nil
}

func beginning(path string) (string, error) {
	f, _, err := openParcel(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	head := make([]byte, len(intro)+len("-> scrypt "))
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return "", fmt.Errorf("parcel: read %s: %w", path, err)
	}
	return string(head[:n]), nil
}

// openParcel opens a regular file only: a pipe or device would hang or never end.
func openParcel(path string) (*os.File, int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, fmt.Errorf("parcel: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%w: %s is no regular file", ErrNotParcel, path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, fmt.Errorf("parcel: %w", err)
	}
	return f, info.Size(), nil
}
