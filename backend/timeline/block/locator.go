package block

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"strconv"

	"adjutant/backend/event"
)

// The locator column: offsets as deltas to the event before, lengths, subs, record ids.
//
//	offsets  signed varints
//	lengths  signed varints
//	subs     byte 0 all zero, or 1 and signed varints
//	records  byte 0 all empty, 1 decimal numbers as deltas (signed varints), 2 lengths and bytes
type locatorsBuilder struct {
	list   []placed // as they came
	text   []byte   // record ids, joined
	placed bool     // they came in the order of the source
}

// placed is a locator; its record id lies in text.
type placed struct {
	offset, length, sub int64
	from, to            uint32
}

func (b *locatorsBuilder) reset() { b.list, b.text = b.list[:0], b.text[:0] }

func (b *locatorsBuilder) add(l *event.Locator) {
	from := len(b.text)
	b.text = append(b.text, l.Record...)
	b.list = append(b.list, placed{l.Offset, l.Length, int64(l.Sub), uint32(from), uint32(len(b.text))})
	n := len(b.list)
	b.placed = n == 1 || b.placed && b.compare(n-2, n-1) <= 0
}

func (b *locatorsBuilder) record(ev int) []byte { return b.text[b.list[ev].from:b.list[ev].to] }

// compare is ByPlace of two events.
func (b *locatorsBuilder) compare(x, y int) int {
	l, m := &b.list[x], &b.list[y]
	if c := cmp.Compare(l.offset, m.offset); c != 0 {
		return c
	}
	if c := cmp.Compare(l.sub, m.sub); c != 0 {
		return c
	}
	if c := bytes.Compare(b.record(x), b.record(y)); c != 0 {
		return c
	}
	return cmp.Compare(l.length, m.length)
}

// encode writes the locator column; order says which event stands where.
func (b *locatorsBuilder) encode(dst []byte, order []uint16) []byte {
	var last int64
	subs, empty, numbers := false, true, true
	for _, ev := range order {
		l := &b.list[ev]
		dst = binary.AppendVarint(dst, l.offset-last)
		last = l.offset
		subs = subs || l.sub != 0
		empty = empty && l.from == l.to
		if numbers {
			_, numbers = decimal(b.record(int(ev)))
		}
	}
	for _, ev := range order {
		dst = binary.AppendVarint(dst, b.list[ev].length)
	}
	if !subs {
		dst = append(dst, 0)
	} else {
		dst = append(dst, 1)
		for _, ev := range order {
			dst = binary.AppendVarint(dst, b.list[ev].sub)
		}
	}
	switch {
	case empty:
		return append(dst, 0)
	case numbers:
		dst = append(dst, 1)
		last = 0
		for _, ev := range order {
			n, _ := decimal(b.record(int(ev)))
			dst = binary.AppendVarint(dst, n-last)
			last = n
		}
		return dst
	}
	dst = append(dst, 2)
	for _, ev := range order {
		dst = binary.AppendUvarint(dst, uint64(len(b.record(int(ev)))))
	}
	for _, ev := range order {
		dst = append(dst, b.record(int(ev))...)
	}
	return dst
}

// decimal reads a number that prints back as the same text.
func decimal(text []byte) (int64, bool) {
	digits := text
	if len(digits) > 0 && digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) == 0 || len(digits) > 18 || digits[0] == '0' {
		n, err := strconv.ParseInt(string(text), 10, 64)
		return n, err == nil && strconv.FormatInt(n, 10) == string(text)
	}
	var n int64
	for _, c := range digits {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = 10*n + int64(c)
	}
	if len(digits) < len(text) {
		n = -n
	}
	return n, true
}

// Locators is the decoded locator column.
type Locators struct{ list []event.Locator }

func decodeLocators(raw []byte, events int) (*Locators, error) {
	r := &reader{b: raw}
	if events > len(raw) {
		return nil, damaged("%d locators in %d bytes", events, len(raw))
	}
	list := make([]event.Locator, events)
	var last int64
	for i := range list {
		last += r.varint()
		list[i].Offset = last
	}
	for i := range list {
		list[i].Length = r.varint()
	}
	if mode := r.byte(); mode == 1 {
		for i := range list {
			list[i].Sub = int(r.varint())
		}
	} else if mode != 0 {
		r.fail("mode %d", mode)
	}
	switch mode := r.byte(); mode {
	case 0:
	case 1:
		last = 0
		for i := range list {
			last += r.varint()
			list[i].Record = strconv.FormatInt(last, 10)
		}
	case 2:
		texts := r.strings(events)
		for i := range texts {
			list[i].Record = texts[i]
		}
	default:
		r.fail("mode %d", mode)
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	return &Locators{list: list}, nil
}

// At returns the locator of an event.
func (l *Locators) At(ev int) event.Locator { return l.list[ev] }

// Bytes estimates what it holds in memory.
func (l *Locators) Bytes() int { return 56 * cap(l.list) }
