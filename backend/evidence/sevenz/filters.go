package sevenz

import (
	"encoding/binary"
	"io"
)

// delta adds to each byte the one a fixed distance before it (xz format 1.2.1 §5.3.3).
type delta struct {
	r        io.Reader
	distance int
	past     [256]byte
	at       byte
}

func (d *delta) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	for i := range p[:n] {
		p[i] += d.past[byte(d.distance)+d.at]
		d.past[d.at] = p[i]
		d.at--
	}
	return n, err
}

// bcj turns the absolute addresses of x86 calls and jumps back into relative ones (LZMA SDK 23.01 Bra86, xz 5.2 simple/x86).
type bcj struct {
	r     io.Reader
	buf   []byte // filled[:ready] is done, the rest waits for more bytes
	ready int
	n     int
	pos   uint32 // of buf[0] in the stream
	mask  uint32
	prev  uint32
	err   error
}

func newBCJ(r io.Reader) *bcj { return &bcj{r: r, buf: make([]byte, 64<<10), prev: ^uint32(4)} }

func (b *bcj) Read(p []byte) (int, error) {
	for b.ready == 0 {
		if b.err != nil {
			if b.n == 0 {
				return 0, b.err
			}
			b.ready = b.n // what is shorter than an instruction stays as it is
			break
		}
		n, err := b.r.Read(b.buf[b.n:])
		b.n += n
		b.err = err
		b.ready = b.convert(b.buf[:b.n])
	}
	n := copy(p, b.buf[:b.ready])
	copy(b.buf, b.buf[n:b.n])
	b.ready, b.n, b.pos = b.ready-n, b.n-n, b.pos+uint32(n)
	return n, nil
}

func outer(c byte) bool { return c == 0 || c == 0xff }

// convert works on bytes that begin behind what is ready, and returns how many are done.
func (b *bcj) convert(buf []byte) int {
	if len(buf) < 5 {
		return 0
	}
	allowed := [8]bool{true, true, true, false, true, false, false, false}
	bit := [8]uint32{0, 1, 2, 2, 3, 3, 3, 3}
	if b.pos-b.prev > 5 {
		b.prev = b.pos - 5
	}
	at, last := 0, len(buf)-5
	for at <= last {
		if buf[at]&0xfe != 0xe8 {
			at++
			continue
		}
		here := b.pos + uint32(at)
		offset := here - b.prev
		b.prev = here
		if offset > 5 {
			b.mask = 0
		} else {
			for range offset {
				b.mask = b.mask & 0x77 << 1
			}
		}
		top := buf[at+4]
		if !outer(top) || !allowed[b.mask>>1&7] || b.mask>>1 >= 0x10 {
			at++
			b.mask |= 1
			if outer(top) {
				b.mask |= 0x10
			}
			continue
		}
		src := binary.LittleEndian.Uint32(buf[at+1:])
		var dest uint32
		for {
			dest = src - (here + 5)
			if b.mask == 0 {
				break
			}
			i := bit[b.mask>>1&7]
			if !outer(byte(dest >> (24 - i*8))) {
				break
			}
			src = dest ^ (1<<(32-i*8) - 1)
		}
		binary.LittleEndian.PutUint32(buf[at+1:], dest&0x00ffffff|-(dest>>24&1)<<24)
		at += 5
		b.mask = 0
	}
	return at
}
