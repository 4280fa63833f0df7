package journal

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// kindOfFile is what a written file is like.
type kindOfFile struct {
	name           string
	compact, keyed bool
	pack           byte // objectXZ …, 0 for none
	state          byte
	withoutArray   bool
}

// written makes a journal file by the specification: header, values, entries with one array behind them, and room not used yet. It
// returns the file and where its entries stand. journald's hash tables are left out: no reader of ours uses them.
func written(t testing.TB, k kindOfFile, entries [][]string) (file []byte, places []int64) {
	t.Helper()
	o := binary.LittleEndian
	h := make([]byte, 272)
	copy(h, magic)
	flags := map[byte]uint32{objectXZ: flagXZ, objectLZ4: flagLZ4, objectZSTD: flagZSTD}[k.pack]
	if k.keyed {
		flags |= flagKeyed
	}
	if k.compact {
		flags |= flagCompact
	}
	o.PutUint32(h[12:], flags)
	h[16] = k.state
	for i := range 16 {
		h[24+i], h[72+i] = byte(i+1), byte(0xa0+i)
	}
	o.PutUint64(h[88:], uint64(len(h)))
	o.PutUint64(h[152:], uint64(len(entries)))
	var head header
	head.incompatible = flags
	copy(head.fileID[:], h[24:])
	file = h
	add := func(kind, flag byte, body []byte) int64 {
		at := int64(len(file))
		obj := make([]byte, 16, 16+len(body))
		obj[0], obj[1] = kind, flag
		o.PutUint64(obj[8:], uint64(16+len(body)))
		file = append(append(file, obj...), body...)
		for len(file)%8 != 0 {
			file = append(file, 0)
		}
		return at
	}
	known := map[string]int64{}
	for n, entry := range entries {
		var items []byte
		for _, v := range entry {
			at, ok := known[v]
			if !ok {
				payload, flag := []byte(v), byte(0)
				if k.pack != 0 && len(v) > 100 {
					payload, flag = packed(t, k.pack, payload), k.pack
				}
				body := make([]byte, 48)
				if k.compact {
					body = make([]byte, 56)
				}
				o.PutUint64(body, head.hash([]byte(v)))
				at = add(kindData, flag, append(body, payload...))
				known[v] = at
			}
			if k.compact {
				items = o.AppendUint32(items, uint32(at))
			} else {
				items = o.AppendUint64(o.AppendUint64(items, uint64(at)), head.hash([]byte(v)))
			}
		}
		body := make([]byte, 48)
		o.PutUint64(body, uint64(n+1))
		o.PutUint64(body[8:], 1773450123_000_000+uint64(n)*1_000_000)
		o.PutUint64(body[16:], uint64(n)+5)
		copy(body[24:], "\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01")
		places = append(places, add(kindEntry, 0, append(body, items...)))
	}
	if !k.withoutArray {
		body := make([]byte, 8)
		for _, at := range places {
			if k.compact {
				body = o.AppendUint32(body, uint32(at))
			} else {
				body = o.AppendUint64(body, uint64(at))
			}
		}
		o.PutUint64(file[176:], uint64(add(kindArray, 0, body)))
	}
	return append(file, make([]byte, 4096)...), places
}

func packed(t testing.TB, flag byte, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	switch flag {
	case objectZSTD:
		w, err := zstd.NewWriter(&out)
		if err == nil {
			_, err = w.Write(b)
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	case objectLZ4:
		block := make([]byte, lz4.CompressBlockBound(len(b)))
		n, err := lz4.CompressBlock(b, block, nil)
		if err != nil || n == 0 {
			t.Fatal(n, err)
		}
		return append(binary.LittleEndian.AppendUint64(nil, uint64(len(b))), block[:n]...)
	}
	w, err := xz.WriterConfig{DictCap: 1 << 20}.NewWriter(&out)
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
