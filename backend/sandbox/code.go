package sandbox

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

// An event on the wire, numbers as varints (u unsigned, z zigzag), text as u length and bytes:
//
//	offset z · length z · record text · sub z
//	u number of times: meaning name · seconds z · nanoseconds u · original text · zone name · assumed name
//	u number of fields: name name · kind byte · u number of values: text …
//
// A name is u: 0 and then a text that gets the next number (1, 2, …), or the number of one that was sent before. Numbers
// live as long as the child.
type encoder struct {
	b     []byte
	names map[string]uint64
}

func newEncoder() *encoder { return &encoder{names: map[string]uint64{}} }

func (e *encoder) text(s string) {
	e.b = binary.AppendUvarint(e.b, uint64(len(s)))
	e.b = append(e.b, s...)
}

func (e *encoder) name(s string) {
	if n, ok := e.names[s]; ok {
		e.b = binary.AppendUvarint(e.b, n)
		return
	}
	e.b = append(e.b, 0)
	e.text(s)
	if len(e.names) < maxNameTable {
		e.names[s] = uint64(len(e.names) + 1)
	}
}

func (e *encoder) event(ev *event.Event) {
	e.b = binary.AppendVarint(e.b, ev.Locator.Offset)
	e.b = binary.AppendVarint(e.b, ev.Locator.Length)
	e.text(ev.Locator.Record)
	e.b = binary.AppendVarint(e.b, int64(ev.Locator.Sub))
	e.b = binary.AppendUvarint(e.b, uint64(len(ev.Times)))
	for _, t := range ev.Times {
		e.name(string(t.Meaning))
		e.b = binary.AppendVarint(e.b, t.At.Unix())
		e.b = binary.AppendUvarint(e.b, uint64(t.At.Nanosecond()))
		e.text(t.Original)
		e.name(t.Zone)
		e.name(t.Assumed)
	}
	e.b = binary.AppendUvarint(e.b, uint64(len(ev.Fields)))
	for _, f := range ev.Fields {
		e.name(f.Name)
		e.b = append(e.b, byte(f.Kind))
		e.b = binary.AppendUvarint(e.b, uint64(len(f.Values)))
		for _, v := range f.Values {
			e.text(v)
		}
	}
}

var errEvent = errors.New("sandbox: malformed event")

// decoder reads events. All strings of a batch share one piece of memory.
type decoder struct {
	s     string
	names []string
	err   error
}

func (d *decoder) fail(what string) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: %s", errEvent, what)
	}
	d.s = ""
}

func (d *decoder) uvarint() uint64 {
	var v uint64
	for i := 0; i < len(d.s) && i < binary.MaxVarintLen64; i++ {
		c := d.s[i]
		if i == binary.MaxVarintLen64-1 && c > 1 {
			break
		}
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.s = d.s[i+1:]
			return v
		}
	}
	d.fail("number")
	return 0
}

func (d *decoder) varint() int64 {
	u := d.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (d *decoder) text(most int) string {
	n := d.uvarint()
	if n > uint64(len(d.s)) || n > uint64(most) {
		d.fail("text")
		return ""
	}
	t := d.s[:n]
	d.s = d.s[n:]
	return t
}

func (d *decoder) name() string {
	n := d.uvarint()
	if n == 0 {
		s := d.text(maxNameBytes)
		if d.err == nil && len(d.names) < maxNameTable {
			s = string([]byte(s)) // it outlives the batch
			d.names = append(d.names, s)
		}
		return s
	}
	if n > uint64(len(d.names)) {
		d.fail("name")
		return ""
	}
	return d.names[n-1]
}

// count reads how many things follow. Each takes at least one byte, so more than are left cannot be true.
func (d *decoder) count(most int) int {
	n := d.uvarint()
	if n > uint64(most) || n > uint64(len(d.s)) {
		d.fail("count")
		return 0
	}
	return int(n)
}

func (d *decoder) event() *event.Event {
	ev := &event.Event{}
	ev.Locator.Offset = d.varint()
	ev.Locator.Length = d.varint()
	ev.Locator.Record = d.text(maxNameBytes)
	ev.Locator.Sub = int(d.varint())
	n := d.count(maxTimes)
	if n > 0 {
		ev.Times = make([]event.Time, n)
	}
	for i := range ev.Times {
		t := &ev.Times[i]
		t.Meaning = event.TimeKind(d.name())
		seconds, nanos := d.varint(), d.uvarint()
		if nanos >= 1e9 {
			d.fail("time")
			nanos = 0
		}
		t.At = time.Unix(seconds, int64(nanos)).UTC()
		t.Original = d.text(parse.MaxRecordBytes)
		t.Zone = d.name()
		t.Assumed = d.name()
	}
	n = d.count(parse.MaxFields)
	if n > 0 {
		ev.Fields = make([]event.Field, n)
	}
	for i := range ev.Fields {
		f := &ev.Fields[i]
		f.Name = d.name()
		if len(d.s) == 0 {
			d.fail("kind")
			break
		}
		f.Kind = event.Kind(d.s[0])
		d.s = d.s[1:]
		values := d.count(maxFrameBytes)
		if d.err != nil {
			break
		}
		f.Values = make([]string, values)
		for j := range f.Values {
			f.Values[j] = d.text(maxFrameBytes)
		}
	}
	return ev
}
