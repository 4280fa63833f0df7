package block

import (
	"encoding/binary"
	"sort"
)

// Header says what a block holds and where its columns lie.
//
//	version  byte
//	blob of: events, rows, dated rows, first, last (signed, ticks), parts, columns, then per column in name order
//	         name, part, offset and length in the part, present events, cells, flags (1: values are in the filter)
type Header struct {
	Events, Rows int
	Dated        int   // rows with a time
	First, Last  int64 // ticks of the dated rows; 0 when there are none
	Parts        int   // parts 0 … Parts-1
	Columns      []ColumnInfo
}

// ColumnInfo is the place of one column.
type ColumnInfo struct {
	Name           string
	Part           int
	offset, length uint32
	Present        int  // events that have it
	Cells          int  // distinct cells, or Present when nearly all differ
	InFilter       bool // the filter holds its field=value pairs
}

func (h *Header) encode() []byte {
	var raw []byte
	for _, v := range []int{h.Events, h.Rows, h.Dated} {
		raw = binary.AppendUvarint(raw, uint64(v))
	}
	raw = binary.AppendVarint(raw, h.First)
	raw = binary.AppendVarint(raw, h.Last)
	raw = binary.AppendUvarint(raw, uint64(h.Parts))
	raw = binary.AppendUvarint(raw, uint64(len(h.Columns)))
	for i := range h.Columns {
		c := &h.Columns[i]
		raw = binary.AppendUvarint(raw, uint64(len(c.Name)))
		raw = append(raw, c.Name...)
		for _, v := range []uint64{uint64(c.Part), uint64(c.offset), uint64(c.length), uint64(c.Present), uint64(c.Cells)} {
			raw = binary.AppendUvarint(raw, v)
		}
		flags := byte(0)
		if c.InFilter {
			flags = 1
		}
		raw = append(raw, flags)
	}
	return pack([]byte{Version}, raw)
}

// DecodeHeader reads a header. intern may map equal names to one string; nil keeps them as they come.
func DecodeHeader(b []byte, intern func(string) string) (*Header, error) {
	if len(b) == 0 {
		return nil, damaged("empty header")
	}
	if b[0] != Version {
		return nil, damaged("header of version %d, this program reads %d", b[0], Version)
	}
	raw, err := unpack(b[1:], maxHeaderRaw)
	if err != nil {
		return nil, err
	}
	r := &reader{b: raw}
	h := &Header{}
	h.Events = r.count(MaxEvents, "events")
	h.Rows = r.count(MaxEvents*MaxTimes, "rows")
	h.Dated = r.count(h.Rows, "dated rows")
	h.First, h.Last = r.varint(), r.varint()
	h.Parts = r.count(maxParts, "parts")
	n := r.count(min(maxColumns, len(r.b)/7), "columns")
	h.Columns = make([]ColumnInfo, 0, n)
	for range n {
		c := ColumnInfo{Name: string(r.take(r.count(MaxName, "bytes of name")))}
		if intern != nil {
			c.Name = intern(c.Name)
		}
		c.Part = r.count(h.Parts-1, "part")
		c.offset = uint32(r.count(1<<31, "offset"))
		c.length = uint32(r.count(1<<31, "length"))
		c.Present = r.count(h.Events, "events")
		c.Cells = r.count(h.Events, "cells")
		c.InFilter = r.byte()&1 != 0
		if n := len(h.Columns); r.err == nil && n > 0 && h.Columns[n-1].Name >= c.Name {
			r.fail("columns not in order at %q", c.Name)
		}
		if r.err != nil {
			return nil, r.err
		}
		h.Columns = append(h.Columns, c)
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	if h.Events == 0 || h.Rows < h.Events || h.First > h.Last {
		return nil, damaged("header of %d events, %d rows", h.Events, h.Rows)
	}
	return h, nil
}

// Find returns the place of a column.
func (h *Header) Find(name string) (*ColumnInfo, bool) {
	i := sort.Search(len(h.Columns), func(i int) bool { return h.Columns[i].Name >= name })
	if i < len(h.Columns) && h.Columns[i].Name == name {
		return &h.Columns[i], true
	}
	return nil, false
}

// IsField says whether a column is a field of events, not one of ours.
func (c *ColumnInfo) IsField() bool { return c.Name == "" || c.Name[0] != 0 }

// blob cuts a column's content out of its part.
func (c *ColumnInfo) blob(part []byte) ([]byte, error) {
	if uint64(c.offset)+uint64(c.length) > uint64(len(part)) {
		return nil, damaged("column %q ends outside its part", c.Name)
	}
	return unpack(part[c.offset:c.offset+c.length], maxColumnRaw)
}
