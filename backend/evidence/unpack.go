package evidence

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/klauspost/compress/zstd"

	"adjutant/backend/evidence/sevenz"
	"adjutant/backend/evidence/xz"
)

func walkZip(u *unpacking, r *Receipt, each func(*packed) error) error {
	if size := directoryBytes(u.content, u.item.Bytes); size > u.limits.directoryBytes() {
		r.note(fmt.Sprintf("its directory has %d bytes; at most %d are read", size, u.limits.directoryBytes()))
		return errBomb
	}
	z, err := zip.NewReader(u.content, u.item.Bytes)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return err
	}
	names := make([]string, len(z.File))
	for i, f := range z.File {
		names[i] = strings.ReplaceAll(f.Name, `\`, "/")
	}
	u.company.announce(names, func(i int) (io.ReadCloser, error) { return z.File[i].Open() })
	for _, f := range z.File {
		m := &packed{
			name: f.Name, mode: f.Mode(), size: int64(min(f.UncompressedSize64, 1<<62)), packed: max(int64(min(f.CompressedSize64, 1<<62)), 1), modified: f.Modified,
			locked: f.Flags&1 != 0, open: f.Open,
		}
		if m.mode.IsDir() && m.size > 0 {
			m.mode = 0 // a folder with content is looked at
		}
		if err := each(m); err != nil {
			return err
		}
	}
	return nil
}

// walk7z reads 7z archives. Members of a solid archive come out of one stream: each is opened in turn.
func walk7z(u *unpacking, _ *Receipt, each func(*packed) error) error {
	z, err := sevenz.Open(u.content, u.item.Bytes, sevenz.Options{
		MaxHeader: u.limits.directoryBytes(), Claim: u.claims(), Wrap: func(r io.Reader) io.Reader { return &believed{r: r, u: u} },
	})
	if err != nil {
		return lockedOr(err)
	}
	names := make([]string, len(z.Entries))
	for i := range z.Entries {
		names[i] = strings.ReplaceAll(z.Entries[i].Name, `\`, "/")
	}
	u.company.announce(names, nil)
	return z.Walk(func(e *sevenz.Entry, open func() (io.Reader, error)) error {
		m := &packed{name: e.Name, size: e.Size, modified: e.Modified, open: func() (io.ReadCloser, error) {
			src, err := open()
			if err != nil {
				return nil, lockedOr(err)
			}
			return io.NopCloser(src), nil
		}}
		switch {
		case e.Link:
			m.link = "a link"
		case e.Dir:
			m.mode = fs.ModeDir
		}
		return each(m)
	})
}

// lockedOr tells an encrypted 7z archive, and one whose directory is too large, from a damaged one.
func lockedOr(err error) error {
	switch {
	case errors.Is(err, sevenz.ErrLocked):
		return errLocked
	case errors.Is(err, sevenz.ErrHeader):
		return fmt.Errorf("%w: %w", errBomb, err)
	}
	return err
}

func walkTarFile(u *unpacking, _ *Receipt, each func(*packed) error) error {
	return walkTar(io.NewSectionReader(u.content, 0, u.item.Bytes), each)
}

// walkTar reads a stream in one pass.
func walkTar(stream io.Reader, each func(*packed) error) error {
	z := tar.NewReader(stream)
	for {
		h, err := z.Next()
		if err == io.EOF {
			return behindTar(stream)
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			return err
		}
		m := &packed{name: h.Name, mode: h.FileInfo().Mode(), size: h.Size, modified: h.ModTime, open: func() (io.ReadCloser, error) { return io.NopCloser(z), nil }}
		switch h.Typeflag {
		case tar.TypeLink:
			m.link = "a hard link"
		case tar.TypeSymlink:
			m.link = "a symbolic link"
		case tar.TypeXGlobalHeader:
			continue // no member: it describes those that follow
		}
		if err := each(m); err != nil {
			return err
		}
	}
}

// behindTar reads what stands behind the end of a tar archive: zeros that fill it up, or more, such as a second archive that was
// appended, which must not be passed over in silence. A compressed stream's checksum comes at its end, too.
func behindTar(stream io.Reader) error {
	buf := make([]byte, 64<<10)
	for {
		n, err := stream.Read(buf)
		if len(bytes.Trim(buf[:n], "\x00")) > 0 {
			return errors.New("more follows behind the end of the archive, it was not read")
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// walkCompressed reads a file that holds one other file, or the stream of a tar archive, whose members then are the members.
func walkCompressed(open func(*unpacking, *bufio.Reader) (io.Reader, error), endings ...string) func(*unpacking, *Receipt, func(*packed) error) error {
	return func(u *unpacking, r *Receipt, each func(*packed) error) error {
		plain, err := open(u, bufio.NewReaderSize(io.NewSectionReader(u.content, 0, u.item.Bytes), 256<<10))
		if err != nil {
			return err
		}
		stream := bufio.NewReaderSize(&believed{r: plain, u: u}, 64<<10)
		head, err := stream.Peek(512)
		if isTar(head) {
			r.Format = "tar." + r.Format
			return walkTar(stream, each)
		}
		if err != nil && err != io.EOF && len(head) == 0 {
			return err
		}
		u.company.single = true
		return each(&packed{
			name: plainName(u.item.Name, endings), size: -1, packed: u.item.Bytes, modified: u.item.ModTime,
			open: func() (io.ReadCloser, error) { return io.NopCloser(stream), nil },
		})
	}
}

// believed counts what comes out of a compressed stream, members that are passed over included, and stops a bomb.
type believed struct {
	r    io.Reader
	u    *unpacking
	read int64
}

func (b *believed) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.read += int64(n)
	l := b.u.limits
	if b.read > l.MaxArchiveBytes || b.read > l.RatioFreeBytes && b.read/l.MaxRatio > b.u.item.Bytes {
		return n, errBomb
	}
	return n, err
}

func gunzip(_ *unpacking, r *bufio.Reader) (io.Reader, error) { return gzip.NewReader(r) }

func bunzip2(_ *unpacking, r *bufio.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }

func unxz(u *unpacking, r *bufio.Reader) (io.Reader, error) { return xz.NewReader(r, u.claims()) }

// unzstd gives the whole file the window that its first frame asks for, or that of the usual presets.
func unzstd(u *unpacking, r *bufio.Reader) (io.Reader, error) {
	const usual = 8 << 20
	var h zstd.Header
	head, _ := r.Peek(zstd.HeaderMaxSize) // a shorter file has a shorter header
	if err := h.Decode(head); err != nil {
		return nil, err
	}
	window := uint64(usual)
	if !h.Skippable {
		window = max(window, h.WindowSize)
	}
	if err := u.claims()(int64(min(window, 1<<62))); err != nil {
		return nil, err
	}
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	return z, nil
}
