package sevenz

import (
	"bufio"
	"compress/bzip2"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz/lzma"

	"adjutant/backend/evidence/xz"
)

const (
	maxCoders  = 8       // of one folder; packers make chains of four at most
	maxProps   = 1 << 10 // bytes of properties of a coder
	maxEntries = 1 << 20 // members of an archive; the list of them takes 100 MiB
	maxFolders = 1 << 18 // packed one by one; as much memory
)

// streams is StreamsInfo: where packed streams lie, how folders unpack them, and what members come out.
type streams struct {
	packs   []pack
	folders []folder
	members []int // of each folder
	subs    [][]substream
}

// pack is a packed stream.
type pack struct{ at, size int64 }

type substream struct {
	size uint64
	digest
}

// folder is a chain of coders over packed streams.
type folder struct {
	coders []coder
	binds  []bind
	packed []uint64 // in-streams that are read from packed streams
	sizes  []uint64 // of what each out-stream gives
	ins    uint64
	outs   uint64
	digest
}

type coder struct {
	id        []byte
	ins, outs uint64
	props     []byte
}

type bind struct{ in, out uint64 }

// streams reads StreamsInfo. size is that of the archive's file.
func (c *cursor) streams(size int64) (s streams) {
	id := c.byte()
	if id == idPackInfo {
		at := c.number()
		n := c.count()
		for id = c.byte(); id != idEnd && c.err == nil; id = c.byte() {
			switch id {
			case idSize:
				s.packs = make([]pack, n)
				for i := range s.packs {
					s.packs[i].size = int64(min(c.number(), 1<<62))
				}
			case idCRC:
				c.digests(n)
			default:
				c.fail("packed streams")
			}
		}
		end := uint64(size - 32)
		for i := range s.packs {
			p := &s.packs[i]
			if p.at = 32 + int64(at); at > end || uint64(p.size) > end-at {
				c.fail("packed streams outside of the file")
				return
			}
			at += uint64(p.size)
		}
		id = c.byte()
	}
	if id == idUnpackInfo {
		s.folders = c.folders()
		id = c.byte()
	}
	s.members = make([]int, len(s.folders))
	for i := range s.members {
		s.members[i] = 1
	}
	if id == idSubStreams {
		id = c.memberCounts(&s)
		c.memberSizes(&s, id)
		id = c.byte()
	} else {
		for i := range s.folders {
			s.subs = append(s.subs, []substream{{s.folders[i].size(), s.folders[i].digest}})
		}
	}
	if id != idEnd {
		c.fail("streams")
	}
	packs := 0
	for i := range s.folders {
		packs += len(s.folders[i].packed)
	}
	if packs > len(s.packs) {
		c.fail("fewer packed streams than are unpacked")
	}
	return s
}

func (c *cursor) folders() []folder {
	if c.byte() != idFolder {
		c.fail("folders")
	}
	n := c.count()
	if c.byte() != 0 || n > maxFolders {
		c.fail("folders outside of the directory, or too many")
		return nil
	}
	out := make([]folder, n)
	for i := range out {
		if c.err != nil {
			return nil
		}
		c.folder(&out[i])
	}
	if c.byte() != idUnpackSize {
		c.fail("folders")
	}
	for i := range out {
		out[i].sizes = make([]uint64, min(out[i].outs, maxCoders*maxCoders))
		for j := range out[i].sizes {
			if out[i].sizes[j] = c.number(); out[i].sizes[j] > 1<<62 {
				c.fail("size of a stream")
			}
		}
	}
	id := c.byte()
	if id == idCRC {
		for i, d := range c.digests(n) {
			out[i].digest = d
		}
		id = c.byte()
	}
	if id != idEnd {
		c.fail("folders")
	}
	return out
}

