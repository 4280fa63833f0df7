package event

import "unsafe"

// Sizes of a slab's pieces: small enough that a few events kept from one cost little, large enough that a record of 30
// fields costs a fraction of an allocation.
const (
	slabEvents = 128      // 21 KiB
	slabTimes  = 256      // 22 KiB
	slabFields = 1024     // 48 KiB
	slabValues = 2048     // 32 KiB
	slabText   = 64 << 10 // bytes
)

// Slab hands out the parts of many events from few pieces of memory, so that an event costs less than one allocation. What
// it gave away is never written again, unless the owner calls Reuse. Its zero value is ready; use it from one goroutine.
//
// Fields, Values and Text give room for at most so many; Keep… takes what was filled of it. Until then the same room is
// given again.
type Slab struct {
	events, allEvents []Event
	times, allTimes   []Time
	fields, allFields []Field
	values, allValues []string
	text, allText     []byte
}

// Event returns a zero event.
func (s *Slab) Event() *Event {
	if len(s.events) == 0 {
		s.allEvents = make([]Event, slabEvents)
		s.events = s.allEvents
	}
	e := &s.events[0]
	s.events = s.events[1:]
	*e = Event{}
	return e
}

// Times returns n zero times.
func (s *Slab) Times(n int) []Time {
	if n > len(s.times) {
		if n > slabTimes/8 {
			return make([]Time, n)
		}
		s.allTimes = make([]Time, slabTimes)
		s.times = s.allTimes
	}
	t := s.times[:n:n]
	s.times = s.times[n:]
	clear(t)
	return t
}

// Fields returns an empty slice with room for n fields.
func (s *Slab) Fields(n int) []Field {
	if n > len(s.fields) {
		s.allFields = make([]Field, max(n, slabFields))
		s.fields = s.allFields
	}
	return s.fields[:0:n]
}

// KeepFields takes over f, which was appended to what Fields gave.
func (s *Slab) KeepFields(f []Field) []Field {
	s.fields = s.fields[len(f):]
	return f[:len(f):len(f)]
}

// Values returns an empty slice with room for n values.
func (s *Slab) Values(n int) []string {
	if n > len(s.values) {
		s.allValues = make([]string, max(n, slabValues))
		s.values = s.allValues
	}
	return s.values[:0:n]
}

// KeepValues takes over v, which was appended to what Values gave. Parts of v may stand in fields already.
func (s *Slab) KeepValues(v []string) { s.values = s.values[len(v):] }

// Text returns an empty slice with room for n bytes. Long texts get memory of their own.
func (s *Slab) Text(n int) []byte {
	if n > len(s.text) {
		if n > slabText/8 {
			return make([]byte, 0, n)
		}
		s.allText = make([]byte, slabText)
		s.text = s.allText
	}
	return s.text[:0:n]
}

// KeepText takes over b, which was appended to what Text gave and must not be written again, as a string.
func (s *Slab) KeepText(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(s.text) > 0 && &b[0] == &s.text[0] {
		s.text = s.text[len(b):]
	}
	return unsafe.String(&b[0], len(b)) // b is never written again, so the string does not change
}

// Copy returns a copy of t in the slab.
func (s *Slab) Copy(t string) string { return s.KeepText(append(s.Text(len(t)), t...)) }

// Reuse lets the slab write over all that it gave away. Only for owners that have finished with every event made of it.
func (s *Slab) Reuse() {
	s.events, s.times, s.fields, s.values, s.text = s.allEvents, s.allTimes, s.allFields, s.allValues, s.allText
}
