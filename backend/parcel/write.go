package parcel

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"adjutant/backend/caserecord"
	"adjutant/backend/caserecord/bundle"

	"filippo.io/age"
)

// Write makes the file path, which must not exist, from what bundle.Write would put into a folder. It appears whole,
// synced to disk, readable by its owner alone, or not at all. Whether a failed or killed write left a temporary file does
// not matter: the next one removes it and begins anew.
//
// ErrExists, ErrNoRecipients, what bundle.Prepare says, bundle.ErrDiskFull, bundle.ErrTooLarge, the context's error.
func Write(ctx context.Context, path string, entries []caserecord.Entry, o bundle.Options, recipients ...age.Recipient) (bundle.Manifest, error) {
	if len(recipients) == 0 {
		return bundle.Manifest{}, ErrNoRecipients
	}
	if len(recipients) > MaxRecipients {
		return bundle.Manifest{}, fmt.Errorf("%w: more than %d", ErrRecipient, MaxRecipients)
	}
	if _, err := os.Lstat(path); err == nil {
		return bundle.Manifest{}, fmt.Errorf("%w: %s", ErrExists, path)
	}
	plan, err := bundle.Prepare(ctx, entries, o)
	if err != nil {
		return bundle.Manifest{}, err
	}
	if err := writeFile(ctx, path, plan, o.Progress, recipients); err != nil {
		return bundle.Manifest{}, fmt.Errorf("parcel: write %s: %w", path, bundle.NoRoom(err))
	}
	return plan.Manifest(), nil
}

// Estimate bounds the size of a parcel of a bundle of this size from above, within a few kilobytes a file.
func Estimate(s bundle.Size, recipients int) int64 {
	const block, header, chunk, tag = 512, 4 * 512, 64 << 10, 16 // a PAX header and its record come to three blocks more
	tarred := s.Bytes + int64(s.Files)*(header+block) + 2*block
	return tarred + (tarred/chunk+1)*tag + int64(recipients)*256 + 256
}

// unfinished is where a parcel grows; the name follows from the target.
func unfinished(path string) string {
	sum := sha256.Sum256([]byte(filepath.Base(path)))
	return filepath.Join(filepath.Dir(path), ".parcel-"+hex.EncodeToString(sum[:8])+".part")
}

func writeFile(ctx context.Context, path string, plan *bundle.Plan, progress func(done, total int64), recipients []age.Recipient) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	part := unfinished(path)
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(part) //nolint:errcheck // the error that counts is the first
		}
	}()
	err = seal(ctx, f, plan, progress, recipients)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	// Looked at again: a rename would replace what came meanwhile.
	if _, err := os.Lstat(path); err == nil {
		return ErrExists
	}
	if err = os.Rename(part, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// seal writes the plan as tar in age.
func seal(ctx context.Context, to io.Writer, plan *bundle.Plan, progress func(done, total int64), recipients []age.Recipient) error {
	sealed, err := age.Encrypt(to, recipients...)
	if err != nil {
		return err
	}
	done, total := int64(0), plan.Size().Bytes
	t := tar.NewWriter(sealed)
	for i, f := range plan.Files() {
		if err := t.WriteHeader(header(f)); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if err := plan.Copy(ctx, i, io.MultiWriter(t, counter(func(n int) {
			if done += int64(n); progress != nil {
				progress(done, total)
			}
		}))); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return sealed.Close()
}

// header is the one header that a file can have: nothing in it but name and size says anything.
func header(f bundle.File) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: f.Name, Size: f.Bytes, Mode: 0o644}
}

// counter is a writer that keeps nothing.
type counter func(n int)

func (c counter) Write(b []byte) (int, error) { c(len(b)); return len(b), nil }

// syncDir makes a new name durable. Windows has no such call.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
