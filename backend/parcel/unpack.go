package parcel

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"

	"adjutant/backend/caserecord/bundle"

	"filippo.io/age"
)

// Limits bound what Unpack takes. Zero fields are the most that a bundle may have.
type Limits struct {
	Files int   // how many
	Bytes int64 // of all files together; callers give the free room of the disk
}

// Unpack opens the parcel with one of the identities and puts its files into dir, a folder that it makes, private to the
// user; dir must not exist or be empty. It writes nothing outside, and leaves nothing when it fails. What it made is plain:
// the caller reads it with bundle.ReadContext, which trusts none of it, and removes it. progress counts bytes of the
// parcel; it may be nil.
//
// ErrNotParcel, ErrPassphrase, ErrNotForYou, ErrDamaged, ErrTooBig, ErrExists, bundle.ErrDiskFull, the context's error.
func Unpack(ctx context.Context, path, dir string, identities []age.Identity, l Limits, progress func(done, total int64)) (*bundle.Manifest, error) {
	f, size, err := openParcel(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := &source{ctx: ctx, from: f, total: size, progress: progress}
	plain, err := decrypt(path, in, identities)
	if err != nil {
		return nil, err
	}
	if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
		return nil, fmt.Errorf("%w: %s", ErrExists, dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("parcel: folder: %w", err)
	}
	m, err := unpackInto(ctx, dir, plain, size, l)
	if err != nil {
		os.RemoveAll(dir) //nolint:errcheck // the error that counts is the first
		var d *DamageError
		switch {
		case ctx.Err() != nil:
			err = fmt.Errorf("parcel: unpack %s: %w", path, ctx.Err())
		case errors.As(err, &d):
			d.Offset = in.done
		default:
			err = fmt.Errorf("parcel: unpack %s: %w", path, bundle.NoRoom(err))
		}
		return nil, err
	}
	return m, nil
}

// decrypt opens the age file and tells a wrong key from a damaged header.
func decrypt(path string, in *source, identities []age.Identity) (io.Reader, error) {
	head := make([]byte, len(intro))
	if _, err := io.ReadFull(in, head); err != nil || string(head) != intro {
		return nil, fmt.Errorf("%w: %s", ErrNotParcel, path)
	}
	if len(identities) == 0 {
		identities = []age.Identity{nobody{}} // age calls an empty list a fault of the program
	}
	// A copy: age sorts the list.
	plain, err := age.Decrypt(io.MultiReader(bytes.NewReader(head), in), slices.Clone(identities)...)
	switch {
	case err == nil:
		return plain, nil
	case in.ctx.Err() != nil:
		return nil, fmt.Errorf("parcel: unpack %s: %w", path, in.ctx.Err())
	}
	return nil, refusal(path, err, in.done)
}

// refusal says why age did not open a file.
func refusal(path string, err error, at int64) error {
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none) && slices.Contains(none.StanzaTypes, "scrypt"):
		return fmt.Errorf("%w: %s", ErrPassphrase, path)
	case errors.As(err, &none):
		return fmt.Errorf("%w: %s", ErrNotForYou, path)
	}
	return &DamageError{Offset: at, What: "it cannot be opened", Err: err}
}

type nobody struct{}

func (nobody) Unwrap([]*age.Stanza) ([]byte, error) { return nil, age.ErrIncorrectIdentity }

// source counts what is read of the parcel and ends with its context.
type source struct {
	ctx         context.Context
	from        io.Reader
	done, total int64
	progress    func(done, total int64)
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.from.Read(p)
	s.done += int64(n)
	if s.progress != nil && n > 0 {
		s.progress(min(s.done, s.total), s.total)
	}
	return n, err
}

func unpackInto(ctx context.Context, dir string, plain io.Reader, sealed int64, l Limits) (*bundle.Manifest, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	u := &unpacker{ctx: ctx, root: root, sealed: sealed, limits: l}
	err = u.all(plain)
	return u.manifest, errors.Join(err, root.Close())
}

// unpacker takes one tar stream apart.
type unpacker struct {
	ctx      context.Context
	root     *os.Root
	sealed   int64 // size of the parcel: nothing in it is compressed, so it holds less than that
	limits   Limits
	manifest *bundle.Manifest // once bundle.json was read
	last     string           // name of the file before
	files    int
	bytes    int64
	listed   int // files met that the manifest lists
}