func (c *cursor) folder(f *folder) {
	n := c.number()
	if n == 0 || n > maxCoders {
		c.fail("coders of a folder")
		return
	}
	for range n {
		// Bits 0 to 3: length of the id; 4: numbers of streams follow; 5: properties follow.
		flags := c.byte()
		k := coder{id: c.take(uint64(flags & 15)), ins: 1, outs: 1}
		if flags&0x10 != 0 {
			k.ins, k.outs = c.number(), c.number()
		}
		if flags&0x20 != 0 {
			n := c.number()
			if n > maxProps {
				c.fail("properties of a coder")
			}
			k.props = c.take(n)
		}
		if flags&0xc0 != 0 || k.ins == 0 || k.ins > maxCoders || k.outs == 0 || k.outs > maxCoders {
			c.fail("coders of a folder")
			return
		}
		f.ins += k.ins
		f.outs += k.outs
		f.coders = append(f.coders, k)
	}
	for range f.outs - 1 {
		f.binds = append(f.binds, bind{in: c.number(), out: c.number()})
	}
	if f.ins < f.outs-1 {
		c.fail("streams of a folder")
		return
	}
	packed := f.ins - (f.outs - 1)
	if packed == 1 {
		for in := range f.ins {
			if f.boundIn(in) < 0 {
				f.packed = append(f.packed, in)
				break
			}
		}
		return
	}
	for range packed {
		f.packed = append(f.packed, c.number())
	}
}

// boundIn is the bind of an in-stream, -1 for none.
func (f *folder) boundIn(in uint64) int {
	for i, b := range f.binds {
		if b.in == in {
			return i
		}
	}
	return -1
}

// last is the out-stream that is not read by another coder.
func (f *folder) last() uint64 {
	for out := range f.outs {
		used := false
		for _, b := range f.binds {
			used = used || b.out == out
		}
		if !used {
			return out
		}
	}
	return 0
}

// size is how many bytes the folder gives.
func (f *folder) size() uint64 {
	if n := f.last(); n < uint64(len(f.sizes)) {
		return f.sizes[n]
	}
	return 0
}

// memberCounts reads how many members each folder holds, and returns the id that follows.
func (c *cursor) memberCounts(s *streams) byte {
	id := c.byte()
	if id != idNumUnpackStream {
		return id
	}
	total := uint64(0)
	for i := range s.members {
		n := c.number()
		if total += n; n > uint64(len(c.b)) || total > maxEntries {
			c.fail("a list longer than its directory")
			return 0
		}
		s.members[i] = int(n)
	}
	return c.byte()
}

// memberSizes reads the sizes of members, of which the last of each folder is what is left, and their checksums.
func (c *cursor) memberSizes(s *streams, id byte) {
	sized, unknown := id == idSize, 0
	for i, n := range s.members {
		subs := make([]substream, n)
		rest := s.folders[i].size()
		for j := range subs {
			if j == n-1 {
				subs[j].size = rest
				break
			}
			if !sized {
				c.fail("members without a size")
				return
			}
			if subs[j].size = c.number(); subs[j].size > rest {
				c.fail("members larger than their folder")
				return
			}
			rest -= subs[j].size
		}
		if n == 1 && s.folders[i].checked {
			subs[0].digest = s.folders[i].digest
		} else {
			unknown += n
		}
		s.subs = append(s.subs, subs)
	}
	if sized {
		id = c.byte()
	}
	if id == idCRC {
		d := c.digests(unknown)
		for i := range s.subs {
			if len(s.subs[i]) == 1 && s.folders[i].checked {
				continue
			}
			for j := range s.subs[i] {
				s.subs[i][j].digest, d = d[0], d[1:]
			}
		}
		id = c.byte()
	}
	if id != idEnd {
		c.fail("members of folders")
	}
}

