package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"

	"adjutant/backend/parse/lines"
)

// values decodes data objects and keeps the latest: entries of one program share most of theirs.
type values struct {
	p     *parser
	cache map[int64]value
	bytes int
	zstd  *zstd.Decoder
}

// value is a decoded data object, or why it could not be read.
type value struct {
	name, text string
	changed    bool // the hash is not that of the bytes
	fault      string
}

func newValues(p *parser) values { return values{p: p, cache: map[int64]value{}} }

func (v *values) at(off int64) (value, error) {
	if got, ok := v.cache[off]; ok {
		return got, nil
	}
	got, err := v.read(off)
	if err != nil {
		return got, err
	}
	if len(v.cache) >= cacheItems || v.bytes > cacheBytes {
		clear(v.cache)
		v.bytes = 0
	}
	v.cache[off] = got
	v.bytes += len(got.text)
	return got, nil
}

// read decodes the data object at an offset: 16 hash (8), 24 to 63 places in tables (40), in compact files 8 more, then NAME=value.
func (v *values) read(off int64) (value, error) {
	fault := func(format string, a ...any) (value, error) { return value{fault: fmt.Sprintf(format, a...)}, nil }
	if off%8 != 0 || off <= 0 {
		return fault("stands at an impossible place")
	}
	b, err := v.p.file.read(off, 24)
	if err != nil {
		return value{}, err
	}
	o, ok := v.p.object(off, b)
	if !ok || o.kind != kindData || len(b) < 24 {
		return fault("is not there")
	}
	hash := binary.LittleEndian.Uint64(b[16:])
	from := int64(64)
	if v.p.header.has(flagCompact) {
		from = 72
	}
	size := o.size - from
	if size <= 0 || size > maxUnpack {
		return fault("has %d bytes", size)
	}
	if b, err = v.p.file.read(off+from, int(size)); err != nil {
		return value{}, err
	}
	if o.flags != 0 {
		if b, err = v.unpack(o.flags, b); err != nil {
			return fault("cannot be unpacked: %v", err)
		}
	}
	got := value{changed: v.p.header.hash(b) != hash}
	if got.changed {
		v.p.damaged = true
		v.p.res.Warn(off, "the hash of this value does not fit: it was damaged or changed")
	}
	name, text, ok := bytes.Cut(b, []byte("="))
	if !ok || !isName(name) {
		return fault("has no name")
	}
	if len(text) > maxValue {
		v.p.res.Warn(off, fmt.Sprintf("%s has %d bytes; the first %d are kept", name, len(text), maxValue))
		text = text[:maxValue]
	}
	got.name = string(name)
	var bad int
	if got.text, bad = lines.Clean(text); bad > 0 {
		lines.WarnBadBytes(&v.p.res, off, bad)
	}
	return got, nil
}

// isName is what journald takes for a field's name: capitals, digits and underscores, at most 64.
func isName(b []byte) bool {
	if len(b) == 0 || len(b) > 64 {
		return false
	}
	for _, c := range b {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// unpack decompresses a value of at most maxUnpack bytes.
func (v *values) unpack(flag byte, b []byte) ([]byte, error) {
	switch flag {
	case objectZSTD:
		if v.zstd == nil {
			d, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxUnpack), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
			if err != nil {
				return nil, err
			}
			v.zstd = d
		}
		return v.zstd.DecodeAll(b, nil)
	case objectLZ4: // the size when unpacked (8), then one block
		if len(b) < 9 {
			return nil, io.ErrUnexpectedEOF
		}
		size := binary.LittleEndian.Uint64(b)
		if size > maxUnpack || size > uint64(len(b))*255 { // LZ4 packs at most 255 bytes into one
			return nil, fmt.Errorf("%d bytes are said to be in it", size)
		}
		out := make([]byte, size)
		n, err := lz4.UncompressBlock(b[8:], out)
		return out[:max(0, n)], err
	}
	if err := xzBounded(b); err != nil {
		return nil, err
	}
	r, err := xz.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(r, maxUnpack+1))
	if err == nil && len(out) > maxUnpack {
		err = fmt.Errorf("more than %d bytes are in it", maxUnpack)
	}
	return out, err
}

// xzBounded refuses a stream whose dictionary would take more memory than the value may have bytes: the reader believes what the
// stream states. journald's has 1 MiB. Layout (The .xz File Format §3.1): 12 bytes, header size, flags, sizes, filter 21, 1, dictionary.
func xzBounded(b []byte) error {
	if len(b) < 24 || !strings.HasPrefix(string(b), "\xfd7zXZ\x00") {
		return fmt.Errorf("not an xz stream")
	}
	at := 14
	for _, present := range []byte{0x40, 0x80} {
		for n := 0; b[13]&present != 0 && n < 9; n++ {
			at++
			if at >= len(b) || b[at-1]&0x80 == 0 {
				break
			}
		}
	}
	if at+3 > len(b) || b[13]&3 != 0 || b[at] != 0x21 || b[at+1] != 1 || b[at+2] > 26 { // 26: 32 MiB
		return fmt.Errorf("an xz stream of a kind that journald does not write")
	}
	return nil
}
