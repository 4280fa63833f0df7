// Package xz reads .xz files from untrusted hands, within a stated memory.
//
// Stage 1 of the flow: evidence unpacks with it. The LZMA2 decoder is github.com/ulikunitz/xz/lzma; the container is read
// here, because that module's own reader takes as much memory as a file asks for, up to 4 GiB. It keeps true that no
// dictionary larger than the limit is made, and that every check that the file carries is compared.
//
// Format: The .xz File Format 1.2.1 (tukaani.org), §2 to §5. Of the filters LZMA2 is read; filters for programs (delta, BCJ) are
// ErrFilter.
package xz

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// What reading ends with beside io.EOF and the errors of the source.
var (
	ErrDamaged = errors.New("xz: damaged")
	ErrFilter  = errors.New("xz: packed with a filter that is not read")
	ErrWindow  = errors.New("xz: needs more memory than is given")
)

const (
	magic       = "\xfd7zXZ\x00"
	footerMagic = "YZ"
	filterLZMA2 = 0x21
)

// Reader reads the plain bytes of one or more streams.
type Reader struct {
	r     *counter
	claim func(int64) error // asks for the memory of a dictionary

	flags  [2]byte
	check  hash.Hash
	size   int // of the check, bytes
	plain  *lzma.Reader2
	began  int64 // where the packed bytes of this block begin
	out    int64 // plain bytes of this block
	stated block
	head   int64 // bytes of the block's header
	blocks hash.Hash32
	count  uint64
	err    error
}

// block is what a block's header states; -1 is nothing.
type block struct{ packed, plain int64 }

// counter counts the bytes that were read.
type counter struct {
	*bufio.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *counter) ReadByte() (byte, error) {
	b, err := c.Reader.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

// NewReader begins with the first stream's header. claim is asked once for each block with the size of its dictionary; its
// error ends the reading.
func NewReader(r io.Reader, claim func(window int64) error) (*Reader, error) {
	x := &Reader{r: &counter{Reader: bufio.NewReaderSize(r, 64<<10)}, claim: claim}
	if err := x.stream(); err != nil {
		return nil, err
	}
	return x, nil
}

// Read gives plain bytes; each block's check is compared at its end.
func (x *Reader) Read(p []byte) (int, error) {
	for x.err == nil {
		if x.plain == nil {
			if x.err = x.next(); x.err != nil {
				break
			}
			continue
		}
		n, err := x.plain.Read(p)
		x.out += int64(n)
		x.check.Write(p[:n])
		switch {
		case err == io.EOF:
			x.err = x.endBlock()
		case err != nil:
			x.err = fmt.Errorf("%w: %w", ErrDamaged, noEOF(err))
		}
		if n > 0 || len(p) == 0 {
			return n, nil
		}
	}
	return 0, x.err
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func damaged(what string) error { return fmt.Errorf("%w: %s", ErrDamaged, what) }

func (x *Reader) full(p []byte) error {
	if _, err := io.ReadFull(x.r, p); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, noEOF(err))
	}
	return nil
}

// stream reads a stream header: magic 6, flags 2, CRC32 of the flags 4 (§2.1.1).
func (x *Reader) stream() error {
	var h [12]byte
	if err := x.full(h[:]); err != nil {
		return err
	}
	if string(h[:6]) != magic {
		return damaged("no stream header")
	}
	if crc32.ChecksumIEEE(h[6:8]) != binary.LittleEndian.Uint32(h[8:]) || h[6] != 0 {
		return damaged("stream header")
	}
	x.flags = [2]byte{h[6], h[7]}
	switch h[7] {
	case 0:
		x.check, x.size = crc32.NewIEEE(), 0
	case 1:
		x.check, x.size = crc32.NewIEEE(), 4
	case 4:
		x.check, x.size = crc64.New(crc64.MakeTable(crc64.ECMA)), 8
	case 10:
		x.check, x.size = sha256.New(), 32
	default:
		return fmt.Errorf("%w: check %d", ErrFilter, h[7])
	}
	x.blocks, x.count = crc32.NewIEEE(), 0
	return nil
}

