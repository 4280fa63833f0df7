package block

import (
	"encoding/binary"
	"slices"
	"strings"

	"adjutant/backend/event"
)

// The times column: how many times each event has, then slot by slot (all first times, all second times …) the moment
// and what it means.
//
//	slots     most times an event has
//	counts    one byte an event, or nothing when flag "uniform" is set: every event has that many
//	meanings  number of distinct (meaning, zone, assumed), then their texts
//	per slot  deltas: slot 0 to the event before, others to the event's slot 0 (signed varints)
//	          ids of meanings: flag byte 0 and one id for all, or 1 and an id (varint) each
type timesBuilder struct {
	at      []int64  // of all times, event by event as they came
	meaning []int    // of each: its number
	text    []byte   // how each stood in the source, joined
	ends    []uint32 // of each in text
	first   []uint32 // of each event, and the end
	slots   int      // most times an event has
	uniform bool     // all have that many

	meanings map[meaning]int
	list     []string // texts of the meanings, three each
	last     meaning  // of the time before
	lastID   int
}

type meaning struct {
	kind          event.TimeKind
	zone, assumed string
}

func (b *timesBuilder) reset() {
	b.at, b.meaning, b.text, b.ends, b.first = b.at[:0], b.meaning[:0], b.text[:0], b.ends[:0], b.first[:0]
	b.slots, b.uniform = 0, false
	clear(b.meanings)
	clear(b.list)
	b.list, b.last, b.lastID = b.list[:0], meaning{}, -1
}

func (b *timesBuilder) add(times []event.Time) {
	if len(b.first) == 0 {
		b.first = append(b.first, 0)
		b.slots, b.uniform = len(times), true
		b.lastID = -1
	}
	b.uniform = b.uniform && len(times) == b.slots
	b.slots = max(b.slots, len(times))
	for i := range times {
		t := &times[i]
		b.at = append(b.at, Ticks(t.At))
		if b.lastID < 0 || t.Meaning != b.last.kind || t.Zone != b.last.zone || t.Assumed != b.last.assumed {
			b.mean(t)
		}
		b.meaning = append(b.meaning, b.lastID)
		b.text = append(b.text, t.Original...)
		b.ends = append(b.ends, uint32(len(b.text)))
	}
	b.first = append(b.first, uint32(len(b.at)))
}

// mean makes the meaning of a time the last one.
func (b *timesBuilder) mean(t *event.Time) {
	id, ok := b.meanings[meaning{t.Meaning, t.Zone, t.Assumed}]
	if !ok {
		m := meaning{event.TimeKind(strings.Clone(string(t.Meaning))), strings.Clone(t.Zone), strings.Clone(t.Assumed)}
		id = len(b.list) / 3
		if b.meanings == nil {
			b.meanings = map[meaning]int{}
		}
		b.meanings[m] = id
		b.list = append(b.list, string(m.kind), m.zone, m.assumed)
	}
	b.last, b.lastID = meaning{event.TimeKind(b.list[3*id]), b.list[3*id+1], b.list[3*id+2]}, id
}

// of gives the numbers of an event's times: from, and below to.
func (b *timesBuilder) of(ev int) (from, to int) { return int(b.first[ev]), int(b.first[ev+1]) }

func (b *timesBuilder) original(i int) []byte {
	if i == 0 {
		return b.text[:b.ends[0]]
	}
	return b.text[b.ends[i-1]:b.ends[i]]
}

// primary is the time an event is ordered by; undated ones come last.
func (b *timesBuilder) primary(ev int) int64 {
	from, to := b.of(ev)
	if from == to {
		return 1<<63 - 1
	}
	return b.at[from]
}

// encode writes the times column; order says which event stands where.
func (b *timesBuilder) encode(dst []byte, order []uint16) []byte {
	dst = binary.AppendUvarint(dst, uint64(b.slots))
	if b.uniform {
		dst = append(dst, 1)
	} else {
		dst = append(dst, 0)
		for _, ev := range order {
			from, to := b.of(int(ev))
			dst = append(dst, byte(to-from))
		}
	}
	dst = binary.AppendUvarint(dst, uint64(len(b.meanings)))
	dst = appendStrings(dst, b.list)
	ids := make([]int, 0, len(order))
	for s := range b.slots {
		var last int64
		ids = ids[:0]
		for _, ev := range order {
			from, to := b.of(int(ev))
			if s >= to-from {
				continue
			}
			at := b.at[from+s]
			if s > 0 {
				last = b.at[from]
			}
			dst = binary.AppendVarint(dst, at-last)
			last = at
			ids = append(ids, b.meaning[from+s])
		}
		dst = appendIDs(dst, ids)
	}
	return dst
}

func appendIDs(dst []byte, ids []int) []byte {
	if !slices.ContainsFunc(ids, func(i int) bool { return i != ids[0] }) {
		return binary.AppendUvarint(append(dst, 0), uint64(ids[0]))
	}
	dst = append(dst, 1)
	for _, i := range ids {
		dst = binary.AppendUvarint(dst, uint64(i))
	}
	return dst
}

// Times is the decoded times column and the order of rows that follows from it.
type Times struct {
	events   int
	first    []uint32 // first entry of each event, and the end
	at       []int64
	meaning  []uint32
	meanings []event.Time // Meaning, Zone and Assumed filled
	order    Order
}

