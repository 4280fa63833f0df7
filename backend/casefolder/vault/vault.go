// Package vault keeps sealed evidence: each item an age file that only the case's identity opens, under a name that
// gives nothing away.
//
// Stage 1 of the flow: evidence puts items in while it hashes them, parse and the window read them back at any offset.
// It keeps true that an item is either wholly on the disk under its name or not there at all, that what is read back has
// passed age's authentication, and that no byte of evidence is on the disk in plain. The name is an HMAC of the item's
// SHA-256 under a key of the case; the size of an item shows to who holds the disk, its content, name and hash do not.
//
// Format: age v1 (age-encryption.org/v1), one X25519 recipient; random access by DecryptReaderAt of age v1.3.
package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"adjutant/backend/casefolder/durable"
	"adjutant/backend/incident"
)

// ErrMissing says that no item with this hash is in the vault; ErrDamaged that its bytes do not pass the check; ErrOther
// that the bytes offered for an item are not that item.
var (
	ErrMissing = errors.New("vault: no such item")
	ErrDamaged = errors.New("vault: item damaged")
	ErrOther   = errors.New("vault: these bytes are another item")
)

// Vault is the folder of sealed items. It is safe for concurrent use; one process at a time (casefolder's lock).
type Vault struct {
	dir      string
	identity *age.X25519Identity
	names    [32]byte
}

// Item is an opened item. ReadAt may be called from several goroutines; an error from it that wraps ErrDamaged means that
// the disk no longer holds what was sealed. Close it.
type Item interface {
	io.ReaderAt
	io.Closer
	Size() int64 // bytes of the evidence, not of the file
}

const tempPrefix = ".spool-"

// New opens the vault in dir, making the folder when it is not there, and removes what an interrupted Put left behind.
// names is the key of the file names.
func New(dir string, identity *age.X25519Identity, names [32]byte) (*Vault, error) {
	if err := os.MkdirAll(dir, durable.DirMode); err != nil {
		return nil, fmt.Errorf("vault: %w", durable.Wrap(err))
	}
	left, err := filepath.Glob(filepath.Join(dir, tempPrefix+"*"))
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	for _, p := range left {
		if err := os.Remove(p); err != nil {
			return nil, fmt.Errorf("vault: an unfinished item: %w", err)
		}
	}
	return &Vault{dir: dir, identity: identity, names: names}, nil
}

// At is the vault in dir for reading: nothing is made or removed, so that it may lie on a read-only disk.
func At(dir string, identity *age.X25519Identity, names [32]byte) *Vault {
	return &Vault{dir: dir, identity: identity, names: names}
}

// Free is how many bytes the disk of the vault has left.
func (v *Vault) Free() (uint64, error) { return durable.Free(v.dir) }

// path is where the item lies: two digits of folder, so that no folder grows too large, and the rest.
func (v *Vault) path(d incident.Digest) string {
	m := hmac.New(sha256.New, v.names[:])
	m.Write(d[:])
	n := hex.EncodeToString(m.Sum(nil)[:20])
	return filepath.Join(v.dir, n[:2], n[2:])
}

// Put seals what r gives and returns its SHA-256 and its length in bytes; when it returns nil the item is on the disk.
// An item that is already there is not written again. Errors: ctx's, r's, durable.ErrDiskFull.
func (v *Vault) Put(ctx context.Context, r io.Reader) (incident.Digest, int64, error) {
	return v.put(ctx, r, nil)
}

// PutItem is Put for bytes that are said to be the item d: other bytes are ErrOther and leave nothing behind.
func (v *Vault) PutItem(ctx context.Context, d incident.Digest, r io.Reader) error {
	_, _, err := v.put(ctx, r, &d)
	return err
}

func (v *Vault) put(ctx context.Context, r io.Reader, want *incident.Digest) (incident.Digest, int64, error) {
	var d incident.Digest
	f, err := os.CreateTemp(v.dir, tempPrefix+"*")
	if err != nil {
		return d, 0, fmt.Errorf("vault: put: %w", durable.Wrap(err))
	}
	d, n, err := v.seal(ctx, f, r)
	if err == nil && want != nil && d != *want {
		err = fmt.Errorf("%w: they hash to %s, not to %s", ErrOther, d, *want)
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = v.settle(f.Name(), d)
	} else {
		os.Remove(f.Name()) //nolint:errcheck // the first error is the one to tell
	}
	if err != nil {
		return incident.Digest{}, n, fmt.Errorf("vault: put: %w", durable.Wrap(err))
	}
	return d, n, nil
}

// seal copies r into f as an age file. Behind the item's bytes stands their hash: it binds the file to its item, so that
// two files of one case that change places are noticed at opening, not only by Verify.
func (v *Vault) seal(ctx context.Context, f *os.File, r io.Reader) (d incident.Digest, n int64, err error) {
	w, err := age.Encrypt(f, v.identity.Recipient())
	if err != nil {
		return d, 0, err
	}
	h := sha256.New()
	buf := make([]byte, 256<<10)
	for {
		if err := ctx.Err(); err != nil {
			return d, n, err
		}
		if n%(16<<20) < int64(len(buf)) { // asking the file system for every buffer would be waste
			if err := durable.Room(v.dir, int64(len(buf))); err != nil {
				return d, n, err
			}
		}
		m, err := r.Read(buf)
		if m > 0 {
			h.Write(buf[:m])
			if _, werr := w.Write(buf[:m]); werr != nil {
				return d, n, werr
			}
			n += int64(m)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return d, n, &ReadError{err}
		}
	}
	h.Sum(d[:0])
	if _, err := w.Write(d[:]); err != nil {
		return d, n, err
	}
	return d, n, w.Close()
}