// all reads the stream to its end. What was read is then held against the one form that Write gives these files: other
// headers, padding or trailing bytes are refused even where tar would take them.
func (u *unpacker) all(plain io.Reader) error {
	read, form := sha256.New(), sha256.New()
	raw := io.TeeReader(plain, read)
	in, again := tar.NewReader(raw), tar.NewWriter(form)
	for {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return u.damaged("", "the tar stream cannot be read", err)
		}
		f, err := u.accept(h)
		if err != nil {
			return err
		}
		if err := again.WriteHeader(header(f)); err != nil {
			return u.damaged(f.Name, "no header of a bundle", err)
		}
		if err := u.file(f, in, again); err != nil {
			return err
		}
		if err := again.Flush(); err != nil {
			return u.damaged(f.Name, "it ends early", err)
		}
	}
	if err := again.Close(); err != nil {
		return err
	}
	// To the end of the age stream: only there is it known that nothing was cut off.
	if n, err := io.Copy(io.Discard, raw); err != nil || n > 0 {
		return u.damaged("", fmt.Sprintf("%d bytes behind the end of the tar stream", n), err)
	}
	if !bytes.Equal(read.Sum(nil), form.Sum(nil)) {
		return u.damaged("", "the tar stream is not in the one form of a parcel", nil)
	}
	return u.complete()
}

// complete is asked at the end of the stream.
func (u *unpacker) complete() error {
	if u.manifest == nil || u.manifest.Version != bundle.Version || u.listed != len(u.manifest.Files) {
		return u.damaged("", "files that bundle.json lists are not here", nil)
	}
	return nil
}

func (u *unpacker) damaged(file, what string, err error) error {
	return &DamageError{File: file, What: what, Err: err}
}

// accept judges a header before a byte of its file is taken: name, order, size, and nothing else in it.
func (u *unpacker) accept(h *tar.Header) (bundle.File, error) {
	f := bundle.File{Name: h.Name, Bytes: h.Size}
	own := h.Name == bundle.ManifestFile || h.Name == bundle.SumsFile
	_, _, known := bundle.KindOf(h.Name)
	switch {
	case h.Typeflag != tar.TypeReg || h.Linkname != "":
		return f, u.damaged("", fmt.Sprintf("%.120q is not a plain file", h.Name), nil)
	case !own && !known:
		return f, u.damaged("", fmt.Sprintf("%.120q is no name of a file in a bundle", h.Name), nil)
	case h.Name <= u.last:
		return f, u.damaged("", fmt.Sprintf("%s stands out of order or twice", h.Name), nil)
	case h.Size < 0 || h.Size > bundle.MaxFileBytes:
		return f, u.damaged(h.Name, fmt.Sprintf("a size of %d bytes", h.Size), nil)
	}
	u.last = h.Name
	if err := u.measure(f, own); err != nil {
		return f, err
	}
	u.files++
	u.bytes += f.Bytes
	if files := or(u.limits.Files, bundle.MaxFiles+2); u.files > files {
		return f, fmt.Errorf("%w: more than %d files", ErrTooBig, files)
	}
	if u.bytes > u.sealed { // holes of a sparse file, for instance
		return f, u.damaged(f.Name, "more bytes are announced than the parcel can hold", nil)
	}
	if u.limits.Bytes > 0 && u.bytes > u.limits.Bytes {
		return f, fmt.Errorf("%w: more than %d bytes", ErrTooBig, u.limits.Bytes)
	}
	return f, nil
}

// measure holds a file to the list. Names come in order, so only README.txt and SHA256SUMS stand before bundle.json: both
// are small, and everything large is announced before it comes.
func (u *unpacker) measure(f bundle.File, own bool) error {
	switch {
	case own && f.Bytes > bundle.MaxManifest, f.Name == bundle.ReadmeFile && f.Bytes > bundle.MaxSmallFile:
		return u.damaged(f.Name, fmt.Sprintf("a size of %d bytes", f.Bytes), nil)
	case own:
		return nil
	case u.manifest == nil && f.Name == bundle.ReadmeFile:
		u.listed++ // held against the list by bundle.Read
		return nil
	case u.manifest == nil:
		return u.damaged(f.Name, "it comes before bundle.json", nil)
	}
	if want, ok := u.manifest.File(f.Name); !ok || want.Bytes != f.Bytes {
		return u.damaged(f.Name, "bundle.json does not announce it with this size", nil)
	}
	u.listed++
	return nil
}

// file writes one file, and its bytes once more to form.
func (u *unpacker) file(f bundle.File, in io.Reader, form io.Writer) error {
	if dir := path.Dir(f.Name); dir != "." {
		if err := u.root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	out, err := u.root.OpenFile(f.Name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	var manifest bytes.Buffer
	to := []io.Writer{out, form}
	if f.Name == bundle.ManifestFile {
		to = append(to, &manifest)
	}
	r := &reading{from: in}
	_, err = io.CopyBuffer(io.MultiWriter(to...), r, make([]byte, min(1<<20, f.Bytes+1)))
	if err = errors.Join(err, out.Close()); err != nil {
		if r.err != nil {
			return u.damaged(f.Name, "its bytes cannot be read", r.err)
		}
		return err
	}
	if f.Name == bundle.ManifestFile {
		if u.manifest, err = bundle.ParseManifest(manifest.Bytes()); err != nil {
			return u.damaged(f.Name, "not a list of files", err)
		}
	}
	return u.ctx.Err()
}

// reading remembers that it was the parcel that failed and not the disk.
type reading struct {
	from io.Reader
	err  error
}

func (r *reading) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

func or(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
