package block

import (
	"encoding/binary"
	"strconv"
	"time"

	"adjutant/backend/event"
)

// The original column holds how each time stood in the source. Most are one of a few ways of writing the moment itself:
// a slot whose every text is that costs one byte.
//
//	per slot  form byte: 0 texts follow (lengths, bytes), else an entry of forms
//
// The number of slots and who has them is known from the times column.

// forms write a moment the way sources do: they append its text. The index is on disk: append only.
var forms = []func(dst []byte, ticks int64, t time.Time) []byte{
	0:  nil,
	1:  func(dst []byte, _ int64, _ time.Time) []byte { return dst },
	2:  layout("2006-01-02T15:04:05.0000000Z"),
	3:  layout("2006-01-02T15:04:05.9999999Z"),
	4:  layout("2006-01-02T15:04:05Z"),
	5:  layout("2006-01-02T15:04:05.000Z"),
	6:  layout("2006-01-02T15:04:05.000000Z"),
	7:  layout("2006-01-02T15:04:05.000000000Z"),
	8:  layout("2006-01-02 15:04:05"),
	9:  layout("2006-01-02 15:04:05.000"),
	10: layout("2006-01-02 15:04:05.000000"),
	11: layout("2006-01-02T15:04:05.000000+00:00"),
	12: layout("2006-01-02T15:04:05+00:00"),
	13: layout("02/Jan/2006:15:04:05 +0000"),
	14: layout("Jan _2 15:04:05"),
	15: func(dst []byte, ticks int64, _ time.Time) []byte {
		return strconv.AppendInt(dst, ticks+fileTimeEpoch, 10)
	},
	16: func(dst []byte, ticks int64, _ time.Time) []byte { return strconv.AppendInt(dst, ticks/10_000_000, 10) },
	17: func(dst []byte, ticks int64, _ time.Time) []byte { return strconv.AppendInt(dst, ticks/10_000, 10) },
	18: func(dst []byte, ticks int64, _ time.Time) []byte { return strconv.AppendInt(dst, ticks/10, 10) },
}

// fileTimeEpoch is 1970 in FILETIME units, 100 ns since 1601 (MS-DTYP 2.3.3).
const fileTimeEpoch = 116_444_736_000_000_000

func layout(l string) func([]byte, int64, time.Time) []byte {
	return func(dst []byte, _ int64, t time.Time) []byte { return t.AppendFormat(dst, l) }
}

// formOf finds a form that gives every text of a slot; 0 when there is none.
func (b *timesBuilder) formOf(slot int) int {
	fits := make([]int, 0, len(forms))
	for f := 1; f < len(forms); f++ {
		fits = append(fits, f)
	}
	var text []byte
	last := -1 // the time before
	for ev := range len(b.first) - 1 {
		from, to := b.of(ev)
		i := from + slot
		if i >= to {
			continue
		}
		ticks, original := b.at[i], b.original(i)
		if last >= 0 && b.at[last] == ticks && string(b.original(last)) == string(original) {
			continue
		}
		last = i
		at := Time(ticks)
		kept := fits[:0]
		for _, f := range fits {
			if text = forms[f](text[:0], ticks, at); string(text) == string(original) {
				kept = append(kept, f)
			}
		}
		if fits = kept; len(fits) == 0 {
			return 0
		}
	}
	return fits[0]
}

// encodeOriginals writes the original column; order says which event stands where.
func (b *timesBuilder) encodeOriginals(dst []byte, order []uint16) []byte {
	for s := range b.slots {
		form := b.formOf(s)
		dst = append(dst, byte(form))
		if form != 0 {
			continue
		}
		for _, ev := range order {
			if from, to := b.of(int(ev)); s < to-from {
				dst = binary.AppendUvarint(dst, uint64(len(b.original(from+s))))
			}
		}
		for _, ev := range order {
			if from, to := b.of(int(ev)); s < to-from {
				dst = append(dst, b.original(from+s)...)
			}
		}
	}
	return dst
}

// Originals is the decoded column: the texts of written-out slots, in the order of Times' entries; forms for the others.
type Originals struct {
	form  []int
	texts [][]string // per slot, by event; nil when a form gives them
}

func decodeOriginals(raw []byte, t *Times) (*Originals, error) {
	r := &reader{b: raw}
	o := &Originals{}
	slots := 0
	for e := range t.events {
		slots = max(slots, int(t.first[e+1]-t.first[e]))
	}
	for s := range slots {
		form := int(r.byte())
		if form >= len(forms) {
			r.fail("form %d", form)
		}
		o.form = append(o.form, form)
		o.texts = append(o.texts, nil)
		if form != 0 || r.err != nil {
			continue
		}
		var who []int
		for e := range t.events {
			if int(t.first[e+1]-t.first[e]) > s {
				who = append(who, e)
			}
		}
		texts := r.strings(len(who))
		if r.err != nil {
			return nil, r.err
		}
		o.texts[s] = make([]string, t.events)
		for i, e := range who {
			o.texts[s][e] = texts[i]
		}
	}
	return o, r.end()
}

// fill sets the Original of an event's times.
func (o *Originals) fill(ev int, times []event.Time) {
	for s := range times {
		if o.form[s] == 0 {
			times[s].Original = o.texts[s][ev]
			continue
		}
		times[s].Original = string(forms[o.form[s]](nil, Ticks(times[s].At), times[s].At))
	}
}

// Bytes estimates what it holds in memory.
func (o *Originals) Bytes() int {
	n := 64
	for _, list := range o.texts {
		for _, s := range list {
			n += 16 + len(s)
		}
	}
	return n
}