// ReadError wraps what the source of a Put said, so that a caller can tell an unreadable original from a failing vault.
type ReadError struct{ Err error }

func (e *ReadError) Error() string { return "read the original: " + e.Err.Error() }

// Unwrap returns the source's error.
func (e *ReadError) Unwrap() error { return e.Err }

// settle moves a finished temporary file to its name.
func (v *Vault) settle(temp string, d incident.Digest) error {
	to := v.path(d)
	if _, err := os.Lstat(to); err == nil {
		if v.Verify(context.Background(), d) == nil {
			return os.Remove(temp)
		}
		// The copy that lies there is damaged, and here is a good one.
	}
	dir := filepath.Dir(to)
	if err := os.MkdirAll(dir, durable.DirMode); err != nil {
		return err
	}
	if err := os.Rename(temp, to); err != nil {
		return err
	}
	if err := durable.SyncDir(dir); err != nil {
		return err
	}
	return durable.SyncDir(v.dir)
}

type item struct {
	io.ReaderAt
	f    *os.File
	size int64
}

func (i *item) Size() int64  { return i.size }
func (i *item) Close() error { return i.f.Close() }

func (i *item) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= i.size {
		return 0, io.EOF // the hash behind the item is not part of it
	}
	short := off+int64(len(p)) > i.size
	if short {
		p = p[:i.size-off]
	}
	n, err := i.ReaderAt.ReadAt(p, off)
	if err == nil && short {
		err = io.EOF
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: at byte %d: %w", ErrDamaged, off, err)
	}
	return n, err
}

// Open returns the item for reading at any offset. Each 64 KiB piece is authenticated as it is read; the whole is
// checked against its hash by Verify only. Errors: ErrMissing, ErrDamaged.
func (v *Vault) Open(d incident.Digest) (Item, error) {
	f, err := os.Open(v.path(d))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrMissing, d)
	}
	if err != nil {
		return nil, fmt.Errorf("vault: open %s: %w", d, err)
	}
	info, err := f.Stat()
	if err == nil {
		var r io.ReaderAt
		var size int64
		if r, size, err = age.DecryptReaderAt(f, info.Size(), v.identity); err == nil {
			var bound incident.Digest
			size -= int64(len(bound))
			if size < 0 {
				err = io.ErrUnexpectedEOF
			} else if _, err = r.ReadAt(bound[:], size); err == nil || err == io.EOF {
				if bound == d {
					return &item{ReaderAt: r, f: f, size: size}, nil
				}
				err = errors.New("the file holds another item: " + bound.String())
			}
		}
		err = fmt.Errorf("%w: %s: %w", ErrDamaged, d, err)
	}
	f.Close() //nolint:errcheck // the first error is the one to tell
	return nil, err
}

// Has reports whether an item with this hash lies in the vault, without reading it.
func (v *Vault) Has(d incident.Digest) bool {
	_, err := os.Lstat(v.path(d))
	return err == nil
}

// Verify reads the whole item and compares it with its hash. Errors: ErrMissing, ErrDamaged, ctx's.
func (v *Vault) Verify(ctx context.Context, d incident.Digest) error {
	it, err := v.Open(d)
	if err != nil {
		return err
	}
	defer it.Close()
	h := sha256.New()
	buf := make([]byte, 256<<10)
	for at := int64(0); at < it.Size(); {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := it.ReadAt(buf[:min(int64(len(buf)), it.Size()-at)], at)
		h.Write(buf[:n])
		at += int64(n)
		if err != nil && !(err == io.EOF && at == it.Size()) {
			return fmt.Errorf("vault: verify %s: %w", d, err)
		}
	}
	if sum := h.Sum(nil); !hmac.Equal(sum, d[:]) {
		return fmt.Errorf("%w: %s: the bytes hash to %s", ErrDamaged, d, hex.EncodeToString(sum))
	}
	return nil
}

// Remove deletes the item's file. What a disk keeps of deleted files stays sealed.
func (v *Vault) Remove(d incident.Digest) error {
	p := v.path(d)
	if err := os.Remove(p); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: %s", ErrMissing, d)
		}
		return fmt.Errorf("vault: remove %s: %w", d, err)
	}
	return durable.SyncDir(filepath.Dir(p))
}

// Strangers lists the files in the vault that belong to none of the known items, by their path inside it, sorted.
func (v *Vault) Strangers(known []incident.Digest) ([]string, error) {
	mine := make(map[string]bool, len(known))
	for _, d := range known {
		mine[v.path(d)] = true
	}
	var out []string
	err := filepath.WalkDir(v.dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || mine[p] || strings.HasPrefix(e.Name(), tempPrefix) {
			return err
		}
		rel, err := filepath.Rel(v.dir, p)
		out = append(out, rel)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("vault: list: %w", err)
	}
	return out, nil
}
