package sandbox

import (
	"encoding/binary"
	"strings"

	"adjutant/backend/event"
)

// Events on the wire: a frame is u number of events · u length of the texts · the texts · the events. Texts stand one after
// the other in the order in which the events use them; where an event says text, its length stands there. Numbers are
// varints (u unsigned, z zigzag). An event is
//
//	shape · offset z · length z · record text · sub z
//	u number of times: meaning name · seconds z · nanoseconds u · original text · zone name · assumed name
//	when the last event of the shape in this frame had at most maxAgainBytes of values: a bit for each field, set when its
//	values differ from that event's
//	the values of the fields that differ, of all fields where there are no bits: text …
//
// A shape is the names, kinds and numbers of values of all fields: u its number, or 0 and then u number of fields: name ·
// kind byte · u number of values. A name is u: its number, or 0 and then a text. What comes with 0 gets the next number (1,
// 2, …) while its table has room. Numbers live as long as the child.
type encoder struct {
	texts  []byte
	events []byte
	count  uint64
	frame  uint64 // number of the frame under way
	names  map[string]uint64
	shapes map[uint64][]*sentShape // by hashOf
	made   uint64                  // shapes that have a number
	fields int                     // of all of them
}

// sentShape is a shape that the parent knows, with the values of the last event of it.
type sentShape struct {
	number uint64
	fields []sentField
	frame  uint64 // to which last refers; texts of other frames are gone
	bytes  int    // of all values
}

type sentField struct {
	name     string
	kind     event.Kind
	values   int
	from, to uint32 // of a single value: where it stands in texts
}

func newEncoder() *encoder {
	return &encoder{names: map[string]uint64{}, shapes: map[uint64][]*sentShape{}, frame: 1}
}

// size is what the frame under way would have.
func (e *encoder) size() int { return len(e.texts) + len(e.events) }

// parts are the payload of a frame with what was encoded; next begins another one.
func (e *encoder) parts() [][]byte {
	head := binary.AppendUvarint(nil, e.count)
	head = binary.AppendUvarint(head, uint64(len(e.texts)))
	return [][]byte{head, e.texts, e.events}
}

func (e *encoder) next() {
	e.frame++
	e.count, e.texts, e.events = 0, e.texts[:0], e.events[:0]
	if cap(e.texts) > 8*batchBytes {
		e.texts = nil
	}
}

func (e *encoder) text(s string) {
	e.events = binary.AppendUvarint(e.events, uint64(len(s)))
	e.texts = append(e.texts, s...)
}

func (e *encoder) name(s string) {
	if n, ok := e.names[s]; ok {
		e.events = binary.AppendUvarint(e.events, n)
		return
	}
	e.events = append(e.events, 0)
	e.text(s)
	if len(e.names) < maxNameTable {
		e.names[strings.Clone(s)] = uint64(len(e.names) + 1) // the event's memory is used again
	}
}

// hashOf tells most shapes apart; fits decides.
func hashOf(fields []event.Field) uint64 {
	h := uint64(len(fields))
	for i := range fields {
		f := &fields[i]
		n := len(f.Name)
		h = h*0x9e3779b97f4a7c15 + uint64(n)<<16 + uint64(f.Kind)<<8 + uint64(len(f.Values))
		if n > 0 {
			h ^= uint64(f.Name[n-1])<<24 | uint64(f.Name[n/2])<<32
		}
	}
	return h
}

// fits says whether the fields have the shape. A shape has tidy names, so only values are left to look at.
func (s *sentShape) fits(fields []event.Field) bool {
	if len(s.fields) != len(fields) {
		return false
	}
	for i := range fields {
		f, known := &fields[i], &s.fields[i]
		if f.Name != known.name || f.Kind != known.kind || len(f.Values) != known.values {
			return false
		}
		if f.Kind != event.KindString && !tidyValues(f) {
			return false
		}
	}
	return true
}

func (e *encoder) find(fields []event.Field) *sentShape {
	for _, s := range e.shapes[hashOf(fields)] {
		if s.fits(fields) {
			return s
		}
	}
	return nil
}

// event adds an event, made tidy first.
func (e *encoder) event(ev *event.Event) {
	e.count++
	tidyRecord(ev)
	s := e.find(ev.Fields)
	if s == nil {
		tidy(ev)
		if s = e.find(ev.Fields); s == nil {
			s = e.shape(ev.Fields)
		} else {
			e.events = binary.AppendUvarint(e.events, s.number)
		}
	} else {
		e.events = binary.AppendUvarint(e.events, s.number)
	}
	l := &ev.Locator
	e.events = binary.AppendVarint(e.events, l.Offset)
	e.events = binary.AppendVarint(e.events, l.Length)
	e.text(l.Record)
	e.events = binary.AppendVarint(e.events, int64(l.Sub))
	e.events = binary.AppendUvarint(e.events, uint64(len(ev.Times)))
	for i := range ev.Times {
		t := &ev.Times[i]
		e.name(string(t.Meaning))
		e.events = binary.AppendVarint(e.events, t.At.Unix())
		e.events = binary.AppendUvarint(e.events, uint64(t.At.Nanosecond()))
		e.text(t.Original)
		e.name(t.Zone)
		e.name(t.Assumed)
	}
	e.values(s, ev.Fields)
}

// shape sends a shape and keeps it while the tables have room.
func (e *encoder) shape(fields []event.Field) *sentShape {
	s := &sentShape{fields: make([]sentField, len(fields))}
	e.events = append(e.events, 0)
	e.events = binary.AppendUvarint(e.events, uint64(len(fields)))
	for i := range fields {
		f := &fields[i]
		s.fields[i] = sentField{name: f.Name, kind: f.Kind, values: len(f.Values)}
		e.name(f.Name)
		e.events = append(e.events, byte(f.Kind))
		e.events = binary.AppendUvarint(e.events, uint64(len(f.Values)))
	}
	if e.made < maxShapes && e.fields+len(fields) <= maxShapeFields {
		e.made++
		e.fields += len(fields)
		s.number = e.made
		for i := range s.fields {
			s.fields[i].name = strings.Clone(s.fields[i].name) // as above
		}
		h := hashOf(fields)
		e.shapes[h] = append(e.shapes[h], s)
	}
	return s
}

func (e *encoder) values(s *sentShape, fields []event.Field) {
	again := s.frame == e.frame && s.bytes <= maxAgainBytes
	bits := len(e.events)
	if again {
		for range (len(fields) + 7) / 8 {
			e.events = append(e.events, 0)
		}
	}
	total := 0
	for i := range fields {
		f, last := &fields[i], &s.fields[i]
		if len(f.Values) == 1 {
			v := f.Values[0]
			total += len(v)
			if again && int(last.to-last.from) == len(v) && string(e.texts[last.from:last.to]) == v {
				continue
			}
			last.from = uint32(len(e.texts))
			last.to = last.from + uint32(len(v))
		}
		if again {
			e.events[bits+i/8] |= 1 << (i % 8)
		}
		for _, v := range f.Values {
			if len(f.Values) > 1 {
				total += len(v)
			}
			e.text(v)
		}
	}
	s.frame, s.bytes = e.frame, total
}