// next begins the next block, or reads the index and what follows it.
func (x *Reader) next() error {
	n, err := x.r.ReadByte()
	if err != nil {
		return damaged("cut off before its index")
	}
	if n == 0 {
		return x.index()
	}
	// Block header: size 1, flags 1, sizes, filters, padding, CRC32 4 (§3.1).
	h := make([]byte, (int(n)+1)*4)
	h[0] = n
	if err := x.full(h[1:]); err != nil {
		return err
	}
	body := h[:len(h)-4]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(h[len(h)-4:]) {
		return damaged("block header")
	}
	window, err := x.header(body[1:])
	if err != nil {
		return err
	}
	if err := x.claim(window); err != nil {
		return err
	}
	x.head = int64(len(h))
	x.began, x.out = x.r.n, 0
	x.check.Reset()
	if x.plain, err = (lzma.Reader2Config{DictCap: int(max(window, lzma.MinDictCap))}).NewReader2(x.r); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// header reads what stands between the size and the CRC32 of a block header and gives the size of the dictionary.
func (x *Reader) header(b []byte) (window int64, err error) {
	r := bytes.NewReader(b[1:])
	if b[0]&0x3c != 0 {
		return 0, damaged("reserved flags of a block")
	}
	x.stated = block{-1, -1}
	for _, s := range []struct {
		bit byte
		to  *int64
	}{{0x40, &x.stated.packed}, {0x80, &x.stated.plain}} {
		if b[0]&s.bit == 0 {
			continue
		}
		n, err := number(r)
		if err != nil || n > 1<<62 {
			return 0, damaged("size of a block")
		}
		*s.to = int64(n)
	}
	id, err := number(r)
	if err != nil {
		return 0, err
	}
	if b[0]&3 != 0 || id != filterLZMA2 {
		return 0, fmt.Errorf("%w: filter %#x", ErrFilter, id)
	}
	size, err := number(r)
	if err != nil || size != 1 {
		return 0, damaged("properties of LZMA2")
	}
	p, err := r.ReadByte()
	if err != nil || p > 40 {
		return 0, damaged("properties of LZMA2")
	}
	for r.Len() > 0 {
		if c, _ := r.ReadByte(); c != 0 {
			return 0, damaged("padding of a block header")
		}
	}
	return Window(p), nil
}

// Window is the size of the dictionary that a byte of LZMA2 properties asks for (§5.3.1), at most 40.
func Window(p byte) int64 {
	if p >= 40 {
		return 1<<32 - 1
	}
	return (2 | int64(p)&1) << (p/2 + 11)
}

// number reads a variable-length integer (§1.2).
func number(r io.ByteReader) (n uint64, err error) {
	for i := range 9 {
		b, err := r.ReadByte()
		if err != nil {
			return 0, damaged("cut off in a number")
		}
		n |= uint64(b&0x7f) << (7 * i)
		if b&0x80 == 0 {
			if b == 0 && i > 0 {
				break
			}
			return n, nil
		}
	}
	return 0, damaged("a number in more bytes than it needs")
}

// endBlock reads the padding and the check of a block, and notes its sizes for the index.
func (x *Reader) endBlock() error {
	x.plain = nil
	packed := x.r.n - x.began
	if x.stated.packed >= 0 && x.stated.packed != packed || x.stated.plain >= 0 && x.stated.plain != x.out {
		return damaged("a block has other sizes than it states")
	}
	pad := make([]byte, (4-packed%4)%4)
	sum := make([]byte, x.size)
	if err := x.full(pad); err != nil {
		return err
	}
	if err := x.full(sum); err != nil {
		return err
	}
	for _, c := range pad {
		if c != 0 {
			return damaged("padding of a block")
		}
	}
	got := x.check.Sum(nil)
	if x.size == 4 || x.size == 8 { // stored the other way round
		for i, j := 0, len(got)-1; i < j; i, j = i+1, j-1 {
			got[i], got[j] = got[j], got[i]
		}
	}
	if x.size > 0 && !bytes.Equal(got, sum) {
		return damaged("the check does not fit the content")
	}
	x.note(uint64(x.head+packed)+uint64(x.size), uint64(x.out))
	return nil
}

// note adds a block's sizes to a sum, so that the index can be compared without keeping it.
func (x *Reader) note(unpadded, plain uint64) {
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:], unpadded)
	binary.LittleEndian.PutUint64(b[8:], plain)
	x.blocks.Write(b[:])
	x.count++
}

// index compares the index with the blocks that were read, reads the footer, and begins the next stream if there is one
// (§4, §2.1.2, §2.2).
func (x *Reader) index() error {
	want, count := x.blocks.Sum32(), x.count
	sum := crc32.NewIEEE()
	sum.Write([]byte{0})
	start := x.r.n - 1
	in := &teeByte{x.r, sum}
	n, err := number(in)
	if err != nil {
		return err
	}
	if n != count {
		return damaged("the index has another number of blocks")
	}
	x.blocks, x.count = crc32.NewIEEE(), 0
	for range n {
		unpadded, err := number(in)
		if err != nil {
			return err
		}
		plain, err := number(in)
		if err != nil {
			return err
		}
		x.note(unpadded, plain)
	}
	if x.blocks.Sum32() != want {
		return damaged("the index does not fit the blocks")
	}
	for (x.r.n-start)%4 != 0 {
		if b, err := in.ReadByte(); err != nil || b != 0 {
			return damaged("padding of the index")
		}
	}
	size := x.r.n - start + 4
	var f [16]byte // CRC32 of the index 4, CRC32 4, backward size 4, flags 2, magic 2
	if err := x.full(f[:]); err != nil {
		return err
	}
	if binary.LittleEndian.Uint32(f[:]) != sum.Sum32() || binary.LittleEndian.Uint32(f[4:]) != crc32.ChecksumIEEE(f[8:14]) ||
		(int64(binary.LittleEndian.Uint32(f[8:]))+1)*4 != size || f[12] != x.flags[0] || f[13] != x.flags[1] || string(f[14:]) != footerMagic {
		return damaged("the end of a stream")
	}
	return x.following()
}

// following skips stream padding and begins the next stream; without one it is io.EOF.
func (x *Reader) following() error {
	for {
		b, err := x.r.Peek(4)
		switch {
		case len(b) == 0 && err == io.EOF:
			return io.EOF
		case len(b) < 4:
			return damaged("bytes behind the last stream")
		case !bytes.Equal(b, []byte{0, 0, 0, 0}):
			return x.stream()
		}
		if _, err := x.r.Discard(4); err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, noEOF(err))
		}
	}
}

// teeByte hashes the bytes that are read one by one.
type teeByte struct {
	r io.ByteReader
	h hash.Hash32
}

func (t *teeByte) ReadByte() (byte, error) {
	b, err := t.r.ReadByte()
	if err == nil {
		t.h.Write([]byte{b})
	}
	return b, err
}
