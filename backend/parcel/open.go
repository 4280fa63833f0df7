package parcel

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sort"

	"adjutant/backend/caserecord/bundle"

	"filippo.io/age"
)

// Parcel is an open parcel: its files are read where they lie, so that no plain byte touches the disk. It is a
// bundle.Source, and safe for concurrent use. Close it.
type Parcel struct {
	file  *os.File
	plain io.ReaderAt
	size  int64
	files []placed // by name
}

// placed is a file and where its bytes begin in the plain stream.
type placed struct {
	bundle.File
	at int64
}

// Open opens the parcel with one of the identities and looks through the headers of the tar stream, which have to stand in
// the one form that Write gives them, to the authenticated end. The bytes of the files are authenticated as they are read;
// bundle.ReadSource holds them against their hashes. Limits bound what the headers announce.
//
// ErrNotParcel, ErrPassphrase, ErrNotForYou, ErrDamaged, ErrTooBig, the context's error.
func Open(ctx context.Context, path string, identities []age.Identity, l Limits) (_ *Parcel, err error) {
	f, sealed, err := openParcel(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.Close() //nolint:errcheck // it was only read
		}
	}()
	p := &Parcel{file: f}
	if p.plain, p.size, err = decryptAt(path, f, sealed, identities); err != nil {
		return nil, err
	}
	u := &unpacker{ctx: ctx, sealed: sealed, limits: l}
	at, err := p.headers(u)
	var d *DamageError
	if errors.As(err, &d) {
		d.Offset = at
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

func decryptAt(path string, f *os.File, sealed int64, identities []age.Identity) (io.ReaderAt, int64, error) {
	head := make([]byte, len(intro))
	if n, err := f.ReadAt(head, 0); n < len(head) || string(head) != intro {
		if err != nil && err != io.EOF {
			return nil, 0, fmt.Errorf("parcel: read %s: %w", path, err)
		}
		return nil, 0, fmt.Errorf("%w: %s", ErrNotParcel, path)
	}
	if len(identities) == 0 {
		identities = []age.Identity{nobody{}} // age calls an empty list a fault of the program
	}
	plain, size, err := age.DecryptReaderAt(f, sealed, slices.Clone(identities)...) // a copy: age sorts the list
	if err != nil {
		return nil, 0, refusal(path, err, 0)
	}
	return plain, size, nil
}

// headers goes from header to header and returns how far it came.
func (p *Parcel) headers(u *unpacker) (at int64, err error) {
	for {
		if err := u.ctx.Err(); err != nil {
			return at, fmt.Errorf("parcel: open: %w", err)
		}
		h, err := tar.NewReader(io.NewSectionReader(p.plain, at, p.size-at)).Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return at, u.damaged("", "the tar stream cannot be read", err)
		}
		f, err := u.accept(h)
		if err != nil {
			return at, err
		}
		next, err := p.place(u, f, at)
		if err != nil {
			return at, err
		}
		at = next
	}
	// Two blocks of zeros, and nothing behind them.
	if p.size-at != 2*block || !p.zeros(at, 2*block) {
		return at, u.damaged("", fmt.Sprintf("%d bytes at the end of the tar stream, not two empty blocks", p.size-at), nil)
	}
	return at, u.complete()
}

const block = 512 // of tar

// place checks the header at a place and what pads the file behind it, and returns where the next header stands.
func (p *Parcel) place(u *unpacker, f bundle.File, at int64) (next int64, err error) {
	var form bytes.Buffer
	if err := tar.NewWriter(&form).WriteHeader(header(f)); err != nil {
		return 0, u.damaged(f.Name, "no header of a bundle", err)
	}
	here := make([]byte, form.Len())
	if n, err := p.plain.ReadAt(here, at); n < len(here) || !bytes.Equal(here, form.Bytes()) {
		if err == io.EOF {
			err = nil
		}
		return 0, u.damaged(f.Name, "its header is not in the one form of a parcel", err)
	}
	from := at + int64(len(here))
	end := from + f.Bytes
	pad := (block - f.Bytes%block) % block
	if end+pad > p.size || !p.zeros(end, pad) {
		return 0, u.damaged(f.Name, "it ends early, or what fills its last block is not empty", nil)
	}
	p.files = append(p.files, placed{f, from})
	if f.Name == bundle.ManifestFile {
		b := make([]byte, f.Bytes) // accept bounds it
		if n, err := p.plain.ReadAt(b, from); n < len(b) {
			return 0, u.damaged(f.Name, "its bytes cannot be read", err)
		}
		if u.manifest, err = bundle.ParseManifest(b); err != nil {
			return 0, u.damaged(f.Name, "not a list of files", err)
		}
	}
	return end + pad, nil
}

func (p *Parcel) zeros(at, n int64) bool {
	b := make([]byte, n)
	got, _ := p.plain.ReadAt(b, at)
	return int64(got) == n && len(bytes.Trim(b, "\x00")) == 0
}

// Names lists the files of the bundle inside.
func (p *Parcel) Names() []string {
	out := make([]string, len(p.files))
	for i, f := range p.files {
		out[i] = f.Name
	}
	return out
}

// Open opens a file of the bundle and says its size. fs.ErrNotExist when there is none of that name. A piece that was
// altered on the disk is an error of the read that reaches it.
func (p *Parcel) Open(name string) (io.ReadCloser, int64, error) {
	i := sort.Search(len(p.files), func(i int) bool { return p.files[i].Name >= name })
	if i == len(p.files) || p.files[i].Name != name {
		return nil, 0, fmt.Errorf("parcel: %.120q: %w", name, fs.ErrNotExist)
	}
	f := p.files[i]
	return io.NopCloser(io.NewSectionReader(p.plain, f.at, f.Bytes)), f.Bytes, nil
}

// Close closes the file.
func (p *Parcel) Close() error { return p.file.Close() }
