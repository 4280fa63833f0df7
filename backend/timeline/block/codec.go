package block

import (
	"encoding/binary"

	"github.com/klauspost/compress/zstd"
)

// A blob is one encoded column or header: a codec byte, the length of the content, the content plain or as a zstd frame.
const (
	codecPlain byte = 0
	codecZstd  byte = 1
)

// Shared by all: both are safe for concurrent EncodeAll and DecodeAll.
var (
	encoder = must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false),
		zstd.WithSingleSegment(true), zstd.WithEncoderConcurrency(2), zstd.WithLowerEncoderMem(true)))
	decoder = must(zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxHeaderRaw),
		zstd.WithDecoderLowmem(true)))
)

func must[T any](v T, err error) T {
	if err != nil {
		panic("block: zstd options: " + err.Error()) // constant options; no input reaches this
	}
	return v
}

// pack appends a blob.
func pack(dst, raw []byte) []byte {
	if len(raw) >= 48 { // below that a frame's own header outweighs what it saves
		start := len(dst)
		dst = append(dst, codecZstd)
		dst = binary.AppendUvarint(dst, uint64(len(raw)))
		at := len(dst)
		dst = encoder.EncodeAll(raw, dst)
		if len(dst)-at < len(raw) {
			return dst
		}
		dst = dst[:start]
	}
	dst = append(dst, codecPlain)
	dst = binary.AppendUvarint(dst, uint64(len(raw)))
	return append(dst, raw...)
}

// unpack returns a blob's content, at most limit bytes. The result may alias b.
func unpack(b []byte, limit int) ([]byte, error) {
	if len(b) < 2 {
		return nil, damaged("blob of %d bytes", len(b))
	}
	n, k := binary.Uvarint(b[1:])
	if k <= 0 || n > uint64(limit) {
		return nil, damaged("blob says it holds %d bytes", n)
	}
	body := b[1+k:]
	switch b[0] {
	case codecPlain:
		if uint64(len(body)) != n {
			return nil, damaged("blob holds %d bytes, not %d", len(body), n)
		}
		return body, nil
	case codecZstd:
		var h zstd.Header
		if err := h.Decode(body); err != nil || !h.HasFCS || h.FrameContentSize != n {
			return nil, damaged("frame header does not fit")
		}
		// The capacity bounds what the decoder may write before it must ask for more; the check after refuses more.
		raw, err := decoder.DecodeAll(body, make([]byte, 0, min(n, 1<<20)))
		if err != nil {
			return nil, damaged("frame: %v", err)
		}
		if uint64(len(raw)) != n {
			return nil, damaged("frame holds %d bytes, not %d", len(raw), n)
		}
		return raw, nil
	}
	return nil, damaged("unknown codec %d", b[0])
}

// reader walks over decoded bytes. After an error every read gives zero; callers ask for err once.
type reader struct {
	b   []byte
	err error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = damaged(format, args...)
	}
	r.b = nil
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.fail("number cut short")
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.fail("number cut short")
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count reads a number that may be at most limit.
func (r *reader) count(limit int, what string) int {
	v := r.uvarint()
	if limit < 0 || v > uint64(limit) {
		r.fail("%d %s, at most %d", v, what, limit)
		return 0
	}
	return int(v)
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.fail("byte missing")
		return 0
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.fail("%d bytes wanted, %d left", n, len(r.b))
		return nil
	}
	out := r.b[:n:n]
	r.b = r.b[n:]
	return out
}

// strings reads n lengths and then the joined bytes, as appendStrings writes them; one allocation holds all text.
func (r *reader) strings(n int) []string {
	if n > len(r.b) { // a length takes a byte at least
		r.fail("%d texts in %d bytes", n, len(r.b))
		return nil
	}
	out := make([]string, n)
	lengths := make([]int, n)
	total := 0
	for i := range lengths {
		lengths[i] = r.count(len(r.b), "bytes of text")
		total += lengths[i]
		if r.err != nil {
			return nil
		}
	}
	text := string(r.take(total))
	if r.err != nil {
		return nil
	}
	for i, n := range lengths {
		out[i] = text[:n]
		text = text[n:]
	}
	return out
}

// end demands that everything was read.
func (r *reader) end() error {
	if r.err == nil && len(r.b) != 0 {
		r.fail("%d bytes left over", len(r.b))
	}
	return r.err
}

func appendStrings(dst []byte, list []string) []byte {
	for _, s := range list {
		dst = binary.AppendUvarint(dst, uint64(len(s)))
	}
	for _, s := range list {
		dst = append(dst, s...)
	}
	return dst
}
