package sandbox

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"adjutant/backend/event"
	"adjutant/backend/parse"
)

var errEvent = errors.New("sandbox: malformed event")

// decoder reads frames of events (code.go) and refuses what no honest parser sends. All texts of a frame share one piece
// of memory, and values that did not change are shared between events.
type decoder struct {
	size   int64  // of the item
	texts  string // of the frame
	at     int    // the texts before it are taken
	clean  bool   // the texts are valid UTF-8 as a whole
	b      []byte // what is left of the frame's events
	left   uint64 // events in it
	frame  uint64
	names  []knownName
	shapes []*knownShape
	fields int           // of all shapes
	used   []*knownShape // in this frame
	given  int64         // text and values of all events
	made   int64         // events
	slab   event.Slab
	err    error
}

// knownName is a name that was checked once.
type knownName struct {
	text    string
	field   bool // may name a field
	meaning bool // may be the meaning of a time
}

// knownShape is a shape that was checked once.
type knownShape struct {
	fields []event.Field // names and kinds
	counts []int         // of values
	values int           // all of them
	last   []event.Field // of the last event of it, in frame
	frame  uint64
	bytes  int // of its values
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: %s", errEvent, fmt.Sprintf(format, args...))
	}
	d.b = nil
}

// begin takes a frame. Its bytes are copied: payload may be used again.
func (d *decoder) begin(payload []byte) error {
	d.frame++
	for _, s := range d.used {
		s.last = nil // it would keep the texts of its frame
	}
	clear(d.used)
	d.used = d.used[:0]
	d.b = payload
	d.left = d.uvarint()
	n := d.uvarint()
	if n > uint64(len(d.b)) {
		d.fail("texts of %d bytes", n)
		return d.err
	}
	d.texts, d.at = string(d.b[:n]), 0
	d.clean = utf8.ValidString(d.texts)
	d.b = d.b[n:]
	return d.err
}

// next returns the next event of the frame, nil at its end and on an error.
func (d *decoder) next() (*event.Event, error) {
	if d.left == 0 {
		if len(d.b) > 0 || d.at < len(d.texts) {
			d.fail("more than the events")
		}
		return nil, d.err
	}
	d.left--
	if d.made++; d.made > maxEventsLeast+d.size/bytesPerEvent {
		d.fail("more events than the item can give")
		return nil, d.err
	}
	ev := d.slab.Event()
	d.event(ev)
	if d.err != nil {
		return nil, d.err
	}
	return ev, nil
}