// Order is the rows of a block: dated ones by time, then undated ones. Ties keep the order of events and of their times.
type Order struct {
	Event []uint16 // of each row
	Index []uint8  // of each row: which of the event's times
	At    []int64  // ticks of the dated rows
}

// Rows is the number of rows.
func (o *Order) Rows() int { return len(o.Event) }

// Dated is the number of rows with a time; they come first.
func (o *Order) Dated() int { return len(o.At) }

func decodeTimes(raw []byte, events int) (*Times, error) {
	r := &reader{b: raw}
	t := &Times{events: events, first: make([]uint32, events+1)}
	slots := r.count(MaxTimes, "times")
	switch uniform := r.byte(); uniform {
	case 1:
		for i := range events {
			t.first[i+1] = uint32((i + 1) * slots)
		}
	case 0:
		for i, n := range r.take(events) {
			if int(n) > slots {
				r.fail("%d times of %d", n, slots)
			}
			t.first[i+1] = t.first[i] + uint32(n)
		}
	default:
		r.fail("flag %d", uniform)
	}
	total := int(t.first[events])
	if r.err == nil && total > len(r.b) { // a delta takes a byte at least
		r.fail("%d times in %d bytes", total, len(r.b))
	}
	meanings := r.count(total, "meanings")
	texts := r.strings(3 * meanings)
	if r.err != nil {
		return nil, r.err
	}
	for i := 0; i < len(texts); i += 3 {
		t.meanings = append(t.meanings, event.Time{Meaning: event.TimeKind(texts[i]), Zone: texts[i+1], Assumed: texts[i+2]})
	}
	t.at = make([]int64, total)
	t.meaning = make([]uint32, total)
	for s := range slots {
		t.decodeSlot(r, s)
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	t.sortRows()
	return t, nil
}

func (t *Times) decodeSlot(r *reader, s int) {
	var last int64
	for e := range t.events {
		i := t.first[e] + uint32(s)
		if i >= t.first[e+1] {
			continue
		}
		if s > 0 {
			last = t.at[t.first[e]]
		}
		last += r.varint()
		t.at[i] = last
	}
	mode := r.byte()
	var id int
	if mode == 0 {
		id = r.count(len(t.meanings)-1, "meaning")
	} else if mode != 1 {
		r.fail("mode %d", mode)
	}
	for e := range t.events {
		i := t.first[e] + uint32(s)
		if i >= t.first[e+1] {
			continue
		}
		if mode == 1 {
			id = r.count(len(t.meanings)-1, "meaning")
		}
		t.meaning[i] = uint32(id)
	}
}

// sortRows makes the order. Each slot is nearly sorted already, so slots are sorted alone and merged.
func (t *Times) sortRows() {
	type row struct {
		at int64
		ev uint16
		ix uint8
	}
	less := func(a, b row) int {
		switch {
		case a.at != b.at && a.at < b.at, a.at == b.at && (a.ev < b.ev || a.ev == b.ev && a.ix < b.ix):
			return -1
		}
		return 1
	}
	rows := make([]row, 0, len(t.at))
	undated := 0
	for s := 0; ; s++ {
		start := len(rows)
		for e := range t.events {
			if i := t.first[e] + uint32(s); i < t.first[e+1] {
				rows = append(rows, row{t.at[i], uint16(e), uint8(s)})
			} else if s == 0 {
				undated++
			}
		}
		if len(rows) == start {
			break
		}
		if !slices.IsSortedFunc(rows[start:], less) {
			slices.SortFunc(rows[start:], less)
		}
		if start > 0 {
			rows = mergeSorted(rows, start, less)
		}
	}
	o := &t.order
	o.Event = make([]uint16, 0, len(rows)+undated)
	o.Index = make([]uint8, 0, len(rows)+undated)
	o.At = make([]int64, 0, len(rows))
	for _, x := range rows {
		o.Event = append(o.Event, x.ev)
		o.Index = append(o.Index, x.ix)
		o.At = append(o.At, x.at)
	}
	for e := range t.events {
		if t.first[e] == t.first[e+1] {
			o.Event = append(o.Event, uint16(e))
			o.Index = append(o.Index, 0)
		}
	}
}

func mergeSorted[T any](rows []T, mid int, less func(a, b T) int) []T {
	out := make([]T, 0, cap(rows))
	a, b := rows[:mid], rows[mid:]
	for len(a) > 0 && len(b) > 0 {
		if less(b[0], a[0]) < 0 {
			out, b = append(out, b[0]), b[1:]
		} else {
			out, a = append(out, a[0]), a[1:]
		}
	}
	return append(append(out, a...), b...)
}

// Order returns the rows of the block.
func (t *Times) Order() *Order { return &t.order }

// Meaning returns the time kind of a row's time.
func (t *Times) Meaning(ev, index int) event.TimeKind {
	return t.meanings[t.meaning[int(t.first[ev])+index]].Meaning
}

// of rebuilds an event's times, without their original texts.
func (t *Times) of(ev int) []event.Time {
	from, to := t.first[ev], t.first[ev+1]
	if from == to {
		return nil
	}
	out := make([]event.Time, 0, to-from)
	for i := from; i < to; i++ {
		x := t.meanings[t.meaning[i]]
		x.At = Time(t.at[i])
		out = append(out, x)
	}
	return out
}

// Bytes estimates what it holds in memory.
func (t *Times) Bytes() int {
	return 4*len(t.first) + 10*len(t.at) + 11*len(t.order.Event) + 96*len(t.meanings) + 128
}
