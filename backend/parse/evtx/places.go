package evtx

// places maps offsets in the present chunk to numbers. It is small, so that a log of one chunk pays little for it; what it
// has no room for is looked up in the chunk again. Entries of earlier chunks do not count.
type places struct {
	keys   [placesSize]uint32 // round<<16 | offset
	values [placesSize]uint16
	round  uint32
}

const (
	placesSize  = 2048 // a chunk has up to some 300 names
	placesTries = 8
)

func (p *places) reset() {
	if p.round++; p.round > 0xffff {
		*p = places{round: 1}
	}
}

func place(off uint32) uint32 { return off * 0x9e3779b1 >> 21 }

func (p *places) get(off uint32) (int, bool) {
	if off >= chunkSize {
		return 0, false
	}
	key := p.round<<16 | off
	for i := range uint32(placesTries) {
		at := (place(off) + i) % placesSize
		if p.keys[at] == key {
			return int(p.values[at]), true
		}
		if p.keys[at]>>16 != p.round {
			break
		}
	}
	return 0, false
}

func (p *places) set(off uint32, n int) {
	for i := range uint32(placesTries) {
		if at := (place(off) + i) % placesSize; p.keys[at]>>16 != p.round {
			p.keys[at], p.values[at] = p.round<<16|off, uint16(n)
			return
		}
	}
}