func (d *decoder) uvarint() uint64 {
	if len(d.b) > 0 && d.b[0] < 0x80 {
		v := d.b[0]
		d.b = d.b[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.fail("number")
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) varint() int64 {
	u := d.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// text takes the next text, made valid UTF-8 where it is not.
func (d *decoder) text(most int) string {
	n := d.uvarint()
	if n > uint64(len(d.texts)-d.at) || n > uint64(most) {
		d.fail("text")
		return ""
	}
	from, to := d.at, d.at+int(n)
	d.at = to
	t := d.texts[from:to]
	if !d.clean || d.inside(from) || d.inside(to) {
		return valid(t)
	}
	return t
}

// inside says whether a cut at i goes through a character.
func (d *decoder) inside(i int) bool { return i < len(d.texts) && d.texts[i]&0xc0 == 0x80 }

func (d *decoder) name() knownName {
	n := d.uvarint()
	if n > uint64(len(d.names)) {
		d.fail("name")
		return knownName{}
	}
	if n > 0 {
		return d.names[n-1]
	}
	s := strings.Clone(d.text(maxNameBytes)) // it outlives the frame
	k := knownName{text: s, field: validName(s) && !reserved(s), meaning: validName(s) && !strings.ContainsAny(s, "/.")}
	if d.err == nil && len(d.names) < maxNameTable {
		d.names = append(d.names, k)
	}
	return k
}

// count reads how many things follow. Each takes at least one byte, so more than are left cannot be true.
func (d *decoder) count(most int) int {
	n := d.uvarint()
	if n > uint64(most) || n > uint64(len(d.b)) {
		d.fail("count")
		return 0
	}
	return int(n)
}

func (d *decoder) event(ev *event.Event) {
	s := d.shape()
	l := &ev.Locator
	l.Offset, l.Length = d.varint(), d.varint()
	l.Record = d.text(maxNameBytes)
	l.Sub = int(d.varint())
	switch {
	case d.err != nil:
		return
	case l.Offset < 0 || l.Length < 0 || l.Offset > d.size || l.Length > d.size-l.Offset:
		d.fail("locator %s outside the item of %d bytes", *l, d.size)
		return
	case strings.ContainsAny(l.Record, "\n\x00"):
		d.fail("record name")
		return
	}
	if n := d.count(maxTimes); n > 0 {
		ev.Times = d.slab.Times(n)
	}
	for i := range ev.Times {
		d.time(&ev.Times[i])
	}
	if d.err == nil {
		ev.Fields = d.values(s)
	}
}

func (d *decoder) time(t *event.Time) {
	meaning := d.name()
	t.Meaning = event.TimeKind(meaning.text)
	seconds, nanos := d.varint(), d.uvarint()
	if nanos >= 1e9 || seconds < event.FirstSecond || seconds > event.LastSecond {
		d.fail("time")
		return
	}
	t.At = time.Unix(seconds, int64(nanos)).UTC()
	t.Original = d.text(parse.MaxRecordBytes)
	t.Zone, t.Assumed = d.name().text, d.name().text
	if !meaning.meaning {
		d.fail("meaning of a time %.40q", meaning.text)
	}
}

// shape reads the number of a shape or a new one.
func (d *decoder) shape() *knownShape {
	n := d.uvarint()
	if n > uint64(len(d.shapes)) {
		d.fail("shape")
		return nil
	}
	if n > 0 {
		return d.shapes[n-1]
	}
	fields := d.count(parse.MaxFields)
	s := &knownShape{fields: make([]event.Field, fields), counts: make([]int, fields)}
	for i := range s.fields {
		f, name := &s.fields[i], d.name()
		if len(d.b) == 0 {
			d.fail("kind")
			return nil
		}
		f.Name, f.Kind = name.text, event.Kind(d.b[0])
		d.b = d.b[1:]
		s.counts[i] = d.count(maxFrameBytes)
		s.values += s.counts[i]
		switch {
		case d.err != nil:
			return nil
		case !name.field:
			d.fail("field name %.60q", f.Name)
		case i > 0 && s.fields[i-1].Name >= f.Name:
			d.fail("field %.60q out of order", f.Name)
		case s.counts[i] == 0:
			d.fail("field %.60q without a value", f.Name)
		case f.Kind > event.KindBool:
			d.fail("kind %d of field %.60q", f.Kind, f.Name)
		}
	}
	if d.err == nil && len(d.shapes) < maxShapes && d.fields+fields <= maxShapeFields {
		d.shapes = append(d.shapes, s)
		d.fields += fields
	}
	return s
}

// values reads the values of an event's fields.
func (d *decoder) values(s *knownShape) []event.Field {
	n := len(s.fields)
	fields := d.slab.Fields(n)
	again := s.frame == d.frame && s.bytes <= maxAgainBytes
	var bits []byte
	wanted := s.values
	if again {
		if len(d.b) < (n+7)/8 {
			d.fail("bits")
			return nil
		}
		bits, d.b = d.b[:(n+7)/8], d.b[(n+7)/8:]
		fields = append(fields, s.last...)
		wanted = 0
		for i, c := range s.counts {
			if bits[i/8]&(1<<(i%8)) != 0 {
				wanted += c
			}
		}
	} else {
		fields = append(fields, s.fields...)
		s.bytes = 0
	}
	if wanted > len(d.b) {
		d.fail("values")
		return nil
	}
	values := d.slab.Values(wanted)
	for i := range fields {
		if again && bits[i/8]&(1<<(i%8)) == 0 {
			continue
		}
		f := &fields[i]
		for _, v := range f.Values {
			s.bytes -= len(v)
		}
		from := len(values)
		for range s.counts[i] {
			v := d.text(maxFrameBytes)
			s.bytes += len(v)
			values = append(values, v)
		}
		f.Values = values[from:len(values):len(values)]
		if f.Kind != event.KindString && !tidyValues(f) {
			d.fail("field %.60q: %.40q is not of its kind", f.Name, f.Values)
		}
	}
	if d.given += int64(s.bytes) + valueCost*int64(s.values); d.given > maxTextAtLeast+d.size*maxTextPerByte {
		d.fail("more text than the item can give")
	}
	if d.err != nil {
		return nil
	}
	d.slab.KeepValues(values)
	fields = d.slab.KeepFields(fields)
	if s.frame != d.frame {
		d.used = append(d.used, s)
	}
	s.last, s.frame = fields, d.frame
	return fields
}
