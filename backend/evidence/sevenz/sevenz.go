// Package sevenz reads 7z archives from untrusted hands, within a stated memory.
//
// Stage 1 of the flow: evidence unpacks with it. It keeps true that no list is longer than the header that states it could
// describe, that no dictionary larger than the limit is made, and that every checksum that the archive carries is compared.
// Streams are read once, from front to back: a member is read while the walk stands at it.
//
// Format: 7zFormat.txt of the LZMA SDK 23.01 (public domain). Read are the methods copy, LZMA, LZMA2, deflate, bzip2, zstd, delta and
// BCJ for x86 in chains; others (PPMd, BCJ2 and filters for other processors) are ErrMethod, encryption is ErrLocked. Archives
// of several volumes and those behind a program (SFX) are not read.
package sevenz

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"time"
)

// What reading ends with beside the errors of the source.
var (
	ErrDamaged = errors.New("sevenz: damaged")
	ErrMethod  = errors.New("sevenz: packed with a method that is not read")
	ErrLocked  = errors.New("sevenz: encrypted")
	ErrHeader  = errors.New("sevenz: its directory is larger than is read")
)

// Options are the bounds of reading.
type Options struct {
	MaxHeader int64 // bytes of the directory
	// Claim is asked before dictionaries are made, with what those of one folder take together; those of the folder before are
	// let go by then. Its error ends the reading of the folder.
	Claim func(window int64) error
	// Wrap is put around each packed stream's plain bytes, also those of members that are passed over; nil for none.
	Wrap func(io.Reader) io.Reader
}

// Magic begins every 7z archive.
const Magic = "7z\xbc\xaf\x27\x1c"

// Entry is one member.
type Entry struct {
	Name       string // as stored: separators may be of either kind
	Dir        bool
	Link       bool // a symbolic link or a reparse point
	Size       int64
	Modified   time.Time // zero when the archive does not say
	Attributes uint32
	stream     bool
	crc        uint32
	checked    bool // crc counts
}

// Archive is an opened archive.
type Archive struct {
	Entries []Entry
	r       io.ReaderAt
	streams streams
	opts    Options
}

func damaged(what string) error { return fmt.Errorf("%w: %s", ErrDamaged, what) }

// Open reads the directory.
func Open(r io.ReaderAt, size int64, o Options) (*Archive, error) {
	// Signature header: magic 6, version 2, CRC32 of what follows 4, offset 8, size 8 and CRC32 4 of the directory.
	var h [32]byte
	if _, err := r.ReadAt(h[:], 0); err != nil {
		return nil, fmt.Errorf("%w: signature header: %w", ErrDamaged, err)
	}
	if string(h[:6]) != Magic {
		return nil, damaged("no signature")
	}
	if crc32.ChecksumIEEE(h[12:]) != binary.LittleEndian.Uint32(h[8:]) {
		return nil, damaged("signature header")
	}
	at, n := binary.LittleEndian.Uint64(h[12:]), binary.LittleEndian.Uint64(h[20:])
	a := &Archive{r: r, opts: o}
	if n == 0 {
		return a, nil
	}
	if at > uint64(size-32) || n > uint64(size-32)-at {
		return nil, damaged("cut off: its directory is not there")
	}
	if n > uint64(o.MaxHeader) {
		return nil, fmt.Errorf("%w: %d bytes", ErrHeader, n)
	}
	dir := make([]byte, n)
	if _, err := r.ReadAt(dir, 32+int64(at)); err != nil {
		return nil, fmt.Errorf("%w: directory: %w", ErrDamaged, err)
	}
	if crc32.ChecksumIEEE(dir) != binary.LittleEndian.Uint32(h[28:]) {
		return nil, damaged("directory")
	}
	for range 4 { // a directory is packed once; more would be a game
		c := &cursor{b: dir}
		switch id := c.byte(); id {
		case idHeader:
			if err := a.directory(c, size); err != nil {
				return nil, err
			}
			return a, nil
		case idEncodedHeader:
			s := c.streams(size)
			if c.err != nil {
				return nil, c.err
			}
			var err error
			if dir, err = a.unpackDirectory(&s); err != nil {
				return nil, err
			}
		default:
			return nil, damaged("directory")
		}
	}
	return nil, damaged("directory inside directories")
}

