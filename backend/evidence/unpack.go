package evidence

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/bodgit/sevenzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

func walkZip(u *unpacking, r *Receipt, each func(*packed) error) error {
	if size := directoryBytes(u.content, u.item.Bytes); size > maxDirectoryBytes {
		r.note(fmt.Sprintf("its directory has %d bytes; at most %d are read", size, maxDirectoryBytes))
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
	z, err := sevenzip.NewReader(u.content, u.item.Bytes)
	if err != nil {
		return lockedOr(err)
	}
	names := make([]string, len(z.File))
	for i, f := range z.File {
		names[i] = strings.ReplaceAll(f.Name, `\`, "/")
	}
	u.company.announce(names, nil)
	for _, f := range z.File {
		h := f.FileHeader
		m := &packed{name: h.Name, mode: h.Mode(), size: int64(min(h.UncompressedSize, 1<<62)), modified: h.Modified, open: func() (io.ReadCloser, error) {
			src, err := f.Open()
			if err != nil {
				return nil, lockedOr(err)
			}
			return src, nil
		}}
		if err := each(m); err != nil {
			return err
		}
	}
	return nil
}

// lockedOr tells an encrypted 7z archive from a damaged one.
func lockedOr(err error) error {
	var e *sevenzip.ReadError
	if errors.As(err, &e) && e.Encrypted {
		return errLocked
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
			return nil
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

// walkCompressed reads a file that holds one other file, or the stream of a tar archive, whose members then are the members.
func walkCompressed(open func(io.Reader) (io.Reader, error), endings ...string) func(*unpacking, *Receipt, func(*packed) error) error {
	return func(u *unpacking, r *Receipt, each func(*packed) error) error {
		plain, err := open(bufio.NewReaderSize(io.NewSectionReader(u.content, 0, u.item.Bytes), 256<<10))
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

func gunzip(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }

func bunzip2(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }

func unxz(r io.Reader) (io.Reader, error) { return xz.NewReader(r) }

// maxWindow bounds what an unpacker keeps of its output: "zstd --long=27" and the largest preset of xz stay below it.
const maxWindow = 256 << 20

func unzstd(r io.Reader) (io.Reader, error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	return z, nil
}