// open reads a folder whose first packed stream is the one numbered pack.
func (f *folder) open(r io.ReaderAt, s *streams, pack int, claim func(int64) error) (io.Reader, error) {
	for _, k := range f.coders {
		if string(k.id) == "\x06\xf1\x07\x01" {
			return nil, ErrLocked
		}
	}
	if len(f.packed) != 1 || f.ins != uint64(len(f.coders)) || f.outs != f.ins {
		return nil, fmt.Errorf("%w: streams that are joined", ErrMethod)
	}
	if pack >= len(s.packs) {
		return nil, damaged("fewer packed streams than are unpacked")
	}
	in := io.Reader(bufio.NewReaderSize(io.NewSectionReader(r, s.packs[pack].at, s.packs[pack].size), 256<<10))
	total, all := int64(0), claim
	claim = func(n int64) error { total += n; return all(total) }
	// From the coder that reads the file to the one whose output is the folder's.
	i := f.packed[0]
	for range f.coders {
		if i >= f.ins {
			return nil, damaged("streams of a folder")
		}
		var err error
		if in, err = f.coders[i].decode(in, f.sizes[i], claim); err != nil {
			return nil, err
		}
		if i == f.last() {
			return io.LimitReader(in, int64(f.size())), nil
		}
		next := uint64(f.ins)
		for _, b := range f.binds {
			if b.out == i {
				next = b.in
			}
		}
		i = next
	}
	return nil, damaged("streams of a folder in a circle")
}

// decode puts one coder over a stream; size is how many bytes it gives.
func (k *coder) decode(in io.Reader, size uint64, claim func(int64) error) (io.Reader, error) {
	switch string(k.id) {
	case "\x00":
		return in, nil
	case "\x03\x01\x01":
		return k.lzma(in, size, claim)
	case "\x21":
		if len(k.props) != 1 || k.props[0] > 40 {
			return nil, damaged("properties of LZMA2")
		}
		window, err := ask(claim, xz.Window(k.props[0]), size)
		if err != nil {
			return nil, err
		}
		return broken(lzma.Reader2Config{DictCap: window}.NewReader2(in))
	case "\x04\x01\x08":
		return flate.NewReader(in), nil
	case "\x04\x02\x02":
		return bzip2.NewReader(in), nil
	case "\x04\xf7\x11\x01":
		const window = 128 << 20 // the largest preset's
		if err := claim(min(window, int64(min(size, 1<<62)))); err != nil {
			return nil, err
		}
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderLowmem(true))
		return broken(z, err)
	case "\x03":
		if len(k.props) != 1 {
			return nil, damaged("properties of delta")
		}
		return &delta{r: in, distance: int(k.props[0]) + 1}, nil
	case "\x03\x03\x01\x03", "\x04":
		return newBCJ(in), nil
	}
	return nil, method(k.id)
}

// ask claims a dictionary, which need not be larger than what is unpacked.
func ask(claim func(int64) error, window int64, size uint64) (int, error) {
	window = max(min(window, int64(min(size, 1<<62))), lzma.MinDictCap)
	return int(window), claim(window)
}

func broken[R io.Reader](r R, err error) (io.Reader, error) {
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return r, nil
}

// lzma reads LZMA: its 13-byte header is made from the coder's properties and the size.
func (k *coder) lzma(in io.Reader, size uint64, claim func(int64) error) (io.Reader, error) {
	if len(k.props) != 5 {
		return nil, damaged("properties of LZMA")
	}
	window, err := ask(claim, int64(binary.LittleEndian.Uint32(k.props[1:])), size)
	if err != nil {
		return nil, err
	}
	var h [13]byte
	h[0] = k.props[0]
	binary.LittleEndian.PutUint32(h[1:], uint32(window))
	binary.LittleEndian.PutUint64(h[5:], size)
	return broken(lzma.ReaderConfig{DictCap: window}.NewReader(&behind{head: h[:], r: bufio.NewReader(in)}))
}

// behind reads a header before a stream, by bytes as the decoder wants it.
type behind struct {
	head []byte
	r    *bufio.Reader
}

func (b *behind) Read(p []byte) (int, error) {
	if len(b.head) > 0 {
		n := copy(p, b.head)
		b.head = b.head[n:]
		return n, nil
	}
	return b.r.Read(p)
}

func (b *behind) ReadByte() (byte, error) {
	if len(b.head) > 0 {
		c := b.head[0]
		b.head = b.head[1:]
		return c, nil
	}
	return b.r.ReadByte()
}