func (a *Archive) unpackDirectory(s *streams) ([]byte, error) {
	if len(s.folders) != 1 {
		return nil, damaged("packed directory")
	}
	f := &s.folders[0]
	if f.size() > uint64(a.opts.MaxHeader) {
		return nil, fmt.Errorf("%w: %d bytes", ErrHeader, f.size())
	}
	r, err := f.open(a.r, s, 0, a.opts.Claim)
	if err != nil {
		return nil, err
	}
	dir := make([]byte, f.size())
	if _, err := io.ReadFull(r, dir); err != nil {
		return nil, fmt.Errorf("%w: packed directory: %w", ErrDamaged, err)
	}
	if f.checked && crc32.ChecksumIEEE(dir) != f.crc {
		return nil, damaged("packed directory")
	}
	return dir, nil
}

// Walk calls each for every member in the order of the archive. open may be called once, before each returns; its reader
// ends with ErrDamaged when the member's checksum does not fit. An error of each ends the walk.
func (a *Archive) Walk(each func(e *Entry, open func() (io.Reader, error)) error) error {
	w := walk{a: a, folder: -1}
	for i := range a.Entries {
		e := &a.Entries[i]
		open := func() (io.Reader, error) { return w.open(e) }
		if e.stream {
			w.enter(e)
		}
		if err := each(e, open); err != nil {
			return err
		}
		if e.stream {
			if err := w.leave(); err != nil {
				return err
			}
		}
	}
	return nil
}

// walk stands at one member of one folder's stream.
type walk struct {
	a      *Archive
	folder int // -1 before the first
	left   int // members of the folder that are still to come
	pack   int // first packed stream of the folder
	r      io.Reader
	err    error // of the folder: none of the rest of it can be read
	member *memberReader
}

// enter moves to the next stream.
func (w *walk) enter(e *Entry) {
	for w.left == 0 {
		if w.folder >= 0 {
			w.pack += len(w.a.streams.folders[w.folder].packed)
		}
		w.folder++
		w.left = w.a.streams.members[w.folder] // directory made sure that there are as many as entries with a stream
		w.r, w.err = nil, nil
	}
	w.left--
	w.member = &memberReader{w: w, left: e.Size, e: e}
}

func (w *walk) open(e *Entry) (io.Reader, error) {
	if !e.stream {
		return emptyReader{}, nil
	}
	if err := w.begin(); err != nil {
		return nil, err
	}
	return w.member, nil
}

// begin opens the folder's stream when it is not open.
func (w *walk) begin() error {
	if w.r == nil && w.err == nil {
		f := &w.a.streams.folders[w.folder]
		w.r, w.err = f.open(w.a.r, &w.a.streams, w.pack, w.a.opts.Claim)
		w.r = unpacker{w.r}
		if w.a.opts.Wrap != nil {
			w.r = w.a.opts.Wrap(w.r)
		}
	}
	return w.err
}

// leave passes over what was not read of a member, unless nothing of its folder comes after it.
func (w *walk) leave() error {
	if w.left == 0 || w.begin() != nil {
		return nil // each member of a folder that cannot be opened says so itself
	}
	w.member.passing = true
	if _, err := io.Copy(io.Discard, w.member); err != nil {
		w.err = err
		if !errors.Is(err, ErrDamaged) {
			return err
		}
	}
	return nil
}

// memberReader reads one member out of its folder's stream.
type memberReader struct {
	w       *walk
	e       *Entry
	left    int64
	sum     uint32
	passing bool // nobody looks at the content
}

func (m *memberReader) Read(p []byte) (int, error) {
	if m.left == 0 {
		if !m.passing && m.e.checked && m.sum != m.e.crc {
			return 0, damaged("the checksum does not fit the content")
		}
		return 0, io.EOF
	}
	if int64(len(p)) > m.left {
		p = p[:m.left]
	}
	n, err := m.w.r.Read(p)
	m.left -= int64(n)
	m.sum = crc32.Update(m.sum, crc32.IEEETable, p[:n])
	if err == io.EOF {
		if err = nil; m.left > 0 {
			err = damaged("cut off")
		}
	}
	if err != nil {
		m.w.err = err
	}
	return n, err
}

// unpacker names what a decoder says as damage.
type unpacker struct{ io.Reader }

func (u unpacker) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return n, err
}

type emptyReader struct{}

func (emptyReader) Read([]byte) (int, error) { return 0, io.EOF }
