package block

import (
	"encoding/binary"
	"strconv"
	"strings"

	"adjutant/backend/event"
)

// The locator column: offsets as deltas to the event before, lengths, subs, record ids.
//
//	offsets  signed varints
//	lengths  signed varints
//	subs     byte 0 all zero, or 1 and signed varints
//	records  byte 0 all empty, 1 decimal numbers as deltas (signed varints), 2 lengths and bytes
func encodeLocators(dst []byte, events []*event.Event) []byte {
	var last int64
	subs, empty, numbers := false, true, true
	for _, e := range events {
		dst = binary.AppendVarint(dst, e.Locator.Offset-last)
		last = e.Locator.Offset
		subs = subs || e.Locator.Sub != 0
		empty = empty && e.Locator.Record == ""
		if numbers {
			_, numbers = decimal(e.Locator.Record)
		}
	}
	for _, e := range events {
		dst = binary.AppendVarint(dst, e.Locator.Length)
	}
	if !subs {
		dst = append(dst, 0)
	} else {
		dst = append(dst, 1)
		for _, e := range events {
			dst = binary.AppendVarint(dst, int64(e.Locator.Sub))
		}
	}
	switch {
	case empty:
		return append(dst, 0)
	case numbers:
		dst = append(dst, 1)
		last = 0
		for _, e := range events {
			n, _ := decimal(e.Locator.Record)
			dst = binary.AppendVarint(dst, n-last)
			last = n
		}
		return dst
	}
	dst = append(dst, 2)
	var texts []string
	for _, e := range events {
		texts = append(texts, e.Locator.Record)
	}
	return appendStrings(dst, texts)
}

// decimal reads a number that prints back as the same text.
func decimal(s string) (int64, bool) {
	digits := strings.TrimPrefix(s, "-")
	if len(digits) == 0 || len(digits) > 18 || digits[0] == '0' && len(s) > 1 {
		n, err := strconv.ParseInt(s, 10, 64)
		return n, err == nil && strconv.FormatInt(n, 10) == s
	}
	var n int64
	for i := range len(digits) {
		c := digits[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = 10*n + int64(c)
	}
	if len(digits) < len(s) {
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
