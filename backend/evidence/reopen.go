package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"adjutant/backend/casefolder/vault"
	"adjutant/backend/incident"
)

// Source reads the exact bytes of an item. Close it.
type Source interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// ErrAbsent says that an item is neither in the vault nor under any of its paths; ErrAltered that the file there is not
// the one that was taken in.
var (
	ErrAbsent  = errors.New("evidence: the item is not here")
	ErrAltered = errors.New("evidence: the file is not the one that was taken in")
)

// Reopen opens an item by its hash: from the vault, else the referenced original at the first of paths that still holds
// it. A referenced file is hashed again before anything of it is shown, once for as long as its size, time and place stay
// the same. Errors: ErrAbsent, ErrAltered, vault.ErrDamaged, ctx's.
func Reopen(ctx context.Context, v *vault.Vault, d incident.Digest, paths []string) (Source, error) {
	if v != nil && v.Has(d) {
		return v.Open(d)
	}
	var altered error
	for _, p := range paths {
		s, err := reopenFile(ctx, d, p)
		if err == nil {
			return s, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if errors.Is(err, ErrAltered) {
			altered = err
		}
	}
	if altered != nil {
		return nil, altered
	}
	return nil, fmt.Errorf("%w: %s", ErrAbsent, d)
}

type original struct {
	*os.File
	size int64
}

func (o original) Size() int64 { return o.size }

// checked remembers which files were hashed, so that looking at rows of a 40 GB image does not read it again for each.
var checked = struct {
	sync.Mutex
	files map[checkedFile]incident.Digest
}{files: map[checkedFile]incident.Digest{}}

type checkedFile struct {
	path     string
	size     int64
	modified time.Time
}

const maxChecked = 1000

func reopenFile(ctx context.Context, d incident.Digest, path string) (Source, error) {
	f, err := openQuietly(path)
	if err != nil {
		return nil, err
	}
	if err := verifyFile(ctx, f, d, path); err != nil {
		f.Close() //nolint:errcheck // only read
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close() //nolint:errcheck // only read
		return nil, err
	}
	return original{f, info.Size()}, nil
}

func verifyFile(ctx context.Context, f *os.File, d incident.Digest, path string) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: %s is %s", ErrAltered, path, kindOf(info.Mode()))
	}
	key := checkedFile{path, info.Size(), info.ModTime()}
	checked.Lock()
	known, ok := checked.files[key]
	checked.Unlock()
	if !ok {
		if known, _, err = sum(ctx, f); err != nil {
			return err
		}
		checked.Lock()
		if len(checked.files) >= maxChecked {
			clear(checked.files)
		}
		checked.files[key] = known
		checked.Unlock()
	}
	if known != d {
		return fmt.Errorf("%w: %s hashes to %s, %s was taken in", ErrAltered, path, known, d)
	}
	return nil
}
