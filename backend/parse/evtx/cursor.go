package evtx

import (
	"encoding/binary"
	"fmt"
)

// cursor reads little-endian numbers inside b[pos:end]. After the first overrun it only gives zeros and keeps err.
type cursor struct {
	b        []byte
	pos, end int
	err      error
}

func (c *cursor) fail(why string) error {
	if c.err == nil {
		c.err = fmt.Errorf("evtx: chunk offset %d: %s: %w", c.pos, why, errDamaged)
	}
	return c.err
}

func (c *cursor) need(n int) bool {
	if c.err != nil {
		return false
	}
	if n < 0 || n > c.end-c.pos {
		c.fail(fmt.Sprintf("%d bytes wanted, %d left", n, c.end-c.pos))
		return false
	}
	return true
}

func (c *cursor) skip(n int) {
	if c.need(n) {
		c.pos += n
	}
}

func (c *cursor) bytes(n int) []byte {
	if !c.need(n) {
		return nil
	}
	c.pos += n
	return c.b[c.pos-n : c.pos]
}

func (c *cursor) peek() byte { return c.b[c.pos] }

func (c *cursor) u8() byte {
	if b := c.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) u16() uint16 {
	if b := c.bytes(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (c *cursor) u32() uint32 {
	if b := c.bytes(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}
